"""Where a Chinese text names people and organisations, found before anybody asks who speaks.

A name shows by what stands before it (a title, 的, another name of a list), by how it is built and by what follows it;
each adds to its weight. Keeps to itself these weights, and how a clause's subject is told from the words around it.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and weights, plain where they stand
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from pipeline.reading.names_zh import (
    DOUBLE,
    HAN,
    SURNAMES,
    TITLE,
    TRANSLITERATED,
    WORDLIKE,
    dictionary_words,
    dotted_names,
    ends_in_title,
    role_ends,
    words_of,
)
from pipeline.reading.speakers import Speaker, org_before

if TYPE_CHECKING:
    from collections.abc import Iterable

_SPEECH: Final = (
    "表示|指出|认为|坦言|强调|透露|介绍|直言|写道|回应|解释|补充|谈到|提到|告诉|预测|预计|声称|宣称|宣布|坚称|辩称|评价|评论|判断|感叹|调侃|反问|总结|形容|断言|重申|"
    "分析|提醒|坚信|相信|深信|觉得|发文|撰文|提出|表明|披露|回忆|承诺|解读|阐述|打趣|坦承|感慨|告诫|建言|呼吁|警告|质疑|反驳|批评|抨击|力挺|主张|承认|否认|建议|反对|"
    "支持|赞同|称赞|担心|担忧|倡议|号召|希望|谴责|指责|看好|力推|押注|转向|选择|拥抱|站|要求|坚持|期待|执意|盼|嫌|驳|力劝|发布|提供|分享|追问|笑|叹|答|问道|澄清|辟谣"
)
_AFTER: Final = re.compile(
    rf"$|来[说讲看]|看来|眼[中里]|之见|[,。:;!?()、\n“”\"「」『』《》'…]|(?:{_SPEECH})|等(?!于|待)|[在对向替这如是均皆双就则也还都却已曾将把从为跟与和同给被说称认表指再可没不又才便即并近昨今当日原本]|[{HAN}]{{1,4}}地|[点拍摇皱摆耸挥撇跺瞪掰竖]|[辩驳答叹问笑骂劝嘱讲怒反]?道"
)
_AFTER_FIRST: Final = frozenset(
    [
        "",
        *"来看眼之等,。:;!?()、\n“”\"「」『』《》'…",
        *"在对向替这如是均皆双就则也还都却已曾将把从为跟与和同给被说称认表指再可没不又才便即并近昨今当日原本",
        *"点拍摇皱摆耸挥撇跺瞪掰竖辩驳答叹问笑骂劝嘱讲怒反道",
        *(word[0] for word in _SPEECH.split("|")),
    ]
)
"""What each way of _AFTER begins with, but for an adverb in 地."""
_NO_NAME: Final = re.compile(
    r"[的了是在不这那哪什怎么吗呢吧啊很就都也还又再却所但并而且或及被让使到我你您们能会可要该须他她它说称把有依给将个些]"
    r"|^(?:和|顾问|代表|师傅|公司|明天|何人|明年|公开|安全|成本|方面|更)|^.(?:总|教授|先生|女士|院士|博士)|[向对与跟给替就已曾在则也]$"
)
_FIRST_LETTERS: Final = SURNAMES | {name[0] for name in DOUBLE}
_FOREIGN: Final = re.compile(rf"[{''.join(sorted(TRANSLITERATED))}]{{1,8}}")
_BEGINS_NAME: Final = _FIRST_LETTERS | TRANSLITERATED
_PERSON_TAGS: Final = frozenset({"nr", "nrt", "nrfg"})
_VERBAL_TAGS: Final = frozenset({"v", "p", "d", "c", "r"})
_NO_NAME_HERE: Final = (0, False, 0)
_NO_WORD: Final = ("", "")
_COMPANIES: Final = re.compile(
    r"谷歌|安卓|华为|戴尔|荣耀|彭博|高通|金山|特斯拉|阿里|阿布扎比|微软|苹果|亚马逊|英伟达|英特尔|推特|脸书|百度|腾讯|诺基亚|西门子"
)
_ROLE: Final = re.compile(
    r"(?:[师员家者长人士官手匠户民生授任管监理表主导医警工农商贩客迷友帅]|顾问|师傅|老板|掌柜|老师|大妈|大爷|阿姨|先生|女士|作者|教练|妈妈|爸爸|奶奶|爷爷|孙女|女儿|儿子|妻子|丈夫|邻居|总)$"
)
_OPENERS: Final = r"(?>在|据|依|按照?|对|连|像|由|而|但)"
_STARTS: Final = (
    re.compile(rf"[,。:;!?、\n“”\"「」『』()的和与及跟同](?=[{''.join(sorted(_FIRST_LETTERS))}])"),
    re.compile(rf"[,。\n]{_OPENERS}(?=[{''.join(sorted(_FIRST_LETTERS))}])"),
)
"""What a name without a title stands after; each begins with a set of letters, which is found fastest."""
_FIRST_WORD: Final = re.compile(_OPENERS)
_CLAUSE_END: Final = re.compile(r"[,。\n]")
_CLAUSE_MARK: Final = re.compile(r"[,。:;!?\n“”\"「」『』、()]")
_CALLED: Final = re.compile(
    r"(?:总(?![统理监裁部经数共体])|先生|女士|教授|院士|博士|老师|律师|医生|董(?!事)|工(?=[说称表认指坦在,]))"
)
_OLD: Final = re.compile(rf"[老小](?<![{HAN}].)(?=[{HAN}][说称道认表指也就则还在对笑坦直])")
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
_BRAND: Final = re.compile(
    r"科技|智能|集团|数据|公司|资本|银行|大学|网络|云(?![\u4e00-\u9fff])|控股|股份|电子|汽车|能源|软件|信息|证券|基金|研究|农科|数科|超市|医院|日报"
)
_BEFORE_JOIN: Final = re.compile(
    rf"(?<![{HAN}])(?P<name>[{HAN}]{{2,3}})(?:、|和|与)$|(?<=[的师长家员理人])(?P<other>[{HAN}]{{2,3}})(?:、|和|与)$"
)
_JOINS: Final = frozenset("、和与\n")
"""What _BEFORE_JOIN ends in."""
_LETTERS: Final = re.compile(rf"[{HAN}]{{1,4}}")
_start_of: Final = attrgetter("start")
_ENOUGH: Final = 5


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
        self.words: dict[int, tuple[str, str]] = {}
        """The tagger's words by where they begin; one more at the text's end."""
        self._tagged: list[int] = []
        """Where the tagger sees a person's name."""
        at = 0
        for word in words_of(folded):
            self.words[at] = word
            if word[1] in _PERSON_TAGS:
                self._tagged.append(at)
            at += len(word[0])
        self.words[at] = ("", "x")
        self.all: list[Named] = []
        self._taken = bytearray(len(folded) + 1)
        """1 where a name was found."""
        self._nicknamed()
        self._dotted()
        self._built()
        self._listed()
        self._again()
        self._by_surname()
        self.all.sort(key=_start_of)
        self._starts = [one.start for one in self.all]

    def plain(self, place: int) -> str:
        """Return the dictionary's word that begins at the place; empty: none does."""
        # Few clauses are ever asked about, so only theirs are looked up; no word crosses these marks.
        begin = 1 + max(
            self.folded.rfind(",", 0, place), self.folded.rfind("。", 0, place), self.folded.rfind("\n", 0, place)
        )
        end = _CLAUSE_END.search(self.folded, place)
        for word in dictionary_words(self.folded[begin : end.start() if end else len(self.folded)]):
            if begin >= place:
                return word if begin == place else ""
            begin += len(word)
        return ""

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
        if name.end > end or not self._is_modifier(self.folded[start : name.start]):
            return None
        speakers = [name.speaker]
        last = name.end
        for name in self.all[at + 1 :]:
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
            elif self.folded[place : place + 1] in _BEGINS_NAME and (place in self.words or self.plain(place)):
                after_roles.add(place)
        bare = {match.end() for pattern in _STARTS for match in pattern.finditer(self.folded)}
        opener = _FIRST_WORD.match(self.folded)
        bare.add(opener.end() if opener else 0)
        bare.update(self._tagged)
        after_roles -= after_titles
        for title, places in ((2, after_titles), (1, after_roles), (0, bare - after_roles - after_titles)):
            for place in sorted(places):
                if place < len(self.folded) and not self._taken[place]:
                    self._best_at(place, title)

    def _best_at(self, place: int, title: int) -> None:
        word, tag = self.words.get(place, _NO_WORD)
        is_tagged = tag in _PERSON_TAGS
        is_surname = self.folded[place] in _FIRST_LETTERS
        if not (title or is_tagged or is_surname):
            return
        best = self._best_length(place, title, is_tagged=is_tagged) if is_surname or title > 1 else _NO_NAME_HERE
        longest = self._transliterated(place) if title or (is_tagged and len(word) > 2) else 0
        for length in range(longest, 2, -1):
            if (title or length == len(word)) and self._ends_name(place + length):
                best = max(best, (6 + title, False, length))
                break
        if best[0] >= _ENOUGH:
            end = place + best[2]
            self._add(place, end, Speaker(self.text[place:end], self._org(place)))

    def _best_length(self, place: int, title: int, *, is_tagged: bool) -> tuple[int, bool, int]:
        """Return the greatest weight of a name that begins here, whether it has three letters, and its length."""
        best = _NO_NAME_HERE
        is_double = self.folded[place : place + 2] in DOUBLE
        if not (title or is_double) and place not in self.words:
            return best
        letters = _LETTERS.match(self.folded, place)
        if letters is None:
            return best
        most = letters.end() - place
        for length in (4, 3, 2) if is_double else (3, 2):
            if length <= most:
                ends = self._ends_name(place + length)
                # Most of what begins like a surname goes on as no name can.
                if ends or title or is_tagged:
                    weight = self._weight(place, self.folded[place : place + length], title, ends=ends)
                    best = max(best, (weight, length == 3, length))
        return best

    def _transliterated(self, place: int) -> int:
        """Return how many letters from here on are such as transliterations use, at most 8."""
        letters = _FOREIGN.match(self.folded, place)
        return letters.end() - place if letters else 0

    def _ends_name(self, after: int) -> bool:
        """Tell whether what follows can stand right after a name."""
        # Most letters cannot, and looking them up is much faster than the pattern.
        if self.folded[after : after + 1] not in _AFTER_FIRST and "地" not in self.folded[after + 1 : after + 5]:
            return False
        return _AFTER.match(self.folded, after) is not None

    def _weight(self, place: int, name: str, title: int, *, ends: bool) -> int:
        """Return how much speaks for a name of these letters here; ``title``: 2 after a title, 1 after a role, else 0."""
        built = 0 if _NO_NAME.search(name) else self._build(place, name, title)
        around = self._surroundings(place, place + len(name), title, ends=ends) if built else None
        # The dictionary is slow to ask, and what it and the tagger can add is not always enough.
        most = 2 if title or len(name) == 3 else 1
        if around is None or built + around + most < _ENOUGH:
            return 0
        worded = self._wording(place, name, title)
        return 0 if worded is None else built + around + worded

    def _build(self, place: int, name: str, title: int) -> int:
        """Return what the letters themselves speak for; 0: no name is built like this."""
        double = name[:2] in DOUBLE
        if double:
            return title + (len(name) == 3) + 3 if len(name) > 2 else 0
        if len(name) == 4:
            return 0
        if name[0] in SURNAMES:
            return title + (len(name) == 3) + (1 if name[0] in WORDLIKE and title < 2 else 2)
        if title < 2 or len(name) == 2:
            return 0
        known = any(len(self.plain(place + at)) > 1 for at in range(2))
        return 0 if known else title + 1

    def _surroundings(self, place: int, after: int, title: int, *, ends: bool) -> int | None:
        """Return what follows speaks for; None: no name ends here."""
        acts = not ends and after in self.words and (title > 0 or self._acts(place, after))
        if not (ends or acts or title):
            return None
        if title < 2 and (_BRAND.match(self.folded, after) or _BRAND.match(self.folded, after - 1)):
            return None
        return 2 if ends else int(acts)

    def _wording(self, place: int, name: str, title: int) -> int | None:  # noqa: PLR0911 - one sign after the other
        """Return what the tagger and the dictionary speak for; None: ordinary words."""
        word, tag = self.words.get(place, _NO_WORD)
        is_tagged = tag in _PERSON_TAGS
        if name[:2] in DOUBLE and len(self.plain(place)) < len(name):
            return 0
        if word == "" and not title:
            return None
        if (not title or (title == 1 and tag.startswith("v"))) and len(self.plain(place)) == 2:
            return None
        weight = -1 if not title and name[0] in WORDLIKE and not is_tagged else 0
        if is_tagged and (len(word) == len(name) or (len(word) < len(name) and place + len(name) in self.words)):
            return weight + (2 if title or len(name) == 3 else 1)
        known = len(self.plain(place))
        if known >= len(name):
            return weight - 4
        if word == name:
            return weight + 1
        if known == 2 and len(name) == 3:
            return weight - (2 if tag.startswith("v") else 1 - title // 2)
        return weight

    def _acts(self, place: int, after: int) -> bool:
        """Tell whether the tagger sees one name here and a verb or adverbial after it."""
        word, tag = self.words.get(place, _NO_WORD)
        return (
            tag in _PERSON_TAGS
            and len(word) == after - place
            and self.words[after][1] in {"v", "d", "p", "t", "vn", "a", "ad", "c", "u", "m", "l", "i"}
        )

    def _listed(self) -> None:
        """Find the names that stand in a list with a name found (甲、乙和丙)."""
        for one in self.all:
            joined = _JOIN.match(self.folded, one.end)
            if joined and joined.end() < len(self.folded) and not self._taken[joined.end()]:
                self._best_at(joined.end(), 1)
            at = one.start
            while self.folded[at - 1 : at] in _JOINS and (
                match := _BEFORE_JOIN.search(self.folded, max(0, at - 6), at)
            ):
                group = "name" if match["name"] else "other"
                name = match[group]
                if name[0] not in SURNAMES or _NO_NAME.search(name) or not self._is_free(*match.span(group)):
                    break
                at = match.start(group)
                self._add(at, match.end(group), Speaker(self.text[at : match.end(group)]))

    def _again(self) -> None:
        """Find the other places of the names found."""
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
