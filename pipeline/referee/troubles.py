"""What can go wrong with a referee: values, never exceptions, since the engine's own answer stands whenever it fails."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Trouble(StrEnum):
    """Why there is no answer, in the words that a person is told."""

    UNREACHABLE = "out of reach"
    SLOW = "no answer in time"
    KEY = "key refused"
    ADDRESS = "nothing answers at this address, or no such model"
    BUSY = "too busy"
    TURNED_DOWN = "request turned down"
    BROKEN = "server error"
    GARBLED = "no answer of the asked form"
    CUT_SHORT = "answer cut short"
    REFUSED = "the model refused"
    INVENTED = "evidence that is not in the text"
    OVER_BUDGET = "over the month's budget"


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """Why one question has no answer."""

    trouble: Trouble
    detail: str = ""
    """One plain line of the system's or the server's words; empty where the trouble says it all."""
    is_lasting: bool = False
    """Whether every further question would only meet the same."""

    @property
    def is_of_endpoint(self) -> bool:
        """Whether the server is at fault, not what this one text made of the model."""
        return self.trouble not in _OF_THE_TEXT


_OF_THE_TEXT: Final = frozenset({Trouble.REFUSED, Trouble.INVENTED, Trouble.OVER_BUDGET})
