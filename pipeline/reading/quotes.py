"""Quoted spans of a paragraph: every kind of mark, nested and unbalanced ones too; scare quotes told apart.

Works on raw text, since folding makes some marks alike. A span is the content, without its marks.
"""

# ruff: noqa: PLR2004 - the numbers are lengths in characters and shares, plain where they stand
from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_PAIRS: Final = {"“": "”", "「": "」", "『": "』", "‘": "’", "〝": "〞", "«": "»"}
_OPENS: Final = re.compile("[" + "".join(_PAIRS) + '"”]')
_MARKS: Final = re.compile("[" + "".join([*_PAIRS, *_PAIRS.values()]) + '"]')
_STRAIGHT: Final = re.compile('["“”]')
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_CLOSED: Final = re.compile(r"[。！？!?]$|.{3}[，,]$")
_DIVIDED: Final = re.compile(r"[，,；;]")
_SCARE: Final = 12
"""A quote shorter than this, with no punctuation in it, is a word under doubt and nobody's speech."""
_SPOKEN: Final = 4
"""A quote longer than this that no word of its sentence runs into is speech."""
_SCARE_EN: Final = 32
_LONGEST: Final = 1500


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """A quoted span; ``start`` and ``end`` delimit what is between the marks, ``after`` is the offset past the closing mark."""

    start: int
    end: int
    after: int
    is_speech: bool


def find_quotes(text: str, start: int, end: int) -> list[Quote]:
    """Return the outermost quotes of ``text[start:end]`` (one paragraph) in order; an unclosed one runs to the end."""
    found: list[Quote] = []
    at = start
    while (opening := _OPENS.search(text, at, end)) is not None:
        at = opening.start()
        mark = text[at]
        if mark in _PAIRS and not (mark == "‘" and _within_word(text, at)):
            close = _matching(text, at, end)
        elif mark == '"' or (mark == "”" and not _closes(text, at, start)):
            close = _straight(text, at, end)
        else:
            at += 1
            continue
        if close > at + 1:
            found.append(
                Quote(start=at + 1, end=close, after=min(close + 1, end), is_speech=is_speech(text, at, close))
            )
        at = max(close, at) + 1
    return found


def is_speech(text: str, opened: int, closed: int) -> bool:
    """Tell whether the quote between the marks at ``opened`` and ``closed`` is speech, not a word in scare quotes."""
    content = text[opened + 1 : closed]
    before = text[max(0, opened - 2) : opened].rstrip()
    if before.endswith((":", "：")) and len(content) > 1:
        return True
    if len(content) > _SPOKEN and _stands_alone(text, opened, closed):
        return True
    if _CLOSED.search(content.strip()[-4:]) or (len(content) >= _SCARE and _DIVIDED.search(content)):
        return True
    if content.isascii() or not _HAN.search(content):
        return (content.count(" ") >= 4 and len(content) >= _SCARE_EN) or content.rstrip().endswith((".", ","))
    return len(content) >= _SCARE


def _stands_alone(text: str, opened: int, closed: int) -> bool:
    """Tell whether a Chinese quote opens a line or follows a comma, and a comma, a stop or the line's end follows it."""
    before, after = text[opened - 1 : opened], text[closed + 1 : closed + 2]
    if before not in {"", "\n", "，", ",", "。"} or after not in {"", "\n", "，", ",", "。", "；"}:
        return False
    return _HAN.search(text, opened + 1, closed) is not None


def _matching(text: str, opened: int, end: int) -> int:
    want = [_PAIRS[text[opened]]]
    for match in _MARKS.finditer(text, opened + 1, min(end, opened + _LONGEST)):
        at, mark = match.start(), match[0]
        if mark == want[-1]:
            if mark == "’" and _within_word(text, at):
                continue
            want.pop()
            if not want:
                return at
        elif mark in _PAIRS and _PAIRS[mark] != want[-1] and mark != "‘":
            want.append(_PAIRS[mark])
        elif mark == '"' and want[0] == "”" and _is_inner(text, at, end):
            continue
        elif (mark == want[0] and len(want) > 1) or (mark == '"' and want[0] == "”"):
            return at
    return min(end, opened + _LONGEST)


def _is_inner(text: str, at: int, end: int) -> bool:
    """Tell whether a straight mark within curly ones is one of a pair (“所谓的"甲"不行”), and does not close them."""
    close = text.find("”", at, min(end, at + _LONGEST))
    again = text.find("“", at, end)
    if close < 0 or -1 < again < close:
        return False
    before = text.rfind("“", max(0, at - _LONGEST), at)
    return text.count('"', before, close) % 2 == 0


def _straight(text: str, opened: int, end: int) -> int:
    for match in _STRAIGHT.finditer(text, opened + 1, min(end, opened + _LONGEST)):
        at = match.start()
        if text[at] in '"”' or (text[at] == "“" and text[opened] == "”"):
            return at
    return min(end, opened + _LONGEST)


def _closes(text: str, at: int, start: int) -> bool:
    return at > start and text[at - 1] not in "：:，, \n"


def _within_word(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()
