"""What a word is to the learned model: a text as columns of numbers, a row a word, a side's mention one word.

Keeps to itself how text is cut, what is made alike (digits, English endings), and which words break, negate, turn or ask.
"""

# ruff: noqa: PLR2004 - the numbers are lengths of words in letters, plain where they stand
from __future__ import annotations

import re
import zlib
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Final

import numpy as np

from pipeline.reading.clauses import FILL, masked_text
from pipeline.reading.lexicon import classes_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.reading.masking import Mention

    Ints = NDArray[np.int64]

NONE: Final = 3
"""The side of a word that is no mention, and of a place where none is near (0 and 1 are the sides, 2 is both at once)."""
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_WORD: Final = re.compile(rf"[a-z]+(?:'[a-z]+)?|\d[\d.,]*%?|[^\sa-z\d{FILL}]")
_BREAKS: Final = frozenset(",;:。!?\n.…—")
_STOPS: Final = frozenset("。!?\n;.")
_NEGATIONS: Final = frozenset(
    [
        "不",
        "没",
        "没有",
        "未",
        "无",
        "别",
        "非",
        "不是",
        "不会",
        "不能",
        "无法",
        "并非",
        "并不",
        "绝不",
        "从不",
        "不再",
        "难以",
        "不要",
        "不必",
        "不该",
        "不应",
        "不可",
        "勿",
        "莫",
        "毫无",
        "很难",
        "难",
        "not",
        "no",
        "never",
        "without",
        "neither",
        "nor",
        "cannot",
        "can't",
        "don't",
        "doesn't",
        "didn't",
        "won't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "wouldn't",
        "shouldn't",
        "couldn't",
        "hardly",
        "nothing",
        "none",
        "nobody",
    ]
)
_TURNS: Final = (
    frozenset(
        ["但", "但是", "然而", "不过", "却", "反而", "可是", "只是", "however", "yet", "but", "though", "although"]
    ),
    frozenset(["虽然", "尽管", "虽", "即使", "哪怕", "固然", "诚然", "while", "despite", "even"]),
    frozenset(["如果", "若", "假如", "除非", "要是", "一旦", "if", "unless"]),
)
"""Words that say what the words after them are worth: the half that counts, the half that is granted, a condition."""
_QUESTIONS: Final = frozenset(["?", "吗", "呢", "难道", "谁", "何", "什么", "哪", "how", "why", "what"])
_ENDINGS: Final = ("ingly", "edly", "ing", "ies", "ied", "ed", "es", "s", "ly")


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """A text's words as columns of numbers, one row a word; a mention of a side is one word."""

    starts: Ints
    ends: Ints
    word: Ints
    """Hash of the word; 0: a mention."""
    first: Ints
    """Hash of its first letters (0: too short), so that unknown words have kin; ``last`` of its last."""
    last: Ints
    side: Ints
    """NONE: no mention."""
    group: Ints
    """Class of the lexicon's word that begins here, or 0."""
    breaks: Ints
    """1: a mark that ends a clause, 2: a sentence."""
    negates: Ints
    turn: Ints
    """1 to 3: opens what _TURNS says."""
    asks: Ints


def words_of_text(folded: str, mentions: Sequence[Mention]) -> Words:
    """Return the words of folded text; ``mentions`` are in order and do not overlap."""
    masked = masked_text(folded, mentions, 0, len(folded))
    words: list[str] = []
    starts: list[int] = []
    (_cut_han if _HAN.search(folded) else _cut_latin)(masked, words, starts)
    rows = _put_in(mentions, words, starts)
    sides = {row: mention.side for row, mention in zip(rows, mentions, strict=True)}
    table = _VOCABULARY.rows(words)
    side = np.full(len(words), NONE, dtype=np.int64)
    side[list(sides)] = list(sides.values())
    group = np.zeros(len(words), dtype=np.int64)
    for start, number in classes_in(masked):
        row = bisect_right(starts, start) - 1
        if row >= 0 and words[row]:
            group[row] = number
    begins = np.array(starts, dtype=np.int64)
    ends = begins + np.array(list(map(len, words)), dtype=np.int64)
    ends[list(sides)] = [mention.end for mention in mentions]
    word, first, last, breaks, negates, turn, asks = table
    return Words(
        starts=begins, ends=ends, word=word, first=first, last=last, side=side, group=group,
        breaks=breaks, negates=negates, turn=turn, asks=asks,
    )  # fmt: skip


def _cut_han(masked: str, words: list[str], starts: list[int]) -> None:
    import rjieba

    found = rjieba.cut(masked)
    for word, start in zip(found, accumulate(map(len, found), initial=0), strict=False):
        if word[0] == FILL or word == " ":
            continue
        if not word.isspace():
            words.append(word)
            starts.append(start)
        elif "\n" in word:
            words.append("\n")
            starts.append(start)


def _cut_latin(masked: str, words: list[str], starts: list[int]) -> None:
    for match in _WORD.finditer(masked):
        words.append(match[0])
        starts.append(match.start())


def _put_in(mentions: Sequence[Mention], words: list[str], starts: list[int]) -> list[int]:
    """Put an empty word in for each mention, in its place, and return their rows."""
    rows = [bisect_right(starts, mention.start) + before for before, mention in enumerate(mentions)]
    for row, mention in zip(rows, mentions, strict=True):
        words.insert(row, "")
        starts.insert(row, mention.start)
    return rows


class _Vocabulary:
    """The rows of the words met so far in this process: the same ones come again and again."""

    _MOST = 200_000

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._facts: list[tuple[int, ...]] = []
        self._table = np.zeros((0, 7), dtype=np.int64)

    def rows(self, words: Sequence[str]) -> Ints:
        """Return the words' facts, a row a fact, a column a word."""
        if len(self._numbers) > self._MOST:
            self._numbers, self._facts, self._table = {}, [], np.zeros((0, 7), dtype=np.int64)
        numbers = self._numbers
        for word in words:
            if word not in numbers:
                numbers[word] = len(self._facts)
                self._facts.append(_facts(word))
        if len(self._facts) > len(self._table):
            new = np.array(self._facts[len(self._table) :], dtype=np.int64).reshape(-1, 7)
            self._table = np.concatenate([self._table, new])
        return np.ascontiguousarray(self._table[[numbers[word] for word in words]].reshape(len(words), 7).T)


def _facts(word: str) -> tuple[int, int, int, int, int, int, int]:
    """Return a word's row: hash, first and last letters' hashes, whether it breaks, negates, turns, asks."""
    if not word:
        return 0, 0, 0, 0, 0, 0, 0
    first = last = 0
    stem = word
    if not word.isascii() and len(word) > 1:
        first, last = _hash("c" + word[0]), _hash("c" + word[-1])
    elif word[0].isdigit():
        stem = "<n>"
    elif word.isascii():
        stem = _stem(word)
        first = _hash("p" + word[:6]) if len(word) > 6 else 0
    breaks = 2 if word in _STOPS else int(word in _BREAKS)
    turn = next((number for number, listed in enumerate(_TURNS, 1) if word in listed), 0)
    return _hash(stem), first, last, breaks, int(word in _NEGATIONS), turn, int(word in _QUESTIONS)


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) + 1


def _stem(word: str) -> str:
    """Return an English word without its ending, roughly: near enough that the forms of one word share a row."""
    for ending in _ENDINGS if len(word) > 4 else ():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


_VOCABULARY: Final = _Vocabulary()
