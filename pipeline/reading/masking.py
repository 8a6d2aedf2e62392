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

from pipeline.reading.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.settings import Debate

JOINT: Final = 2
"""The side of a mention that names both."""
_NO_TERM: Final = -1
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
        patterns: dict[str, int] = {}
        between = [word for word in map(fold, debate.topic.any) if word.isascii() and " " not in word]
        for side, group in enumerate(debate.sides):
            for term in group.not_terms:
                patterns[fold(term)] = _NO_TERM
            for term in group.terms:
                for form in _forms(fold(term), between):
                    if patterns.setdefault(form, side) not in {side, _NO_TERM}:
                        patterns[form] = JOINT
        for joint in _joint_terms([fold(t) for t in debate.sides[0].terms], [fold(t) for t in debate.sides[1].terms]):
            patterns.setdefault(joint, JOINT)
        self._sides = list(patterns.values())
        self._terms = list(patterns)
        self._finder = ahocorasick_rs.AhoCorasick(self._terms)
        topic = sorted((fold(term) for term in debate.topic.any if not term.isascii()), key=len, reverse=True)
        heads = "|".join(re.escape(head) for head in sorted({*_HEADS, *topic}, key=len, reverse=True))
        self._head = re.compile(rf"的?(?:{heads})+|(?:\s+(?:{_HEADS_EN})\b)+|\s*\((?!\s*a\s)[a-z .-]{{3,30}}\)")

    def find(self, folded: str) -> tuple[Mention, ...]:
        """Return the mentions in order of their start, none overlapping; a mention takes in its head noun (开源的模型)."""
        found: list[Mention] = []
        for which, start, end in self._leftmost_longest(folded):
            side = self._sides[which]
            if side == _NO_TERM:
                continue
            head = self._head.match(folded, end)
            stop = head.end() if head else end
            if _LICENCE.match(folded, stop):
                continue
            found.append(Mention(side=side, start=start, end=stop))
        return _paired(folded, found)

    def _leftmost_longest(self, folded: str) -> list[tuple[int, int, int]]:
        hits = [
            (start, -end, which)
            for which, start, end in self._finder.find_matches_as_indexes(folded, overlapping=True)
            if whole_word(folded, start, end)
        ]
        chosen: list[tuple[int, int, int]] = []
        last = 0
        for start, minus_end, which in sorted(hits):
            if self._sides[which] == JOINT and folded[max(0, start - 1) : start] == "不":
                continue
            if start >= last:
                last = -minus_end
                chosen.append((which, start, last))
        return chosen


def whole_word(folded: str, start: int, end: int) -> bool:
    """Tell whether a match does not cut a Latin word in two."""
    if folded[start] in _WORD and start and folded[start - 1] in _WORD:
        return False
    return not (folded[end - 1] in _WORD and end < len(folded) and folded[end] in _WORD)


def inflected(word: str) -> tuple[str, ...]:
    """Return an English word with its -s, -ed and -ing forms."""
    if word.endswith("e"):
        return (word, word + "s", word + "d", word[:-1] + "ing")
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return (word, word[:-1] + "ies", word[:-1] + "ied", word + "ing")
    if re.search(r"(?:s|x|ch|sh)$", word):
        return (word, word + "es", word + "ed", word + "ing")
    return (word, word + "s", word + "ed", word + "ing")


def _forms(term: str, between: Sequence[str]) -> set[str]:
    """Return the spellings of a term; a topic's word may stand within one of two words (open AI models)."""
    forms = {term}
    if term.isascii():
        spelled = {term, term.replace("-", " "), term.replace(" ", "-")}
        first, _, rest = term.partition(" ")
        if rest and " " not in rest:
            spelled |= {f"{first} {word} {rest}" for word in between} | {f"{first} one"}
        forms = {form for one in spelled for form in inflected(one)}
    return forms


def _joint_terms(first: list[str], second: list[str]) -> set[str]:
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
