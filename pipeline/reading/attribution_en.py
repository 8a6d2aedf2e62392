"""Who says what in English text: speech verbs, quotes, turns of an interview, and what carries over.

Keeps to itself the verbs, what a name with its titles looks like, and the orders they come in.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

import ahocorasick_rs

from pipeline.model import Attribution
from pipeline.reading.attribution import Utterance
from pipeline.reading.media_en import MEDIUM, is_medium
from pipeline.reading.nouns_en import CROWD, DEFINITE
from pipeline.reading.placing_en import Places
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.shapes_en import CAP, NAME, PERSON_TITLE, ROLE
from pipeline.reading.speakers import Roster, Speaker
from pipeline.reading.speakers_en import (
    OWNED,
    PRONOUN,
    Heard,
    holders,
    introduced,
    opening_person,
    pairs_inside,
    recurring,
    words_written_small,
)
from pipeline.reading.turns import Turn, find_turns
from pipeline.reading.verbs_en import ADVERB, IS_ACT, SAY, SPEECH, STANCE

if TYPE_CHECKING:
    from collections.abc import Callable

_VERB: Final = re.compile(rf"(?:{SAY})\b")
_FRAME_HEAD: Final = re.compile(
    rf"[a-z]|(?:{SPEECH})\s|(?:{DEFINITE}|{CROWD}|{NAME}|{PRONOUN})\s+(?:{ADVERB}\s+){{0,2}}(?:{SPEECH})\b"
)
"""Begins the sentence that only says who said the quote before it."""
_VERB_FINDER: Final = ahocorasick_rs.AhoCorasick(sorted({verb.split("[")[0] for verb in SAY.split("|")}))
"""Finds all verbs of a text in one pass, each up to where its spelling varies."""
_WHO: Final = rf"{PRONOUN}\b|{OWNED}|{DEFINITE}|{CROWD}|(?:{NAME})"
_POST: Final = (
    r",\s[^,.;:\n\ue001]{3,160},|,\s(?:an?|the|who|whose|chief|senior|head|director|professor|co-?founder|founder|president)\s[^.;:\n\ue001]{3,220},|\s+\([^()]{2,60}\)|\s*[—–]\s*[^—–;\n\ue001]{3,200}[—–]"
    r"|\s+(?:of|at|from|with|in|for)\s+(?:the\s+)?[^,.;:\n\ue001]{2,60}?|,(?:\s+who)?"
)
_SUBJECT_VERB: Final = re.compile(
    rf"(?<![\w'’])(?P<who>{_WHO})(?P<post>{_POST})?(?:,?\s+(?:{ADVERB}),?){{0,3}}\s+(?P<verb>{SAY})\b(?P<to>\s+(?:{CAP}|reporters|me|us|them|the [A-Z]\w+|that|in [^,.]{{3,40}}? that|on [A-Z]\w+ that))?"
)
_VERB_SUBJECT: Final = re.compile(
    rf"\b(?P<verb>{SAY})\s+(?P<who>{PRONOUN}\b|{OWNED}|{DEFINITE}|(?:(?:[A-Z]\w+\s+)?(?:{PERSON_TITLE})\.?\s+)*(?:{NAME})|{CROWD}|(?:[a-z][\w\-]+\s+){{1,4}}?(?:{NAME}))(?P<post>,\s[^.;:\n“”\"]{{3,120}}|\s+(?:of|at|from)\s+[^,.;:\n“”\"]{{2,60}})?"
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
_VIEWED: Final = re.compile(r"[AaIiTtFf](?:ccording to|n the (?:view|words|opinion|eyes|mind) of|o hear|or\s|n\s)")
"""What ``_ACCORDING`` or ``_TELLING`` need."""
_VIA: Final = re.compile(
    rf"\b(?:told|tells|to|with|via|by|from|quoted by|reported by)\s+(?:the\s+|broadcaster\s+|news\s?(?:paper|agency)\s+)?(?P<via>{MEDIUM})(?![\w’'])(?!\s[a-z]+s?\b)"
)
"""Names the medium that a speaker spoke to."""
_HEADING: Final = re.compile(r"[^.?!:;”\"’')]$")
_LABEL_LINE: Final = re.compile(rf"(?P<who>{CAP}(?:\s+{CAP}){{1,3}}),\s(?P<post>[^.;:\n“”\"]{{3,120}})$")
_LOWER_NEXT: Final = re.compile(r"\s*[a-z]")
_BEFORE_VERB: Final = frozenset(',\ue001”"’.?!')
_CONTINUES: Final = re.compile(r"(?:And|But|So|It|This|That|They|These|If|Because|Instead|Also|Therefore|Thus|I|We)\b")
_INTRODUCES: Final = re.compile(
    r"(?i)\bhere(?:[’']s| is) (?:what|how)\b[^.]*\.$|\b(?:said|wrote|writes|says|statement|follows|memo|post)\b[^.:]{0,60}:$"
)
_SHORT: Final = 15
_EARLY: Final = 5
"""Up to here *in her view* opens the sentence (But in her view)."""
_MOST_CARRIED: Final = 1
_NEAR: Final = 1
"""A quote that nobody is named for is the last speaker's up to so many paragraphs later."""
_HALF: Final = 0.55
"""A line without a stop of which so many words have capitals is a heading."""


class EnglishReader:
    """Reads one text; make a new one for the next."""

    def __init__(self, text: str, folded: str, roster: Roster, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw and the folded text, the roster to fill, and what tells whether a span names a side."""
        self.text = text
        self.folded = folded
        self.roster = roster
        self.mentions_in = mentions_in
        self.heard = Heard(
            roster=roster, inside=pairs_inside(text), common=words_written_small(text), offices=holders(text)
        )
        self.unit = 0
        self.found: list[Utterance] = []
        self._line = self._spoken = 0
        """The number of the paragraph, headings not counted, and of the last in which somebody spoke."""
        self._begin = 0
        self._via: str | None = None
        self.places = Places(text, self.heard, mentions_in)
        self._verbs = sorted(start for _, start, _ in _VERB_FINDER.find_matches_as_indexes(text, overlapping=True))

    def read(self) -> list[Utterance]:
        """Return the utterances in order; sentences that nobody is named for are the author's."""
        for known in (*introduced(self.text), *recurring(self.text, self.heard.common)):
            self.roster.add(known)
        lines = list(paragraphs(self.folded))
        turns, is_talk = find_turns(self.text, lines, trusts_latin=False)
        turn: Speaker | None = None
        in_turn = speech_block = False
        for at, line in enumerate(lines):
            self.unit += 1
            if is_talk and at in turns:
                turn, in_turn = self._turn_speaker(turns[at]), True
                self._turn(turn, (turns[at].content, line[1]))
            elif in_turn:
                self._turn(turn, line)
            elif (
                speech_block
                and self.heard.person
                and re.search(r"\b(?:I|we|our|my)\b", self.text[slice(*line)], re.IGNORECASE)
            ):
                self._turn(self.heard.person, line)
            else:
                self._paragraph(line)
                speech_block = bool(_INTRODUCES.search(self.text[slice(*line)]))
        return self.found

    def _turn_speaker(self, turn: Turn) -> Speaker | None:
        if turn.name == "":
            return self.heard.person or next((one for one in self.roster.full.values() if one.is_person), None)
        return Speaker(turn.name, turn.org) if turn.name else None

    def _turn(self, speaker: Speaker | None, span: Span) -> None:
        span = trimmed(self.folded, span)
        if speaker is not None and span[0] < span[1]:
            self.heard.meet(speaker)
            for start, end in sentences(self.text, span):
                self._say(speaker, start, end, Attribution.DIRECT)

    def _is_heading(self, line: Span) -> bool:
        """Tell whether a line is a heading: no stop at its end, and most words with capitals."""
        words = [word for word in self.text[slice(*line)].split() if len(word) > 3]
        return (
            len(words) > 1
            and _HEADING.search(self.text, *line) is not None
            and sum(word[0].isupper() for word in words) >= _HALF * len(words)
        )

    def _introduces(self, line: Span) -> bool:
        """Meet whom a line of its own names with a role: what follows is theirs."""
        label = _LABEL_LINE.match(self.text, *line)
        if label is None or not ROLE.search(label["post"]) or (speaker := self.heard.speaker(label)) is None:
            return False
        self.heard.meet(speaker)
        self._spoken = self._line
        return True

    def _paragraph(self, line: Span) -> None:
        self._begin = line[0]
        if self._is_heading(line):
            if not self._introduces(line):
                self._author(line)
            return
        self._line += 1
        speech = [quote for quote in find_quotes(self.text, *line) if quote.is_speech]
        spans = sentences(self.text, line, [(quote.start, quote.end) for quote in speech])
        spans = self._joined(spans, speech)
        previous: Speaker | None = None
        carried = 0
        for span in spans:
            own = [quote for quote in speech if span[0] <= quote.start and quote.end <= span[1]]
            if self._placed(span, own):
                previous, carried = self.heard.last, 0
                continue
            framed = self._frame(span, own)
            if framed is not None:
                speaker, frame, verb = framed
                self.unit += previous is None or speaker.name != previous.name
                self.heard.meet(speaker)
                self._framed(span, speaker, frame, own, verb)
                previous, carried = speaker, 0
            elif (
                own
                and sum(quote.end - quote.start for quote in own) * 10 >= (span[1] - span[0]) * 6
                and self.heard.last is not None
                and self._line - self._spoken <= _NEAR
            ):
                for quote in own:
                    self._quoted(self.heard.last, quote)
                previous, carried = self.heard.last, 0
            elif (
                previous is not None
                and carried < _MOST_CARRIED
                and _CONTINUES.match(self.text[span[0] : span[1]])
                and self.mentions_in(*span)
            ):
                self._say(previous, *span, Attribution.INDIRECT, carried=True)
                carried += 1
            else:
                carried += 1
                self._narrate(span)

    def _placed(self, span: Span, own: list[Quote]) -> bool:  # noqa: C901, PLR0911 - one place of the speaker after the other
        """Say the sentence for whom its place gives it to: several speakers, a view, the former and the latter, an act."""
        blanked = self._blanked(span, own)
        former = self.places.former(span)
        if former and not own:
            for speaker, clause in former:
                self._say(speaker, *trimmed(self.text, clause, " ,"), Attribution.INDIRECT)
            return True
        head = self.places.head(span, blanked)
        about = self._is_about(span)
        if head and len(head.speakers) > 1 and (about or self._frame_begins(blanked, head.end - span[0])):
            self._said_by(head.speakers, span, own)
            return True
        view = self.places.view(span, blanked)
        if view and (about or not blanked.startswith(("For", "By", "In ", "To "))):
            self._said_by((view[0],), (view[1], span[1]), own)
            return True
        if head and head.speakers[0].is_person and self._frame_begins(blanked, head.end - span[0]):
            return False
        if own and not head and self.heard.person is None and (named := self.places.before_colon(span, blanked)):
            self._said_by((named,), (own[0].start, own[-1].end), own)
            return True
        tail = None if head and not own else self.places.tail(span, blanked, only_speech=not about)
        if head and tail and (own[0].end + 3 < tail[1] or tail[0].name == head.speakers[0].name):
            tail = None
        if tail and (not own or own[0].end <= tail[1]):
            speaker, begin, end = tail
            lead = trimmed(self.text, (span[0], begin), ' ,"“”')
            said = [quote for quote in own if quote.end <= begin]
            self._said_by((speaker,), lead, said)
            rest = trimmed(self.text, (end, span[1]), " ,.;:")
            if rest[1] - rest[0] >= _SHORT:
                self._said_by((speaker,), rest, [quote for quote in own if quote.start >= end])
            return True
        if own and head and not tail and (about or self._fills(span, own)) and self._frame(span, own) is None:
            self._said_by(head.speakers, span, own)
            return True
        return False

    def _frame_begins(self, blanked: str, at: int) -> bool:
        return _VERB.match(blanked, at) is not None

    def _is_about(self, span: Span) -> bool:
        """Tell whether the paragraph has named a side by the end of the sentence: only then an act tells of a position."""
        return self.mentions_in(min(self._begin, span[0]), span[1])

    @staticmethod
    def _fills(span: Span, own: list[Quote]) -> bool:
        return sum(quote.end - quote.start for quote in own) * 2 >= span[1] - span[0]

    def _said_by(self, speakers: tuple[Speaker, ...], span: Span, own: list[Quote]) -> None:
        self.unit += 1
        covered = sum(quote.end - quote.start for quote in own)
        for speaker in speakers:
            self.heard.meet(speaker)
            if covered * 2 >= span[1] - span[0]:
                for quote in own:
                    self._quoted(speaker, quote)
            else:
                self._say(speaker, *span, Attribution.INDIRECT)

    def _joined(self, spans: list[Span], speech: list[Quote]) -> list[Span]:
        """Join a quote that ends in a stop with the lower-case frame after it ("...?" she asked)."""
        joined: list[Span] = []
        for span in spans:
            ends_in_quote = joined and any(quote.end <= joined[-1][1] <= quote.after for quote in speech)
            head = self.text[span[0] : span[0] + 60]
            if ends_in_quote and _FRAME_HEAD.match(head) and span[1] - span[0] < 90:
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _frame(self, span: Span, own: list[Quote]) -> tuple[Speaker, Span, str] | None:
        text = self._blanked(span, own)
        self._via = None
        about = self._is_about(span)
        view = self._view(text, span[0], about=about) if _VIEWED.search(text) else None
        told = (
            self._told(text, span, about=about) if self._holds_verb(span) and not (view and view[0].is_person) else None
        )
        if view and told and is_medium(view[0].name) and not is_medium(told[0].name):
            self._via = view[0].name
            return told
        if view or told:
            found = view or told
            if found and (via := _VIA.search(text)) and via["via"] != found[0].name:
                self._via = via["via"]
            return found
        if not about:
            return None
        loose = _FOR.search(text)
        if loose and (speaker := self.heard.speaker(loose)):
            return speaker, (span[0] + loose.start(), span[0] + loose.end()), ""
        placed = _PLACED.search(text) or _PLACED_AFTER.search(text) or (_OPENS.match(text) if own else None)
        speaker = self.heard.speaker(placed) if placed else None
        return (speaker, (span[0] + placed.start("who"), span[0] + placed.end()), "") if placed and speaker else None

    def _view(self, text: str, offset: int, *, about: bool) -> tuple[Speaker, Span, str] | None:
        """Return in whose view a sentence is told (according to X), and where that phrase stands."""
        for pattern in (_TELLING, _ACCORDING):
            match = pattern.search(text)
            if match is None:
                continue
            groups = match.groupdict()
            if (match.start() > _EARLY and groups.get("whose")) or (groups.get("loose") and not about):
                continue
            if speaker := self.heard.speaker(match):
                return speaker, (offset + match.start(), offset + match.end()), ""
        return None

    def _told(self, text: str, span: Span, *, about: bool) -> tuple[Speaker, Span, str] | None:
        """Return who speaks by the first verb of speech that has a subject; a medium only where nobody speaks in it."""
        found: list[tuple[int, Speaker, Span, str]] = []
        for pattern in (_SUBJECT_VERB, _VERB_SUBJECT):
            for match in pattern.finditer(text):
                if pattern is _VERB_SUBJECT and text[: match.start()].rstrip()[-1:] not in _BEFORE_VERB:
                    continue
                if (
                    not about
                    and IS_ACT.match(match["verb"])
                    and not (match.groupdict().get("to") or "").endswith("that")
                ):
                    continue
                speaker = self.heard.speaker(match)
                if speaker is None:
                    continue
                found.append((match.start(), speaker, (span[0] + match.start(), span[0] + match.end()), match["verb"]))
                if not is_medium(speaker.name):
                    break
        if not found:
            return None
        first = min(found, key=lambda one: one[0])
        inner = next((one for one in sorted(found, key=lambda one: one[0]) if not is_medium(one[1].name)), first)
        if is_medium(first[1].name) and inner is not first:
            self._via = first[1].name
        return inner[1:]

    def _holds_verb(self, span: Span) -> bool:
        """Tell whether the letters of a verb of speech stand in the sentence; its frames are slow to look for."""
        at = bisect_left(self._verbs, span[0])
        return at < len(self._verbs) and self._verbs[at] < span[1]

    def _blanked(self, span: Span, own: list[Quote]) -> str:
        letters = list(self.text[span[0] : span[1]])
        for quote in own:
            letters[quote.start - span[0] : quote.end - span[0]] = "\ue001" * (quote.end - quote.start)
        return "".join(letters)

    def _framed(self, span: Span, speaker: Speaker, frame: Span, own: list[Quote], verb: str) -> None:
        if len(own) > 1 and frame[1] < own[0].start - 8 and self.text[own[0].start - 3] != ":":
            self._say(speaker, *span, Attribution.INDIRECT, weigh_from=frame[1])
            return
        whole = [quote for quote in own if not self._is_fragment(quote)]
        for quote in whole:
            self._quoted(speaker, quote)
        if whole and self._fills(span, whole):
            return
        self._say(
            speaker,
            *span,
            Attribution.INDIRECT,
            weigh_from=span[0] if not verb or STANCE.match(verb) or frame[0] > span[0] + 25 else frame[1],
        )

    def _is_fragment(self, quote: Quote) -> bool:
        """Tell whether a quote is only a part of the sentence that it stands in, no proposition of its own."""
        words = self.text[quote.start : quote.end].strip(" .…[](")
        if not words or self.text[max(0, quote.start - 4) : quote.start - 1].rstrip().endswith(":"):
            return False
        if words[-1] not in ",?!" and _LOWER_NEXT.match(self.text, quote.after):
            return self.text[quote.end - 1] not in ".,?!"
        return words[0].islower() and not words.startswith("i ") and not self._goes_on(quote)

    def _goes_on(self, quote: Quote) -> bool:
        """Tell whether a quote takes up one before it in the paragraph (“…,” she said, “and …”)."""
        return self.text[max(0, quote.start - 4) : quote.start - 1].rstrip().endswith(",") and (
            re.search(r"[”\"]", self.text[self._begin : quote.start - 1]) is not None
        )

    def _quoted(self, speaker: Speaker, quote: Quote) -> None:
        whole = trimmed(self.text, (quote.start, quote.end))
        pieces = sentences(self.text, whole)
        if any(end - start < _SHORT for start, end in pieces):
            pieces = [whole]
        for start, end in pieces:
            if end - start >= _SHORT:
                self._say(speaker, start, end, Attribution.DIRECT)

    def _narrate(self, span: Span) -> None:
        head = self.text[span[0] : span[0] + 60]
        subject = self.places.head(span, self._blanked(span, []))
        if subject:
            for speaker in subject.speakers:
                self.heard.meet(speaker)
            if self.mentions_in(*span) and not re.match(r"(?:is|are|was|were)\b", self.text[subject.end : span[1]]):
                self._said_by(subject.speakers, span, [])
                return
        elif opener := opening_person(head, self.heard.common):
            self.heard.meet(opener)
        for known in list(self.roster.full.values()):
            if known.is_person and known.name.split()[-1] in head:
                self.heard.person = known
        self._author(span)

    def _author(self, span: Span) -> None:
        self.found.append(
            Utterance(
                speaker=None,
                start=span[0],
                end=span[1],
                weigh_from=span[0],
                attribution=Attribution.AUTHOR,
                unit=self.unit,
            )
        )

    def _say(
        self,
        speaker: Speaker,
        start: int,
        end: int,
        attribution: Attribution,
        *,
        weigh_from: int | None = None,
        carried: bool = False,
    ) -> None:
        self._spoken = self._line
        self.found.append(
            Utterance(
                speaker=speaker,
                start=start,
                end=end,
                weigh_from=start if weigh_from is None else weigh_from,
                attribution=attribution,
                unit=self.unit,
                via=self._via,
                is_carried=carried,
            )
        )
