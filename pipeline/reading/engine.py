"""The reading engine: a text in, who says what and which side they take out.

Pure and deterministic: no clock, no network, no files but this room's own tables. The debate's sides, terms and
topic all come from the config; nothing here knows a particular debate. How it decides: ``docs/reading.md``.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import partial
from typing import TYPE_CHECKING, Final

from pipeline.model import AUTHOR_NAMES, MIXED, NEUTRAL, OFF_TOPIC, Attribution, Leaning, Reading, Stance, Statement
from pipeline.reading.aliases import other_names
from pipeline.reading.attribution_en import EnglishReader
from pipeline.reading.attribution_zh import ChineseReader
from pipeline.reading.features import Span
from pipeline.reading.folding import fold, fold_name, language_of
from pipeline.reading.learned import Scored
from pipeline.reading.masking import Masker, Mention
from pipeline.reading.relevance import Relevance
from pipeline.reading.ruling import rule
from pipeline.reading.speakers import Roster
from pipeline.reading.stance import Verdict, settle
from pipeline.reading.weighing import Weigher

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.attribution import Utterance
    from pipeline.reading.ruling import Ruling
    from pipeline.settings import Debate

ENGINE_VERSION: Final = "4"
"""Changes whenever readings may: stored readings of another version are read again."""
LONGEST: Final = 200_000
"""Characters of a text that are read: no article is longer, and a page made to stall the reader costs seconds."""
_CARRIED_DISCOUNT: Final = 0.8
_AUTHORS: Final = 1.5
"""How much more a position of the article's own voice counts for its stance than a speaker's."""
_HEADLINE: Final = 2.0
"""The same for the headline's side."""
_LEAST_LEAN: Final = 0.12
"""A headline that takes no side counts by its lean, from this on."""
_MIXED_SHARE: Final = 0.9
"""How much of a mixed statement counts for each side."""
_ONE_SIDED: Final = 1.6
_ONE_MORE: Final = 0.4
"""An article is one side's when that weighs so many times the other and so much more, what is mixed shared among both."""
_LEAST_ARTICLE: Final = 1.0
"""Less said than this leaves the article neutral."""
_CONTEXT: Final = {"zh": 120, "en": 350}
"""Characters before a passage that are looked at for what it takes up."""
_PARAGRAPH_HAS_BEGUN: Final = 25
"""Characters after which a paragraph stands for itself."""
_NO_VERDICT: Final = Verdict(side=None, is_mixed=False, score=0.0, confidence=0.7, because=())


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
        everywhere = (*title_mentions, *_moved(mentions, shift))
        on_topic = self._relevance.is_on_topic(whole, everywhere)
        language = language_of(text or title)
        utterances = self._utterances(text, folded, mentions, language)
        verdicts: Sequence[Verdict] = ()
        if on_topic:
            verdicts = self._judge(whole, everywhere, shift, [utterance for utterance, _, _ in utterances], language)
        statements = self._statements(text, utterances, verdicts[1:], shift)
        if not on_topic:
            return Reading(stance=OFF_TOPIC, confidence=0.7, statements=statements)
        is_authors = [utterance.speaker is None for utterance, _, _ in utterances]
        stance, confidence = self._article(verdicts[1:], verdicts[0], is_authors)
        return Reading(stance=stance, confidence=confidence, statements=statements)

    def lean(self, text: str) -> Leaning:
        """Return the stance of a bare sentence or passage, as a speaker's own words."""
        folded = fold(text)
        han = language_of(text) == "zh"
        mentions = self._masker.find(folded)
        ruling = rule(Weigher(folded, mentions).weigh(0, len(folded)))
        scored = Scored(folded, mentions, [Span(0, 0, len(folded))], [ruling], han=han)
        verdict = _settled([ruling], scored, han=han)[0]
        return Leaning(
            stance=self._stance(verdict),
            score=verdict.score,
            confidence=verdict.confidence,
            because=_cues(text, verdict, 0),
        )

    def _judge(
        self, whole: str, mentions: Sequence[Mention], shift: int, utterances: Sequence[Utterance], language: str
    ) -> list[Verdict]:
        """Return the verdict on the title, and then on each utterance; ``whole`` is the title, a line's end, the text."""
        weigher = Weigher(whole, mentions)
        rulings = [rule(weigher.weigh(0, shift - 1))]
        spans = [Span(0, 0, shift - 1)]
        carried: int | None = None
        unit = -1
        for utterance in utterances:
            if utterance.unit != unit:
                unit, carried = utterance.unit, None if utterance.attribution is Attribution.AUTHOR else carried
            start, end = min(utterance.weigh_from, utterance.start) + shift, utterance.end + shift
            weighing = weigher.weigh(start, end, carried=carried)
            carried = weighing.last
            rulings.append(rule(weighing))
            spans.append(Span(context_of(whole, start, shift, language), start, end))
        han = language == "zh"
        scored = Scored(whole, mentions, spans, rulings, han=han)
        return _settled(rulings, scored, han=han)

    def _utterances(
        self, text: str, folded: str, mentions: Sequence[Mention], language: str
    ) -> list[tuple[Utterance, str, str | None]]:
        roster = Roster.of(self._debate)
        # Mentions come in order and do not overlap: the last one before a stretch's end reaches furthest.
        starts = [mention.start for mention in mentions]

        def mentions_in(start: int, end: int) -> bool:
            at = bisect_left(starts, end)
            return at > 0 and mentions[at - 1].end > start

        reader = (ChineseReader if language == "zh" else EnglishReader)(text, folded, roster, mentions_in)
        author = AUTHOR_NAMES[language]
        named: list[tuple[Utterance, str, str | None]] = []
        utterances = reader.read()
        others = other_names(text, roster.full.values())
        for utterance in utterances:
            if utterance.speaker is None:
                named.append((utterance, author, None))
            else:
                full = roster.fullest(utterance.speaker)
                if (one := others.get(fold_name(full.name))) is not None:
                    full = roster.fullest(one)
                named.append((utterance, full.name, full.org))
        return named

    def _statements(
        self,
        text: str,
        utterances: Sequence[tuple[Utterance, str, str | None]],
        verdicts: Sequence[Verdict],
        shift: int,
    ) -> tuple[Statement, ...]:
        """Return the statements; ``verdicts`` is empty where the article is off topic, and the author then says nothing."""
        found = [
            self._statement(text, utterance, name, org, verdict, shift)
            for (utterance, name, org), verdict in zip(
                utterances, verdicts or [_NO_VERDICT] * len(utterances), strict=True
            )
            if utterance.speaker is not None or verdict.side is not None or verdict.is_mixed
        ]
        return tuple(sorted(found, key=lambda one: (one.start, one.end)))

    def _statement(
        self, text: str, utterance: Utterance, name: str, org: str | None, verdict: Verdict, shift: int
    ) -> Statement:
        return Statement(
            speaker=name,
            org=org,
            start=utterance.start,
            end=utterance.end,
            quote=text[utterance.start : utterance.end],
            attribution=utterance.attribution,
            stance=self._stance(verdict),
            confidence=round(verdict.confidence * (_CARRIED_DISCOUNT if utterance.is_carried else 1.0), 3),
            because=_cues(text, verdict, shift),
            via=utterance.via,
        )

    def _stance(self, verdict: Verdict) -> Stance:
        if verdict.side is not None:
            return self._sides[verdict.side]
        return MIXED if verdict.is_mixed else NEUTRAL

    def _article(
        self, verdicts: Sequence[Verdict], headline: Verdict, is_authors: Sequence[bool]
    ) -> tuple[Stance, float]:
        """Return the stance that the statements leave the reader with; ``is_authors`` tells which are the article's own voice."""
        weights = [0.0, 0.0]
        mixed = 0.0
        for verdict, is_own in zip(verdicts, is_authors, strict=True):
            weight = verdict.confidence * (_AUTHORS if is_own else 1.0)
            if verdict.side is not None:
                weights[verdict.side] += weight
            elif verdict.is_mixed:
                mixed += weight
        if headline.side is not None:
            weights[headline.side] += _HEADLINE * headline.confidence
        elif abs(headline.score) > _LEAST_LEAN:
            weights[int(headline.score < 0)] += abs(headline.score)
        strong, weak = max(weights), min(weights)
        if strong + weak + mixed < _LEAST_ARTICLE:
            return NEUTRAL, 0.6
        shared = mixed * _MIXED_SHARE
        if strong + shared > _ONE_SIDED * (weak + shared) + _ONE_MORE:
            return self._sides[weights.index(strong)], min(0.95, strong / (strong + weak + mixed))
        return MIXED, 0.6


def _moved(mentions: Sequence[Mention], by: int) -> list[Mention]:
    return [Mention(side=one.side, start=one.start + by, end=one.end + by) for one in mentions]


def context_of(whole: str, start: int, shift: int, language: str) -> int:
    """Return where what was said before a passage begins: some sentences back, in its paragraph if that has begun long before.

    ``shift`` is where the text begins in ``whole``.
    """
    low = max(shift, start - _CONTEXT[language])
    paragraph = whole.rfind("\n", 0, max(0, start - 1)) + 1
    return max(low, paragraph) if start - paragraph > _PARAGRAPH_HAS_BEGUN else low


def _settled(rulings: Sequence[Ruling], scored: Scored, *, han: bool) -> list[Verdict]:
    return [
        settle(ruling, odds, partial(scored.reasons, at), han=han, names_side=names_side)
        for at, (ruling, odds, names_side) in enumerate(zip(rulings, scored.odds, scored.names_side, strict=True))
    ]


def _cues(text: str, verdict: Verdict, shift: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[start - shift : end - shift] for start, end in verdict.because))
