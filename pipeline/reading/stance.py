"""From what the rules and the learned model say of a passage to its stance: which side, how sure, and the words that decided.

The model decides, being told what the rules found; where it is unsure between the sides, nothing is said. Keeps to itself the thresholds
and the calibration of confidence (``docs/reading.md`` says how they were found).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.learned import Odds
    from pipeline.reading.ruling import Ruling

_RULES_WEIGH: Final = {True: 0.3, False: 0.4}
"""What the rules' own verdict counts (Han, other) beside the model's odds, which know it only as one sign among many."""
_LEAST: Final = 0.36
"""Least share of the odds that makes a side."""
_TIMES_THE_OTHER: Final = {True: 2.3, False: 2.7}
"""How many times the other side's share it must be (Han, other): a speaker on the wrong side is worse than one on neither."""
_TIMES_UNNAMED: Final = {True: 4.0, False: 6.0}
"""The same where the passage names no side and only takes up what was said before: that is where the model errs most."""
_MIXED_OVER_NEUTRAL: Final = 0.8
"""From this share of neutral's odds on, mixed goes before neutral."""
_SURENESS: Final = {True: (0.28, 0.95), False: (-0.4, 0.95)}
"""Calibration (Han, other): constant, and weight of the side's log odds. Set on articles of our own that the model had not seen, and on real ones: what is given .8 or more has the right side in 19 of 20."""
_MOST_SURE: Final = 0.97
_LEAST_SURE: Final = 0.4
_REASONS: Final = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a passage makes of the question; ``side`` is 0, 1 or None (neither)."""

    side: int | None
    is_mixed: bool
    score: float
    """-1..1, above 0 for side 0."""
    confidence: float
    because: tuple[tuple[int, int], ...]
    """Where the words stand that decided, the weightiest first."""


def settle(
    ruling: Ruling,
    odds: Odds,
    reasons: Callable[[int | None], tuple[tuple[int, int], ...]],
    *,
    han: bool,
    names_side: bool,
) -> Verdict:
    """Return the stance; ``reasons`` gives the words that the model went by for a side, or (None) for both sides."""
    by_rules = _RULES_WEIGH[han]
    voices = [(1 - by_rules) * share for share in (odds.first, odds.second, odds.mixed, odds.neutral)]
    voices[ruling.side if ruling.side is not None else 2 if ruling.is_mixed else 3] += by_rules
    first, second, mixed, neutral = voices
    high, low = max(first, second), min(first, second)
    score = first - second if ruling.side is not None else odds.first - odds.second
    times = (_TIMES_THE_OTHER if names_side else _TIMES_UNNAMED)[han]
    if high >= _LEAST and high >= times * low and high >= mixed:
        side = int(second > first)
        return Verdict(
            side=side,
            is_mixed=False,
            score=score,
            confidence=_sure(high, han=han),
            because=_merged(ruling.because if ruling.side == side else (), reasons(side)),
        )
    if mixed > _MIXED_OVER_NEUTRAL * neutral:
        return Verdict(
            side=None,
            is_mixed=True,
            score=score,
            confidence=_within(mixed),
            because=_merged(ruling.because if ruling.is_mixed else (), reasons(None)),
        )
    return Verdict(side=None, is_mixed=False, score=score, confidence=_within(neutral + low), because=())


def _within(share: float) -> float:
    return min(_MOST_SURE, max(_LEAST_SURE, share))


def _sure(share: float, *, han: bool) -> float:
    """Return how sure a side is whose share of the odds this is: near the part of such readings that have the right stance."""
    constant, weight = _SURENESS[han]
    return _within(1 / (1 + math.exp(-constant - weight * math.log(share / max(1e-6, 1 - share)))))


def _merged(first: tuple[tuple[int, int], ...], then: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Return both, without those of the second that the first already holds in part."""
    kept = [one for one in then if not any(one[0] < other[1] and other[0] < one[1] for other in first)]
    return (*first, *kept)[:_REASONS]
