"""What both languages' readers hand on: stretches of text with whoever says them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Attribution
    from pipeline.reading.speakers import Speaker


@dataclass(frozen=True, kw_only=True, slots=True)
class Utterance:
    """A proposition and who says it; ``start``..``end`` is the span, stance is read from ``weigh_from`` on."""

    speaker: Speaker | None
    """None: the article's own voice."""
    start: int
    end: int
    weigh_from: int
    attribution: Attribution
    unit: int
    """Utterances of one unit (a turn, a paragraph's run of one speaker) take up each other's topic."""
    via: str | None = None
    is_carried: bool = False
    """Whether the speaker is only carried over from the sentence before."""
