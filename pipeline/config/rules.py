"""The rules that span several keys, checked on the file's own tables.

``Settings`` holds most of them too, but pydantic checks across keys only once every single key is
right, and knows no place for what it finds. Here they are found together with everything else.
Each rule takes the tables as tomllib gave them and steps over whatever has the wrong type.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pipeline.config.mistakes import Mistake
from pipeline.settings import MIN_DELAY, is_loopback
from pipeline.written import duration, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import timedelta

_LINKS = ("link", "next")
_ON_PAGE = ("title", "body", "author", "date")
_ENDING = re.compile(r"\s*::\s*(?:text|attr\(\s*[\w:-]+\s*\))\s*$")
_TWO = "write exactly two tables, as [debate.sides.open] and [debate.sides.closed]"


def across_keys(config: Mapping[str, Any]) -> list[Mistake]:
    """Return every mistake that no single key shows, in no particular order."""
    rules: tuple[Callable[[Mapping[str, Any]], Iterator[Mistake]], ...] = (
        _two_sides,
        _sides_apart,
        _source_names,
        _politeness,
        _selectors,
        _recipients,
        _mail_host,
        _referee,
        _store,
    )
    return [mistake for rule in rules for mistake in rule(config)]


def store_problem(url: str) -> str | None:
    """Return what is wrong with a database's address; None when nothing is."""
    scheme, mark, rest = url.partition("://")
    if not mark:
        return f'{shown(url)} is no database address - write "sqlite:///kaibi.db"'
    kind = scheme.partition("+")[0]
    if kind == "postgres":
        return 'a PostgreSQL address begins with "postgresql://"'
    if kind not in {"sqlite", "postgresql"}:
        return f'kaibi keeps its data in SQLite or PostgreSQL, not {shown(kind)} - write "sqlite:///kaibi.db"'
    return _sqlite_problem(rest) if kind == "sqlite" else None


def _sqlite_problem(rest: str) -> str | None:
    """Return what is wrong with a SQLite address from behind its two slashes."""
    file = rest.partition("?")[0]
    if file in {"", "/", "/:memory:"} or "mode=memory" in rest:
        return 'a database in memory forgets everything at exit - write a file, as "sqlite:///kaibi.db"'
    if not file.startswith("/"):
        return f'a SQLite address has three slashes - write "sqlite:///{file}"'
    return None


def _table(config: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for key in path:
        below = config.get(key)
        config = below if isinstance(below, dict) else {}
    return config


def _sources(config: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    written = config.get("source")
    for place, source in enumerate(written if isinstance(written, list) else []):
        if isinstance(source, dict):
            yield place, source


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _two_sides(config: Mapping[str, Any]) -> Iterator[Mistake]:
    if not isinstance(config.get("debate"), dict):
        return
    sides = config["debate"].get("sides")
    path = ("debate", "sides")
    if sides is None:
        yield Mistake(path=path, message=f"missing - a debate has two sides: {_TWO}")
    elif not isinstance(sides, dict):
        yield Mistake(path=path, message=f"must be tables with the sides' names - {_TWO}")
    elif len(sides) == 1:
        yield Mistake(path=path, message=f"one side is missing, only {shown(min(sides))} is here - {_TWO}")
    elif len(sides) != 2:  # noqa: PLR2004 - a debate has two sides
        found = f"{len(sides)} are here ({', '.join(sides)})" if sides else "none is here"
        yield Mistake(path=path, message=f"a debate has two sides, {found} - {_TWO}")


def _sides_apart(config: Mapping[str, Any]) -> Iterator[Mistake]:
    owner: dict[str, str] = {}
    for name, side in _table(config, "debate", "sides").items():
        path = ("debate", "sides", name)
        if name in {"mixed", "neutral", "off_topic"}:
            yield Mistake(path=path, message="is the name of a stance and cannot be a side's - choose another name")
        if not name.strip():
            yield Mistake(path=path, message="a side needs a name")
        if not isinstance(side, dict):
            continue
        if "id" in side:
            yield Mistake(path=(*path, "id"), message="unknown key - the table's own name is the side's id")
        for place, term in enumerate(_texts(side.get("terms"))):
            if owner.setdefault(term.casefold(), name) != name:
                message = (
                    f"{shown(term)} is a term of the side {shown(owner[term.casefold()])} too - it can name only one"
                )
                yield Mistake(path=(*path, "terms", place), message=message)


def _source_names(config: Mapping[str, Any]) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for place, source in _sources(config):
        name = source.get("name")
        if isinstance(name, str) and first.setdefault(name, place) != place:
            message = f"{shown(name)} is the name of source.{first[name] + 1} too - give each source its own"
            yield Mistake(path=("source", place, "name"), message=message)


def _politeness(config: Mapping[str, Any]) -> Iterator[Mistake]:
    general = _duration(_table(config, "crawl").get("delay"))
    hurried = None
    for place, source in _sources(config):
        url = source.get("url")
        if not isinstance(url, str) or _on_this_machine(url):
            continue
        if "delay" in source:
            delay = _duration(source["delay"])
            if delay is not None and delay < MIN_DELAY:
                message = f"{shown(source['delay'])} is too short - below 1s is for addresses of this machine only"
                yield Mistake(path=("source", place, "delay"), message=message)
        elif hurried is None:
            hurried = place
    if general is not None and general < MIN_DELAY and hurried is not None:
        message = (
            f"{shown(config['crawl']['delay'])} is too short for source.{hurried + 1} - "
            "below 1s is for addresses of this machine only (127.0.0.1, localhost)"
        )
        yield Mistake(path=("crawl", "delay"), message=message)


def _duration(written: object) -> timedelta | None:
    try:
        return duration(written)  # type: ignore[return-value]
    except ValueError:
        return None


def _on_this_machine(url: str) -> bool:
    try:
        return is_loopback(url)
    except ValueError:
        return True


def _selectors(config: Mapping[str, Any]) -> Iterator[Mistake]:
    for place, source in _sources(config):
        for key in (*_LINKS, *_ON_PAGE):
            if isinstance(source.get(key), str) and (problem := _selector_problem(source[key], of_link=key in _LINKS)):
                yield Mistake(path=("source", place, key), message=problem)
        for number, selector in enumerate(_texts(source.get("drop"))):
            if problem := _selector_problem(selector, of_link=True):
                yield Mistake(path=("source", place, "drop", number), message=problem)


def _selector_problem(selector: str, *, of_link: bool) -> str | None:
    """Return what is wrong with a selector; only on an article's page may it end in ``::text`` or ``::attr(name)``."""
    import cssselect

    plain = _ENDING.sub("", selector)
    if of_link and plain != selector:
        return f"{shown(selector)} must name the element alone - write {shown(plain)}"
    if not plain.strip():
        return None if not selector.strip() else f"{shown(selector)} names no element before its ::"
    try:
        cssselect.HTMLTranslator().css_to_xpath(plain)
    except cssselect.SelectorError as error:
        reason = re.sub(r"\s+", " ", str(error)).rstrip(".")
        return f"{shown(selector)} is no CSS selector ({reason})"
    return None


def _recipients(config: Mapping[str, Any]) -> Iterator[Mistake]:
    recipients = _table(config, "digest").get("recipients")
    first: dict[str, int] = {}
    for place, recipient in enumerate(recipients if isinstance(recipients, list) else []):
        address = recipient.get("address") if isinstance(recipient, dict) else recipient
        if isinstance(address, str) and first.setdefault(address.casefold(), place) != place:
            message = f"{shown(address)} is there twice - each recipient gets one mail"
            yield Mistake(path=("digest", "recipients", place), message=message)


def _mail_host(config: Mapping[str, Any]) -> Iterator[Mistake]:
    mail = _table(config, "mail")
    if mail.get("transport") == "smtp" and mail.get("host", "") == "":
        message = 'transport = "smtp" needs a mail server - write host = "mail.example.com" in [mail]'
        yield Mistake(path=("mail", "host"), message=message)


def _referee(config: Mapping[str, Any]) -> Iterator[Mistake]:
    referee = _table(config, "reading", "referee")
    if referee.get("enabled") is not True:
        return
    for key, example in (("base_url", "https://api.example.com/v1"), ("model", "a-model")):
        written = referee.get(key, "")
        if isinstance(written, str) and not written.strip():
            message = f'an enabled referee needs it - write {key} = "{example}" in [reading.referee]'
            yield Mistake(path=("reading", "referee", key), message=message)


def _store(config: Mapping[str, Any]) -> Iterator[Mistake]:
    url = _table(config, "store").get("url")
    if isinstance(url, str) and url.strip() and (problem := store_problem(url)):
        yield Mistake(path=("store", "url"), message=problem)
