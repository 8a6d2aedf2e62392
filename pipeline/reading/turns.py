"""Turns of an interview: lines that begin with who speaks ("周某:...", "Q: ..."), and which lines go on with them.

Keeps to itself what a label looks like and when labelled lines make a conversation and not a list of headings.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from pipeline.reading.folding import fold
from pipeline.reading.names_zh import is_common_word, looks_chinese, looks_transliterated
from pipeline.reading.speakers import subject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.sentences import Span

_LABEL: Final = re.compile(
    r"(?P<name>[^\s,。:;!?()（），；《》“”\"]{1,14}(?: [A-Za-z][\w.'’\-]*){0,3}|《[^《》]{1,12}》|[A-Za-z][\w.'’\- ]{1,30})"
    r"(?:\s*[(（][^()（）\n]{1,40}[)）])?\s*[:：]\s*(?!//)"
)
_NO_LABEL: Final = re.compile(
    r"(?i)(?:来源|编辑|作者|原文|编译|责任编辑|图源|注|注意|导语|摘要|标题|文|图|摄影|校对|审核|关键词|链接|截图来源|原标题|备注|提示|地址|电话|邮箱|网址|时间|地点|点评|结论|例如|比如"
    r"|第.{1,3}[章节条]|level \d.*|https?|examples?|recommendation|source|sources|updated?|note|also|overview|summary|image|photo|credits?|related|read more|figure|table|disclosure|correction|tip|step.*|the .*|dear .*)"
)
_SPEAKS: Final = re.compile(
    r"(?:说|表示|称|道|认为|告诉|指出|写|回应|介绍|透露|强调|提醒|如下|包括|分别是|例如|比如|一是|二是)$"
)
_ASKS: Final = re.compile(
    r"(?:q\d*|问\d*|提问|提问者|记者|主持人|采访者|interviewer|host|question|moderator|reporter|journalist|《.*》|晚点|.{0,8}(?:记者|新闻|日报|时报|科技|财经|周刊|网))"
)
_ANSWERS: Final = re.compile(r"(?:a\d*|答\d*|回答|受访者)")

_SENTENCE: Final = re.compile(
    r"(?i)(?<![\w'’])(?:I|we|you|it|he|she|they|is|are|was|were|have|has|do|does|did|can|will|would|should|that|this|what|how|why|yes|no|not|thank|thanks|hi|hello)(?![\w\-])"
)

_SURNAME: Final = re.compile(r"\b[A-Z][\w.'’\-]* (?=([A-Z][\w'’\-]+))")
_QUESTION: Final = re.compile(r"[^\n“”\"]{8,260}\?")
_FIRST_PERSON: Final = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur)\b")
_LEAST_ASKED: Final = 4


class _Kind(Enum):
    ASKS = auto()
    ANSWERS = auto()
    PERSON = auto()
    WORD = auto()


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """A line that opens a turn: ``name`` None for whoever asks, empty for an answer without a name; offset of the words."""

    name: str | None
    org: str | None
    content: int


@dataclass(frozen=True, slots=True)
class _Label:
    kind: _Kind
    name: str
    org: str | None
    content: int
    length: int


def find_turns(text: str, lines: Sequence[Span], *, trusts_latin: bool) -> tuple[dict[int, Turn], bool]:
    """Return the turns by line number, and whether the text is a conversation.

    In a conversation every line after a turn goes on with it. ``trusts_latin``: a name in Latin letters is no heading
    (in Chinese text), so one turn of each is enough.
    """
    labels = {at: label for at, line in enumerate(lines) if (label := _label(text, line, trusts_latin=trusts_latin))}
    if not trusts_latin:
        labels = _with_surnames(text, labels)
        if not labels:
            return _unlabelled(text, lines)
        if not _are_spoken(text, lines, labels):
            return {}, False
    counts = Counter((label.kind, label.name) for label in labels.values())
    is_talk = _is_talk(counts, labels, trusts_latin=trusts_latin)
    turns: dict[int, Turn] = {}
    for at, label in labels.items():
        if label.kind is _Kind.WORD and counts[label.kind, label.name] < 2 and not trusts_latin:
            continue
        if is_talk or (
            label.kind is _Kind.PERSON and (trusts_latin or not label.name.isascii()) and label.length >= 20
        ):
            name = {_Kind.ASKS: None, _Kind.ANSWERS: ""}.get(label.kind, label.name)
            turns[at] = Turn(name=name, org=label.org, content=label.content)
    return turns, is_talk


def _with_surnames(text: str, labels: dict[int, _Label]) -> dict[int, _Label]:
    """Return the labels, those of one word in which a full name of the text ends as persons'."""
    surnames = {match[1] for match in _SURNAME.finditer(text)} if labels else set()
    return {
        at: replace(label, kind=_Kind.PERSON) if label.kind is _Kind.WORD and label.name in surnames else label
        for at, label in labels.items()
    }


def _unlabelled(text: str, lines: Sequence[Span]) -> tuple[dict[int, Turn], bool]:
    """Return the turns of an interview that marks nobody: lines that ask, each with an answer in the first person after it."""
    asks = [at for at, line in enumerate(lines[:-1]) if _QUESTION.fullmatch(text[slice(*line)].strip())]
    answered = [at for at in asks if at + 1 not in asks and _FIRST_PERSON.search(text, *lines[at + 1])]
    if len(asks) < _LEAST_ASKED or len(answered) * 4 < len(asks) * 3:
        return {}, False
    turns = {at: Turn(name=None, org=None, content=lines[at][0]) for at in asks}
    turns |= {at + 1: Turn(name="", org=None, content=lines[at + 1][0]) for at in asks if at + 1 not in asks}
    return turns, True


def _are_spoken(text: str, lines: Sequence[Span], labels: dict[int, _Label]) -> bool:
    """Tell whether half of the labelled English lines hold words of sentences (scores and settings do not)."""
    spoken = sum(
        label.kind in {_Kind.ASKS, _Kind.ANSWERS} or _SENTENCE.search(text, label.content, lines[at][1]) is not None
        for at, label in labels.items()
    )
    return spoken * 2 >= len(labels)


def _is_talk(counts: Counter[tuple[_Kind, str]], labels: dict[int, _Label], *, trusts_latin: bool) -> bool:
    people = {name for kind, name in counts if kind is _Kind.PERSON}
    kinds = {kind for kind, _ in counts}
    if _Kind.ASKS in kinds and (kinds & {_Kind.PERSON, _Kind.ANSWERS} or (trusts_latin and len(kinds) > 1)):
        return True
    if len({name for name in people if trusts_latin or not name.isascii()}) >= 2:
        return True
    recurring = {key for key, count in counts.items() if count >= 2}
    if len(recurring) >= 2 and (trusts_latin or any(kind is _Kind.PERSON for kind, _ in recurring)):
        spoken = [label.length for label in labels.values() if (label.kind, label.name) in recurring]
        return trusts_latin or sum(spoken) >= 60 * len(spoken)
    if not trusts_latin:
        return False
    lengths = [label.length for label in labels.values() if label.kind is _Kind.PERSON]
    return any(kind is _Kind.PERSON and (trusts_latin or not name.isascii()) for kind, name in recurring) and sum(
        lengths
    ) >= 30 * len(lengths)


def _label(text: str, line: Span, *, trusts_latin: bool) -> _Label | None:
    if text.find(":", *line) < 0 and text.find("：", *line) < 0:
        return None
    match = _LABEL.match(text, *line)
    if match is None:
        return None
    raw = match["name"].strip()
    name = fold(raw)
    if _NO_LABEL.fullmatch(name) or _SPEAKS.search(name):
        return None
    kind, org = _kind(raw, name)
    if kind is _Kind.WORD and raw.isascii() and trusts_latin and not text[match.end() : line[1]].strip():
        kind = _Kind.PERSON
    return _Label(kind, raw, org, match.end(), line[1] - match.end()) if kind else None


def _kind(raw: str, name: str) -> tuple[_Kind | None, str | None]:  # noqa: PLR0911 - one way of naming after the other
    if _ASKS.fullmatch(name):
        return _Kind.ASKS, None
    if _ANSWERS.fullmatch(name):
        return _Kind.ANSWERS, None
    if looks_chinese(name) or looks_transliterated(name):
        return (_Kind.WORD if len(name) < 4 and is_common_word(name) else _Kind.PERSON), None
    if re.fullmatch(r"(?:[A-Z][\w.'’\-]*[a-z]\s?){2,4}", raw):
        return _Kind.PERSON, None
    if re.fullmatch(r"[A-Z][\w'’\-]{2,}", raw) or (
        re.fullmatch(r"[\u4e00-\u9fff]{2,3}", name) and not is_common_word(name)
    ):
        return _Kind.WORD, None
    named = () if raw.isascii() else subject(raw)
    if len(named) == 1 and named[0].is_person and not named[0].refers:
        return _Kind.PERSON, named[0].org
    return None, None
