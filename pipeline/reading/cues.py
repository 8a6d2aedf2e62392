"""The cue lexicons: which word does what to a target, and finding them in folded text.

Keeps to itself the format of ``cues_zh.tsv`` and ``cues_en.tsv`` (kind, weight, cues between ``|``; ``~`` after an
English cue stands for its -s, -ed and -ing forms) and the choice among overlapping cues: the longest, whole words only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import ahocorasick_rs

from pipeline.reading.masking import inflected, whole_word


class Kind(StrEnum):
    """What a cue does."""

    ACT = "act"
    """Acts on the target after it (支持, abandon)."""
    LEAD = "lead"
    """The same, but only right before the target (应该, should)."""
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


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue in a text: folded offsets, and what the lexicon says of it."""

    kind: Kind
    weight: float
    start: int
    end: int


@cache
def _finder() -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[tuple[Kind, float], ...]]]:
    lexicon: dict[str, list[tuple[Kind, float]]] = {}
    for name in ("cues_zh.tsv", "cues_en.tsv"):
        for line in (files(__package__) / name).read_text(encoding="utf-8").splitlines():
            if not line or line.startswith("#"):
                continue
            kind, weight, cues = line.split("\t")
            for cue in cues.split("|"):
                word = cue.strip()
                forms = inflected(word[:-1]) if word.endswith("~") else (word,)
                for form in forms:
                    entry = (Kind(kind), float(weight))
                    if entry not in lexicon.setdefault(form, []):
                        lexicon[form].append(entry)
    return ahocorasick_rs.AhoCorasick(list(lexicon)), [tuple(entries) for entries in lexicon.values()]


def find_cues(folded: str) -> list[Cue]:
    """Return the cues in order of their start, none overlapping another but of the same span."""
    finder, entries = _finder()
    hits = sorted(
        (start, -end, which)
        for which, start, end in finder.find_matches_as_indexes(folded, overlapping=True)
        if whole_word(folded, start, end)
    )
    found: list[Cue] = []
    last = 0
    for start, minus_end, which in hits:
        if start >= last:
            last = -minus_end
            found.extend(Cue(kind, weight, start, last) for kind, weight in entries[which] if kind is not Kind.VOID)
    return found
