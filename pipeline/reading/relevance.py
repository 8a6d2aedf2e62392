"""Whether an article is about the debate at all, from the config's topic terms and where the sides are named.

Keeps to itself how near a side's term must stand to a topic term to count as named in the debate's sense.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.reading.folding import fold, language_of
from pipeline.reading.masking import inflected, whole_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.reading.masking import Mention
    from pipeline.settings import Debate

_ENOUGH: Final = 3
"""So many mentions in the debate's sense are enough, however many others there are."""
_BESIDE: Final = 60
"""The same between a side's term and the bare noun of a topic's term (openness ... the model)."""
_NEAR: Final = {True: 80, False: 300}
"""Characters (Han, other) between a side's term and a topic term for the one to be about the other."""


class Relevance:
    """A debate's gate."""

    def __init__(self, debate: Debate) -> None:
        """Build the finders of the topic's terms."""
        topic = debate.topic
        self._any = _Terms(topic.any)
        self._all = [_Terms([term]) for term in topic.all]
        self._none = _Terms(topic.none)
        self._heads = _Terms(topic_heads(topic.any))

    def is_on_topic(self, folded: str, mentions: Sequence[Mention]) -> bool:
        """Tell whether the article names a side in the debate's sense and keeps the config's conditions."""
        if not mentions or (self._none and self._none.places(folded)):
            return False
        if not all(terms.places(folded) for terms in self._all):
            return False
        if not self._any:
            return True
        places = self._any.places(folded)
        heads = self._heads.places(folded)
        if self._is_passing(places, mentions):
            # What counts then are sides named by the topic's own noun (open models).
            places = []
        reach = _NEAR[language_of(folded) == "zh"]
        near = sum(
            _lies_within(places, mention.start - reach, mention.end + reach)
            or _lies_within(heads, mention.start - _BESIDE, mention.end + _BESIDE - 1)
            for mention in mentions
        )
        return near * 2 >= len(mentions) or _ENOUGH <= near >= len(mentions) / 3

    def _is_passing(self, places: Sequence[int], mentions: Sequence[Mention]) -> bool:
        """Tell whether the topic is only touched once, away from where the sides are named (... has also announced an AI assistant)."""
        return len(places) == 1 and not any(
            mention.start - _BESIDE <= places[0] <= mention.end + _BESIDE for mention in mentions
        )


def topic_heads(terms: Iterable[str]) -> frozenset[str]:
    """Return the last words of the topic's English terms: "model" of "language model" makes "open model" on topic."""
    return frozenset(term.rsplit(" ", 1)[-1] for term in map(fold, terms) if term.isascii() and " " in term)


def _lies_within(places: Sequence[int], start: int, end: int) -> bool:
    """Tell whether one of the sorted ``places`` is from ``start`` to ``end``, both included."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] <= end


class _Terms:
    def __init__(self, terms: Iterable[str]) -> None:
        forms = sorted(
            {form for term in terms for form in (inflected(fold(term)) if term.isascii() else (fold(term),))}
        )
        self._finder = ahocorasick_rs.AhoCorasick(forms) if forms else None

    def __bool__(self) -> bool:
        return self._finder is not None

    def places(self, folded: str) -> list[int]:
        """Return the starts of the terms' occurrences, sorted."""
        if self._finder is None:
            return []
        found = self._finder.find_matches_as_indexes(folded, overlapping=True)
        return sorted(start for _, start, end in found if whole_word(folded, start, end))
