"""What is wrong with a config, in plain words: pydantic's findings reworded, with suggestions.

Keeps to itself pydantic's error kinds, which keys each table knows, and what people write instead
of them. A mistake knows its key's path; ``load`` knows the lines.
"""

from __future__ import annotations

import difflib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import available_timezones

from pydantic import BaseModel

from pipeline.settings import Settings, Side
from pipeline.written import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from pipeline.config.lines import KeyPath

_SECRET = re.compile(r"pass|secret|token|pwd|credential|密码|密碼|口令", re.IGNORECASE)
_KEY = re.compile(r"key|密钥|金鑰", re.IGNORECASE)
_MEANT = {
    "api_base": "base_url",
    "budget": "monthly_budget",
    "endpoint": "base_url",
    "from": "sender",
    "interval": "every",
    "lang": "language",
    "max": "max_articles",
    "schedule": "every",
    "selector": "link",
    "server": "host",
    "retries": "max_retries",
    "text": "body",
    "threshold": "below",
    "to": "recipients",
    "type": "kind",
    "tz": "timezone",
    "ua": "user_agent",
    "url": "base_url",
    "user": "username",
}
"""Keys of other programs, and what kaibi calls them."""
_ZONES_MEANT = dict.fromkeys(
    ("asia/beijing", "beijing", "china", "cst", "utc+8", "gmt+8", "+08:00", "北京"), "Asia/Shanghai"
)


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One thing wrong at one place."""

    path: KeyPath
    """Places in arrays counted from 0; empty: the whole file."""
    message: str
    """What is wrong and what to write instead, without the place."""

    def __str__(self) -> str:
        """Return the key as people count (``source.2.every``), with the message."""
        place = ".".join(str(key + 1) if isinstance(key, int) else _key_text(key) for key in self.path)
        return f"{place}: {self.message}" if place else self.message


def of_validation(error: ValidationError, *, sides: tuple[str, ...] = (), within: KeyPath = ()) -> list[Mistake]:
    """Return pydantic's findings in plain words.

    ``sides`` are the sides' ids in the file's order, ``within`` is the table that was judged.
    """
    return [_reworded(found, (*within, *_path(found["loc"], sides))) for found in error.errors(include_url=False)]


def suggestion(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant; None where none is near."""
    by_lower = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word.lower(), by_lower, n=1)
    return by_lower[near[0]] if near else None


def _path(loc: tuple[int | str, ...], sides: tuple[str, ...]) -> KeyPath:
    match loc:
        case ("debate", "sides", int(place), *rest) if place < len(sides):
            return ("debate", "sides", sides[place], *rest)
    return loc


def _key_text(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else json.dumps(key, ensure_ascii=False)


def _reworded(details: ErrorDetails, path: KeyPath) -> Mistake:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "extra_forbidden":
        message = _unknown_key(path)
    elif kind == "missing":
        message = _missing(path)
    elif kind == "value_error":
        message = str(context["error"])
        if path[-1:] == ("timezone",) and isinstance(value, str):
            message = _unknown_zone(value)
    elif kind in {"enum", "literal_error"}:
        message = _not_among(value, context)
    elif kind == "tuple_type" and isinstance(value, dict) and path in {("source",), ("debate", "actor")}:
        message = f"must be written with double brackets: [[{'.'.join(map(str, path))}]]"
    elif kind in {"model_type", "model_attributes_type", "dict_type"}:
        message = _no_table(value, path)
    else:
        message = _other(kind, value, context) or f"{details['msg'][:1].lower()}{details['msg'][1:]}"
    return Mistake(path=path, message=message)


def _other(kind: str, value: object, context: Mapping[str, Any]) -> str | None:
    """Return the wording for a wrong type or a number out of bounds; None for a kind it does not know."""
    types = {
        "string_type": 'text in "quotes"',
        "int_type": "a whole number",
        "int_from_float": "a whole number",
        "float_type": "a number",
        "bool_type": "true or false",
        "tuple_type": 'a list such as ["one", "two"]',
    }
    bounds = {
        "greater_than": ("gt", "more than"),
        "greater_than_equal": ("ge", "at least"),
        "less_than": ("lt", "less than"),
        "less_than_equal": ("le", "at most"),
    }
    if kind in types:
        return f"must be {types[kind]}, not {shown(value)}"
    if kind in bounds:
        key, words = bounds[kind]
        bound = context[key]
        plain = int(bound) if bound == int(bound) else bound
        return f"must be {words} {plain}, not {shown(value)}"
    if kind == "too_short":
        return "must not be empty"
    return None


def _missing(path: KeyPath) -> str:
    match path:
        case ("debate",):
            return (
                'missing - the debate with its two sides is the one table kaibi needs ("kaibi init" writes an example)'
            )
        case ("source", int(), *_):
            return f"missing - every source needs a {path[-1]}"
        case ("debate", "sides", str(side), *_):
            return f"missing - the side {shown(side)} needs {'a label' if path[-1] == 'label' else 'terms'}"
    return f'missing - write {path[-1]} = "..."'


def _unknown_key(path: KeyPath) -> str:
    key = str(path[-1])
    if path[:2] == ("reading", "referee") and (_KEY.search(key) or _SECRET.search(key)):
        return (
            "no secrets in this file - take the line out and set KAIBI_REFEREE_KEY, "
            "or KAIBI_REFEREE_KEY_FILE to a file that holds it"
        )
    if len(path) > 1 and _SECRET.search(key):
        return (
            "no secrets in this file - take the line out and set KAIBI_MAIL_PASSWORD, "
            "or KAIBI_MAIL_PASSWORD_FILE to a file that holds it"
        )
    known = _known_keys(path[:-1])
    usual = _MEANT.get(key.lower())
    if meant := usual if usual in known else suggestion(key, known):
        return f"unknown key - did you mean {shown(meant)}?"
    elsewhere = [name for name, table in Settings.model_fields.items() if key in _keys_of(table.annotation)]
    if elsewhere:
        place = f"[[{elsewhere[0]}]]" if elsewhere[0] == "source" else f"[{elsewhere[0]}]"
        return f"unknown key - it belongs in {place}"
    return f"unknown key - known here: {', '.join(known)}"


def _known_keys(path: KeyPath) -> list[str]:
    """Return the keys of the table at ``path``, in the order of the documentation."""
    model: type[BaseModel] = Settings
    for key in path:
        if key in model.model_fields:
            found = _model_in(model.model_fields[str(key)].annotation)
            model = found or model
    return [name for name in model.model_fields if not (model is Side and name == "id")]


def _keys_of(annotation: object) -> list[str]:
    model = _model_in(annotation)
    return list(model.model_fields) if model else []


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_in(part))), None)


def _unknown_zone(name: str) -> str:
    zones = available_timezones()
    towns = {zone.rpartition("/")[2].lower(): zone for zone in sorted(zones)}
    word = name.lower().strip().replace(" ", "_")
    meant = _ZONES_MEANT.get(word) or towns.get(word) or suggestion(word, zones)
    if meant is None and (town := suggestion(word, towns)):
        meant = towns[town]
    hint = f"did you mean {shown(meant)}?" if meant else 'write one such as "Asia/Shanghai" or "Europe/Berlin"'
    return f"{shown(name)} is no time zone - {hint}"


def _not_among(value: object, context: Mapping[str, Any]) -> str:
    allowed = re.findall(r"'([^']*)'", str(context["expected"]))
    *most, final = [shown(word) for word in allowed]
    meant = suggestion(value, allowed) if isinstance(value, str) else None
    hint = f" - did you mean {shown(meant)}?" if meant else ""
    return f"must be {', '.join(most)} or {final}, not {shown(value)}{hint}"


def _no_table(value: object, path: KeyPath) -> str:
    if path[:2] == ("digest", "recipients"):
        return f"must be an address or a table with one, not {shown(value)}"
    if isinstance(value, list) and (len(path) == 1 or path == ("reading", "referee")):
        return f"must be one table, written with single brackets: [{'.'.join(map(str, path))}]"
    return f"must be a table, not {shown(value)}"
