"""The rules within one clause: how a cue finds its target, and what negation and comparison do to it.

The rules see mentions of a side 0 and a side 1 and never which is which, so exchanging the two exchanges the
result exactly. Keeps to itself how far a cue reaches.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.reading.clauses import Hit
from pipeline.reading.cues import Cue, Kind
from pipeline.reading.masking import JOINT, Mention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.clauses import Clause

_BARE_BETTER: Final = re.compile(
    r"[^,。;!?]{0,6}?(?:还要?|更|都|要|得)?(快|好|强|稳|省|准|灵|香|优|高明|耐看|省钱|管用)(?![于处坏些转点像])"
)
_OPENS: Final = re.compile(
    r"[\s“”\"'「『]*(?:the|a|an|any|such|this|to|by|calls? to|calls? for a|对|这种|任何|全面|简单|直接|再|强行|现在)?\s*"
)
"""All that may stand before an act that is the clause's subject."""
_NAMES_HAN: Final = re.compile("的[\u4e00-\u9fff]")
_NAMES: Final = re.compile(
    r" (?!(?:and|or|but|than|because|for|to|in|as|when|if|at|on|by|with|from|over|of|while|until|under|enough|now|again|that|who)\b)[a-z]"
)
_SMALL: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "be",
        "go",
        "do",
        "have",
        "all",
        "more",
        "any",
        "use",
        "our",
        "its",
        "their",
        "your",
        "of",
        "to",
        "on",
        "for",
        "fully",
    ]
)
_NOT_FOR_A_REASON: Final = re.compile(
    r"[不没别勿][^,。为因]{0,4}(?:为了?|因为?|仅因|出于)[^,。]{1,16}[而就便][^,。]{0,2}$"
)
"""Before a verb: whoever is not to do it for that reason is not to do it (不应该为了省钱而选择…)."""
_HANDLED: Final = re.compile(r"(?:对于?|把|将|给|为|向)(?:[^,]{0,4})$")
_SUFFERS: Final = re.compile(r"被|受到?|得到|获得|遭到?|\b(?:is|are|was|were|be|been|being|get|gets)\b\s*$")
_AND: Final = re.compile(r"\band\b|[、并且]")
_WIDE_GAP: Final = {True: 30, False: 70}
_NOT_GAP: Final = {True: 7, False: 16}
_MOD_GAP: Final = {True: 6, False: 18}
_LEAD_GAP: Final = {True: 4, False: 12}
# Bound once, as each look-up of an enum's member costs as much as a small rule (Python 3.11).
_ACT, _AMOUNTS, _ASK, _BLIND, _DES, _DOWN, _IF, _LEAD, _NOT, _NOW, _PAST, _REL, _SCALE, _TAIL, _THAN, _THIS, _UP = (
    Kind.ACT,
    Kind.AMOUNTS,
    Kind.ASK,
    Kind.BLIND,
    Kind.DES,
    Kind.DOWN,
    Kind.IF,
    Kind.LEAD,
    Kind.NOT,
    Kind.NOW,
    Kind.PAST,
    Kind.REL,
    Kind.SCALE,
    Kind.TAIL,
    Kind.THAN,
    Kind.THIS,
    Kind.UP,
)
_DESCRIBES: Final = frozenset({_SCALE, _DES, _AMOUNTS})
_ACTS: Final = frozenset({_ACT, _BLIND, _LEAD, _TAIL})
_SHIFTS: Final = frozenset({_UP, _DOWN})
FIRING: Final = frozenset({_BLIND, _AMOUNTS, _ACT, _LEAD, _TAIL, _DES, _REL, _SCALE, _UP, _DOWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class Before:
    """What a clause needs to know of the text before it."""

    folded: str
    han: bool
    subject: int | None
    """The side that the sentence speaks of so far."""
    carried: int | None
    """The side that the sentence before spoke of."""


class ClauseRules:
    """The rules within one clause."""

    def __init__(
        self,
        passage: Before,
        clause: Clause,
        kinds: set[Kind],
        free: Sequence[Mention],
        standards: Sequence[Mention],
    ) -> None:
        """Take the clause, its cues' kinds, and its targets: those spoken of, and those that are only compared with."""
        self.passage = passage
        self.clause = clause
        self.han = passage.han
        self.free = free
        self.standards = standards
        self.used: set[tuple[int, int]] = set()
        self.described: tuple[Hit, ...] = ()
        self.shifters: Sequence[Cue] = ()
        self.has_barrier = False
        self.judged = tuple(t for t in free if self._is_act_judged(t)) if _ACT in kinds else ()
        self.refused = tuple(t for t in free if self._is_refused(t)) if _LEAD in kinds else ()

    def hits(self) -> list[Hit]:
        """Return the clause's hits in order of their cues."""
        found: list[Hit] = []
        cues = [cue for cue in self.clause.cues if cue.kind in FIRING]
        if bare := self._bare_comparatives(cues):
            cues = sorted([*cues, *bare], key=lambda cue: cue.start)
        cues = [cue for cue in cues if cue.kind is not _DES or not self._is_attribute(cue, cues)]
        self.shifters = [cue for cue in cues if cue.kind in _SHIFTS]
        self.has_barrier = any(cue.kind is _SCALE and cue.weight <= 0 for cue in cues)
        for cue in cues:
            if cue.kind in _DESCRIBES:
                found.extend(self._describe(cue, cues))
        self.described = tuple(found)
        for cue in cues:
            span = (cue.start, cue.end)
            if span in self.used:
                continue
            if cue.kind in _ACTS:
                new = self._act(cue, cues)
            elif cue.kind is _REL:
                new = self._rank(cue)
            elif cue.kind in _SHIFTS and abs(cue.weight) > 0.5:
                sign = 1.0 if cue.kind is _UP else -1.0
                new = self._toward_subject(cue, sign * cue.weight * self._sign(cue))
            else:
                new = []
            if new:
                self.used.add(span)
            found.extend(new)
        return found

    def _is_refused(self, target: Mention) -> bool:
        """Tell whether the clause says right before the target that it will not be (we will not open-source our best)."""
        return not self._is_handled(target) and any(
            cue.kind is _LEAD and cue.weight < 0 and 0 <= target.start - cue.end <= 1 for cue in self.clause.cues
        )

    def _is_act_judged(self, target: Mention) -> bool:
        """Tell whether the clause opens with an act against the target, so that what follows judges that act (禁止X是错误的)."""
        acts = [c for c in self.clause.cues if c.kind is _ACT and c.end <= target.start]
        return (
            len(acts) == 1
            and acts[0].weight < 0
            and target.start - acts[0].end <= _LEAD_GAP[self.han]
            and _OPENS.fullmatch(self.clause.text, 0, acts[0].start - self.clause.start) is not None
        )

    def _is_attribute(self, cue: Cue, cues: Sequence[Cue]) -> bool:
        """Tell whether a describing cue only names something on the way to a verdict that says the opposite (逼走最好的人)."""
        text, at = self.clause.text, cue.end - self.clause.start
        return (
            any(t.end <= cue.start for t in self.free)
            and (_NAMES_HAN if self.han else _NAMES).match(text, at) is not None
            and any(o.kind is _DES and o.weight * cue.weight < 0 and o.start != cue.start for o in cues)
        )

    def _bare_comparatives(self, cues: Sequence[Cue]) -> list[Cue]:
        """Return the adjectives that say something only after a standard (比X还快)."""
        found = []
        for standard in self.standards if self.han else ():
            match = _BARE_BETTER.match(self.clause.text, standard.end - self.clause.start)
            if match and not any(cue.start >= standard.end for cue in cues):
                start = self.clause.start + match.start(1)
                found.append(Cue(_DES, 0.9, start, start + len(match[1])))
        return found

    def _describe(self, cue: Cue, cues: Sequence[Cue]) -> list[Hit]:
        span = (cue.start, cue.end)
        if span in self.used:
            return []
        if any(other.kind is _REL and (other.start, other.end) == span for other in cues) and self._right(cue, 20):
            return []
        if self.han is False and any(o.kind is _ACT and o.start <= cue.start < o.end for o in cues):
            return []
        if self.has_barrier and self._names_barrier(cue, cues):
            return []
        shifter = self._shifter(cue) if self.shifters else None
        value = cue.weight * (self._barrier_to(cue, cues) if self.has_barrier else 1.0)
        first = cue
        if shifter:
            value *= -1.0 if shifter.kind is _DOWN else 1.0
            self.used.add((shifter.start, shifter.end))
            first = min(cue, shifter, key=lambda one: one.start)
        elif cue.kind is _SCALE:
            return []
        self.used.add(span)
        return self._toward_subject(cue, value * self._sign(first))

    def _shifter(self, cue: Cue) -> Cue | None:
        near = [
            (max(cue.start - other.end, other.start - cue.end), other.start, other)
            for other in self.shifters
            if (other.start, other.end) != (cue.start, cue.end)
            and max(cue.start - other.end, other.start - cue.end) <= _MOD_GAP[self.han]
            and not self._between(cue, other)
            and not _AND.search(self.passage.folded, min(cue.end, other.end), max(cue.start, other.start))
            and (other.start < cue.start or self.han or cue.kind is _SCALE)
        ]
        return min(near, default=(0, 0, None), key=lambda one: one[:2])[2]

    def _names_barrier(self, cue: Cue, cues: Sequence[Cue]) -> bool:
        """Tell whether the cue only says what a barrier or cost is in the way of (作恶的门槛)."""
        return any(self._stands_in_way(other, cue) for other in cues)

    def _barrier_to(self, cue: Cue, cues: Sequence[Cue]) -> float:
        """Return -1 for a barrier to something bad, which is good when it is high."""
        to = next((other for other in cues if self._stands_in_way(cue, other)), None)
        return -1.0 if to is not None and to.weight < 0 else 1.0

    def _stands_in_way(self, barrier: Cue, of: Cue) -> bool:
        if barrier.kind is not _SCALE or barrier.weight > 0 or of.kind not in {_DES, _SCALE}:
            return False
        text = self.passage.folded
        if text[of.end : barrier.start] in {"的", ""} and of.end <= barrier.start and self.han:
            return of.start < barrier.start
        return barrier.end < of.start <= barrier.end + 4 and text[barrier.end : of.start].strip() in {"of", "to", "for"}

    def _between(self, one: Cue, other: Cue) -> bool:
        low, high = min(one.end, other.end), max(one.start, other.start)
        return any(low <= target.start < high for target in self.clause.targets)

    def _sign(self, cue: Cue) -> float:
        """Return -1 where an odd number of negations bear on the cue."""
        at = cue.start
        sign = -1.0 if self.han and _NOT_FOR_A_REASON.search(self.clause.text[: at - self.clause.start]) else 1.0
        for other in reversed(self.clause.cues):
            if other.end > at or (other.start, other.end) == (cue.start, cue.end):
                continue
            gap = at - other.end
            within = [t for t in self.clause.targets if other.end <= t.start < at]
            if within and other.kind is _NOT and self._is_handled(within[0]):
                gap, within = gap - (within[0].end - within[0].start), within[1:]
            negates = other.kind is _NOT or (
                other.kind in {_ACT, _LEAD}
                and other.weight < 0
                and cue.kind in {_ACT, _LEAD}
                and gap <= _LEAD_GAP[self.han]
            )
            if gap > _NOT_GAP[self.han] * (abs(other.weight) if other.kind is _NOT else 1) or within:
                break
            if not negates:
                if other.kind is _LEAD and other.weight > 0:
                    at = other.start
                    continue
                if other.kind in {_UP, _THIS, _NOW, _PAST, _IF}:
                    continue
                break
            sign, at = -sign, other.start
        return sign

    def _is_handled(self, target: Mention) -> bool:
        """Tell whether the target stands before its verb (给X设障碍, 把X关掉)."""
        return self.passage.folded[target.start - 1 : target.start] in {"给", "对", "把", "将", "让", "为", "被"}

    def _toward_subject(self, cue: Cue, value: float) -> list[Hit]:
        found: list[Hit] = []
        attributed = self._attributed(cue)
        left = [target for target in self.free if target.end <= cue.start]
        standard = next((t for t in reversed(self.standards) if t.end <= cue.start), None)
        if self.han is False:
            standard = standard or next((t for t in self.standards if 0 <= t.start - cue.end <= 30), None)
        if standard is not None and self._is_denied(standard):
            value = -value
        if standard is not None and standard.side != JOINT:
            found.append(self._hit(standard.side, -0.7 * value, cue))
        if attributed is not None and not (left and self.han):
            links = self.passage.folded[cue.end : attributed.start].strip() not in {"", "的", "and"}
            if links or not self._is_object(attributed, cue):
                found.extend(self._on(attributed, (0.9 if links else 0.5) * value, cue))
        elif left:
            judged = -value if left[-1] in self.judged else value
            found.extend(
                [] if left[-1] in self.refused and left[-1] not in self.judged else self._on(left[-1], judged, cue)
            )
        elif standard is not None and standard.side != JOINT:
            heir = self.passage.subject if self.passage.subject not in {None, standard.side} else 1 - standard.side
            found.append(self._hit(heir, 0.6 * value, cue, plain=False))
        else:
            found.extend(self._toward_heir(cue, value))
        return found

    def _is_denied(self, standard: Mention) -> bool:
        """Tell whether the comparison itself is negated (并不比X差)."""
        cues = self.clause.cues
        than = next((c for c in reversed(cues) if c.kind is _THAN and c.end <= standard.start), None)
        return self.han and than is not None and any(c.kind is _NOT and c.end == than.start for c in cues)

    def _toward_heir(self, cue: Cue, value: float) -> list[Hit]:
        right = next((t for t in self.free if 0 <= t.start - cue.end <= (12 if self.han else 40)), None)
        takes_up = any(other.kind is _THIS and other.start < cue.start for other in self.clause.cues)
        passage = self.passage
        if passage.subject is not None and not right:
            return [self._hit(passage.subject, 0.75 * value, cue, plain=False)]
        if right is not None:
            denied = sum(c.kind is _NOT and cue.end <= c.start < right.start for c in self.clause.cues) % 2
            value = -value if denied else value
            harms = cue.kind is _DOWN
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
        acting = {_ACT, _LEAD, _REL}
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
        if cue.kind is _TAIL:
            last = next((t for t in reversed(self.clause.targets) if 0 <= cue.start - t.end <= 1), None)
            return self._on(last, cue.weight * self._sign(cue), cue) if last else []
        reach = _LEAD_GAP[self.han] if cue.kind is _LEAD else _WIDE_GAP[self.han]
        target = self._right(cue, reach)
        if target is not None:
            nearer = [o for o in cues if o.kind in {_ACT, _BLIND, _LEAD} and cue.end <= o.start < target.start]
            asked = any(o.kind is _ASK and cue.end <= o.start < target.start for o in self.clause.cues)
            apart = cue.kind is _LEAD and not self.han and not self._leads_into(cue, target)
            handled = self._is_handled(target) and self.passage.folded[cue.start] in "不别莫勿"
            if nearer or asked or apart or handled or target in self.standards:
                return []
            if any(hit.side == target.side and hit.start >= target.end for hit in self.described):
                return []
            far = target.start - cue.end > reach / 2
            sign = 1.0 if cue.kind is _BLIND else self._sign(cue)
            return self._on(target, cue.weight * sign * (0.6 if far else 1.0), cue)
        if cue.kind in {_LEAD, _BLIND}:
            return []
        return self._act_backwards(cue)

    def _leads_into(self, cue: Cue, target: Mention) -> bool:
        """Tell whether no verb stands between (should be open, but not: should hold open models to ...)."""
        return set(self.passage.folded[cue.end : target.start].split()) <= _SMALL

    def _act_backwards(self, cue: Cue) -> list[Hit]:
        text = self.passage.folded
        for target in reversed(self.free):
            if target.end > cue.start:
                continue
            before = text[max(self.clause.start, target.start - 8) : target.start]
            between = text[target.end : cue.start]
            if _HANDLED.search(before) or _SUFFERS.search(between):
                held = any(
                    other.kind is _NOT and 0 <= target.start - other.end <= _LEAD_GAP[self.han]
                    for other in self.clause.cues
                )
                return self._on(target, cue.weight * self._sign(cue) * (-0.8 if held else 0.8), cue)
        takes_up = [
            o
            for o in self.clause.cues
            if o.kind is _THIS and 0 <= o.start - cue.end <= 3 and self.clause.text[o.start - self.clause.start] != "其"
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
