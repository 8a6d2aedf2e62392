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
    from pipeline.reading.words import Words

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
        telling = [at for at, span in enumerate(spans) if sides_named(mentions, span.context, span.end)]
        named = [sides_named(mentions, span.start, span.end) for span in spans]
        self.names_side: tuple[bool, ...] = tuple(map(bool, named))
        odds = [_NOTHING] * len(spans)
        self._at = {at: which for which, at in enumerate(telling)}
        if telling:
            self._words = words_of_text(folded, mentions)
            self._told = features(self._words, [spans[at] for at in telling])
            self._weights = weights()
            by_rules = told_by_rules([named[at] for at in telling], [ruled[at] for at in telling], han=han)
            told = [(one, self._told[at]) for at, one in enumerate(by_rules)]
            for at, found in zip(telling, _odds(self._weights, told, len(telling)), strict=True):
                odds[at] = found
        self.odds: tuple[Odds, ...] = tuple(odds)

    def reasons(self, which: int, side: int | None) -> tuple[tuple[int, int], ...]:
        """Return where the words of a span stand that speak most for the side (None: for both), the strongest first."""
        if which not in self._at:
            return ()
        low, high = np.searchsorted(self._order[0], (self._at[which], self._at[which] + 1))
        chosen = self._order[1][low:high]
        first, second = (one.bucket[chosen] for one in self._told)
        for_side, for_both, _ = self._weights
        adds = for_both[first] + for_both[second] if side is None else for_side[first] - for_side[second]
        at = self._told[0].at[chosen]
        adds, at = adds[at >= 0] * (-1 if side == 1 else 1), at[at >= 0]
        if not len(at):
            return ()
        first_row = int(at.min())
        total = np.bincount(at - first_row, weights=adds)
        best = [int(row) + first_row for row in np.argsort(-total, kind="stable") if total[row] >= _LEAST_SHOWN]
        words = self._words
        spans = [(int(words.starts[row]), int(words.ends[row])) for row in best if _is_telling(words, row)]
        return tuple(spans[:_SHOWN])

    @cached_property
    def _order(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The features' numbers sorted by span, and each one's span."""
        order = np.argsort(self._told[0].span, kind="stable").astype(np.int64)
        return self._told[0].span[order], order


def _is_telling(words: Words, row: int) -> bool:
    """Tell whether a word says something to a person who reads it alone: no mark, no short word that judges nothing."""
    length = words.ends[row] - words.starts[row]
    return (
        not words.breaks[row]
        and words.side[row] == NONE
        and (words.group[row] > 0 or words.first[row] > 0 or length > _SHORT)
    )


def _odds(weights: Floats, told: Sequence[tuple[Told, Told]], count: int) -> list[Odds]:
    """Return the odds of ``count`` spans; ``told`` holds for each side what the rules and what the words tell."""
    for_side, for_both, for_none = weights

    def total(column: Floats, of: tuple[Told, Told]) -> Floats:
        by_rules, by_words = (np.bincount(one.span, weights=column[one.bucket], minlength=count) for one in of)
        return np.asarray(by_rules + by_words, dtype=np.float64)

    sides = [total(for_side, of) for of in told]
    mixed = total(for_both, told[0]) + total(for_both, told[1])
    neutral = total(for_none, told[0]) + total(for_none, told[1])
    highest = np.maximum(np.maximum(sides[0], sides[1]), np.maximum(mixed, neutral))
    first, second, both, none = (np.exp(one - highest) for one in (*sides, mixed, neutral))
    # Added in an order that exchanging the sides does not change: mirrored texts get mirrored odds to the last bit.
    everything = (first + second) + both + none
    shares = np.stack([first, second, both, none], axis=1) / everything[:, None]
    return [Odds(*row) for row in shares.tolist()]


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
    return zlib.crc32(b"".join(column.tobytes() for one in told for column in (one.bucket, one.span)))


def stored_probe() -> int:
    """Return the checksum of the features that the stored weights were learned with."""
    with as_file(files(__package__) / FILE) as path, np.load(path) as stored:
        return int(stored["probe"])


def save(learned: Floats, path: Path) -> None:
    """Write weights, rounded to a 127th of their row's largest, to a file that ``weights`` reads."""
    scale = np.abs(learned).max(axis=1) / 127
    rounded = np.rint(learned / scale[:, None]).astype(np.int8)
    np.savez_compressed(path, weights=rounded, scale=scale, probe=np.array(probe()))
