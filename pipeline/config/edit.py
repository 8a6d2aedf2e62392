"""Adding and removing a source in ``config.toml`` without touching anything else in it.

Keeps to itself how an edit is made safe: the file must be right before, the new text is read
again and compared with what was wanted, a ``.bak`` holds the old one, and the new file takes the
old one's place in one step, with its mode. tomlkit words the new table; the rest of the text is
copied as it is, so comments, blank lines and line ends stay byte for byte.

What goes with a removed source: the lines from its ``[[source]]`` to its last key, comments between
them too, and one blank line after. Comments above it and below it stay.
"""

from __future__ import annotations

import os
import re
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.config.lines import spans
from pipeline.config.load import parse_settings, parse_toml, read_config
from pipeline.config.mistakes import suggestion
from pipeline.config.show import source_toml
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.settings import Source

_BOM = b"\xef\xbb\xbf"


def add_source(path: Path, source: Source, *, comment: str = "") -> None:
    """Append a source to the config at ``path``, with ``comment`` (may have several lines) under its header.

    Raises ConfigError, the file untouched, where the name or the address is taken, where the config has mistakes
    or would have one with this source, where it cannot be written, and where sources are written
    as one inline array.
    """
    text = read_config(path)
    settings = parse_settings(text, shown_as=str(path))
    if source.name in {known.name for known in settings.source}:
        raise ConfigError(f'{path}: there is a source "{source.name}" already - choose another name')
    if twin := next((known.name for known in settings.source if known.url == source.url), None):
        raise ConfigError(f'{path}: the source "{twin}" follows {source.url} already')
    _refuse_inline(path, text)
    header, _, body = source_toml(source).partition("\n")
    remarks = "".join(f"# {line}".rstrip() + "\n" for line in comment.splitlines())
    table = f"\n{header}\n{remarks}{body}"
    if text and not text.endswith("\n"):
        table = f"\n{table}"
    new = text + table.replace("\n", _line_end(text))
    _replace(path, text, new, wanted=(*settings.source, source))


def remove_source(path: Path, name: str) -> None:
    """Take the source called ``name`` out of the config at ``path``.

    Raises ConfigError, the file untouched, where there is no such source (with a suggestion),
    where the config has mistakes or cannot be written, and where sources are an inline array.
    """
    text = read_config(path)
    settings = parse_settings(text, shown_as=str(path))
    names = [source.name for source in settings.source]
    if name not in names:
        meant = suggestion(name, names)
        hint = f'did you mean "{meant}"?' if meant else '"kaibi sources list" names them'
        raise ConfigError(f'{path}: no source is called "{name}" - {hint}')
    _refuse_inline(path, text)
    place = names.index(name)
    span = spans(text)["source", place]
    rows = re.findall(r"[^\n]*\n|[^\n]+\Z", text)
    end = span.last
    if end < len(rows) and not rows[end].strip():
        end += 1
    new = "".join(rows[: span.first - 1] + rows[end:])
    _replace(path, text, new, wanted=settings.source[:place] + settings.source[place + 1 :])


def _refuse_inline(path: Path, text: str) -> None:
    found = spans(text).get(("source",))
    if found and not re.search(r"^[ \t]*\[\[", text.split("\n")[found.first - 1]):
        raise ConfigError(f"{path}:{found.first}: source: write each source as a [[source]] table, then edit")


def _line_end(text: str) -> str:
    first, found, _ = text.partition("\n")
    return "\r\n" if found and first.endswith("\r") else "\n"


def _replace(path: Path, old: str, new: str, *, wanted: tuple[Source, ...]) -> None:
    """Put ``new`` in the file's place once it says what was wanted and nothing else changed."""
    before = parse_settings(old, shown_as=str(path))
    after = parse_settings(new, shown_as=f"{path} as it would be")
    if after != before.model_copy(update={"source": wanted}) or _others(old) != _others(new):
        raise ConfigError(f"{path}: this file is laid out in a way that cannot be edited safely - edit it by hand")
    target = Path(os.path.realpath(path))
    try:
        raw = target.read_bytes()
        mode = target.stat().st_mode & 0o7777
        _write(target.with_name(f"{target.name}.bak"), raw, mode)
        _write(target, (_BOM if raw.startswith(_BOM) else b"") + new.encode(), mode)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror or error}") from error


def _others(text: str) -> dict[str, Any]:
    return {key: value for key, value in parse_toml(text, shown_as="").items() if key != "source"}


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file beside its place and move it there: a reader sees the old or the new, whole."""
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(name).unlink()
        raise
