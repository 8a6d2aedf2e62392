"""Who says an English sentence by its words: a verb of speech with its subject, a view, and through which medium.

Keeps to itself the orders that subject, apposition, adverbs and verb come in, and what only looks like a subject.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.reading.media_en import MEDIUM, is_medium
from pipeline.reading.nouns_en import CROWD, DEFINITE
from pipeline.reading.shapes_en import CAP, NAME, PERSON_TITLE
from pipeline.reading.speakers_en import OWNED, PRONOUN, Heard
from pipeline.reading.trailing_en import LEAST, OTHERS, PERSONS, SIGN
from pipeline.reading.verbs_en import ADVERB, IS_ACT, SAY, SPEECH

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.placing_en import Places
    from pipeline.reading.sentences import Span
    from pipeline.reading.speakers import Speaker

_VERB_FINDER: Final = ahocorasick_rs.AhoCorasick(sorted({re.split(r"[\[(]", verb)[0] for verb in SAY.split("|")}))
"""Finds all verbs of a text in one pass, each up to where its spelling varies."""
_VERB: Final = re.compile(rf"(?:{SAY})\b")
_WHO: Final = rf"{PRONOUN}\b|{OWNED}|{DEFINITE}|{CROWD}|(?:{NAME})"
_POST: Final = (
    r",\s(?:[^,.;:\n\ue001]|(?<=[^A-Za-z][A-Z])\.|\.(?=\w)){3,160},|,\s(?:an?|the|who|whose|chief|senior|head|director|professor|co-?founder|founder|president)\s[^.;:\n\ue001]{3,220},|\s+\([^()]{2,60}\)|\s*[—–]\s*[^—–;\n\ue001]{3,200}[—–]"
    r"|\s+(?:of|at|from|with|in|for|by)\s+(?:the\s+)?[^,.;:\n\ue001]{2,60}?|,\s+who|,"
)
_SUBJECT_VERB: Final = re.compile(
    rf"(?<![\w'’])(?P<who>{_WHO})(?P<post>{_POST})?(?:,\s+(?:however|meanwhile|too|though|in turn|for (?:his|her|its) part),)?(?:\s+(?:{ADVERB}),?){{0,3}}\s+(?P<verb>{SAY})\b(?P<to>\s+(?:{CAP}|reporters|me|us|them|the [A-Z]\w+|that|in [^,.]{{3,40}}? that|on [A-Z]\w+ that))?"
)
_VERB_SUBJECT: Final = re.compile(
    rf"\b(?P<verb>{SAY})\s+(?P<who>{PRONOUN}\b|{OWNED}|{DEFINITE}|(?:(?:[A-Z]\w+\s+)?(?:{PERSON_TITLE})\.?\s+)*(?:{NAME})|{CROWD}|(?:(?!(?:that|to|on|in|for|of|with|if|how|what|as|at|by|from|and|but|it|there|when|whether|about)\b)[a-z][\w\-]+\s+){{1,4}}?(?:{NAME}))(?P<post>,\s[^.;:\n“”\"]{{3,120}}|\s+(?:of|at|from)\s+[^,.;:\n“”\"]{{2,60}})?"
)
_PLACED: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:\w{{1,20}}ed|{SAY})\s+(?:[\w\-’']{{1,24}}\s+){{0,4}}?(?P<who>{CAP}\s+{CAP}(?:\s+{CAP})?)(?P<post>(?:,[^.]{{0,60}})?)[.]?$"
)
_PLACED_AFTER: Final = re.compile(
    rf"[,\ue001”\"’?!]\s+(?:was\s+)?(?:[\w\-’']{{1,24}}\s+){{0,4}}?(?P<who>{CAP}\s+{CAP}(?:\s+{CAP})?)(?P<post>)(?:[’']s\s+\w+|\s+\w+(?:ed|s)\b)(?:\s+\w+){{0,4}}[.]?$"
)
_OPENS: Final = re.compile(
    rf"(?:[A-Z][a-z]+ (?:about|for|on) [^,]{{2,40}}, )?(?P<who>{CAP}\s+{CAP})(?P<post>,\s[^:\ue001]{{3,90}},)?[^:\ue001]{{0,80}}:\s*[“\"]?\ue001"
)
_ACCORDING: Final = re.compile(
    rf"(?:\b|^)(?:[Aa]ccording to|[Ii]n the (?:view|words|opinion|eyes|mind) of|[Tt]o hear|(?:^|(?<=[,;—] )|(?<=But )|(?<=And )|(?<=Yet )|(?<=But, ))(?P<loose>[Ff]or))\s+(?P<who>{OWNED}|{DEFINITE}|{CROWD}|(?:(?:the|an?)\s+)?(?:[a-z][\w\-]+\s+){{0,3}}?(?:{NAME}))(?P<post>,\s[^,.;:\n]{{3,160}},?|\s+(?:of|at|from)\s+[^,.;:\n]{{2,60}})?,?\s*"
)
_FOR: Final = re.compile(rf"\bfor\s+(?P<who>{CROWD}|{NAME})(?P<post>),\s")
_TELLING: Final = re.compile(
    rf"\b[Ii]n\s+(?:(?P<who>{NAME})[’']s?|(?P<whose>his|her|their|its))\s+(?:telling|view|opinion|words|eyes|mind|account),?\s*"
)
_VIEWED: Final = re.compile(
    r"[AaIiTtFf](?:ccording to|n the (?:view|words|opinion|eyes|mind) of|o hear|or\s|n\s)|[’']s?\s(?:[a-z\-]+\s){0,2}?(?:view|position|argument|message|verdict|answer|stance|conclusion|advice|warning|belief|point|reply|response)\s"
)
"""What ``_ACCORDING`` or ``_TELLING`` need."""
_VIA: Final = re.compile(
    rf"\b(?:told|tells|to|with|via|by|from|cited by|quoted by|reported by)\s+(?:the\s+|broadcaster\s+|news\s?(?:paper|agency)\s+)?(?P<via>{MEDIUM})(?![\w’'])(?!\s[a-z]+s?\b)"
)
"""Names the medium that a speaker spoke to."""
_PREPOSITION: Final = re.compile(
    r"\b(?:of|at|in|for|from|by|with|to|on|into|inside|near|behind|than|like|through|within|against|about|over|under)\s+$|[’']s\s+$"
)
_BEFORE_VERB: Final = frozenset(',\ue001”"’.?!')
_EARLY: Final = 5
"""Up to here *in her view* opens the sentence (But in her view)."""
_BOTH: Final = re.compile(
    rf"\baccording to\s+(?P<first>{NAME})(?:,\s[^.;:\n]{{3,160}}?,?|,)?\s+and\s+(?P<who>{NAME})(?P<post>,\s[^.;:\n]{{3,160}})?[.]?$"
)
"""According to two persons, each with a role."""
_OWN_VIEW: Final = re.compile(
    rf"(?:But |And |Yet )?(?P<who>{NAME})[’']s?\s(?:[a-z\-]+\s){{0,2}}?(?:view|position|argument|message|verdict|answer|stance|conclusion|advice|warning|belief|point|reply|response)\s(?:on [^:,.]{{3,40}}?\s)?(?:is|was|remains|has been)\b"
)
"""Tells somebody's view by name (X’s verdict was …)."""
_LATER_VERB: Final = re.compile(
    rf"(?:,\s+(?:saying|arguing|adding|noting|claiming|warning|insisting|stating|explaining|suggesting|telling\s\w+)|\band\s+(?:{ADVERB}\s+)?(?P<verb>{SPEECH}))\s+(?:that|there|it|he|she|they|we|the|its|his|her|reporters)\b"
)
"""What the subject of the sentence says after it has done something else."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """The words that tell who says a sentence: who, where they stand, their verb (empty for a view), the medium between."""

    speaker: Speaker
    at: Span
    verb: str
    via: str | None = None


class Frames:
    """The frames of one text's sentences."""

    def __init__(self, text: str, heard: Heard, places: Places, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw text, who has been heard so far, whom sentences are about, and what tells whether a span names a side."""
        self.heard = heard
        self.places = places
        self.mentions_in = mentions_in
        self._verbs = sorted(
            start
            for _, start, _ in _VERB_FINDER.find_matches_as_indexes(text, overlapping=True)
            if (not start or not text[start - 1].isalnum()) and _VERB.match(text, start)
        )

    def find(self, blanked: str, span: Span, *, about: bool, fills: bool) -> Frame | None:
        """Return the frame of a sentence (``blanked``: its quotes blanked); None: nobody is named.

        ``about``: the paragraph has named a side by here; ``fills``: quotes make up most of the sentence. Where neither
        holds, only verbs of speech show a speaker.
        """
        view = self._view(blanked, span[0], about=about) if _VIEWED.search(blanked) else None
        told = None
        if self._holds_verb(span) and not (view and view.speaker.is_person):
            told = self._told(blanked, span, about=about or fills)
        if view and told and is_medium(view.speaker.name) and not is_medium(told.speaker.name):
            return replace(told, via=view.speaker.name)
        found = view or told
        if found:
            return replace(found, via=found.via or medium_in(blanked, found.speaker))
        return self._later(blanked, span) or (self._loose(blanked, span[0], fills=fills) if about or fills else None)

    def trailing(self, blanked: str, span: Span) -> Frame | None:
        """Return the frame that ends a sentence (..., said its lawyer, Ann Lee); None: it does not end so."""
        if not SIGN.search(blanked, LEAST):
            return None
        for pattern in (*PERSONS, OTHERS):
            match = pattern.search(blanked, LEAST)
            if match is None:
                continue
            speaker = self.heard.with_post(match) if pattern is not OTHERS else self._known(match, blanked, span)
            if speaker is not None:
                at = (span[0] + match.start() + 1, span[0] + match.end())
                return Frame(speaker=speaker, at=at, verb=match["verb"], via=medium_in(blanked, speaker))
        return None

    def _known(self, match: re.Match[str], text: str, span: Span) -> Speaker | None:
        speaker = self.heard.speaker(match)
        if speaker is None or (match["who"][0].islower() and not self._speaks(match, text, span)):
            return None
        return speaker

    def both(self, blanked: str) -> tuple[Speaker, ...]:
        """Return the two speakers of *according to A, a role, and B, a role*; empty: not such a sentence."""
        match = _BOTH.search(blanked) if "ccording to" in blanked else None
        if match is None:
            return ()
        first = _ACCORDING.search(blanked, match.start())
        named = (self.heard.speaker(first) if first else None, self.heard.speaker(match))
        return tuple(one for one in named if one and one.is_person) if all(named) else ()

    def _later(self, blanked: str, span: Span) -> Frame | None:
        """Return the frame of a subject that does something and then says (… met her and noted that …)."""
        later = _LATER_VERB.search(blanked) if self._holds_verb(span) else None
        head = self.places.head(span, blanked) if later else None
        if later is None or head is None:
            return None
        return Frame(speaker=head.speakers[0], at=(span[0], span[0] + later.end()), verb=later["verb"] or "")

    def _loose(self, blanked: str, offset: int, *, fills: bool) -> Frame | None:
        """Return the frame that only the place of a name shows."""
        loose = _FOR.search(blanked)
        if loose and (speaker := self.heard.speaker(loose)):
            return Frame(speaker=speaker, at=(offset + loose.start(), offset + loose.end()), verb="")
        placed = (
            _PLACED.search(blanked)
            or _PLACED_AFTER.search(blanked)
            or (_OPENS.match(blanked) if fills or "\ue001" in blanked else None)
        )
        speaker = self.heard.speaker(placed) if placed else None
        if placed is None or speaker is None:
            return None
        return Frame(speaker=speaker, at=(offset + placed.start("who"), offset + placed.end()), verb="")

    def _view(self, text: str, offset: int, *, about: bool) -> Frame | None:
        """Return in whose view a sentence is told (according to X), and where that phrase stands."""
        for pattern in (_TELLING, _ACCORDING, _OWN_VIEW):
            match = pattern.match(text) if pattern is _OWN_VIEW else pattern.search(text)
            if match is None:
                continue
            groups = match.groupdict()
            if (match.start() > _EARLY and groups.get("whose")) or (groups.get("loose") and not about):
                continue
            if speaker := self.heard.speaker(match):
                return Frame(speaker=speaker, at=(offset + match.start(), offset + match.end()), verb="")
        return None

    def _told(self, text: str, span: Span, *, about: bool) -> Frame | None:
        """Return who speaks by the first verb of speech that has a subject; a medium only where nobody speaks in it."""
        found: list[Frame] = []
        for pattern in (_SUBJECT_VERB, _VERB_SUBJECT):
            begin = 0
            while match := pattern.search(text, begin):
                # What no speaker is found in may hide one that begins later.
                begin = match.end("who")
                if pattern is _VERB_SUBJECT and text[: match.start()].rstrip()[-1:] not in _BEFORE_VERB:
                    continue
                if (
                    not about
                    and IS_ACT.match(match["verb"])
                    and not (match.groupdict().get("to") or "").endswith("that")
                ):
                    continue
                if match["post"] == "," and not text[: match.start()].endswith(", "):
                    continue
                speaker = self.heard.speaker(match)
                if speaker is None or (match["who"].split()[-1].islower() and not self._speaks(match, text, span)):
                    continue
                at = (span[0] + match.start(), span[0] + match.end())
                found.append(Frame(speaker=speaker, at=at, verb=match["verb"]))
                if not is_medium(speaker.name):
                    break
        if not found:
            return None
        found.sort(key=lambda one: one.at[0])
        first = found[0]
        inner = next((one for one in found if not is_medium(one.speaker.name)), first)
        return replace(inner, via=first.speaker.name) if inner is not first else first

    def _speaks(self, match: re.Match[str], text: str, span: Span) -> bool:
        """Tell whether a phrase without a name (the bank, users) is who speaks.

        Not where it is what the debate is about, stands after a preposition, or only acts beside somebody with a name.
        """
        who = (span[0] + match.start("who"), span[0] + match.end("who"))
        if match["who"].lower() in {"he", "she", "they", "it"}:
            return True
        if self.mentions_in(*who):
            return False
        if match.re is _SUBJECT_VERB and _PREPOSITION.search(text, max(0, match.start() - 12), match.start()):
            return False
        return not (IS_ACT.match(match["verb"]) and match.start() and self.places.head(span, text))

    def _holds_verb(self, span: Span) -> bool:
        """Tell whether the letters of a verb of speech stand in the sentence; its frames are slow to look for."""
        at = bisect_left(self._verbs, span[0])
        return at < len(self._verbs) and self._verbs[at] < span[1]


def medium_in(blanked: str, speaker: Speaker) -> str | None:
    """Return the medium that a sentence says the speaker spoke to, or None."""
    via = _VIA.search(blanked)
    return via["via"] if via and via["via"] != speaker.name else None
