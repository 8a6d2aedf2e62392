"""What can be seen of a passage relative to either side: hashed features for the learned model, whole texts at a time.

A feature is a word (or a class of words, or a pair) together with where it stands toward the sides: which of them is named
before it in its clause, after it, earlier in the passage, or only in the text before. Each is told twice, once with side 0 as
"this side" and once with side 1, and in no other way: exchanging the sides exchanges the two tellings exactly. Keeps to itself
the templates and the hashing. Training (``training/``) and reading use the same functions.
"""

# ruff: noqa: PLR2004 - the numbers are codes and distances in words, plain where they stand
from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.reading.words import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from numpy.typing import NDArray

    from pipeline.reading.masking import Mention
    from pipeline.reading.ruling import Ruling
    from pipeline.reading.words import Words

    Ints = NDArray[np.int64]

    class _Tell(Protocol):
        def __call__(self, at: Ints, template: int, *columns: Ints) -> None: ...


_end_of: Final = attrgetter("end")
BITS: Final = 18
BUCKETS: Final = 1 << BITS
"""How many numbers features are hashed to."""
_SWAPPED: Final = np.array([1, 0, 2, NONE], dtype=np.int64)


class Span(NamedTuple):
    """A passage to be judged, as offsets of the text; what lies from ``context`` to ``start`` was said before it."""

    context: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Features of some spans with one of the sides as "this side"; the three columns run along."""

    bucket: Ints
    span: Ints
    """Which of the spans the feature is of."""
    at: Ints
    """Row of the word that it stands at; -1: it is of the span as a whole."""


_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD: Final = 0xC2B2AE3D27D4EB4F


def _bucket(template: int, *parts: Ints) -> Ints:
    """Hash the parts' rows, one bucket a row; each template has buckets of its own but for chance."""
    mixed = np.full(len(parts[0]), (template * _SPREAD + 1) % 2**64, dtype=np.uint64)
    for part in parts:
        mixed = (mixed ^ part.astype(np.uint64)) * _GOLDEN
        mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(_SPREAD)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


def sides_named(mentions: Sequence[Mention], start: int, end: int) -> int:
    """Return which sides are named from ``start`` to ``end``, as bits: 1 and 2 for the sides, 4 for both in one breath."""
    bits = 0
    for at in range(bisect_right(mentions, start, key=_end_of), len(mentions)):
        if mentions[at].start >= end:
            break
        bits |= 1 << mentions[at].side
    return bits


class _Rows:
    """The rows of all spans behind one another, and what each row's surroundings are."""

    def __init__(self, words: Words, spans: Sequence[Span]) -> None:
        low = np.searchsorted(words.starts, [span.start for span in spans])
        high = np.maximum(low, np.searchsorted(words.starts, [span.end for span in spans]))
        self.lengths = high - low
        self.count = len(spans)
        self.firsts = np.cumsum(self.lengths) - self.lengths
        self.span = np.repeat(np.arange(self.count), self.lengths)
        self.place = np.arange(len(self.span))
        self.opens = np.repeat(self.firsts, self.lengths)
        self.closes = self.opens + np.repeat(self.lengths, self.lengths)
        self.row = self.place - self.opens + np.repeat(low, self.lengths)
        self.word, self.first, self.last = words.word[self.row], words.first[self.row], words.last[self.row]
        self.side, self.group = words.side[self.row], words.group[self.row]
        self._context(words, spans, low)
        self._surroundings(words)

    def _context(self, words: Words, spans: Sequence[Span], low: Ints) -> None:
        """Note the sides named in the spans and in what was said before them: as a set (bits), and the last one."""
        before = np.searchsorted(words.starts, [span.context for span in spans])
        self.named = np.zeros(self.count, dtype=np.int64)
        self.named_before = np.zeros(self.count, dtype=np.int64)
        self.last_before = np.full(self.count, NONE, dtype=np.int64)
        for side in range(3):
            np.bitwise_or.at(self.named, self.span[self.side == side], 1 << side)
        for which in range(self.count):
            sides = words.side[before[which] : low[which]]
            sides = sides[sides != NONE]
            if len(sides):
                self.last_before[which] = sides[-1]
                self.named_before[which] = np.bitwise_or.reduce(1 << sides)

    def _surroundings(self, words: Words) -> None:
        breaks, asks = words.breaks[self.row], words.asks[self.row]
        is_mention = self.side != NONE
        clause = np.maximum(self._latest(breaks > 0), self.opens - 1)
        mention = self._latest(is_mention)
        named = np.where(mention >= 0, self.side[mention], NONE)
        self.left = np.where(mention > clause, named, NONE)
        self.earlier = np.where(mention >= self.opens, named, NONE)
        coming = self._next(is_mention)
        is_near = (coming < self._next(breaks > 0)) & (coming < self.closes)
        self.right = np.where(is_near, self.side[np.minimum(coming, len(self.place) - 1)], NONE)
        self.context = self.last_before[self.span]
        negation = self._latest(words.negates[self.row] > 0)
        self.negated = (
            (negation > clause) & (negation > mention) & (self.place > negation) & (self.place - negation <= 3)
        ).astype(np.int64)
        turn = self._latest(words.turn[self.row] > 0)
        sentence = np.maximum(self._latest(breaks == 2), self.opens - 1)
        self.turn = np.where(turn > sentence, words.turn[self.row][turn], 0)
        before = np.concatenate([[-1], self._latest(self.group > 0)[:-1]])
        self.group_before = np.where(before > clause, self.group[before], 0)
        self.word_before = np.where(
            self.place == self.opens, 1, np.concatenate([[0], self.word[:-1]]) if len(self.word) else self.word
        )
        self.asks = np.zeros(self.count, dtype=np.int64)
        np.maximum.at(self.asks, self.span, asks)

    def _latest(self, marked: NDArray[np.bool_]) -> Ints:
        """Return for each place the last marked one up to it, -1 where there is none."""
        return np.maximum.accumulate(np.where(marked, self.place, -1))

    def _next(self, marked: NDArray[np.bool_]) -> Ints:
        """Return for each place the next marked one from it on; beyond the end where there is none."""
        return np.minimum.accumulate(np.where(marked, self.place, len(self.place))[::-1])[::-1]

    def beside(self, column: Ints, by: int, outside: int) -> Ints:
        """Return the column's values ``by`` places further on in the same span, ``outside`` where that ends."""
        moved = np.roll(column, -by)
        there = self.place + by
        return np.where((there < self.opens) | (there >= self.closes), outside, moved)


def features(words: Words, spans: Sequence[Span]) -> tuple[Told, Told]:
    """Return the features of the spans with side 0, and with side 1, as "this side"; at least one span holds a word."""
    rows = _Rows(words, spans)
    return _told(rows, swap=False), _told(rows, swap=True)


def _told(rows: _Rows, *, swap: bool) -> Told:
    def seen(sides: Ints) -> Ints:
        return _SWAPPED[sides] if swap else sides

    def seen_set(bits: Ints) -> Ints:
        return (bits & 4) | ((bits & 1) << 1) | ((bits & 2) >> 1) if swap else bits

    buckets: list[Ints] = []
    places: list[Ints] = []

    def tell(at: Ints, template: int, *columns: Ints) -> None:
        buckets.append(_bucket(template, *(column[at] for column in columns)))
        places.append(at)

    left, right, earlier, context = (seen(one) for one in (rows.left, rows.right, rows.earlier, rows.context))
    near = np.select(
        [left != NONE, right != NONE, earlier != NONE, context != NONE],
        [left, 4 + right, 8 + earlier, 12 + context],
        16,
    )
    both = np.where((left != NONE) | (right != NONE), 20 + 4 * left + right, near)
    is_word = rows.side == NONE
    all_words, grouped = np.flatnonzero(is_word), np.flatnonzero(is_word & (rows.group > 0))
    asks = rows.asks[rows.span]
    tell(all_words, 1, rows.word, near)
    tell(all_words, 2, rows.word, both)
    tell(np.flatnonzero(is_word & (rows.negated > 0)), 3, rows.word, near)
    tell(np.flatnonzero(is_word & (rows.word_before > 0)), 4, rows.word_before, rows.word, near)
    tell(grouped, 5, rows.group, near, rows.negated)
    tell(grouped, 6, rows.group, both, rows.negated)
    tell(grouped[rows.turn[grouped] > 0], 7, rows.group, near, rows.negated, rows.turn)
    tell(grouped[rows.group_before[grouped] > 0], 8, rows.group_before, rows.group, near, rows.negated)
    tell(grouped[asks[grouped] > 0], 9, rows.group, near)
    tell(all_words, 10, rows.word)
    tell(np.flatnonzero(is_word & (rows.first > 0)), 11, rows.first, near)
    tell(np.flatnonzero(is_word & (rows.last > 0)), 11, rows.last, near)
    shown = np.where(is_word, rows.word, 2 + seen(rows.side))
    kind = np.where(is_word, rows.group, 200 + seen(rows.side))
    _tell_windows(rows, tell, np.flatnonzero(~is_word), seen(rows.side), shown, kind)
    whole = np.arange(rows.count)
    named, before, last = seen_set(rows.named), seen_set(rows.named_before), seen(rows.last_before)
    lengths = np.minimum(5, rows.lengths // 8)
    span_of = [rows.span[at] for at in places]
    for template, columns in enumerate(
        ((named,), (before,), (named, before), (last, named), (lengths,), (rows.asks, named), (0 * whole,)), 40
    ):
        buckets.append(_bucket(template, *columns))
        span_of.append(whole)
    filled = np.flatnonzero(rows.lengths > 0)
    for template, ends in ((47, rows.firsts[filled]), (48, rows.firsts[filled] + rows.lengths[filled] - 1)):
        buckets.append(_bucket(template, shown[ends]))
        span_of.append(filled)
    at = np.concatenate([rows.row[place] for place in places])
    buckets_all = np.concatenate(buckets)
    return Told(
        bucket=buckets_all,
        span=np.concatenate(span_of),
        at=np.concatenate([at, np.full(len(buckets_all) - len(at), -1, dtype=np.int64)]),
    )


def told_by_rules(named: Sequence[int], ruled: Sequence[Ruling], *, han: bool) -> tuple[Told, Told]:
    """Return what the rules found as features of the spans: which way, how far, how sure; ``named``: each span's sides as bits."""
    return tuple(_ruled(named, ruled, han=han, side=side) for side in (0, 1))  # type: ignore[return-value]


def _ruled(named: Sequence[int], ruled: Sequence[Ruling], *, han: bool, side: int) -> Told:
    def column(values: list[int]) -> Ints:
        return np.array(values, dtype=np.int64)

    way = column([_way(ruling, side) for ruling in ruled])
    sure = column([int(ruling.confidence * 10) for ruling in ruled])
    lean = column([max(-5, min(5, round(2 * ruling.lean * (1 - 2 * side)))) + 10 for ruling in ruled])
    language = column([int(han)] * len(ruled))
    sides = column([(bits & 4) | ((bits & 1) << 1) | ((bits & 2) >> 1) if side else bits for bits in named])
    templates = ((way,), (way, sure, language), (way, sides), (lean,), (lean, language), (lean, sides))
    whole = np.arange(len(ruled))
    return Told(
        bucket=np.concatenate([_bucket(template, *columns) for template, columns in enumerate(templates, 60)]),
        span=np.concatenate([whole] * len(templates)),
        at=np.full(len(ruled) * len(templates), -1, dtype=np.int64),
    )


def _way(ruling: Ruling, side: int) -> int:
    """Return 0 where they rule for the side, 1 for the other, 2 for mixed, 3 for neither though cues spoke, 4 for silence."""
    if ruling.side is not None:
        return int(ruling.side != side)
    return 2 if ruling.is_mixed else 3 if ruling.because else 4


def _tell_windows(rows: _Rows, tell: _Tell, mentions: Ints, side: Ints, shown: Ints, kind: Ints) -> None:
    """Tell what stands right beside each mention: words, and classes of words."""
    for base, column, outside in ((20, shown, (7, 8)), (25, kind, (210, 211))):
        one, two = rows.beside(column, -1, outside[0]), rows.beside(column, -2, outside[0])
        next_one, next_two = rows.beside(column, 1, outside[1]), rows.beside(column, 2, outside[1])
        windows = ((one,), (two, one), (next_one,), (next_one, next_two), (one, next_one))
        for template, columns in enumerate(windows, base):
            tell(mentions, template, side, *columns)
