"""Whom an English sentence is about when no speech verb tells: whom it begins with, lists of names, and its last clause.

Keeps to itself what a subject looks like with its titles, and which verbs show that a word before them is a subject.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.reading.shapes_en import (
    CAP,
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
from pipeline.reading.speakers import Speaker
from pipeline.reading.speakers_en import Heard, is_surname, known_tail
from pipeline.reading.verbs_en import SPEECH

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.sentences import Span

_ONE: Final = (
    rf"{CAP}(?:\s+(?:of|de|van|von|der|al|for|of the|de la|van der|van den|bin|ibn|la|di|da)\s+{CAP}|\s+{CAP}){{0,4}}"
)
_ROLE: Final = (
    rf"(?:(?:[Tt]he|[Aa]n?|[Oo]ur|[Ii]ts|[Bb]oth)\s+)?(?:{CAP}(?:[’']s)?\s+){{0,3}}?(?:[\w\-]+[’']?s?\s+){{0,5}}?"
)
_POST: Final = r"(?:,\s(?!and\b)[^,;:\n“”\"]{3,90}(?:,\s(?:and|who|which)?[^,;:\n“”\"]{3,60})?,|\s+\([^()]{2,60}\)|\s*[—–]\s*[^—–:;\n“”\"]{3,140}[—–]|\s+(?:of|at|from)\s+(?:the\s+)?[^,;:\n“”\"]{3,50}?)?"
_AUX: Final = (
    r"has|have|had|is|are|was|were|will|would|can|could|should|must|may|might|does|do|did|wants?|says?|thinks?|warns?|believes?|calls?|went|gave|gives|took|takes|put|puts|came|told|said|made|makes|let|lets|"
    r"met|sat|rose|drew|grew|knew|heard|found|thought|brought|fought|sent|spent|set|hit|quit|broke|drove|flew|struck|bought|meant|withdrew|became|understood|kept|keeps|sees|saw|left|held|holds|stood|stands|chose|bet|bets|swore|swears|sold|sells|built|runs|ran|fell|won|lost|tore|threw|shut|cut|began|wrote|writes|led|paid|pays|spoke|laughs|fears?|likes?|argues?"
)
_VERB: Final = rf"(?:(?:{_AUX})\b|[a-z]{{3,}}(?:ed|es|s)\b)"
_OPENER: Final = re.compile(
    r"(?:(?:On \w+|In \w+|By \w+|Last \w+|(?:At|Once|After|In|On|With|Asked|Long|Having|Unlike|Like|When|While|As|Since|For|Despite) [^,\ue001]{2,60}),\s+"
    r"|(?:But|And|Yet|Still|So|Then|Meanwhile|However|Today|Now|Later|Earlier|Instead),?\s+)?"
)
_HEAD: Final = re.compile(
    rf"(?P<role>{_ROLE})(?P<who>{_ONE}(?:,\s{_ONE}){{0,3}}(?:,?\s(?:and|&)\s(?:{_ROLE})??{_ONE})?)(?P<post>{_POST})\s+(?:(?:both|all|also|then|now|still|has|have|\w+ly|never|once|just)\s+){{0,2}}(?P<verb>{_VERB})"
)
_TAIL: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:was the \w+ of|(?!was\b)\w+(?:ed|s)|{_AUX})\s+(?P<role>(?:[\w\-’']{{1,24}}\s+){{0,6}}?)(?P<who>{CAP}\s+{CAP}(?:\s+{CAP})?)(?P<post>(?:,\s(?!though|but|because|although|and|while|since)[^.;\ue001“”\"]{{0,60}})?)(?=[.;:]|,|\s+(?:on|in|at|of|to|told|about|after|during)\b[^.;]{{0,50}}[.;]?|$)"
)
_TAIL_AFTER: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?P<role>(?:[\w\-’']{{1,24}}\s+){{0,6}}?)(?P<who>{CAP}\s+{CAP}(?:\s+{CAP})?)(?P<post>)\s+(?:{_VERB})(?:\s+[\w’'\-]+){{0,6}}[.]?$"
)
_VIEW: Final = re.compile(
    rf"(?:[Ii]n the \w+ of|[Tt]o|[Ff]or|[Bb]y|[Ii]n|[Ff]rom the (?:standpoint|viewpoint|perspective) of|[Aa]s far as)\s+(?P<role>(?:[\w\-]+\s+){{0,5}}?)(?P<who>{CAP}(?:\s+{CAP}){{1,2}})(?:[’']s? (?:view|book|eyes|opinion|judg(?:e)?ment|mind|telling|words|account|reckoning|estimation|experience))?(?P<post>(?:\s+(?:of|at)\s+[^,]{{2,40}}|,\s[^,]{{3,60}}|\s(?:is|was) concerned)?),\s"
)
_LINKS: Final = re.compile(
    r"\b(?:as|that|which|who|and|but|like|with|from|to|for|by|in|on|at|than|while|where|when|the|its|their|his|her)\b"
)
_SAYS: Final = re.compile(rf"\b(?:{SPEECH})\b")
_PLACES: Final = frozenset(
    [
        "America",
        "China",
        "US",
        "U.S.",
        "USA",
        "Europe",
        "Britain",
        "UK",
        "India",
        "Japan",
        "Germany",
        "France",
        "Russia",
        "PRC",
        "Beijing",
        "Washington",
        "Silicon Valley",
        "Wall Street",
        "London",
        "Hong Kong",
        "New York",
        "United States",
        "United Kingdom",
        "Taiwan",
        "Tokyo",
        "Paris",
        "Brussels",
        "Android",
        "Africa",
        "Asia",
        "Internet",
        "LLaMa",
        "Llama",
        "Linux",
        "GitHub",
        "ChatGPT",
        "GPT",
    ]
)
"""Capitalised words that act in sentences without speaking."""
_PART_OF_INSTITUTION: Final = re.compile(r"[A-Z]\w+\s+(?:on|for|of)\s+$")
_FORMER: Final = re.compile(r"\b[Tt]he (?P<which>former|latter)\b")
_FULL: Final = re.compile(rf"(?P<role>)(?P<who>{CAP}\s+{CAP})(?P<post>)")
_PAIR: Final = re.compile(
    rf"(?P<one>{_ONE})(?:,[^,.]{{3,60}},)?\s+(?:and|versus|or|but)\s+(?:{_ROLE})??(?P<two>{_ONE})"
)


@dataclass(frozen=True, slots=True)
class Head:
    """The speakers that a sentence begins with, and where its verb begins."""

    speakers: tuple[Speaker, ...]
    end: int


class Places:
    """Whom the sentences of one text are about."""

    def __init__(self, text: str, heard: Heard, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw text, who has been heard so far, and what tells whether a span names a side."""
        self.text = text
        self.heard = heard
        self.mentions_in = mentions_in
        self._heads: dict[tuple[Span, str], Head | None] = {}
        self._inside = {match[1] for match in re.finditer(rf"[a-z,]\s({CAP})\b", text)}

    def head(self, span: Span, blanked: str) -> Head | None:
        """Return whom the sentence (``blanked``: its quotes blanked) begins with; None: nobody named."""
        if (span, blanked) not in self._heads:
            self._heads[span, blanked] = self._find_head(span, blanked)
        return self._heads[span, blanked]

    def _find_head(self, span: Span, blanked: str) -> Head | None:
        opener = _OPENER.match(blanked)
        for at in dict.fromkeys((opener.end() if opener else 0, 0)):
            match = _HEAD.match(blanked, at)
            if match is None:
                continue
            speakers = self._listed(match, span[0])
            if speakers:
                return Head(speakers, span[0] + match.start("verb"))
        return None

    def _listed(self, match: re.Match[str], offset: int) -> tuple[Speaker, ...]:
        if _PART_OF_INSTITUTION.search(match["role"]) or match["role"].startswith("According"):
            return ()
        joined = re.fullmatch(r"(?P<one>[^,]+) and (?P<other>[^,]+)", match["who"])
        if joined and ORG_WORD.search(joined["other"]) and not ORG_WORD.search(joined["one"]):
            name = match["who"].removeprefix("The ")
            return () if name.split()[0] in NOT_NAMES else (Speaker(name, name, is_person=False),)
        found: list[Speaker] = []
        at = match.start("who")
        for part in re.split(r"(,\s(?:and\s)?|\s(?:and|&)\s)", match["who"]):
            if not re.fullmatch(r",\s(?:and\s)?|\s(?:and|&)\s", part):
                if re.match(rf"(?:{PERSON_TITLE})\s+of\s", part) and part != match["who"]:
                    at += len(part)
                    continue
                one = self._one(part, offset + at, match)
                if one is None:
                    return ()
                found.append(one)
            at += len(part)
        return tuple(found)

    def _one(self, raw: str, at: int, match: re.Match[str]) -> Speaker | None:
        words = raw.split()
        while words and not is_capital(words[0]):
            words = words[1:]
        if len(words) > 1 and words[0] == "The":
            words = words[1:]
        link = next((place for place, word in enumerate(words) if word in {"of", "for"} and place > 1), None)
        if link and not ORG_WORD.search(words[link - 1]):
            words = words[:link]
        if (
            not words
            or words_of_name(" ".join(words), self.heard.inside) != words
            or " ".join(words) in _PLACES
            or raw.endswith(("’s", "'s", "s’"))
            or re.match(r"\w{1,5}[’'](?:ve|ll|re|d|m|t|s)\b", words[0])
            or self.mentions_in(at, at + len(raw))
        ):
            return None
        role = match.groupdict().get("role") or ""
        words, org, titled = parted([*words])
        titled = titled or ROLE.search(f"{role} {match['post'] or ''}") is not None
        words, org = known_tail(self.heard.roster, words, org)
        name = without_owner(" ".join(words))
        known = len(words) == 1 and is_surname(self.heard.roster, name)
        if (
            len(words) == 1
            and not titled
            and not known
            and words[0].lower() in self.heard.common
            and not words[0].isupper()
        ):
            return None
        if len(words) == 1 and not titled and not known and words[0] not in self._inside and len(self.text) > 300:
            return None
        is_person = (
            titled
            or known
            or (
                is_persons_name(words, self.heard.common)
                and not role.strip().lower().endswith(("of", "firm", "company", "startup", "maker", "lab", "group"))
            )
        )
        if titled:
            org = org or org_of(match["post"] or "") or _org_in(role)
        return Speaker(name, org if is_person else name, is_person=is_person)

    def tail(self, span: Span, blanked: str, *, only_speech: bool) -> tuple[Speaker, int, int] | None:
        """Return who is named after what they say, and where that clause begins and ends; None: nobody.

        ``only_speech``: a verb that does not tell of speech shows nobody.
        """
        for pattern in (_TAIL, _TAIL_AFTER):
            match = pattern.search(blanked)
            if match is None or match.start() < 12 or _LINKS.search(match["role"]):
                continue
            if blanked.startswith("According to") and "," not in blanked[: match.start()]:
                continue
            told = blanked[match.start() : match.start("who")]
            says = _SAYS.search(told) or _SAYS.search(blanked, match.end("who"), match.end())
            shown = (
                says
                or re.search(r"[a-z]{3}", match["role"])
                or (not only_speech and "\ue001" in blanked[: match.start() + 1])
            )
            if shown and (one := self._one(match["who"], span[0] + match.start("who"), match)):
                return one, span[0] + match.start() + 1, span[0] + match.end()
        return None

    def before_colon(self, span: Span, blanked: str) -> Speaker | None:
        """Return the last person named before a colon and a quote, or None."""
        colon = re.search(r":\s*[“\"‘]?\ue001", blanked)
        if colon is None:
            return None
        found = None
        for match in _FULL.finditer(blanked, 0, colon.start()):
            if not NOT_NAMES & set(match["who"].split()):
                found = self._one(match["who"], span[0] + match.start("who"), match) or found
        return found

    def view(self, span: Span, blanked: str) -> tuple[Speaker, int] | None:
        """Return in whose view the sentence is told, and where that phrase ends; None: nobody's."""
        match = _VIEW.match(blanked)
        if match is None or (
            match[0].split()[0] in {"By", "In", "For"}
            and not match["role"]
            and "’" not in match[0]
            and "'" not in match[0]
            and "the" not in match[0]
        ):
            return None
        one = self._one(match["who"], span[0] + match.start("who"), match)
        return (one, span[0] + match.end()) if one else None

    def former(self, span: Span) -> list[tuple[Speaker, Span]]:
        """Return the former and the latter with the clause that tells of each."""
        marks = list(_FORMER.finditer(self.text, *span))
        if not marks:
            return []
        pairs = list(_PAIR.finditer(self.text, max(0, span[0] - 400), marks[0].start()))
        if not pairs:
            return []
        names = [pairs[-1]["one"], pairs[-1]["two"]]
        found = []
        for mark, after in zip(marks, [*marks[1:], None], strict=True):
            words = [word for word in names[mark["which"] == "latter"].split() if word not in NOT_NAMES]
            stop = after.start() if after else span[1]
            if words:
                name = " ".join(words)
                found.append((Speaker(name, None, is_person=len(words) > 1), (mark.start(), stop)))
        return found


def _org_in(role: str) -> str | None:
    """Return the organisation whose name opens a role before a name (Tideline analyst …)."""
    match = re.match(rf"(?:[Tt]he\s+)?((?:{CAP}\s+)+)", role)
    if match is None:
        return None
    words = [word for word in match[1].split() if word not in NOT_NAMES and not re.fullmatch(PERSON_TITLE, word)]
    org = without_owner(" ".join(words))
    return None if org in NO_ORG else org or None
