"""The clause rules: what each cue says toward which side, in one passage of folded text.

The rules see mentions of a side 0 and a side 1 and never which is which, so exchanging the two exchanges the
result exactly. Keeps to itself how a cue finds its target and what negation, comparison, concession, conditions,
questions and rejected claims do to it.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.reading.cues import Cue, Kind, find_cues
from pipeline.reading.masking import JOINT, Mention

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILL: Final = "\ue000"
_BREAK: Final = re.compile(r"[,;:。!?\n]|(?<!\d)\.(?=\s|$)|—+|\s-\s")
_ENDS: Final = re.compile(r"[。!?\n;]|\.")
_NO_X_NO_Y: Final = re.compile(
    rf"(?:没有|没了|离开|离开了|失去|缺了)({_FILL}+)[^。!?]{{0,14}}?(?:就没有|就不会有|就不可能|就无法|也就没有|便没有|哪来|何来)"
    rf"|without ({_FILL}+)[^.!?]{{0,40}}?\b(?:no|not|never|nothing|impossible|wouldn't|couldn't)\b"
)
_TAKES_UP: Final = re.compile(
    r"[这它其该此两双二都各并共互]|\b(?:this|it|it's|these|they|they're|that|that's|them|such|both|neither)\b"
)
"""Without one of these a sentence that names no side cannot speak of the side named before it."""
_TIMES: Final = re.compile(r"的?[数几多好两三四五六七八九十百千万0-9.]+倍")
_WIDE_GAP: Final = {True: 30, False: 70}
_NOT_GAP: Final = {True: 7, False: 16}
_MOST: Final = 24
"""Mentions or cues in one clause; a longer one is cut, so that a text without marks takes no longer than another."""
_MOD_GAP: Final = {True: 6, False: 18}
_LEAD_GAP: Final = {True: 4, False: 12}
_FIRING: Final = frozenset({Kind.ACT, Kind.LEAD, Kind.TAIL, Kind.DES, Kind.REL, Kind.SCALE, Kind.UP, Kind.DOWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One cue's word toward one side; ``value`` above 0 is in its favour, offsets are the cue's."""

    side: int
    value: float
    start: int
    end: int
    is_plain: bool = True
    """Whether the target stands in the same clause."""


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


@dataclass(frozen=True, slots=True)
class _Clause:
    text: str
    start: int
    end: int
    cues: tuple[Cue, ...]
    targets: tuple[Mention, ...]
    closes: str
    """The mark after it."""


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
        self.means_opposite = False

    def walk(self, clauses: Sequence[_Clause]) -> None:
        fresh = True
        for clause in clauses:
            self._clause(clause, opens=fresh)
            fresh = bool(_ENDS.fullmatch(clause.closes))
            if fresh:
                self._end_sentence(clause)

    def _end_sentence(self, clause: _Clause) -> None:
        if clause.closes == "?" and not self.means_opposite:
            self._scale(self.sentence_from, 0.3)
        self.carried = self.subject if self.subject is not None else self.carried
        self.subject = None
        self.previous_from, self.sentence_from = self.sentence_from, len(self.hits)
        self.flips = self.flips_heirs = self.means_opposite = False

    def _scale(self, since: int, factor: float) -> None:
        self.hits[since:] = [replace(hit, value=hit.value * factor) for hit in self.hits[since:]]

    def _clause(self, clause: _Clause, *, opens: bool) -> None:
        if clause.cues:
            self._hear(clause, opens=opens)
        named = [target.side for target in clause.targets if target.side != JOINT]
        if named:
            free = [t.side for t in clause.targets if t.side != JOINT and not _is_standard(clause, t, han=self.han)]
            self.subject = free[0] if free else self.subject
        elif clause.targets:
            self.subject = self.carried = None

    def _hear(self, clause: _Clause, *, opens: bool) -> None:
        kinds = {cue.kind for cue in clause.cues}
        if Kind.BUT in kinds and Kind.WRONG not in kinds:
            self._scale(self.previous_from if opens else self.sentence_from, 0.45)
        if Kind.REJECT in kinds:
            self.flips = True
        self.means_opposite |= Kind.RHETORIC in kinds
        heirs_flip = self.flips_heirs or Kind.ELSE in kinds
        found = _Rules(self, clause).hits() if kinds & _FIRING else []
        factor = (
            (0.4 if Kind.CONCEDE in kinds and Kind.BUT not in kinds else 1.0)
            * (0.4 if Kind.IF in kinds else 1.0)
            * (0.5 if Kind.PAST in kinds and Kind.NOW not in kinds else 1.0)
            * (-1.0 if Kind.RHETORIC in kinds else 1.0)
        )
        rejected_from = min((cue.end for cue in clause.cues if cue.kind is Kind.REJECT), default=clause.start)
        asked_from = min((cue.end for cue in clause.cues if cue.kind is Kind.ASK), default=clause.end)
        if Kind.IF in kinds and Kind.NOT in kinds and any(hit.value < 0 for hit in found):
            self.flips_heirs, found = True, []
        for hit in found:
            sign = -1.0 if self.flips and hit.start >= rejected_from else 1.0
            sign *= 0.25 if hit.start >= asked_from else 1.0
            if heirs_flip and not hit.is_plain:
                sign = -sign
            self.hits.append(replace(hit, value=hit.value * factor * sign))
        if Kind.WRONG in kinds and not self.flips:
            self._scale(self.sentence_from, -1.0)
        self.both.extend(cue for cue in clause.cues if cue.kind is Kind.BOTH)


class _Rules:
    """The rules within one clause."""

    def __init__(self, passage: _Passage, clause: _Clause) -> None:
        self.passage = passage
        self.clause = clause
        self.han = passage.han
        self.free = tuple(t for t in clause.targets if not _is_standard(clause, t, han=self.han))
        self.standards = tuple(t for t in clause.targets if _is_standard(clause, t, han=self.han))
        self.used: set[tuple[int, int]] = set()
        self.described: tuple[Hit, ...] = ()

    def hits(self) -> list[Hit]:
        """Return the clause's hits in order of their cues."""
        found: list[Hit] = []
        cues = [cue for cue in self.clause.cues if cue.kind in _FIRING]
        for cue in cues:
            if cue.kind in {Kind.SCALE, Kind.DES}:
                found.extend(self._describe(cue, cues))
        self.described = tuple(found)
        for cue in cues:
            span = (cue.start, cue.end)
            if span in self.used:
                continue
            if cue.kind in {Kind.ACT, Kind.LEAD, Kind.TAIL}:
                new = self._act(cue, cues)
            elif cue.kind is Kind.REL:
                new = self._rank(cue)
            elif cue.kind in {Kind.UP, Kind.DOWN} and abs(cue.weight) > 0.5:
                sign = 1.0 if cue.kind is Kind.UP else -1.0
                new = self._toward_subject(cue, sign * cue.weight * self._sign(cue))
            else:
                new = []
            if new:
                self.used.add(span)
            found.extend(new)
        return found

    def _describe(self, cue: Cue, cues: Sequence[Cue]) -> list[Hit]:
        span = (cue.start, cue.end)
        if span in self.used:
            return []
        if any(other.kind is Kind.REL and (other.start, other.end) == span for other in cues) and self._right(cue, 20):
            return []
        if self.han is False and any(o.kind is Kind.ACT and o.start <= cue.start < o.end for o in cues):
            return []
        shifter = self._shifter(cue, cues)
        value = cue.weight
        first = cue
        if shifter:
            value *= -1.0 if shifter.kind is Kind.DOWN else 1.0
            self.used.add((shifter.start, shifter.end))
            first = min(cue, shifter, key=lambda one: one.start)
        elif cue.kind is Kind.SCALE:
            return []
        self.used.add(span)
        return self._toward_subject(cue, value * self._sign(first))

    def _shifter(self, cue: Cue, cues: Sequence[Cue]) -> Cue | None:
        near = [
            (max(cue.start - other.end, other.start - cue.end), other.start, other)
            for other in cues
            if other.kind in {Kind.UP, Kind.DOWN}
            and (other.start, other.end) != (cue.start, cue.end)
            and max(cue.start - other.end, other.start - cue.end) <= _MOD_GAP[self.han]
            and not self._between(cue, other)
            and (other.start < cue.start or self.han or cue.kind is Kind.SCALE)
        ]
        return min(near, default=(0, 0, None), key=lambda one: one[:2])[2]

    def _between(self, one: Cue, other: Cue) -> bool:
        low, high = min(one.end, other.end), max(one.start, other.start)
        return any(low <= target.start < high for target in self.clause.targets)

    def _sign(self, cue: Cue) -> float:
        """Return -1 where an odd number of negations bear on the cue."""
        sign = 1.0
        at = cue.start
        for other in reversed(self.clause.cues):
            if other.end > at or (other.start, other.end) == (cue.start, cue.end):
                continue
            gap = at - other.end
            negates = other.kind is Kind.NOT or (
                other.kind in {Kind.ACT, Kind.LEAD}
                and other.weight < 0
                and cue.kind in {Kind.ACT, Kind.LEAD}
                and gap <= _LEAD_GAP[self.han]
            )
            if gap > _NOT_GAP[self.han] or any(other.end <= t.start < at for t in self.clause.targets):
                break
            if not negates:
                if other.kind in {Kind.UP, Kind.THIS, Kind.NOW, Kind.PAST, Kind.IF}:
                    continue
                break
            sign, at = -sign, other.start
        return sign

    def _toward_subject(self, cue: Cue, value: float) -> list[Hit]:
        found: list[Hit] = []
        attributed = self._attributed(cue)
        left = [target for target in self.free if target.end <= cue.start]
        standard = next((t for t in reversed(self.standards) if t.end <= cue.start), None)
        if self.han is False:
            standard = standard or next((t for t in self.standards if 0 <= t.start - cue.end <= 30), None)
        if standard is not None and standard.side != JOINT:
            found.append(self._hit(standard.side, -0.7 * value, cue))
        if attributed is not None and not (left and self.han):
            links = self.passage.folded[cue.end : attributed.start].strip() not in {"", "的", "and"}
            if links or not self._is_object(attributed, cue):
                found.extend(self._on(attributed, (0.9 if links else 0.5) * value, cue))
        elif left:
            found.extend(self._on(left[-1], value, cue))
        elif standard is not None and standard.side != JOINT:
            heir = self.passage.subject if self.passage.subject not in {None, standard.side} else 1 - standard.side
            found.append(self._hit(heir, 0.6 * value, cue, plain=False))
        else:
            found.extend(self._toward_heir(cue, value))
        return found

    def _toward_heir(self, cue: Cue, value: float) -> list[Hit]:
        right = next((t for t in self.free if 0 <= t.start - cue.end <= (12 if self.han else 40)), None)
        takes_up = any(other.kind is Kind.THIS and other.start < cue.start for other in self.clause.cues)
        passage = self.passage
        if passage.subject is not None and not right:
            return [self._hit(passage.subject, 0.75 * value, cue, plain=False)]
        if right is not None:
            harms = cue.kind is Kind.DOWN
            return self._on(right, (-0.6 if harms else 0.6) * value, cue)
        if takes_up and passage.carried is not None and not self.clause.targets:
            return [self._hit(passage.carried, 0.6 * value, cue, plain=False)]
        return []

    def _attributed(self, cue: Cue) -> Mention | None:
        for target in self.clause.targets:
            between = self.passage.folded[cue.end : target.start] if target.start >= cue.end else "x" * 9
            if (
                between.strip() in {"", "的", "and", "of", "to", "with", "in", "for", "of the", "about"}
                and len(between) <= 8
            ):
                return target
        return None

    def _is_object(self, target: Mention, cue: Cue) -> bool:
        """Tell whether another cue acts on the target, so that an adjective before it only names it."""
        acting = {Kind.ACT, Kind.LEAD, Kind.REL}
        return any(
            other.kind in acting and other.end <= cue.start and target.start - other.end <= _WIDE_GAP[self.han] / 2
            for other in self.clause.cues
        )

    def _on(self, target: Mention, value: float, cue: Cue) -> list[Hit]:
        return [] if target.side == JOINT else [self._hit(target.side, value, cue)]

    def _hit(self, side: int | None, value: float, cue: Cue, *, plain: bool = True) -> Hit:
        return Hit(side=side or 0, value=value, start=cue.start, end=cue.end, is_plain=plain)

    def _right(self, cue: Cue, within: int) -> Mention | None:
        return next((t for t in self.clause.targets if 0 <= t.start - cue.end <= within), None)

    def _act(self, cue: Cue, cues: Sequence[Cue]) -> list[Hit]:
        if cue.kind is Kind.TAIL:
            last = next((t for t in reversed(self.clause.targets) if 0 <= cue.start - t.end <= 1), None)
            return self._on(last, cue.weight * self._sign(cue), cue) if last else []
        reach = _LEAD_GAP[self.han] if cue.kind is Kind.LEAD else _WIDE_GAP[self.han]
        target = self._right(cue, reach)
        if target is not None:
            nearer = [o for o in cues if o.kind in {Kind.ACT, Kind.LEAD} and cue.end <= o.start < target.start]
            if nearer or target in self.standards:
                return []
            if any(hit.side == target.side and hit.start >= target.end for hit in self.described):
                return []
            far = target.start - cue.end > reach / 2
            return self._on(target, cue.weight * self._sign(cue) * (0.6 if far else 1.0), cue)
        if cue.kind is Kind.LEAD:
            return []
        return self._act_backwards(cue)

    def _act_backwards(self, cue: Cue) -> list[Hit]:
        text = self.passage.folded
        for target in reversed(self.free):
            if target.end > cue.start:
                continue
            before = text[max(self.clause.start, target.start - 8) : target.start]
            between = text[target.end : cue.start]
            if re.search(r"(?:对于?|把|将|给|为|向)(?:[^,]{0,4})$", before) or re.search(
                r"被|受到?|得到|获得|遭到?|\b(?:is|are|was|were|be|been|being|get|gets)\b\s*$", between
            ):
                held = any(
                    other.kind is Kind.NOT and 0 <= target.start - other.end <= _LEAD_GAP[self.han]
                    for other in self.clause.cues
                )
                return self._on(target, cue.weight * self._sign(cue) * (-0.8 if held else 0.8), cue)
        takes_up = [
            o
            for o in self.clause.cues
            if o.kind is Kind.THIS
            and 0 <= o.start - cue.end <= 3
            and self.clause.text[o.start - self.clause.start] != "其"
        ]
        if takes_up and self.passage.carried is not None and not self.clause.targets:
            return [self._hit(self.passage.carried, cue.weight * self._sign(cue) * 0.5, cue, plain=False)]
        return []

    def _rank(self, cue: Cue) -> list[Hit]:
        right = self._right(cue, 20 if self.han else 60)
        left = next((t for t in reversed(self.clause.targets) if t.end <= cue.start), None)
        value = cue.weight * self._sign(cue)
        if right is None:
            return self._on(left, 0.8 * value, cue) if left in self.free and left is not None else []
        upper = left.side if left else self.passage.subject
        if right.side in (upper, JOINT) or upper == JOINT:
            return []
        found = [self._hit(right.side, -0.8 * value, cue)]
        if upper is not None:
            found.append(self._hit(upper, value, cue, plain=left is not None))
        return found


def weigh(folded: str, mentions: Sequence[Mention], start: int, end: int, *, carried: int | None = None) -> Weighing:
    """Weigh ``folded[start:end]``; ``carried`` is the side that the sentence before spoke of."""
    inside = [
        Mention(side=mention.side, start=max(mention.start, start), end=min(mention.end, end))
        for mention in mentions
        if mention.end > start and mention.start < end
    ]
    if not inside and (carried is None or not _TAKES_UP.search(folded, start, end)):
        return Weighing(hits=(), both=0.0, both_at=(), sides_named=frozenset(), is_han=False, last=carried)
    masked = _masked(folded, inside, start, end)
    cues = [Cue(cue.kind, cue.weight, cue.start + start, cue.end + start) for cue in find_cues(masked)]
    passage = _Passage(folded, carried)
    passage.walk(_clauses(masked, start, cues, inside))
    hits = passage.hits + _without(masked, start, inside)
    named = frozenset(mention.side for mention in inside)
    both = sum(cue.weight for cue in passage.both)
    if not (JOINT in named or named >= {0, 1}):
        both *= 0.5 if named or carried is not None else 0.25
    last = passage.subject if passage.subject is not None else passage.carried
    return Weighing(
        hits=tuple(hits),
        both=both,
        both_at=tuple((cue.start, cue.end) for cue in passage.both),
        sides_named=named,
        is_han=passage.han,
        last=last,
    )


def _masked(folded: str, inside: Sequence[Mention], start: int, end: int) -> str:
    parts: list[str] = []
    at = start
    for mention in inside:
        parts += [folded[at : mention.start], _FILL * (mention.end - mention.start)]
        at = mention.end
    return "".join([*parts, folded[at:end]])


def _clauses(masked: str, offset: int, cues: Sequence[Cue], inside: Sequence[Mention]) -> list[_Clause]:
    found: list[_Clause] = []
    edges = [(match.start(), match.end(), match[0].strip()[:1]) for match in _BREAK.finditer(masked)]
    crowded = [one.start - offset for many in (cues, inside) for one in many[_MOST::_MOST]]
    edges = sorted([*edges, *((at, at, ",") for at in crowded), (len(masked), len(masked), ".")])
    at = cue_at = mention_at = 0
    for left, right, mark in edges:
        stop = offset + left
        first_cue, first_mention = cue_at, mention_at
        while cue_at < len(cues) and cues[cue_at].start < stop:
            cue_at += 1
        while mention_at < len(inside) and inside[mention_at].start < stop:
            mention_at += 1
        if cue_at > first_cue or mention_at > first_mention or mark in ".。!?":
            span = (tuple(cues[first_cue:cue_at]), tuple(inside[first_mention:mention_at]))
            found.append(_Clause(masked[at:left], offset + at, stop, *span, mark))
        at = right
    return found


def _is_standard(clause: _Clause, target: Mention, *, han: bool) -> bool:
    """Tell whether the target is what something is compared with (比X, than X, 与X相比)."""
    reach = 8 if han else 14
    if han and _TIMES.match(clause.text, target.end - clause.start):
        return True
    for cue in clause.cues:
        if cue.kind is Kind.THAN and 0 <= target.start - cue.end <= reach:
            return not any(cue.end <= other.start < target.start for other in clause.targets)
        if cue.kind is Kind.BESIDE and 0 <= cue.start - target.end <= 3:
            return True
    return False


def _without(masked: str, offset: int, inside: Sequence[Mention]) -> list[Hit]:
    """Return hits for 没有X就没有Y, which is praise of X."""
    found = []
    for match in _NO_X_NO_Y.finditer(masked):
        at = offset + match.start(1 if match[1] else 2)
        found += [
            Hit(side=mention.side, value=1.5, start=offset + match.start(), end=offset + match.end())
            for mention in inside
            if mention.start == at and mention.side != JOINT
        ]
    return found
