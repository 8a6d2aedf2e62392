"""Who is who across articles: the key under which a name is known however it is spelled, and the names that the config tells.

Keeps to itself how names are compared: script, width, case, spaces and the dots of transliterated names do not
matter, and the config's aliases lead to the actor they belong to. Which other names are one actor is learned from
what articles say (``evidence``), by the store.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.model import AliasEvidence, AliasKind, Identity
from pipeline.reading.bracketed import is_personal
from pipeline.reading.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Alias
    from pipeline.settings import Debate

_GAPS = re.compile(r"[\s·•・.．‧'’-]")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_DOTS: Final = re.compile(r"[·•・‧]")
_SPACES: Final = re.compile(r"\s+")
_LEAST_LAST: Final = 2
"""Letters of a last part that may stand for the whole name."""


def name_key(name: str) -> str:
    """Return what is left of a name once its spelling does not matter."""
    return _GAPS.sub("", fold(unicodedata.normalize("NFKC", name))).casefold()


def outlet(source: str) -> Identity:
    """Return the actor behind an article's own voice: the outlet."""
    return Identity(key=f"outlet {source}", name=source, org=None, is_told=True)


@dataclass(frozen=True, slots=True)
class _Told:
    """An actor of the config, and in which scripts it gives whole names."""

    identity: Identity
    in_chinese: bool
    in_latin: bool


class WhoIsWho:
    """The config's actors, by every name that they go by."""

    def __init__(self, debate: Debate) -> None:
        """Learn the aliases of ``[[debate.actor]]``; the first actor that claims a name keeps it."""
        self._known: dict[str, _Told] = {}
        for actor in debate.actor:
            names = (actor.name, *actor.aliases)
            told = _Told(
                Identity(
                    key=name_key(actor.name), name=actor.name, org=actor.org, last=_last(actor.name), is_told=True
                ),
                in_chinese=any(_HAN.search(name) for name in names),
                in_latin=any(not _HAN.search(name) and _last(name) for name in names),
            )
            for name in names:
                self._known.setdefault(name_key(name), told)
        self._last_parts = {
            last for actor in debate.actor for name in (actor.name, *actor.aliases) if (last := _last(name))
        }

    def identify(self, speaker: str) -> Identity:
        """Return the name behind a speaker's; one that the config does not know is named as the text does."""
        key = name_key(speaker) or speaker
        known = self._known.get(key)
        if known is not None:
            return known.identity
        return Identity(key=key, name=speaker, org=None, last=key if key in self._last_parts else _last(speaker))

    def told(self) -> tuple[Identity, ...]:
        """Return every name that the config tells, under the key of its actor."""
        return tuple({known.identity.key: known.identity for known in self._known.values()}.values())

    def evidence(self, aliases: Sequence[Alias]) -> tuple[AliasEvidence, ...]:
        """Return what articles say of names that is not against the config.

        Of an actor with a Latin name in the config no other one is learned, nor a Chinese one where that is no
        matter of spelling its sound; two actors of the config are two, and whom a last part of theirs means it says alone.
        """
        return tuple(
            AliasEvidence(
                chinese=self.identify(one.chinese), latin=self.identify(one.latin), kind=one.kind, times=one.times
            )
            for one in aliases
            if not self._is_settled(one)
        )

    def _is_settled(self, alias: Alias) -> bool:
        chinese, latin = self._known.get(name_key(alias.chinese)), self._known.get(name_key(alias.latin))
        if chinese is not None:
            return latin is not None or chinese.in_latin
        if latin is None and name_key(alias.latin) in self._last_parts:
            return True
        return latin is not None and latin.in_chinese and alias.kind is not AliasKind.FOREIGN


def _last(name: str) -> str | None:
    """Return the key of a person's last name, where the name has more: of a Latin name, or of one with dots."""
    written = unicodedata.normalize("NFKC", name).strip()
    parts = [part for part in (_DOTS if _HAN.search(written) else _SPACES).split(written) if part]
    if len(parts) < 2 or not (_HAN.search(written) or is_personal(written)):  # noqa: PLR2004 - a first and a last one
        return None
    last = name_key(parts[-1])
    return last if len(last) >= _LEAST_LAST else None
