"""Who changed side, and who is heard for the first time.

Keeps to itself how sure two votes must be before they are set against each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pipeline.model import NewVoice, Turn, Vote

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SURE_ENOUGH: Final = 0.6
"""Least confidence of a vote that may make a turn or a new voice: one weak reading makes neither."""


def turns(this_week: Sequence[Vote], known_before: Iterable[Vote], sides: tuple[str, str]) -> tuple[Turn, ...]:
    """Return the actors whose side now is not the last side they were known to take, surest first, then by name.

    However long ago that was; votes that are mixed, neutral or unsure are passed over, now and before.
    ``before`` and ``after`` are the strongest statements for the two sides.
    """
    last: dict[str, Vote] = {}
    for vote in known_before:
        if _takes_side_surely(vote, sides) and (vote.actor not in last or vote.week > last[vote.actor].week):
            last[vote.actor] = vote
    turned = [
        (last[vote.actor], vote)
        for vote in this_week
        if _takes_side_surely(vote, sides) and vote.actor in last and _turned(last[vote.actor], vote)
    ]
    turned.sort(key=lambda pair: (-min(pair[0].confidence, pair[1].confidence), pair[1].actor))
    return tuple(
        Turn(
            actor=after.actor,
            org=after.org or before.org,
            from_side=before.stance,
            to_side=after.stance,
            before=before.evidence[0],
            after=after.evidence[0],
        )
        for before, after in turned
    )


def new_voices(this_week: Sequence[Vote], known_before: Iterable[Vote], sides: tuple[str, str]) -> tuple[NewVoice, ...]:
    """Return the actors who surely take a side and were never heard before, in any stance; surest first, then by name."""
    known = {vote.actor for vote in known_before}
    new = [vote for vote in this_week if vote.actor not in known and _takes_side_surely(vote, sides)]
    new.sort(key=lambda vote: (-vote.confidence, vote.actor))
    return tuple(
        NewVoice(actor=vote.actor, org=vote.org, stance=vote.stance, evidence=vote.evidence[0]) for vote in new
    )


def _takes_side_surely(vote: Vote, sides: tuple[str, str]) -> bool:
    return vote.stance in sides and vote.confidence >= SURE_ENOUGH


def _turned(before: Vote, after: Vote) -> bool:
    return before.week < after.week and before.stance != after.stance
