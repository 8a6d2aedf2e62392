"""Who says what in English text: speech verbs, quotes, turns of an interview, and what carries over.

Keeps to itself the verbs, what a name with its titles looks like, and the orders they come in.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.model import Attribution
from pipeline.reading.attribution import Utterance
from pipeline.reading.frames_en import Frame, Frames, medium_in
from pipeline.reading.nouns_en import CROWD, DEFINITE
from pipeline.reading.placing_en import Places
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.shapes_en import CAP, NAME, ROLE
from pipeline.reading.speakers import Roster, Speaker
from pipeline.reading.speakers_en import (
    PRONOUN,
    Heard,
    holders,
    introduced,
    newcomer,
    opening_person,
    pairs_inside,
    recurring,
    words_written_small,
)
from pipeline.reading.turns import Turn, find_turns
from pipeline.reading.verbs_en import ADVERB, SAY, SPEECH, STANCE

if TYPE_CHECKING:
    from collections.abc import Callable

_VERB: Final = re.compile(rf"(?:{SAY})\b")
_FRAME_HEAD: Final = re.compile(
    rf"[a-z]|(?:{SPEECH})\s|(?:{DEFINITE}|{CROWD}|{NAME}|{PRONOUN})\s+(?:{ADVERB}\s+){{0,2}}(?:{SPEECH})\b"
)
"""Begins the sentence that only says who said the quote before it."""
_HEADING: Final = re.compile(r"[^.?!:;”\"’')]$")
_LABEL_LINE: Final = re.compile(rf"(?P<who>{CAP}(?:\s+{CAP}){{1,3}}),\s(?P<post>[^;:\n“”\"]{{3,140}}(?<![.!?]))$")
_LOWER_NEXT: Final = re.compile(r"\s*[a-z]")
_CONTINUES: Final = re.compile(r"(?:And|But|So|It|This|That|They|These|If|Because|Instead|Also|Therefore|Thus|I|We)\b")
_INTRODUCES: Final = re.compile(
    r"(?i)\bhere(?:[’']s| is) (?:what|how)\b[^.]*\.$|\b(?:said|wrote|writes|says|statement|follows|memo|post)\b[^.:]{0,60}:$"
)
_SHORT: Final = 15
_MOST_CARRIED: Final = 1
_NEAR: Final = 1
"""A quote that nobody is named for is the last speaker's up to so many paragraphs later."""
_NO_MORE: Final = 25
"""A sentence that leaves less than this beside its quotes and the words that name the speaker says no more."""
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
        self._framed_last: tuple[Span, Frame | None] | None = None
        self.places = Places(text, self.heard, mentions_in)
        self.frames = Frames(text, self.heard, self.places, mentions_in)

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
        if self._introduces(line) or (self._is_heading(line) and not self.mentions_in(*line)):
            self._author(line)
            return
        self._line += 1
        self.heard.line = self._line
        speech = [quote for quote in find_quotes(self.text, *line) if quote.is_speech]
        spans = sentences(self.text, line, [(quote.start, quote.end) for quote in speech])
        spans = self._joined(spans, speech)
        previous: Speaker | None = None
        carried = 0
        for span in spans:
            own = [quote for quote in speech if span[0] <= quote.start and quote.end <= span[1]]
            self._via = None
            framed = self.frames.trailing(self._blanked(span, own), span)
            if framed is None and self._placed(span, own):
                previous, carried = self.heard.last, 0
                continue
            framed = framed or self._frame(span, own)
            if framed is not None:
                self.unit += previous is None or framed.speaker.name != previous.name
                self.heard.meet(framed.speaker)
                self._via = framed.via
                self._framed(span, framed, own)
                previous, carried = framed.speaker, 0
            elif (
                own
                and sum(quote.end - quote.start for quote in own) * 10 >= (span[1] - span[0]) * 6
                and self.heard.last is not None
                and self._line - self._spoken <= _NEAR
                and not _VERB.search(self._blanked(span, own))
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
        both = self.frames.both(blanked)
        if both:
            self._said_by(both, span, own)
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
        tail = (
            None
            if head and not own
            else self.places.tail(span, blanked, only_speech=not (about or self._fills(span, own)))
        )
        if head and tail and (own[0].end + 3 < tail[1] or tail[0].name == head.speakers[0].name):
            tail = None
        if tail and (not own or own[0].end <= tail[1]):
            speaker, begin, end = tail
            self._via = medium_in(blanked, speaker)
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
            last = next((quote for quote in speech if joined and quote.end <= joined[-1][1] <= quote.after), None)
            head = self.text[span[0] : span[0] + 60]
            if (
                last
                and (head[0].islower() or self._fills(joined[-1], [last]))
                and _FRAME_HEAD.match(head)
                and span[1] - span[0] < 90
            ):
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _blanked(self, span: Span, own: list[Quote]) -> str:
        if not own:
            return self.text[span[0] : span[1]]
        letters = list(self.text[span[0] : span[1]])
        for quote in own:
            letters[quote.start - span[0] : quote.end - span[0]] = "\ue001" * (quote.end - quote.start)
        return "".join(letters)

    def _framed(self, span: Span, frame: Frame, own: list[Quote]) -> None:
        speaker, at = frame.speaker, frame.at
        if len(own) > 1 and at[1] < own[0].start - 8 and self.text[own[0].start - 3] != ":":
            self._say(speaker, *span, Attribution.INDIRECT, weigh_from=at[1])
            return
        whole = [quote for quote in own if not self._is_fragment(quote)]
        parted = len(whole) > 1 and whole[0].after <= at[0] and at[1] <= whole[1].start
        if parted and whole[0].end - whole[0].start < _SHORT:
            # "Well," she said, "that is all": neither half says anything alone.
            self._say(speaker, whole[0].start, whole[-1].end, Attribution.DIRECT)
            return
        for quote in whole:
            self._quoted(speaker, quote)
        said = sum(quote.end - quote.start for quote in whole)
        if whole and (self._fills(span, whole) or span[1] - span[0] - said - (at[1] - at[0]) < _NO_MORE):
            return
        if not own and self.text[span[1] - 1] == ":":
            self._spoken = self._line
            return
        if not whole and at[1] + 2 >= span[1] and at[0] - span[0] >= _SHORT:
            self._say(speaker, *trimmed(self.text, (span[0], at[0]), " ,"), Attribution.INDIRECT)
            return
        tells = not frame.verb or STANCE.match(frame.verb) or at[0] > span[0] + 25
        self._say(speaker, *span, Attribution.INDIRECT, weigh_from=span[0] if tells else at[1])

    def _frame(self, span: Span, own: list[Quote]) -> Frame | None:
        if self._framed_last is None or self._framed_last[0] != span:
            self._framed_last = (span, self._find_frame(span, own))
        return self._framed_last[1]

    def _find_frame(self, span: Span, own: list[Quote]) -> Frame | None:
        return self.frames.find(
            self._blanked(span, own), span, about=self._is_about(span), fills=self._fills(span, own)
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
                self.heard.meet(speaker, spoke=False)
            if self.mentions_in(*span) and not re.match(r"(?:is|are|was|were)\b", self.text[subject.end : span[1]]):
                self._said_by(subject.speakers, span, [])
                return
        elif opener := opening_person(head, self.heard.common):
            self.heard.meet(opener, spoke=False)
        for known in list(self.roster.full.values()):
            if known.is_person and known.name.split()[-1] in head:
                self.heard.see(known)
        if person := newcomer(self.text, *span, self.heard.common):
            self.heard.see(person)
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
