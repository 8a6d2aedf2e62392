"""Speakers: from the words before a speech verb to a name, and all names of one speaker to the fullest one.

Keeps to itself what a Chinese or transliterated name looks like, titles, and what kinds of words speak without a name.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pipeline.reading.folding import fold, fold_name, fold_word
from pipeline.reading.mistagged_zh import NO_NAMES
from pipeline.reading.names_zh import (
    DOTTED,
    TITLE,
    dictionary_words,
    ends_in_title,
    is_common_word,
    looks_chinese,
    looks_transliterated,
    words_of,
)

if TYPE_CHECKING:
    from pipeline.settings import Debate

_TITLE_END: Final = re.compile(rf"总?(?:{TITLE.lower()})\s*")
"""For folded words; 总 belongs to the title (集团总工程师)."""
_CROWD: Final = tuple(
    (  # noqa: SIM905 - a list of words reads better as text
        "专家|人士|男子|女子|老人|男士|与会者|参会者|发言者|目击者|知情人|当事人|网友|网民|渔民|农民|工人|民众|群众|研究者|受访者|消费者|游客|乘客|旅客|顾客|业主|车主|商户|商家|卖家|买家|运营商|玩家|粉丝|民警|警官|校方|院方|家属|邻居|同事|队员|老师|学生|医生|护士|店主|摊主|房东|租客|司机|骑手|店员|工作人员|负责人|嘉宾|分析师|学者|业内|业界|开发者|从业者|消息|外媒|媒体|观点|声音|有人|批评者|支持者|反对者|投资人|高管|员工|官员|发言人|方面|机构|研究人员|企业家|创业者|用户|程序员|工程师|科学家|厂商|公司|巨头|对手|对手们|阵营|评论|市场|舆论|各方|多方|双方|居民|村民|家长|市民|读者|代表|人们|不少人|许多人|很多人|一些人|大家"
    ).split("|")
)
_SOMEBODY: Final = re.compile(
    r"(?:某|一位|一名|有关|相关|多位|数位|几位|两位|三位).{0,10}(?:教授|负责人|律师|医生|校长|主任|经理|管理者|主管|人员|教师|院士|总监)$"
)
_ONE: Final = re.compile(r"某|另?一[位名]|这[位名]|多[位名]")
_COUNTRY: Final = re.compile(
    r"[\u4e00-\u9fff]{1,2}国|(?:巴西|印度|日本|加拿大|荷兰|瑞典|瑞士|芬兰|挪威|丹麦|波兰|意大利|西班牙|葡萄牙|俄罗斯|新加坡|以色列|欧洲|澳大利亚|奥地利|比利时|土耳其|墨西哥|阿根廷|乌克兰|希腊|捷克|匈牙利|爱尔兰|越南|印尼|马来西亚|北京|上海|深圳|广州|杭州|香港|台湾|硅谷)"
)
_ORG: Final = tuple(
    (  # noqa: SIM905 - a list of words reads better as text
        "公司|集团|科技|大学|学院|研究院|研究所|研究中心|实验室|协会|学会|基金会|委员会|委|部|局|署|厅|政府|法院|银行|资本|证券|智能|网络|方面|团队|社区|联盟|论坛|日报|时报|新闻社|通讯社|杂志|声明|公告|论文|博客|白皮书|官网|官方|云|控股|股份|电子|汽车|能源|电力|工会|组织|平台|中心|报告|研究|项目组|央行|白宫|国会|欧盟|监管机构|大使馆|使馆|领事馆|医院|学校|幼儿园|派出所|管理处|办事处|办公室|管委会|指挥部|筹备组|警方|部门|救援队|检察院|总局|气象台|网站|电视台|新闻网"
    ).split("|")
)
_NOT_A_NAME: Final = re.compile(
    r"[的了着过是在有不没这那哪什怎么吗呢吧啊很就都也还又再才却若如因为所以但并而且或与及其把被让使给对向从到于之以我你您们能会可要应该须得做看想觉更最太非常已将正曾只仅]|如果|可以|问题|意义|时候|情况|结果|原因|东西|事情|关键|大模型|消息称|^(?:技术|模型|数据)"
)
_PRONOUNS: Final = {
    "他": "person",
    "她": "person",
    "其": "any",
    "该公司": "org",
    "公司": "org",
    "前者": "any",
    "后者": "any",
    "本人": "person",
    "它": "org",
    "该机构": "org",
    "该行": "org",
    "该校": "org",
    "该院": "org",
    "该社区": "org",
    "该平台": "org",
    "该企业": "org",
    "该集团": "org",
    "这家公司": "org",
    "对方": "any",
    "文章": "medium",
    "该文": "medium",
    "报道": "medium",
    "该报": "medium",
    "报告": "medium",
    "该报告": "medium",
    "官方": "org",
    "该团队": "org",
    "团队": "org",
    "后者则": "any",
    "该发言人": "person",
    "这位专家": "person",
    "该负责人": "person",
    "发言人": "org",
}
_SPOKESMAN: Final = re.compile(
    r"(?:旗下)?(?:的)?(?:一[位名])?(?:新闻|官方)?(?:发言人|(?:相关|有关)?负责人|方面|官方|官微|官网|声明|公告|客服(?:人员)?|工作人员|公关(?:部|人员)?)(?:称|表示)?$"
)
"""Who speaks without a name for an organisation that is named before."""
_COUNTED: Final = re.compile(r"(?:另?[一两三四五六七八九十几多数某每])[名位个家]")
_KIND: Final = re.compile(
    r"[\u4e00-\u9fffa-z]{0,10}(?:巨头|公司|企业|厂商|品牌|创企|平台|机构|开发商|供应商|制造商|独角兽|大厂)(?!发言人|相关|有关|负责人|方面|官方|官微|官网|声明|公告|客服|工作人员|公关|的|新闻|$)(?=[\u4e00-\u9fffa-z])"
)
"""What kind of organisation, before its name."""
_WELL_KNOWN: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "苹果|小米|拼多多|英伟达|英特尔|高通|谷歌|微软|亚马逊|特斯拉|推特|脸书|百度|腾讯|阿里|阿里巴巴|华为|荣耀|京东|美团|滴滴|字节|字节跳动|快手|抖音|网易|搜狐|新浪|小鹏|蔚来|理想|比亚迪|吉利|长城|三星|索尼|松下|丰田|本田|大众"
        "|宝马|奔驰|福特|通用|波音|空客|西门子|博世|甲骨文|思科|戴尔|惠普|联想|海尔|格力|美的|海信|中兴|奈飞|优步|台积电|联发科|商汤|旷视|科大讯飞|智谱|月之暗面|深度求索|阶跃星辰|零一万物|百川智能|面壁智能|银河通用|宇树|中芯国际|寒武纪|彭博|路透|央视|新华社|世卫组织|联合国|欧盟|央行|工信部|网信办|发改委|商务部|外交部|教育部|住建部|公安部|白宫|最高法|最高检"
    ).split("|")
)
"""Organisations that are called like ordinary words or built like persons."""
_KIN: Final = re.compile(
    r"(?P<whose>[\u4e00-\u9fff]{2,4}?)的?(?:母亲|父亲|父母|妈妈|爸爸|爷爷|奶奶|外公|外婆|家人|家属|女儿|儿子|妻子|丈夫|前妻|哥哥|姐姐|弟弟|妹妹|孙女|孙子)"
)
"""Relatives of somebody named, who are not named themselves."""
_ALSO: Final = re.compile(r"(?:此前|也|还|更|曾|已|就|但|又)+有人")
_THERE_IS: Final = re.compile(r"(?:此前|也|还|更|曾|已|就)*有(?![人关些])(?=[^,。]{2})|根?据(?=[^,。]{3})")
_LAW: Final = re.compile(r"(?:标准|办法|条例|法|规定|协议|许可证|草案|法案|规范|条款|细则|合同)》$")
"""Texts that rule and do not speak."""
_LATIN: Final = re.compile(r"[a-z0-9][a-z0-9.'&\-]*(?: [a-z0-9][a-z0-9.'&\-]*){0,4}")
_AMOUNT: Final = re.compile(r"[0-9.]+[bkmgt]?")
"""A number of parameters (70B), no name."""
_LATIN_NAME: Final = re.compile(r"[a-z][a-z.'\-]+(?: [a-z][a-z.'\-]*){0,3}")
_LATIN_BESIDE: Final = re.compile(r"[(]([a-z][a-z .'\-]{3,40})[)]$")
_LETTERS: Final = re.compile(r"[\u4e00-\u9fff0-9a-z]+")
_LAST_LETTERS: Final = re.compile(r"[\u4e00-\u9fff]{2,3}$")
_LISTING: Final = re.compile(r"[、和与及]")
_AND: Final = re.compile(r"[、和与及]|以及")
_AND_OTHERS: Final = re.compile(r"等(?:人|公司|企业|巨头|对手|机构|厂商|专家|多家[^,]{0,6})?$")
_OWNED: Final = re.compile(r"的([\u4e00-\u9fff]{2,4})$")
_MEDIUM: Final = re.compile(r"《[^《》]{2,20}》")
_NO_CROWD: Final = re.compile(r"[是在不这那每把被他她]|从(?!业)|^的|^[给让使]|应当|应该|提到|引述|援引|引用|[一几某]天")
_NO_ORG: Final = re.compile(
    r"[的是不这那每各把被我你他]|从(?!业)|第[一二三四五]|应当|应该|还要|前往|入禀|起诉|状告|致函|致信|撰写|发布|公布|提交|出具|根据"
)
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)")
_LED_IN: Final = re.compile(
    r"[^,，]{0,20}[,，]|(?:原任|前任|现任|时任|曾任|原|前|来自|知名|著名|美国|法国|英国)(?=[A-Za-z\u4e00-\u9fff]{2})|中国(?=[A-Za-z])"
)
_WITHIN: Final = re.compile(r"(?:AI|人工智能)?(?:旗下|部门|事业部|产品管理|研发|高级|资深|联席|联合|公共|技术|副|首席)")
_BY: Final = re.compile(
    r"(?:按照|依照|根据|站在|依|据|在|对|由|连|如|像|与|但是|但|而|不过|然而|同时|其中|包括|身为|作为)(?=[\u4e00-\u9fffA-Za-z]{2})"
)
_UNFIT: Final = re.compile(
    r"[是让使将把被了着过就也都要能会我你他她它的]|由|主要|正在|大学和|最大|^(?:另?[一某有]|[多数几两三])[位名个些]?"
)
_NO_ORG_WORDS: Final = re.compile(
    r"(?:公司|集团|企业|机构|银行|大学|新闻|官方|首席|联合|创始|有|其|该|这位|一位|来自|知名|著名|资深|高级|退休|前|原|老|现任)+"
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks, as the text names them here: ``name`` in the text's own script; ``org`` None where it is not named."""

    name: str
    org: str | None = None
    is_person: bool = True
    refers: str = ""
    """Not empty for a pronoun: person, org, medium or any."""


@dataclass
class Roster:
    """The speakers that a text has named so far, and how short names lead to full ones."""

    known: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    """Alias, folded -> the config's name and organisation."""
    full: dict[str, Speaker] = field(default_factory=dict)
    _fullest: dict[Speaker, Speaker] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What ``fullest`` came to, as long as nobody new is named."""
    _added: set[Speaker] = field(default_factory=set, init=False, repr=False, compare=False)
    """Whoever was added: to add them again changes nothing."""

    @classmethod
    def of(cls, debate: Debate) -> Roster:
        """Return a roster that knows the config's actors."""
        known = {}
        for actor in debate.actor:
            for name in (actor.name, *actor.aliases):
                known[fold_name(name)] = (actor.name, actor.org)
        return cls(known=known)

    def add(self, speaker: Speaker) -> None:
        """Remember a speaker; a fuller name or a first organisation replaces what was known."""
        if speaker in self._added:
            return
        self._added.add(speaker)
        key = fold_name(speaker.name)
        old = self.full.get(key)
        if old is None or (speaker.org and not old.org):
            self.full[key] = speaker
            self._fullest.clear()

    def fullest(self, speaker: Speaker) -> Speaker:
        """Return the speaker under the fullest name that the text gives, with its organisation."""
        full = self._fullest.get(speaker)
        if full is None:
            full = self._fullest[speaker] = self._find_fullest(speaker)
        return full

    def _find_fullest(self, speaker: Speaker) -> Speaker:
        key = fold_name(speaker.name)
        same = self.full.get(key)
        org = speaker.org or (same.org if same and same.is_person == speaker.is_person else None)
        best, best_key = speaker.name, key
        if speaker.is_person and key:
            for other_key, other in self.full.items():
                if (
                    len(other_key) > len(best_key)
                    and other.is_person
                    and (
                        other_key.endswith(key)
                        or (other_key.startswith(key) and len(key) <= 2)
                        or f" {key}" in f" {fold_word(other.name)}"
                    )
                ):
                    best, best_key, org = other.name, fold_name(other.name), org or other.org
        if key in self.known:
            org = org or self.known[key][1]
        elif best_key in self.known:
            org = org or self.known[best_key][1]
        return Speaker(best, org, speaker.is_person)


@lru_cache(maxsize=8192)
def subject(raw: str) -> tuple[Speaker, ...]:  # noqa: C901, PLR0911 - one way of naming after the other
    """Return the speakers that a subject phrase names (raw text, no adverbials left); empty: it names none."""
    folded = fold_word(raw)
    bare, bare_raw = _without_brackets(folded, raw)
    several = _AND_OTHERS.search(bare)
    if several and several.start() > 1:
        bare, bare_raw = bare[: several.start()].strip(), bare_raw[: several.start()].strip()
    if bare in _PRONOUNS:
        return (Speaker(bare_raw, refers=_PRONOUNS[bare], is_person=_PRONOUNS[bare] == "person"),)
    bare, bare_raw = _trimmed(bare, bare_raw)
    if unnamed := _organisation(bare, bare_raw) or _relative(bare, bare_raw):
        return (unnamed,)
    titles = list(_TITLE_END.finditer(bare))
    cut = max((title.end() for title in titles if title.end() < len(bare)), default=0)
    name = bare[cut:].strip()
    org = org_before(bare_raw[: titles[0].start()]) if titles else None
    if cut and _is_person(name) and not (len(name) < 4 and is_common_word(name)):
        return (Speaker(bare_raw[cut:].strip(), org),)
    owned = _OWNED.search(bare)
    if owned and looks_chinese(owned[1]) and not is_common_word(owned[1]):
        return (Speaker(bare_raw[owned.start(1) :], org_before(bare_raw[: owned.start()])),)
    people = _listed(bare_raw[cut:])
    if people:
        return tuple(Speaker(one, org if len(people) == 1 else None) for one in people)
    dotted = DOTTED.search(bare) if "·" in bare or "-" in bare else None
    if dotted and dotted.end() == len(bare):
        return (Speaker(bare_raw[dotted.start() :], org_before(bare_raw[: dotted.start()])),)
    if 2 <= len(bare) <= 7 and _LATIN_BESIDE.search(folded) and not _NOT_A_NAME.search(bare):
        return (Speaker(bare_raw, None),)
    parts = [part.strip() for part in _LISTING.split(bare_raw) if part.strip()]
    if 1 < len(parts) <= 4 and not cut:
        each = [_nameless(fold_word(part), part, None) for part in parts]
        if all(each):
            return tuple(one for one in each if one)
    nameless = _nameless(bare, bare_raw, org)
    return (nameless,) if nameless else ()


def _trimmed(bare: str, raw: str) -> tuple[str, str]:
    """Return the phrase without what only says that there is somebody (有网友, 据某某), and without the plural's letter."""
    if bare.endswith("们") and len(bare) > 2 and bare[-2] not in "我你他她它人":
        bare, raw = bare[:-1], raw[:-1]
    if bare.endswith("有人") and _ALSO.fullmatch(bare):
        return bare[-2:], raw[-2:]
    there_is = _THERE_IS.match(bare)
    return (bare[there_is.end() :], raw[there_is.end() :]) if there_is else (bare, raw)


def _relative(bare: str, raw: str) -> Speaker | None:
    kin = _KIN.fullmatch(bare)
    return Speaker(raw, is_person=False) if kin and not _NOT_A_NAME.search(kin["whose"]) else None


def _organisation(bare: str, raw: str) -> Speaker | None:
    """Return the organisation that is named as such, or whose unnamed spokesperson speaks."""
    kind = _KIND.match(bare)
    begin = kind.end() if kind else 0
    spokesman = _SPOKESMAN.search(bare, begin)
    name = bare[begin : spokesman.start() if spokesman else len(bare)].removesuffix("方面")
    shown = raw[begin : begin + len(name)].strip()
    if spokesman and _PRONOUNS.get(name) == "org":
        return Speaker(raw, is_person=False, refers="org")
    if name in _WELL_KNOWN or (
        (spokesman or kind)
        and 1 < len(name) <= 14
        and name not in _ORG
        and not _NO_ORG.search(name)
        and not _COUNTED.match(name)
        and (
            name.endswith(_ORG)
            or _LATIN.fullmatch(name)
            or _is_org_word(name)
            or name[:2] in _WELL_KNOWN
            or name[:3] in _WELL_KNOWN
            or (spokesman is not None and spokesman[0] in {"官方", "发言人"} and not _NOT_A_NAME.search(name))
        )
        and (spokesman or not name.endswith(_CROWD))
        and not _NO_ORG_WORDS.fullmatch(name)
        and (name.endswith(_ORG) or not _TITLE_END.search(name))
    ):
        return Speaker(shown, shown, is_person=False)
    return None


def _nameless(bare: str, raw: str, org: str | None) -> Speaker | None:  # noqa: PLR0911 - one way of naming after the other
    text = raw.strip()
    if not bare or len(bare) > 24 or _AMOUNT.fullmatch(bare):
        return None
    if bare[0] == "《" and _MEDIUM.fullmatch(bare):
        return None if _LAW.search(bare) else Speaker(text, text, is_person=False)
    tail = _LAST_LETTERS.search(bare) if len(bare) > 3 else None
    if tail and looks_chinese(tail[0]) and not _NOT_A_NAME.search(bare):
        words = words_of(bare)
        if words and words[-1][1].startswith("nr") and looks_chinese(words[-1][0]):
            return Speaker(text[-len(words[-1][0]) :], org_before(text[: -len(words[-1][0])]))
    if (
        len(bare) <= 14
        and (bare.endswith(_CROWD) or _SOMEBODY.search(bare) or (_ONE.match(bare) and ends_in_title(bare)))
        and not _NO_CROWD.search(bare.replace("不少", "").replace("不同", ""))
    ):
        return Speaker(text, org if org and len(org) > 2 else None, is_person=False)
    if len(bare) > 1 and _LATIN.fullmatch(bare):
        return Speaker(text, None if " " in text else text, is_person=" " in text)
    if _is_unknown_foreigner(bare) and not _NOT_A_NAME.search(bare):
        return Speaker(text)
    if (len(bare) <= 16 and bare.endswith(_ORG) and bare not in _COMMON and not _NO_ORG.search(bare)) or _is_org_word(
        bare
    ):
        return Speaker(text, text, is_person=False)
    return None


def _is_unknown_foreigner(bare: str) -> bool:
    """Tell whether a short word that no dictionary has is written in the letters of transliterations (拉布)."""
    return 2 <= len(bare) <= 4 and looks_transliterated(bare) and len(dictionary_words(bare)) == len(bare)


def _is_org_word(bare: str) -> bool:
    if words_of(bare) == [(bare, "nt")]:
        return True
    if not 2 <= len(bare) <= 6 or bare[0] in "据为让并对" or _NOT_A_NAME.search(bare) or not _LETTERS.fullmatch(bare):
        return False
    words = words_of(bare)
    return (
        len(words) <= 2
        and bool(words)
        and (
            words[-1][1] in {"nz", "nt", "ns", "nr", "nrt", "j", "nrfg", "eng"}
            or (words[-1][1] == "n" and len(dictionary_words(bare)) > 2)
        )
        and bare not in _COMMON
        and bare not in NO_NAMES
    )


_COMMON: Final = frozenset(
    [
        "时间",
        "问题",
        "原因",
        "研究",
        "结果",
        "数据",
        "事实",
        "市场",
        "未来",
        "目前",
        "技术",
        "经验",
        "历史",
        "理论",
        "常识",
        "现场",
        "内部",
        "外界",
        "标题",
        "简单",
        "一般",
        "总体",
        "整体",
        "传统",
        "科学",
        "道理",
        "情况",
        "目的",
        "意思",
        "意义",
        "观众",
        "故事",
        "资本",
        "智能",
        "网络",
        "电子",
        "汽车",
        "能源",
        "电力",
        "软件",
    ]
)


def _is_person(name: str) -> bool:
    return looks_chinese(name) or looks_transliterated(name) or _LATIN_NAME.fullmatch(name) is not None


def _is_ordinary(name: str) -> bool:
    """Tell whether what could be a name is a word that the dictionary has, and no name's."""
    if len(name) > 3 or not looks_chinese(name):
        return False
    words = words_of(name)
    return is_common_word(name) or (len(words) == 1 and words[0][1] == "n" and dictionary_words(name) == [name])


def _listed(raw: str) -> list[str]:
    parts = [part.strip() for part in _AND.split(raw)]
    names = [part for part in parts if part]
    if len(names) == 1 and _is_ordinary(fold_word(names[0])):
        return []
    if names and all(
        looks_chinese(fold_word(name)) or (looks_transliterated(fold_word(name)) and len(name) > 2) for name in names
    ):
        return names
    return []


@lru_cache(maxsize=4096)
def org_before(raw: str) -> str | None:
    """Return the organisation that the words before a name give it (raw text), or None."""
    text = raw.strip()
    led_in = _LED_IN.match(text)
    text = text[led_in.end() :] if led_in else text
    within = _WITHIN.search(text)
    text = (text[: within.start()] if within else text).strip("的 、")
    title = _TITLE_END.search(fold(text))
    if title:
        text = text[: title.start()].strip("的 、")
    text = _LISTING.split(text)[-1].strip() if len(text) > 12 else text
    by = _BY.match(text)
    text = text[by.end() :] if by else text
    if not 2 <= len(text) <= 24 or _UNFIT.search(text) or _COUNTRY.fullmatch(text) or _NO_ORG_WORDS.fullmatch(text):
        return None
    return text


def _without_brackets(folded: str, raw: str) -> tuple[str, str]:
    if "(" not in folded:
        return fold_word(raw.strip()), raw.strip()
    keep = [True] * len(folded)
    for match in _IN_BRACKETS.finditer(folded):
        keep[match.start() : match.end()] = [False] * len(match[0])
    bare_raw = "".join(letter for letter, kept in zip(raw, keep, strict=True) if kept).strip()
    return fold_word(bare_raw), bare_raw
