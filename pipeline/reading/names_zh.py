"""What Chinese names look like: surnames, transliterations, titles before a name, and which words are none.

Keeps to itself the tables of characters.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters, plain where they stand
from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.reading.mistagged_zh import NO_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

HAN: Final = r"\u4e00-\u9fff"
SURNAMES: Final = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹"
    "姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠曲家"
    "晏荀匡毕宓钭蔺亓麦楚蔚岱苟竺闾蓟仝邸母原郜郄逄佟谌阙"
    "封储靳段焦巴谷车侯宓全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司黎薄印白怀蒲从索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻党翟谭贡劳申冉宰雍桑桂牛寿通边扈燕冀尚农温庄晏柴瞿阎充慕连茹习艾向古易慎戈廖终居衡步都耿满"
    "弘匡国文寇广欧沃利越师巩聂晁勾敖冷辛阚那简饶空曾沙鞠须丰巢关查后荆红游权盖益桓公肖岳商海佘年聂智闫涂代冼伦"
    "邝郗晋鄂逯郏浦蒯缑亓庹佴汲仉曾丘芮楼屠宿邴旷计邰侴谯佘漆郏仝墨燕笪巢丛鹿滑戎仉练钮游缪桐竹舒别督阳帅亢琴闻隗尉汝鄢郦养嘉迟"
)
DOUBLE: Final = frozenset(
    [
        "欧阳",
        "赫连",
        "淳于",
        "独孤",
        "钟离",
        "宇文",
        "长孙",
        "鲜于",
        "司空",
        "万俟",
        "百里",
        "呼延",
        "东郭",
        "南门",
        "西门",
        "公冶",
        "澹台",
        "上官",
        "司马",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "夏侯",
        "端木",
        "司徒",
        "南宫",
    ]
)
TRANSLITERATED: Final = frozenset(
    "阿埃艾安昂奥巴鲍贝本比彼毕宾波伯博布查达丹戴道德邓迪蒂丁顿多厄尔恩法范菲费弗夫福富盖甘高戈格葛根古哈海汉豪赫亨洪胡华怀霍基吉加贾简杰金卡凯坎康考柯科克肯孔库拉莱赖兰朗劳勒雷黎里理丽利莉列林琳龙卢鲁路露伦罗洛马迈麦曼毛梅蒙米密明缪"
    "摩莫姆木穆纳娜奈南内妮尼宁牛纽农诺欧帕潘庞佩彭蓬皮平珀普齐奇契恰强乔切钦琼丘让热仁日荣茹瑞若萨塞赛桑瑟森沙莎珊山尚绍舍申生圣施什史舒朔司丝斯思松苏索塔泰坦汤唐陶特滕提图托瓦万旺威韦维卫魏温文翁沃乌吾伍武西希席锡夏显香肖谢辛欣兴雄休"
    "修许雪逊雅亚延扬杨尧耶叶伊依因英永尤于约越泽曾扎詹张珍芝朱卓兹佐祖登芭碧薇蕾黛妲嘉瑟亨拜邦缇姬斐"
    "茉娅芮琪珂奎穗默朴泊宏敦昆圭迦敏隆盾洁茨汀婷瑙玻佛柏侯霞晁魁屯曹厦弥茜莺狄勋翠鸠涅措旦悉宰肖柳冯"
)
TITLE: Final = (
    "联合创始人兼首席执行官|联合创始人兼CEO|创始人兼首席执行官|创始人兼CEO|董事长兼首席执行官|董事长兼CEO|董事长兼总裁|首席执行官|首席技术官|首席运营官|首席财务官|首席战略官|首席营销官|首席科学家|首席经济学家|首席分析师|首席研究员|首席架构师|首席工程师|首席信息官|首席产品官"
    "|行政总裁|执行总裁|高级副总裁|资深副总裁|执行副总裁|副总裁|总裁|副总经理|总经理|产品经理|项目经理|经理|总监|董事长|执行董事|董事|理事长|秘书长|主席|会长|联合创始人|共同创办人|联合创办人|创办人|创始人|始人|合伙人|投资人|负责人|掌门人|掌舵人|掌舵者|一号位"
    "|院长|副院长|所长|校长|副校长|教授|副教授|讲师|博士后|博士|院士|研究员|科学家|经济学家|学家|专家|学者|工程师|架构师|开发者|程序员|作家|律师|法官|医生|主任|副主任|主管|主编|总编辑|编辑|评论员|分析师|顾问|发言人|部长|副部长|局长|司长|处长|厅长|市长|省长|州长|总统|总理|首相|议员|参议员|众议员|大使|专员|委员|书记|代表|成员|得主|获得者|员工|高管|老板|博主|主持人|嘉宾|店长|站长|厂长|村民|居民|司机|读者|网友|用户"
    "|掌门|人员|独董|社长|团长|队长|馆长|船长|领队|教练|学生|博士生|研究生|实习生|支书|业者|维护者|贡献者|财务官|师傅|秘书|干事|理事|会计|客服|店员|记者|专栏作家|媒体人|观察者|观察员|集成商|运营者|创业者|从业者|技术长|执行长|营运长|财务长|产品长|资讯长|策略长|科技长|cto|ceo|cfo|coo|cso|cio|cpo|vp"
)
_TITLES: Final = TITLE.split("|")
_TITLES_BY_END: Final = {
    end: tuple(title for title in map(str.lower, _TITLES) if title[-1] == end)
    for end in {t[-1].lower() for t in _TITLES}
}
_ROLES: Final = [
    *(spelled for title in _TITLES for spelled in (title + "师", title)),
    *"师员家者长人士官手匠户民生授任管监理表主导医警商贩客友工总",
    *("妈妈", "爸爸", "奶奶", "爷爷", "孙女", "女儿", "儿子", "妻子", "丈夫", "邻居"),
    *("大叔", "阿姨", "顾问", "师傅", "老板", "掌柜"),
]
"""Titles, and what else stands before a name; of those that begin alike the first counts."""
_ROLE_FINDER: Final = ahocorasick_rs.AhoCorasick(
    _ROLES,
    matchkind=ahocorasick_rs.MatchKind.LeftmostFirst,
    implementation=ahocorasick_rs.Implementation.DFA,
)
"""The whole text in one pass: several times faster than a pattern with as many ways."""
WORDLIKE: Final = frozenset(
    "和时应于常全安方能何成明从都经有当可高多关相单别计路向强空平江海水石后党公干国满白黄宗支商东万双通终步"
)
"""Surnames that begin many ordinary words."""
_NOT_AFTER_ZONG: Final = frozenset("理统监裁经部")
DOTTED: Final = re.compile(rf"[{HAN}]{{1,7}}(?:[·\-][{HAN}a-z.]{{1,8}})+")
_DOT: Final = re.compile(r"[·\-]")


def dotted_names(folded: str) -> Iterator[re.Match[str]]:
    """Yield the matches of DOTTED; it is tried only near a dot, since it is slow to see that there is none."""
    last = 0
    for dot in _DOT.finditer(folded):
        for start in range(max(last, dot.start() - 7), dot.start()):
            match = DOTTED.match(folded, start)
            if match:
                last = match.end()
                yield match
                break


def role_ends(folded: str) -> Iterator[tuple[int, bool]]:
    """Yield where the word after each title or role begins, and whether that has more than one letter."""
    for _, start, end in _ROLE_FINDER.find_matches_as_indexes(folded):
        is_long = end - start > 1
        # 总 alone is no title where it begins another word (总统, 总部).
        if not is_long and folded[start] == "总" and folded[end : end + 1] in _NOT_AFTER_ZONG:
            continue
        after = end
        while folded[after : after + 1] == " ":
            after += 1
        yield after, is_long


def ends_in_title(words: str) -> bool:
    """Tell whether folded words end in a title."""
    words = words.rstrip()
    return words.endswith(_TITLES_BY_END.get(words[-1:], ()))


def looks_chinese(name: str) -> bool:
    """Tell whether folded ``name`` is built like a Chinese person's name."""
    if not re.fullmatch(rf"[{HAN}]{{2,4}}", name):
        return False
    if name in NO_NAMES or name[-1] in "了是在说称对的也被把等着过于们都很不将已会就还又再":
        return False
    if name[:2] in DOUBLE:
        return 3 <= len(name) <= 4
    return name[0] in SURNAMES and len(name) <= 3


@lru_cache(maxsize=4096)
def is_common_word(name: str) -> bool:
    """Tell whether two or three Han characters that could be a name are ordinary words (应当, 经审查)."""
    words = words_of(name)
    if name in NO_NAMES:
        return True
    if any(tag.startswith("nr") for _, tag in words):
        return False
    return (len(words) == 1 and words[0][1] not in {"n", "x", "nz", "ns", "nt"}) or (
        len(words) == 2 and len(words[1][0]) == 2
    )


def looks_transliterated(name: str) -> bool:
    """Tell whether folded ``name`` is built like a foreign name in Chinese characters."""
    if DOTTED.fullmatch(name):
        return True
    return 2 <= len(name) <= 7 and all(letter in TRANSLITERATED for letter in name)


def words_of(text: str) -> list[tuple[str, str]]:
    """Return the words of folded text with their parts of speech, in order."""
    import rjieba

    return rjieba.tag(text)


def dictionary_words(text: str) -> list[str]:
    """Return the words of folded text that the dictionary has; what it lacks, names above all, falls into characters."""
    import rjieba

    return rjieba.cut(text, hmm=False)
