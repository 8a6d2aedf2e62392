"""The reading engine: a text in, who says what and which side they take out.

Pure and deterministic: no clock, no network, no files but this room's own tables. The debate's sides, terms and
topic all come from the config; nothing here knows a particular debate. How it decides: ``docs/reading.md``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.model import AUTHOR_NAMES, MIXED, NEUTRAL, OFF_TOPIC, Attribution, Leaning, Reading, Stance, Statement
from pipeline.reading.attribution_en import EnglishReader
from pipeline.reading.attribution_zh import ChineseReader
from pipeline.reading.folding import fold, language_of
from pipeline.reading.masking import Masker
from pipeline.reading.relevance import Relevance
from pipeline.reading.speakers import Roster
from pipeline.reading.stance import Verdict, decide
from pipeline.reading.weighing import weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.attribution import Utterance
    from pipeline.reading.masking import Mention
    from pipeline.settings import Debate

ENGINE_VERSION: Final = "2"
"""Changes whenever readings may: stored readings of another version are read again."""
LONGEST: Final = 200_000
"""Characters of a text that are read: no article is longer, and a page made to stall the reader costs seconds."""
_CARRIED_DISCOUNT: Final = 0.8
_AUTHOR_WEIGHT: Final = 1.3
"""The article's own voice leaves more with the reader than one speaker's."""
_LEAST_SURE: Final = 0.57
"""A side taken with less confidence does not count for the article."""
_MIXED_SHARE: Final = 0.8
"""How much of a mixed statement counts for each side."""
_ONE_SIDED: Final = 3.0
"""An article is one side's when that weighs so many times the other, what is mixed shared among both."""
_LEAST_ARTICLE: Final = 0.9
"""Less said than this leaves the article neutral: one unsure statement is not enough."""


class Engine:
    """Reads texts for one debate."""

    def __init__(self, debate: Debate) -> None:
        """Build what finds the debate's terms; takes some milliseconds."""
        self._debate = debate
        self._masker = Masker(debate)
        self._relevance = Relevance(debate)
        self._sides = (Stance(debate.sides[0].id), Stance(debate.sides[1].id))

    def read(self, title: str, text: str) -> Reading:
        """Return the article's stance and its statements, in order of their start; offsets are of ``text``.

        What comes after the first ``LONGEST`` characters is not read.
        """
        text = text[:LONGEST]
        folded = fold(text)
        mentions = self._masker.find(folded)
        folded_title = fold(title)
        title_mentions = self._masker.find(folded_title)
        whole = f"{folded_title}\n{folded}"
        shift = len(folded_title) + 1
        on_topic = self._relevance.is_on_topic(whole, [*title_mentions, *_moved(mentions, shift)])
        language = language_of(text or title)
        utterances = self._utterances(text, folded, mentions, language)
        statements, verdicts = self._statements(text, folded, mentions, utterances, on_topic=on_topic)
        if not on_topic:
            return Reading(stance=OFF_TOPIC, confidence=0.7, statements=statements)
        headline = decide(weigh(folded_title, title_mentions, 0, len(folded_title)))
        stance, confidence = self._article(verdicts, headline)
        return Reading(stance=stance, confidence=confidence, statements=statements)

    def lean(self, text: str) -> Leaning:
        """Return the stance of a bare sentence or passage, as a speaker's own words."""
        folded = fold(text)
        verdict = decide(weigh(folded, self._masker.find(folded), 0, len(folded)))
        return Leaning(
            stance=self._stance(verdict),
            score=verdict.score,
            confidence=verdict.confidence,
            because=_cues(text, verdict),
        )

    def _utterances(
        self, text: str, folded: str, mentions: Sequence[Mention], language: str
    ) -> list[tuple[Utterance, str, str | None]]:
        roster = Roster.of(self._debate)

        def mentions_in(start: int, end: int) -> bool:
            return any(mention.start < end and mention.end > start for mention in mentions)

        reader = (ChineseReader if language == "zh" else EnglishReader)(text, folded, roster, mentions_in)
        author = AUTHOR_NAMES[language]
        named: list[tuple[Utterance, str, str | None]] = []
        for utterance in reader.read():
            if utterance.speaker is None:
                named.append((utterance, author, None))
            else:
                full = roster.fullest(utterance.speaker)
                named.append((utterance, full.name, full.org))
        return named

    def _statements(
        self,
        text: str,
        folded: str,
        mentions: Sequence[Mention],
        utterances: Sequence[tuple[Utterance, str, str | None]],
        *,
        on_topic: bool,
    ) -> tuple[tuple[Statement, ...], list[tuple[Utterance, Verdict]]]:
        found: list[Statement] = []
        verdicts: list[tuple[Utterance, Verdict]] = []
        carried: int | None = None
        unit = -1
        for utterance, name, org in utterances:
            if utterance.unit != unit:
                unit, carried = utterance.unit, None if utterance.attribution is Attribution.AUTHOR else carried
            weighing = weigh(
                folded, mentions, min(utterance.weigh_from, utterance.start), utterance.end, carried=carried
            )
            carried = weighing.last
            verdict = decide(weighing)
            verdicts.append((utterance, verdict))
            if utterance.speaker is None and (not on_topic or (verdict.side is None and not verdict.is_mixed)):
                continue
            found.append(self._statement(text, utterance, name, org, verdict, on_topic=on_topic))
        return tuple(sorted(found, key=lambda one: (one.start, one.end))), verdicts

    def _statement(
        self, text: str, utterance: Utterance, name: str, org: str | None, verdict: Verdict, *, on_topic: bool
    ) -> Statement:
        return Statement(
            speaker=name,
            org=org,
            start=utterance.start,
            end=utterance.end,
            quote=text[utterance.start : utterance.end],
            attribution=utterance.attribution,
            stance=self._stance(verdict) if on_topic else NEUTRAL,
            confidence=round(verdict.confidence * (_CARRIED_DISCOUNT if utterance.is_carried else 1.0), 3),
            because=_cues(text, verdict) if on_topic else (),
            via=utterance.via,
        )

    def _stance(self, verdict: Verdict) -> Stance:
        if verdict.side is not None:
            return self._sides[verdict.side]
        return MIXED if verdict.is_mixed else NEUTRAL

    def _article(self, verdicts: Sequence[tuple[Utterance, Verdict]], headline: Verdict) -> tuple[Stance, float]:
        weights = [0.0, 0.0]
        mixed = 0.0
        for utterance, verdict in verdicts:
            weight = verdict.confidence * (_AUTHOR_WEIGHT if utterance.speaker is None else 1.0)
            if verdict.side is not None and verdict.confidence >= _LEAST_SURE:
                weights[verdict.side] += weight
            elif verdict.is_mixed:
                mixed += weight
        if headline.side is not None:
            weights[headline.side] += headline.confidence
        strong, weak = max(weights), min(weights)
        # Where only one thing is said, that one decides.
        if strong + weak + mixed < min(_LEAST_ARTICLE, _LEAST_SURE * len(verdicts)):
            return NEUTRAL, 0.6
        shared = mixed * _MIXED_SHARE
        if strong + shared > _ONE_SIDED * (weak + shared):
            return self._sides[weights.index(strong)], min(0.95, strong / (strong + weak + mixed))
        return MIXED, 0.6


def _moved(mentions: Sequence[Mention], by: int) -> list[Mention]:
    return [replace(mention, start=mention.start + by, end=mention.end + by) for mention in mentions]


def _cues(text: str, verdict: Verdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[start:end] for start, end in verdict.because))
