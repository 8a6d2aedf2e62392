"""Names that an article says are one: a name in the other script, in brackets right after a name.

奥托·林德（Otto Lind）, 李彦宏（Robin Li）, Otto Lind (奥托·林德), 深度求索（DeepSeek）. What ``aliases`` does for the speakers within one text, this does
for everybody a text names, for other articles to go by. Pure, one pass of a cheap pattern; what is not clearly a name is left out. Keeps to
itself where a name before a bracket begins, and what tells it from a title, an age, an abbreviation, or an organisation beside a person.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

from pipeline.model import Alias, AliasKind
from pipeline.reading.folding import fold
from pipeline.reading.names_zh import DOTTED, DOUBLE, HAN, TITLE, TRANSLITERATED, looks_chinese, looks_transliterated

_CAPITAL: Final = r"[A-ZÀ-Þ][A-Za-z0-9À-ſ.'’\-]*"
_SMALL: Final = "von|van|der|den|de|la|le|du|dos|da|di|bin|al|el|ter"
"""Words in a person's name that begin with a small letter."""
_BRACKET: Final = re.compile(
    rf"[(（]\s?(?:英文名[:：为]?\s?)?(?:(?P<latin>[A-ZÀ-Þ][A-Za-z0-9À-ſ.'’\- ]{{1,40}}?)|(?P<han>[{HAN}][{HAN}·•‧・]{{1,16}}))\s?(?:[,，;；、][^()（）\n]{{0,40}})?[)）]"
)
_BEFORE: Final = 40
"""Characters before a bracket in which the name stands."""
_HAN_TAIL: Final = re.compile(rf"[{HAN}·•‧・]{{2,24}}\s?$")
_LATIN_TAIL: Final = re.compile(rf"(?:{_CAPITAL}|(?<= )(?:{_SMALL}))(?: (?:{_CAPITAL}|{_SMALL}))*\s?$")
_DOTS: Final = re.compile(r"[·•‧・]")
_TITLE_END: Final = re.compile(rf"(?:{TITLE.lower()})")
_PERSON_WORD: Final = re.compile(
    r"(?:(?:Mc|Mac|O['’]|D['’]|De|Di|Du|La|Le|Van|Von|Fitz)?[A-ZÀ-Þ][a-zß-ÿĀ-ſ]+(?:['’-][A-Za-zÀ-ſ][a-zß-ÿĀ-ſ]*)*|[A-Z]\.(?:[A-Z]\.)*)"
)
_PARTICLES: Final = frozenset(_SMALL.split("|"))
_INITIAL: Final = re.compile(r"(?<=[\w.]) [A-Z]\.(?= \w)")
_LAST_OF_ORG: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "ai inc ltd llc corp co company group holdings labs lab cloud research institute university college academy foundation "
        "association alliance council ministry bank capital ventures partners technologies technology tech systems software networks "
        "semiconductor electronics motors robotics media press news times post daily"
    ).split()
)
"""Words that end an organisation's name."""
_NO_PERSON: Final = _LAST_OF_ORG | frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "school society initiative committee commission department office agency bureau fund securities hardware network automotive "
        "energy power pharma health journal weekly review magazine studio studios platform platforms open source model models learning "
        "intelligence intelligent computing compute code chat bot guard world summit forum conference project index report paper act "
        "bill law center centre team community hub international global national united china chinese american america europe european "
        "beijing shanghai hong kong shenzhen"
    ).split()
)
"""Words that no person's name holds."""
_NO_NAME: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "the a an and but or as while when then that in at on by for from with to of after before meanwhile however according said says "
        "mr mrs ms dr prof professor sir ceo cto cfo coo cso evp svp vp president chairman chairwoman chair chief executive officer founder "
        "cofounder co-founder director manager head partner analyst researcher scientist engineer minister secretary senator lawmaker "
        "mayor governor chancellor premier prime general editor author host startup developer maker rival company giant firm "
        "former founding senior vice scientist economist"
    ).split()
)
"""Words with a capital letter before a name that are no part of it."""
_ORG_BEFORE: Final = re.compile(r"(?:企业|公司|初创|厂商|机构|巨头|独角兽|开发商|制造商|服务商|供应商|旗下|品牌|老牌)")
_NO_ORG: Final = re.compile(
    r"[的了着是在有不没这那哪什么吗呢吧很就都也还又再才如因为所以但并而且或与及和其把被让使给对向从到于以我你他她们能会可要该须做看想将已曾个种次款版级]"
)
_ORG_WORD: Final = re.compile(_CAPITAL)
_ABBREVIATION: Final = re.compile(r"[A-Z0-9&.\-]{1,5}s?")
_LONGEST_ORG: Final = 8
_LEAST_SOUNDS: Final = 3
"""Letters by which a name is written in Chinese: two alone (阿里) are as well anything else."""
_MOST_WORDS: Final = 4
_NO_SOUNDS: Final = "于让因若有约"
"""Letters that write sounds, and begin no name here: they are words."""

_ROMANISED: Final = (
    "李li,lee 王wang,wong 张zhang,chang,cheung 刘liu,lau 陈chen,chan,tan 杨yang,yeung 黄huang,wong,ng 赵zhao,chao,chiu 吴wu,ng 周zhou,chou,chow "
    "徐xu,hsu,tsui 孙sun,suen 马ma 朱zhu,chu 胡hu,wu 郭guo,kuo,kwok 何he,ho 高gao,kao 林lin,lam,lim 罗luo,lo,law 郑zheng,cheng 梁liang,leung 谢xie,hsieh,tse "
    "宋song,sung 唐tang,tong 许xu,hsu,hui 韩han,hon 冯feng,fung 邓deng,teng,tang 曹cao,tsao,cho 彭peng,pang 曾zeng,tseng,tsang 肖xiao,hsiao 萧xiao,hsiao,siu 田tian,tien,tin "
    "董dong,tung 袁yuan,yuen 潘pan,poon 于yu 蒋jiang,chiang 蔡cai,tsai,choi,chua 余yu,yue 杜du,tu,to 叶ye,yeh,ip,yip 程cheng,ching 苏su,so 魏wei,ngai 吕lu,lyu,lui 丁ding,ting "
    "任ren,jen,yam 沈shen,shum 姚yao,yiu 卢lu,lo 姜jiang,keung 崔cui,tsui,choi 钟zhong,chung 谭tan,tam 陆lu,luk 汪wang 范fan 金jin,kim,king 石shi,shih,shek 廖liao,liu 贾jia,chia "
    "夏xia,hsia,ha 韦wei 付fu 方fang,fong 白bai,pai 邹zou,chau 孟meng,mang 熊xiong,hung 秦qin,chin,chun 邱qiu,chiu,yau 丘qiu,chiu,yau 江jiang,chiang,kong 尹yin,wan 薛xue,hsueh,sit 闫yan 阎yan 段duan "
    "雷lei,lui 侯hou,hau 龙long,lung 史shi,shih 陶tao,to 黎li,lai 贺he,ho 顾gu,ku,koo 毛mao,mo 郝hao 龚gong,kung 邵shao,siu 万wan,man 钱qian,chien,chin 严yan,yen,yim 武wu 戴dai,tai 莫mo,mok 孔kong,kung,hung "
    "向xiang,heung 汤tang,tong 康kang,hong 易yi 常chang 温wen,wan 施shi,shih,sze 文wen,man 牛niu 樊fan 葛ge,ko 邢xing 安an,on 齐qi,chi 殷yin 颜yan,ngan 庄zhuang,chuang,chong 章zhang,chang 倪ni,ngai 庞pang 甘gan,kam 耿geng "
    "欧ou,au 聂nie 柳liu,lau 管guan 左zuo 路lu 洪hong,hung 祝zhu 古gu,ku,koo 阮ruan,yuen,nguyen 俞yu 项xiang 霍huo,fok 蓝lan 翁weng,yung 关guan,kwan 凌ling 卓zhuo,cheuk 尤you,yau 岳yue 詹zhan 伍wu,ng 翟zhai 鲁lu 柯ke,ko 麦mai,mak 印yin 穆mu 季ji "
    "欧阳ouyang,auyeung 司马sima,szema 诸葛zhuge 上官shangguan 皇甫huangfu 司徒situ,szeto 令狐linghu 慕容murong"
)
"""Surnames as they are written in Latin letters, by Pinyin and by the other ways in use."""


def aliases_in(text: str) -> tuple[Alias, ...]:
    """Return which names of a text are one by its own word, in order of the names."""
    if "(" not in text and "（" not in text:
        return ()
    found = Counter(
        alias
        for bracket in _BRACKET.finditer(text)
        if (
            alias := _alias(text[max(0, bracket.start() - _BEFORE) : bracket.start()], bracket["latin"], bracket["han"])
        )
    )
    return tuple(
        Alias(chinese=chinese, latin=latin, kind=kind, times=times)
        for (chinese, latin, kind), times in sorted(found.items())
    )


def _alias(before: str, latin: str | None, han: str | None) -> tuple[str, str, AliasKind] | None:
    """Return the two names and whose they are, from the words before a bracket and the name in it; None: they are no such."""
    if latin is not None:
        tail = _HAN_TAIL.search(before)
        return None if tail is None else _han_first(tail[0].strip(), _plain(latin))
    tail = _LATIN_TAIL.search(before)
    return None if tail is None or han is None else _latin_first(_without_titles(tail[0]), han)


def _han_first(tail: str, latin: str) -> tuple[str, str, AliasKind] | None:
    """Return the alias of a bracket with a Latin name; the Chinese name ends ``tail``, and begins nobody knows where."""
    folded = fold(tail)
    if is_personal(latin):
        for length in (4, 3, 2):
            name = folded[-length:]
            if len(name) == length and looks_chinese(name) and _has_surname_of(name, latin):
                return tail[-length:], latin, AliasKind.CHINESE
        if sounds := _sounds_at_the_end(folded):
            return tail[-sounds:], latin, AliasKind.FOREIGN
    org = _org_at_the_end(folded) if _is_org(latin) else 0
    return (tail[-org:], latin, AliasKind.ORG) if org else None


def _latin_first(latin: str, han: str) -> tuple[str, str, AliasKind] | None:
    folded = fold(han)
    if is_personal(latin):
        if looks_chinese(folded) and _has_surname_of(folded, latin):
            return han, latin, AliasKind.CHINESE
        if _sounds_at_the_end(folded) == len(han):
            return han, latin, AliasKind.FOREIGN
    is_org = _is_org(latin) and _org_at_the_end(folded) == len(han)
    return (han, latin, AliasKind.ORG) if is_org else None


def _plain(latin: str) -> str:
    """Return a Latin name without the initials in its middle (Otto K. Lind)."""
    return _INITIAL.sub("", " ".join(latin.split()))


def _without_titles(tail: str) -> str:
    words = tail.split()
    last = max((at for at, word in enumerate(words) if word.casefold().strip(".,") in _NO_NAME), default=-1)
    return _plain(" ".join(words[last + 1 :]))


def is_personal(latin: str) -> bool:
    """Tell whether a Latin name is built like a person's, or the last part of one."""
    words = latin.split()
    return (
        1 <= len(words) <= _MOST_WORDS
        and words[-1] not in _PARTICLES
        and all(word in _PARTICLES or _PERSON_WORD.fullmatch(word) for word in words)
        and not any(word.casefold() in _NO_PERSON or word.casefold() in _NO_NAME for word in words)
        and len(words[-1].strip(".")) > 1
        and not (len(words) == 1 and len(words[0]) < _LEAST_SOUNDS)
    )


def _is_org(latin: str) -> bool:
    words = latin.split()
    if not 1 <= len(words) <= _MOST_WORDS or not all(_ORG_WORD.fullmatch(word) for word in words):
        return False
    if len(words) == 1:
        return not _ABBREVIATION.fullmatch(latin) and latin.casefold() not in _NO_PERSON | _NO_NAME
    return words[-1].casefold().strip(".") in _LAST_OF_ORG and words[0].casefold() not in _NO_PERSON | _NO_NAME


def _has_surname_of(chinese: str, latin: str) -> bool:
    """Tell whether a full Latin name holds the surname of a (folded) Chinese name."""
    words = re.split(r"[ \-'’]", latin.casefold())
    surname = chinese[:2] if chinese[:2] in DOUBLE else chinese[0]
    return " " in latin and not _romanised().get(surname, frozenset()).isdisjoint([*words, *latin.casefold().split()])


@cache
def _romanised() -> dict[str, frozenset[str]]:
    ways = [re.fullmatch(rf"([{HAN}]+)(.+)", entry) for entry in _ROMANISED.split()]
    return {way[1]: frozenset(way[2].split(",")) for way in ways if way}


def _sounds_at_the_end(folded: str) -> int:
    """Return how many letters at the end of a phrase are a foreign name; 0: they are none."""
    titles = [title.end() for title in _TITLE_END.finditer(folded) if title.end() < len(folded)]
    name = folded[max(titles, default=0) :]
    if titles and DOTTED.fullmatch(name):
        return len(name)
    start = len(name)
    while start and (name[start - 1] in TRANSLITERATED or _DOTS.fullmatch(name[start - 1])):
        start -= 1
    name = name[start:].lstrip(_NO_SOUNDS)
    if len(_DOTS.sub("", name)) < _LEAST_SOUNDS or not all(parts := _DOTS.split(name)):
        return 0
    return len(name) if len(parts) > 1 or looks_transliterated(name) else 0


def _org_at_the_end(folded: str) -> int:
    """Return how many letters at the end of a phrase are an organisation's name; 0: where it begins is not to be seen."""
    kinds = [kind.end() for kind in _ORG_BEFORE.finditer(folded) if kind.end() < len(folded)]
    name = folded[max(kinds, default=0) :]
    if not 2 <= len(name) <= _LONGEST_ORG or _DOTS.search(name) or _NO_ORG.search(name.replace("之", "")):  # noqa: PLR2004
        return 0
    is_person = looks_chinese(name) or looks_transliterated(name) or _TITLE_END.search(name)
    return 0 if is_person else len(name)
