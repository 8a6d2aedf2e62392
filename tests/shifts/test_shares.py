"""Shares, their intervals, and when a change is clear."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta

from pipeline.model import Change, Verdict
from pipeline.shifts.shares import change, probability_higher, shares

SIDES = ("open", "closed")
MIRRORED = ("closed", "open")


def _votes(first: int, second: int) -> dict[str, int]:
    return {"open": first, "closed": second, "mixed": 3, "neutral": 5}


def _change(now: tuple[int, int], *before: tuple[int, int], min_votes: int = 20) -> Change:
    return change(_votes(*now), [_votes(*week) for week in before], SIDES, min_votes=min_votes)


counts = st.integers(0, 120)
weeks = st.tuples(counts, counts)


def test_nobody_took_a_side_gives_no_share() -> None:
    assert shares(_votes(0, 0), SIDES) == {}


def test_a_share_is_of_the_votes_for_either_side_alone() -> None:
    assert shares(_votes(3, 1), SIDES)["open"].share == 0.75


def test_an_interval_is_jeffreys() -> None:
    share = shares(_votes(7, 13), SIDES)["open"]
    assert (share.low, share.high) == pytest.approx(beta.ppf([0.05, 0.95], 7.5, 13.5))


def test_an_interval_reaches_the_end_where_all_agree() -> None:
    both = shares(_votes(0, 9), SIDES)
    assert both["open"].low == 0
    assert both["closed"].high == 1
    assert 0.1 < both["open"].high < 0.3


@given(weeks)
@settings(deadline=None)
def test_shares_sum_to_one_and_lie_in_their_intervals(votes: tuple[int, int]) -> None:
    both = shares(_votes(*votes), SIDES)
    assert sum(share.share for share in both.values()) == pytest.approx(1 if sum(votes) else 0)
    assert all(0 <= share.low <= share.share <= share.high <= 1 for share in both.values())


@given(weeks)
@settings(deadline=None)
def test_swapping_the_sides_mirrors_the_shares(votes: tuple[int, int]) -> None:
    straight, mirrored = shares(_votes(*votes), SIDES), shares(_votes(*reversed(votes)), SIDES)
    assert {side: straight[side] for side in straight} == {
        {"open": "closed", "closed": "open"}[side]: share for side, share in mirrored.items()
    }


@given(weeks, st.lists(weeks, min_size=4, max_size=4))
@settings(deadline=None)
def test_swapping_the_sides_mirrors_a_change(now: tuple[int, int], before: list[tuple[int, int]]) -> None:
    straight = _change(now, *before)
    mirrored = change(_votes(*now), [_votes(*week) for week in before], MIRRORED, min_votes=20)
    assert (straight.points, straight.verdict) == (mirrored.points, mirrored.verdict)
    assert straight.points >= 0
    if straight.points:
        assert straight == mirrored
    else:
        assert (straight.side, mirrored.side) == ("open", "closed")


@given(st.integers(0, 300), st.integers(0, 300), st.integers(0, 900), st.integers(0, 900))
@settings(deadline=None)
def test_a_rise_is_as_probable_as_the_fall_of_the_other_side(a: int, b: int, c: int, d: int) -> None:
    up, down = probability_higher(a, a + b, c, c + d), probability_higher(b, a + b, d, c + d)
    assert up + down == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    ("votes", "of", "other", "other_of"),
    [(0, 1, 0, 1), (12, 20, 30, 80), (20, 20, 70, 80), (1, 40, 90, 160), (30, 40, 1000, 2000), (3, 3, 1, 3000)],
)
def test_the_probability_agrees_with_direct_integration(votes: int, of: int, other: int, other_of: int) -> None:
    here, there = beta(votes + 0.5, of - votes + 0.5), beta(other + 0.5, other_of - other + 0.5)
    points = list(np.clip([there.ppf(tail) for tail in (1e-6, 0.5, 1 - 1e-6)], 1e-12, 1 - 1e-12))
    truth, _ = quad(lambda p: there.pdf(p) * here.sf(p), 0, 1, points=points, limit=500)
    assert probability_higher(votes, of, other, other_of) == pytest.approx(truth, abs=2e-5)


def test_a_change_names_the_side_that_rose_and_by_how_many_points() -> None:
    found = _change((10, 30), (20, 20), (20, 20), (20, 20), (20, 20))
    assert (found.side, found.verdict) == ("closed", Verdict.CLEAR)
    assert found.points == pytest.approx(25)
    assert (found.votes_now, found.votes_before) == (40, 160)


def test_no_change_is_said_of_the_first_side() -> None:
    found = _change((20, 20), (20, 20))
    assert (found.side, found.points, found.verdict) == ("open", 0, Verdict.NO_CLEAR_CHANGE)


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ((19, 0), (0, 80), Verdict.TOO_FEW),
        ((20, 0), (0, 80), Verdict.CLEAR),
        ((40, 0), (0, 19), Verdict.TOO_FEW),
        ((40, 0), (0, 20), Verdict.CLEAR),
    ],
)
def test_too_few_votes_now_or_before_say_so(now: tuple[int, int], before: tuple[int, int], verdict: Verdict) -> None:
    assert _change(now, before).verdict is verdict


@pytest.mark.parametrize(("now", "before"), [((0, 0), [(9, 9)]), ((9, 9), []), ((0, 0), [])])
def test_nothing_to_compare_is_no_change(now: tuple[int, int], before: list[tuple[int, int]]) -> None:
    found = _change(now, *before, min_votes=0)
    assert (found.side, found.points, found.probability, found.verdict) == ("open", 0, 0.5, Verdict.TOO_FEW)
