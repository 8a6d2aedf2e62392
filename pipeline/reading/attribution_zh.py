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
from pipeline.reading.quotes import Quote, find_quotes
from pipeline.reading.sentences import Span, paragraphs, sentences, trimmed
from pipeline.reading.speakers import Roster, Speaker, leading_person, subject, titled_in
from pipeline.reading.turns import Turn, find_turns

if TYPE_CHECKING:
    from collections.abc import Callable

_FILL: Final = "\ue001"
_SAY: Final = "表示|指出|认为|坦言|强调|透露|介绍|直言|写道|写到|回应|解释|补充|谈到|谈及|提到|提及|告诉|预测|预计|预言|声称|声言|扬言|宣称|坚称|辩称|评价|评论|判断|感叹|调侃|反问|总结|形容|断言|重申|声明|分析|猜测|放话|喊话|回答|答道|问道|追问|提醒|坚信|相信|深信|觉得|发文|撰文|说道|说|称|提出|表明|披露|回忆|暗怼|回怼|承诺|解读|阐述|论述|总结道|打趣|坦承|感慨|呼应|告诫|认定|断定|直呼|笑称|戏称|推测|点评|证实|阐明|表态|发声|直指|建言|重提|反思|意识到|发现|看到|明确|认同|直斥|怒斥|抱怨|反馈|通报|通知|预告|留言|写明|警示|说明|陈述|感叹|告知|发帖|举例|吐露|叮嘱|嘱咐|辩解|自述|自称|讲道|讲到|谈道"
_STANCE: Final = "呼吁|警告|质疑|反驳|批评|抨击|炮轰|力挺|主张|承认|否认|建议|反对|支持|赞同|称赞|担心|担忧|倡议|号召|希望|宣布|痛批|谴责|指责|看好|看衰|唱衰|站队|力推|倡导|押注|转向|选择|拥抱|站在|要求|强烈反对|坚持|赞扬|期待|推崇|怒批|吐槽|嘲讽|讽刺|敦促|力主|唱衰|驳斥|力劝|劝告|抗议|拒绝|批驳|持[^,。]{0,10}?(?:观点|看法|态度|立场|意见)"
_FIRST: Final = "".join(sorted({verb[0] for verb in f"{_STANCE}|{_SAY}".split("|")}))
_VERB: Final = re.compile(
    rf"(?=[{_FIRST}])(?<![的被所小据听传学游来话简自名统俗职堪号人愿可叫])(?P<verb>(?:{_STANCE}|{_SAY}))(?P<tail>(?:称|说|道|表示|指出|到|过)?)(?![法明服辞号呼霸客谎者职赛器])(?![^,。:;]{1, 16}时[,称说表坦指])"
)
_SEES: Final = re.compile(
    r"(?:在|依|按照?|据)(?P<who>[^,。:;!?\ue001]{1,30}?)(?:看来|的看法|眼中|的说法|的观点|的理解)[,]?"
)
_ACCORDING: Final = re.compile(r"据(?P<who>[^,。:;!?\ue001]{1,30}?)(?:介绍|透露|称|表示|所述|回忆)[,]?")
_AS_SAID: Final = re.compile(
    r"(?:就像|正如|正像|如同|用|套用|借用)(?P<who>[^,。:;!?\ue001]{1,20}?)(?:所说|所言|说的|的话说|的话来说|所指出的?|的话)[,:]?"
)
_VIA: Final = re.compile(
    r"(?:据|根据|援引)?(?:[英美法德日中韩]国)?(?P<who>《[^《》]{2,20}》|[^,。:;!?\s《》\d]{2,14}?)"
    r"(?:\d[^,。]{0,8}|日前|近日|援引[^,。]{1,12})?(?:的?报道|消息)(?:称|说|指)?[,。:]"
)
_AFTER_NAME: Final = re.compile(
    r"(?:也|则|还|曾|就|都|均|亦|又|再次|再度|再|进一步|明确|公开|首次|率先|更|更是|最近|近日|日前|昨日|昨天|昨|今日|今天|早前|此前|当时|随后|接着|继续|同时|同样|一致|普遍|直接|多次|一直|始终|甚至|便|才|已|已经|曾经|并|并且|表|对此|对外|倒是|似乎|仍|仍然|依然|不断|反复|笑着|主动|特别|着重|连续两次|最终|终于|在此|本能地"
    r"|[^,、]{1,5}地|(?:向|对|与|跟|同|给)[^,]{1,14}|在[^,]{1,28}|接受[^,]{1,24}(?:采访|专访|访问|提问)时?|通过[^,]{1,14}|就[^,]{2,20}|针对[^,]{2,20}|于[^,]{1,12}|发表[^,]{0,10}?(?:文章|评论|社论|声明|博客|博文|讲话|演讲|观点|报告)|(?:公开)?发文|等人|上?(?:周|月|星期)[一二三四五六日末]?|\d{1,2}月?\d{0,2}日?|时|(?:发文|撰文|刊文|发帖|发推|发言|采访|演讲|致辞)(?:时|中)?|提及[^,]{1,14}时|谈到[^,]{1,14}时|谈及[^,]{1,14}时|这样|如此|如是|进行|解释|回应)$"
)
_BEFORE_NAME: Final = re.compile(
    r"^(?:但是?|而|由此|除此以外|不过|然而|此外|另外|同时|因此|所以|于是|其中|随后|近日|日前|最近|此前|当时|对此|据悉|今年\d*月?|去年\d*月?|\d+月\d+日|\d+日|昨日|今日|今天|昨天|\d{4}年(?:\d+月)?(?:\d+日)?|事实上|例如|比如|如|就连|连|甚至|只有|像|由|因为|虽然|尽管|除此之外|上述|来自|知名|著名|身为|目前|如今|接着|然后|而且|并且|并|早些时候|会上|会后|文中|另一方面|一方面|首先|其次|最后|与此同时|当地时间[^,]{0,12}|(?:在|当)[^,]{2,28}(?:时|上|中|里|后|期间|前)|针对[^,]{2,20})[,\s]*"
)
_TAKES_UP: Final = re.compile(
    r"(?:这|那|因此|所以|但|而且|并且|同时|此外|另外|如果|因为|其|它|不过|然而|而|也就是|换句话|相反|反而|更|尤其|特别是|例如|比如|为此|由此)"
)
_NARRATES: Final = re.compile(
    r"(?:\d{4}年|\d+月|据|某种程度|事实上|值得|需要补充|由此不难|也就是说|直白|记者|目前|近日|日前|图|截图|当地时间|本文|编辑)"
)
_INTERVIEWED: Final = re.compile(
    r"(?:近日|日前|今日|昨日)?(?:在[^,。]{1,20})?接受(?:了|[^,。]{1,24}?的?)[^,。]{0,16}(?:专访|采访|访问)"
)
_BARE_FRAME: Final = re.compile(r"(?:说|道|表示|称|指出|认为|写道|强调|补充|坦言|直言)[^,]{0,6}[。,]?$")
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

    def read(self) -> list[Utterance]:
        """Return the utterances in order; sentences that nobody is named for are the author's."""
        for known in titled_in(self.text):
            self.roster.add(known)
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
            letters[quote.start - line[0] : quote.end - line[0]] = _FILL * (quote.end - quote.start)
        return "".join(letters)

    def _joined(self, blank: str, line: Span, spans: list[Span], speech: list[Quote]) -> list[Span]:
        """Join a sentence that is wholly a quote with the bare frame after it (“…。”S说。)."""
        joined: list[Span] = []
        for span in spans:
            text = blank[span[0] - line[0] : span[1] - line[0]]
            ends_in_quote = joined and any(joined[-1][1] in {quote.after, quote.end} for quote in speech)
            if ends_in_quote and _FILL not in text and len(text) <= 40 and self._only_frames(text, span, joined[-1]):
                joined[-1] = (joined[-1][0], span[1])
            else:
                joined.append(span)
        return joined

    def _only_frames(self, text: str, span: Span, quoted: Span) -> bool:
        """Tell whether a sentence after a quote does nothing but name who spoke."""
        if _BARE_FRAME.search(text.split(",", maxsplit=1)[0] if len(text) < 20 else text):
            return True
        wholly = self.text[quoted[0]] in '“「『"'
        return wholly and not self.mentions_in(*span) and leading_person(self.text[slice(*span)]) is not None

    def _via(self, blank: str, offset: int, span: Span) -> str | None:
        match = _VIA.match(blank, span[0] - offset, span[1] - offset)
        if match is None:
            return None
        name = self.text[offset + match.start("who") : offset + match.end("who")]
        if name.startswith("《"):
            self.last_medium = Speaker(name, name, is_person=False)
        return name

    def _frames(self, blank: str, offset: int, span: Span) -> list[_Frame]:
        frames: list[_Frame] = []
        low, high = span[0] - offset, span[1] - offset
        for pattern in (_SEES, _ACCORDING, _AS_SAID):
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
        for match in _VERB.finditer(blank, low, high):
            if match.start() < at or any(frame.start <= offset + match.start() < frame.content for frame in frames):
                continue
            frame = self._frame(blank, offset, low, match, frames)
            if frame is not None:
                frames.append(frame)
                at = frame.content - offset
        return sorted(frames, key=lambda frame: frame.start)

    def _frame(self, blank: str, offset: int, low: int, match: re.Match[str], frames: list[_Frame]) -> _Frame | None:
        begin = max([low, *(blank.rfind(mark, low, match.start()) + 1 for mark in ",。:;!?\n" + _FILL + '”」』"')])
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
            earlier = max([low, *(blank.rfind(mark, low, begin - 1) + 1 for mark in ",。:;!?\n" + _FILL)])
            speakers = self._speakers(offset + earlier, offset + begin - 1)
            begin = earlier if speakers else begin
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
        takes_stance = bool(re.fullmatch(_STANCE, match["verb"]))
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
        colon = re.search(r":\s*[“「『\"]?", words)
        if colon and high - low - colon.end() >= _SHORT:
            begin = max(words.rfind(mark, 0, colon.start()) for mark in ",。;!?") + 1
            who = leading_person(self.text[span[0] + begin : span[0] + colon.start()]) or leading_person(
                self.text[span[0] : span[0] + colon.start()]
            )
            if who:
                return self._frame_of(who[0], span[0], span[0] + colon.end())
        if own:
            after = re.match(r"[”」』\"'’\s,]*", self.text[own[0].end : span[1]])
            begin = own[0].end + (after.end() if after else 0)
            who = leading_person(self.text[begin : span[1]]) or leading_person(self.text[span[0] : own[0].start])
            return self._frame_of(who[0], begin if begin < span[1] else span[0], span[1]) if who else None
        begin = span[0] + words.rstrip("。!? ").rfind(",") + 1
        who = leading_person(self.text[begin : span[1]]) if begin > span[0] and span[1] - begin <= _TAIL else None
        if who and span[1] - begin - who[1] <= _TAIL_VERB and not self.mentions_in(begin + who[1], span[1]):
            return self._frame_of(who[0], begin, span[1])
        return None

    def _frame_of(self, speaker: Speaker, start: int, content: int) -> _Frame:
        return _Frame(start, start, content, (speaker,), takes_stance=False, is_bare=False)

    def _is_adverbial(self, words: str) -> bool:
        return self._core(words, 0)[0] == "" or bool(
            re.fullmatch(r"(?:在|接受|近日|日前|对此|昨|今|针对|谈及|谈到|当被问).{0,30}", words.strip())
        )

    def _core(self, words: str, offset: int) -> tuple[str, int]:
        """Return the words without adverbials at both ends, and where they begin."""
        start, end = 0, len(words)
        while True:
            match = _BEFORE_NAME.match(words[start:end])
            if match is None or not match[0]:
                break
            start += match.end()
        while True:
            match = _AFTER_NAME.search(words[start:end].rstrip())
            if match is None:
                break
            end = start + match.start()
        span = trimmed(words, (start, end))
        return words[span[0] : span[1]], offset + span[0]

    def _speakers(self, start: int, end: int, earlier: tuple[Speaker, ...] = ()) -> tuple[Speaker, ...]:
        core, at = self._core(self.folded[start:end], start)
        if not core or len(core) > 60:
            return ()
        named = subject(self.text[at : at + len(core)])
        resolved = [
            earlier[0] if one.refers in {"person", "any"} and earlier else self._resolve(one, start) for one in named
        ]
        return tuple(one for one in resolved if one is not None)

    def _resolve(self, speaker: Speaker, at: int) -> Speaker | None:
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
        if _NARRATES.match(words):
            return False
        return bool(_TAKES_UP.match(words)) or self.mentions_in(*span)

    def _narrate(self, span: Span) -> None:
        start, end = span
        head = self.folded[start : start + 24]
        interviewed = _INTERVIEWED.search(self.folded, start, end)
        if interviewed:
            begin = max(self.folded.rfind(mark, start, interviewed.start()) + 1 for mark in ",。:;!?")
            for speaker in self._speakers(max(begin, start), interviewed.start()):
                self._meet(speaker)
        opener = leading_person(self.text[start : start + 40])
        if opener:
            self._meet(opener[0])
        for known in list(self.roster.full.values()):
            if known.is_person and head.find(fold_word(known.name)) >= 0:
                self.last_person = known
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
