"""Who is who across articles: the one key and the one name under which an actor is counted.

Keeps to itself how names are compared: script, width, case, spaces and the dots of transliterated names do not
matter, and the config's aliases lead to the actor they belong to.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pipeline.model import Identity
from pipeline.reading.folding import fold

if TYPE_CHECKING:
    from pipeline.settings import Debate

_GAPS = re.compile(r"[\s·•・.．‧'’-]")


def name_key(name: str) -> str:
    """Return what is left of a name once its spelling does not matter."""
    return _GAPS.sub("", fold(unicodedata.normalize("NFKC", name))).casefold()


def outlet(source: str) -> Identity:
    """Return the actor behind an article's own voice: the outlet."""
    return Identity(key=f"outlet {source}", name=source, org=None)


class WhoIsWho:
    """The config's actors, by every name that they go by."""

    def __init__(self, debate: Debate) -> None:
        """Learn the aliases of ``[[debate.actor]]``; the first actor that claims a name keeps it."""
        self._known: dict[str, Identity] = {}
        for actor in debate.actor:
            identity = Identity(key=name_key(actor.name), name=actor.name, org=actor.org)
            for name in (actor.name, *actor.aliases):
                self._known.setdefault(name_key(name), identity)

    def identify(self, speaker: str, org: str | None) -> Identity:
        """Return the actor behind a speaker's name; one that the config does not know is named as the text does."""
        key = name_key(speaker) or speaker
        known = self._known.get(key)
        if known is None:
            return Identity(key=key, name=speaker, org=org)
        return known if known.org is not None else Identity(key=known.key, name=known.name, org=org)
