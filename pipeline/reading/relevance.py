"""Whether an article is about the debate at all, from the config's topic terms and where the sides are named.

Keeps to itself how near a side's term must stand to a topic term to count as named in the debate's sense, and what the headline counts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.reading.folding import fold, language_of
from pipeline.reading.masking import whole_word
from pipeline.reading.wordings import inflected, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.reading.masking import Mention
    from pipeline.settings import Debate

_ENOUGH: Final = 3
"""So many mentions in the debate's sense are enough, however many others there are."""
_BESIDE: Final = 60
"""The same between a side's term and the bare noun of a topic's term (openness ... the model)."""
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_SENTENCE: Final = {True: 60, False: 120}
"""Characters (Han, other) that a sentence is long: within it, a topic that is named once is not only touched."""
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
        self._asks = {"zh": any(map(_is_seen_in_chinese, topic.any)), "en": any(map(str.isascii, topic.any))}

    def is_on_topic(self, folded: str, mentions: Sequence[Mention]) -> bool:
        """Tell whether the article names a side in the debate's sense and keeps the config's conditions.

        ``folded`` is the headline, a line's end, and the text. Terms of one language ask nothing of an article in the other.
        """
        if not mentions or (self._none and self._none.places(folded)):
            return False
        if not all(terms.places(folded) for terms in self._all):
            return False
        language = language_of(folded)
        if not self._asks[language]:
            return True
        places = self._any.places(folded)
        heads = self._heads.places(folded)
        han = language == "zh"
        if _is_passing(places, mentions, _SENTENCE[han]):
            # What counts then are sides named by the topic's own noun (open models).
            places = []
        reach = _NEAR[han]
        near = sum(
            _lies_within(places, mention.start - reach, mention.end + reach)
            or _lies_within(heads, mention.start - _BESIDE, mention.end + _BESIDE - 1)
            for mention in mentions
        )
        if near and len(places) > 1 and places[0] < folded.find("\n"):
            return True
        return near * 2 >= len(mentions) or _ENOUGH <= near >= len(mentions) / 3


def _is_passing(places: Sequence[int], mentions: Sequence[Mention], reach: int) -> bool:
    """Tell whether the topic is only touched once, away from where the sides are named (... has also announced an AI assistant)."""
    return len(places) == 1 and not any(
        mention.start - reach <= places[0] <= mention.end + reach for mention in mentions
    )


def _is_seen_in_chinese(term: str) -> bool:
    """Tell whether a topic's term may stand in a Chinese text: its words do, and names and abbreviations (AI, DeepSeek), but no English word."""
    return _HAN.search(term) is not None or term != term.lower()


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
            {
                form
                for term in terms
                for spelled in spellings(fold(term))
                for form in (inflected(spelled) if term.isascii() else (spelled,))
            }
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
