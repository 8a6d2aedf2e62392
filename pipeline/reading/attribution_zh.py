"""Who says what in Chinese text: speech verbs, quotes, turns of an interview, and what carries over.

Keeps to itself the verbs, the adverbials between a name and its verb, and every word order they come in.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.model import Attribution
from pipeline.reading.attribution import Utterance
from pipeline.reading.folding import fold_word
from pipeline.reading.mentions_zh import Mentions, Subject
from pipeline.reading.placing_zh import Places
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.speakers import Roster, Speaker, subject
from pipeline.reading.turns import Turn, find_turns
from pipeline.reading.wording_zh import (
    ACCORDING,
    ADVERBIAL_CLAUSE,
    AFTER_NAME,
    AS_SAID,
    BEFORE_NAME,
    FILL,
    FINDS,
    GROUP,
    HOLDS,
    INTERVIEWED,
    NARRATES,
    PRONOUN_HEAD,
    SEES,
    SEVERAL,
    STANCE,
    TAKES_UP,
    VERB,
    VIA,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_CARRIED: Final = 3
_TAIL: Final = 26
"""Longest last clause (P,职务某某说。) that only names who said what stands before it."""
_REACH: Final = 60
"""Furthest that a speaker stands before the verb, within its clause."""
_TAIL_VERB: Final = 9
_SHORT: Final = 5


@dataclass(frozen=True, slots=True)
class _Frame:
    """A speech verb with its speakers: where the whole begins, where the verb does, where what is said begins."""

    start: int
    verb: int
    content: int
    speakers: tuple[Speaker, ...]
    takes_stance: bool
    is_bare: bool
    """Whether what is said follows without a mark (支持X)."""


class ChineseReader:
    """Reads one text; make a new one for the next."""

    def __init__(self, text: str, folded: str, roster: Roster, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw and the folded text, the roster to fill, and what tells whether a span names a side."""
        self.text = text
        self.folded = folded
        self.roster = roster
        self.mentions_in = mentions_in
        self.last_person: Speaker | None = None
        self.last_org: Speaker | None = None
        self.last_medium: Speaker | None = None
        self.last: Speaker | None = None
        self.unit = 0
        self.found: list[Utterance] = []
        self.names = Mentions(text, folded)
        self.places = Places(text, folded, self.names)

    def read(self) -> list[Utterance]:
        """Return the utterances in order; sentences that nobody is named for are the author's."""
        for named in self.names.all:
            self.roster.add(named.speaker)
        lines = list(paragraphs(self.folded))
        turns, is_talk = find_turns(self.text, lines, trusts_latin=True)
        speaker: Speaker | None = None
        in_turn = False
        for at, line in enumerate(lines):
            self.unit += 1
            if at in turns:
                speaker, in_turn = self._turn_speaker(turns[at]), True
                self._turn(speaker, (turns[at].content, line[1]))
            elif in_turn and (is_talk or "我" in self.folded[slice(*line)]):
                self._turn(speaker, line)
            else:
                in_turn = False
                self._paragraph(line)
        return self.found

    # --- interviews ---

    def _turn_speaker(self, turn: Turn) -> Speaker | None:
        if turn.name == "":
            return self.last_person or next((one for one in self.roster.full.values() if one.is_person), None)
        return Speaker(turn.name, turn.org) if turn.name else None

    def _turn(self, speaker: Speaker | None, span: Span) -> None:
        span = trimmed(self.folded, span)
        if speaker is None or span[0] >= span[1]:
            return
        self._meet(speaker)
        for start, end in sentences(self.folded, span):
            self._say(speaker, start, end, Attribution.DIRECT)

    # --- running text ---

    def _paragraph(self, line: Span) -> None:
        quotes = find_quotes(self.text, *line)
        speech = [quote for quote in quotes if quote.is_speech]
        blank = self._blanked(line, speech)
        spans = self._joined(
            blank, line, sentences(self.folded, line, [(quote.start, quote.end) for quote in speech]), speech
        )
        carried = 0
        previous: Speaker | None = None
        for span in spans:
            own = [quote for quote in speech if span[0] <= quote.start and quote.end <= span[1]]
            via = self._via(blank, line[0], span)
            frames = self._frames(blank, line[0], span)
            tail = None if own and frames else self._tail(span, frames)
            if tail:
                self._tailed(span, *tail, own, via)
                previous, carried = self.last, 0
                continue
            if not frames and (placed := self._placed(blank, line[0], span, own)):
                frames = [placed]
            if frames:
                self._framed(span, frames, own, via)
                previous, carried = self.last, 0
            elif own:
                self._floating(span, own, via)
                previous = self.last
            elif previous is not None and carried < _MOST_CARRIED and self._carries(span):
                self._say(previous, *span, Attribution.INDIRECT, carried=True)
                carried += 1
            else:
                self._narrate(span)
                carried += 1

    def _blanked(self, line: Span, speech: list[Quote]) -> str:
        letters = list(self.folded[line[0] : line[1]])
        for quote in speech:
            letters[quote.start - line[0] : quote.end - line[0]] = FILL * (quote.end - quote.start)
        return "".join(letters)

    def _joined(self, blank: str, line: Span, spans: list[Span], speech: list[Quote]) -> list[Span]:
        """Join a sentence that is wholly a quote with the bare frame after it (“…。”S说。)."""
        joined: list[Span] = []
        for span in spans:
            text = blank[span[0] - line[0] : span[1] - line[0]]
            ends_in_quote = joined and any(joined[-1][1] in {quote.after, quote.end} for quote in speech)
            asks = joined and self.folded[joined[-1][1] - 1] in "?!"
            if ((ends_in_quote or asks) and FILL not in text and len(text) <= 40 and self._closes(span)) or (
                ends_in_quote
                and FILL not in text
                and len(text) <= 40
                and re.search(
                    r"(?:说|道|表示|称|指出|认为|写道|强调|补充|坦言|直言)[^,]{0,6}[。,]?$",
                    text.split(",")[0] if len(text) < 20 else text,
                )
            ):
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _closes(self, span: Span) -> bool:
        """Tell whether a sentence only names who said the one before it (店长某某乐了。)."""
        head = self.names.head(*span)
        told = self.folded[head.end : span[1]].rstrip("。!? ") if head else ""
        return head is not None and len(told) <= 16 and not re.search("[,:]", told)

    def _tail(self, span: Span, frames: list[_Frame]) -> tuple[Subject, int] | None:
        """Return who is named at the sentence's end for what stands before it, unless somebody speaks there already."""
        tail = self.places.tail(*span)
        if tail is None:
            return None
        named = [frame for frame in frames if frame.start < tail[1] and any(one.is_person for one in frame.speakers)]
        if named or self.names.head(*span):
            return None
        told = self.folded[tail[0].end : span[1]]
        if any(len(self.folded[frame.content : span[1]]) > 7 for frame in frames if frame.start >= tail[1]):
            return None
        if len(told) > 10 and (any(frame.start < tail[1] for frame in frames) or self.places.head(*span)):
            return None
        return tail

    def _tailed(self, span: Span, subject: Subject, lead: int, own: list[Quote], via: str | None) -> None:
        self.unit += 1
        for speaker in subject.speakers:
            self._meet(speaker)
        begin, end = trimmed(self.folded, (span[0], lead), " ,")
        said = [quote for quote in own if quote.end <= end]
        if said and sum(quote.end - quote.start for quote in said) * 10 >= (end - begin) * 6:
            for quote in said:
                self._quoted(subject.speakers, quote, via)
        else:
            for speaker in subject.speakers:
                self._say(speaker, begin, end, Attribution.INDIRECT, via=via)
        for quote in own:
            if quote.start > lead:
                self._quoted(subject.speakers, quote, via)
        comma = self.folded.find(",", subject.end, span[1])
        rest = (comma + 1, span[1]) if comma >= 0 else (subject.end, span[1])
        if (
            rest[1] - rest[0] > _SHORT
            and (comma >= 0 or self.mentions_in(*rest))
            and not any(q.start > lead for q in own)
        ):
            for speaker in subject.speakers:
                self._say(speaker, *trimmed(self.folded, rest), Attribution.INDIRECT, via=via)

    def _via(self, blank: str, offset: int, span: Span) -> str | None:
        match = VIA.match(blank, span[0] - offset, span[1] - offset)
        if match is None:
            return None
        name = self.text[offset + match.start("who") : offset + match.end("who")]
        if name.startswith("《"):
            self.last_medium = Speaker(name, name, is_person=False)
        return name

    def _frames(self, blank: str, offset: int, span: Span) -> list[_Frame]:
        frames: list[_Frame] = []
        low, high = span[0] - offset, span[1] - offset
        for pattern in (SEES, ACCORDING, AS_SAID, FINDS, HOLDS):
            for match in pattern.finditer(blank, low, high):
                speakers = self._speakers(offset + match.start("who"), offset + match.end("who"))
                if speakers:
                    frames.append(
                        _Frame(
                            offset + match.start(),
                            offset + match.start(),
                            offset + match.end(),
                            speakers,
                            takes_stance=False,
                            is_bare=False,
                        )
                    )
        at = low
        for match in VERB.finditer(blank, low, high):
            if match.start() < at or any(frame.start <= offset + match.start() < frame.content for frame in frames):
                continue
            frame = self._frame(blank, offset, low, match, frames)
            if frame is not None:
                frames.append(frame)
                at = frame.content - offset
        return sorted(frames, key=lambda frame: frame.start)

    def _frame(self, blank: str, offset: int, low: int, match: re.Match[str], frames: list[_Frame]) -> _Frame | None:
        begin = max([low, *(blank.rfind(mark, low, match.start()) + 1 for mark in ",。:;!?\n" + FILL + '”」』"')])
        begin = max(begin, match.start() - _REACH)
        earlier_speakers = frames[-1].speakers if frames else ()
        speakers = self._speakers(offset + begin, offset + match.start(), earlier_speakers)
        if speakers and speakers == earlier_speakers and self.folded[offset + begin] in "他她其我":
            return None
        if (
            not speakers
            and re.fullmatch(r"\s*(?:并且?|又|还|亦|同时|随后)", blank[begin : match.start()])
            and begin > low
        ):
            speakers = earlier_speakers
        if not speakers and self._is_adverbial(blank[begin : match.start()]) and begin > low:
            earlier = max([low, *(blank.rfind(mark, low, begin - 1) + 1 for mark in ",。:;!?\n" + FILL)])
            speakers = self._speakers(offset + earlier, offset + begin - 1)
            begin = earlier if speakers else begin
        if (
            not speakers
            and begin > low
            and len(blank[begin : match.start()]) <= 8
            and self._is_adverbial(blank[begin : match.start()])
        ):
            head = self._head((offset + low, offset + begin - 1))
            speakers = head.speakers if head else ()
        if not speakers:
            return None
        content = match.end()
        rest = (
            re.compile(r"(?:记者|[^,。:]{0,12}?)??[,:]\s*").match(blank, content)
            if match["verb"] in {"告诉", "回应", "提醒"}
            else None
        )
        plain = re.compile(r"\s*[,:]\s*").match(blank, content)
        mark = plain or rest
        takes_stance = bool(re.fullmatch(STANCE, match["verb"]))
        return _Frame(
            offset + begin,
            offset + match.start(),
            offset + (mark.end() if mark else content),
            speakers,
            takes_stance=takes_stance,
            is_bare=mark is None,
        )

    def _placed(self, blank: str, offset: int, span: Span, own: list[Quote]) -> _Frame | None:
        """Return the frame that only its place shows: a name before a colon, beside a quote, or at the sentence's end."""
        low, high = span[0] - offset, span[1] - offset
        words = blank[low:high]
        head = self._head(span)
        colon = re.search(r":\s*[“「『\"]?", words)
        if colon and high - low - colon.end() >= _SHORT:
            begin = span[0] + max(words.rfind(mark, 0, colon.start()) for mark in ",。;!?") + 1
            who = self._head((begin, span[0] + colon.start())) or (
                head if head and head.end <= span[0] + colon.start() else None
            )
            if who:
                return self._frame_of(who.speakers, span[0], span[0] + colon.end())
        if own:
            after = re.match(r"[”」』\"'’\s,]*", self.text[own[0].end : span[1]])
            begin = own[0].end + (after.end() if after else 0)
            who = self._head((begin, span[1])) if begin < span[1] else None
            if who:
                return self._frame_of(who.speakers, begin, span[1])
            return self._frame_of(head.speakers, span[0], span[1]) if head and head.end <= own[0].start else None
        return None

    def _head(self, span: Span) -> Subject | None:
        """Return whom the stretch begins with, a pronoun resolved; None: nobody that is named."""
        found = self.places.head(*span) or self._pronoun(span)
        if found:
            return found
        opener = ADVERBIAL_CLAUSE.match(self.folded, *span)
        if opener is None:
            return None
        found = self.places.head(opener.end(), span[1]) or self._pronoun((opener.end(), span[1]))
        return Subject(span[0], found.end, found.speakers) if found else None

    def _pronoun(self, span: Span) -> Subject | None:
        pronoun = PRONOUN_HEAD.match(self.folded, *span)
        if pronoun is None:
            return None
        named = subject(self.text[pronoun.start("who") : pronoun.end("who")])
        if pronoun["who"] in {"前者", "后者"}:
            pair = self.places.pair_before(pronoun.start("who"))
            return Subject(span[0], pronoun.end("who"), (pair[pronoun["who"] == "后者"],)) if pair else None
        speakers = tuple(one for one in (self._resolve(each, pronoun.start("who")) for each in named) if one)
        return Subject(span[0], pronoun.end("who"), speakers) if speakers else None

    def _frame_of(self, speakers: tuple[Speaker, ...], start: int, content: int) -> _Frame:
        return _Frame(start, start, content, speakers, takes_stance=False, is_bare=False)

    def _is_adverbial(self, words: str) -> bool:
        return self._core(words, 0)[0] == "" or bool(
            re.fullmatch(r"(?:在|接受|近日|日前|对此|昨|今|针对|谈及|谈到|当被问).{0,30}", words.strip())
        )

    def _core(self, words: str, offset: int) -> tuple[str, int]:
        """Return the words without adverbials at both ends, and where they begin."""
        start, end = 0, len(words)
        while True:
            match = BEFORE_NAME.match(words[start:end])
            if match is None or not match[0]:
                break
            start += match.end()
        while True:
            match = AFTER_NAME.search(words[start:end].rstrip())
            if match is None:
                break
            end = start + match.start()
        span = trimmed(words, (start, end))
        return words[span[0] : span[1]], offset + span[0]

    def _speakers(self, start: int, end: int, earlier: tuple[Speaker, ...] = ()) -> tuple[Speaker, ...]:
        begin = self.places.after_openers(start, end)
        head = self.names.head(begin, end)
        if head and self._links(self.folded[head.end : end]):
            return tuple(dict.fromkeys(head.speakers))
        core, at = self._core(self.folded[start:end], start)
        if not core or len(core) > 60:
            return ()
        several = SEVERAL.fullmatch(core)
        if several:
            return self.places.last_named(at, {"三": 3, "四": 4, "五": 5}.get(core[0], 2))
        named = subject(self.text[at : at + len(core)])
        resolved = [
            earlier[0] if one.refers in {"person", "any"} and earlier else self._resolve(one, start) for one in named
        ]
        return tuple(one for one in resolved if one is not None)

    def _links(self, words: str) -> bool:
        """Tell whether the words between a name and its verb leave the name the subject."""
        words = words.strip()
        return (
            not words
            or bool(GROUP.fullmatch(words))
            or (len(words) <= 12 and not re.search(r"[的,:把被让使将]|[是为](?!此)", words))
        )

    def _resolve(self, speaker: Speaker, at: int) -> Speaker | None:
        if speaker.name in {"前者", "后者", "後者"}:
            pair = self.places.pair_before(at)
            return pair[speaker.name != "前者"] if pair else self.last
        match speaker.refers:
            case "":
                return speaker
            case "person":
                return self._named_before(at) or self.last_person
            case "org":
                return self.last_org or self.last
            case "medium":
                return self.last_medium
            case _:
                return self.last

    def _named_before(self, at: int) -> Speaker | None:
        """Return the person whom the words right before a pronoun name (…的周某,他…)."""
        before = self.folded[max(0, at - 40) : at].rstrip(", ")
        people = [
            known for known in self.roster.full.values() if known.is_person and before.endswith(fold_word(known.name))
        ]
        return max(people, key=lambda known: (len(known.name), known.name), default=None)

    def _meet(self, speaker: Speaker) -> None:
        self.roster.add(speaker)
        self.last = speaker
        if speaker.name.startswith("《"):
            self.last_medium = speaker
        if speaker.is_person:
            self.last_person = speaker
            if speaker.org:
                self.last_org = Speaker(speaker.org, speaker.org, is_person=False)
        else:
            self.last_org = speaker

    def _framed(self, span: Span, frames: list[_Frame], own: list[Quote], via: str | None) -> None:
        self.unit += 1
        for frame, after in zip(frames, [*frames[1:], None], strict=True):
            for speaker in frame.speakers:
                self._meet(speaker)
            stop = after.start if after else span[1]
            start_from = span[0] if frame is frames[0] else frame.start
            mine = [quote for quote in own if start_from <= quote.start < stop]
            for quote in mine:
                self._quoted(frame.speakers, quote, via)
            self._reported(frame, stop, mine, via, heads=bool(mine) and mine[0].end < frame.start)
        lead = (span[0], frames[0].start)
        trails = not own and span[1] - frames[-1].content <= 2 and len(frames) == 1
        if trails and lead[1] - lead[0] > _SHORT:
            begin, end = trimmed(self.folded, lead, " ,")
            for speaker in frames[0].speakers:
                self._say(speaker, begin, end, Attribution.INDIRECT, via=via)
        elif lead[1] - lead[0] > 3 * _SHORT and not any(lead[0] <= quote.start < lead[1] for quote in own):
            self._narrate(trimmed(self.folded, lead, " ,"))

    def _quoted(self, speakers: tuple[Speaker, ...], quote: Quote, via: str | None) -> None:
        inner = trimmed(self.folded, (quote.start, quote.end))
        for start, end in sentences(self.folded, inner):
            for speaker in speakers[:1]:
                self._say(speaker, start, end, Attribution.DIRECT, via=via)

    def _reported(self, frame: _Frame, stop: int, mine: list[Quote], via: str | None, *, heads: bool) -> None:
        start = frame.verb if frame.is_bare and frame.takes_stance else frame.content
        pieces: list[Span] = []
        at = start
        for quote in mine:
            if quote.start > at:
                pieces.append((at, quote.start - 1))
                at = quote.after
        pieces.append((at, stop))
        for piece in pieces:
            begin, end = trimmed(self.folded, piece, ' ,，:：“”"「」『』\u3000')
            if 1 < end - begin < _SHORT and piece[0] == start and not mine:
                begin = frame.start
            if end - begin < _SHORT or (heads and end - begin < _SHORT * 2):
                continue
            weigh_from = frame.verb if frame.takes_stance and begin <= frame.content + 2 else begin
            for speaker in frame.speakers:
                self._say(speaker, begin, end, Attribution.INDIRECT, via=via, weigh_from=weigh_from)

    def _floating(self, span: Span, own: list[Quote], via: str | None) -> None:
        covered = sum(quote.end - quote.start for quote in own)
        if self.last is not None and covered * 10 >= (span[1] - span[0]) * 6:
            for quote in own:
                self._quoted((self.last,), quote, via)
        else:
            self._narrate(span)

    def _carries(self, span: Span) -> bool:
        words = self.folded[span[0] : span[1]]
        if NARRATES.match(words):
            return False
        return bool(TAKES_UP.match(words)) or self.mentions_in(*span)

    def _narrate(self, span: Span) -> None:
        start, end = span
        interviewed = INTERVIEWED.search(self.folded, start, end)
        if interviewed:
            begin = max(self.folded.rfind(mark, start, interviewed.start()) + 1 for mark in ",。:;!?")
            for speaker in self._speakers(max(begin, start), interviewed.start()):
                self._meet(speaker)
        head = self._head(span)
        if head:
            for speaker in head.speakers:
                self._meet(speaker)
            if self.mentions_in(*span):
                for speaker in head.speakers:
                    self._say(speaker, start, end, Attribution.INDIRECT)
                return
        self.found.append(
            Utterance(
                speaker=None, start=start, end=end, weigh_from=start, attribution=Attribution.AUTHOR, unit=self.unit
            )
        )

    def _say(
        self,
        speaker: Speaker,
        start: int,
        end: int,
        attribution: Attribution,
        *,
        via: str | None = None,
        weigh_from: int | None = None,
        carried: bool = False,
    ) -> None:
        self.found.append(
            Utterance(
                speaker=replace(speaker, refers=""),
                start=start,
                end=end,
                weigh_from=start if weigh_from is None else weigh_from,
                attribution=attribution,
                unit=self.unit,
                via=via,
                is_carried=carried,
            )
        )
