"""Clauses of a passage: where they end, which cues and mentions each holds, and what is only a standard of comparison.

Keeps to itself the marks that part clauses and the sign that stands for a masked term.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters, plain where they stand
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pipeline.reading.cues import Cue, Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.masking import Mention

FILL: Final = "\ue000"
"""Stands for each character of a side's term."""
_MARK: Final = re.compile(r"[,;:。!?\n.—-](?:(?<=[,;:。!?\n])|(?<=\.)(?<!\d\.)(?=\s|$)|(?<=—)—*|(?<=[^\S\n]-)(?=\s))")
"""Begins with all its marks' signs in one class, by which ``re`` skips what lies between; the space around a dash is not in the match."""
_CONJUNCTION: Final = re.compile(r"because\b|but\b|when\b|while\b|whereas\b|although\b|though\b|因为")
_BEFORE_CONJUNCTION: Final = re.compile(r"[ \u4e00-\u9fff]")
_NO_BREAK: Final = frozenset("能要别应该会")
"""Before 因为 these leave it within its clause."""
Edge = tuple[int, int, str]
"""A mark that ends a clause: where it begins and ends, and its sign."""
_TIMES: Final = re.compile(r"的?[数几多好两三四五六七八九十百千万0-9.]+倍")
_COMPARES: Final = frozenset({Kind.THAN, Kind.BESIDE})
_MOST: Final = 24
"""Mentions or cues in one clause; a longer one is cut, so that a text without marks takes no longer than another."""


class Hit(NamedTuple):
    """One cue's word toward one side; ``value`` above 0 is in its favour, offsets are the cue's."""

    side: int
    value: float
    start: int
    end: int
    is_plain: bool = True
    """Whether the target stands in the same clause."""


class Clause(NamedTuple):
    """A stretch between two marks; offsets are those of the whole text, ``text`` is masked."""

    text: str
    start: int
    end: int
    cues: tuple[Cue, ...]
    targets: tuple[Mention, ...]
    closes: str
    """The mark after it."""


def masked_text(folded: str, inside: Sequence[Mention], start: int, end: int) -> str:
    """Return ``folded[start:end]`` with the mentions ``inside`` filled in, as long as it was."""
    parts: list[str] = []
    at = start
    for mention in inside:
        parts += [folded[at : mention.start], FILL * (mention.end - mention.start)]
        at = mention.end
    return "".join([*parts, folded[at:end]])


def edges_of(masked: str) -> list[Edge]:
    """Return the marks that end clauses, in order: where each begins and ends, and its sign."""
    edges: list[Edge] = []
    last = 0
    for match in _MARK.finditer(masked):
        start, end = match.span()
        mark = masked[start]
        if mark == "-":
            start, end = start - 1, end + 1
        # A mark that the dash before it has taken in counts no more.
        if start >= last:
            edges.append((start, end, mark.strip()))
            last = end
    before = _BEFORE_CONJUNCTION.match
    conjunctions = [
        (at, at, "")
        for at in [match.start() for match in _CONJUNCTION.finditer(masked)]
        if at and before(masked, at - 1) and not (masked[at] == "因" and masked[at - 1] in _NO_BREAK)
    ]
    return sorted([*edges, *conjunctions]) if conjunctions else edges


def clauses_of(
    masked: str, span: tuple[int, int], edges: Sequence[Edge], cues: Sequence[Cue], inside: Sequence[Mention]
) -> list[Clause]:
    """Return the clauses of a span of ``masked`` in order; one with neither cue nor mention only to end a sentence.

    ``edges``, ``cues`` and ``inside`` are those of the span alone.
    """
    found: list[Clause] = []
    at, end = span
    crowded = (
        [one.start for many in (cues, inside) for one in many[_MOST::_MOST]] if len(cues) + len(inside) > _MOST else []
    )
    ordered = [*edges, (end, end, ".")]
    if crowded:
        ordered = sorted([*ordered, *((place, place, ",") for place in crowded)])
    cue_at = mention_at = 0
    for left, right, mark in ordered:
        first_cue, first_mention = cue_at, mention_at
        while cue_at < len(cues) and cues[cue_at].start < left:
            cue_at += 1
        while mention_at < len(inside) and inside[mention_at].start < left:
            mention_at += 1
        if cue_at > first_cue or mention_at > first_mention or mark in ".。!?":
            heard = (tuple(cues[first_cue:cue_at]), tuple(inside[first_mention:mention_at]))
            found.append(Clause(masked[at:left], at, left, *heard, mark))
        at = right
    return found


def parted(clause: Clause, *, han: bool) -> tuple[tuple[Mention, ...], tuple[Mention, ...]]:
    """Return the clause's targets that are spoken of, and those that are only compared with."""
    targets = clause.targets
    if not targets or not (any(cue.kind in _COMPARES for cue in clause.cues) or (han and "倍" in clause.text)):
        return targets, ()
    compared = [_is_standard(clause, target, han=han) for target in targets]
    return (
        tuple(target for target, is_one in zip(targets, compared, strict=True) if not is_one),
        tuple(target for target, is_one in zip(targets, compared, strict=True) if is_one),
    )


def _is_standard(clause: Clause, target: Mention, *, han: bool) -> bool:
    """Tell whether the target is what something is compared with (比X, than X, 与X相比)."""
    reach = 8 if han else 14
    if han and _TIMES.match(clause.text, target.end - clause.start):
        return True
    for cue in clause.cues:
        if cue.kind is Kind.THAN and 0 <= target.start - cue.end <= reach:
            return not any(cue.end <= other.start < target.start for other in clause.targets)
        if cue.kind is Kind.BESIDE and 0 <= cue.start - target.end <= 3:
            return True
    return False
