"""How well texts were read, against what people marked in them: ``kaibi evaluate``, and our own tests.

Pure. Keeps to itself when a found statement is the marked one, when two names are one speaker's, and what each
figure counts. A statement that nothing found overlaps counts as found neutral: silence is no verdict.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pipeline.model import AUTHOR_NAMES, NEUTRAL, Attribution, LabelledArticle, LabelledStatement

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Reading, Stance, Statement

SURE: Final = 0.8
"""From this confidence on, the engine calls itself sure."""
_AUTHORS: Final = frozenset({*AUTHOR_NAMES.values(), "本文作者", "本文", "笔者"})
_GAPS: Final = re.compile(r"[\s·•・.．‧\-]")
_LEAST_COVERED: Final = 0.5
_LONGER: Final = 4
_LONGER_BY: Final = 40
_NOT_ALL: Final = 6
"""Where so many statements are labelled, there may be more that are not."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """A labelled statement and the one that the engine found there."""

    article: LabelledArticle
    labelled: LabelledStatement
    found: Statement | None
    """None: nothing that was found overlaps enough."""
    is_speaker_found: bool
    """Whether what overlaps is under the labelled speaker."""

    @property
    def stance(self) -> Stance:
        """What was found; neutral where nothing was."""
        return NEUTRAL if self.found is None else self.found.stance

    @property
    def stances(self) -> tuple[str, str]:
        """(labelled, found)."""
        return str(self.labelled.stance), str(self.stance)

    @property
    def quote(self) -> str:
        """The labelled words."""
        return self.article.text[self.labelled.start : self.labelled.end]

    @property
    def is_wrong_side(self) -> bool:
        """Whether the labelled side was given to the other one: the worst error."""
        return self.labelled.stance.takes_side and self.stance.takes_side and self.stance != self.labelled.stance

    @property
    def is_named(self) -> bool:
        """Whether there is a speaker to find, not the article's own voice."""
        return self.labelled.attribution is not Attribution.AUTHOR


@dataclass(frozen=True, kw_only=True, slots=True)
class Positions:
    """Who takes which side: pairs of speaker and side, counted article by article."""

    right: int = 0
    wrong: int = 0
    """Found, and not labelled."""
    missed: int = 0

    @property
    def precision(self) -> float:
        """Of the found pairs, the share that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Of the labelled pairs, the share that is found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True, kw_only=True)
class Score:
    """What was read against what was labelled; shares are 0..1, and 0 where there is nothing to share."""

    articles: tuple[tuple[str, str], ...]
    """(labelled, found) stance of each article that is labelled as a whole."""
    judged: tuple[Judged, ...]
    positions: Positions
    sides: tuple[str, str]

    @cached_property
    def statements(self) -> tuple[tuple[str, str], ...]:
        """(labelled, found) stance of each statement."""
        return tuple(one.stances for one in self.judged)

    @property
    def confusion(self) -> Mapping[tuple[str, str], int]:
        """(labelled, found) -> how many statements."""
        return Counter(self.statements)

    @property
    def speaker_recall(self) -> float:
        """Of the statements by named speakers, the share whose span was found under the same speaker."""
        named = [one for one in self.judged if one.is_named]
        return sum(one.is_speaker_found for one in named) / max(1, len(named))

    @cached_property
    def sure(self) -> tuple[bool, ...]:
        """Of the sure findings with a side where a side is labelled: whether each has the labelled one."""
        return tuple(
            one.found.stance == one.labelled.stance
            for one in self.judged
            if one.found is not None
            and one.labelled.stance.takes_side
            and one.found.stance.takes_side
            and one.found.confidence >= SURE
        )

    @property
    def wrong_sides(self) -> tuple[Judged, ...]:
        """The statements that were put on the wrong side."""
        return tuple(one for one in self.judged if one.is_wrong_side)

    @property
    def differences(self) -> tuple[Judged, ...]:
        """The statements whose stance or whose speaker was not found as labelled."""
        return tuple(
            one
            for one in self.judged
            if one.stance != one.labelled.stance or (one.is_named and not one.is_speaker_found)
        )


def score(read: Iterable[tuple[LabelledArticle, Reading]], sides: tuple[str, str]) -> Score:
    """Return how the readings of labelled articles compare with the labels; ``sides`` are the debate's ids."""
    articles: list[tuple[str, str]] = []
    judged: list[Judged] = []
    right = wrong = missed = 0
    for article, reading in read:
        if article.stance is not None:
            articles.append((str(article.stance), str(reading.stance)))
        judged += judge(article, reading.statements)
        here = _positions(article, reading.statements)
        right, wrong, missed = right + here.right, wrong + here.wrong, missed + here.missed
    return Score(
        articles=tuple(articles),
        judged=tuple(judged),
        positions=Positions(right=right, wrong=wrong, missed=missed),
        sides=sides,
    )


def judge(article: LabelledArticle, found: Sequence[Statement]) -> tuple[Judged, ...]:
    """Return each labelled statement with the found one that is it.

    A found span is one that covers at least half of the labelled one and is at most four times as long and 40
    characters; of several one by the same speaker, then the one that fits best, then the earliest.
    """
    judged = []
    for labelled in article.statements:
        over = [(share, one) for one in found if (share := _overlap(labelled, one)) > 0]
        same = [(share, one) for share, one in over if is_same_speaker(labelled.speaker, one.speaker)]
        best = max(same or over, key=lambda pair: (pair[0], -pair[1].start), default=None)
        judged.append(
            Judged(
                article=article,
                labelled=labelled,
                found=None if best is None else best[1],
                is_speaker_found=bool(same),
            )
        )
    return tuple(judged)


def macro_f1(pairs: Sequence[tuple[str, str]]) -> tuple[float, dict[str, float]]:
    """Return the mean F1 over the classes that are labelled, and each one's; pairs are (labelled, found)."""
    by_class = {}
    for label in sorted({wanted for wanted, _ in pairs}):
        right = sum(wanted == label == found for wanted, found in pairs)
        either = sum((wanted == label) + (found == label) for wanted, found in pairs)
        by_class[label] = 2 * right / either
    return sum(by_class.values()) / max(1, len(by_class)), by_class


def flips(pairs: Iterable[tuple[str, str]], sides: Sequence[str]) -> float:
    """Return the share of what is labelled as one side that was given to the other; pairs are (labelled, found)."""
    one_sided = [(wanted, found) for wanted, found in pairs if wanted in sides]
    return sum(found in sides and found != wanted for wanted, found in one_sided) / max(1, len(one_sided))


def is_same_speaker(one: str, other: str) -> bool:
    """Whether two names may be one speaker's: alike but for width, case, spaces and dots, or one within the other."""
    one, other = _folded(one), _folded(other)
    if not one or not other:
        return False
    if {one, other} <= _AUTHORS:
        return True
    return one == other or (min(len(one), len(other)) > 1 and (one in other or other in one))


def _folded(name: str) -> str:
    return _GAPS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def _overlap(labelled: LabelledStatement, found: Statement) -> float:
    length = labelled.end - labelled.start
    inside = min(labelled.end, found.end) - max(labelled.start, found.start)
    if inside < _LEAST_COVERED * length or found.end - found.start > _LONGER * length + _LONGER_BY:
        return 0.0
    return inside / (max(labelled.end, found.end) - min(labelled.start, found.start))


def _positions(article: LabelledArticle, found: Sequence[Statement]) -> Positions:
    """Count an article's pairs; where it may not be labelled to the end, a pair is wrong only for a speaker that it names."""
    wanted = {
        (_folded(one.speaker), str(one.stance))
        for one in article.statements
        if one.stance.takes_side and one.attribution is not Attribution.AUTHOR
    }
    free = {
        (_folded(one.speaker), str(one.stance))
        for one in found
        if one.stance.takes_side and one.speaker and one.attribution is not Attribution.AUTHOR
    }
    right = 0
    for speaker, stance in sorted(wanted):
        fits = [pair for pair in sorted(free) if pair[1] == stance and is_same_speaker(pair[0], speaker)]
        match = next((pair for pair in fits if pair[0] == speaker), fits[0] if fits else None)
        if match is not None:
            free.discard(match)
            right += 1
    is_whole = article.is_whole and len(article.statements) < _NOT_ALL
    wrong = sum(
        is_whole or any(is_same_speaker(speaker, one.speaker) for one in article.statements) for speaker, _ in free
    )
    return Positions(right=right, wrong=wrong, missed=len(wanted) - right)
