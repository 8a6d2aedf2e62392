"""Which names are one actor: decided here with plain values, written elsewhere.

Depends on nothing but what is known of the names now, never on what was decided before or in which order articles
came. What is not clear leaves names apart: one actor as two is a vote too many, two as one is a wrong voice.

In brackets (奥尔特曼（Sam Altman）) a Chinese name is one with a whole Latin one, unless articles give it two, or give the
Latin one to two people with Chinese names of their own (王伟, 王薇: Wei Wang). A Latin surname alone (阿尔特曼（Altman）),
or a name's last part with the same organisation, stands for the one person known by it, and for nobody where there are two.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_ARTICLES_FOR_ORG: Final = 2
"""Beside an organisation one bracket may as well hold its product; so many articles must give the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A name as it is known across articles."""

    id: int
    key: str
    last: str | None = None
    is_told: bool = False
    """The config says whose it is."""
    orgs: frozenset[str] = frozenset()
    """The organisations for which somebody of that name has spoken, but not the name itself."""
    is_heard: bool = False
    """Somebody of that name has said something."""

    @property
    def is_han(self) -> bool:
        """Whether it is in Chinese characters."""
        return _HAN.search(self.key) is not None

    @property
    def is_single(self) -> bool:
        """Whether it may be but the last part of a name."""
        return self.last is None and not self.is_told


@dataclass(frozen=True, kw_only=True, slots=True)
class Pair:
    """That articles give two names (by number) as one's."""

    chinese: int
    latin: int
    kind: str
    articles: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """How often a name was written in one way, for one organisation."""

    written: str
    org: str | None
    is_whole: bool
    """Whether it has more than its last part."""
    times: int


def groups(names: Sequence[Name], pairs: Sequence[Pair], apart: Collection[tuple[int, int]]) -> list[frozenset[int]]:
    """Return the names (by number) that are one actor each; every name is in one group.

    ``names`` are all that hang together: by a pair, or as a name and its last part. ``apart`` are those (two each) of
    which a person says that the first is not one with the second, nor with what the second is one with.
    """
    known = {name.id: name for name in names}
    linking = _Linking(known, pairs, apart)
    linking.link_whole_names()
    order = sorted(names, key=lambda name: name.key)
    linking.link_bracketed_surnames(order)
    linking.link_last_parts(order)
    return linking.groups()


class _Linking:
    """The groups while they grow."""

    def __init__(self, known: dict[int, Name], pairs: Sequence[Pair], apart: Collection[tuple[int, int]]) -> None:
        self._known = known
        self._apart = apart
        self._pairs = [pair for pair in pairs if pair.kind != "org" or pair.articles >= _ARTICLES_FOR_ORG]
        self._group = {number: frozenset({number}) for number in known}
        self._own_chinese = {pair.chinese for pair in self._pairs if pair.kind == "chinese"}
        in_brackets = {number for pair in pairs for number in (pair.chinese, pair.latin)}
        self._by_last: dict[str, list[int]] = defaultdict(list)
        for name in known.values():
            if name.last is not None and (name.is_heard or name.is_told or name.id in in_brackets):
                self._by_last[name.last].append(name.id)

    def groups(self) -> list[frozenset[int]]:
        return sorted(set(self._group.values()), key=min)

    def link_whole_names(self) -> None:
        """Link a Chinese name with the whole Latin one that it has in brackets."""
        whole = [pair for pair in self._pairs if pair.kind == "org" or not self._known[pair.latin].is_single]
        latin_of: dict[int, set[int]] = defaultdict(set)
        for pair in whole:
            latin_of[pair.chinese].add(pair.latin)
        stars: dict[int, list[Pair]] = defaultdict(list)
        for pair in whole:
            if len(latin_of[pair.chinese]) == 1:
                stars[pair.latin].append(pair)
        for latin, star in stars.items():
            if sum(pair.kind != "foreign" for pair in star) > 1:
                continue
            self._link_star(latin, [pair.chinese for pair in star])

    def _link_star(self, latin: int, chinese: Sequence[int]) -> None:
        rays = set(chinese)
        for odd, other in self._apart:
            if {odd, other} <= {*chinese, latin}:
                rays.discard(other if odd == latin else odd)
        told = {one for one in rays if self._known[one].is_told}
        if self._known[latin].is_told:
            rays -= told
        elif len(told) > 1:
            rays = set()
        for one in rays:
            self._join(one, latin)

    def link_bracketed_surnames(self, order: Sequence[Name]) -> None:
        """Link what has but a surname in brackets with the one person who is known by that surname."""
        for name in order:
            chinese = {pair.chinese for pair in self._pairs if pair.latin == name.id and pair.kind != "org"}
            whole = self._one_known_as(name)
            if not chinese or not name.is_single or whole is None:
                continue
            others = [one for one in chinese if one not in self._group[whole]]
            if len(others) > 1 or any(len(self._group[one]) > 1 for one in others):
                continue
            if all(self._fits(one, whole) for one in others) and self._fits(name.id, whole):
                for one in (*others, name.id):
                    self._join(one, whole)

    def link_last_parts(self, order: Sequence[Name]) -> None:
        """Link a last part with the one person who is known by it and has spoken for the same organisation."""
        for name in order:
            whole = self._one_known_as(name)
            if whole is None or not name.is_single or not name.is_heard:
                continue
            orgs = {org for one in self._by_last[name.key] for org in self._known[one].orgs}
            if not orgs.isdisjoint(name.orgs) and self._fits(name.id, whole):
                self._join(name.id, whole)

    def _one_known_as(self, name: Name) -> int | None:
        """Return a whole name of the one person who is known by that last part; None: of nobody, or of several."""
        whole = self._by_last.get(name.key, [])
        return min(whole) if whole and len({self._group[one] for one in whole}) == 1 else None

    def _fits(self, one: int, other: int) -> bool:
        """Tell whether two groups may be one: nothing says that two in them are different."""
        if self._group[one] == self._group[other]:
            return True
        both = self._group[one] | self._group[other]
        members = [self._known[number] for number in both]
        return (
            sum(name.is_told for name in members) <= 1
            and not any(odd in both and other in both for odd, other in self._apart)
            and sum(name.last is not None and not name.is_han for name in members) <= 1
            and not (self._whole_han(self._group[one]) and self._whole_han(self._group[other]))
        )

    def _whole_han(self, group: Iterable[int]) -> set[int]:
        names = [self._known[number] for number in group]
        return {name.id for name in names if name.is_han and (name.last is not None or name.id in self._own_chinese)}

    def _join(self, one: int, other: int) -> None:
        both = self._group[one] | self._group[other]
        for number in both:
            self._group[number] = both


def shown_name(uses: Sequence[Use], language: str) -> str:
    """Return the name to show of an actor: in the debate's language where there is one, whole, the most often used."""
    here = [use for use in uses if (_HAN.search(use.written) is not None) == (language == "zh")] or list(uses)
    times: dict[tuple[bool, str], int] = defaultdict(int)
    for use in here:
        times[use.is_whole, use.written] += use.times
    return min(times, key=lambda use: (not use[0], -times[use], -len(use[1]), use[1]))[1]


def usual_org(uses: Sequence[Use]) -> str | None:
    """Return the organisation that an actor has spoken for most often; None: nobody says."""
    times: dict[str, int] = defaultdict(int)
    for use in uses:
        if use.org is not None:
            times[use.org] += use.times
    return min(times, key=lambda org: (-times[org], org), default=None)
