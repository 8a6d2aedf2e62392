"""What a visit's end means for a source: its health, and when it is due again. Pure, and so for pages.

The rule: a failure weighs 1 (hard), 1/2 (soft) or 1/4 (temporary) and a success clears all; the
next visit is due after ``every`` times one plus the failures, at most a day later up to 30
failures and at most a week later beyond (never less than ``every``), give or take a tenth, and
never before the time that the site itself named. Media Cloud's feeds are kept alive in this way.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pipeline.model import Health

if TYPE_CHECKING:
    from datetime import datetime

BROKEN_FROM: Final = 3.0
"""Weighted failures from which a source is called broken: three hard ones, or twelve timeouts."""
MANY_FAILURES: Final = 30.0
LONGEST: Final = timedelta(days=1)
LONGEST_AFTER_MANY: Final = timedelta(days=7)
JITTER: Final = 0.1
OUTAGE_SHARE: Final = 0.6
OUTAGE_SOURCES: Final = 3
PAGE_ATTEMPTS: Final = 5
"""Failed fetches after which a page is given up."""
GONE_ATTEMPTS: Final = 2
"""The same for a page that its site says is not there, or may not be fetched."""
FIRST_PAGE_PAUSE: Final = timedelta(hours=1)


class Weight(Enum):
    """How much a failure counts against a source."""

    HARD = 1.0
    """Not there, or something else is: 404, 410, a web page for a feed, no such host, refused by robots.txt."""
    SOFT = 0.5
    """It answers wrongly: 5xx, unreadable, a spider that fails."""
    TEMPORARY = 0.25
    """It may be the moment: timeouts, connections refused or reset, 429."""


def failures_after(before: float, weight: Weight | None) -> float:
    """Return the weighted failures since the last success; ``weight`` None is a success."""
    return 0.0 if weight is None else before + weight.value


def health_of(failures: float) -> Health:
    """Return what a source with so many weighted failures is called."""
    if failures == 0:
        return Health.OK
    return Health.BROKEN if failures >= BROKEN_FROM else Health.FAILING


def next_due_at(
    name: str, every: timedelta, failures: float, *, now: datetime, not_before: datetime | None = None
) -> datetime:
    """Return when the source is due again; ``not_before`` is the time that its site asked for.

    The jitter follows from name and time, so that sources that were visited together drift apart.
    """
    longest = LONGEST if failures <= MANY_FAILURES else LONGEST_AFTER_MANY
    pause = min(every * (1 + failures), max(longest, every))
    due_at = now + pause * (1 + JITTER * _between_minus_one_and_one(f"{name} {now.isoformat()}"))
    return due_at if not_before is None else max(due_at, not_before)


def next_try_at(attempts: int, *, gone: bool, now: datetime) -> datetime | None:
    """Return when to try a page again whose ``attempts`` fetches failed, this one included; None: never."""
    if attempts >= (GONE_ATTEMPTS if gone else PAGE_ATTEMPTS):
        return None
    return now + FIRST_PAGE_PAUSE * 2.0 ** (attempts - 1)


def is_own_outage(visits: int, unreachable: int) -> bool:
    """Tell whether so many of a round's sources could not be connected to that the fault is ours."""
    return visits >= OUTAGE_SOURCES and unreachable > OUTAGE_SHARE * visits


def _between_minus_one_and_one(seed: str) -> float:
    return int.from_bytes(sha256(seed.encode()).digest()[:4]) / 0x7FFFFFFF - 1
