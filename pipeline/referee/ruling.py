"""When the referee's word counts, and what it makes of a statement. Pure.

Its evidence must be words of the text, and it must say the same whichever side is named first.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import RefereeAnswer, Statement

MOST_SURE: Final = 0.9
"""A model's own word on how sure it is counts up to here: models say 1.0 too easily."""
LONGEST_EVIDENCE: Final = 120
"""Characters of the evidence that are kept beside a statement."""
_LEAST_EVIDENCE: Final = 2
"""Letters, digits and characters, at least: a full stop is in every text."""


def found_in(evidence: str, passage: str, *, fold: Callable[[str], str]) -> str | None:
    """Return the words of ``passage`` that the evidence is, however it writes case, script and white space; None: none are.

    ``fold`` must keep a text's length.
    """
    words = fold(evidence).split()
    if sum(character.isalnum() for word in words for character in word) < _LEAST_EVIDENCE:
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), fold(passage))
    return passage[found.start() : found.end()] if found else None


def ruled(statement: Statement, first: RefereeAnswer, second: RefereeAnswer, *, because: str) -> Statement | None:
    """Return the statement with the stance on which both answers agree; None where they do not.

    Its confidence is the lower one of the answers', at most MOST_SURE; where the engine had the same stance, not
    less than the engine's. ``because`` goes before the engine's cues, which are left out where they spoke for something else.
    """
    if first.stance != second.stance:
        return None
    confidence = min(first.confidence, second.confidence, MOST_SURE)
    if first.stance == statement.stance:
        return replace(
            statement, confidence=max(confidence, statement.confidence), because=(because, *statement.because)
        )
    return replace(statement, stance=first.stance, confidence=confidence, because=(because,))
