"""Where in a TOML text each key stands: tomllib tells the values and not the lines.

Keeps to itself a scanner that reads just enough of TOML's grammar to walk from key to key. It
trusts tomllib to have judged the text: on text that is no TOML it stops where it is lost.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from dataclasses import dataclass, field

KeyPath = tuple[str | int, ...]
"""Keys, and places in arrays counted from 0, as one would walk tomllib's result."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:\\.|[^\\])*?"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_SCALAR = re.compile(r"[^,\]}#\n]*[^,\]}#\n \t\r]")


@dataclass(frozen=True, kw_only=True)
class Span:
    """The lines, counted from 1, from a key (or a table's header) to the end of what belongs to it."""

    first: int
    last: int


def spans(text: str) -> dict[KeyPath, Span]:
    """Return the span of every table, key and array element of a text that tomllib accepts.

    A table's span ends with its last key, not with the comments after it. A key that several
    places add to (a table and its sub-table far below) spans from the first to the last of them.
    """
    scanner = _Scanner(text)
    scanner.document()
    return {path: Span(first=first, last=scanner.last[path]) for path, first in scanner.first.items()}


def lines(text: str) -> dict[KeyPath, int]:
    """Return the line, counted from 1, where each table, key and array element begins."""
    return {path: span.first for path, span in spans(text).items()}


def last_statement_line(text: str) -> int:
    """Return the line of the last statement begun in a text that ends too early."""
    scanner = _Scanner(text)
    try:
        scanner.document()
    except _LostError:
        return scanner.line(scanner.statement)
    return scanner.line(scanner.statement)


class _LostError(Exception):
    """The text is no TOML from here on."""


@dataclass
class _Scanner:
    text: str
    at: int = 0
    statement: int = 0
    first: dict[KeyPath, int] = field(default_factory=dict)
    last: dict[KeyPath, int] = field(default_factory=dict)
    _elements: dict[KeyPath, int] = field(default_factory=dict)
    _line_starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line(self, at: int) -> int:
        return bisect_right(self._line_starts, at)

    def document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            self.statement = self.at
            if self._next_is("["):
                table = self._header()
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self) -> KeyPath:
        began = self.at
        brackets = 2 if self.text.startswith("[[", self.at) else 1
        self.at += brackets
        *above, name = self._dotted_key()
        path: KeyPath = ()
        for key in above:
            path = self._into_last_element((*path, key))
            self._saw(path, began)
        path = (*path, name)
        if brackets == 1:
            path = self._into_last_element(path)
        else:
            self._saw(path, began)
            self._elements[path] = self._elements.get(path, 0) + 1
            path = self._into_last_element(path)
        self._skip(_SPACE)
        for _ in range(brackets):
            self._take("]")
        self._saw(path, began, explicit=True)
        return path

    def _into_last_element(self, path: KeyPath) -> KeyPath:
        return (*path, self._elements[path] - 1) if path in self._elements else path

    def _pair(self, table: KeyPath) -> None:
        began = self.at
        keys = self._dotted_key()
        paths = [(*table, *keys[: count + 1]) for count in range(len(keys))]
        for path in paths:
            self._saw(path, began)
        self._skip(_SPACE)
        self._take("=")
        self._skip(_SPACE)
        self._value(paths[-1])
        self._reached(paths[-1])

    def _dotted_key(self) -> list[str]:
        keys = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key())
            self._skip(_SPACE)
            if not self._next_is("."):
                return keys
            self.at += 1

    def _key(self) -> str:
        if self._next_is('"') or self._next_is("'"):
            written = self._match(_STRING)
            try:
                return str(tomllib.loads(f"key = {written}")["key"])
            except tomllib.TOMLDecodeError as error:
                raise _LostError from error
        return self._match(_BARE_KEY)

    def _value(self, path: KeyPath) -> None:
        if self._next_is("["):
            self._array(path)
        elif self._next_is("{"):
            self._inline_table(path)
        elif self._next_is('"') or self._next_is("'"):
            self._match(_STRING)
        else:
            self._match(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        count = 0
        while True:
            self._skip(_BLANK)
            if self._next_is("]"):
                self.at += 1
                return
            element = (*path, count)
            self._saw(element, self.at)
            self._value(element)
            self._reached(element)
            count += 1
            self._skip(_BLANK)
            if not self._next_is("]"):
                self._take(",")

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        while True:
            self._skip(_BLANK)
            if self._next_is("}"):
                self.at += 1
                return
            self._pair(path)
            self._skip(_BLANK)
            if not self._next_is("}"):
                self._take(",")

    def _saw(self, path: KeyPath, began: int, *, explicit: bool = False) -> None:
        if explicit or path not in self.first:
            self.first[path] = self.line(began)
        self.last[path] = max(self.last.get(path, 0), self.line(began))

    def _reached(self, path: KeyPath) -> None:
        reached = self.line(max(self.at - 1, 0))
        for depth in range(1, len(path) + 1):
            self.last[path[:depth]] = max(self.last.get(path[:depth], 0), reached)

    def _next_is(self, character: str) -> bool:
        return self.text.startswith(character, self.at)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        if match is None:
            raise _LostError
        self.at = match.end()
        return match[0]

    def _take(self, character: str) -> None:
        if not self._next_is(character):
            raise _LostError
        self.at += 1
