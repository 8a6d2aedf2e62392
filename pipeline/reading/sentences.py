"""Paragraphs, sentences and clauses of a text, as offsets; a sentence never ends inside a quote.

Works on folded text (marks are half width there). Keeps to itself what ends a sentence: abbreviations,
initials, decimals, and a closing quote mark that belongs to the sentence before it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Span = tuple[int, int]
"""Start and end offsets."""

_STOP = re.compile(
    # Begins with one set of letters, so that the search steps from one stop to the next.
    r"[。!?….\n](?:(?<=[。!?…])[。!?…]*[”’」』\"')\]]*|(?<=\.)\.*[”’\"')\]]*(?=\s|$|[A-Z\u4e00-\u9fff])|(?<=\n)\n*)"
)
_ABBREVIATION = re.compile(
    r"(?i)(?<![\w'’])(?:(?P<either>(?:[a-z]\.)+[a-z]|inc|corp|ltd|co|jr|sr|etc)|[a-z]|mr|mrs|ms|messrs|dr|prof|st|mt|ft|vs|gen|sen|rep|sens|reps|gov|col|capt|lt|sgt|maj|cmdr|cpl|adm|rev|hon|dept|e\.g|i\.e|al"
    r"|(?P<number>no|nos|fig|vol|pp|sept|sep|jan|feb|mar|apr|jun|jul|aug|oct|nov|dec))$"
)
"""``either``: may end a sentence as well; ``number``: only before a number."""
_OPENER = re.compile(
    r"\s+[“\"‘]?(?:The|It|He|She|They|We|I|But|And|In|This|That|These|Those|On|At|As|For|If|When|While|However|Its|His|Her|Their|There|Meanwhile|Now|So|Yet|Since|After|Before|Some|Many|Most|Last|A|An|One|Another|By|To|With|What|Why|How)\s"
)
_NUMBER = re.compile(r"\s*#?\d")
_BLANK = " \t\r\n\u3000\ufeff\u200b"


def paragraphs(folded: str) -> Iterator[Span]:
    """Yield the lines that hold something, without the blanks around them."""
    at = 0
    for line in folded.split("\n"):
        span = trimmed(folded, (at, at + len(line)))
        if span[0] < span[1]:
            yield span
        at += len(line) + 1


def sentences(folded: str, within: Span, quotes: Sequence[Span] = ()) -> list[Span]:
    """Return the sentences of ``within``; a stop inside one of ``quotes`` (their content) does not end one."""
    found: list[Span] = []
    start, stop = within
    inside = iter(sorted(quotes))
    quote = next(inside, None)
    for match in _STOP.finditer(folded, start, stop):
        began, ended = match.span()
        while quote and quote[1] < began:
            quote = next(inside, None)
        if quote and quote[0] <= began and ended <= quote[1]:
            continue
        if folded[began] == "." and _is_abbreviated(folded, start, began):
            continue
        _keep(folded, start, ended, found)
        start = ended
    if start < stop:
        _keep(folded, start, stop, found)
    return found


def _is_abbreviated(text: str, start: int, at: int) -> bool:
    """Tell whether the stop at ``at`` only shortens the word before it."""
    short = _ABBREVIATION.search(text[max(start, at - 10) : at])
    if short is None:
        return False
    if short["number"]:
        return _NUMBER.match(text, at + 1) is not None
    return not (short["either"] and _OPENER.match(text, at + 1))


def _keep(folded: str, start: int, end: int, found: list[Span]) -> None:
    # Few sentences have blanks around them.
    if folded[start] in _BLANK or folded[end - 1] in _BLANK:
        start, end = trimmed(folded, (start, end))
    if start < end:
        found.append((start, end))


def trimmed(folded: str, span: Span, marks: str = _BLANK) -> Span:
    """Return the span without the blanks (or ``marks``) at its two ends."""
    start, end = span
    while start < end and folded[start] in marks:
        start += 1
    while end > start and folded[end - 1] in marks:
        end -= 1
    return start, end
