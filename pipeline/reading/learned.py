"""The learned model: how much a passage's features speak for each side, for both, and for neither.

A linear model over hashed features (``features.py``), learned from our own labelled rows (``training/``). It weighs "this side"
alike for either side, so exchanging the sides exchanges its answer exactly. Keeps to itself the weights' file.
"""

from __future__ import annotations

import zlib
from functools import cache, cached_property
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from pipeline.reading.features import Span, features, sides_named, told_by_rules
from pipeline.reading.folding import fold
from pipeline.reading.masking import Mention
from pipeline.reading.words import NONE, words_of_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.reading.features import Told
    from pipeline.reading.ruling import Ruling

    Floats = NDArray[np.float64]

FILE: Final = "learned.npz"
_SHOWN: Final = 3
"""Words that are given as reasons, at most."""
_SHORT: Final = 4
"""Latin letters of a word that is too short to tell anything alone."""
_LEAST_SHOWN: Final = 0.1
"""Least that a word adds to be given as a reason."""


class Odds(NamedTuple):
    """What the model makes of one passage; the four shares add up to 1."""

    first: float
    """For side 0."""
    second: float
    """For side 1."""
    mixed: float
    neutral: float


_NOTHING: Final = Odds(0.0, 0.0, 0.0, 1.0)


class Scored:
    """The odds of one text's passages, and the words behind them."""

    def __init__(
        self, folded: str, mentions: Sequence[Mention], spans: Sequence[Span], ruled: Sequence[Ruling], *, han: bool
    ) -> None:
        """Score the spans of folded text; ``ruled`` is what the rules said of each.

        Where no side is named in the span, nor in what was said before it, nothing tells one from the other: neutral.
        """
        contexts, starts, ends = zip(*spans, strict=True)
        telling = [at for at, bits in enumerate(sides_named(mentions, contexts, ends)) if bits]
        named = sides_named(mentions, starts, ends)
        self.names_side: tuple[bool, ...] = tuple(map(bool, named))
        odds = [_NOTHING] * len(spans)
        self._at = {at: which for which, at in enumerate(telling)}
        if telling:
            self._words = words_of_text(folded, mentions)
            self._told = features(self._words, [spans[at] for at in telling])
            self._adds = _weights_of(self._told)
            by_rules = told_by_rules([named[at] for at in telling], [ruled[at] for at in telling], han=han)
            sums = _sums(by_rules, _weights_of(by_rules), len(telling)) + _sums(self._told, self._adds, len(telling))
            for at, found in zip(telling, _odds(sums), strict=True):
                odds[at] = found
        self.odds: tuple[Odds, ...] = tuple(odds)

    def reasons(self, which: int, side: int | None) -> tuple[tuple[int, int], ...]:
        """Return where the words of a span stand that speak most for the side (None: for both), the strongest first."""
        if which not in self._at:
            return ()
        at = self._at[which]
        total = self._for_both if side is None else self._for_side[side]
        first = int(self._told.first[at])
        places = range(first, first + int(self._told.length[at]))
        best = sorted((one for one in places if total[one] >= _LEAST_SHOWN), key=lambda one: -total[one])[:_SHOWN]
        words = self._words
        return tuple((int(words.starts[row]), int(words.ends[row])) for row in self._told.row[best])

    @cached_property
    def _for_side(self) -> tuple[list[float], list[float]]:
        """What each place's word adds for side 0, and for side 1."""
        adds = self._of_words(self._adds[0, :, 0] - self._adds[1, :, 0])
        return adds.tolist(), (-adds).tolist()

    @cached_property
    def _for_both(self) -> list[float]:
        """What each place's word adds for both sides."""
        adds: list[float] = self._of_words(self._adds[0, :, 1] + self._adds[1, :, 1]).tolist()
        return adds

    def _of_words(self, adds: Floats) -> Floats:
        """Return the features' sum for each place, 0 for a word that says nothing to a person who reads it alone."""
        told, words = self._told, self._words
        total = np.bincount(told.place, weights=adds[: len(told.place)], minlength=len(told.row))
        # No mark, no mention, no short word that judges nothing.
        is_long = (words.group > 0) | (words.first > 0) | (words.ends - words.starts > _SHORT)
        is_telling = (words.breaks == 0) & (words.side == NONE) & is_long
        return np.where(is_telling[told.row], total, 0.0)


def _weights_of(told: Told) -> Floats:
    """Return each feature's weights: for either telling, each feature, three."""
    return _by_bucket().take(told.bucket, axis=0)


def _sums(told: Told, adds: Floats, count: int) -> Floats:
    """Return what the features of ``count`` spans add up to: for either telling three rows, a column a span."""
    return np.array(
        [
            [np.bincount(told.span, weights=adds[telling, :, column], minlength=count) for column in range(3)]
            for telling in range(2)
        ]
    )


def _odds(sums: Floats) -> list[Odds]:
    """Return the spans' odds; ``sums`` holds for either telling what speaks for this side, for both, for neither."""
    sides, mixed, neutral = sums[:, 0], sums[0, 1] + sums[1, 1], sums[0, 2] + sums[1, 2]
    highest = np.maximum(np.maximum(sides[0], sides[1]), np.maximum(mixed, neutral))
    first, second, both, none = (np.exp(one - highest) for one in (*sides, mixed, neutral))
    # Added in an order that exchanging the sides does not change: mirrored texts get mirrored odds to the last bit.
    everything = (first + second) + both + none
    shares = np.stack([first, second, both, none], axis=1) / everything[:, None]
    return [Odds(*row) for row in shares.tolist()]


@cache
def _by_bucket() -> Floats:
    """Return the weights with a row a bucket, so that a feature's three lie side by side."""
    return np.ascontiguousarray(weights().T)


@cache
def weights() -> Floats:
    """Return the weights: a row each for a side, for both, for neither; a column a bucket."""
    with as_file(files(__package__) / FILE) as path, np.load(path) as stored:
        return np.asarray(stored["weights"] * stored["scale"][:, None], dtype=np.float64)


def probe() -> int:
    """Return a checksum of what the features make of a fixed passage: weights are good for the features that they were learned with."""
    folded = fold("开源模型更可靠,但闭源模型拖后腿? Open models are not safer than closed ones, however.")
    mentions = tuple(
        Mention(side=side, start=folded.index(term), end=folded.index(term) + len(term))
        for side, term in ((0, "开源模型"), (1, "闭源模型"), (0, "open models"), (1, "closed ones"))
    )
    told = features(words_of_text(folded, mentions), [Span(0, 0, 9), Span(9, 9, len(folded))])
    return zlib.crc32(b"".join(column.tobytes() for bucket in told.bucket for column in (bucket, told.span)))


def stored_probe() -> int:
    """Return the checksum of the features that the stored weights were learned with."""
    with as_file(files(__package__) / FILE) as path, np.load(path) as stored:
        return int(stored["probe"])


def save(learned: Floats, path: Path) -> None:
    """Write weights, rounded to a 127th of their row's largest, to a file that ``weights`` reads."""
    scale = np.abs(learned).max(axis=1) / 127
    rounded = np.rint(learned / scale[:, None]).astype(np.int8)
    np.savez_compressed(path, weights=rounded, scale=scale, probe=np.array(probe()))
