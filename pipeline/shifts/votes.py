"""From statements to votes: one per actor and week, so that who talks most does not count most.

Keeps to itself how copies of one statement are folded into one, how an actor's statements are
weighed against each other, and what "alike" means.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from math import fsum
from typing import TYPE_CHECKING, Final

from pipeline.model import MIXED, NEUTRAL, Attribution, Evidence, Stance, Vote
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from zoneinfo import ZoneInfo

MIXED_MARGIN: Final = 0.2
"""Two sides weigh alike when they differ by at most this part of their sum (60 to 40 is alike)."""
_ROUNDING: Final = 1e-9


def votes_of(evidence: Iterable[Evidence], sides: tuple[str, str], zone: ZoneInfo) -> tuple[Vote, ...]:
    """Return one vote per actor and week (of ``zone``), by week, then surest first, then actor.

    A vote's evidence has the statements for its own side first, strongest first. The article's own
    voice casts no vote; neither does a statement whose stance is none of this debate's.
    """
    spoken = [one for one in evidence if one.attribution is not Attribution.AUTHOR]
    cast: defaultdict[tuple[Week, str], list[Evidence]] = defaultdict(list)
    for one in counted_once(spoken, zone):
        if is_countable(one.stance, sides):
            cast[Week.of(one.published_at, zone), one.actor].append(one)
    votes = (_vote(week, actor, said, sides) for (week, actor), said in cast.items())
    return tuple(sorted(votes, key=lambda vote: (vote.week, -vote.confidence, vote.actor)))


def counted_once(evidence: Iterable[Evidence], zone: ZoneInfo) -> tuple[Evidence, ...]:
    """Return ``evidence`` with each statement once, however often its story was copied; oldest first.

    The same words by the same actor in the same story are one statement. It counts in the week (of
    ``zone``) of its first copy; of that week's copies the surest is kept, of these the earliest.
    """
    copies: defaultdict[tuple[str, int, bool, str], list[Evidence]] = defaultdict(list)
    for one in evidence:
        own_voice = one.attribution is Attribution.AUTHOR
        speaker = "" if own_voice else one.actor
        copies[speaker, one.story, own_voice, _bare(one.quote)].append(one)
    kept = []
    for same in copies.values():
        first = min(Week.of(one.published_at, zone) for one in same)
        in_time = [one for one in same if Week.of(one.published_at, zone) == first]
        kept.append(min(in_time, key=lambda one: (-one.confidence, *_age(one))))
    return tuple(sorted(kept, key=_age))


def tally(votes: Iterable[Vote], sides: tuple[str, str]) -> dict[str, int]:
    """Return how many votes each stance got: the two sides as given, then ``mixed``, ``neutral``."""
    counts = _nothing(sides)
    for vote in votes:
        counts[str(vote.stance)] += 1
    return counts


def outlets_of(evidence: Iterable[Evidence], sides: tuple[str, str], zone: ZoneInfo) -> dict[str, tuple[Evidence, ...]]:
    """Return where the articles' own voices lean: by stance, one statement an article, surest first.

    ``evidence`` may hold the speakers' statements too; they are left out. Articles that say nothing
    in their own voice are not counted, and a story's copies count once. The statement shown for an
    article is its surest of that stance, else its surest.
    """
    own: defaultdict[int, list[Evidence]] = defaultdict(list)
    for one in counted_once((one for one in evidence if one.attribution is Attribution.AUTHOR), zone):
        if is_countable(one.stance, sides):
            own[one.story].append(one)
    leaning: dict[str, list[Evidence]] = {stance: [] for stance in _nothing(sides)}
    for said in own.values():
        stance = side_of(said, sides)
        leaning[str(stance)].append(min(said, key=lambda one: (one.stance != stance, -one.confidence, *_age(one))))
    return {
        stance: tuple(sorted(found, key=lambda one: (-one.confidence, *_age(one)))) for stance, found in leaning.items()
    }


def side_of(evidence: Sequence[Evidence], sides: tuple[str, str]) -> Stance:
    """Return the stance that statements, each given once, amount to.

    A statement weighs its confidence, for its side; a mixed one gives half to each. The heavier side
    wins, ``mixed`` where both weigh alike (``MIXED_MARGIN``), ``neutral`` where neither weighs anything.
    """
    first, second = _weights(evidence, sides)
    both = first + second
    if both == 0:
        return NEUTRAL
    if abs(first - second) <= MIXED_MARGIN * both + _ROUNDING:
        return MIXED
    return Stance(sides[0] if first > second else sides[1])


def is_countable(stance: Stance, sides: tuple[str, str]) -> bool:
    """Whether ``stance`` is one that a vote of this debate may have."""
    return stance in sides or stance in {MIXED, NEUTRAL}


def _nothing(sides: tuple[str, str]) -> dict[str, int]:
    return dict.fromkeys((*sides, str(MIXED), str(NEUTRAL)), 0)


def _vote(week: Week, actor: str, said: list[Evidence], sides: tuple[str, str]) -> Vote:
    stance = side_of(said, sides)
    ordered = sorted(
        said,
        key=lambda one: (one.stance != stance, -one.confidence, one.attribution is not Attribution.DIRECT, *_age(one)),
    )
    return Vote(
        actor=actor,
        org=next((one.org for one in ordered if one.org), None),
        week=week,
        stance=stance,
        confidence=_confidence(stance, said, sides),
        evidence=tuple(ordered),
    )


def _confidence(stance: Stance, said: Sequence[Evidence], sides: tuple[str, str]) -> float:
    """Return the surest statement's confidence, lessened by the part of the weight that speaks against it."""
    if stance == NEUTRAL:
        return max(one.confidence for one in said)
    first, second = _weights(said, sides)
    both = first + second
    if stance == MIXED:
        return max(one.confidence for one in said if one.stance != NEUTRAL) * (1 - abs(first - second) / both)
    return max(one.confidence for one in said if one.stance in {stance, MIXED}) * max(first, second) / both


def _weights(evidence: Iterable[Evidence], sides: tuple[str, str]) -> tuple[float, float]:
    """Return the weight of each side, in the order of ``sides``; the same for any order of ``evidence``."""
    weights: dict[str, list[float]] = {side: [] for side in sides}
    for one in evidence:
        if one.stance in weights:
            weights[one.stance].append(one.confidence)
        elif one.stance == MIXED:
            for side in sides:
                weights[side].append(one.confidence / 2)
    return fsum(weights[sides[0]]), fsum(weights[sides[1]])


def _age(one: Evidence) -> tuple[float, str, int]:
    return one.published_at.timestamp(), one.source, one.statement_id


def _bare(quote: str) -> str:
    """Return the quote's letters and digits alone: copies differ in punctuation and width."""
    folded = unicodedata.normalize("NFKC", quote).casefold()
    return "".join(filter(str.isalnum, folded)) or folded
