"""One week's digest, put together from what was said.

Pure assembly: which evidence is handed in is the digest step's business, how it is worded the mail
room's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.model import Coverage, Digest, Evidence, StoryCopy, Vote, WeekPoint
from pipeline.shifts.shares import change, shares
from pipeline.shifts.stories import stories_of
from pipeline.shifts.strongest import strongest
from pipeline.shifts.turns import new_voices, turns
from pipeline.shifts.votes import counted_once, outlets_of, tally, votes_of
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

WEEKS_COMPARED: Final = 4
"""Weeks before this one that a change is measured against."""
WEEKS_SHOWN: Final = 12
"""Weeks of the trend, this one included."""
STRONGEST_SHOWN: Final = 5
"""Statements a side."""


def assemble(
    *,
    week: Week,
    evidence_week: Sequence[Evidence],
    evidence_history: Sequence[Evidence],
    copies: Sequence[tuple[int, StoryCopy]],
    coverage: Coverage,
    sides: tuple[str, str],
    zone: ZoneInfo,
    min_votes: int,
) -> Digest:
    """Return the digest of ``week``.

    ``evidence_week`` is every statement of the week's articles; ``evidence_history`` what was said before:
    at least everything of the twelve weeks before, and of this week's actors everything ever.
    ``copies`` are the week's articles with their story. ``sides`` are the two ids in the config's order.
    A statement that only repeats, in a copy, what an earlier week has counted is not counted again.
    Evidence of later weeks is ignored.
    """
    counted = counted_once((*evidence_history, *evidence_week), zone)
    votes = votes_of(counted, sides, zone)
    voters = tuple(vote for vote in votes if vote.week == week)
    before = tuple(vote for vote in votes if vote.week < week)
    trend = _trend(votes, week, sides)
    now = trend[-1].votes
    return Digest(
        week=week,
        votes=now,
        shares=shares(now, sides),
        change=change(now, [point.votes for point in trend[-1 - WEEKS_COMPARED : -1]], sides, min_votes=min_votes),
        turns=turns(voters, before, sides),
        new_voices=new_voices(voters, before, sides),
        strongest=strongest(voters, sides, STRONGEST_SHOWN),
        voters=voters,
        outlets=outlets_of((one for one in counted if Week.of(one.published_at, zone) == week), sides, zone),
        stories=stories_of(copies, evidence_week, sides, zone),
        trend=trend,
        coverage=coverage,
        min_votes=min_votes,
    )


def _trend(votes: Sequence[Vote], week: Week, sides: tuple[str, str]) -> tuple[WeekPoint, ...]:
    """Return the last twelve weeks' votes, oldest first; weeks without any have zeros."""
    shown = [week - ago for ago in reversed(range(WEEKS_SHOWN))]
    by_week: dict[Week, list[Vote]] = {each: [] for each in shown}
    for vote in votes:
        if vote.week in by_week:
            by_week[vote.week].append(vote)
    return tuple(WeekPoint(week=each, votes=tally(by_week[each], sides)) for each in shown)
