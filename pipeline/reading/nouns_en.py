"""English nouns that speak without a name: the agency, an officer, the US military, several economists.

Keeps to itself the nouns by kind: which point back to an organisation, a person or a paper that the text has named,
and which only say what kind of people speak.
"""

from __future__ import annotations

import re
from typing import Final

from pipeline.reading.shapes_en import CAP

COMPANY: Final = r"company|firm|startup|start-up|lab|group"
_ORG: Final = (
    rf"{COMPANY}|consultancy|brokerage|laboratory|federation|chamber|working group|task force|panel|supplier|vendor|provider|exchange|fund|agency|organi[sz]ation|association|commission|committee|council|bank|ministry|department|institute|union|foundation|charity|retailer|maker|\w{{2,12}}maker|giant|outlet|newspaper|magazine|broadcaster"
    r"|university|school|college|regulator|watchdog|party|league|team|club|studio|utility|operator|carrier|insurer|nonprofit|studio|airline|court|board|non-?profit|think tank|publisher|alliance|consortium|coalition|bureau|office|authority|campaign|administration|cooperative|co-op"
)
_OWN_KIND: Final = re.compile(
    r"commission|committee|council|court|ministry|department|university|school|college|bank|board|party|league|union|airline|office|bureau|campaign|administration|authority|team|club|studio|label|alliance|coalition|association|foundation|institute"
)
_PERSON: Final = (
    r"actor|actress|singer|rapper|musician|coach|author|writer|novelist|founder|co-?founder|executive|CEO|chief executive|professor|scientist|researcher|economist|investor|billionaire|entrepreneur|journalist|columnist|blogger|artist|director|player"
    r"|engineer|developer|lawyer|attorney(?! general)|analyst|strategist|activist|physicist|historian|philosopher|designer|veteran|star|comedian|chef|teacher|farmer|nurse|pioneer|ethicist|consultant|manager|chairman|chairwoman|lawmaker|senator|congressman|congresswoman|candidate"
)
_OFFICE: Final = r"attorney general|president|prime minister|minister|secretary|governor|mayor|judge|pope|king|queen|chancellor|ambassador|general|commissioner|bishop|vice president|spokesperson|spokesman|spokeswoman"
PAPER: Final = r"post|report|notice|statement|study|paper|memo|letter|filing|lawsuit|document|survey|poll|complaint|review|editorial|article|essay|ruling|declaration|manifesto|petition|press release|announcement|newsletter|blog"
_CROWD: Final = (
    r"spokesperson|spokesman|spokeswoman|experts?|critics?|researchers|analysts?|advocates|proponents|opponents|supporters|officials?|developers|executives?|people|observers|companies|economists|workers|employees|managers|residents"
    r"|authorities|police|officers?|prosecutors?|lawmakers|legislators|senators|investigators?|scientists|doctors|witness(?:es)?|sources?|insiders|organi[sz]ers|protesters|campaigners|activists|lawyers|teachers|parents|students|voters|engineers|regulators|politicians|leaders|academics|investors|founders"
    r"|military|army|navy|government|users?|commenters?|man|woman|mother|father|resident|employee|representatives?|neighbou?rs|customers|readers|reviewers|fans|scholars|historians|economist|diplomats?|aides?|commentators|skeptics|sceptics|defenders|detractors|startups|firms|vendors|governments|agencies|reporters|journalists|media|outlets|reports|colleagues|academics|programmers|farmers|nurses"
)
_NO_LINK: Final = r"(?<!\bof)(?<!\bfor)(?<!\bto)(?<!\band)(?<!\bin)(?<!\bon)(?<!\bas)(?<!\bthat)(?<!\bwith)(?<!\bby)(?<!\bat)(?<!\bfrom)(?<!\bthan)(?<!\bciting)(?<!\bsaid)(?<!\bsays)"
DEFINITE: Final = rf"[Tt]he\s+(?:(?:{CAP}|[a-z\d][\w’'\-]{{1,20}}){_NO_LINK}\s+){{0,3}}?(?:{_ORG}|{_PERSON}|{_OFFICE}|{PAPER})(?![\w’'\-])"
CROWD: Final = (
    r"(?:(?:[Aa]|[Aa]n|[Tt]he|[Oo]ne|[Tt]wo|[Tt]hree|[Tt]he company[’']s|[Tt]he firm[’']s|[Ii]ts|[Hh]is|[Hh]er|[Tt]heir|[Ss]ome|[Mm]any|[Oo]ther|[Ss]everal|[Mm]ost|[Ii]ndustry|[Ff]ormer)\s+)?"
    rf"(?:{CAP}{_NO_LINK}\s+){{0,5}}?(?:(?!(?:though|when|while|as|if|because|but|since|where|after|before|until|once|and|or|that|than|said|says)\b)[a-z\-]{{1,24}}{_NO_LINK}\s+){{0,2}}?(?:{_CROWD})(?:\s+(?:{_CROWD}))?(?![\w’'\-])"
)
_SPLIT: Final = re.compile(
    rf"[Tt]he\s+(?P<before>.*?)\s*(?P<noun>(?P<org>{_ORG})|(?P<person>{_PERSON})|(?P<office>{_OFFICE})|(?P<paper>{PAPER}))$"
)


def names_itself(noun: str) -> bool:
    """Tell whether the noun (*the commission*) is never said of an organisation of another kind."""
    return _OWN_KIND.fullmatch(noun) is not None


def kind_of(phrase: str) -> tuple[str, str, str] | None:
    """Return the kind (org, person, office or paper), the noun and what stands between *the* and it; None: no such phrase."""
    match = _SPLIT.match(phrase)
    if match is None:
        return None
    kind = next(name for name in ("org", "person", "office", "paper") if match[name])
    return kind, match["noun"], match["before"]
