"""Which statements a mail lists when it cannot list all: an even choice, and how much is left out.

Mail programs cut a long mail off (Gmail at 102 KB), so lists are kept to a number; every vote
gets its first statement before any vote gets its second, and each stance gets its turn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Vote


@dataclass(frozen=True, kw_only=True, slots=True)
class Room:
    """How much one mail may hold."""

    items: int
    """Entries of each list (turns, cards of a side, stories, ...), at most."""
    statements: int
    """Statements under the votes, in all."""
    words: int
    """Characters of a quote."""


def listed(groups: Sequence[Sequence[Vote]], statements: int) -> list[list[int]]:
    """Return for each vote of each group how many of its statements to list, ``statements`` in all.

    Groups take turns; within a group the votes are served in rounds, in their order.
    """
    queues = [_served(group) for group in groups]
    taken = [[0] * len(group) for group in groups]
    left = statements
    for turn in range(max((len(queue) for queue in queues), default=0)):
        for group, queue in zip(taken, queues, strict=True):
            if turn < len(queue) and left:
                group[queue[turn]] += 1
                left -= 1
    return taken


def _served(group: Sequence[Vote]) -> list[int]:
    """Return the votes' numbers in the order in which their statements are served."""
    rounds = max((len(vote.evidence) for vote in group), default=0)
    return [number for turn in range(rounds) for number, vote in enumerate(group) if turn < len(vote.evidence)]
