"""English speakers: what a name with its titles looks like, and from the words around a speech verb to a speaker.

Keeps to itself titles, pronouns, crowds that speak without a name, and which capitalised words are no names.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from pipeline.reading.speakers import Roster, Speaker

CAP: Final = r"(?:[A-Z][\w.'’&\-]*[\w&]|[A-Z]\.|[A-Z])"
NAME: Final = rf"{CAP}(?:\s+(?:of|de|van|von|der|&|the|for|of the)\s+{CAP}|\s+{CAP}){{0,5}}|{CAP}"
PERSON_TITLE: Final = (
    r"CEO|CTO|CFO|COO|Chief|President|Director|Professor|Prof|Founder|founder|Co-founder|co-founder|cofounder|chief|director|president|professor|chairman|chairwoman|chair|head|vice|executive|scientist|researcher|engineer|spokesperson|spokesman|spokeswoman"
    r"|analyst|author|senator|Senator|Minister|minister|secretary|Secretary|Dr|Mr|Mrs|Ms|Sir|VP|lead|manager|officer|partner|investor|economist|commissioner|lawyer|attorney|economist|expert|consultant|lecturer|fellow"
)
PRONOUN: Final = r"[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Tt]he company|[Tt]he firm|[Tt]he startup|[Tt]he lab|[Tt]he group|[Tt]he post|[Tt]he report|[Tt]he notice"
OWNED: Final = rf"{CAP}(?:\s+{CAP}){{0,2}}[’']s\s+(?:counsel|lawyers?|attorneys?|team|leadership|board|representatives?|officials?|engineers|researchers|management|filing|statement|report|paper|memo)\b"
CROWD: Final = r"(?:[Aa]|[Aa]n|[Tt]he|[Tt]he company[’']s|[Tt]he firm[’']s|[Ii]ts|[Ss]ome|[Mm]any|[Oo]ther|[Ss]everal|[Mm]ost|[Ii]ndustry)?\s*(?:(?:[A-Z][\w]{1,24}|[a-z\-]{1,24})\s+){0,2}(?:spokesperson|spokesman|spokeswoman|experts|critics|researchers|analysts|advocates|proponents|opponents|supporters|officials|developers|users|executives|people|observers|companies|economists|workers|employees|managers|residents)"
_POST_NAME: Final = re.compile(
    rf"(?P<name>{CAP}(?:\s+{CAP}){{1,3}})(?:,\s(?:the\s+|a\s+)?(?P<role>[^,.;:\n]{{0,50}}?\b(?:{PERSON_TITLE})\b[^,.;:\n]{{0,60}}))?"
)
_FULL_NAME: Final = re.compile(r"\b[A-Z][a-z]+(?: [A-Z]\.?)? [A-Z][a-z]+(?:-[A-Z][a-z]+)?\b")
_FULL_NAMES: Final = re.compile(rf"(?=({_FULL_NAME.pattern}))\b[A-Z]")
"""Overlapping: of Ask Ann Lee the second two words, too."""
_LEADING_TITLE: Final = re.compile(
    rf"^(?P<org>(?:{CAP}\s+){{0,4}}?)(?:[\w-]+\s+)?(?:{PERSON_TITLE})\.?\s+(?P<name>{CAP}(?:\s+{CAP}){{0,3}})$"
)
_ORG_IN_ROLE: Final = re.compile(
    rf"\b(?:of|at|for|from|with)\s+(?:the\s+)?(?:[a-z\-]+\s+(?:AI\s+)?(?:firm|startup|company|lab)\s+)?(?P<org>{CAP}(?:\s+{CAP}){{0,3}})|(?P<owner>{CAP}(?:\s+{CAP})?)[’']s?\s"
)
_ROLE: Final = re.compile(rf"\b(?:{PERSON_TITLE})\b")
_OPENER: Final = re.compile(
    rf"(?:[A-Z][a-z]+ (?:about|for|on) [^,]{{2,40}}, )?(?P<who>{CAP}\s+{CAP})(?P<post>)\s+[a-z]"
)
NOT_NAMES: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "The Because Unless Whether Until Another Other Such Never Questioning Officials Authorities "
        "According About Once Again Perhaps Maybe Sure Well Please Just Even Part Read See Image Photo Credit "
        "Credits Dear Nov Dec Oct Sept Sep Aug Jul Jun Apr Mar Feb Jan U Inc Beginners Nurses Books Companies "
        "Users Developers Researchers Experts Critics Today's Last Next First Second New Big Best Several Few "
        "Any All This That These Those It He She They We I You But And If In On At For As When While What Who "
        "How Why There Here Its His Her Their Our My Your So Or Not No Yes Some Many Most Today Now Then Also "
        "Earlier Later Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April "
        "May June July August September October November December Chinese American European Open Like With "
        "From By After Before During Since Of To Do Does Is Are Was Were Has Have Had Can Will Would Could "
        "Should Each Every Both One Two Although Though However Meanwhile Instead Only More Still Yet "
        "Research Data Studies Reports Everyone Nobody Nothing Something People Anyone LLM AI API "
    ).split()
)
_FULL: Final = 2
_TITLES: Final = frozenset(f"{PERSON_TITLE}|Dr|Mr|Mrs|Ms|Sir|Lord|Lady".lower().split("|"))
_PAPERS: Final = frozenset(("the post", "the report", "the notice"))
_ORG_PRONOUNS: Final = frozenset(("the company", "the firm", "the startup", "the lab", "the group", *_PAPERS))


@dataclass
class Heard:
    """The speakers heard so far, for pronouns."""

    roster: Roster
    last: Speaker | None = None
    person: Speaker | None = None
    org: Speaker | None = None

    def meet(self, speaker: Speaker) -> None:
        """Remember who spoke last."""
        self.roster.add(speaker)
        self.last = speaker
        if speaker.is_person:
            self.person = speaker
            if speaker.org:
                self.org = Speaker(speaker.org, speaker.org, is_person=False)
        else:
            self.org = speaker

    def speaker(self, match: re.Match[str]) -> Speaker | None:  # noqa: PLR0911 - one kind of words after the other
        """Return the speaker that a frame's ``who`` (and ``post``, what stands after the name) names; None: nobody."""
        if match.groupdict().get("whose"):
            return self.person if match["whose"] in {"his", "her"} else self.last
        owned = re.fullmatch(OWNED, match["who"].strip())
        if owned:
            owner = re.split(r"[’']s\s", owned[0])[0]
            titled = _LEADING_TITLE.match(owner)
            if titled:
                return Speaker(titled["name"], titled["org"].strip() or None)
            return None if owner in NOT_NAMES else Speaker(owner, owner, is_person=False)
        who = re.sub(r"[’']s?$", "", match["who"].strip())
        post = match.groupdict().get("post") or ""
        low = who.lower()
        if low in {"he", "she"}:
            return opening_person(match.string[: match.start("who")]) or self.person
        if low == "they":
            return self.last
        if low in {"it", *_ORG_PRONOUNS}:
            return (self._owner(match) if low not in _PAPERS else None) or self.org or self.last
        return self._named(who, post)

    def _named(self, who: str, post: str) -> Speaker | None:  # noqa: PLR0911 - one way of naming after the other
        titled = _LEADING_TITLE.match(who)
        if titled and titled["name"].split()[0] not in NOT_NAMES:
            return Speaker(re.sub(r"[’']s$", "", titled["name"]), titled["org"].strip() or org_of(post) or None)
        if re.fullmatch(CROWD, who) and not re.fullmatch(NAME, who):
            named = _FULL_NAME.search(post)
            if named:
                return Speaker(named[0], org_of(who))
            if re.search(r"spokes", who):
                owner = re.search(rf"({CAP}(?:\s+{CAP})?)\s+spokes", who)
                return Speaker(owner[1], owner[1], is_person=False) if owner and owner[1] not in NOT_NAMES else self.org
            return Speaker(who, None, is_person=False)
        words = who.split()
        while words and words[0] in NOT_NAMES:
            words = words[1:]
        if not words or not words[0][0].isupper():
            return None
        if re.match(r"I[’']", words[0]):
            return None
        while len(words) > _FULL and words[0].lower() in _TITLES:
            words = words[1:]
        tail = next((at for at, word in enumerate(words) if word in {"of", "at", "from", "for"} and at > 1), None)
        if tail and not re.search(
            r"(?:Ministry|Department|University|Institute|School|Bank|Office|Council)$", words[tail - 1]
        ):
            words = words[:tail]
        name = re.sub(r"[’']s$", "", " ".join(words))
        role = _ROLE.search(post)
        is_person = (
            bool(role)
            or post.startswith(", who ")
            or len(words) in {2, 3}
            or any(known.is_person and known.name.endswith(" " + name) for known in self.roster.full.values())
        )
        return Speaker(name, (org_of(post) if role else None) if is_person else name, is_person=is_person)

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
        ):
            return None
        return Speaker(opener[1], opener[1], is_person=False)


def introduced(text: str) -> list[Speaker]:
    """Return the persons whom the text names with their role (Jane Dorsey, CEO of Acme), in order."""
    return [
        Speaker(re.sub(r"[’']s$", "", match["name"]), org_of(match["role"]))
        for match in _POST_NAME.finditer(text)
        if match["role"] and match["name"].split()[0] not in NOT_NAMES
    ]


def recurring(text: str) -> list[Speaker]:
    """Return the persons of two or three words whose last word the text also uses alone, in order."""
    singles = Counter(match[0] for match in re.finditer(r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)?\b", text))
    full = Counter(match[1] for match in _FULL_NAMES.finditer(text))
    lasts: Counter[str] = Counter()
    for name, count in full.items():
        lasts[name.split()[-1]] += count
    return [
        Speaker(name)
        for name in full
        if not NOT_NAMES & set(name.split())
        and not _ROLE.search(name)
        and singles[name.split()[-1]] > lasts[name.split()[-1]]
    ]


def opening_person(sentence: str) -> Speaker | None:
    """Return the person of two words that a sentence begins with, or None."""
    opener = _OPENER.match(sentence)
    return Speaker(opener["who"]) if opener and not NOT_NAMES & set(opener["who"].split()) else None


def org_of(role: str) -> str | None:
    """Return the organisation that a role names (chief scientist of Acme), or None."""
    match = _ORG_IN_ROLE.search(role)
    if match is None:
        return None
    return match["org"] or match["owner"]
