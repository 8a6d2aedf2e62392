"""The walk over a passage's clauses: what each says toward which side, in the order of reading.

The walk sees mentions of a side 0 and a side 1 and never which is which, so exchanging the two exchanges the
result exactly. Keeps to itself what concession, conditions, questions, time and rejected claims do to a clause,
and which side a clause without a target speaks of.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Final, TypeVar

from pipeline.reading.clauses import FILL, Clause, Hit, clauses_of, edges_of, is_standard, masked_text
from pipeline.reading.cues import Cue, Kind, find_cues
from pipeline.reading.masking import JOINT, Mention
from pipeline.reading.phrases import both_of, without_it
from pipeline.reading.rules import FIRING, Before, ClauseRules

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_T = TypeVar("_T")
_start_of: Final = attrgetter("start")
_end_of: Final = attrgetter("end")
_ENDS: Final = re.compile(r"[。!?\n;]|\.")
_SO: Final = re.compile(r"\b(?:so|really|such)\b|真|那么|这么|如此")
_HOW: Final = re.compile(r"[,，]\s*(?:then\s+)?(?:how|why|what|那?又?(?:怎么|为什么|为何|何以|凭什么|干嘛))")
_THEN_IS: Final = re.compile(r"就[^,。]{1,8}了?吗?$")
_WHO_SAYS: Final = re.compile(rf"^(?:那些)?(?:说|声称|宣称|吹嘘)[^,。]{{0,8}}{FILL}+[^,。]{{1,14}}的人")
_BOTH: Final = re.compile(r"两者|二者|两种|两条|\b(?:both|either|neither)\b")
_TAKES_UP: Final = re.compile(
    r"[这它其该此两双二都各并共互]|\b(?:this|it|it's|these|they|they're|that|that's|them|such|both|neither)\b"
)
"""Without one of these a sentence that names no side cannot speak of the side named before it."""


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

    def __init__(self, folded: str, carried: int | None) -> None:
        self.folded = folded
        self.han = bool(re.search(r"[\u4e00-\u9fff]", folded))
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
            fresh = bool(_ENDS.fullmatch(clause.closes))
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
        self.hits[since:] = [replace(hit, value=hit.value * factor) for hit in self.hits[since:]]

    def _agreeing(self, hit: Hit) -> float:
        """Return the sign that lets a reason speak for what the sentence has said before it."""
        said = sum(one.value if one.side == hit.side else -one.value for one in self.hits[self.sentence_from :])
        return -1.0 if said * hit.value < 0 else 1.0

    def _asks_back(self, clause: Clause, kinds: set[Kind]) -> bool:
        """Tell whether the clause takes a claim up only to ask how it could be (if X is so bad, why ...)."""
        if clause.closes == "?" and _THEN_IS.search(clause.text):
            return True
        return (
            (Kind.IF in kinds or "既然" in clause.text)
            and _SO.search(clause.text) is not None
            and _HOW.match(self.folded, clause.end) is not None
        )

    def _clause(self, clause: Clause, *, opens: bool) -> None:
        if clause.cues:
            self._hear(clause, opens=opens)
        named = [target.side for target in clause.targets if target.side != JOINT]
        if named:
            free = [t.side for t in clause.targets if t.side != JOINT and not is_standard(clause, t, han=self.han)]
            self.subject = free[0] if free else self.subject
        elif clause.targets:
            self.subject = self.carried = None

    def _hear(self, clause: Clause, *, opens: bool) -> None:
        kinds = {cue.kind for cue in clause.cues}
        if Kind.BUT in kinds and Kind.WRONG not in kinds:
            self._scale(self.previous_from if opens else self.sentence_from, 0.45)
            self.flips = False
        self.flips = self.flips or Kind.REJECT in kinds or _is_others_claim(clause)
        before = Before(folded=self.folded, han=self.han, subject=self.subject, carried=self.carried)
        found = ClauseRules(before, clause).hits() if kinds & FIRING else []
        asks_back = self._asks_back(clause, kinds)
        self.asks_back = self.asks_back or asks_back or Kind.RHETORIC in kinds
        factor = (
            (0.4 if Kind.CONCEDE in kinds and Kind.BUT not in kinds else 1.0)
            * (-1.0 if asks_back else _condition(clause))
            * (0.3 if Kind.PAST in kinds and Kind.NOW not in kinds else 1.0)
            * (-1.0 if Kind.RHETORIC in kinds and not asks_back else 1.0)
        )
        since = len(self.hits)
        self._say(clause, kinds, self._in_context(kinds, found), factor)
        self._look_ahead(clause, since)
        if Kind.WRONG in kinds and not self.flips:
            alone = len(self.hits) == self.sentence_from and not clause.targets
            much = max(cue.weight for cue in clause.cues if cue.kind is Kind.WRONG)
            self._scale(self.previous_from if alone else self.sentence_from, -much)
        self.both.extend(cue for cue in clause.cues if cue.kind is Kind.BOTH)

    def _in_context(self, kinds: set[Kind], found: list[Hit]) -> list[Hit]:
        """Return the hits that stand beside what was said before, which they may turn."""
        if Kind.IF in kinds and Kind.NOT in kinds and any(hit.value < 0 for hit in found):
            self.flips_heirs = True
            return []
        if Kind.AMOUNTS in kinds and len(self.hits) > self.sentence_from:
            self._scale(self.sentence_from, -0.8)
            found = [hit for hit in found if hit.is_plain]
        if self.supposed and any(hit.value < 0 and not hit.is_plain for hit in found):
            self._scale(self.supposed_from, 0.2)
        return found

    def _say(self, clause: Clause, kinds: set[Kind], found: Sequence[Hit], factor: float) -> None:
        rejected_from = min((cue.end for cue in clause.cues if cue.kind is Kind.REJECT), default=clause.start)
        asked_from = min((cue.end for cue in clause.cues if cue.kind is Kind.ASK), default=clause.end)
        heirs_flip = (self.flips_heirs and Kind.IF not in kinds) or Kind.ELSE in kinds
        for hit in found:
            sign = -1.0 if self.flips and hit.start >= rejected_from else 1.0
            sign *= 0.25 if hit.start >= asked_from else 1.0
            if Kind.BECAUSE in kinds and not hit.is_plain:
                sign *= self._agreeing(hit)
            if heirs_flip and not hit.is_plain:
                sign = -sign
            weight = factor * sign
            self.hits.append(hit if weight == 1 else replace(hit, value=hit.value * weight))

    def _look_ahead(self, clause: Clause, since: int) -> None:
        """Note what the clause after this one must know: an act that is only supposed, or whose outcome is told (取消X后)."""
        acts = [cue for cue in clause.cues if cue.kind is Kind.ACT]
        self.supposed = bool(acts) and acts[0].weight > 0 and acts[0].start <= clause.start + 1
        self.supposed_from = since
        ended = bool(acts) and acts[0].weight < 0 and clause.text.endswith("后")
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
        self._cues = find_cues(self._masked)
        self._edges = edges_of(self._masked)

    def weigh(self, start: int, end: int, *, carried: int | None = None) -> Weighing:
        """Weigh the text from ``start`` to ``end``; ``carried`` is the side that the sentence before spoke of."""
        mentions, folded, masked = self._mentions, self._folded, self._masked
        inside = [
            mention if start <= mention.start and mention.end <= end else _clipped(mention, start, end)
            for mention in mentions[
                bisect_right(mentions, start, key=_end_of) : bisect_left(mentions, end, key=_start_of)
            ]
        ]
        if not inside and not (_BOTH if carried is None else _TAKES_UP).search(folded, start, end):
            return Weighing(hits=(), both=0.0, both_at=(), sides_named=frozenset(), is_han=False, last=carried)
        cues = [cue for cue in _part(self._cues, start, end, _start_of) if cue.end <= end]
        edges = [edge for edge in _part(self._edges, start, end, itemgetter(0)) if edge[1] <= end]
        passage = _Passage(folded, carried)
        passage.walk(clauses_of(masked, (start, end), edges, cues, inside))
        set_phrases = without_it(masked[start:end], start, inside)
        hits = set_phrases + [hit for hit in passage.hits if not _is_said_by(hit, set_phrases)]
        named = frozenset(mention.side for mention in inside)
        if JOINT in named or {0, 1} <= named:
            passage.both.extend(both_of(masked[start:end], start, inside))
        both = sum(cue.weight for cue in passage.both)
        if not (JOINT in named or named >= {0, 1}):
            both *= 0.5
        last = passage.subject if passage.subject is not None else passage.carried
        return Weighing(
            hits=tuple(hits),
            both=both,
            both_at=tuple((cue.start, cue.end) for cue in passage.both),
            sides_named=named,
            is_han=passage.han,
            last=last,
        )


def _part(sorted_by_start: Sequence[_T], start: int, end: int, key: Callable[[_T], int]) -> Sequence[_T]:
    return sorted_by_start[bisect_left(sorted_by_start, start, key=key) : bisect_left(sorted_by_start, end, key=key)]


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


def _condition(clause: Clause) -> float:
    """Return what a condition leaves of a clause's weight: 0.4 for one that may not be (如果), more for one that comes (一旦)."""
    return min((0.4 if cue.weight == 1 else cue.weight for cue in clause.cues if cue.kind is Kind.IF), default=1.0)


def _is_others_claim(clause: Clause) -> bool:
    return "的人" in clause.text and _WHO_SAYS.search(clause.text) is not None
