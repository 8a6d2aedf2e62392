"""What can be seen of a passage relative to either side: hashed features for the learned model, whole texts at a time.

A feature is a word (or a class of words, or a pair) together with where it stands toward the sides: which of them is named
before it in its clause, after it, earlier in the passage, or only in the text before. Each is told twice, once with side 0 as
"this side" and once with side 1, and in no other way: exchanging the sides exchanges the two tellings exactly. Keeps to itself
the templates and the hashing. Training (``training/``) and reading use the same functions.
"""

# ruff: noqa: PLR2004 - the numbers are codes and distances in words, plain where they stand
from __future__ import annotations

from dataclasses import dataclass
from itertools import product
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
        def __call__(self, template: int, at: Ints, *columns: Ints) -> None: ...


BITS: Final = 18
BUCKETS: Final = 1 << BITS
"""How many numbers features are hashed to."""
_SEEN: Final = np.array([[0, 1, 2, NONE], [1, 0, 2, NONE]], dtype=np.int64)
"""What a side is called in either telling: a row a telling, a column a side."""
_SEEN_SET: Final = np.array(
    [range(8), [(bits & 4) | ((bits & 1) << 1) | ((bits & 2) >> 1) for bits in range(8)]], dtype=np.int64
)
"""The same for a set of sides, as bits."""

_FRAME: Final = 6
"""Words between a negation and the mention after it whose frame it negates."""


class Span(NamedTuple):
    """A passage to be judged, as offsets of the text; what lies from ``context`` to ``start`` was said before it."""

    context: int
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """Features of some spans, told twice: with side 0, and with side 1, as "this side"."""

    bucket: Ints
    """A row a telling, a column a feature."""
    span: Ints
    """Which of the spans the feature is of, in either telling."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldWords(Told):
    """Features of spans' words. The spans' words lie behind one another, each in a place: a word of two spans has two."""

    place: Ints
    """Of the word that the feature stands at; the features of a span as a whole, which come last, have none."""
    row: Ints
    """Row of each place's word in the text."""
    first: Ints
    """First place of each span."""
    length: Ints
    """Places of each span."""


_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_SPREAD: Final = 0xC2B2AE3D27D4EB4F
_SPREAD_64: Final = np.uint64(_SPREAD)
_SHIFT: Final = np.uint64(29)
_KEPT: Final = np.uint64(64 - BITS)


def _bucket(template: int, *parts: Ints) -> Ints:
    """Hash the parts' columns, one bucket a column; each template has buckets of its own but for chance.

    A part may be one row for both tellings: what comes before the first that has two is hashed once.
    """
    mixed: NDArray[np.uint64] = np.array((template * _SPREAD + 1) % 2**64, dtype=np.uint64)
    for part in parts:
        mixed = mixed ^ part.view(np.uint64)
        mixed *= _GOLDEN
        mixed ^= mixed >> _SHIFT
    mixed = mixed * _SPREAD_64
    mixed >>= _KEPT
    bucket = mixed.view(np.int64)
    return bucket if bucket.ndim > 1 else np.stack([bucket, bucket])


def sides_named(mentions: Sequence[Mention], starts: Sequence[int], ends: Sequence[int]) -> list[int]:
    """Return which sides are named from each of ``starts`` to its end, as bits: 1 and 2 for the sides, 4 for both in one breath."""
    side = np.array([mention.side for mention in mentions], dtype=np.int64)
    low = np.searchsorted(np.array([mention.end for mention in mentions], dtype=np.int64), starts, side="right")
    high = np.searchsorted(np.array([mention.start for mention in mentions], dtype=np.int64), ends)
    named: list[int] = _sets(side, low, high).tolist()
    return named


def _sets(side: Ints, low: Ints, high: Ints) -> Ints:
    """Return which sides the mentions from each ``low`` to its ``high`` are of, as bits."""
    bits = np.zeros(len(low), dtype=np.int64)
    for one in range(3):
        before = np.concatenate([[0], np.cumsum(side == one)])
        bits |= (before[high] > before[low]).astype(np.int64) << one
    return bits


class _Rows:
    """The rows of all spans behind one another, and what each row's surroundings are."""

    def __init__(self, words: Words, spans: Sequence[Span]) -> None:
        contexts, starts, ends = np.array(spans, dtype=np.int64).reshape(-1, 3).T
        low = np.searchsorted(words.starts, starts)
        high = np.maximum(low, np.searchsorted(words.starts, ends))
        self.lengths = high - low
        self.count = len(spans)
        self.firsts = np.cumsum(self.lengths) - self.lengths
        self.span = np.repeat(np.arange(self.count), self.lengths)
        self.place = np.arange(len(self.span))
        self.opens = self.firsts[self.span]
        self.closes = self.opens + self.lengths[self.span]
        self.row = self.place + (low - self.firsts)[self.span]
        self.word, self.first, self.last = words.word[self.row], words.first[self.row], words.last[self.row]
        self.side, self.group = words.side[self.row], words.group[self.row]
        self.is_mention = self.side != NONE
        self._context(words, np.searchsorted(words.starts, contexts), low)
        self._surroundings(words)

    def _context(self, words: Words, before: Ints, low: Ints) -> None:
        """Note the sides named in the spans and in what was said before them: as a set (bits), and the last one."""
        self.named = np.zeros(self.count, dtype=np.int64)
        for side in range(3):
            self.named[self.span[self.side == side]] |= 1 << side
        rows = np.flatnonzero(words.side != NONE)
        side_of = words.side[rows]
        since, until = np.searchsorted(rows, before), np.searchsorted(rows, low)
        self.named_before = _sets(side_of, since, until)
        self.last_before = np.where(until > since, np.concatenate([side_of, [NONE]])[until - 1], NONE)

    def _surroundings(self, words: Words) -> None:
        breaks = words.breaks[self.row]
        clause = np.maximum(self._latest(breaks > 0), self.opens - 1)
        mention = self._latest(self.is_mention)
        named = np.where(mention >= 0, self.side[mention], NONE)
        self.left = np.where(mention > clause, named, NONE)
        self.earlier = np.where(mention >= self.opens, named, NONE)
        coming = self._next(self.is_mention)
        is_near = (coming < self._next(breaks > 0)) & (coming < self.closes)
        self.right = np.where(is_near, self.side[np.minimum(coming, len(self.place) - 1)], NONE)
        self.context = self.last_before[self.span]
        negation = self._latest(words.negates[self.row] > 0)
        self.negated = (
            (negation > clause) & (negation > mention) & (self.place > negation) & (self.place - negation <= 3)
        ).astype(np.int64)
        turns = words.turn[self.row]
        turn = self._latest(turns > 0)
        sentence = np.maximum(self._latest(breaks == 2), self.opens - 1)
        self.turn = np.where(turn > sentence, turns[turn], 0)
        before = np.concatenate([[-1], self._latest(self.group > 0)[:-1]]) if len(self.place) else self.place
        self.group_before = np.where(before > clause, self.group[before], 0)
        self._frames(clause, mention, negation)
        self.word_before = np.where(self.place == self.opens, 1, self.word[self.place - 1])
        self.asks = np.zeros(self.count, dtype=np.int64)
        self.asks[self.span[words.asks[self.row] > 0]] = 1

    def _frames(self, clause: Ints, mention: Ints, negation: Ints) -> None:
        """Note of each word what the clause has said before the mention that it follows (should not treat A as a threat)."""
        in_clause = mention > clause
        negated = (negation > clause) & (self.place - negation <= _FRAME)
        self.frame = np.where(in_clause, self.group_before[mention], 0)
        self.frame_negated = np.where(in_clause, negated[mention], False).astype(np.int64)  # noqa: FBT003 - a value, no switch

    def _latest(self, marked: NDArray[np.bool_]) -> Ints:
        """Return for each place the last marked one up to it, -1 where there is none."""
        return np.maximum.accumulate(np.where(marked, self.place, -1))

    def _next(self, marked: NDArray[np.bool_]) -> Ints:
        """Return for each place the next marked one from it on; beyond the end where there is none."""
        return np.minimum.accumulate(np.where(marked, self.place, len(self.place))[::-1])[::-1]


def _nearest() -> tuple[Ints, Ints]:
    """Return what is near a word, and what is on both its hands, by the number that ``left``, ``right``, ``earlier`` and ``context`` make."""
    near = np.full((2, 256), 16, dtype=np.int64)
    both = near.copy()
    for telling, number in product(range(2), range(256)):
        places = [int(_SEEN[telling, (number >> shift) & 3]) for shift in (6, 4, 2, 0)]
        near[telling, number] = next((4 * at + side for at, side in enumerate(places) if side != NONE), 16)
        left, right, *_ = places
        both[telling, number] = near[telling, number] if left == right == NONE else 20 + 4 * left + right
    return near, both


_NEAR, _BOTH = _nearest()


def features(words: Words, spans: Sequence[Span]) -> ToldWords:
    """Return the features of the spans, of which there is at least one."""
    rows = _Rows(words, spans)
    buckets: list[Ints] = []
    places: list[Ints] = []

    def tell(template: int, at: Ints, *columns: Ints) -> None:
        buckets.append(_bucket(template, *(column.take(at, axis=-1) for column in columns)))
        places.append(at)

    _tell_words(rows, tell)
    shown = np.where(rows.is_mention, 2 + _SEEN[:, rows.side], rows.word)
    kind = np.where(rows.is_mention, 200 + _SEEN[:, rows.side], rows.group)
    _tell_windows(rows, tell, shown, kind)
    place = np.concatenate(places)
    whole, span_of_whole = _of_whole(rows, shown)
    return ToldWords(
        bucket=np.concatenate([*buckets, *whole], axis=1),
        span=np.concatenate([rows.span[place], *span_of_whole]),
        place=place,
        row=rows.row,
        first=rows.firsts,
        length=rows.lengths,
    )


def _tell_words(rows: _Rows, tell: _Tell) -> None:
    """Tell of each word where it stands toward the sides."""
    number = (rows.left << 6) | (rows.right << 4) | (rows.earlier << 2) | rows.context
    near, both = _NEAR[:, number], _BOTH[:, number]
    is_word = ~rows.is_mention
    all_words, grouped = np.flatnonzero(is_word), np.flatnonzero(is_word & (rows.group > 0))
    asks = rows.asks[rows.span[grouped]]
    tell(1, all_words, rows.word, near)
    tell(2, all_words, rows.word, both)
    tell(3, np.flatnonzero(is_word & (rows.negated > 0)), rows.word, near)
    tell(4, np.flatnonzero(is_word & (rows.word_before > 0)), rows.word_before, rows.word, near)
    tell(5, grouped, rows.group, near, rows.negated)
    tell(6, grouped, rows.group, both, rows.negated)
    tell(7, grouped[rows.turn[grouped] > 0], rows.group, near, rows.negated, rows.turn)
    tell(8, grouped[rows.group_before[grouped] > 0], rows.group_before, rows.group, near, rows.negated)
    tell(9, grouped[asks > 0], rows.group, near)
    tell(10, all_words, rows.word)
    tell(11, np.flatnonzero(is_word & (rows.first > 0)), rows.first, near)
    tell(11, np.flatnonzero(is_word & (rows.last > 0)), rows.last, near)
    is_framed = (rows.frame > 0) | (rows.frame_negated > 0)
    tell(12, grouped[is_framed[grouped]], rows.group, near, rows.frame, rows.frame_negated, rows.negated)
    tell(13, np.flatnonzero(is_word & (rows.frame > 0)), rows.word, near, rows.frame)
    tell(14, np.flatnonzero(is_word & (rows.frame_negated > 0)), rows.word, near)


def _tell_windows(rows: _Rows, tell: _Tell, shown: Ints, kind: Ints) -> None:
    """Tell what stands right beside each mention: words, and classes of words."""
    mentions = np.flatnonzero(rows.is_mention)
    side = _SEEN[:, rows.side]
    tell(30, mentions, side, rows.frame, rows.frame_negated)
    opens, closes = rows.opens[mentions], rows.closes[mentions]
    for base, column, outside in ((20, shown, (7, 8)), (25, kind, (210, 211))):
        one, two, next_one, next_two = (np.empty_like(side) for _ in range(4))
        for there, by in ((one, -1), (two, -2), (next_one, 1), (next_two, 2)):
            at = mentions + by
            is_out = (at < opens) | (at >= closes)
            there[:, mentions] = np.where(is_out, outside[by > 0], column.take(at, axis=1, mode="clip"))
        windows = ((one,), (two, one), (next_one,), (next_one, next_two), (one, next_one))
        for template, columns in enumerate(windows, base):
            tell(template, mentions, side, *columns)


def _of_whole(rows: _Rows, shown: Ints) -> tuple[list[Ints], list[Ints]]:
    """Return the features of the spans as wholes, and which span each is of."""
    whole = np.arange(rows.count)
    named, before, last = _SEEN_SET[:, rows.named], _SEEN_SET[:, rows.named_before], _SEEN[:, rows.last_before]
    lengths = np.minimum(5, rows.lengths // 8)
    templates = ((named,), (before,), (named, before), (last, named), (lengths,), (rows.asks, named), (0 * whole,))
    buckets = [_bucket(template, *columns) for template, columns in enumerate(templates, 40)]
    filled = np.flatnonzero(rows.lengths > 0)
    first = rows.firsts[filled]
    for template, ends in ((47, first), (48, first + rows.lengths[filled] - 1)):
        buckets.append(_bucket(template, shown[:, ends]))
    return buckets, [whole] * len(templates) + [filled] * 2


def told_by_rules(named: Sequence[int], ruled: Sequence[Ruling], *, han: bool) -> Told:
    """Return what the rules found as features of the spans: which way, how far, how sure; ``named``: each span's sides as bits."""
    way = np.array([[_way(ruling, side) for ruling in ruled] for side in (0, 1)], dtype=np.int64)
    sure = np.array([int(ruling.confidence * 10) for ruling in ruled], dtype=np.int64)
    toward_first = np.array([max(-5, min(5, round(2 * ruling.lean))) for ruling in ruled], dtype=np.int64)
    lean = np.stack([10 + toward_first, 10 - toward_first])
    language = np.full(len(ruled), int(han), dtype=np.int64)
    sides = _SEEN_SET[:, list(named)]
    templates = ((way,), (way, sure, language), (way, sides), (lean,), (lean, language), (lean, sides))
    return Told(
        bucket=np.concatenate([_bucket(template, *columns) for template, columns in enumerate(templates, 60)], axis=1),
        span=np.tile(np.arange(len(ruled)), len(templates)),
    )


def _way(ruling: Ruling, side: int) -> int:
    """Return 0 where they rule for the side, 1 for the other, 2 for mixed, 3 for neither though cues spoke, 4 for silence."""
    if ruling.side is not None:
        return int(ruling.side != side)
    return 2 if ruling.is_mixed else 3 if ruling.because else 4
