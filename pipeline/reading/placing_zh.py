"""Who a Chinese sentence is about when no speech verb tells: whom it begins with, and whom it ends with.

Keeps to itself which words an organisation's name ends in, and how far words may stand from their speaker.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters, plain where they stand
from __future__ import annotations

import re
from typing import Final

from pipeline.reading.mentions_zh import Mentions, Subject
from pipeline.reading.speakers import Speaker
from pipeline.reading.wording_zh import BEFORE_NAME

_ORG_WORDS: Final = (
    "公司|集团|科技|大学|学院|研究院|研究所|实验室|协会|学会|商会|基金会|委员会|组委会|管委会|政府|法院|银行|资本|证券|智能|网络|社区|联盟|论坛|日报|时报|晚报|通讯社|杂志"
    "|控股|股份|电子|汽车|能源|电力|核电|核工|工会|央行|国会|欧盟|智慧|智算|数科|农科|软件|数据|游戏|航空|铁路|物流|快递|酒店|书店|超市|商场|商城|医院|图书馆|博物馆|出版社|电视台|电台|景区"
    "|部门|中心|机构|厂商|企业|厅|署|局|部|委|省|市|县|镇|区|村|州|国|校|馆|厂|社|网|院|所|云|会|行|店|站|方"
)
_ORG_ENDS: Final = tuple(_ORG_WORDS.split("|"))
_GENERIC: Final = re.compile(
    r"(?:.*人工智能|(?:主要|大模型|大|大型|小型|中型|中小|头部|国内|国外|海外|本土|传统|新兴|其他|其它|同类|大多数|多数|少数|知名|领先|一线|上市|科技|互联网|民营|国有|软件|创业|初创|数据|云|模型|人工智能|中国|美国|欧洲|外国|金融|制造)+(?:公司|企业|厂商|机构|集团|银行|部门|社区|平台|医院|学校|店|商|方|会|中心)|(?:这|那|该|一|两|三|多|几|各|每|某|本|贵|不少|许多|很多|一些|有些|部分|所有|全)(?:家|个|所|些)?.*|国内|国外|公司|企业|集团|银行|大学|学院|机构|社区|平台|厂商|部门|政府|市场|数据|网络|软件|智能|科技|能源|汽车|电力|核电|中心|会|部|城市|地方|学校|医院|超市|社会|国会|协会|.*(?:大会|峰会|论坛|发布会|市场|社会|城市|机会|地方|部分|全部|内部|外部|全国|中国|美国|各地|地区|双方|对方|一方|官方|另一方|双方|前方|资方|上市|门店|网站|开源社区|下一站|全省|全市|全行业|行业|之所|以及|委|(?<!银)行))"
)
_KIND: Final = re.compile(
    r"^.{0,12}?(?:企业|公司|厂商|巨头|创企|初创|组织|智库|连锁超市|超市|品牌|平台|机构|商|行)(?=[\u4e00-\u9fffA-Za-z]{3})"
)
_QUOTED: Final = re.compile(
    r"[\u4e00-\u9fff]{0,12}(?:公司|企业|厂商|集团|超市|品牌|平台|组织|智库|联盟|协会|机构|团队|银行|书店|餐厅|社区|工作室)[“「《\"](?P<name>[^“”「」《》\"]{2,10})[”」》\"]"
)
_QUOTED_FROM: Final = 16
"""A quoted name's mark is one of the first so many letters."""
_OPENS: Final = re.compile(r"[“「《\"]")
_CLAUSE_MARK: Final = re.compile(r"[,。:;!?]")
_DIVIDED: Final = re.compile(r"[、,()]")
_NUMBERED: Final = re.compile(r"第[一二三四五六七八九十\d]+[次届场轮]")
_LATIN: Final = re.compile(r"[a-z][a-z0-9.\-]+(?: [a-z][a-z0-9.\-]+)?")
_NO_WORD: Final = ("", "v")
_NOMINAL: Final = frozenset(
    (
        "n",
        "ns",
        "nz",
        "nr",
        "nrt",
        "nrfg",
        "nt",
        "j",
        "b",
        "eng",
        "vn",
        "an",
        "ng",
        "l",
        "s",
        "a",
        "x",
        "m",
        "q",
        "i",
        "f",
        "t",
    )
)
_ACTS: Final = frozenset(("v", "d", "p", "vn", "ad", "c", "zg", "vg", "vd", "u", "r", "t", "l", "uj"))
_PAIR: Final = re.compile(
    rf"(?P<one>[\u4e00-\u9fffa-z0-9]{{2,10}}?)[和与、](?P<other>[\u4e00-\u9fffa-z0-9]{{1,8}}?(?:{_ORG_WORDS}))"
)
_LONG: Final = 18
_TAIL: Final = 18
"""Longest predicate of a last clause that only tells who said what stands before it (…,店长某某乐呵呵地说)."""
_LEAD: Final = 6
_TAIL_MARK: Final = re.compile(r"[,;:!?。]")
_ADVERBIAL: Final = re.compile(
    r"(?:在|当|随着|为了?|由于|因为?|对于?|从|自|经过|作为|除了|根据|通过|面对|谈及|谈到|提起|说起|问及|针对|围绕|凭借|尽管|虽然|如今|目前|当年|过去|今年|去年|此前|日前|近日|\d)"
)
_ADVERBIAL_END: Final = re.compile(r"(?:时|中|里|上|下|后|之后|之前|以来|期间|之际|之余|同时|起|前|内|间|以后)$")


class Places:
    """Whom the sentences of one text are about."""

    def __init__(self, text: str, folded: str, names: Mentions) -> None:
        """Take the raw and the folded text and the persons named in it."""
        self.text = text
        self.folded = folded
        self.names = names

    def head(self, start: int, end: int) -> Subject | None:
        """Return whom the stretch begins with, a person or an organisation, after adverbials at most; None: nobody."""
        start = self.after_openers(start, end)
        return self.names.head(start, end) or self.organisation(start, end)

    def after_openers(self, start: int, end: int) -> int:
        """Return where the stretch begins once marks and opening adverbials are left out."""
        while True:
            while start < end and self.folded[start] in ' ,“”"「」『』':
                start += 1
            opener = BEFORE_NAME.match(self.folded, start, end)
            if opener is None or opener.end() >= end:
                return start
            start = opener.end()

    def organisation(self, start: int, end: int) -> Subject | None:
        """Return the organisation that the stretch begins with (nominal words, the last of which organisations end in)."""
        quoted = _OPENS.search(self.folded, start, min(end, start + _QUOTED_FROM)) and _QUOTED.match(
            self.folded, start, end
        )
        if quoted:
            return self._subject(start, quoted.end(), self.text[quoted.start("name") : quoted.end("name")])
        comma = _CLAUSE_MARK.search(self.folded, start, end)
        stop = comma.start() if comma else end
        owner = self.folded.rfind("的", start, min(stop, start + 30))
        words = self.names.words
        for begin in (start, owner + 1) if owner >= 0 else (start,):
            at = begin
            word, tag = words.get(at, _NO_WORD)
            while at < stop and at - begin < _LONG and tag in _NOMINAL:
                at += len(word)
                word, tag = words.get(at, _NO_WORD)
                if (at >= stop or tag in _ACTS or (tag == "m" and _begins_date(word, self.folded[at - 1]))) and (
                    one := self._named(begin, at, self.folded[begin:at])
                ):
                    return Subject(start, at, (one,))
        return None

    def _named(self, begin: int, end: int, name: str) -> Speaker | None:
        if len(name) < 3 or _DIVIDED.search(name) or _NUMBERED.match(name):
            return None
        if name.endswith(_ORG_ENDS):
            if _GENERIC.fullmatch(name) and not _LATIN.fullmatch(name):
                return None
        elif not _LATIN.fullmatch(name):
            return None
        kind = _KIND.match(name)
        begin += kind.end() if kind else 0
        shown = self.text[begin:end].strip()
        return Speaker(shown, shown, is_person=False)

    def _subject(self, start: int, end: int, name: str) -> Subject:
        return Subject(start, end, (Speaker(name, name, is_person=False),))

    def tail(self, start: int, end: int) -> tuple[Subject, int] | None:
        """Return who is named in the last clauses for what stands before them, and where that ends; None: nobody."""
        if end - start < 3 * _LEAD or not self.names.has_any(start + _LEAD, end):
            return None
        words = self.folded[start:end]
        for match in _TAIL_MARK.finditer(words, _LEAD, len(words) - 1):
            begin = start + match.end()
            subject = self.names.head(begin, end)
            if subject is None:
                continue
            lead = words[: match.start()]
            told = self.folded[subject.end : end].rstrip('。!?… ”」"')
            first = told.split(",")[0]
            if len(told) > _TAIL and not (len(first) <= _TAIL and len(told) <= 2 * _TAIL):
                return None
            if "," not in lead and (_ADVERBIAL.match(lead) or _ADVERBIAL_END.search(lead)) and len(lead) < 24:
                return None
            if _ADVERBIAL_END.search(lead.rsplit(",", 1)[-1]):
                return None
            return subject, begin - 1
        return None

    def pair_before(self, at: int) -> tuple[Speaker, Speaker] | None:
        """Return the last two that a sentence names together before the offset (for the former and the latter)."""
        names = [one for one in self.names.all if one.end <= at]
        for first, second in zip(names[-2::-1], names[:0:-1], strict=False):
            between = self.folded[first.end : second.start]
            if first.speaker.name != second.speaker.name and len(between) < 40 and "。" not in between:
                return first.speaker, second.speaker
        pairs = list(_PAIR.finditer(self.folded, max(0, at - 120), at))
        for pair in reversed(pairs):
            one, other = self._named(*pair.span("one"), pair["one"]), self._named(*pair.span("other"), pair["other"])
            if one and other:
                return one, other
        return None

    def last_named(self, at: int, count: int) -> tuple[Speaker, ...]:
        """Return the last ``count`` persons named before the offset, in order; empty: there are fewer."""
        found = list(dict.fromkeys(one.speaker for one in self.names.all if one.end <= at))
        return tuple(found[-count:]) if len(found) >= count else ()


def _begins_date(word: str, before: str) -> bool:
    """Tell whether a word after an organisation's last letter says when, and is no part of its name."""
    return (word[:1].isdigit() and not before.isascii()) or (word[-1:] in {"月", "日", "年"} and len(word) > 1)
