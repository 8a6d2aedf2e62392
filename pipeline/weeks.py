"""Calendar weeks: ISO weeks in the debate's time zone.

Keeps to itself how a week is written (``2026-W47``), where it begins and ends as instants, and
that those edges move with the zone's daylight saving.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_WRITTEN = re.compile(r"(\d{4})-W(\d{2})")


@dataclass(frozen=True, order=True)
class Week:
    """An ISO 8601 week; orders by time. ``str(week)`` is ``2026-W47``."""

    year: int
    number: int

    def __post_init__(self) -> None:
        """Refuse a week that the calendar does not have (ValueError)."""
        date.fromisocalendar(self.year, self.number, 1)

    def __str__(self) -> str:
        """Return the week as ISO 8601 writes it."""
        return f"{self.year:04d}-W{self.number:02d}"

    @classmethod
    def parse(cls, written: str) -> Week:
        """Return the week written as ``2026-W47``; ValueError when it is not one."""
        match = _WRITTEN.fullmatch(written.strip().upper())
        if match is None:
            message = f"{written!r} is no week - write it as 2026-W47"
            raise ValueError(message)
        try:
            return cls(int(match[1]), int(match[2]))
        except ValueError as error:
            message = f"{written!r} is no week of that year"
            raise ValueError(message) from error

    @classmethod
    def of(cls, instant: datetime, zone: ZoneInfo) -> Week:
        """Return the week that holds ``instant`` (aware) on ``zone``'s calendar."""
        iso = instant.astimezone(zone).isocalendar()
        return cls(iso.year, iso.week)

    @property
    def monday_on(self) -> date:
        """The week's first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def sunday_on(self) -> date:
        """The week's last day."""
        return self.monday_on + timedelta(days=6)

    def starts_at(self, zone: ZoneInfo) -> datetime:
        """Return the first instant of the week, in UTC."""
        return datetime.combine(self.monday_on, time(), zone).astimezone(UTC)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """Return the first instant after the week, in UTC."""
        return (self + 1).starts_at(zone)

    def __add__(self, weeks: int) -> Week:
        """Return the week that many weeks later."""
        iso = (self.monday_on + timedelta(weeks=weeks)).isocalendar()
        return Week(iso.year, iso.week)

    def __sub__(self, weeks: int) -> Week:
        """Return the week that many weeks earlier."""
        return self + -weeks
