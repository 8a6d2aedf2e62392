"""Who turned, and who is new."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.model import Evidence, Turn, Vote
from pipeline.shifts.turns import new_voices, turns
from pipeline.shifts.votes import tally, votes_of
from pipeline.weeks import Week

if TYPE_CHECKING:
    from tests.shifts.conftest import Say

SIDES = ("open", "closed")
ZONE = ZoneInfo("Asia/Shanghai")
THIS_WEEK = Week(2026, 47)
SWAPPED = {"open": "closed", "closed": "open", "mixed": "mixed", "neutral": "neutral"}


def _split(*said: Evidence) -> tuple[list[Vote], list[Vote]]:
    votes = votes_of(said, SIDES, ZONE)
    return [vote for vote in votes if vote.week == THIS_WEEK], [vote for vote in votes if vote.week < THIS_WEEK]


def _turns(*said: Evidence) -> tuple[Turn, ...]:
    return turns(*_split(*said), SIDES)


def test_an_actor_who_takes_the_other_side_has_turned(say: Say) -> None:
    before, weaker, after = say(weeks=-2), say(confidence=0.7, weeks=-2), say(stance="closed", org="某公司")
    (turn,) = _turns(weaker, before, after)
    assert turn == Turn(
        actor="甲", org="某公司", from_side=before.stance, to_side=after.stance, before=before, after=after
    )


def test_keeping_ones_side_is_no_turn(say: Say) -> None:
    assert _turns(say(weeks=-1), say()) == ()


def test_a_turn_is_found_however_long_ago_the_other_side_was_taken(say: Say) -> None:
    assert len(_turns(say(weeks=-150), say(stance="closed"))) == 1


def test_it_is_the_last_side_that_counts(say: Say) -> None:
    assert (
        _turns(say(stance="closed", weeks=-9), say(weeks=-5), say(stance="closed", weeks=-3), say(stance="closed"))
        == ()
    )


@pytest.mark.parametrize("stance", ["mixed", "neutral"])
def test_turning_neutral_is_not_a_shift(say: Say, stance: str) -> None:
    assert _turns(say(weeks=-1), say(stance=stance)) == ()


@pytest.mark.parametrize("stance", ["mixed", "neutral"])
def test_a_neutral_week_between_does_not_hide_a_turn(say: Say, stance: str) -> None:
    assert len(_turns(say(weeks=-5), say(stance=stance, weeks=-1), say(stance="closed"))) == 1


def test_one_weak_reading_is_no_turn_now_nor_before(say: Say) -> None:
    assert _turns(say(weeks=-1), say(stance="closed", confidence=0.59)) == ()
    assert _turns(say(weeks=-1, confidence=0.59), say(stance="closed")) == ()


def test_a_weak_reading_between_does_not_make_or_hide_a_turn(say: Say) -> None:
    assert _turns(say(weeks=-5), say(stance="closed", confidence=0.4, weeks=-1), say()) == ()
    assert len(_turns(say(weeks=-5), say(stance="closed", confidence=0.4, weeks=-1), say(stance="closed"))) == 1


def test_both_sides_in_one_week_are_no_turn(say: Say) -> None:
    assert _turns(say(), say(stance="closed", hours=30)) == ()


def test_votes_that_are_not_earlier_are_no_before(say: Say) -> None:
    this_week, _ = _split(say(stance="closed"))
    assert turns(this_week, votes_of([say(weeks=3)], SIDES, ZONE), SIDES) == ()


def test_the_surest_turn_comes_first(say: Say) -> None:
    said = [say(actor, weeks=-1, confidence=sure) for actor, sure in (("甲", 0.7), ("乙", 0.9), ("丙", 0.7))]
    found = _turns(*said, *(say(actor, "closed", 0.95) for actor in "甲乙丙"))
    assert [turn.actor for turn in found] == ["乙", "丙", "甲"]


def test_a_new_voice_takes_a_side_and_was_never_heard(say: Say) -> None:
    this_week, before = _split(
        say("旧人", weeks=-30),
        say("旁观者", "neutral", weeks=-1),
        say("旧人"),
        say("旁观者"),
        say("新人", "closed", 0.7, org="某公司"),
        say("更确定的新人"),
        say("犹豫者", "mixed"),
        say("含糊者", confidence=0.5),
    )
    found = new_voices(this_week, before, SIDES)
    assert [(voice.actor, voice.org, voice.stance) for voice in found] == [
        ("更确定的新人", None, "open"),
        ("新人", "某公司", "closed"),
    ]
    assert found[1].evidence.actor == "新人"


said = st.lists(
    st.tuples(
        st.sampled_from("甲乙丙丁"),
        st.sampled_from(sorted(SWAPPED)),
        st.integers(0, 10).map(lambda tenths: tenths / 10),
        st.integers(-3, 0),
    ),
    max_size=25,
)


@given(said)
@settings(deadline=None)
def test_swapping_the_sides_mirrors_turns_and_new_voices(say: Say, spoken: list[tuple[str, str, float, int]]) -> None:
    straight = _split(*(say(a, s, c, weeks=w, quote=str(n)) for n, (a, s, c, w) in enumerate(spoken)))
    mirrored = _split(*(say(a, SWAPPED[s], c, weeks=w, quote=str(n)) for n, (a, s, c, w) in enumerate(spoken)))
    assert [(t.actor, t.from_side, t.before.quote, t.after.quote) for t in turns(*straight, SIDES)] == [
        (t.actor, t.to_side, t.before.quote, t.after.quote) for t in turns(*mirrored, SIDES)
    ]
    assert [(v.actor, str(v.stance)) for v in new_voices(*straight, SIDES)] == [
        (v.actor, SWAPPED[v.stance]) for v in new_voices(*mirrored, SIDES)
    ]


@given(said)
@settings(deadline=None)
def test_there_are_as_many_votes_as_voters(say: Say, spoken: list[tuple[str, str, float, int]]) -> None:
    this_week, _ = _split(*(say(a, s, c, weeks=w) for a, s, c, w in spoken))
    voters = {actor for actor, _, _, week in spoken if week == 0}
    assert sum(tally(this_week, SIDES).values()) == len(this_week) == len(voters)
