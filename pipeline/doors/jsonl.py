"""JSON Lines in, JSON Lines out: a line ends at a line feed alone, the order is kept, and a bad line stops nothing.

Keeps to itself what a line may be. What is written is always valid UTF-8: half a surrogate pair, which JSON can
escape and UTF-8 cannot hold, goes out escaped as it came in. Every line is flushed, so that a program can wait
for its answer.
"""

from __future__ import annotations

import json
import os
import re
import signal
import stat
import sys
from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_BATCH: Final = 256
Answer = Callable[[Mapping[str, Any]], Mapping[str, Any]]
_BOM: Final = b"\xef\xbb\xbf"


class BadLineError(Exception):
    """A line that cannot be answered; ``str()`` says what is wrong with it, ``line_id`` whose it is (None: unknown)."""

    def __init__(self, problem: str, line_id: str | int | None = None) -> None:
        """Keep the problem and the id that its answer bears."""
        super().__init__(problem)
        self.line_id = line_id


def answer_lines(source: BinaryIO, out: BinaryIO, answer: Answer, *, workers: int = 1) -> int:
    """Write the answer to each line of ``source`` as a line of ``out``, and return how many lines were bad.

    ``answer`` gets a line's object, whose ``id`` is a text or a whole number, and returns what goes out beside
    the id; it raises BadLineError where the object lacks something. More than one worker is for a source that is
    there as a whole: lines are then read some hundred ahead.
    """
    bad = 0
    lines = _numbered(source)
    replies = _side_by_side(lines, answer, workers) if workers > 1 else (_reply(answer, *line) for line in lines)
    for reply, is_bad in replies:
        out.write(reply)
        out.flush()
        bad += is_bad
    return bad


def objects(source: BinaryIO) -> Iterator[tuple[int, Mapping[str, Any] | BadLineError]]:
    """Yield each line's number from 1 with its object, whose ``id`` is a text or a whole number, or what is wrong with it."""
    for number, raw in _numbered(source):
        try:
            yield number, _fields(raw)
        except BadLineError as error:
            yield number, error


def workers_for(source: BinaryIO, *, worth_bytes: int) -> int:
    """Return how many processes to answer with: one, unless it is a file of at least ``worth_bytes``."""
    try:
        found = os.fstat(source.fileno())
    except (OSError, ValueError):
        return 1
    is_much = stat.S_ISREG(found.st_mode) and found.st_size >= worth_bytes
    return len(os.sched_getaffinity(0)) if is_much and sys.platform == "linux" else 1


def _reply(answer: Answer, number: int, raw: bytes) -> tuple[bytes, bool]:
    """Return the line that answers a line, and whether that was bad."""
    line_id: str | int | None = None
    try:
        fields = _fields(raw)
        line_id = fields["id"]
        return as_line({"id": line_id, **answer(fields)}), False
    except BadLineError as error:
        line_id = line_id if error.line_id is None else error.line_id
        return as_line({"id": line_id, "line": number, "error": str(error)}), True


def _side_by_side(lines: Iterator[tuple[int, bytes]], answer: Answer, workers: int) -> Iterator[tuple[bytes, bool]]:
    """Yield the replies in the order of the lines; the workers are forked, so that they need not prepare again."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    with ProcessPoolExecutor(workers, get_context("fork"), initializer=_prepare, initargs=(answer,)) as pool:
        while batch := list(islice(lines, _BATCH)):
            yield from pool.map(_reply_here, batch, chunksize=4)


_here: list[Answer] = []


def _prepare(answer: Answer) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who started the workers
    _here.append(answer)


def _reply_here(line: tuple[int, bytes]) -> tuple[bytes, bool]:
    return _reply(_here[-1], *line)


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
