"""What a word is to the learned model: a text as columns of numbers, a row a word, a side's mention one word.

Keeps to itself how text is cut, what is made alike (digits, English endings), and which words break, negate, turn or ask.
"""

# ruff: noqa: PLR2004 - the numbers are lengths of words in letters, plain where they stand
from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from itertools import islice
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
    _VOCABULARY.forget_if_large()
    masked = masked_text(folded, mentions, 0, len(folded))
    numbers, starts = (_cut_han if _HAN.search(folded) else _cut_latin)(masked)
    begins = [mention.start for mention in mentions]
    rows = np.searchsorted(starts, begins, side="right")
    starts = np.insert(starts, rows, begins)
    table = _VOCABULARY.facts(np.insert(numbers, rows, _MENTION))
    rows = rows + np.arange(len(rows))
    side = np.full(len(starts), NONE, dtype=np.int64)
    side[rows] = [mention.side for mention in mentions]
    word, first, last, breaks, negates, turn, asks, lengths, _ = table
    ends = starts + lengths
    ends[rows] = [mention.end for mention in mentions]
    group = np.zeros(len(starts), dtype=np.int64)
    found = np.array(classes_in(masked), dtype=np.int64).reshape(-1, 2)
    at = np.searchsorted(starts, found[:, 0], side="right") - 1
    group[at[at >= 0]] = found[at >= 0, 1]
    group[rows] = 0
    return Words(
        starts=starts, ends=ends, word=word, first=first, last=last, side=side, group=group,
        breaks=breaks, negates=negates, turn=turn, asks=asks,
    )  # fmt: skip


def _cut_han(masked: str) -> tuple[Ints, Ints]:
    """Return the words' numbers in the vocabulary, and where they begin; a mention, which is cut sign by sign, has none."""
    import rjieba

    numbers = _VOCABULARY.numbers(rjieba.cut(masked))
    *_, lengths, is_word = _VOCABULARY.facts(numbers)
    kept = np.flatnonzero(is_word)
    return numbers[kept], (np.cumsum(lengths) - lengths)[kept]


def _cut_latin(masked: str) -> tuple[Ints, Ints]:
    matches = list(_WORD.finditer(masked))
    starts = np.array([match.start() for match in matches], dtype=np.int64)
    return _VOCABULARY.numbers([match[0] for match in matches]), starts


_FACTS: Final = 9
_MENTION: Final = 0
"""The number of the word that stands for a mention; all its facts are 0."""


class _Numbers(dict[str, int]):
    """Gives each new word the next number."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class _Vocabulary:
    """The facts of the words met so far in this process: the same ones come again and again."""

    _MOST = 200_000

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._numbers = _Numbers({"": _MENTION})
        self._table = np.zeros((_FACTS, 1), dtype=np.int64)
        self._known = 1

    def forget_if_large(self) -> None:
        """Begin anew where more words have been met than memory is well spent on; all numbers given so far are void then."""
        if self._known > self._MOST:
            self._begin()

    def numbers(self, words: Sequence[str]) -> Ints:
        """Return the words' numbers."""
        numbers = self._numbers
        found = np.array(list(map(numbers.__getitem__, words)), dtype=np.int64)
        if len(numbers) > self._known:
            self._learn(list(islice(numbers, self._known, None)))
        return found

    def _learn(self, words: Sequence[str]) -> None:
        """Note the facts of new words."""
        known, self._known = self._known, self._known + len(words)
        if self._known > self._table.shape[1]:
            # Twice as wide as need be: that it must be copied is seldom.
            wider = np.zeros((_FACTS, 2 * self._known), dtype=np.int64)
            wider[:, :known] = self._table[:, :known]
            self._table = wider
        self._table[:, known : self._known] = np.array([_facts(word) for word in words], dtype=np.int64).T

    def facts(self, numbers: Ints) -> Ints:
        """Return the facts of the words with these numbers, a row a fact, a column a word."""
        return self._table.take(numbers, axis=1)


def _facts(word: str) -> tuple[int, ...]:
    """Return a word's column: hash, first and last letters' hashes, whether it breaks, negates, turns, asks, its length, whether it is one."""
    if word.isspace() and word != "\n":
        # A line's end with more space around it is a line's end; other space is no word.
        return (*(_facts("\n") if "\n" in word else (0,) * _FACTS)[:-2], len(word), int("\n" in word))
    if word[0] == FILL:
        return (0,) * (_FACTS - 2) + (len(word), 0)
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
    return (
        _hash(stem), first, last, breaks, int(word in _NEGATIONS), turn, int(word in _QUESTIONS), len(word), 1,
    )  # fmt: skip


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass")) + 1


def _stem(word: str) -> str:
    """Return an English word without its ending, roughly: near enough that the forms of one word share a row."""
    for ending in _ENDINGS if len(word) > 4 else ():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)] + ("y" if ending in {"ies", "ied"} else "")
    return word


_VOCABULARY: Final = _Vocabulary()
