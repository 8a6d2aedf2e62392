"""A week's digest put together from what was said."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.model import Attribution, Coverage, Stance, StoryCopy, Verdict
from pipeline.shifts.digest import assemble
from pipeline.weeks import Week
from tests.shifts.conftest import MONDAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Digest, Evidence
    from tests.shifts.conftest import Say

SIDES = ("open", "closed")
W47 = Week(2026, 47)


def _digest(week: Sequence[Evidence], history: Sequence[Evidence], copies: int = 0) -> Digest:
    articles = [
        (
            5,
            StoryCopy(
                article_id=number,
                source=f"门户{number}",
                title="标题",
                url=f"https://example.com/{number}",
                published_at=MONDAY + timedelta(hours=number),
                stance=Stance("open"),
            ),
        )
        for number in range(copies)
    ]
    coverage = Coverage(
        sources_watched=2,
        sources_answered=2,
        quiet=(),
        articles=9,
        articles_on_topic=8,
        articles_undated=0,
        statements=len(week),
        articles_late=0,
        articles_unread=0,
    )
    return assemble(
        week=W47,
        evidence_week=week,
        evidence_history=history,
        copies=articles,
        coverage=coverage,
        sides=SIDES,
        zone=ZoneInfo("Asia/Shanghai"),
        min_votes=3,
    )


def test_a_digest_says_what_the_week_was_made_of(say: Say) -> None:
    history = [say(f"人{n}", "closed", weeks=-1 - n % 4) for n in range(8)] + [say("甲", "closed", weeks=-40)]
    week = [
        say("甲", story=5),
        say("乙"),
        say("人0", "closed"),
        say("丙", "mixed"),
        say("晨报", attribution=Attribution.AUTHOR),
    ]
    found = _digest(week, history, copies=2)
    assert found.votes == {"open": 2, "closed": 1, "mixed": 1, "neutral": 0}
    assert [vote.actor for vote in found.voters] == ["丙", "乙", "人0", "甲"]
    assert found.shares["open"].share == 2 / 3
    assert (found.change.side, found.change.votes_now, found.change.votes_before) == ("open", 3, 8)
    assert [(turn.actor, turn.before.published_at) for turn in found.turns] == [("甲", history[-1].published_at)]
    assert [voice.actor for voice in found.new_voices] == ["乙"]
    assert {side: [one.actor for one in said] for side, said in found.strongest.items()} == {
        "open": ["乙", "甲"],
        "closed": ["人0"],
    }
    assert {stance: len(behind) for stance, behind in found.outlets.items()} == {
        "open": 1,
        "closed": 0,
        "mixed": 0,
        "neutral": 0,
    }
    assert [(story.id, len(story.copies), story.statements) for story in found.stories] == [(5, 2, 1)]


def test_the_trend_is_twelve_weeks_with_this_one_last(say: Say) -> None:
    found = _digest([say()], [say("乙", "closed", weeks=-11), say("丙", weeks=-12)])
    assert [point.week for point in found.trend] == [W47 - ago for ago in range(11, -1, -1)]
    assert found.trend[0].votes == {"open": 0, "closed": 1, "mixed": 0, "neutral": 0}
    assert found.trend[-1].votes == found.votes
    assert sum(sum(point.votes.values()) for point in found.trend) == 2


def test_a_change_is_against_the_four_weeks_before_alone(say: Say) -> None:
    found = _digest([say()], [say("乙", weeks=-4), say("丙", weeks=-5)])
    assert found.change.votes_before == 1


def test_a_copy_of_what_was_counted_before_is_not_counted_again(say: Say) -> None:
    before = say(quote="要开放", story=7, weeks=-1)
    found = _digest([say(quote="要开放", story=7)], [before])
    assert found.votes["open"] == 0
    assert found.trend[-2].votes["open"] == 1


def test_an_empty_week_has_a_digest_too() -> None:
    found = _digest([], [])
    assert (found.shares, found.turns, found.voters, found.stories) == ({}, (), (), ())
    assert found.change.verdict is Verdict.TOO_FEW
    assert found.is_empty


def test_what_was_said_after_the_week_is_ignored(say: Say) -> None:
    assert _digest([say(), say("乙", weeks=1)], []).votes["open"] == 1


def test_the_order_of_the_evidence_changes_nothing(say: Say) -> None:
    history = [say(f"人{n % 5}", SIDES[n % 2], weeks=-1 - n % 7) for n in range(30)]
    week = [say(f"人{n % 6}", SIDES[n % 3 == 0], 0.5 + n % 5 / 10) for n in range(20)]
    assert _digest(week[::-1], history[::-1], copies=3) == _digest(week, history, copies=3)
