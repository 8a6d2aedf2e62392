"""Where a Chinese text names people and organisations, found before anybody asks who speaks.

A name shows by what stands before it (a title, 的, another name of a list), and then by how much ``namelike_zh`` says for it; a name found
once is known everywhere. Keeps to itself where names can begin, and how a clause's subject is told from the words around it.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and weights, plain where they stand
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from pipeline.reading.mistagged_zh import NO_NAMES
from pipeline.reading.namelike_zh import FIRST_LETTERS, NO_NAME, NO_WORD, NameLikeness
from pipeline.reading.names_zh import (
    DOUBLE,
    HAN,
    SURNAMES,
    TITLE,
    TRANSLITERATED,
    dotted_names,
    ends_in_title,
    role_ends,
    words_of,
)
from pipeline.reading.speakers import Speaker, org_before

if TYPE_CHECKING:
    from collections.abc import Iterable

_VERBAL_TAGS: Final = frozenset({"v", "p", "d", "c", "r"})
_COMPANIES: Final = re.compile(
    r"谷歌|安卓|华为|戴尔|荣耀|彭博|高通|金山|特斯拉|阿里|阿布扎比|微软|苹果|亚马逊|英伟达|英特尔|推特|脸书|百度|腾讯|诺基亚|西门子"
)
_ROLE: Final = re.compile(
    r"(?:[师员家者长人士官手匠户民生授任管监理表主导医警工农商贩客迷友帅]|顾问|师傅|老板|掌柜|老师|大妈|大爷|阿姨|先生|女士|作者|教练|妈妈|爸爸|奶奶|爷爷|孙女|女儿|儿子|妻子|丈夫|邻居|总)$"
)
_OPENERS: Final = r"(?>在|据|依|按照?|对|连|像|由|而|但)"
_STARTS: Final = (
    re.compile(rf"[,。:;!?、\n“”\"「」『』()的和与及跟同](?=[{''.join(sorted(FIRST_LETTERS))}])"),
    re.compile(rf"[,。\n]{_OPENERS}(?=[{''.join(sorted(FIRST_LETTERS))}])"),
)
"""What a name without a title stands after; each begins with a set of letters, which is found fastest."""
_FIRST_WORD: Final = re.compile(_OPENERS)
_CLAUSE_MARK: Final = re.compile(r"[,。:;!?\n“”\"「」『』、()]")
_CALLED: Final = re.compile(
    r"(?:总(?![统理监裁部经数共体])|先生|女士|教授|院士|博士|老师|律师|医生|董(?!事)|工(?=[说称表认指坦在,]))"
)
_OLD: Final = re.compile(rf"[老小](?!师|公|时|家)(?<![{HAN}].)(?=[{HAN}][说称道认表指也就则还在对笑坦直])")
_SPEAKS: Final = r"(?=说|称(?!为)|认为|表示|指出|坦言|强调)"
_ALONE: Final = re.compile(rf"[,。:;!?\n”」』][{HAN}]{_SPEAKS}")
_FIRST_ALONE: Final = re.compile(rf"[{HAN}]{_SPEAKS}")
_NICKNAME: Final = re.compile(
    r"(?:用户|网友|博主|店主|网名|昵称|up主|账号|笔名|版主|车主|读者)(?P<mark>[“「\"])(?P<name>[^“”「」\"\n]{2,10})[”」\"]"
)
_OF_ORG: Final = re.compile(
    r"(?:公司|集团|科技|智能|大学|学院|研究院|研究所|实验室|协会|银行|资本|医院|学校|中心|团队|台|部|局|处|所|社|厂|站|委)的"
)
_JOIN: Final = re.compile(r"(?:、|和|与|及|以及|跟|同|还有)")
_VERBAL: Final = re.compile(r"[是了着过把被将让使给说称]|认为|表示")
_TELLS: Final = re.compile(r"[是说称]|认为|表示")
_MARK: Final = re.compile(r"[,。:;!?\n]")
_IN_BRACKETS: Final = re.compile(r"\([^()]*\)")
_BRACKET: Final = re.compile(r"\s*\([^()\n]{1,60}\)")
_LAST_TITLE: Final = re.compile(rf".*(?:{TITLE})", re.IGNORECASE)
_BEFORE_JOIN: Final = re.compile(
    rf"(?<![{HAN}])(?P<name>[{HAN}]{{2,3}})(?:、|和|与)$|(?<=[的师长家员理人])(?P<other>[{HAN}]{{2,3}})(?:、|和|与)$"
)
_JOINS: Final = frozenset("、和与\n")
"""What _BEFORE_JOIN ends in."""
_start_of: Final = attrgetter("start")
_NEVER_FIRST: Final = frozenset("为让据把被使对将给")
"""What no name begins with, whatever the tagger says."""
_TO_REPORTERS: Final = re.compile(r"向[^,。]{0,8}(?:记者|媒体|采访|新闻|[日晚时周]报|周刊|》)")
_AFTERWARDS: Final = frozenset(
    "去来要会能想做找到了先等也则还已曾又再就都却仍只更便均亦正被把将向对在是和与从为给让说称表认指坦"
)
"""What a word after a two-letter name begins with, and few names of three letters end in."""
_BYLINE: Final = re.compile(r"(?:记者|通讯员|实习生|摄影|撰文|编辑)[ :/]?$")
_BYLINE_LAST: Final = frozenset("者员生影文辑 :/")
_BYLINE_ENDS: Final = re.compile(r"[)/\n]| ?(?:图|摄|报道|文$)|$")
"""What follows the name of a reporter who is only named as who wrote this."""
_KINDRED: Final = "女儿|儿子|妻子|丈夫|母亲|父亲|妈妈|爸爸|前妻|前夫|妹妹|哥哥|弟弟|姐姐|孙女|孙子|家属|弟子|学生|助理|秘书|律师|经纪人|代理人|同事|搭档|好友|朋友|邻居|导师|老师|同学|团队|办公室|粉丝|夫人"
_KIN: Final = re.compile(rf"的?(?:{_KINDRED})")
"""Who stands to somebody named so that they, and not the one named, speak."""
_KIN_FIRST: Final = frozenset(["的", *(word[0] for word in _KINDRED.split("|"))])


@dataclass(frozen=True, slots=True)
class Named:
    """A person's name in the text."""

    start: int
    end: int
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a clause begins with: from their titles' first character to the last name's end."""

    start: int
    end: int
    speakers: tuple[Speaker, ...]


class Mentions:
    """All persons' names of one text, in order."""

    def __init__(self, text: str, folded: str) -> None:
        """Find them; ``folded`` is the folded text."""
        self.text = text
        self.folded = folded
        self.likeness = NameLikeness(folded)
        self.words = self.likeness.words
        """The tagger's words by where they begin; one more at the text's end."""
        self.all: list[Named] = []
        self._taken = bytearray(len(folded) + 1)
        """1 where a name was found."""
        self._nicknamed()
        self._dotted()
        self._built()
        self._listed()
        self._shorten()
        self._again()
        self._by_surname()
        self.all.sort(key=_start_of)
        self._starts = [one.start for one in self.all]

    def has_any(self, start: int, end: int) -> bool:
        """Tell whether a name lies in the stretch."""
        at = bisect_left(self._starts, start)
        return at < len(self.all) and self.all[at].end <= end

    def head(self, start: int, end: int) -> Subject | None:
        """Return the persons that the stretch's first clause begins with, or None; titles may stand before them."""
        # Names do not overlap, so the first one that begins here and the next ones are all that lie in the stretch.
        at = bisect_left(self._starts, start)
        if at == len(self._starts) or self._starts[at] - start > 40:
            return None
        name = self.all[at]
        # Most letters after a name begin no relative, and seeing that is much faster than the pattern.
        is_followed = self.folded[name.end : name.end + 1] in _KIN_FIRST
        if (
            is_followed
            and (kin := _KIN.match(self.folded, name.end, end))
            and (relative := self._relative(at, start, kin.end(), end))
        ):
            return relative
        if name.end > end or not self._is_modifier(self.folded[start : name.start]) or self._is_byline(name):
            return None
        speakers = [name.speaker]
        last = name.end
        for name in islice(self.all, at + 1, None):
            if name.end > end:
                break
            gap = self._unbracketed(self.folded[last : name.start])
            joined = _JOIN.match(gap)
            if joined is None or len(gap) > 16 or not self._is_modifier(gap[joined.end() :]):
                break
            speakers.append(name.speaker)
            last = name.end
        bracket = _BRACKET.match(self.folded, last, end)
        return Subject(start, bracket.end() if bracket else last, tuple(speakers))

    def _is_byline(self, name: Named) -> bool:
        """Tell whether somebody is only named as who wrote this or took a picture."""
        return (
            self.folded[name.start - 1 : name.start] in _BYLINE_LAST
            and _BYLINE.search(self.folded, max(0, name.start - 5), name.start) is not None
            and _BYLINE_ENDS.match(self.folded, name.end) is not None
        )

    def _relative(self, at: int, start: int, after: int, end: int) -> Subject | None:
        """Return who stands to the name number ``at`` as the words after it say, up to ``after``; None: they are no subject."""
        name = self.all[at]
        if name.start - start > 20:
            return None
        # 周某女儿李某说: whose daughter she is, is her title.
        if at + 1 < len(self.all) and self.all[at + 1].start == after and self.all[at + 1].end <= end:
            return Subject(start, self.all[at + 1].end, (self.all[at + 1].speaker,))
        if name.end - start <= 20 and start == name.start:
            return Subject(start, after, (Speaker(self.text[start:after], is_person=False),))
        return None

    def _unbracketed(self, words: str) -> str:
        return _IN_BRACKETS.sub("", words) if "(" in words else words

    def _is_modifier(self, words: str) -> bool:
        """Tell whether the words before a name can be its titles (…的, org and title, or nothing)."""
        words = self._unbracketed(words).strip()
        if not words:
            return True
        if _MARK.search(words):
            return False
        if words.endswith("的"):
            return not _TELLS.search(words)
        tail = words.rsplit("的", 1)[-1]
        if _VERBAL.search(tail):
            return False
        return (
            ends_in_title(words)
            or bool(_ROLE.search(words))
            or (len(words) <= 10 and "、" not in words and not self._has_verb(words))
        )

    def _has_verb(self, words: str) -> bool:
        return any(tag in _VERBAL_TAGS for _, tag in words_of(words))

    # --- finding ---

    def _is_free(self, start: int, end: int) -> bool:
        return self._taken.find(1, start, end) < 0

    def _add(self, start: int, end: int, speaker: Speaker) -> None:
        if self.folded[start:end] in NO_NAMES or self.folded[start] in _NEVER_FIRST:
            return
        if self.folded[start] == "向" and _TO_REPORTERS.match(self.folded, start):
            return
        if self._is_free(start, end) and not _COMPANIES.match(self.folded, start):
            self.all.append(Named(start, end, speaker))
            self._taken[start:end] = b"\x01" * (end - start)

    def _org(self, start: int) -> str | None:
        # Few names have a title before them, and only for those it matters where their clause begins.
        if not ends_in_title(self.folded[max(0, start - 30) : start]):
            return None
        clause = _CLAUSE_MARK.split(self.folded[max(0, start - 30) : start])[-1]
        begin = start - len(clause)
        return org_before(self.text[begin:start]) if ends_in_title(clause) else None

    def _nicknamed(self) -> None:
        for match in _NICKNAME.finditer(self.folded):
            self._add(match.start("mark"), match.end(), Speaker(self.text[match.start("name") : match.end("name")]))

    def _dotted(self) -> None:
        for match in dotted_names(self.folded) if "·" in self.folded else ():
            start, end = match.span()
            if "-" in match[0] and "·" not in match[0]:
                continue
            first = match[0].split("·")[0]
            title = _LAST_TITLE.match(first)
            start += title.end() if title else len(first) - max(_foreign(reversed(first)), 2 if len(first) < 4 else 1)
            start = max(start, match.start())
            last = match[0].rsplit("·", 1)[-1]
            if re.search(rf"[{HAN}]", last):
                end -= len(last) - max(_foreign(last), 1)
            self._add(start, end, Speaker(self.text[start:end], self._org(start)))

    def _built(self) -> None:
        after_titles: set[int] = set()
        after_roles = {match.end() for match in _OF_ORG.finditer(self.folded)}
        for place, is_long in role_ends(self.folded):
            if is_long:
                after_titles.add(place)
            # A role alone says too little before letters that no name begins with.
            elif self._can_begin(place) and (place in self.words or self.likeness.plain(place)):
                after_roles.add(place)
        bare = {match.end() for pattern in _STARTS for match in pattern.finditer(self.folded)}
        opener = _FIRST_WORD.match(self.folded)
        bare.add(opener.end() if opener else 0)
        bare.update(self.likeness.tagged)
        after_roles -= after_titles
        length_at = self.likeness.length_at
        for title, places in ((2, after_titles), (1, after_roles), (0, bare - after_roles - after_titles)):
            for place in sorted(places):
                if place < len(self.folded) and not self._taken[place]:
                    length = length_at(place, title)
                    if length:
                        self._add_name(place, length)

    def _can_begin(self, place: int) -> bool:
        """Tell whether a surname stands here, or three letters as transliterations use."""
        letter = self.folded[place : place + 1]
        return letter in FIRST_LETTERS or (
            letter in TRANSLITERATED
            and self.folded[place + 1 : place + 2] in TRANSLITERATED
            and self.folded[place + 2 : place + 3] in TRANSLITERATED
        )

    def _add_name(self, start: int, length: int) -> None:
        end = start + length
        self._add(start, end, Speaker(self.text[start:end], self._org(start)))

    def _listed(self) -> None:
        """Find the names that stand in a list with a name found (甲、乙和丙)."""
        for one in self.all:
            joined = _JOIN.match(self.folded, one.end)
            if joined and joined.end() < len(self.folded) and not self._taken[joined.end()]:
                length = self.likeness.length_at(joined.end(), 1)
                if length:
                    self._add_name(joined.end(), length)
            at = one.start
            while self.folded[at - 1 : at] in _JOINS and (
                match := _BEFORE_JOIN.search(self.folded, max(0, at - 6), at)
            ):
                group = "name" if match["name"] else "other"
                name = match[group]
                if name[0] not in SURNAMES or NO_NAME.search(name) or not self._is_free(*match.span(group)):
                    break
                at = match.start(group)
                self._add(at, match.end(group), Speaker(self.text[at : match.end(group)]))

    def _shorten(self) -> None:
        """Give back the letter that names found took from the word after them, where the text has the name without it."""
        shortened: dict[str, bool] = {}
        for at, one in enumerate(self.all):
            name = self.folded[one.start : one.end]
            if len(name) != 3 or name[:2] in DOUBLE or name[1] == "某":
                continue
            # The tagger seldom takes a whole name wrong, and counting takes a while.
            if name[2] not in _AFTERWARDS and self.words.get(one.start, NO_WORD)[0] == name:
                continue
            if name not in shortened:
                with_it = self.folded.count(name)
                without = self.folded.count(name[:2]) - with_it
                shortened[name] = without > (1 if name[2] in _AFTERWARDS else 3) * with_it
            if shortened[name]:
                self.all[at] = Named(
                    one.start, one.end - 1, Speaker(self.text[one.start : one.end - 1], one.speaker.org)
                )
                self._taken[one.end - 1] = 0

    def _parts(self) -> None:
        """Find the first and last parts of the dotted names found, where they stand alone."""
        for one in [one for one in self.all if "·" in self.folded[one.start : one.end]]:
            parts = self.folded[one.start : one.end].split("·")
            for part in (parts[0], parts[-1]):
                at = self.folded.find(part) if len(part) > 1 else -1
                while at >= 0:
                    end = at + len(part)
                    if self._is_free(at, end) and at in self.words and self.likeness.ends_name(end):
                        self._add(at, end, one.speaker)
                    at = self.folded.find(part, end)

    def _again(self) -> None:
        """Find the other places of the names found."""
        self._parts()
        for name in dict.fromkeys(self.folded[one.start : one.end] for one in self.all):
            at = self.folded.find(name)
            while at >= 0:
                end = at + len(name)
                if self._is_free(at, end) and (len(name) > 2 or at in self.words):
                    self._add(at, end, Speaker(self.text[at:end], self._org(at)))
                at = self.folded.find(name, at + 1)

    def _by_surname(self) -> None:
        """Find the names that are a surname with 总, 先生 or 老, and the bare surnames that speak."""
        found = [(match.start() - 1, match.end(), match.start() - 1) for match in _CALLED.finditer(self.folded, 1)]
        found += [(match.start(), match.end() + 1, match.end()) for match in _OLD.finditer(self.folded)]
        for start, end, at in found:
            # 总 may begin the next word instead (法国总工会).
            if len(self.words.get(at + 1, NO_WORD)[0]) > 1 and start == at and end == at + 2:
                continue
            if self.folded[at] in SURNAMES and self._is_free(start, end):
                self._add(start, end, self._of_surname(self.folded[at], self.text[start:end]))
        alone = [match.end() - 1 for match in _ALONE.finditer(self.folded)]
        if _FIRST_ALONE.match(self.folded):
            alone.insert(0, 0)
        for at in alone:
            one = self._of_surname(self.folded[at], "")
            if one.name and not self._taken[at]:
                self._add(at, at + 1, one)

    def _of_surname(self, surname: str, otherwise: str) -> Speaker:
        """Return the one person of that surname whom the text names in full, else the name as it stands."""
        full = {
            self.folded[one.start : one.end]: one.speaker
            for one in self.all
            if self.folded[one.start] == surname and one.end - one.start > 1
        }
        return next(iter(full.values())) if len(full) == 1 else Speaker(otherwise)


def _foreign(letters: Iterable[str]) -> int:
    """Return how many letters from the first on are such as transliterations use."""
    count = 0
    for letter in letters:
        if letter not in TRANSLITERATED:
            break
        count += 1
    return count
