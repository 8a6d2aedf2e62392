"""What the rules alone make of a weighing: which side, how sure, and the cues that decided.

One of the voices that ``stance.py`` settles on; what the rules say is also what the learned model is told first. Keeps to itself the
rules' thresholds (see ``docs/reading.md`` for how they were found).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pipeline.reading.weighing import Weighing

_TAKES_SIDE: Final = 0.5
"""Least lean that makes a side."""
_COUNTERWEIGHT: Final = 0.55
"""From this share of the stronger voice on, the weaker one makes the passage mixed."""
_LEAST_VOICE: Final = 0.45
_BOTH: Final = 0.45
_LESS_SURE: Final = -0.05
"""What English is given less: there .85 of the sides are right where Chinese has .95."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """What the rules make of a passage; ``side`` is 0, 1 or None (neither), ``because`` spans of text by weight."""

    side: int | None
    is_mixed: bool
    lean: float
    """Above 0 for side 0; unbounded."""
    confidence: float
    because: tuple[tuple[int, int], ...]


_NOTHING: Final = Ruling(side=None, is_mixed=False, lean=0.0, confidence=0.7, because=())


def rule(weighing: Weighing) -> Ruling:
    """Return what the rules' weighing comes to."""
    if not weighing.hits and not weighing.both:
        return _NOTHING
    voices = [0.0, 0.0]
    plain = 0.0
    for hit in weighing.hits:
        speaks_for = hit.side if hit.value > 0 else 1 - hit.side
        voices[speaks_for] += abs(hit.value)
        plain += abs(hit.value) if hit.is_plain else 0.0
    lean = voices[0] - voices[1]
    strong, weak = max(voices), min(voices)
    spans = [
        (hit.start, hit.end) for hit in sorted(weighing.hits, key=lambda hit: (-abs(hit.value), hit.start)) if hit.value
    ]
    is_mixed = (weighing.both >= _BOTH and abs(lean) < 2.5 * weighing.both) or (
        weak >= _LEAST_VOICE and weak >= _COUNTERWEIGHT * strong
    )
    if is_mixed:
        because = (*weighing.both_at, *spans)
        return Ruling(side=None, is_mixed=True, lean=lean, confidence=0.6, because=because[:6])
    if abs(lean) < _TAKES_SIDE:
        sure = 0.7 if not weighing.hits else 0.5
        return Ruling(side=None, is_mixed=False, lean=lean, confidence=sure, because=tuple(spans[:6]))
    share_plain = plain / (strong + weak)
    agreement = abs(lean) / (strong + weak)
    confidence = (0.0 if weighing.is_han else _LESS_SURE) + min(
        0.95, 0.2 + 0.3 * min(abs(lean), 1.5) / 1.5 + 0.25 * share_plain + 0.16 * agreement
    )
    return Ruling(side=0 if lean > 0 else 1, is_mixed=False, lean=lean, confidence=confidence, because=tuple(spans[:6]))
