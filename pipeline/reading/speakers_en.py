"""English speakers: from the words around a speech verb to a speaker, and what a text tells of its names before anybody speaks.

Keeps to itself which words point back (pronouns, *the agency*, a bare surname), and to whom.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Final

from pipeline.reading.folding import fold_name
from pipeline.reading.media_en import is_medium
from pipeline.reading.nouns_en import COMPANY, CROWD, kind_of, names_itself
from pipeline.reading.shapes_en import (
    CAP,
    IS_TITLE,
    NAME,
    NO_ORG,
    NOT_NAMES,
    ORG_WORD,
    PERSON_TITLE,
    ROLE,
    is_capital,
    is_persons_name,
    org_of,
    parted,
    without_owner,
    words_of_name,
)
from pipeline.reading.speakers import Roster, Speaker

PRONOUN: Final = r"[Hh]e|[Ss]he|[Tt]hey|[Ii]t"
OWNED: Final = rf"{CAP}(?:\s+{CAP}){{0,2}}(?:[’']s|(?<=s)[’'])\s+(?:[a-z]+\s+)?(?:counsel|lawyers?|attorneys?|team|leadership|board|representatives?|officials?|engineers|researchers|management|filing|statement|report|paper|memo|supporters|(?:\w+\s)?(?:minister|president|secretary|ambassador|governor|mayor|government|military|police)|spokesperson|spokesman|spokeswoman)\b"
_POST_NAME: Final = re.compile(
    rf"(?P<name>{CAP}(?: {CAP}){{1,3}})(?:,\s(?:the\s+|a\s+)?(?P<role>[^,.;:\n]{{0,50}}?\b(?:{PERSON_TITLE})\b[^,.;:\n]{{0,80}}))?"
)
_FULL_NAME: Final = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.?)? [A-Z][a-z]+(?:-[A-Z][a-z]+)?\b")
_FULL_NAMES: Final = re.compile(rf"(?=({_FULL_NAME.pattern}))\b[A-Z]")
"""Overlapping: of Ask Ann Lee the second two words, too."""
_LONG_NAMES: Final = re.compile(
    r"\b[A-Z][a-z]+(?: (?:[A-Z][a-z]+|de|al|bin|van|von|der|den|la)){1,3} [A-Z][a-z]+(?:-[A-Z][a-z]+)?\b"
)
_TITLED_ALONE: Final = re.compile(
    r"(?<![\w’'])(?:(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov)\.?|President|Senator|Professor|Governor|Minister|Secretary|Judge|Justice) (?P<name>[A-Z][a-z]+(?:-[A-Z][a-z]+)?)(?! [A-Z])\b"
)
_HOLDER: Final = re.compile(
    r"\b(?P<office>(?:Prime Minister|Vice President|President|Minister|Secretary|Governor|Mayor|Judge|Pope|King|Queen|Chancellor|Ambassador|General|Commissioner|Bishop))\s+(?P<name>[A-Z][a-z]+(?:\s[A-Z][\w'’\-]+){0,2})"
)
_WHO_ALONE: Final = re.compile(r"(?:^|\n|[.!?] )(?P<name>[A-Z][a-z]+)(?:,| —| –) who\b")
_PAIR: Final = re.compile(r"(?<=[a-z,] )(?:the )?([A-Z][\w&]* [A-Z][\w&]*)")
_SMALL: Final = re.compile(r"(?<![\w’'\-])[a-z]{3,}(?![\w’'\-])")
_OPENER: Final = re.compile(
    rf"(?:[A-Z][a-z]+ (?:about|for|on) [^,]{{2,40}}, )?(?P<who>{CAP}\s+{CAP})(?P<post>)\s+[a-z]"
)
_BY: Final = re.compile(rf"\s+(?:by|of|from)\s+(?P<who>(?:[a-z][\w\-]+\s+){{0,4}}?(?:{NAME}))(?P<post>.*)")
"""Whose a paper is."""
_LED_BY: Final = re.compile(
    r"(?<![\w’'])(?P<org>[A-Z][\w&]+(?:\s[A-Z][\w&]+){0,3})(?:[’']s)?\s(?P<role>(?:[a-z\-]+\s){1,4})$"
)
"""The organisation and the role in small letters before a name (Acme’s chief engineer …)."""
_OFFICE_OF: Final = re.compile(
    r"\b(?:supporters|minister|president|secretary|ambassador|governor|mayor|government|military|police)$"
)
"""Who belongs to somebody, and yet speaks for themselves."""
_FRESH: Final = 3
"""*It says* points back to an organisation up to so many paragraphs later; with other verbs only in the same one."""
_SAID: Final = frozenset(
    [
        "said",
        "says",
        "added",
        "adds",
        "announced",
        "claimed",
        "claims",
        "argued",
        "argues",
        "wrote",
        "writes",
        "warned",
        "warns",
        "told",
    ]
)
_INSTITUTIONS: Final = re.compile(
    r"report|survey|poll|study|document|filing|lawsuit|complaint|review|ruling|notice|petition|declaration"
)
"""Papers that are seldom one person's own: what they say is not what the person says who spoke of them."""
_NAMED: Final = re.compile(
    rf"(?:(?P<before>[\w.’']+)(?P<mark>,?)\s+)?(?P<name>{CAP}(?:\s+(?:van|von|de|der|al|bin|di|da)?\s?{CAP}){{1,2}})(?![\w’'])"
)
_LONGEST_BEFORE: Final = 600
"""Characters of a sentence that are looked at for whom a pronoun in it means: one without end must not cost its square."""
_ENTRANCE: Final = 90
"""Characters at a sentence's beginning in which somebody comes in."""
_BEFORE_NEWCOMER: Final = frozenset(["was", "is", "were", "are", "asked", "met", "called", "and", "but", "or", "then"])
"""Small words before the name of somebody who comes in; after other ones a name is beside the matter, or no person's."""
_OWNS: Final = re.compile(r"(?:its|their)\b|the\s+[a-z][\w\-]*[’']s\b")
"""Begins a post in an organisation named before (its director, the group's lawyer)."""
_MANNER: Final = re.compile(r"^(?:a|an|the)\s+", re.IGNORECASE)


@dataclass
class Heard:
    """The speakers heard so far, for pronouns, and what the whole text shows of its names."""

    roster: Roster
    inside: frozenset[str] = frozenset()
    """The pairs of capitalised words in mid-sentence."""
    common: frozenset[str] = frozenset()
    """The words that the text also writes small."""
    offices: dict[str, Speaker] = field(default_factory=dict)
    """Who holds an office of which the text names one holder only."""
    last: Speaker | None = None
    spoke: Speaker | None = None
    person: Speaker | None = None
    org: Speaker | None = None
    line: int = 0
    """The paragraph that is being read."""
    org_line: int = 0
    """The paragraph that has last named an organisation."""
    person_line: int = 0
    """The paragraph that has last named a person."""

    def meet(self, speaker: Speaker, *, spoke: bool = True) -> None:
        """Remember who spoke last, or was named last without speaking (``spoke`` False)."""
        self.roster.add(speaker)
        if spoke:
            self.spoke = speaker
        self.last = speaker
        if speaker.org or not speaker.is_person:
            self.org_line = self.line
        if speaker.is_person:
            self.see(speaker)
            if speaker.org:
                self.org = Speaker(speaker.org, speaker.org, is_person=False)
        else:
            self.org = speaker

    def see(self, person: Speaker) -> None:
        """Remember who was named last: whom *she* and *the engineer* mean."""
        self.person, self.person_line = person, self.line

    def speaker(self, match: re.Match[str]) -> Speaker | None:  # noqa: PLR0911 - one kind of words after the other
        """Return the speaker that a frame's ``who`` (and ``post``, what stands after the name) names; None: nobody."""
        if match.groupdict().get("whose"):
            return self.person if match["whose"] in {"his", "her"} else self.last
        raw = match["who"].strip()
        owned = re.fullmatch(OWNED, raw)
        if owned:
            return self._owned(owned[0])
        who = without_owner(raw)
        post = match.groupdict().get("post") or ""
        low = who.lower()
        if low in {"he", "she"}:
            before = match.string[: min(match.start("who"), _LONGEST_BEFORE)]
            return opening_person(before, self.common) or self._only_one(before) or self.person
        if low == "they":
            return self.last
        if low == "it" and match.string[: match.start("who")].endswith(("that ", "because ", "if ", "is ")):
            return None
        if low == "it":
            far = self.line - self.org_line
            fresh = far == 0 or (far <= _FRESH and match.groupdict().get("verb") in _SAID)
            return self._owner(match) or ((self.org or self.last) if fresh else None)
        definite = kind_of(who)
        if definite:
            return self._definite(who, definite, match, post)
        named = self._named(who, post)
        if named and named.is_person and not named.org and (led := _LED_BY.search(match.string, 0, match.start("who"))):
            owner = [word for word in words_of_name(led["org"], self.inside) if not IS_TITLE.fullmatch(word)]
            if (
                owner
                and " ".join(owner) not in NO_ORG
                and ROLE.search(led["role"])
                and not is_surname(self.roster, " ".join(owner))
            ):
                return replace(named, org=" ".join(owner))
        return named

    def with_post(self, match: re.Match[str]) -> Speaker | None:
        """Return the person that ``who`` names in full, with ``lead``, the post before it, and ``post``, what stands after it."""
        lead = match["lead"] or ""
        named = self._named(match["who"], match["post"] or (f", {lead}" if lead else ""))
        if named is None or not (named.is_person or lead):
            return None
        org = named.org if named.is_person else None
        if org is None and lead:
            owner = org_of(f"{lead.strip()} x") or (self.org.name if self.org and _OWNS.match(lead) else None)
            org = owner if owner != named.name else None
        return Speaker(named.name, org)

    def _only_one(self, before: str) -> Speaker | None:
        """Return the one person whom the words before a pronoun name in full, where no other pronoun precedes it."""
        names = {match[0] for match in _FULL_NAME.finditer(before)}
        if len(names) != 1 or re.search(r"\b(?:[Hh]e|[Ss]he)\b", before):
            return None
        known = self.roster.full.get(fold_name(names.pop()))
        return known if known and known.is_person else None

    def _owned(self, phrase: str) -> Speaker | None:
        owner = re.split(r"(?:[’']s|(?<=s)[’'])\s", phrase)[0]
        if _OFFICE_OF.search(phrase):
            return Speaker(phrase, None, is_person=False)
        words, org, titled = parted(words_of_name(owner, self.inside))
        if not words:
            return None
        return Speaker(" ".join(words), org) if titled else Speaker(" ".join(words), " ".join(words), is_person=False)

    def _definite(self, who: str, definite: tuple[str, str, str], match: re.Match[str], post: str) -> Speaker | None:  # noqa: PLR0911 - one kind of noun after the other
        """Return whom *the agency*, *the actor*, *the statement* point back to, or the phrase where nobody has been named."""
        kind, noun, before = definite
        named = _FULL_NAME.search(post)
        if named and kind in {"person", "office"}:
            return Speaker(named[0], org_of(who))
        if kind == "paper" and (by := _BY.match(post)):
            return self._named(by["who"], by["post"])
        if kind == "person" and self.person:
            return self.person
        if before and any(is_capital(word) for word in before.split()):
            words = words_of_name(f"{before} {noun}".removeprefix("the "), self.inside)
            owner, org, titled = parted(words)
            if kind == "paper":
                head = without_owner(" ".join(word for word in words[:-1] if is_capital(word)))
                return Speaker(head, head, is_person=False) if head else self.org or self.last
            return (
                Speaker(" ".join(owner), org, is_person=True) if titled and len(owner) > 1 else _group(" ".join(words))
            )
        if kind == "paper":
            own = (
                self.spoke if self.spoke and not (self.spoke.is_person and _INSTITUTIONS.fullmatch(noun)) else self.org
            )
            return own or Speaker(who, None, is_person=False)
        if kind == "org":
            return self._org(noun, match) or Speaker(who, None, is_person=False)
        if kind == "office" and "spokes" in noun:
            return self.person if self.person and not before else self.org or Speaker(who, None, is_person=False)
        if kind == "office":
            here = self.person if self.person_line == self.line else None
            return self.offices.get(noun) or here or Speaker(who, None, is_person=False)
        return self.person or Speaker(who, None, is_person=False)

    def _org(self, noun: str, match: re.Match[str]) -> Speaker | None:
        if re.fullmatch(COMPANY, noun):
            return self._owner(match) or self.org or self.last
        for one in reversed(self.roster.full.values()):
            if not one.is_person and one.name.lower().endswith(noun):
                return one
        return None if names_itself(noun) else self.org

    def _named(self, who: str, post: str) -> Speaker | None:
        if re.fullmatch(CROWD, who) and not (re.fullmatch(NAME, who) and who.rsplit(maxsplit=1)[-1][0].isupper()):
            return self._crowd(who, post)
        lead = re.match(r"(?:[a-z][\w\-]*\s+)+", who)
        led_by_role = lead is not None and ROLE.search(lead[0]) is not None
        words = words_of_name(who[lead.end() :] if lead else who, self.inside)
        if not words or not is_capital(words[0]) or re.match(r"(?:I|We|You|They|It|He|She|That|There)[’']", words[0]):
            return None
        words, org, titled = parted(words)
        least = 1 - is_surname(self.roster, words[0])
        tail = next((at for at, word in enumerate(words) if word in {"of", "at", "from", "for"} and at > least), None)
        if tail and not ORG_WORD.search(words[tail - 1]):
            post = f" {' '.join(words[tail:])}{post}"
            words = words[:tail]
        if words[0] in {"of", "for", "the"} or (
            len(words) == 1 and not titled and words[0].lower() in self.common and not words[0].isupper()
        ):
            return None
        words, org = known_tail(self.roster, words, org)
        name = without_owner(" ".join(words))
        if is_medium(name):
            return Speaker(name, name, is_person=False)
        role = ROLE.search(post)
        is_person = (
            titled
            or (led_by_role and not ORG_WORD.search(name))
            or (bool(role) and not ORG_WORD.search(name))
            or post.startswith(", who ")
            or is_persons_name(words, frozenset())
            or is_surname(self.roster, name)
        )
        if not is_person:
            return Speaker(name, name, is_person=False)
        org = org or (org_of(post) if post else None)
        return Speaker(name, None if org and is_surname(self.roster, org) else org)

    def _crowd(self, who: str, post: str) -> Speaker | None:
        named = _FULL_NAME.search(post)
        if named and ROLE.search(who):
            return Speaker(named[0], org_of(who))
        if re.search(r"spokes", who):
            owner = re.search(rf"({CAP}(?:\s+{CAP})*)\s+spokes", who)
            if owner and (words := words_of_name(without_owner(owner[1]), self.inside)):
                return Speaker(" ".join(words), " ".join(words), is_person=False)
            return Speaker(of, of, is_person=False) if (of := org_of(post)) else self.org
        if re.match(r"(?i)(?:their|his|her|its|your|our)\b", who):
            return None
        if who.endswith("reports") and (source := org_of(post)):
            return Speaker(source, source, is_person=False)
        bare = _MANNER.sub("", who)
        return _group(bare) if is_capital(bare) else Speaker(who, None, is_person=False)

    def _owner(self, match: re.Match[str]) -> Speaker | None:
        """Return the organisation that opens the pronoun's own sentence."""
        opener = re.match(
            rf"(?:But|And|So|Yet|However,|Meanwhile,)?\s*({CAP}(?:\s+{CAP})?)\s+[a-z]",
            match.string[: match.start("who")],
        )
        if (
            opener is None
            or opener[1].split()[0] in NOT_NAMES
            or opener[1] in {one.name for one in self.roster.full.values() if one.is_person}
            or is_surname(self.roster, opener[1])
        ):
            return None
        return Speaker(opener[1], opener[1], is_person=False)


def _group(phrase: str) -> Speaker:
    return Speaker(phrase, None, is_person=False)


def known_tail(roster: Roster, words: list[str], org: str | None) -> tuple[list[str], str | None]:
    """Return the words of the person that a longer phrase ends with (Lydford winger Omar Reyes), and what stands before as organisation."""
    for length in (3, 2):
        if len(words) > max(length, 3):
            known = roster.full.get(fold_name(" ".join(words[-length:])))
            if known and known.is_person:
                return words[-length:], org or known.org
    return words, org


def is_surname(roster: Roster, name: str) -> bool:
    """Tell whether the text has named a person whose last word or words these are."""
    return any(
        known.is_person and (known.name == name or known.name.endswith(" " + name)) for known in roster.full.values()
    )


def introduced(text: str) -> list[Speaker]:
    """Return the persons whom the text names with their role (Jane Dorsey, CEO of Acme), in order."""
    found = []
    for match in _POST_NAME.finditer(text):
        if match["role"] and match["name"].split()[0] not in NOT_NAMES and not ORG_WORD.search(match["name"]):
            words, org, _ = parted(match["name"].split())
            found.append(Speaker(without_owner(" ".join(words)), org_of(match["role"]) or org))
    surnames = {one.name.split()[-1] for one in found} | {one.name for one in found}
    return [replace(one, org=None) if one.org in surnames else one for one in found]


def recurring(text: str, common: frozenset[str]) -> list[Speaker]:
    """Return the persons whose last word the text also uses alone, or who are called by a title alone, in order."""
    singles = Counter(match[0] for match in re.finditer(r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)?\b", text))
    full = Counter(match[1] for match in _FULL_NAMES.finditer(text))
    lasts: Counter[str] = Counter()
    for name, count in full.items():
        lasts[name.split()[-1]] += count
    full.update(match[0] for match in _LONG_NAMES.finditer(text))
    found = [
        Speaker(name)
        for name in full
        if not NOT_NAMES & set(name.split())
        and not any(IS_TITLE.fullmatch(word) for word in name.split())
        and is_persons_name(name.split(), common)
        and singles[name.split()[-1]] > lasts[name.split()[-1]]
    ]
    found += [Speaker(match["name"]) for match in _TITLED_ALONE.finditer(text) if match["name"] not in NOT_NAMES]
    return found + [Speaker(match["name"]) for match in _WHO_ALONE.finditer(text) if match["name"] not in NOT_NAMES]


def holders(text: str) -> dict[str, Speaker]:
    """Return who holds an office, by its name in small letters, where the text names one holder of it only."""
    found: dict[str, Speaker] = {}
    for match in _HOLDER.finditer(text):
        office, name = match["office"].lower(), without_owner(match["name"])
        old = found.get(office)
        if old is None or name.endswith(old.name):
            found[office] = Speaker(name)
        elif not old.name.endswith(name):
            found[office] = Speaker("")
    return {office: one for office, one in found.items() if one.name}


def pairs_inside(text: str) -> frozenset[str]:
    """Return the pairs of capitalised words in mid-sentence: what belongs to a name there belongs to it everywhere."""
    return frozenset(match[1] for match in _PAIR.finditer(text))


def words_written_small(text: str) -> frozenset[str]:
    """Return the words that the text writes without a capital: no surname is among them."""
    return frozenset(_SMALL.findall(text))


def newcomer(text: str, start: int, end: int, common: frozenset[str]) -> Speaker | None:
    """Return the one person whom the sentence from ``start`` to ``end`` names in full, and the text not before it; None: nobody, or several."""
    sentence = text[start:end]
    found = []
    for match in _NAMED.finditer(sentence, 0, _ENTRANCE):
        words = match["name"].split()
        titles = [at for at, word in enumerate(words) if word in NOT_NAMES or IS_TITLE.fullmatch(word)]
        words = words[max(titles, default=-1) + 1 :]
        name = without_owner(" ".join(words))
        if (
            len(words) > 1
            and _comes_in(match)
            and is_persons_name(words, common)
            and not name.isupper()
            and text.find(name, 0, start) < 0
        ):
            found.append(Speaker(name, org_of(sentence[match.end() : match.end() + 60])))
    return found[0] if len(found) == 1 else None


def _comes_in(match: re.Match[str]) -> bool:
    before = match["before"]
    return (
        before is None
        or bool(match["mark"])
        or before in _BEFORE_NEWCOMER
        or ROLE.fullmatch(before.strip(".")) is not None
        or before[-1] in ".!?"
    )


def opening_person(sentence: str, common: frozenset[str]) -> Speaker | None:
    """Return the person of two words that a sentence begins with, or None."""
    opener = _OPENER.match(sentence)
    if opener is None:
        return None
    words = without_owner(opener["who"]).split()
    return Speaker(" ".join(words)) if not NOT_NAMES & set(words) and is_persons_name(words, common) else None
