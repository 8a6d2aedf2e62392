"""Compounds: a side's term whose parts stand apart in the text, or that leaves a part to its neighbour.

*Petrol and diesel cars* names petrol cars, *the four-day working week* the four-day week, *四天或五天工作制* both working weeks, and after
*working from home (WFH)* WFH is a name, too. Keeps to itself which words may stand between an attribute and its noun. Works on folded text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from pipeline.reading.wordings import FUNCTION_WORDS, head_forms, is_verb_phrase, spellings, word_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NO_FUNCTION_WORD: Final = rf"(?!(?:{'|'.join(sorted(FUNCTION_WORDS))})\b)"
_WORD: Final = rf"{_NO_FUNCTION_WORD}[a-z][a-z'-]*"
_AND: Final = r"(?:and|or|&)(?: an?)?"
_ADJECTIVE: Final = re.compile(r"[a-z]{2,}(?:ic|al|ar|ary|ive|able|ible|ous)|.*[ -].*")
"""An attribute that can be nothing else: what follows is its noun, or another attribute of it."""
_ANY_WAY: Final = word_set(
    "approach arrangement idea model option pattern plan policy proposal regime route scheme schedule system trial version"
)
"""What an attribute of two words may stand before in place of its own noun (the four-day model)."""
_TWO_WORDS: Final = re.compile(r"[ -]")
_LINK: Final = re.compile(r"(?:、|/|和|与|或者?|及|以及|跟|还是| (?:and|or|versus|vs\.?) )$")
"""Not *to*, which leads from one side to the other, and no comma, which may end a clause before it."""
_OR: Final = re.compile(r" (?:and|or|versus|vs\.?) $")
_LAST_WORD: Final = re.compile(r"(?<![a-z0-9-])[a-z][a-z0-9-]*$")
_LONGEST_LINK: Final = 8
_LONGEST_WORD: Final = 24
_IN_WORD: Final = re.compile(r"[0-9a-z]")
_IN_BRACKETS: Final = re.compile(r" ?\(([a-z]{2,6})\)")


@dataclass(kw_only=True, slots=True)
class _Nouns:
    """The nouns of one attribute by side, and whether any word may stand before them."""

    by_side: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    is_open: bool = False


class Attributes:
    """English terms of an attribute and a noun with other words between the two."""

    def __init__(self, terms: Sequence[Iterable[str]], between: Iterable[str]) -> None:
        """Take each side's terms, and the words that may stand between in any case (open AI models)."""
        nouns: dict[str, _Nouns] = {}
        for side, side_terms in enumerate(terms):
            for attribute, noun in parted(side_terms):
                for spelled in spellings(attribute):
                    told = nouns.setdefault(spelled, _Nouns())
                    told.by_side[side].update(head_forms(noun))
                    if _TWO_WORDS.search(attribute):
                        told.by_side[side].update(form for one in _ANY_WAY for form in head_forms(one))
                    told.is_open = told.is_open or _ADJECTIVE.fullmatch(attribute) is not None
        self._attributes = [{one for one, told in nouns.items() if told.by_side[side]} for side in (0, 1)]
        words = "|".join(sorted(re.escape(word) for word in between))
        self._rest: dict[str, list[tuple[int, re.Pattern[str]]]] = {}
        for attribute, told in nouns.items():
            for side, heads in enumerate(told.by_side):
                if heads:
                    self._add(attribute, side, "|".join(sorted(heads)), words, is_open=told.is_open)

    def _add(self, attribute: str, side: int, heads: str, words: str, *, is_open: bool) -> None:
        nouns = rf"(?:{heads})\b"
        between = [rf"{_AND} {_WORD}"] + ([rf"(?:{words})"] if words else []) + ([_WORD] if is_open else [])
        after = rf"(?:{'|'.join(between)}) {nouns}"
        if _TWO_WORDS.search(attribute):
            after += rf"|(?:[a-z]{{3,}})?{nouns}"
        if "-" in attribute:
            first, _, last = attribute.rpartition("-")
            self._put(f"{first}- ", side, rf"(?:and|or|to) [a-z]+-{re.escape(last)}[ -]{nouns}")
        self._put(f"{attribute} ", side, after)
        self._put(f"{attribute}, ", side, rf"{_WORD}(?:, {_WORD}){{0,2}},? {_AND} {_WORD} {nouns}")

    def _put(self, attribute: str, side: int, after: str) -> None:
        self._rest.setdefault(attribute, []).append((side, re.compile(after)))

    @property
    def beginnings(self) -> list[str]:
        """The attributes as they begin such a compound, for the search."""
        return list(self._rest)

    def ends(self, beginning: str, folded: str, at: int) -> Iterator[tuple[frozenset[int], int]]:
        """Yield the sides of each compound that goes on at ``at`` - both in *open or closed release* -, and its end."""
        for side, rest in self._rest[beginning]:
            if found := rest.match(folded, at):
                names_both = not self._attributes[1 - side].isdisjoint(re.findall(r"[a-z][a-z-]*", found[0]))
                yield frozenset({0, 1} if names_both else {side}), found.end()

    def before(self, folded: str, start: int) -> tuple[int, set[int]] | None:
        """Return where an attribute begins that shares a mention's noun though its own is another (*remote or office work*), and its side."""
        link = _OR.search(folded, max(0, start - _LONGEST_LINK), start)
        begun = link and _LAST_WORD.search(folded, max(0, link.start() - _LONGEST_WORD), link.start())
        sides = {side for side in (0, 1) if begun and begun[0] in self._attributes[side]}
        return (begun.start(), sides) if begun and len(sides) == 1 else None


def parted(terms: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the attribute and the noun of each English term that has both."""
    for term in terms:
        attribute, _, noun = term.rpartition(" ")
        if term.isascii() and attribute and noun.isalpha() and not is_verb_phrase(term):
            words = {*attribute.replace("-", " ").split(" "), noun}
            if words.isdisjoint(FUNCTION_WORDS) and not attribute.endswith("ly") and not noun.endswith("ly"):
                yield attribute, noun


class SharedEndings:
    """Terms that leave their ending to the term after them: 汽油和电动汽车, *four- or five-day weeks*."""

    def __init__(self, terms: Sequence[Iterable[str]]) -> None:
        """Take each side's terms."""
        self._sides: dict[str, dict[str, set[int]]] = {}
        for side, side_terms in enumerate(terms):
            for term in {form for one in side_terms for form in spellings(one)}:
                for beginning, ending in _halves(term):
                    self._sides.setdefault(ending, {}).setdefault(beginning, set()).add(side)

    def before(self, folded: str, start: int, end: int) -> tuple[int, set[int]] | None:
        """Return where such a term begins before the mention, and its side; both where it may be of either."""
        link = _LINK.search(folded, max(0, start - _LONGEST_LINK), start)
        if link is None:
            return None
        found = [
            (len(beginning), sides)
            for own, ending in _halves(folded[start:end])
            for beginning, sides in self._sides.get(ending, {}).items()
            if beginning != own and folded.endswith(beginning, 0, link.start())
        ]
        if not found:
            return None
        length, sides = max(found, key=lambda one: one[0])
        at = link.start() - length
        return None if at and folded[at : at + 1].isascii() and _IN_WORD.match(folded, at - 1) else (at, sides)


def _halves(term: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to part a term; an English ending is in the singular."""
    if term.isascii():
        for gap in re.finditer(r"[ -]", term):
            beginning = term[: gap.start()]
            yield beginning + ("-" if gap[0] == "-" else ""), term[gap.end() :].removesuffix("s").replace("-", " ")
    else:
        yield from ((term[:at], term[at:]) for at in range(2, len(term)))


def explained(folded: str, named: Sequence[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the side, start and end of each abbreviation that the text itself makes of a name among ``named`` (the same): *working from home (WFH)*."""
    if "(" not in folded:
        return []
    short = {
        abbreviation: side
        for side, start, end in named
        if side in {0, 1} and (abbreviation := _abbreviation_after(folded, start, end))
    }
    return [
        (side, one.start(), one.end())
        for abbreviation, side in short.items()
        for one in re.finditer(rf"(?<![0-9a-z(]){abbreviation}s?(?![0-9a-z])", folded)
        if not any(start < one.end() and one.start() < end for _, start, end in named)
    ]


def _abbreviation_after(folded: str, start: int, end: int) -> str | None:
    """Return the abbreviation that stands in brackets after a name and is made of its initials."""
    found = _IN_BRACKETS.match(folded, end)
    if found is None:
        return None
    short = found[1]
    words = re.findall(r"[a-z]+", folded[start:end])
    initials = {"".join(word[0] for word in words), "".join(word[0] for word in words if word not in FUNCTION_WORDS)}
    singular = short if short in initials else short.removesuffix("s")
    return singular if singular in initials and singular not in FUNCTION_WORDS and len(singular) > 1 else None
