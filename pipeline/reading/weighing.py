"""The walk over a passage's clauses: what each says toward which side, in the order of reading.

The walk sees mentions of a side 0 and a side 1 and never which is which, so exchanging the two exchanges the
result exactly. Keeps to itself what concession, conditions, questions, time and rejected claims do to a clause,
and which side a clause without a target speaks of.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from pipeline.reading.clauses import FILL, Clause, Hit, clauses_of, edges_of, masked_text, parted
from pipeline.reading.cues import Cue, Kind, find_cues
from pipeline.reading.masking import JOINT, Mention
from pipeline.reading.measures import measured
from pipeline.reading.phrases import both_of, places_of, without_it
from pipeline.reading.rules import FIRING, Before, ClauseRules

if TYPE_CHECKING:
    from collections.abc import Sequence

_start_of: Final = attrgetter("start")
_end_of: Final = attrgetter("end")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_ENDS: Final = frozenset("。!?;.")
_SO: Final = re.compile(r"\b(?:so|really|such)\b|真|那么|这么|如此")
_HOW: Final = re.compile(r"[,，]\s*(?:then\s+)?(?:how|why|what|那?又?(?:怎么|为什么|为何|何以|凭什么|干嘛))")
_THEN_IS: Final = re.compile(r"就[^,。]{1,8}了?吗?$")
_WHO_SAYS: Final = re.compile(rf"^(?:那些)?(?:说|声称|宣称|吹嘘)[^,。]{{0,8}}{FILL}+[^,。]{{1,14}}的人")
_NAMES_BOTH: Final = re.compile(r"两者|二者|两种|两条|\b(?:both|either|neither)\b")
_TAKES_UP: Final = re.compile(
    r"[这它其该此两双二都各并共互]|\b(?:this|it|it's|these|they|they're|that|that's|them|such|both|neither)\b"
)
"""Without one of these a sentence that names no side cannot speak of the side named before it."""

# Bound once, as each look-up of an enum's member costs as much as a small rule (Python 3.11).
_ACT, _AMOUNTS, _ASK, _BECAUSE, _BOTH, _BUT, _CONCEDE, _ELSE, _IF, _NOT, _NOW, _PAST, _REJECT, _RHETORIC, _WRONG = (
    Kind.ACT,
    Kind.AMOUNTS,
    Kind.ASK,
    Kind.BECAUSE,
    Kind.BOTH,
    Kind.BUT,
    Kind.CONCEDE,
    Kind.ELSE,
    Kind.IF,
    Kind.NOT,
    Kind.NOW,
    Kind.PAST,
    Kind.REJECT,
    Kind.RHETORIC,
    Kind.WRONG,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighing:
    """All that a passage says toward the two sides."""

    hits: tuple[Hit, ...]
    both: float
    """How much it says that both sides have their place."""
    both_at: tuple[tuple[int, int], ...]
    sides_named: frozenset[int]
    is_han: bool
    """Whether the rules for Chinese were at work; those for English are less sure."""
    last: int | None
    """The side spoken of last, for a following sentence that takes it up; None: neither alone."""


class _Passage:
    """The walk over one passage's clauses."""

    def __init__(self, folded: str, carried: int | None, *, han: bool) -> None:
        self.folded = folded
        self.han = han
        self.carried = carried
        self.subject: int | None = None
        self.hits: list[Hit] = []
        self.both: list[Cue] = []
        self.sentence_from = 0
        self.previous_from = 0
        self.flips = False
        self.flips_heirs = False
        self.asks_back = False
        self.supposed = False
        self.supposed_from = 0

    def walk(self, clauses: Sequence[Clause]) -> None:
        fresh = True
        for clause in clauses:
            self._clause(clause, opens=fresh)
            fresh = clause.closes in _ENDS
            if fresh:
                self._end_sentence(clause)

    def _end_sentence(self, clause: Clause) -> None:
        if clause.closes == "?" and not self.asks_back:
            self._scale(self.sentence_from, 0.3)
        self.carried = self.subject if self.subject is not None else self.carried
        self.subject = None
        self.previous_from, self.sentence_from = self.sentence_from, len(self.hits)
        self.flips = self.flips_heirs = self.asks_back = self.supposed = False

    def _scale(self, since: int, factor: float) -> None:
        self.hits[since:] = [hit._replace(value=hit.value * factor) for hit in self.hits[since:]]

    def _agreeing(self, hit: Hit) -> float:
        """Return the sign that lets a reason speak for what the sentence has said before it."""
        said = sum(one.value if one.side == hit.side else -one.value for one in self.hits[self.sentence_from :])
        return -1.0 if said * hit.value < 0 else 1.0

    def _asks_back(self, clause: Clause, kinds: set[Kind]) -> bool:
        """Tell whether the clause takes a claim up only to ask how it could be (if X is so bad, why ...)."""
        if clause.closes == "?" and _THEN_IS.search(clause.text):
            return True
        return (
            (_IF in kinds or "既然" in clause.text)
            and _SO.search(clause.text) is not None
            and _HOW.match(self.folded, clause.end) is not None
        )

    def _clause(self, clause: Clause, *, opens: bool) -> None:
        targets = parted(clause, han=self.han)
        if clause.cues:
            self._hear(clause, targets, opens=opens)
        if any(target.side != JOINT for target in clause.targets):
            self.subject = next((target.side for target in targets[0] if target.side != JOINT), self.subject)
        elif clause.targets:
            self.subject = self.carried = None

    def _hear(self, clause: Clause, targets: tuple[Sequence[Mention], Sequence[Mention]], *, opens: bool) -> None:
        kinds = {cue.kind for cue in clause.cues}
        if _BUT in kinds and _WRONG not in kinds:
            self._scale(self.previous_from if opens else self.sentence_from, 0.45)
            self.flips = False
        self.flips = self.flips or _REJECT in kinds or _is_others_claim(clause)
        found: list[Hit] = []
        # Without any side to speak of no rule finds a target.
        if kinds & FIRING and (clause.targets or self.subject is not None or self.carried is not None):
            before = Before(folded=self.folded, han=self.han, subject=self.subject, carried=self.carried)
            found = ClauseRules(before, clause, kinds, *targets).hits()
        asks_back = self._asks_back(clause, kinds)
        self.asks_back = self.asks_back or asks_back or _RHETORIC in kinds
        since = len(self.hits)
        found = self._in_context(kinds, found)
        if found:
            self._say(clause, kinds, found, _factor(clause, kinds, asks_back=asks_back))
        self._look_ahead(clause, kinds, since)
        if _WRONG in kinds and not self.flips:
            alone = len(self.hits) == self.sentence_from and not clause.targets
            much = max(cue.weight for cue in clause.cues if cue.kind is _WRONG)
            self._scale(self.previous_from if alone else self.sentence_from, -much)
        if _BOTH in kinds:
            self.both.extend(cue for cue in clause.cues if cue.kind is _BOTH)

    def _in_context(self, kinds: set[Kind], found: list[Hit]) -> list[Hit]:
        """Return the hits that stand beside what was said before, which they may turn."""
        if _IF in kinds and _NOT in kinds and any(hit.value < 0 for hit in found):
            self.flips_heirs = True
            return []
        if _AMOUNTS in kinds and len(self.hits) > self.sentence_from:
            self._scale(self.sentence_from, -0.8)
            found = [hit for hit in found if hit.is_plain]
        if self.supposed and any(hit.value < 0 and not hit.is_plain for hit in found):
            self._scale(self.supposed_from, 0.2)
        return found

    def _say(self, clause: Clause, kinds: set[Kind], found: Sequence[Hit], factor: float) -> None:
        rejected_from, asked_from = clause.start, clause.end
        if _REJECT in kinds:
            rejected_from = min(cue.end for cue in clause.cues if cue.kind is _REJECT)
        if _ASK in kinds:
            asked_from = min(cue.end for cue in clause.cues if cue.kind is _ASK)
        heirs_flip = (self.flips_heirs and _IF not in kinds) or _ELSE in kinds
        for hit in found:
            sign = -1.0 if self.flips and hit.start >= rejected_from else 1.0
            sign *= 0.25 if hit.start >= asked_from else 1.0
            if _BECAUSE in kinds and not hit.is_plain:
                sign *= self._agreeing(hit)
            if heirs_flip and not hit.is_plain:
                sign = -sign
            weight = factor * sign
            self.hits.append(hit if weight == 1 else hit._replace(value=hit.value * weight))

    def _look_ahead(self, clause: Clause, kinds: set[Kind], since: int) -> None:
        """Note what the clause after this one must know: an act that is only supposed, or whose outcome is told (取消X后)."""
        self.supposed, self.supposed_from = False, since
        if _ACT not in kinds:
            return
        act = next(cue for cue in clause.cues if cue.kind is _ACT)
        self.supposed = act.weight > 0 and act.start <= clause.start + 1
        ended = act.weight < 0 and clause.text.endswith("后")
        if ended and any(hit.value < 0 for hit in self.hits[since:]):
            self._scale(since, 0.2)
            self.flips_heirs = True


class Weigher:
    """Weighs the passages of one text; what does not depend on the passage is found once."""

    def __init__(self, folded: str, mentions: Sequence[Mention]) -> None:
        """Take folded text and its mentions, in order."""
        self._folded = folded
        self._mentions = mentions
        self._masked = masked_text(folded, mentions, 0, len(folded))
        self._han = _HAN.search(folded) is not None
        self._cues = find_cues(self._masked)
        self._cue_starts = [cue.start for cue in self._cues]
        self._edges = edges_of(self._masked)
        self._edge_starts = [start for start, _, _ in self._edges]
        self._phrases = places_of(self._masked)

    def weigh(self, start: int, end: int, *, carried: int | None = None) -> Weighing:
        """Weigh the text from ``start`` to ``end``; ``carried`` is the side that the sentence before spoke of."""
        masked, inside = self._masked, self._mentions_in(start, end)
        if not inside and not (_NAMES_BOTH if carried is None else _TAKES_UP).search(self._folded, start, end):
            return Weighing(hits=(), both=0.0, both_at=(), sides_named=frozenset(), is_han=False, last=carried)
        cues = [cue for cue in self._cues[_between(self._cue_starts, start, end)] if cue.end <= end]
        edges = self._edges[_between(self._edge_starts, start, end)]
        if edges and edges[-1][1] > end:
            edges.pop()
        passage = _Passage(self._folded, carried, han=self._han)
        passage.walk(clauses_of(masked, (start, end), edges, cues, inside))
        hits = passage.hits
        phrases = _between(self._phrases, start, end)
        if inside and phrases.start < phrases.stop:
            set_phrases = without_it(masked[start:end], start, inside)
            hits = set_phrases + [hit for hit in hits if not _is_said_by(hit, set_phrases)]
        if by_measure := measured(masked[start:end], start, inside):
            hits = by_measure + [hit for hit in hits if not _is_said_by(hit, by_measure)]
        named = frozenset(mention.side for mention in inside)
        names_both = JOINT in named or named >= {0, 1}
        if names_both:
            passage.both.extend(both_of(masked[start:end], start, inside))
        both = sum((cue.weight for cue in passage.both), 0.0) * (1.0 if names_both else 0.5)
        last = passage.subject if passage.subject is not None else passage.carried
        return Weighing(
            hits=tuple(hits),
            both=both,
            both_at=tuple((cue.start, cue.end) for cue in passage.both),
            sides_named=named,
            is_han=passage.han,
            last=last,
        )

    def _mentions_in(self, start: int, end: int) -> Sequence[Mention]:
        """Return the mentions from ``start`` to ``end``; of one that lies across an edge, the part within."""
        mentions = self._mentions
        inside = mentions[bisect_right(mentions, start, key=_end_of) : bisect_left(mentions, end, key=_start_of)]
        if inside and (inside[0].start < start or inside[-1].end > end):
            return [_clipped(mention, start, end) for mention in inside]
        return inside


def _between(starts: Sequence[int], start: int, end: int) -> slice:
    """Return which of the things that begin at ``starts``, which are in order, begin from ``start`` to ``end``."""
    low = bisect_left(starts, start)
    return slice(low, bisect_left(starts, end, low))


def _clipped(mention: Mention, start: int, end: int) -> Mention:
    return Mention(side=mention.side, start=max(mention.start, start), end=min(mention.end, end))


def _is_said_by(hit: Hit, phrases: Sequence[Hit]) -> bool:
    """Tell whether a hit only repeats what one of the set phrases says as a whole."""
    return any(
        hit.side == phrase.side
        and (hit.value < 0) == (phrase.value > 0)
        and phrase.start <= hit.start < phrase.end + 40
        and not (hit.is_plain and hit.start >= phrase.end)
        for phrase in phrases
    )


def _factor(clause: Clause, kinds: set[Kind], *, asks_back: bool) -> float:
    """Return what being granted, supposed, past, or asked back leaves of a clause's weight."""
    factor = 0.4 if _CONCEDE in kinds and _BUT not in kinds else 1.0
    if asks_back:
        factor = -factor
    elif _IF in kinds:
        factor *= _condition(clause)
    if _PAST in kinds and _NOW not in kinds:
        factor *= 0.3
    return -factor if _RHETORIC in kinds and not asks_back else factor


def _condition(clause: Clause) -> float:
    """Return what a condition leaves of a clause's weight: 0.4 for one that may not be (如果), more for one that comes (一旦)."""
    return min((0.4 if cue.weight == 1 else cue.weight for cue in clause.cues if cue.kind is _IF), default=1.0)


def _is_others_claim(clause: Clause) -> bool:
    return "的人" in clause.text and _WHO_SAYS.search(clause.text) is not None
