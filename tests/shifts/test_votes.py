"""From statements to one vote an actor and week."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from pipeline.model import MIXED, NEUTRAL, Attribution
from pipeline.shifts.votes import counted_once, outlets_of, tally, votes_of
from pipeline.weeks import Week

if TYPE_CHECKING:
    from tests.shifts.conftest import Say

SIDES = ("open", "closed")
ZONE = ZoneInfo("Asia/Shanghai")
W47 = Week(2026, 47)


def test_an_actor_who_repeats_himself_casts_one_vote(say: Say) -> None:
    (vote,) = votes_of([say(), say(hours=5), say(hours=9)], SIDES, ZONE)
    assert (vote.actor, vote.week, vote.stance, len(vote.evidence)) == ("甲", W47, "open", 3)


def test_an_actor_votes_again_in_another_week(say: Say) -> None:
    assert [vote.week for vote in votes_of([say(weeks=1), say()], SIDES, ZONE)] == [W47, W47 + 1]


def test_a_week_ends_at_midnight_of_the_debates_zone(say: Say) -> None:
    late_on_sunday_in_berlin = say(weeks=1, hours=-7)
    assert votes_of([late_on_sunday_in_berlin], SIDES, ZONE)[0].week == W47 + 1
    assert votes_of([late_on_sunday_in_berlin], SIDES, ZoneInfo("Europe/Berlin"))[0].week == W47


@pytest.mark.parametrize(
    ("said", "stance"),
    [
        ([("open", 0.9), ("closed", 0.6)], MIXED),
        ([("open", 0.9), ("closed", 0.5)], "open"),
        ([("closed", 0.9), ("open", 0.5)], "closed"),
        ([("open", 0.5), ("open", 0.5), ("closed", 0.6)], "open"),
        ([("open", 0.8), ("closed", 0.8)], MIXED),
        ([("mixed", 0.8)], MIXED),
        ([("mixed", 0.9), ("open", 0.5)], "open"),
        ([("neutral", 0.9)], NEUTRAL),
        ([("neutral", 0.99), ("closed", 0.4)], "closed"),
        ([("open", 0.0)], NEUTRAL),
    ],
)
def test_a_votes_side_is_that_of_the_statements_by_their_confidence(
    say: Say, said: list[tuple[str, float]], stance: str
) -> None:
    (vote,) = votes_of([say("甲", side, confidence) for side, confidence in said], SIDES, ZONE)
    assert vote.stance == stance
    assert 0 <= vote.confidence <= max(confidence for _, confidence in said)


def test_what_speaks_against_a_vote_lessens_its_confidence(say: Say) -> None:
    alone, doubted = votes_of([say("甲"), say("乙"), say("乙", "closed", 0.3)], SIDES, ZONE)
    assert (alone.actor, doubted.actor) == ("甲", "乙")
    assert (alone.confidence, doubted.confidence) == pytest.approx((0.9, 0.9 * 0.9 / 1.2))


def test_an_articles_own_voice_casts_no_vote(say: Say) -> None:
    assert votes_of([say("晨报", attribution=Attribution.AUTHOR)], SIDES, ZONE) == ()


def test_a_stance_of_another_debate_casts_no_vote(say: Say) -> None:
    assert votes_of([say(stance="nuclear"), say(stance="off_topic")], SIDES, ZONE) == ()


def test_a_syndicated_statement_weighs_once(say: Say) -> None:
    copies = [say("甲", "closed", 0.7, quote="闭源更稳。", story=7, source=f"门户{n}", hours=n) for n in range(5)]
    (vote,) = votes_of([*copies, say("甲", "open", 0.95), say("甲", "open", 0.95)], SIDES, ZONE)
    assert (vote.stance, len(vote.evidence)) == ("open", 3)
    assert vote.evidence[-1].source == "门户0"


def test_copies_may_differ_in_punctuation_and_width(say: Say) -> None:
    copies = [say(quote="AI，要开放。", story=7), say(quote="ＡＩ要开放", story=7, hours=1)]
    assert counted_once(copies, ZONE) == (copies[0],)


def test_quotes_of_nothing_but_punctuation_are_told_apart(say: Say) -> None:
    assert len(counted_once([say(quote="……", story=7), say(quote="！！", story=7)], ZONE)) == 2


def test_the_surest_copy_of_a_statement_is_kept(say: Say) -> None:
    weak, sure = say(confidence=0.5, quote="要开放", story=7), say(confidence=0.8, quote="要开放", story=7, hours=3)
    assert counted_once([weak, sure], ZONE) == (sure,)


def test_a_copy_in_a_later_week_casts_no_vote_there(say: Say) -> None:
    first = say(confidence=0.6, quote="要开放", story=7)
    later = say(confidence=0.9, quote="要开放", story=7, weeks=1)
    assert [(vote.week, vote.confidence) for vote in votes_of([later, first], SIDES, ZONE)] == [(W47, 0.6)]


def test_the_same_words_in_another_story_are_another_statement(say: Say) -> None:
    assert len(counted_once([say(quote="要开放", story=7), say(quote="要开放", story=8)], ZONE)) == 2


def test_evidence_for_the_votes_side_comes_first_then_the_surest(say: Say) -> None:
    said = [say(stance="closed", confidence=0.95), say(confidence=0.7), say(confidence=0.9), say(stance="neutral")]
    said.append(say(confidence=0.9, attribution=Attribution.INDIRECT))
    (vote,) = votes_of(said, SIDES, ZONE)
    assert vote.evidence == (said[2], said[4], said[1], said[0], said[3])


def test_a_votes_organisation_is_the_one_that_some_statement_names(say: Say) -> None:
    (vote,) = votes_of([say(), say(confidence=0.5, org="某公司")], SIDES, ZONE)
    assert vote.org == "某公司"


def test_votes_do_not_depend_on_the_order_of_the_evidence(say: Say) -> None:
    said = [
        say(f"人{n % 7}", ("open", "closed", "mixed", "neutral")[n % 4], 0.3 + n % 6 / 10, weeks=n % 3)
        for n in range(60)
    ]
    shuffled = said.copy()
    random.Random(3).shuffle(shuffled)  # noqa: S311 - an order, no secret
    assert votes_of(shuffled, SIDES, ZONE) == votes_of(said, SIDES, ZONE)


def test_votes_are_sorted_by_week_then_confidence_then_actor(say: Say) -> None:
    said = [say("乙", weeks=1), say("丙"), say("乙"), say("甲", confidence=0.5)]
    assert [(vote.week.number, vote.actor) for vote in votes_of(said, SIDES, ZONE)] == [
        (47, "丙"),
        (47, "乙"),
        (47, "甲"),
        (48, "乙"),
    ]


def test_a_tally_names_every_stance_in_the_configs_order(say: Say) -> None:
    votes = votes_of([say("甲"), say("乙", "mixed"), say("丙", "neutral"), say("丁")], SIDES, ZONE)
    assert list(tally(votes, ("closed", "open")).items()) == [("closed", 0), ("open", 2), ("mixed", 1), ("neutral", 1)]


def test_outlets_are_tallied_by_article_with_copies_once(say: Say) -> None:
    own = Attribution.AUTHOR
    said = [
        say("晨报", attribution=own, story=1, quote="应当开放"),
        say("门户", attribution=own, story=1, quote="应当开放", source="门户"),
        say("晨报", "closed", attribution=own, story=2),
        say("晨报", "closed", 0.8, attribution=own, story=2),
        say("晚报", "neutral", attribution=own, story=3),
        say("晚报", "nuclear", attribution=own, story=4),
        say("甲", "closed", story=5),
    ]
    found = outlets_of(said, SIDES, ZONE)
    assert {stance: len(behind) for stance, behind in found.items()} == {
        "open": 1,
        "closed": 1,
        "mixed": 0,
        "neutral": 1,
    }
    assert found["closed"][0].confidence == max(one.confidence for one in said if one.story == 2)
