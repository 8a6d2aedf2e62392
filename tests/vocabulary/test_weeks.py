"""Weeks and the times of a week, on calendars whose clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.settings import WeeklyTime
from pipeline.weeks import Week

BERLIN = ZoneInfo("Europe/Berlin")
SHANGHAI = ZoneInfo("Asia/Shanghai")
_NAIVE = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 - hypothesis adds the zone
INSTANTS = _NAIVE.map(lambda wall: wall.replace(tzinfo=UTC))


def test_a_week_belongs_to_the_zones_calendar() -> None:
    late_on_sunday = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    assert str(Week.of(late_on_sunday, SHANGHAI)) == "2026-W48"
    assert str(Week.of(late_on_sunday, BERLIN)) == "2026-W47"


def test_new_year_belongs_to_the_iso_year() -> None:
    assert Week.of(datetime(2027, 1, 1, 12, tzinfo=UTC), BERLIN) == Week(2026, 53)
    assert Week(2026, 53) + 1 == Week(2027, 1)
    assert Week(2027, 1) - 1 == Week(2026, 53)


def test_a_week_with_a_clock_change_is_an_hour_shorter_or_longer() -> None:
    hours = {
        week: (week.ends_at(BERLIN) - week.starts_at(BERLIN)) / timedelta(hours=1)
        for week in (Week(2026, 12), Week(2026, 13), Week(2026, 43))
    }
    assert list(hours.values()) == [168, 167, 169]


@pytest.mark.parametrize("written", ["2026-W54", "2026-47", "W47", "2026-W00", "", "2026-W53x"])
def test_what_is_no_week_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="week"):
        Week.parse(written)


@given(INSTANTS)
def test_an_instant_lies_in_its_week(instant: datetime) -> None:
    week = Week.of(instant, SHANGHAI)
    assert week.starts_at(SHANGHAI) <= instant < week.ends_at(SHANGHAI)
    assert Week.parse(str(week)) == week
    assert week.monday_on + timedelta(days=6) == week.sunday_on


def test_a_weekly_time_comes_once_a_week() -> None:
    monday = WeeklyTime(weekday=0, time=time(8))
    just_before = datetime(2026, 11, 23, 7, 59, tzinfo=SHANGHAI)
    at = monday.first_after(just_before, SHANGHAI)
    assert at == datetime(2026, 11, 23, 8, 0, tzinfo=SHANGHAI)
    assert monday.first_after(at, SHANGHAI) == at + timedelta(days=7)


def test_a_weekly_time_that_the_clock_skips_comes_right_after_the_gap() -> None:
    in_the_gap = WeeklyTime(weekday=6, time=time(2, 30))
    found = in_the_gap.first_after(datetime(2026, 3, 28, tzinfo=UTC), BERLIN)
    assert found.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_a_repeated_hour_is_not_taken_for_the_next_time() -> None:
    twice = WeeklyTime(weekday=6, time=time(2, 30))
    in_the_second_hour = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    assert twice.first_after(in_the_second_hour, BERLIN).astimezone(UTC) == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


def test_a_weekly_time_that_the_clock_repeats_comes_once() -> None:
    twice = WeeklyTime(weekday=6, time=time(2, 30))
    first = twice.first_after(datetime(2026, 10, 24, tzinfo=UTC), BERLIN)
    assert first.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert twice.first_after(first, BERLIN).astimezone(UTC) == datetime(2026, 11, 1, 1, 30, tzinfo=UTC)


@given(
    st.integers(0, 6),
    st.times(),
    INSTANTS,
)
def test_the_next_weekly_time_is_always_after_and_within_eight_days(weekday: int, at: time, instant: datetime) -> None:
    found = WeeklyTime(weekday=weekday, time=at.replace(tzinfo=None)).first_after(instant, BERLIN)
    assert instant < found <= instant + timedelta(days=8)
