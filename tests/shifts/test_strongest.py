"""Which statements stand for a side."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.model import Attribution
from pipeline.shifts.strongest import strongest
from pipeline.shifts.votes import votes_of

if TYPE_CHECKING:
    from pipeline.model import Evidence
    from tests.shifts.conftest import Say

SIDES = ("open", "closed")


def _strongest(*said: Evidence, limit: int = 5) -> dict[str, tuple[Evidence, ...]]:
    return strongest(votes_of(said, SIDES, ZoneInfo("Asia/Shanghai")), SIDES, limit)


def test_each_actor_speaks_once_and_the_surest_first(say: Say) -> None:
    said = [say("甲", confidence=0.7), say("乙", confidence=0.8), say("甲", confidence=0.9), say("丙", "closed")]
    assert _strongest(*said) == {"open": (said[2], said[1]), "closed": (said[3],)}


def test_only_so_many_are_returned(say: Say) -> None:
    assert len(_strongest(*(say(f"人{n}") for n in range(9)), limit=3)["open"]) == 3


def test_own_words_are_preferred_to_a_surer_report(say: Say) -> None:
    reported, quoted = say(confidence=0.95, attribution=Attribution.INDIRECT), say(confidence=0.7)
    assert _strongest(reported, quoted)["open"] == (quoted,)


def test_an_unsure_quote_does_not_displace_a_sure_report(say: Say) -> None:
    reported, quoted = say(confidence=0.95, attribution=Attribution.INDIRECT), say(confidence=0.3)
    assert _strongest(reported, quoted)["open"] == (reported,)


def test_what_an_actor_said_for_the_other_side_is_not_shown(say: Say) -> None:
    kept = say("甲", confidence=0.9)
    assert _strongest(kept, say("甲", "closed", 0.3), say("乙", "mixed")) == {"open": (kept,), "closed": ()}


def test_an_actor_whose_mixed_words_lean_is_still_shown(say: Say) -> None:
    mixed, leaning = say(stance="mixed", confidence=0.9), say(confidence=0.5)
    assert _strongest(mixed, leaning)["open"] == (leaning,)
