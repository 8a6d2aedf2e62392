"""How single values are written in ``config.toml``, and which of them are refused.

Part of the vocabulary, below ``settings``, whose tables are made of these types. Keeps to itself the
forms of durations, sizes, addresses and zones; every refusal is a ValueError that says what to
write instead.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from email.utils import parseaddr
from string import Formatter
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)", re.IGNORECASE)
_SIZES = {"b": 1, "kb": 1000, "mb": 1000_000, "gb": 1000_000_000}
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\x00-\x1f]+@[^@\s<>,;:\"()\[\]\x00-\x1f]+")


def shown(value: object) -> str:
    """Return a value as the config would write it, shortened to 60 characters, for use in a message."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - the docstring's figure


def duration(written: object) -> object:
    """Return ``"90s"``, ``"30m"``, ``"1h"``, ``"2d"`` or ``"1w"`` as a timedelta; ValueError if it is none."""
    if isinstance(written, timedelta):
        return written
    match = _DURATION.fullmatch(written.strip().lower()) if isinstance(written, str) else None
    try:
        if match is not None:
            return timedelta(seconds=float(match[1]) * _UNITS[match[2]])
    except OverflowError as error:
        message = f"{shown(written)} is longer than a computer can count"
        raise ValueError(message) from error
    message = f'{shown(written)} is no duration - write "30m" or "2h"'
    raise ValueError(message)


def duration_text(span: timedelta) -> str:
    """Return a duration as the config writes it, in the largest unit that divides it: ``"90m"``, ``"0.5s"``."""
    micros = span // timedelta(microseconds=1)
    for unit in ("w", "d", "h", "m", "s"):
        count, rest = divmod(micros, _UNITS[unit] * 1_000_000)
        if count and not rest:
            return f"{count}{unit}"
    return f"{span.total_seconds():.6f}".rstrip("0").rstrip(".") + "s"


def size(written: object) -> object:
    """Return ``"10MB"`` as bytes (decimal units); ValueError if it is no size."""
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    match = _SIZE.fullmatch(written.strip()) if isinstance(written, str) else None
    try:
        if match is not None:
            return round(float(match[1]) * _SIZES[match[2].lower()])
    except OverflowError as error:
        message = f"{shown(written)} is more than a computer can count"
        raise ValueError(message) from error
    message = f'{shown(written)} is no size - write "500KB" or "10MB"'
    raise ValueError(message)


def size_text(count: int) -> str:
    """Return a number of bytes as the config writes it, in the largest unit that divides it: ``"10MB"``."""
    for unit in ("GB", "MB", "KB"):
        if count and count % _SIZES[unit.lower()] == 0:
            return f"{count // _SIZES[unit.lower()]}{unit}"
    return f"{count}B"


def _longer(span: timedelta) -> timedelta:
    if not span:
        raise ValueError("must be longer than nothing")
    return span


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f'{shown(name)} is no time zone - write one such as "Asia/Shanghai" or "Europe/Berlin"'
        raise ValueError(message) from error
    return name


def _web_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        bad = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:
        bad = True
    if bad or re.search(r"[\s\x00-\x1f]", url):
        message = f'{shown(url)} is no web address - write it whole, as "https://example.com/feed"'
        raise ValueError(message)
    return url


def _endpoint_url(url: str) -> str:
    if not url:
        return url
    try:
        _web_url(url)
    except ValueError as error:
        message = f'{shown(url)} is no web address - write it whole, as "https://api.example.com/v1"'
        raise ValueError(message) from error
    parts = urlsplit(url)
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        message = "must end before any ? or #, and hold no user name or key - that comes from KAIBI_REFEREE_KEY"
        raise ValueError(message)
    if parts.path.rstrip("/").endswith("/chat/completions"):
        whole = url.rstrip("/").removesuffix("/chat/completions")
        message = f"{shown(url)} goes too far - write {shown(whole)}"
        raise ValueError(message)
    return url


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        message = f'{shown(text)} is no mail address - write one such as "name@example.com"'
        raise ValueError(message)
    return text


def _sender(text: str) -> str:
    if text and not _ADDRESS.fullmatch(parseaddr(text)[1]):
        message = f'{shown(text)} is no sender - write "name@example.com" or "Name <name@example.com>"'
        raise ValueError(message)
    return text


def _subject(text: str) -> str:
    try:
        names = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError as error:
        message = f"{shown(text)} has a brace too many or too few - only {{week}} and {{title}} are filled in"
        raise ValueError(message) from error
    if unknown := sorted(names - {"week", "title"}):
        message = f"{shown(text)} asks for {{{unknown[0]}}} - only {{week}} and {{title}} are filled in"
        raise ValueError(message)
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


def _one_line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", text):
        raise ValueError("must be one line without control characters")
    return text


_DURATION_SCHEMA = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*[smhdwSMHDW]\s*$", "examples": ["30m", "2h", "1d"]}
_SIZE_SCHEMA = {
    "anyOf": [
        {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*([KkMmGg]?[Bb])\s*$", "examples": ["500KB", "10MB"]},
        {"type": "integer", "exclusiveMinimum": 0},
    ]
}
Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    PlainSerializer(duration_text, when_used="json"),
    WithJsonSchema(_DURATION_SCHEMA),
]
SomeTime = Annotated[Duration, AfterValidator(_longer)]
Size = Annotated[
    int, BeforeValidator(size), Field(gt=0), PlainSerializer(size_text, when_used="json"), WithJsonSchema(_SIZE_SCHEMA)
]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
EndpointUrl = Annotated[str, AfterValidator(_endpoint_url)]
Address = Annotated[str, AfterValidator(_address)]
Text = Annotated[str, AfterValidator(_not_blank)]
Line = Annotated[str, AfterValidator(_one_line)]
LineOfText = Annotated[Text, AfterValidator(_one_line)]
Subject = Annotated[Line, AfterValidator(_subject)]
Sender = Annotated[Line, AfterValidator(_sender)]
Language = Literal["zh", "en"]
