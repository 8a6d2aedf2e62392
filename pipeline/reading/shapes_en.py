"""What an English name looks like: capitalised words, titles before it, and words that only look like names.

Keeps to itself the patterns of names and of the organisation that a role names; knows nothing about who has spoken.
"""

from __future__ import annotations

import re
from typing import Final

CAP: Final = r"(?:(?:[A-Z]\.){2,}|[A-Z][\w.'’&\-]*[\w&]|[A-Z]\.|[A-Z]|[a-z]{1,2}[A-Z]\w+|(?:al|el)-[A-Z]\w+)"
NAME: Final = rf"{CAP}(?:(?:(?<=Institute)|(?<=Department)|(?<=Ministry)|(?<=Center)|(?<=Council)|(?<=Committee)|(?<=Commission)|(?<=Office))\s+(?:of|for|on)\s+{CAP}(?:(?:,\s+{CAP})?\s+and\s+{CAP})?|\s+(?:of|de la|van der|van den|ibn|de|van|von|der|&|the|for|of the|al|bin|la|di|da)\s+{CAP}|\s+{CAP}){{0,6}}|{CAP}"
_TITLES: Final = [
    "chief",
    "president",
    "director",
    "professor",
    "prof",
    "founder",
    "co-founder",
    "cofounder",
    "chairman",
    "chairwoman",
    "chairperson",
    "chair",
    "head",
    "vice",
    "executive",
    "scientist",
    "researcher",
    "engineer",
    "spokesperson",
    "spokesman",
    "spokeswoman",
    "analyst",
    "author",
    "senator",
    "minister",
    "secretary",
    "lead",
    "manager",
    "officer",
    "partner",
    "investor",
    "economist",
    "commissioner",
    "lawyer",
    "attorney",
    "expert",
    "consultant",
    "lecturer",
    "fellow",
    "administrator",
    "strategist",
    "coach",
    "adviser",
    "advisor",
    "envoy",
    "ambassador",
    "governor",
    "mayor",
    "representative",
    "congressman",
    "congresswoman",
    "lawmaker",
    "general",
    "captain",
    "colonel",
    "sergeant",
    "detective",
    "prosecutor",
    "judge",
    "justice",
    "editor",
    "writer",
    "reporter",
    "correspondent",
    "columnist",
    "journalist",
    "actor",
    "actress",
    "singer",
    "host",
    "blogger",
    "activist",
    "campaigner",
    "leader",
    "deputy",
    "owner",
    "principal",
    "dean",
    "teacher",
    "doctor",
    "physician",
    "surgeon",
    "psychologist",
    "historian",
    "scholar",
    "philosopher",
    "king",
    "queen",
    "prince",
    "pope",
    "bishop",
    "pastor",
    "coordinator",
    "organizer",
    "organiser",
    "chancellor",
    "treasurer",
    "specialist",
    "developer",
    "programmer",
    "designer",
    "architect",
    "ethicist",
    "inspector",
    "entrepreneur",
    "billionaire",
    "lieutenant",
    "commander",
    "sheriff",
    "critic",
    "insider",
    "planner",
    "critic",
    "veteran",
    "candidate",
    "counsel",
    "creator",
    "evangelist",
    "maintainer",
]
PERSON_TITLE: Final = (
    r"CEO|CTO|CFO|COO|CIO|CSO|VP|SVP|EVP|MP|Dr|Mr|Mrs|Ms|Sir|Lord|Lady|Gov|Sen|Rep|Gen|Col|Capt|Lt|Sgt|Cmdr|Rev|(?i:"
    + "|".join(sorted(set(_TITLES), key=len, reverse=True))
    + r"|\w{3,12}(?:ologist|icist|ician|ographer|keeper|worker|saleswoman))"
)
IS_TITLE: Final = re.compile(rf"(?:{PERSON_TITLE})\.?")
ROLE: Final = re.compile(rf"\b(?:{PERSON_TITLE})\b")
ORG_WORD: Final = re.compile(
    r"\b(?:Inc|Corp|Ltd|Labs?|AI|Bank|Games|Group|Systems|Cloud|Alliance|Institute|University|Foundation|Council|Commission|Ministry|Agency|Association|Union|Software|Technologies|Studios?|Partners|Capital|Post|Times|Journal|Press|Weekly|College|School|Energy|Power|Water|Motors|Airlines|Rail|Health|Office|Department|Administration|Authority|Bureau|Service|Services|Center|Centre|Committee|Network|Society|Research|Holdings|Industries|Ventures|Works|Computing|Robotics|Analytics|Data|Hospital|Parliament|Senate|Congress|House|Party|Federation|Court|Board|Company|Co|News|Radio|Magazine|Reporter|Machine|Act|Chiefs|Project|Review|Securities|Fund|Trust|Club|Shelter|Street|Mojo|Nations|Kingdom|States|Wire|Insider|Army|Navy|Police|Productions|Records|Enterprises|Solutions|Networks|Media|Security|Microsystems)\b"
)
PARTICLE: Final = re.compile(r"(?i)\b(?:van|von|de|der|den|al|bin|la|le|di|da|del|ten|ter|dos|st)\b|\b[A-Z]\.?\s")
_ORG_NAME: Final = rf"(?:the\s+)?(?:[a-z\-]+\s+(?:AI\s+)?(?:firm|startup|company|lab)\s+)?(?P<org>{CAP}(?:\s+(?:of\s+|for\s+|and\s+|&\s+)?{CAP}){{0,4}})"
_ORG_AFTER: Final = tuple(re.compile(rf"\b{link}\s+{_ORG_NAME}") for link in ("(?:at|with)", "(?:of|for|from)"))
_ORG_OWNER: Final = re.compile(rf"(?P<org>{CAP}(?:\s+{CAP}){{0,2}})(?:[’']s|(?<=s)[’'])\s")
NO_ORG: Final = frozenset(
    [
        "AI",
        "IT",
        "Product",
        "Research",
        "Engineering",
        "Policy",
        "I",
        "A",
        "The",
        "He",
        "She",
        "U.S.",
        "US",
        "U.K.",
        "UK",
        "China",
        "America",
        *[
            "Shop",
            "Store",
            "Restaurant",
            "Hotel",
            "Farm",
            "Factory",
            "Opposition",
            "Energy",
            "Finance",
            "Foreign",
            "Health",
            "Defence",
            "Defense",
            "Interior",
            "Trade",
            "Labour",
            "Labor",
            "Education",
            "Justice",
            "Industry",
            "Environment",
            "Transport",
            "Security",
            "Software",
            "Business",
            "Team",
        ],
    ]
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
        "Research Data Studies Reports Everyone Nobody Nothing Something People Anyone LLM AI API Hosted Provided "
        "Given Despite Under Over Through Without Within Between Following Rather Unlike Where Which Whose Those "
        "Three Four Five Six Seven Eight Nine Ten Hundreds Thousands Millions Dozens Let Don't Don’t Watch "
        "Plus A An Thanks Yesterday Tomorrow Tonight Recently Finally Additionally Moreover Furthermore Indeed Asked Mr Mrs Ms Dr"
    ).split()
)
_PART_OF_NAME: Final = frozenset(["Prince", "Princess", "King", "Queen", "Pope", "Lord", "Lady", "Sir"])
"""Titles without which one word is no name."""
_TITLE_AND_NAME: Final = 2
_RANKS: Final = frozenset(["Prime", "Vice", "Deputy", "Press", "Assistant", "Former", "Acting", "Senior", "Foreign"])
_PORTFOLIO: Final = frozenset(["Minister", "Secretary"])
_STATE: Final = frozenset(
    [*_PORTFOLIO, "President", "Chancellor", "Ambassador", "General", "King", "Queen", "Senator", "Premier"]
)
_DEMONYM: Final = re.compile(r"(?:an|ish|ese|French|Dutch|Greek|Swiss|Czech|Thai|Israeli|Iraqi|Pakistani)$")
"""What is before an office and no organisation (Interior Minister, Afghan President)."""
_BEGINS: Final = frozenset(
    [
        "American",
        "European",
        "Chinese",
        "New",
        "Big",
        "Best",
        "Open",
        "First",
        "Second",
        "Last",
        "Next",
        "Research",
        "Data",
        "May",
        "March",
        "August",
        "Sure",
        "Most",
        "One",
        "Well",
        "Now",
    ]
)
"""Words of ``NOT_NAMES`` that begin the names of institutions, where more of the name follows."""


def words_of_name(raw: str, inside: frozenset[str]) -> list[str]:
    """Return the words of a name without what only opens the sentence; ``inside``: the pairs of capitalised words in mid-sentence."""
    words = raw.split()
    while words and words[0] in NOT_NAMES:
        pair = " ".join(words[:2])
        if (
            len(words) > 1
            and words[0] in _BEGINS
            and words[1] not in NOT_NAMES
            and (pair in inside or ORG_WORD.search(" ".join(words[1:])))
        ):
            break
        words = words[1:]
    return words


def is_capital(word: str) -> bool:
    """Tell whether a word is written as a name (also iFixit, xAI)."""
    return word[0].isupper() or any(letter.isupper() for letter in word[1:3])


def without_owner(name: str) -> str:
    """Return the name without a genitive's ending."""
    return re.sub(r"(?:[’']s|(?<=s)[’'])$", "", name)


def is_persons_name(words: list[str], common: frozenset[str]) -> bool:
    """Tell whether the words are built as a person's name; ``common``: the words that the text also writes small."""
    name = " ".join(words)
    if ORG_WORD.search(name) or words[-1].lower() in common or any(letter.isdigit() for letter in name):
        return False
    return len(words) in {2, 3} or (len(words) in {4, 5} and PARTICLE.search(name) is not None)


def parted(words: list[str]) -> tuple[list[str], str | None, bool]:
    """Return a name's words without titles and organisation before them, that organisation, and whether a title was there.

    "Acme", "chief", "Jane", "Roe" and "Acme’s", "Administrator", "Jane", "Roe" both name Jane Roe of Acme.
    """
    org = None
    owner = next((at for at, word in enumerate(words[:-1]) if re.search(r"(?:[’']s|s[’'])$", word)), None)
    last = max((at for at, word in enumerate(words[:-1]) if IS_TITLE.fullmatch(word)), default=None)
    if len(words) in {5, 6} and IS_TITLE.fullmatch(words[0]) and words[1] == "of":
        return words[3:], None, True
    if last is not None and words[last] in _PART_OF_NAME and last == len(words) - _TITLE_AND_NAME:
        return words[last:], None, True
    if last is not None and len(words) - last > 1:
        until = owner + 1 if owner is not None and owner < last else last
        before = [word for word in words[:until] if not IS_TITLE.fullmatch(word) and word not in NOT_NAMES]
        rest = words[last + 1 :]
        if not is_capital(rest[0]) or rest[0] in NOT_NAMES:
            return words, None, False
        org = without_owner(" ".join(word for word in before if word not in _RANKS)) or None
        if (
            org
            and words[last] in _STATE
            and not ORG_WORD.search(org)
            and (words[last] in _PORTFOLIO or _DEMONYM.search(org))
        ):
            org = None
        return rest, None if org in NO_ORG else org, True
    if owner is not None and len(words) - owner in {3, 4}:
        rest = words[owner + 1 :]
        if not ORG_WORD.search(" ".join(rest)) and all(is_capital(word) for word in rest):
            return rest, without_owner(" ".join(words[: owner + 1])), False
    return words, None, False


def org_of(role: str) -> str | None:
    """Return the organisation that a role names (head of research at Acme), or None."""
    for pattern in (*_ORG_AFTER, _ORG_OWNER):
        for match in pattern.finditer(role):
            org = re.sub(r"[’']s$", "", match["org"])
            if org not in NO_ORG and org.split()[0] not in NOT_NAMES - {"New", "Big", "Open", "American", "European"}:
                return org
    before = re.match(
        rf",?\s*(?:the\s+|an?\s+)?(?P<org>{CAP}(?:\s+(?:of\s+|&\s+)?{CAP}){{0,4}})\s+(?:[a-z\-]+\s+){{0,2}}?(?:{PERSON_TITLE})\b",
        role,
    )
    if (
        before
        and not ROLE.search(before["org"])
        and before["org"] not in NO_ORG
        and before["org"].split()[0] not in NOT_NAMES
    ):
        return before["org"]
    return None
