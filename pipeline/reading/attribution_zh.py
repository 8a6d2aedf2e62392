"""Who says what in Chinese text: speech verbs, quotes, turns of an interview, and what carries over.

Keeps to itself the verbs, the adverbials between a name and its verb, and every word order they come in.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from pipeline.model import Attribution
from pipeline.reading.attribution import Utterance
from pipeline.reading.folding import fold_word
from pipeline.reading.frames_zh import Frame, Frames
from pipeline.reading.heard_zh import Heard
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.speakers import Roster, Speaker
from pipeline.reading.turns import Turn, find_turns
from pipeline.reading.wording_zh import (
    ACTS,
    FILL,
    INTERVIEWED,
    MEDIUM,
    NAMES_MEDIUM,
    NARRATES,
    TAKES_UP,
    VIA,
    tells,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.mentions_zh import Subject

_SEMICOLON: Final = re.compile(";")
_SAID: Final = re.compile(r"(?:说|道|表示|称|指出|认为|写道|强调|补充|坦言|直言)[^,]{0,6}[。,]?$")
_TITLED: Final = re.compile(r"(?:题为|主题为|主题是|题目[是为]|名为|围绕|标题[是为]|命名为|以)[“「『\"]$")
_VOICES: Final = re.compile(
    r"等?的(?:质疑|评论|指责|传言|说法|猜测|消息|报道|标题|口号|主题|标语|学术报告|宗旨|原则|邀请|呼声|请求)"
)
"""What others say, or nobody: what stands before 的 is told of here, and not said."""
_FIRST_MARK: Final = re.compile(r"[,:。!?]")
_SAID_FIRST: Final = re.compile(
    r"(?:说|道|表示|称|指出|认为|写道|强调|补充|坦言|直言|介绍|透露|解释|分析|提醒|回忆|建议|告诉(?:[^,。:]{0,10}记者)?)$"
)
"""How the first clause of a sentence ends that goes on with what it reports."""
_IN_CONTRAST: Final = re.compile(r"[则却](?:是|还|又|仍)?[^,]{0,3}$")
_PARTED: Final = re.compile(r",?(?:但是?|然而|可是?|不过|而且?|并且?|因为|所以|因此)[“「『\"]")
"""What stands between the two halves of one thought that are quoted apart."""
_CONJUNCTION: Final = re.compile(r",(?:因此|所以|而且?|并且?|但是?|不过)$")
_NARRATED_LEAD: Final = re.compile(rf"[,]\W?{FILL}+$")
"""A sentence that ends in a quote nobody is named for."""
_PRONOUN_LETTERS: Final = frozenset("他她其这那该")
_NO_LEAD: Final = re.compile(
    r"(?:近日|日前|获悉|第[^,]{1,6}[天年次]|[\d一二三四五六七八九十]+[日月年天]|的是|显示|[\u4e00-\u9fff]{2}[后时中里])$"
)
"""How what stands before a last clause ends where it only says when, or leads up to what that tells."""
_OF_OTHERS: Final = re.compile(r"[他她](?![们人])")
"""What a sentence holds that goes on about the speaker instead of with what they say."""
_start_of: Final = attrgetter("start")
_MOST_CARRIED: Final = 3
_MARK_PAIRS: Final = ("“”", "「」", "『』")
_OPENING: Final = frozenset("“「『")
_CLOSING: Final = frozenset("”」』")
_SHORT: Final = 5

_DATELINE: Final = re.compile(
    r"(?:【[^】\n]{2,40}】\s*)?(?:本报|本刊|本网|新华社|中新社|中新网|财联社|央广网|[\u4e00-\u9fff]{2,6}(?:日报|时报|晚报|新闻网?|财经|社|网))(?:[\u4e00-\u9fff]{0,8}\d{1,2}月\d{1,2}日)?(?:专电|电|讯)\s*(?:\([^()\n]{2,40}\))?[\s:,]*"
)
"""Opens a story with where and when it was filed; no part of a name or of what is said."""
_SAYS_IN_PROSE: Final = re.compile(r".{0,10}?(?:表示|补充说|说[,:“\"]|告诉|指出|强调|介绍|透露|补充道)")
_NOBODY: Final = re.compile(r"(?:并?非|(?:并?不|没)(?:是|有)).{0,6}人|非所有人")


class ChineseReader:
    """Reads one text; make a new one for the next."""

    def __init__(self, text: str, folded: str, roster: Roster, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw and the folded text, the roster to fill, and what tells whether a span names a side."""
        self.text = text
        self.folded = folded
        self.roster = roster
        self.mentions_in = mentions_in
        self.unit = 0
        self.found: list[Utterance] = []
        self.heard = Heard(text, folded, roster)
        self.frames = Frames(text, folded, self.heard, mentions_in)

    def read(self) -> list[Utterance]:
        """Return the utterances in order; sentences that nobody is named for are the author's."""
        lines = list(paragraphs(self.folded))
        turns, is_talk = find_turns(self.text, lines, trusts_latin=True)
        speaker: Speaker | None = None
        in_turn = False
        for at, line in enumerate(lines):
            self.unit += 1
            if at in turns:
                speaker, in_turn = self._turn_speaker(turns[at]), True
                self._turn(speaker, (turns[at].content, line[1]))
            elif in_turn and (is_talk or "我" in self.folded[slice(*line)]) and not self._is_prose(line):
                self._turn(speaker, line)
            else:
                in_turn = False
                self._paragraph(line)
        return self.found

    # --- interviews ---

    def _is_prose(self, line: Span) -> bool:
        """Tell whether a line among turns is no answer but tells what one of the speakers said (会后,某某对记者补充说)."""
        head = self.folded[line[0] : min(line[1], line[0] + 40)]
        places = (
            (head.find(name), name)
            for name in (fold_word(one.name) for one in self.roster.full.values() if one.is_person)
        )
        return any(0 <= at <= 8 and _SAYS_IN_PROSE.match(head, at + len(name)) is not None for at, name in places)

    def _turn_speaker(self, turn: Turn) -> Speaker | None:
        if turn.name == "":
            return self.heard.last_person or next((one for one in self.roster.full.values() if one.is_person), None)
        return Speaker(turn.name, turn.org) if turn.name else None

    def _turn(self, speaker: Speaker | None, span: Span) -> None:
        span = trimmed(self.folded, span)
        if speaker is None or span[0] >= span[1]:
            return
        self.heard.meet(speaker)
        for start, end in sentences(self.folded, span):
            self._say(speaker, start, end, Attribution.DIRECT)

    # --- running text ---

    def _paragraph(self, line: Span) -> None:
        if dateline := _DATELINE.match(self.folded, *line):
            line = (dateline.end(), line[1])
        quotes = find_quotes(self.text, *line)
        speech = [quote for quote in quotes if quote.is_speech and not self._is_named(quote, line)]
        blank = self._blanked(line, speech)
        spans = self._joined(
            blank, line, sentences(self.folded, line, [(quote.start, quote.end) for quote in speech]), speech
        )
        carried = 0
        previous: Speaker | None = None
        names_media = "报道" in blank or "消息" in blank
        publishes = (
            names_media or "刊" in blank or "文章" in blank or "发文" in blank or "发表" in blank
        ) and NAMES_MEDIUM.search(blank) is not None
        for span in spans:
            own = self._within(speech, span) if speech else []
            via = self._via(blank, line[0], span) if names_media else None
            if publishes:
                self._meet_medium(span)
            frames = self.frames.find(blank, line[0], span)
            tail = None if own and frames else self._tail(span, frames)
            if tail:
                self._tailed(span, *tail, own, via)
                previous, carried = self.heard.last, 0
                continue
            frames = self.frames.completed(blank, line[0], span, frames, own)
            if frames:
                self._framed(span, frames, own, via)
                reports = (not frames[-1].is_bare or not frames[-1].takes_stance) and not (
                    own and self.folded[own[-1].after : own[-1].after + 1] == "的"
                )
                previous, carried = self.heard.last if reports else None, 0
            elif own:
                self._floating(span, own, via)
                previous = self.heard.last
            elif previous is not None and carried < _MOST_CARRIED and self._carries(span):
                self._say(previous, *span, Attribution.INDIRECT, carried=True)
                carried += 1
            else:
                for part in self._parts(span):
                    self._narrate(part)
                carried += 1

    def _is_named(self, quote: Quote, line: Span) -> bool:
        """Tell whether what stands in quotes is a title (题为“…”), what some say (“…”的质疑), or a heading of its own."""
        if _TITLED.search(self.folded, max(line[0], quote.start - 8), quote.start):
            return True
        if _VOICES.match(self.folded, quote.after, line[1]):
            return True
        if (
            quote.start - 1 > line[0]
            or quote.after < line[1]
            or self.folded[quote.start : quote.end].rstrip().endswith(("。", "!", "?", "…", ",", ";", "~"))
        ):
            return False
        return not self.folded[max(0, line[0] - 8) : line[0]].rstrip().endswith((":", "道", "说"))

    def _within(self, speech: list[Quote], span: Span) -> list[Quote]:
        first, after = (bisect_left(speech, place, key=_start_of) for place in span)
        return [quote for quote in speech[first:after] if quote.end <= span[1]]

    def _parts(self, span: Span) -> list[Span]:
        """Return the parts of a sentence with semicolons that tell of different subjects."""
        if self.folded.find(";", *span) < 0:
            return [trimmed(self.folded, span, " ;")]
        marks = [match.end() for match in _SEMICOLON.finditer(self.folded, *span)]
        starts = [span[0], *(mark for mark in marks if mark < span[1] and self.heard.head((mark, span[1])))]
        return [trimmed(self.folded, part, " ;") for part in zip(starts, [*starts[1:], span[1]], strict=True)]

    def _blanked(self, line: Span, speech: list[Quote]) -> str:
        blanked, at = "", line[0]
        for quote in speech:
            blanked += self.folded[at : quote.start] + FILL * (quote.end - quote.start)
            at = quote.end
        return blanked + self.folded[at : line[1]]

    def _joined(self, blank: str, line: Span, spans: list[Span], speech: list[Quote]) -> list[Span]:
        """Join a sentence that is wholly a quote with the bare frame after it (“…。”S说。)."""
        joined: list[Span] = []
        ends = {end for quote in speech for end in (quote.after, quote.end)}
        for span in spans:
            before = joined[-1][1] if joined else -1
            ends_in_quote = before in ends
            if ends_in_quote and self._names_whose(joined[-1], span, blank, line[0]):
                joined[-1] = (joined[-1][0], span[1])
                continue
            if (ends_in_quote or (joined and self.folded[before - 1] in "?!")) and self._is_frame(
                span,
                blank[span[0] - line[0] : span[1] - line[0]],
                ends_in_quote=ends_in_quote,
                is_answer=len(joined) > 1,
            ):
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _names_whose(self, quoted: Span, span: Span, blank: str, offset: int) -> bool:
        """Tell whether a sentence says at its beginning who said the one before it, which is a quote (“…。”S表示,…)."""
        before = blank[quoted[0] - offset : quoted[1] - offset].strip('“”「」『』"。!? ')
        if before.strip(FILL) and not _NARRATED_LEAD.search(before):
            return False
        if self.folded[span[0]] in _PRONOUN_LETTERS:
            return False
        stop = _FIRST_MARK.search(blank, span[0] - offset, span[1] - offset)
        if stop is None:
            return False
        first = blank[span[0] - offset : stop.start()]
        return (
            _SAID_FIRST.search(first) is not None
            and not _IN_CONTRAST.search(first)
            and bool(self.frames.find(blank, offset, (span[0], stop.end() + offset)))
        )

    def _is_frame(self, span: Span, blanked: str, *, ends_in_quote: bool, is_answer: bool) -> bool:
        """Tell whether a sentence is nothing but the frame of the quote or question before it."""
        if len(blanked) > 40 or FILL in blanked:
            return False
        first = blanked.partition(",")[0] if len(blanked) < 20 else blanked
        if is_answer and _IN_CONTRAST.search(first):
            return False
        return self._closes(span) or (ends_in_quote and _SAID.search(first) is not None)

    def _closes(self, span: Span) -> bool:
        """Tell whether a sentence only names who said the one before it (店长某某乐了。)."""
        head = self.heard.names.head(self.heard.places.after_openers(*span), span[1]) or self.heard.pronoun(span)
        told = self.folded[head.end : span[1]].rstrip("。!? ") if head else ""
        return head is not None and len(told) <= 16 and "," not in told and ":" not in told

    def _tail(self, span: Span, frames: list[Frame]) -> tuple[Subject, int] | None:
        """Return who is named at the sentence's end for what stands before it, unless somebody speaks there already."""
        tail = self.heard.places.tail(*span)
        if tail is None:
            return None
        named = [frame for frame in frames if frame.start < tail[1] and any(one.is_person for one in frame.speakers)]
        if named or self.heard.names.head(*span):
            return None
        told = self.folded[tail[0].end : span[1]]
        lead = self.folded[span[0] : tail[1]].rstrip(", ")
        first = told.partition(",")[0]
        is_signed = "—" in self.folded[tail[1] - 2 : tail[1] + 3]
        is_short = (first.strip("。 ") or is_signed) and len(first) <= 12 and not first.endswith(("时", "后"))
        says = not _NO_LEAD.search(lead) and (tells(told) or (is_short and not ACTS.match(told)))
        if not says and not self.mentions_in(span[0], tail[1]):
            return None
        if any(len(self.folded[frame.content : span[1]]) > 7 for frame in frames if frame.start >= tail[1]):
            return None
        if len(told) > 10 and (any(frame.start < tail[1] for frame in frames) or self.heard.places.head(*span)):
            return None
        return tail

    def _tailed(  # noqa: C901 - what stands before the name, its quotes, and what follows
        self, span: Span, subject: Subject, lead: int, own: list[Quote], via: str | None
    ) -> None:
        self.unit += 1
        for speaker in subject.speakers:
            self.heard.meet(speaker)
        lead = max([lead, *(quote.after for quote in own if quote.start <= lead < quote.after)])
        begin, end = trimmed(self.folded, (span[0], lead), " ,")
        said = [quote for quote in own if quote.end <= end]
        if own and not said and own[0].start > lead:
            begin = end
        if said and sum(quote.end - quote.start for quote in said) * 10 >= (end - begin) * 6:
            for quote in said:
                self._quoted(subject.speakers, quote, via)
        elif begin < end:
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
            self.heard.last_medium = Speaker(name, name, is_person=False)
        return name

    def _meet_medium(self, span: Span) -> None:
        """Remember a medium that has published something, for 报道称 and 文章指出 after it."""
        for match in MEDIUM.finditer(self.folded, *span):
            name = self.text[match.start("name") : match.end("name")]
            self.heard.last_medium = Speaker(name, name, is_person=False)

    def _framed(self, span: Span, frames: list[Frame], own: list[Quote], via: str | None) -> None:
        self.unit += 1
        for frame, after in zip(frames, [*frames[1:], None], strict=True):
            for speaker in frame.speakers:
                self.heard.meet(speaker)
            stop = after.start if after else span[1]
            start_from = span[0] if frame is frames[0] else frame.start
            mine = cut = own
            if own:
                mine = [
                    quote
                    for quote in own
                    if start_from <= self._taken_from(quote, frames) < stop and not self._is_part(quote, frame)
                ]
                for quote in self._together(mine):
                    self._quoted(frame.speakers, quote, via)
                cut = [
                    quote
                    for quote in own
                    if (quote in mine or frame.content <= quote.start < stop) and not self._is_part(quote, frame)
                ]
            self._reported(frame, stop, cut, via, heads=bool(mine) and mine[0].end < frame.start, is_last=after is None)
        lead = (span[0], frames[0].start)
        trails = not own and span[1] - frames[-1].content <= 2 and len(frames) == 1
        if trails and lead[1] - lead[0] > _SHORT:
            begin, end = trimmed(self.folded, lead, " ,")
            for speaker in frames[0].speakers:
                self._say(speaker, begin, end, Attribution.INDIRECT, via=via)
        elif (
            lead[1] - lead[0] > 3 * _SHORT or (lead[1] - lead[0] > _SHORT and self.heard.head(lead) is not None)
        ) and not any(lead[0] <= quote.start < lead[1] for quote in own):
            self._narrate(trimmed(self.folded, lead, " ,"))

    def _taken_from(self, quote: Quote, frames: list[Frame]) -> int:
        """Return where a quote belongs: with the frame right after it (A说,…,“…”,B介绍), unless one leads up to it."""
        leads = any(0 <= quote.start - frame.content <= 2 for frame in frames)
        if not leads:
            for frame in frames:
                if 0 <= frame.start - quote.after <= 2:
                    return frame.start
        return quote.start

    def _is_part(self, quote: Quote, frame: Frame) -> bool:
        """Tell whether a quote is only some words of what is reported (表示甲包括“乙”): alone it would be half a thought."""
        lead = _CONJUNCTION.sub("", self.folded[frame.content : quote.start - 1])
        return len(lead) >= _SHORT and "\u4e00" <= lead[-1] <= "\u9fff" and _FIRST_MARK.search(lead[-_SHORT:]) is None

    def _together(self, quotes: list[Quote]) -> list[Quote]:
        """Return the quotes, those as one that only a conjunction parts (“有人说甲”,但“甲不行”): neither half is the whole thought."""
        joined: list[Quote] = []
        for quote in quotes:
            if joined and _PARTED.fullmatch(self.folded, joined[-1].after, quote.start):
                joined[-1] = replace(joined[-1], end=quote.end, after=quote.after)
            else:
                joined.append(quote)
        return joined

    def _quoted(self, speakers: tuple[Speaker, ...], quote: Quote, via: str | None) -> None:
        inner = trimmed(self.folded, (quote.start, quote.end))
        for start, end in sentences(self.folded, inner):
            for speaker in speakers[:1]:
                self._say(speaker, start, end, Attribution.DIRECT, via=via)

    def _reported(
        self, frame: Frame, stop: int, mine: list[Quote], via: str | None, *, heads: bool, is_last: bool
    ) -> None:
        start = frame.verb if frame.is_bare and frame.takes_stance else frame.content
        pieces: list[Span] = []
        at = start
        for quote in mine:
            if quote.start > at:
                pieces.append((at, quote.start - 1))
            at = max(at, quote.after)
        pieces.append((at, stop))
        for piece in pieces:
            begin, end = trimmed(self.folded, piece, ' ,，:：“”"「」『』\u3000')
            if self.folded[end : end + 1] in _CLOSING or self.folded[begin - 1] in _OPENING:
                begin, end = self._whole((begin, end), piece)
            if 1 < end - begin < _SHORT and piece[0] == start and not mine and (frame.is_bare or is_last):
                begin = frame.start
            if end - begin <= 2 * _SHORT and not is_last and self.heard.is_adverbial(self.folded[begin:end]):
                continue
            if end - begin < _SHORT or (heads and frame.is_bare and end - begin < _SHORT * 2):
                continue
            weigh_from = frame.verb if frame.takes_stance and begin <= frame.content + 2 else begin
            for speaker in frame.speakers:
                self._say(speaker, begin, end, Attribution.INDIRECT, via=via, weigh_from=weigh_from)

    def _whole(self, span: Span, within: Span) -> Span:
        """Return the span with the mark before or after it whose partner it holds (“甲”和乙 keeps its first mark)."""
        start, end = span
        before = self.text[start - 1] if start > within[0] else ""
        after = self.text[end] if end < within[1] else ""
        for opening, closing in _MARK_PAIRS:
            if opening == before or closing == after:
                more = self.text.count(opening, start, end) - self.text.count(closing, start, end)
                if more < 0 and opening == before:
                    return start - 1, end
                if more > 0 and closing == after:
                    return start, end + 1
        return start, end

    def _floating(self, span: Span, own: list[Quote], via: str | None) -> None:
        covered = sum(quote.end - quote.start for quote in own)
        last = self._who_goes_on()
        if last is not None and covered * 10 >= (span[1] - span[0]) * 6:
            for quote in own:
                self._quoted((last,), quote, via)
        else:
            self._narrate(span)

    def _who_goes_on(self) -> Speaker | None:
        """Return whose a quote is that stands alone: the last speaker's, unless an organisation was only told of."""
        last = self.heard.last
        if last is None or last.name == "有人":
            return None
        return last if last.is_person or any(one.speaker == last for one in self.found) else None

    def _carries(self, span: Span) -> bool:
        if NARRATES.match(self.folded, *span):
            return False
        if self.mentions_in(*span):
            return True
        return TAKES_UP.match(self.folded, *span) is not None and not (
            self.found[-1].attribution is Attribution.DIRECT or _OF_OTHERS.search(self.folded, *span)
        )

    def _narrate(self, span: Span) -> None:
        start, end = span
        interviewed = self.folded.find("接受", start, end) >= 0 and INTERVIEWED.search(self.folded, start, end)
        if interviewed:
            begin = max(self.folded.rfind(mark, start, interviewed.start()) + 1 for mark in ",。:;!?")
            for speaker in self.heard.speakers(max(begin, start), interviewed.start()):
                self.heard.meet(speaker)
        head = self.heard.head(span)
        if head:
            for speaker in head.speakers:
                self.heard.meet(speaker)
            if self.mentions_in(*span) and not self._is_kind(head):
                for speaker in head.speakers:
                    self._say(speaker, start, end, Attribution.INDIRECT)
                return
        elif inner := self.heard.inside(span):
            self.heard.meet(inner)
        self._author(start, end)

    def _author(self, start: int, end: int) -> None:
        self.found.append(
            Utterance(
                speaker=None, start=start, end=end, weigh_from=start, attribution=Attribution.AUTHOR, unit=self.unit
            )
        )

    def _is_kind(self, head: Subject) -> bool:
        """Tell whether what a sentence begins with is an organisation called by a side (开源社区), and nobody of its own."""
        one = head.speakers[0]
        return not one.is_person and self.mentions_in(head.end - len(one.name), head.end)

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
        if _NOBODY.fullmatch(speaker.name):
            # What nobody thinks is the opposite of what its words say, so it is nobody's here, not even the author's.
            return
        self.found.append(
            Utterance(
                speaker=replace(speaker, refers="") if speaker.refers else speaker,
                start=start,
                end=end,
                weigh_from=start if weigh_from is None else weigh_from,
                attribution=attribution,
                unit=self.unit,
                via=via,
                is_carried=carried,
            )
        )
