"""The cue lexicons: which word does what to a target, and finding them in folded text.

Keeps to itself the format of ``cues_zh.tsv`` and ``cues_en.tsv`` (kind, weight, cues between ``|``; ``~`` after an
English cue stands for its -s, -ed and -ing forms, ``…`` for a few words within one clause) and the choice among overlapping cues: the longest, whole words only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final, NamedTuple

import ahocorasick_rs

from pipeline.reading.masking import inflected, whole_word

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(StrEnum):
    """What a cue does."""

    ACT = "act"
    """Acts on the target after it (支持, abandon)."""
    LEAD = "lead"
    """The same, but only right before the target (应该, should)."""
    BLIND = "blind"
    """Does the target without thought (盲目): against it, negated or not."""
    AMOUNTS = "amounts"
    """Says what the act before it comes down to (等于把), which is never good."""
    TAIL = "tail"
    """Acts on the target right before it (…的胜利, …至上)."""
    DES = "des"
    """Describes its subject (领先, expensive)."""
    REL = "rel"
    """Ranks its subject above the target after it (超过, outperform); below it where the weight is negative."""
    SCALE = "scale"
    """A quantity that is good (or bad) when there is more of it (效率, 成本); says nothing alone."""
    UP = "up"
    """More of what it touches (提高); the weight is what it says alone."""
    DOWN = "down"
    """Less of what it touches (降低, 阻碍); the same."""
    NOT = "not"
    """Negates the cue after it."""
    REJECT = "reject"
    """What follows is somebody's error (误以为, 别被忽悠)."""
    WRONG = "wrong"
    """What went before is an error (是误解, 不成立)."""
    THAN = "than"
    """The target after it is the standard of a comparison (比, than)."""
    BESIDE = "beside"
    """The target before it is the standard (…相比)."""
    CONCEDE = "concede"
    """Opens the half that is granted (虽然)."""
    BUT = "but"
    """Opens the half that counts (但)."""
    BECAUSE = "because"
    """Opens the reason for what the sentence said before it."""
    IF = "if"
    """Opens a condition."""
    ELSE = "else"
    """What follows would come of the opposite (否则)."""
    PAST = "past"
    """What follows was so once (曾)."""
    NOW = "now"
    """What follows is so now (如今)."""
    BOTH = "both"
    """Says that both sides have their place (共存)."""
    THIS = "this"
    """Takes up the last target (这, it)."""
    ASK = "ask"
    """Asks in earnest."""
    RHETORIC = "rhetoric"
    """Asks and means the opposite (难道)."""
    VOID = "void"
    """Says nothing, and keeps a shorter cue within it from being found."""


class Cue(NamedTuple):
    """One cue in a text: folded offsets, and what the lexicon says of it."""

    kind: Kind
    weight: float
    start: int
    end: int


_GAP: Final = "…"


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: Kind
    weight: float
    rest: re.Pattern[str] | None = None
    """What must follow after a few words; None: the cue is one piece."""


@cache
def _lexicon() -> dict[str, list[_Entry]]:
    lexicon: dict[str, list[_Entry]] = {}
    for name in ("cues_zh.tsv", "cues_en.tsv"):
        for line in (files(__package__) / name).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            kind, weight, cues = line.split("\t")
            for cue in cues.split("|"):
                head, _, tail = (part.strip() for part in cue.partition(_GAP))
                rest = re.compile(rf"[^,.;:!?\n]{{1,40}}?\b{re.escape(tail)}\b") if tail else None
                for form in inflected(head[:-1]) if head.endswith("~") else (head,):
                    entry = _Entry(Kind(kind), float(weight), rest)
                    if entry not in lexicon.setdefault(form, []):
                        lexicon[form].append(entry)
    return lexicon


def entries() -> Iterator[tuple[str, Kind, float]]:
    """Yield every cue of one piece in all its forms, with what it does; a cue that does several things, once for the first."""
    for word, listed in _lexicon().items():
        if listed[0].rest is None:
            yield word, listed[0].kind, listed[0].weight


@cache
def _finder() -> tuple[ahocorasick_rs.AhoCorasick, list[list[_Entry]], list[tuple[Kind, float] | None]]:
    """Return what finds the cues, and by their numbers: all that each does; the same of a cue of one piece that does one thing."""
    lexicon = _lexicon()
    plain = [
        (listed[0].kind, listed[0].weight) if len(listed) == 1 and listed[0].rest is None else None
        for listed in lexicon.values()
    ]
    return ahocorasick_rs.AhoCorasick(list(lexicon)), list(lexicon.values()), plain


def find_cues(folded: str) -> list[Cue]:
    """Return the cues in order of their start, none overlapping another but of the same span or in its gap."""
    finder, entries, plain = _finder()
    void = Kind.VOID
    hits = [
        (start, -end, which)
        for which, start, end in finder.find_matches_as_indexes(folded, overlapping=True)
        if folded[start] > "\x7f" or whole_word(folded, start, end)
    ]
    hits.sort()
    found: list[Cue] = []
    last = 0
    for start, minus_end, which in hits:
        if start < last:
            continue
        if (one := plain[which]) is not None:
            last = -minus_end
            if one[0] is not void:
                found.append(Cue(*one, start, last))
            continue
        ends = [(entry, _end(entry, folded, -minus_end)) for entry in entries[which]]
        if any(end is not None for _, end in ends):
            last = max([-minus_end, *(end or 0 for entry, end in ends if entry.kind is Kind.DES)])
            found.extend(
                Cue(entry.kind, entry.weight, start, end)
                for entry, end in ends
                if end is not None and entry.kind is not void
            )
    return found


def _end(entry: _Entry, folded: str, end: int) -> int | None:
    if entry.rest is None:
        return end
    match = entry.rest.match(folded, end)
    return match.end() if match else None
