"""What ``config.toml`` may say: every table and key with its default, checked at birth.

Part of the vocabulary: these frozen models are handed about as values. Reading the file, with
its lines and suggestions, is ``pipeline.config``'s business. Sizes are bytes, durations are
``timedelta``. A new key is a field here with its docstring, a line in ``config.toml`` and one in
``docs/configuration.md``.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*([smhdw])")
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*(B|KB|MB|GB)", re.IGNORECASE)
_SIZES = {"b": 1, "kb": 1000, "mb": 1000_000, "gb": 1000_000_000}
_ADDRESS = re.compile(r"[^@\s<>,;:\"()\[\]\x00-\x1f]+@[^@\s<>,;:\"()\[\]\x00-\x1f]+")
MIN_DELAY = timedelta(seconds=1)
"""Least pause between two requests to one site that is not on this machine."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def duration(written: object) -> object:
    """Return ``"90s"``, ``"30m"``, ``"1h"``, ``"2d"`` or ``"1w"`` as a timedelta; ValueError if it is none."""
    if isinstance(written, timedelta):
        return written
    match = _DURATION.fullmatch(written.strip().lower()) if isinstance(written, str) else None
    if match is None:
        message = f'{written!r} is no duration - write "30m" or "2h"'
        raise ValueError(message)
    return timedelta(seconds=float(match[1]) * _UNITS[match[2]])


def size(written: object) -> object:
    """Return ``"10MB"`` as bytes (decimal units); ValueError if it is no size."""
    if isinstance(written, int) and not isinstance(written, bool):
        return written
    match = _SIZE.fullmatch(written.strip()) if isinstance(written, str) else None
    if match is None:
        message = f'{written!r} is no size - write "500KB" or "10MB"'
        raise ValueError(message)
    return int(float(match[1]) * _SIZES[match[2].lower()])


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f'{name!r} is no time zone - write one such as "Asia/Shanghai" or "Europe/Berlin"'
        raise ValueError(message) from error
    return name


def _web_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        bad = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:
        bad = True
    if bad or re.search(r"[\s\x00-\x1f]", url):
        message = f'{url!r} is no web address - write it whole, as "https://example.com/feed"'
        raise ValueError(message)
    return url


def _address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        message = f'{text!r} is no mail address - write one such as "name@example.com"'
        raise ValueError(message)
    return text


def _not_blank(text: str) -> str:
    if not text.strip():
        message = "must not be empty"
        raise ValueError(message)
    return text


Duration = Annotated[timedelta, BeforeValidator(duration)]
Size = Annotated[int, BeforeValidator(size), Field(gt=0)]
ZoneName = Annotated[str, AfterValidator(_known_zone)]
WebUrl = Annotated[str, AfterValidator(_web_url)]
Address = Annotated[str, AfterValidator(_address)]
Text = Annotated[str, AfterValidator(_not_blank)]
Language = Literal["zh", "en"]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Side(_Table):
    """One of the two answers to the debate's question."""

    id: Text
    """The key of its table; the name of this side in every output."""
    label: Text
    """How a digest calls it."""
    terms: tuple[Text, ...] = Field(min_length=1, strict=False)
    """Words and phrases that name this side, in any of the languages watched."""
    not_terms: tuple[Text, ...] = Field((), strict=False)
    """Compounds that hold a term and mean something else (开源节流)."""


class Topic(_Table):
    """Which articles are about the debate at all."""

    any: tuple[Text, ...] = Field((), strict=False)
    """One of these must occur (empty: no such condition)."""
    all: tuple[Text, ...] = Field((), strict=False)
    """Every one of these must occur."""
    none: tuple[Text, ...] = Field((), strict=False)
    """None of these may occur."""


class KnownActor(_Table):
    """An actor whose other names or organisation the text alone would not tell."""

    name: Text
    aliases: tuple[Text, ...] = Field((), strict=False)
    org: Text | None = None


class Debate(_Table):
    """The question that is followed."""

    title: Text = "大模型应开源还是闭源?"
    """The digest's name for the debate."""
    question: str = ""
    """The question in full, shown under the title."""
    language: Language = "zh"
    """The language of the digest."""
    timezone: ZoneName = "Asia/Shanghai"
    """The zone whose calendar weeks are counted."""
    sides: tuple[Side, Side]
    """Exactly two; the first is the first side of every score."""
    topic: Topic = Topic()
    actor: tuple[KnownActor, ...] = Field((), strict=False)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    @model_validator(mode="before")
    @classmethod
    def _sides_by_id(cls, table: object) -> object:
        if not isinstance(table, dict) or not isinstance(table.get("sides"), dict):
            return table
        sides = [{"id": key, **side} if isinstance(side, dict) else side for key, side in table["sides"].items()]
        return {**table, "sides": tuple(sides)}

    @model_validator(mode="after")
    def _two_answers(self) -> Self:
        first, second = self.sides
        reserved = {"mixed", "neutral", "off_topic"} & {first.id, second.id}
        if reserved:
            message = f"sides: {reserved.pop()!r} is a stance's name and cannot be a side's"
            raise ValueError(message)
        shared = {term.casefold() for term in first.terms} & {term.casefold() for term in second.terms}
        if shared:
            message = f"sides: both sides have the term {min(shared)!r}"
            raise ValueError(message)
        return self


class SourceKind(StrEnum):
    """What a source's address answers with."""

    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"
    PAGE = "page"


class Source(_Table):
    """A site that is followed."""

    name: Text
    """Unique; how commands and the digest call it."""
    kind: Annotated[SourceKind, Field(strict=False)]
    url: WebUrl
    every: Duration = timedelta(hours=1)
    """Time between two visits while all is well."""
    enabled: bool = True
    timezone: ZoneName | None = None
    """Zone of dates that name none; None: the debate's."""
    language: Language | None = None
    """None: told from the text."""
    max_articles: int = Field(200, ge=1, le=100_000)
    """New articles fetched in one visit, at most; the rest waits for the next."""
    delay: Duration | None = None
    """Pause between two requests to the site; None: [crawl] delay."""
    link: Text | None = None
    """CSS: the links to articles on a list page."""
    next: Text | None = None
    """CSS: the link to the list's next page."""
    title: Text | None = None
    """CSS: an article's title."""
    body: Text | None = None
    """CSS: the element or elements that hold an article's text."""
    author: Text | None = None
    """CSS: an article's author."""
    date: Text | None = None
    """CSS: an article's date."""
    drop: tuple[Text, ...] = Field((), strict=False)
    """CSS: elements to leave out of the body."""

    @property
    def is_loopback(self) -> bool:
        """Whether the source is on this machine: those alone may be hurried."""
        return is_loopback(self.url)


def is_loopback(url: str) -> bool:
    """Tell whether a URL's host is this machine (127.0.0.0/8, ::1 or localhost)."""
    host = (urlsplit(url).hostname or "").lower()
    return host in {"localhost", "::1"} or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


class CrawlSettings(_Table):
    """How sources are visited."""

    user_agent: Text = "kaibi (+https://github.com/kaibi/kaibi)"
    """Sent with every request and looked up in robots.txt."""
    contact: str = ""
    """A mail address or page put into the user agent, for site owners with a question."""
    delay: Duration = timedelta(seconds=1)
    """Pause between two requests to one site; below 1s only for loopback addresses."""
    timeout: Duration = timedelta(seconds=30)
    """Longest wait for one answer."""
    max_size: Size = 10_000_000
    """Largest answer taken, in bytes after decompression."""
    concurrency: int = Field(8, ge=1, le=256)
    """Sites visited at once."""
    keep_html: Duration = timedelta(0)
    """How long raw pages are kept; 0d keeps none."""


class StoreSettings(_Table):
    """Where everything is kept."""

    url: Text = "sqlite:///kaibi.db"
    """SQLAlchemy URL; a relative SQLite path counts from the config's folder."""


class WeeklyTime(_Table):
    """A time of the week, as in "mon 08:00"."""

    weekday: int
    """0 is Monday."""
    time: time

    def first_after(self, instant: datetime, zone: tzinfo) -> datetime:
        """Return the first such time after ``instant`` in ``zone`` (aware, in that zone).

        Where the clock springs over it, the first moment after the gap; where it comes twice, the first.
        """
        local = instant.astimezone(zone)
        day = local.date() + timedelta(days=(self.weekday - local.weekday()) % 7)
        found = self._on(day, zone)
        return found if found > local else self._on(day + timedelta(days=7), zone)

    def _on(self, day: object, zone: tzinfo) -> datetime:
        wall = datetime.combine(day, self.time, zone)  # type: ignore[arg-type]
        return datetime.fromtimestamp(wall.timestamp(), zone)


def _weekly_time(written: object) -> object:
    if isinstance(written, WeeklyTime):
        return written
    match = (
        re.fullmatch(r"([a-z]{3})\s+([01]?\d|2[0-3]):([0-5]\d)", written.strip().lower())
        if isinstance(written, str)
        else None
    )
    if match is None or match[1] not in WEEKDAYS:
        message = f'{written!r} is no time of the week - write "mon 08:00"'
        raise ValueError(message)
    return WeeklyTime(weekday=WEEKDAYS.index(match[1]), time=time(int(match[2]), int(match[3])))


class Recipient(_Table):
    """Somebody who gets the digest."""

    address: Address
    name: str = ""
    language: Language | None = None
    """None: the debate's."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, written: object) -> object:
        return {"address": written} if isinstance(written, str) else written


class DigestSettings(_Table):
    """When the digest goes, and to whom."""

    every: Annotated[WeeklyTime, BeforeValidator(_weekly_time)] = WeeklyTime(weekday=0, time=time(8))
    """When the last full week's digest is built and mailed, in the debate's zone."""
    recipients: tuple[Recipient, ...] = Field((), strict=False)
    subject: str = ""
    """Empty: the week's news makes the subject; else this text, where {week} and {title} are filled in."""
    min_votes: int = Field(20, ge=1)
    """Under so many votes for either side a week says "too few" instead of a trend."""
    empty: Literal["skip", "send"] = "skip"
    """What to do with a week without one statement."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        seen = set()
        for recipient in self.recipients:
            if recipient.address.casefold() in seen:
                message = f"recipients: {recipient.address!r} is there twice"
                raise ValueError(message)
            seen.add(recipient.address.casefold())
        return self


class Transport(StrEnum):
    """How mails leave."""

    OUTBOX = "outbox"
    SMTP = "smtp"


class Security(StrEnum):
    """How the SMTP connection is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailSettings(_Table):
    """How the digest is delivered. The password comes from KAIBI_MAIL_PASSWORD or the file that KAIBI_MAIL_PASSWORD_FILE names."""

    transport: Annotated[Transport, Field(strict=False)] = Transport.OUTBOX
    outbox: Text = "outbox"
    """Folder for .eml files; a relative path counts from the config's folder."""
    host: str = ""
    port: int | None = Field(None, ge=1, le=65535)
    """None: 587 for starttls, 465 for tls, 25 for none."""
    security: Annotated[Security, Field(strict=False)] = Security.STARTTLS
    username: str = ""
    """Empty: no login."""
    sender: str = ""
    """From address; empty: kaibi@ the machine's name."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        if self.transport is Transport.SMTP and not self.host:
            message = 'host: transport = "smtp" needs the mail server\'s host'
            raise ValueError(message)
        return self


class Settings(_Table):
    """All of ``config.toml``."""

    debate: Debate
    source: tuple[Source, ...] = Field((), strict=False)
    crawl: CrawlSettings = CrawlSettings()
    store: StoreSettings = StoreSettings()
    digest: DigestSettings = DigestSettings()
    mail: MailSettings = MailSettings()

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        seen = set()
        for source in self.source:
            if source.name in seen:
                message = f"source: the name {source.name!r} is there twice"
                raise ValueError(message)
            seen.add(source.name)
        return self

    @model_validator(mode="after")
    def _polite(self) -> Self:
        for source in self.source:
            delay = self.crawl.delay if source.delay is None else source.delay
            if delay < MIN_DELAY and not source.is_loopback:
                message = f"source: {source.name!r} would be asked more than once a second - a delay below 1s is for loopback addresses only"
                raise ValueError(message)
        return self
