"""The frames of a Chinese sentence: where a speech verb, a view or a name's place says who speaks, and from where on.

Keeps to itself the word orders: subject before the verb, in the clause before it, at the sentence's head, beside a quote.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from pipeline.reading.wording_zh import (
    ACCORDING,
    ACTS,
    AS_SAID,
    FILL,
    FINDS,
    FOUND,
    HELD,
    HOLDS,
    PUT_FORWARD,
    QUOTED,
    QUOTED_SOURCE,
    SEEN,
    SEES,
    SEES_ONLY,
    STANCE,
    TELLS,
    TOPIC,
    VERB,
    VIEW_WORDS,
    WEAK,
    WEAK_VERBS,
    tells,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.heard_zh import Heard
    from pipeline.reading.quotes import Quote
    from pipeline.reading.sentences import Span
    from pipeline.reading.speakers import Speaker

_SOURCE: Final = re.compile("据")
_LIKE: Final = re.compile("[像用]|[正如][如同]")
_VIEWS: Final = (
    (SEES, SEEN),
    (ACCORDING, _SOURCE),
    (QUOTED_SOURCE, QUOTED),
    (AS_SAID, _LIKE),
    (FINDS, FOUND),
    (HOLDS, HELD),
)
"""How a view is worded, and what shows at little cost that a sentence may hold one."""
_MARKS: Final = re.compile(f"[,。:;!?\n{FILL}]")
_MARKS_OR_CLOSED: Final = re.compile(f'[,。:;!?\n{FILL}”」』"]')
_CLAUSES: Final = re.compile(r"[,;:]")
_start_of: Final = attrgetter("start")
_STANCE: Final = re.compile(STANCE)
_AND: Final = re.compile(r"\s*(?:并且?|又|还|亦|同时|随后)")
_TOLD: Final = re.compile(
    rf"(?:记者|[^,。:]{{0,12}}?)??[,:]\s*|[^,。:;{FILL}]{{0,20}}(?:记者|新闻|》)[“「『\"]?(?={FILL})"
)
_COMMA: Final = re.compile(r"\s*[,:]\s*")
_COLON: Final = re.compile(r":\s*[“「『\"]?")
_AFTER_QUOTE: Final = re.compile(r"[”」』\"'’\s,]*")
_COUNTRY: Final = re.compile(
    r"(?:[中美英法德韩俄]国|[印日]本|全国|全球|全年|今年|市场|利润|收入|营收|销量|产量|增速|规模|金额|总额|均价|价格|市值|估值)$"
)
"""What is expected to do something, and expects nothing."""
_NOT_SAID: Final = re.compile(r"(?:没有?|并?未|不曾|尚未|拒绝|不愿|不肯|未能|无法)[多再明细]?$")
"""What stands before the verb of somebody who did not say a thing."""
_MAKES: Final = frozenset("令让使给惹引招逗得")
"""What makes people do something (令人担忧), before the verb that then is nobody's."""
_DOUBTFUL: Final = frozenset(("要求", "预计", "预测"))
_NOT_SAID_LAST: Final = frozenset("没有未曾绝愿肯能法多再明细")
_BACK: Final = re.compile(r"前者|后者|后面|前面|两者|这|那|该|此|[一两]条")
"""What a weak verb's object may take up."""
_REACH: Final = 60
"""Furthest that a speaker stands before the verb, within its clause."""
_SHORT: Final = 5


@dataclass(frozen=True, slots=True)
class Frame:
    """A speech verb with its speakers: where the whole begins, where the verb does, where what is said begins."""

    start: int
    verb: int
    content: int
    speakers: tuple[Speaker, ...]
    takes_stance: bool
    is_bare: bool
    """Whether what is said follows without a mark (支持X)."""


class Frames:
    """Finds the frames of one text's sentences."""

    def __init__(self, text: str, folded: str, heard: Heard, mentions_in: Callable[[int, int], bool]) -> None:
        """Take the raw and the folded text, who has been heard, and what tells whether a span names a side."""
        self.text = text
        self.folded = folded
        self.heard = heard
        self.mentions_in = mentions_in

    def find(self, blank: str, offset: int, span: Span) -> list[Frame]:
        """Return the sentence's frames in order; ``blank`` is its paragraph with quotes blanked, from ``offset`` on."""
        frames: list[Frame] = []
        low, high = span[0] - offset, span[1] - offset
        for pattern, sign in _VIEWS if VIEW_WORDS.search(blank, low, high) else ():
            for match in pattern.finditer(blank, low, high) if sign.search(blank, low, high) else ():
                who = match.lastgroup if match.lastgroup == "source" else "who"
                speakers = self.heard.speakers(offset + match.start(who), offset + match.end(who))
                if speakers:
                    frames.append(
                        Frame(
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
            if match.start() < at or (frames and _lies_within(offset + match.start(), frames)):
                continue
            if blank[match.start() - 1] == "人" and blank[match.start() - 2] in _MAKES:
                continue
            is_near_time = blank.find("时", match.end(), match.end() + 18) >= 0
            if (is_near_time or match["verb"] in WEAK_VERBS) and self._is_weak(match, offset, high):
                continue
            frame = self._frame(blank, offset, low, match, frames)
            if frame is not None:
                frames.append(frame)
                at = frame.content - offset
        return sorted(frames, key=_start_of) if len(frames) > 1 else frames

    def _is_weak(self, match: re.Match[str], offset: int, high: int) -> bool:
        """Tell whether a verb only says what somebody did or saw, or what the talk was about."""
        blank, content = match.string, match.end()
        if TOPIC.match(blank, content, high):
            return True
        if match["verb"] not in WEAK_VERBS or WEAK.fullmatch(match[0]) is None:
            return False
        if _COMMA.match(blank, content, high):
            return False
        if (PUT_FORWARD if match["verb"] in SEES_ONLY else _BACK).match(blank, content, high):
            return False
        return not self.mentions_in(offset + content, offset + high)

    def _frame(self, blank: str, offset: int, low: int, match: re.Match[str], frames: list[Frame]) -> Frame | None:
        verb = match.start()
        begin = verb - len(_MARKS_OR_CLOSED.split(blank[max(low, verb - _REACH) : verb])[-1])
        if (blank[verb - 1] in _NOT_SAID_LAST or match["verb"] in _DOUBTFUL) and _is_no_speech(
            blank, low, begin, match
        ):
            return None
        # In 甲表示,乙选择了丙 it is 甲 who says what 乙 did.
        if frames and not frames[-1].is_bare and offset + begin <= frames[-1].content and match["verb"] in WEAK_VERBS:
            return None
        earlier_speakers = frames[-1].speakers if frames else ()
        meant = earlier_speakers
        if not meant and begin > low and blank[begin] in "他她":
            meant = self._begun_with(offset + low, offset + begin)
        speakers = self.heard.speakers(offset + begin, offset + verb, meant)
        if speakers and speakers == earlier_speakers and self.folded[offset + begin] in "他她其我":
            return None
        if not speakers and begin > low and _AND.fullmatch(blank, begin, verb):
            speakers = earlier_speakers
        is_adverbial = not speakers and begin > low and self.heard.is_adverbial(blank[begin:verb])
        if is_adverbial:
            earlier = begin - 1 - len(_MARKS.split(blank[low : begin - 1])[-1])
            if blank.endswith("方面", earlier, begin - 1):
                return None
            speakers = self.heard.speakers(offset + earlier, offset + begin - 1)
            begin = earlier if speakers else begin
        if is_adverbial and not speakers and low < begin and verb - begin <= 8:
            head = self.heard.head((offset + low, offset + begin - 1))
            speakers = head.speakers if head else ()
        if not speakers:
            return None
        content = match.end()
        rest = _TOLD.match(blank, content) if match["verb"] in {"告诉", "回应", "提醒"} else None
        plain = _COMMA.match(blank, content)
        mark = plain or rest
        return Frame(
            offset + begin,
            offset + verb,
            offset + (mark.end() if mark else content),
            speakers,
            takes_stance=_STANCE.fullmatch(match["verb"]) is not None,
            is_bare=mark is None,
        )

    def _begun_with(self, start: int, end: int) -> tuple[Speaker, ...]:
        """Return the one person whom the last clause with a name begins with, for the 他 or 她 after the stretch."""
        if not self.heard.names.has_any(start, end):
            return ()
        clauses = [start, *(mark.end() for mark in _CLAUSES.finditer(self.folded, start, end - 1))]
        for begin in reversed(clauses):
            head = self.heard.names.head(self.heard.places.after_openers(begin, end), end)
            if head:
                return head.speakers if len(head.speakers) == 1 else ()
        return ()

    def completed(self, blank: str, offset: int, span: Span, frames: list[Frame], own: list[Quote]) -> list[Frame]:
        """Return a sentence's frames with what only marks and places show: labels, colons, names beside its quotes."""
        if not frames:
            placed = self.placed(blank, offset, span, own)
            return [placed] if placed else frames
        if ":" not in blank:
            return frames
        labelled = self.labelled(blank, offset, span, frames)
        if labelled:
            return [labelled]
        return self.with_led(span, frames, own) if own else frames

    def labelled(self, blank: str, offset: int, span: Span, frames: list[Frame]) -> Frame | None:
        """Return the frame of a sentence that begins with who says it and a colon, whatever verbs come after (甲:乙,呼吁丙)."""
        low, high = span[0] - offset, span[1] - offset
        colon = blank.find(":", low, min(high, low + 24))
        if colon < 0 or "," in blank[low:colon] or frames[0].verb <= offset + colon:
            return None
        head = self.heard.head((span[0], offset + colon))
        if head is None or head.end != offset + colon:
            return None
        return self._of(head.speakers, span[0], offset + colon + 1)

    def with_led(self, span: Span, frames: list[Frame], own: list[Quote]) -> list[Frame]:
        """Return the frames with those of quotes that somebody else leads up to with a colon (有人说甲,他笑了笑:“乙”)."""
        led: list[Frame] = []
        for quote in own:
            colon = quote.start - 2
            if self.folded[colon] != ":" or any(0 <= quote.start - frame.content <= 2 for frame in frames):
                continue
            begin = max(self.folded.rfind(mark, span[0], colon) + 1 for mark in ",;。!?")
            head = self.heard.head((max(begin, span[0]), colon))
            if head and head.speakers[0].is_person and all(frame.verb < begin for frame in frames):
                led.append(self._of(head.speakers, begin, quote.start))
        return [*frames, *led]

    def placed(self, blank: str, offset: int, span: Span, own: list[Quote]) -> Frame | None:
        """Return the frame that only its place shows: a name before a colon, beside a quote, or at the sentence's end."""
        low, high = span[0] - offset, span[1] - offset
        words = blank[low:high]
        colon = _COLON.search(words)
        if not (colon or own):
            return None
        head = self.heard.head(span)
        if colon and high - low - colon.end() >= _SHORT:
            begin = span[0] + max(words.rfind(mark, 0, colon.start()) for mark in ",。;!?") + 1
            who = self.heard.head((begin, span[0] + colon.start())) or (
                head if head and head.end <= span[0] + colon.start() else None
            )
            if who and (who.speakers[0].is_person or self._leads_to(who.end, span[0] + colon.start(), span)):
                return self._of(who.speakers, span[0], span[0] + colon.end())
        if own:
            after = _AFTER_QUOTE.match(self.text, own[0].end, span[1])
            begin = after.end() if after else own[0].end
            who = self.heard.head((begin, span[1])) if begin < span[1] else None
            if who and (
                self.folded[own[0].end - 1] in "。!?…"
                or tells(self.folded[who.end : span[1]])
                or ACTS.match(self.folded, who.end, span[1]) is None
            ):
                return self._of(who.speakers, begin, span[1])
            if head and head.end <= own[0].start and self._leads_to(head.end, own[0].start - 1, span):
                return self._of(head.speakers, span[0], span[1])
        return None

    def _leads_to(self, start: int, end: int, span: Span) -> bool:
        """Tell whether the words between a name and a colon or quote let the name say what follows."""
        between = self.folded[start:end].rstrip()
        return not between or between[-1] in ",:" or TELLS.search(between) is not None or self.mentions_in(*span)

    def _of(self, speakers: tuple[Speaker, ...], start: int, content: int) -> Frame:
        return Frame(start, start, content, speakers, takes_stance=False, is_bare=False)


def _lies_within(place: int, frames: list[Frame]) -> bool:
    return any(frame.start <= place < frame.content for frame in frames)


def _is_no_speech(blank: str, low: int, begin: int, match: re.Match[str]) -> bool:
    """Tell whether a verb is denied (没有说), or is what a rule or a market does (按要求, 销量预计)."""
    verb = match.start()
    if _NOT_SAID.search(blank, max(low, verb - 4), verb) and _STANCE.fullmatch(match["verb"]) is None:
        return True
    match match["verb"]:
        case "要求":
            return blank[begin:verb].lstrip("( ").startswith(("应", "按", "根据"))
        case "预计" | "预测":
            return _COUNTRY.search(blank, begin, verb) is not None
    return False
