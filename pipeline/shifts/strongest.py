"""The statements that best show what each side said this week."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Attribution
from pipeline.shifts.turns import SURE_ENOUGH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Evidence, Vote


def strongest(votes: Sequence[Vote], sides: tuple[str, str], limit: int) -> dict[str, tuple[Evidence, ...]]:
    """Return up to ``limit`` statements for each side, one an actor, surest first.

    Only actors whose vote is that side's speak for it. An actor's own words are preferred to a report
    of them as long as they are sure enough (``SURE_ENOUGH``); between actors they win a tie.
    """
    telling: dict[str, tuple[Evidence, ...]] = {}
    for side in sides:
        said = [_most_telling(vote) for vote in votes if vote.stance == side]
        said.sort(key=lambda one: (-one.confidence, _is_reported(one), one.actor, one.statement_id))
        telling[side] = tuple(said[:limit])
    return telling


def _most_telling(vote: Vote) -> Evidence:
    for_its_side = [one for one in vote.evidence if one.stance == vote.stance] or list(vote.evidence)
    return min(
        for_its_side,
        key=lambda one: (
            _is_reported(one) or one.confidence < SURE_ENOUGH,
            -one.confidence,
            _is_reported(one),
            one.statement_id,
        ),
    )


def _is_reported(one: Evidence) -> bool:
    return one.attribution is not Attribution.DIRECT
