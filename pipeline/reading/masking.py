"""Masking: the two sides' terms become two signs, so that every rule after it is about either side.

Keeps to itself how terms are found (longest match first, whole words in Latin script, their inflections),
which compounds are no mention (``not_terms``), and which mentions name both sides at once (开闭源).
Everything here works on folded text. Mirror symmetry starts here: the signs are all that the rules see.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.reading.compounds import Attributes, SharedEndings, explained, parted
from pipeline.reading.folding import fold
from pipeline.reading.wordings import FUNCTION_WORDS, inflected, wordings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Debate

__all__ = ["JOINT", "Masker", "Mention", "inflected", "whole_word"]

JOINT: Final = 2
"""The side of a mention that names both."""
_NO_TERM: Final = -1
_BEGINNING: Final = -2
"""Of a pattern that is the first part of a compound only."""
_HEADS: Final = [
    "大语言模型",
    "语言模型",
    "大模型",
    "基础模型",
    "模型",
    "路线",
    "路径",
    "道路",
    "模式",
    "生态系统",
    "生态",
    "社区",
    "阵营",
    "策略",
    "战略",
    "方式",
    "方案",
    "方法",
    "做法",
    "系统",
    "力量",
    "技术",
    "产品",
    "版本",
    "平台",
    "体系",
    "派",
    "侧",
    "一方",
    "方面",
    "理念",
    "选项",
    "选择",
    "文化",
    "商业模式",
    "政策",
    "制度",
    "能源",
    "发展",
    "项目",
]
_HEADS_EN: Final = (
    "ai|models?|systems?|approach(?:es)?|communit(?:y|ies)|ecosystems?|strateg(?:y|ies)|camps?|sides?|development|software|technolog(?:y|ies)"
    "|alternatives?|options?|projects?|solutions?|labs?|providers?|movement|llms?|weights?|language|foundation|policy|policies|polic(?:y|ies)|release|releases"
)
_JOIN: Final = re.compile(r"\s*(?:和|与|或者|或|还是|及|以及|跟|/|、|or|and|vs\.?|versus|对|-|\+|,)\s*(?:the\s+|a\s+)?")
_VERSUS: Final = re.compile(r"\s*(?:之争|之辩|之战|路线之争|孰优孰劣|两条|两种|两派|debate|question|divide)")
_LICENCE: Final = re.compile(r"\s*(?:许可|协议|licen[sc]e)")
"""After a term this tells a fact about a product, not a side."""
_NOUN_PHRASE: Final = re.compile(
    r"(?<![a-z])(?:the|an?|this|that|any|each|every|another|no|which|what|either|neither|some|its|their|our|my|your|his|her)"
    rf"(?: (?!(?:{'|'.join(sorted(FUNCTION_WORDS))})\b)[a-z-]+,?){{0,3}}(?: |-)$"
)
"""A determiner, and no more than attributes after it."""
_LONGEST_PHRASE: Final = 50
_WORD: Final = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A side's term in the folded text; ``side`` is 0, 1 or JOINT."""

    side: int
    start: int
    end: int


class Masker:
    """Finds a debate's terms in folded text."""

    def __init__(self, debate: Debate) -> None:
        """Build the automaton for the debate's terms in all their forms."""
        terms = [[fold(term) for term in group.terms] for group in debate.sides]
        not_terms = [[fold(term) for term in group.not_terms] for group in debate.sides]
        patterns = _patterns(terms, not_terms)
        between = [word for word in map(fold, debate.topic.any) if word.isascii() and " " not in word]
        self._compounds = Attributes(terms, between)
        self._shared = SharedEndings(terms)
        for beginning in self._compounds.beginnings:
            patterns.setdefault(beginning, _BEGINNING)
        self._sides = list(patterns.values())
        self._terms = list(patterns)
        self._ones = _one_forms(terms)
        self._finder = ahocorasick_rs.AhoCorasick(self._terms)
        topic = sorted((fold(term) for term in debate.topic.any if not term.isascii()), key=len, reverse=True)
        heads = "|".join(re.escape(head) for head in sorted({*_HEADS, *topic}, key=len, reverse=True))
        self._head = re.compile(rf"的?(?:{heads})+|(?:\s+(?:{_HEADS_EN})\b)+|\s*\((?!\s*a\s)[a-z .-]{{3,30}}\)")

    def find(self, folded: str) -> tuple[Mention, ...]:
        """Return the mentions in order of their start, none overlapping; a mention takes in its head noun (开源的模型)."""
        found: list[Mention] = []
        hits = self._leftmost_longest(folded)
        if short := explained(folded, hits):
            hits = sorted([*hits, *short], key=lambda one: one[1:])
        last = 0
        for at, (side, start, end) in enumerate(hits):
            if side == _NO_TERM or start < last:
                last = max(last, end)
                continue
            stop = self._with_head(folded, side, end, hits[at + 1 : at + 2])
            if _LICENCE.match(folded, stop):
                continue
            shared = self._shared.before(folded, start, stop) or self._compounds.before(folded, start)
            if shared and shared[0] >= last:
                both = side if shared[1] == {side} else JOINT
                found.append(Mention(side=both, start=shared[0], end=stop))
            else:
                found.append(Mention(side=side, start=start, end=stop))
            last = stop
        return _paired(folded, found)

    def _with_head(self, folded: str, side: int, end: int, after: Sequence[tuple[int, int, int]]) -> int:
        """Return where the mention's head noun ends, or what stands in brackets after it; but what names another side is none of it."""
        head = self._head.match(folded, end)
        if head is None or any(start < head.end() and other != side for other, start, _ in after):
            return end
        return head.end()

    def _leftmost_longest(self, folded: str) -> list[tuple[int, int, int]]:
        """Return the side, start and end of all that is a term, or of side _NO_TERM what only looks like one."""
        hits: list[tuple[int, int, bool, int]] = []
        compounds: dict[tuple[int, int], frozenset[int]] = {}
        for which, start, end in self._finder.find_matches_as_indexes(folded, overlapping=True):
            if not whole_word(folded, start, end):
                continue
            side = self._sides[which]
            if side == _BEGINNING:
                for sides, stop in self._compounds.ends(self._terms[which], folded, end):
                    compounds[start, stop] = sides | compounds.get((start, stop), frozenset())
            elif self._terms[which] not in self._ones or _is_after_determiner(folded, start):
                hits.append((start, -end, False, side))
        for (start, end), sides in compounds.items():
            named = sides.union(one for at, minus_end, _, one in hits if start < at and -minus_end <= end) - {_NO_TERM}
            hits.append((start, -end, True, min(named) if len(named) == 1 else JOINT))
        chosen: list[tuple[int, int, int]] = []
        last = 0
        for start, minus_end, _, side in sorted(hits):
            if side == JOINT and folded[max(0, start - 1) : start] == "不":
                continue
            if start >= last:
                last = -minus_end
                chosen.append((side, start, last))
        return chosen


def _patterns(terms: Sequence[Sequence[str]], not_terms: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return what is searched for and whose it is; what the config writes itself goes before what is made of it.

    A term of one side that stands among the other's ``not_terms`` (不开源) is a term.
    """
    patterns = {term: side for side, side_terms in enumerate(terms) for term in side_terms}
    for side, side_terms in enumerate(not_terms):
        patterns |= {term: _NO_TERM for term in side_terms if patterns.get(term, side) == side}
    written = set(patterns)
    for term in (term for side_terms in not_terms for term in side_terms if patterns[term] == _NO_TERM):
        for form in wordings(term):
            patterns.setdefault(form, _NO_TERM)
    for side, side_terms in enumerate(terms):
        for term in side_terms:
            for form in wordings(term) | _ones_of(term):
                if form not in written and patterns.setdefault(form, side) not in {side, _NO_TERM}:
                    patterns[form] = JOINT
    for joint in _joint_terms(*terms):
        patterns.setdefault(joint, JOINT)
    return patterns


def _ones_of(term: str) -> set[str]:
    """Return what takes up an attribute without its noun: the open one, closed ones."""
    return {f"{attribute} {one}" for attribute, _ in parted([term]) for one in ("one", "ones") if " " not in attribute}


def _one_forms(terms: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return those of them that only count after a determiner, as *one* may be a number, or anybody (what remote work one does)."""
    own = {term for side_terms in terms for term in side_terms}
    return (
        frozenset(
            form for side_terms in terms for term in side_terms for form in _ones_of(term) if form.endswith(" one")
        )
        - own
    )


def _is_after_determiner(folded: str, start: int) -> bool:
    return _NOUN_PHRASE.search(folded, max(0, start - _LONGEST_PHRASE), start) is not None


def whole_word(folded: str, start: int, end: int) -> bool:
    """Tell whether a match does not cut a Latin word in two."""
    if folded[start] in _WORD and start and folded[start - 1] in _WORD:
        return False
    return not (folded[end - 1] in _WORD and end < len(folded) and folded[end] in _WORD)


def _joint_terms(first: Sequence[str], second: Sequence[str]) -> set[str]:
    """Return the contractions of two terms with a common ending: 开闭源, 闭开源; open and closed models, open-closed."""
    joint = set()
    for one in first:
        for other in second:
            (a, _, rest), (b, _, same) = one.partition(" "), other.partition(" ")
            if one.isascii() and rest and rest.rstrip("s") == same.rstrip("s") and a != b:
                pairs = [(a, b), (b, a)]
                joint |= {
                    f"{x} {link} {y} {noun}"
                    for x, y in pairs
                    for link in ("and", "or", "vs", "vs.", "versus")
                    for noun in (rest, rest.rstrip("s"), rest.rstrip("s") + "s")
                }
                joint |= {f"{x}{link}{y}" for x, y in pairs for link in ("-", "/", " vs ", " vs. ", " versus ")}
            if len(one) == len(other) > 1 and not one.isascii() and one[1:] == other[1:] and one[0] != other[0]:
                joint |= {
                    one[0] + other,
                    other[0] + one,
                    f"{one[0]}、{other}",
                    f"{other[0]}、{one}",
                    f"{one[0]}/{other}",
                    f"{other[0]}/{one}",
                }
    return joint


def _paired(folded: str, found: list[Mention]) -> tuple[Mention, ...]:
    """Fuse two neighbours of different sides that are named in one breath (开源和闭源) into one joint mention."""
    fused: list[Mention] = []
    skip = False
    for here, after in pairwise([*found, None]):
        if skip or here is None:
            skip = False
            continue
        between = folded[here.end : after.start] if after else "."
        listed = "," not in between or here.start == 0 or not folded[here.start - 1].isalnum()
        if after and {here.side, after.side} == {0, 1} and _JOIN.fullmatch(between) and listed:
            tail = _VERSUS.match(folded, after.end)
            fused.append(Mention(side=JOINT, start=here.start, end=tail.end() if tail else after.end))
            skip = True
        else:
            fused.append(here)
    return tuple(fused)
