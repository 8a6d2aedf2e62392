"""JSON Lines in, JSON Lines out: a line ends at a line feed alone, the order is kept, and a bad line stops nothing.

Keeps to itself what a line may be. What is written is always valid UTF-8: half a surrogate pair, which JSON can
escape and UTF-8 cannot hold, goes out escaped as it came in. Every line is flushed, so that a program can wait
for its answer.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import BinaryIO

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BOM: Final = b"\xef\xbb\xbf"


class BadLineError(Exception):
    """A line that cannot be answered; ``str()`` says what is wrong with it, ``line_id`` whose it is (None: unknown)."""

    def __init__(self, problem: str, line_id: str | int | None = None) -> None:
        """Keep the problem and the id that its answer bears."""
        super().__init__(problem)
        self.line_id = line_id


def answer_lines(source: BinaryIO, out: BinaryIO, answer: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> int:
    """Write the answer to each line of ``source`` as a line of ``out``, and return how many lines were bad.

    ``answer`` gets a line's object, whose ``id`` is a text or a whole number, and returns what goes out beside
    the id; it raises BadLineError where the object lacks something.
    """
    bad = 0
    for number, raw in _numbered(source):
        line_id: str | int | None = None
        try:
            fields = _fields(raw)
            line_id = fields["id"]
            told = {"id": line_id, **answer(fields)}
        except BadLineError as error:
            bad += 1
            told = {"id": line_id if error.line_id is None else error.line_id, "line": number, "error": str(error)}
        out.write(as_line(told))
        out.flush()
    return bad


def as_line(told: Mapping[str, Any]) -> bytes:
    """Return one object as a line of UTF-8."""
    text = json.dumps(told, ensure_ascii=False, allow_nan=False)
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode() + b"\n"


def whole(text: str) -> str:
    """Return the text with half surrogate pairs replaced, character for character: offsets stay what they are."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def text_field(fields: Mapping[str, Any], name: str, *, optional: bool = False) -> str | None:
    """Return a text of the line's object; None where it may be missing or null, and is. BadLineError otherwise."""
    value = fields.get(name)
    if isinstance(value, str) or (value is None and optional):
        return value
    raise BadLineError(f'"{name}" is missing' if name not in fields else f'"{name}" must be a text')


def _numbered(source: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Yield each line with its number from 1; empty lines at the very end are no lines."""
    empty: list[tuple[int, bytes]] = []
    for number, raw in enumerate(source, start=1):
        line = raw.removeprefix(_BOM) if number == 1 else raw
        if not line.strip():
            empty.append((number, line))
            continue
        yield from empty
        empty.clear()
        yield number, line


def _fields(raw: bytes) -> dict[str, Any]:
    if not raw.strip():
        raise BadLineError("the line is empty")
    try:
        found = json.loads(raw.decode(), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise BadLineError(f"not UTF-8 at byte {error.start + 1} of the line") from error
    except RecursionError as error:
        raise BadLineError("lists or objects are nested too deeply") from error
    except ValueError as error:
        raise BadLineError(f"not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadLineError("not a JSON object")
    line_id = found.get("id")
    if not isinstance(line_id, str | int) or isinstance(line_id, bool):
        raise BadLineError('"id" is missing' if "id" not in found else '"id" must be a text or a whole number')
    return found


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no JSON number")
