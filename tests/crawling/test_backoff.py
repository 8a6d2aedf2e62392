"""The rule of what a failure means, on plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.crawling.backoff import (
    Weight,
    failures_after,
    health_of,
    is_own_outage,
    next_due_at,
    next_try_at,
)
from pipeline.model import Health

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def test_failures_add_up_by_weight_and_one_success_clears_them() -> None:
    failures = 0.0
    for weight in (Weight.HARD, Weight.SOFT, Weight.TEMPORARY):
        failures = failures_after(failures, weight)
    assert failures == 1.75
    assert failures_after(failures, None) == 0


@pytest.mark.parametrize(
    ("failures", "health"),
    [(0, Health.OK), (0.25, Health.FAILING), (2.75, Health.FAILING), (3, Health.BROKEN), (90, Health.BROKEN)],
)
def test_a_source_is_broken_after_three_hard_failures(failures: float, health: Health) -> None:
    assert health_of(failures) is health


@pytest.mark.parametrize(
    ("every", "failures", "pause"),
    [
        (HOUR, 0, HOUR),
        (HOUR, 1, 2 * HOUR),
        (HOUR, 2.5, 3.5 * HOUR),
        (HOUR, 25, DAY),
        (HOUR, 30, DAY),
        (HOUR, 31, 32 * HOUR),
        (DAY, 31, 7 * DAY),
        (14 * DAY, 2, 14 * DAY),
    ],
)
def test_the_pause_grows_with_the_failures_up_to_a_day_then_a_week(
    every: timedelta, failures: float, pause: timedelta
) -> None:
    due_in = next_due_at("a source", every, failures, now=NOW) - NOW
    assert 0.9 * pause <= due_in <= 1.1 * pause


def test_the_jitter_follows_from_name_and_time() -> None:
    dues = {next_due_at(f"source {n}", HOUR, 0, now=NOW) for n in range(20)}
    assert len(dues) == 20
    assert next_due_at("a", HOUR, 0, now=NOW) == next_due_at("a", HOUR, 0, now=NOW)
    assert next_due_at("a", HOUR, 0, now=NOW) - NOW != next_due_at("a", HOUR, 0, now=NOW + HOUR) - NOW - HOUR


def test_a_source_is_never_due_before_the_time_that_its_site_named() -> None:
    assert next_due_at("a", HOUR, 0, now=NOW, not_before=NOW + 9 * HOUR) == NOW + 9 * HOUR
    assert next_due_at("a", HOUR, 0, now=NOW, not_before=NOW) > NOW + 0.8 * HOUR


def test_a_page_is_tried_five_times_at_growing_pauses() -> None:
    pauses = [next_try_at(attempts, gone=False, now=NOW) for attempts in range(1, 6)]
    assert pauses == [NOW + HOUR, NOW + 2 * HOUR, NOW + 4 * HOUR, NOW + 8 * HOUR, None]


def test_a_page_that_is_gone_is_tried_twice() -> None:
    assert next_try_at(1, gone=True, now=NOW) == NOW + HOUR
    assert next_try_at(2, gone=True, now=NOW) is None


@pytest.mark.parametrize(
    ("visits", "unreachable", "ours"), [(2, 2, False), (3, 2, True), (3, 3, True), (5, 3, False), (10, 7, True)]
)
def test_most_of_a_round_unreachable_is_our_own_outage(visits: int, unreachable: int, *, ours: bool) -> None:
    assert is_own_outage(visits, unreachable) is ours
