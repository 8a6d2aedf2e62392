"""How often a change is called clear, computed exactly or drawn with a fixed seed; docs/counting.md has the tables."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from pipeline.model import Verdict
from pipeline.shifts.shares import change

SIDES = ("open", "closed")
WEEKS_BEFORE = 4


def _is_clear_rise(now: int, before: int, votes: int) -> bool:
    total = WEEKS_BEFORE * votes
    found = change(
        {"open": now, "closed": votes - now}, [{"open": before, "closed": total - before}], SIDES, min_votes=20
    )
    return found.verdict is Verdict.CLEAR and found.side == "open" and found.points > 0


@cache
def _rises_below(votes: int) -> tuple[int, ...]:
    """For 0, 1, ... votes now: with fewer votes before than this, a rise of the first side is clear."""
    return tuple(_first_unclear(now, votes) for now in range(votes + 1))


def _first_unclear(now: int, votes: int) -> int:
    low, high = 0, WEEKS_BEFORE * votes + 1
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if _is_clear_rise(now, middle, votes) else (low, middle)
    return low


def _clear_rate(votes: int, now: float, before: float) -> float:
    """The exact chance of a clear verdict, either way, for independent votes."""
    total, limits = WEEKS_BEFORE * votes, _rises_below(votes)
    return float(
        sum(
            binom.pmf(k, votes, now) * binom.cdf(limits[k] - 1, total, before)
            + binom.pmf(k, votes, 1 - now) * binom.cdf(limits[k] - 1, total, 1 - before)
            for k in range(votes + 1)
        )
    )


@pytest.mark.parametrize("votes", [20, 40, 80])
@pytest.mark.parametrize("share", [0.03, 0.1, 0.2, 0.35, 0.5, 0.8])
def test_at_most_six_in_a_hundred_quiet_weeks_are_called_clear(votes: int, share: float) -> None:
    assert _clear_rate(votes, share, share) <= 0.06


@pytest.mark.parametrize("before", [0.1, 0.2, 0.35, 0.5, 0.6])
def test_thirty_points_at_forty_votes_a_week_are_called_clear(before: float) -> None:
    assert _clear_rate(40, before + 0.3, before) >= 0.8


@pytest.mark.parametrize("votes", [20, 40, 80])
@pytest.mark.parametrize("pool", [2, 8])
def test_speakers_who_come_again_raise_no_more_alarms(votes: int, pool: int) -> None:
    chance = np.random.default_rng(votes * pool)
    activity = 1 / np.arange(1, pool * votes + 1) ** 0.8
    limits, alarms, rounds = _rises_below(votes), 0, 1500
    for _ in range(rounds):
        takes_first = chance.random(pool * votes) < 0.4
        heard = [
            int(takes_first[chance.choice(pool * votes, votes, replace=False, p=activity / activity.sum())].sum())
            for _ in range(WEEKS_BEFORE + 1)
        ]
        now, before = heard[0], sum(heard[1:])
        alarms += before < limits[now] or WEEKS_BEFORE * votes - before < limits[votes - now]
    assert alarms / rounds <= 0.06
