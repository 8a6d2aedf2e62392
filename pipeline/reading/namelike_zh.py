"""How much speaks for a name at a place of a Chinese text: how its letters are built, what follows them, what the tagger sees.

Keeps to itself the weights of these signs, and which words can stand right after a name.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and weights, plain where they stand
from __future__ import annotations

import re
from itertools import accumulate, compress
from operator import itemgetter
from typing import Final

from pipeline.reading.names_zh import (
    DOUBLE,
    HAN,
    SURNAMES,
    TRANSLITERATED,
    WORDLIKE,
    dictionary_words,
    words_of,
)

_SPEECH: Final = (
    "表示|指出|认为|坦言|强调|透露|介绍|直言|写道|回应|解释|补充|谈到|提到|告诉|预测|预计|声称|宣称|宣布|坚称|辩称|评价|评论|判断|感叹|调侃|反问|总结|形容|断言|重申|"
    "分析|提醒|坚信|相信|深信|觉得|发文|撰文|提出|表明|披露|回忆|承诺|解读|阐述|打趣|坦承|感慨|告诫|建言|呼吁|警告|质疑|反驳|批评|抨击|力挺|主张|承认|否认|建议|反对|"
    "支持|赞同|称赞|担心|担忧|倡议|号召|希望|谴责|指责|看好|力推|押注|转向|选择|拥抱|站|要求|坚持|期待|执意|盼|嫌|驳|力劝|发布|提供|分享|追问|笑|叹|答|问道|澄清|辟谣"
)
_TITLES: Final = "教授|院士|博士|老师|先生|女士|警官"
"""What stands after a person's name only; a firm's name has a 董事长 after it as well."""
_AFTER: Final = re.compile(
    rf"$|来[说讲看]|看来|眼[中里]|之见|[,。:;!?()、\n“”\"「」『』《》'…]|(?:{_SPEECH})|等(?!于|待)|[在对向替这如是均皆双就则也还都却已曾将把从为跟与和同给被说称认表指再可没不又才便即并近昨今当日原本]|[{HAN}]{{1,4}}地|[点拍摇皱摆耸挥撇跺瞪掰竖]|接过|插话|{_TITLES}|[辩驳答叹问笑骂劝嘱讲怒反]?道"
)
_AFTER_FIRST: Final = frozenset(
    [
        "",
        *"来看眼之等,。:;!?()、\n“”\"「」『』《》'…",
        *"在对向替这如是均皆双就则也还都却已曾将把从为跟与和同给被说称认表指再可没不又才便即并近昨今当日原本",
        *"点拍摇皱摆耸挥撇跺瞪掰竖辩驳答叹问笑骂劝嘱讲怒反道接插",
        *(word[0] for word in _TITLES.split("|")),
        *(word[0] for word in _SPEECH.split("|")),
    ]
)
"""What each way of _AFTER begins with, but for an adverb in 地."""
NO_NAME: Final = re.compile(
    r"[的了是在不这那哪什怎么吗呢吧啊很就都也还又再却所但并而且或及被让使到我你您们能会可要该须他她它说称把有依给将个些]|表示|认为|指出"
    r"|^(?:和|顾问|代表|师傅|公司|明天|何人|明年|公开|安全|成本|方面|更)|^.(?:总|教授|先生|女士|院士|博士)|[向对与跟给替就已曾在则也等]$"
)
FIRST_LETTERS: Final = SURNAMES | {name[0] for name in DOUBLE}
PERSON_TAGS: Final = frozenset({"nr", "nrt", "nrfg"})
NO_WORD: Final = ("", "")
_LETTERS: Final = re.compile(rf"[{HAN}]{{1,4}}")
_FOREIGN: Final = re.compile(rf"[{''.join(sorted(TRANSLITERATED))}]{{1,8}}")
_NO_NAME_HERE: Final = (0, False, 0)
_CLAUSE_END: Final = re.compile(r"[,。\n]")
_BRAND: Final = re.compile(
    r"科技|智能|集团|数据|公司|资本|银行|大学|网络|云(?![\u4e00-\u9fff])|控股|股份|电子|汽车|能源|软件|信息|证券|基金|研究|农科|数科|超市|医院|日报"
)
_word_of: Final = itemgetter(0)
_tag_of: Final = itemgetter(1)
_ENOUGH: Final = 5
_FUNCTION_TAGS: Final = frozenset("cpdru")
_FUNCTION_LETTERS: Final = frozenset("从向对连越曾于")
"""Surnames that are mostly something else; where the tagger sees one of them alone, no name begins."""


class NameLikeness:
    """Weighs the places of one text."""

    def __init__(self, folded: str) -> None:
        """Tag the folded text's words."""
        self.folded = folded
        words = words_of(folded)
        starts = [*accumulate(map(len, map(_word_of, words)), initial=0)]
        self.words: dict[int, tuple[str, str]] = dict(zip(starts, words, strict=False))
        """The tagger's words by where they begin; one more at the text's end."""
        self.tagged = [*compress(starts, map(PERSON_TAGS.__contains__, map(_tag_of, words)))]
        """Where the tagger sees a person's name."""
        self.words[starts[-1]] = ("", "x")
        self._plain: dict[int, str] = {}

    def plain(self, place: int) -> str:
        """Return the dictionary's word that begins at the place; empty: none does."""
        # A place is asked about once for each length that a name may have.
        word = self._plain.get(place)
        if word is None:
            word = self._plain[place] = self._dictionary_word(place)
        return word

    def _dictionary_word(self, place: int) -> str:
        # Few clauses are ever asked about, so only theirs are looked up; no word crosses these marks.
        begin = self.folded.rfind(",", 0, place) + 1
        for mark in "。\n":
            begin = max(begin, self.folded.rfind(mark, begin, place) + 1)
        end = _CLAUSE_END.search(self.folded, place)
        for word in dictionary_words(self.folded[begin : end.start() if end else len(self.folded)]):
            if begin >= place:
                return word if begin == place else ""
            begin += len(word)
        return ""

    def length_at(self, place: int, title: int) -> int:
        """Return how many letters the name has that begins here, 0 for none; ``title``: 2 after a title, 1 after a role, else 0."""
        word, tag = self.words.get(place, NO_WORD)
        if word in _FUNCTION_LETTERS and tag in _FUNCTION_TAGS:
            return 0
        is_tagged = tag in PERSON_TAGS
        is_surname = self.folded[place] in FIRST_LETTERS
        if not (title or is_tagged or is_surname):
            return 0
        best = self._best_length(place, title, is_tagged=is_tagged) if is_surname or title > 1 else _NO_NAME_HERE
        longest = self._transliterated(place) if title or (is_tagged and len(word) > 2) else 0
        for length in range(longest, 2, -1):
            if (title or length == len(word)) and self.ends_name(place + length):
                best = max(best, (6 + title, False, length))
                break
        return best[2] if best[0] >= _ENOUGH else 0

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
                ends = self.ends_name(place + length)
                # Most of what begins like a surname goes on as no name can.
                if ends or title or is_tagged:
                    weight = self._weight(place, self.folded[place : place + length], title, ends=ends)
                    best = max(best, (weight, length == 3, length))
        return best

    def _transliterated(self, place: int) -> int:
        """Return how many letters from here on are such as transliterations use, at most 8."""
        letters = _FOREIGN.match(self.folded, place)
        return letters.end() - place if letters else 0

    def ends_name(self, after: int) -> bool:
        """Tell whether what follows can stand right after a name."""
        # Most letters cannot, and looking them up is much faster than the pattern.
        if self.folded[after : after + 1] not in _AFTER_FIRST and "地" not in self.folded[after + 1 : after + 5]:
            return False
        return _AFTER.match(self.folded, after) is not None

    def _weight(self, place: int, name: str, title: int, *, ends: bool) -> int:
        """Return how much speaks for a name of these letters here; ``title``: 2 after a title, 1 after a role, else 0."""
        built = 0 if NO_NAME.search(name) else self._build(place, name, title)
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
        word, tag = self.words.get(place, NO_WORD)
        is_tagged = tag in PERSON_TAGS
        if name[:2] in DOUBLE and len(self.plain(place)) < len(name):
            return 0
        if word == "" and not title:
            return None
        if (not title or tag[:1] in {"a", "d"} or (title == 1 and tag[:1] == "v")) and len(self.plain(place)) == 2:
            return None
        if word == name and tag in _FUNCTION_TAGS | {"v"} and name[0] in _FUNCTION_LETTERS:
            return None
        weight = -1 if not title and name[0] in WORDLIKE and not is_tagged else 0
        if is_tagged and (len(word) == len(name) or (len(word) < len(name) and place + len(name) in self.words)):
            return weight + (2 if title or len(name) == 3 else 1)
        known = len(self.plain(place))
        if known >= len(name):
            return weight - 4
        if known == 2 and len(name) == 3 and len(self.plain(place + 2)) > 1:
            return None
        if word == name:
            return weight + 1
        if known == 2 and len(name) == 3:
            return weight - (2 if tag.startswith("v") else 1 - title // 2)
        return weight

    def _acts(self, place: int, after: int) -> bool:
        """Tell whether the tagger sees one name here and a verb or adverbial after it."""
        word, tag = self.words.get(place, NO_WORD)
        return (
            tag in PERSON_TAGS
            and len(word) == after - place
            and self.words[after][1] in {"v", "d", "p", "t", "vn", "a", "ad", "c", "u", "m", "l", "i"}
        )
