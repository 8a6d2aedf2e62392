"""Settings written out: as TOML with every value in force, and as a schema for editors.

Keeps to itself which of TOML's forms each value takes, and what is masked. What is shown loads
back to equal settings, except for a masked password in the database's address.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import tomlkit

from pipeline.settings import (
    CrawlSettings,
    Debate,
    DigestSettings,
    KnownActor,
    MailSettings,
    ReadingSettings,
    Recipient,
    RefereeSettings,
    Security,
    Settings,
    Side,
    Source,
    StoreSettings,
    Topic,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel

_TABLES: tuple[type[BaseModel], ...] = (
    Debate,
    Side,
    Topic,
    KnownActor,
    Source,
    CrawlSettings,
    RefereeSettings,
    StoreSettings,
    DigestSettings,
    Recipient,
    MailSettings,
)
_PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_CREDENTIALS = re.compile(r"(?<=://)([^:@/]*):(.*)@(?=[^@]*$)")


def as_toml(settings: Settings) -> str:
    """Return all settings as TOML, defaults included; a key that is not set stands as a comment."""
    debate = settings.debate
    parts = [
        _table("[debate]", debate, skip={"sides", "topic", "actor"}),
        *(_table(f"[debate.sides.{tomlkit.key(side.id).as_string()}]", side, skip={"id"}) for side in debate.sides),
        _table("[debate.topic]", debate.topic),
        *(_table("[[debate.actor]]", actor) for actor in debate.actor),
        _table("[crawl]", settings.crawl),
        _table("[reading.referee]", settings.reading.referee),
        f"[store]\n{_line('url', masked(settings.store.url))}\n",
        _table("[digest]", settings.digest),
        _table("[mail]", settings.mail, unset=_unset_mail(settings.mail)),
        *(_table("[[source]]", source, unset=_unset_source(source, settings)) for source in settings.source),
    ]
    return "\n".join(parts)


def masked(store_url: str) -> str:
    """Return a database's address with its password replaced by ``***``."""
    hidden = _CREDENTIALS.sub(r"\1:***@", store_url)
    return re.sub(r"(?i)([?&](?:password|passfile|sslpassword)=)[^&]*", r"\1***", hidden)


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of ``config.toml``, for editors that complete and check."""
    schema = Settings.model_json_schema()
    tables = schema["$defs"]
    for described in schema["properties"].values():
        described.pop("default", None)
    for model in _TABLES:
        defaults = model.model_construct().model_dump(mode="json", warnings=False)
        for key, described in tables[model.__name__]["properties"].items():
            described.pop("title", None)
            described.pop("default", None)
            if defaults.get(key) is not None:
                described["default"] = defaults[key]
    tables[ReadingSettings.__name__]["properties"]["referee"].pop("default", None)
    del tables["Side"]["properties"]["id"]
    tables["Side"]["required"].remove("id")
    tables["Debate"]["properties"]["sides"] = {
        "description": "The two answers, each a table named by its id; the first is the first side of every score.",
        "type": "object",
        "additionalProperties": {"$ref": "#/$defs/Side"},
        "minProperties": 2,
        "maxProperties": 2,
    }
    recipients = tables["DigestSettings"]["properties"]["recipients"]
    recipients["items"] = {"anyOf": [{"type": "string", "format": "email"}, {"$ref": "#/$defs/Recipient"}]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "kaibi's config.toml"}


def source_toml(source: Source) -> str:
    """Return a ``[[source]]`` table that says only what differs from the defaults."""
    return _table("[[source]]", source, only=source.model_dump(mode="json", exclude_defaults=True))


def _table(
    header: str,
    table: BaseModel,
    *,
    skip: Iterable[str] = (),
    only: Iterable[str] | None = None,
    unset: dict[str, str] | None = None,
) -> str:
    rows = [header]
    for key, written in table.model_dump(mode="json").items():
        if key in skip or (only is not None and key not in only):
            continue
        if written is None:
            rows.append(f"# {key}: {(unset or {}).get(key, 'not set')}")
        else:
            rows.append(_line(key, written))
    return "\n".join(rows) + "\n"


def _line(key: str, written: Any) -> str:
    return f"{key} = {_value(written)}"


def _value(written: Any) -> str:
    if isinstance(written, dict):
        pairs = (f"{key} = {_value(value)}" for key, value in written.items() if value is not None)
        return f"{{ {', '.join(pairs)} }}"
    if isinstance(written, list):
        return f"[{', '.join(_value(value) for value in written)}]"
    return str(tomlkit.item(written).as_string())


def _unset_mail(mail: MailSettings) -> dict[str, str]:
    return {"port": f"{_PORTS[mail.security]}, as usual for {mail.security}"}


def _unset_source(source: Source, settings: Settings) -> dict[str, str]:
    delay = settings.crawl.model_dump(mode="json")["delay"]
    return {
        "timezone": f"the debate's, {settings.debate.timezone}",
        "language": "told from the text",
        "delay": f"that of [crawl], {delay}",
        "link": "found by itself" if source.kind == "listing" else "not needed",
    } | dict.fromkeys(("title", "body", "author", "date"), "found by itself")
