"""From the file to ``Settings``, or to every mistake in it at once.

Keeps to itself the reading of TOML and the joining of each mistake with its line.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from pipeline.config.lines import last_statement_line, lines
from pipeline.config.mistakes import of_validation
from pipeline.config.place import Configured
from pipeline.config.rules import across_keys
from pipeline.errors import ConfigError
from pipeline.settings import Settings, Side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.config.lines import KeyPath
    from pipeline.config.mistakes import Mistake

__all__ = ["Configured", "load", "load_settings", "parse_settings", "parse_toml", "read_config"]

_SYNTAX = {
    "Invalid statement": 'neither a [table] nor key = "value" - names in other scripts need "quotes"',
    "Expected '=' after a key": 'after a key comes "=" and a value',
    "Invalid value": 'no value that TOML knows - text needs straight "quotes"',
    "Unterminated string": "the text that begins here has no closing quote",
    "Illegal character '\\n'": "the text has no closing quote on its line",
    "Illegal character": "a control character stands here - take it out",
    "Found invalid character": "a control character stands here - take it out",
    "Expected \"'''\"": "the text that begins here has no closing quotes",
    "Expected ']'": 'the table\'s name has no closing "]"',
    "Expected ']]'": 'the table\'s name has no closing "]]"',
    "Cannot overwrite a value": "this key or table is there twice",
    "Cannot declare": "this table is there twice",
    "Cannot mutate": "this table is closed already and cannot grow",
    "Expected newline": "something follows the value on its line",
    "Unescaped '\\'": "a backslash needs another before it, or write the text in 'single quotes'",
    "Unclosed array": 'the list has a missing comma or no closing "]"',
    "Unclosed inline table": 'the table in braces has a missing comma or no closing "}"',
    "Invalid initial character": 'a key is missing, or it needs "quotes"',
    "Duplicate inline table key": "this key is there twice in its braces",
}


def load(path: Path) -> Configured:
    """Return the settings of the file at ``path`` with the place they count from; ConfigError as ``load_settings``."""
    return Configured(settings=load_settings(path), path=path)


def load_settings(path: Path) -> Settings:
    """Return the settings of the file at ``path``.

    Raises ConfigError with every mistake at once, in the order of their lines, each as
    ``config.toml:14: source.2.every: "30 minuts" is no duration - write "30m" or "2h"`` with
    the path as it was given.
    """
    return parse_settings(read_config(path), shown_as=str(path))


def parse_settings(text: str, *, shown_as: str) -> Settings:
    """Return the settings that a config's text says; ConfigError names the file as ``shown_as``."""
    text = text.replace("\r\n", "\n")
    config = parse_toml(text, shown_as=shown_as)
    settings, mistakes = _judge(config)
    if settings is not None and not mistakes:
        return settings
    places = lines(text)
    found = sorted({(_line(mistake.path, places), str(mistake)) for mistake in mistakes})
    raise ConfigError(*(f"{shown_as}:{line}: {message}" for line, message in found))


def parse_toml(text: str, *, shown_as: str) -> dict[str, Any]:
    """Return tomllib's reading of a text; ConfigError with line and column where it is no TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{shown_as}:{_syntax(str(error), text)}") from error
    except RecursionError as error:
        raise ConfigError(f"{shown_as}:1: lists or tables are nested too deeply to be read") from error


def read_config(path: Path) -> str:
    """Return the file's text, without a byte order mark, its line ends as they are; ConfigError if it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError as error:
        place = str(path) if path.is_absolute() or len(path.parts) > 1 else f"./{path}"
        raise ConfigError(f'no config at {place} - "kaibi init" writes one') from error
    except IsADirectoryError as error:
        raise ConfigError(f"{path} is a folder - name the file in it, as {path / 'config.toml'}") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigError(f"{path} cannot be read: {reason}") from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8 from here on - save the file as UTF-8") from error


def _judge(config: Mapping[str, Any]) -> tuple[Settings | None, list[Mistake]]:
    """Return the settings (None where pydantic refuses them) and every mistake."""
    mistakes = across_keys(config)
    debate = config.get("debate")
    sides = debate.get("sides") if isinstance(debate, dict) else None
    names = tuple(sides) if isinstance(sides, dict) else ()
    known = {mistake.path for mistake in mistakes}
    no_two_sides = ("debate", "sides") in known
    if isinstance(sides, dict) and no_two_sides:
        mistakes += _each_side(sides)
    try:
        return Settings.model_validate(config), mistakes
    except ValidationError as error:
        found = of_validation(error, sides=names)
    # What pydantic finds across keys stands at a whole table; the rules found the same at its key.
    whole_tables: set[KeyPath] = {(), ("debate",), ("digest",), ("mail",), ("reading", "referee")}
    findings = [finding for finding in found if finding.path not in known]
    if no_two_sides:
        findings = [finding for finding in findings if finding.path[:2] != ("debate", "sides")]
    if mistakes:
        present = {path for path in whole_tables if _is_table(config, path)}
        findings = [finding for finding in findings if finding.path not in present]
    return None, [*mistakes, *findings]


def _is_table(config: object, path: KeyPath) -> bool:
    for key in path:
        config = config.get(key) if isinstance(config, dict) else None
    return isinstance(config, dict)


def _each_side(sides: Mapping[str, Any]) -> list[Mistake]:
    """Return the mistakes inside the sides, which pydantic passes over where they are not two."""
    mistakes: list[Mistake] = []
    for name, side in sides.items():
        try:
            Side.model_validate({**side, "id": name} if isinstance(side, dict) else side)
        except ValidationError as error:
            mistakes += of_validation(error, within=("debate", "sides", name))
    return mistakes


def _line(path: KeyPath, places: Mapping[KeyPath, int]) -> int:
    """Return the line of the key, or of the nearest table above it that the file has."""
    return next((places[path[:depth]] for depth in range(len(path), 0, -1) if path[:depth] in places), 1)


def _syntax(message: str, text: str) -> str:
    """Return ``line: column N: what is wrong`` for one of tomllib's messages."""
    what, _, place = message.rpartition(" (at ")
    found = re.fullmatch(r"line (\d+), column (\d+)\)", place)
    reworded = next((words for start, words in _SYNTAX.items() if what.startswith(start)), what)
    if found is None:
        return f"{last_statement_line(text)}: {reworded}"
    return f"{found[1]}: column {found[2]}: {reworded}"
