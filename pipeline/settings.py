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
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema, model_validator

from pipeline.written import (
    Address,
    Duration,
    EndpointUrl,
    Language,
    Line,
    LineOfText,
    Sender,
    Size,
    SomeTime,
    Subject,
    Text,
    WebUrl,
    ZoneName,
    shown,
)

MIN_DELAY = timedelta(seconds=1)
"""Least pause between two requests to one site that is not on this machine."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True)


class Side(_Table):
    """One of the two answers to the debate's question."""

    id: Text
    """The key of its table; the name of this side in every output."""
    label: LineOfText
    """How a digest calls it."""
    label_other: Line = ""
    """The same in a digest of the other language; empty: ``label``."""
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

    name: LineOfText
    """The fullest name; how the digest calls the actor."""
    aliases: tuple[Text, ...] = Field((), strict=False)
    """Other names, in any language and script."""
    org: Text | None = None
    """The organisation the actor speaks for; None: told from the text."""


class Debate(_Table):
    """The question that is followed."""

    title: LineOfText = "大模型应开源还是闭源?"
    """The digest's name for the debate."""
    question: str = ""
    """The question in full, shown under the title."""
    title_other: Line = ""
    """``title`` in a digest of the other language; empty: ``title``."""
    question_other: str = ""
    """``question`` in a digest of the other language; empty: ``question``."""
    language: Language = "zh"
    """The language of the digest."""
    timezone: ZoneName = "Asia/Shanghai"
    """The zone whose calendar weeks are counted."""
    sides: tuple[Side, Side]
    """Exactly two; the first is the first side of every score."""
    topic: Topic = Topic()
    """Which articles are about the debate."""
    actor: tuple[KnownActor, ...] = Field((), strict=False)
    """Actors with names or organisations that a text does not tell; everybody else is found in the text."""

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)

    def told_in(self, language: Language) -> Debate:
        """Return the debate with the title, question and labels that a digest in ``language`` uses."""
        if language == self.language:
            return self
        first, second = (side.model_copy(update={"label": side.label_other or side.label}) for side in self.sides)
        words = {"title": self.title_other or self.title, "question": self.question_other or self.question}
        return self.model_copy(update={**words, "sides": (first, second)})

    @model_validator(mode="before")
    @classmethod
    def _sides_by_id(cls, table: object) -> object:
        if not isinstance(table, dict) or not isinstance(table.get("sides"), dict):
            return table
        sides = [{**side, "id": key} if isinstance(side, dict) else side for key, side in table["sides"].items()]
        return {**table, "sides": tuple(sides)}

    @model_validator(mode="after")
    def _two_answers(self) -> Self:
        first, second = self.sides
        reserved = {"mixed", "neutral", "off_topic"} & {first.id, second.id}
        if reserved:
            message = f"sides: {shown(min(reserved))} is a stance's name and cannot be a side's"
            raise ValueError(message)
        shared = {term.casefold() for term in first.terms} & {term.casefold() for term in second.terms}
        if shared:
            message = f"sides: both sides have the term {shown(min(shared))}"
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

    name: LineOfText
    """Unique; how commands and the digest call it."""
    kind: Annotated[SourceKind, Field(strict=False)]
    """What the address answers with: a feed, a sitemap, a list page, or one article."""
    url: WebUrl
    """Address of the feed, sitemap, list page or article."""
    every: SomeTime = timedelta(hours=1)
    """Time between two visits while all is well."""
    enabled: bool = True
    """False: kept in the config, not visited."""
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

    user_agent: LineOfText = "kaibi (+https://github.com/kaibi/kaibi)"
    """Sent with every request and looked up in robots.txt."""
    contact: Line = ""
    """A mail address or page put into the user agent, for site owners with a question."""
    delay: Duration = timedelta(seconds=1)
    """Pause between two requests to one site; below 1s only for loopback addresses."""
    timeout: SomeTime = timedelta(seconds=30)
    """Longest wait for one answer."""
    max_size: Size = 10_000_000
    """Largest answer taken, in bytes after decompression."""
    concurrency: int = Field(8, ge=1, le=256)
    """Sites visited at once."""
    keep_html: Duration = timedelta(0)
    """How long raw pages are kept; 0d keeps none."""


class RefereeSettings(_Table):
    """A language model that is asked about unsure statements. Its key comes from KAIBI_REFEREE_KEY or the file that KAIBI_REFEREE_KEY_FILE names."""

    enabled: bool = False
    """False: nobody is asked, and no connection is made."""
    base_url: EndpointUrl = ""
    """Where an OpenAI-compatible server answers, up to and with its /v1; needed when enabled."""
    model: Line = ""
    """The model's name there; needed when enabled."""
    below: float = Field(0.6, ge=0, le=1)
    """Statements that the engine read with less confidence than this are asked about."""
    monthly_budget: int = Field(2000, ge=0)
    """Requests sent in one calendar month of the debate's zone, at most; a statement takes two, and one more each time it is tried again."""
    timeout: SomeTime = timedelta(seconds=30)
    """Longest wait for one answer."""
    max_retries: int = Field(2, ge=0, le=10)
    """How often a request is sent again where the server is busy, broken or out of reach."""

    @model_validator(mode="after")
    def _reachable(self) -> Self:
        for key in ("base_url", "model"):
            if self.enabled and not getattr(self, key).strip():
                message = f"{key}: an enabled referee needs it"
                raise ValueError(message)
        return self


class ReadingSettings(_Table):
    """How articles are read, beside what [debate] says."""

    referee: RefereeSettings = RefereeSettings()
    """A language model that is asked about unsure statements."""


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

        Where the clock springs over it, as much later as the gap is wide; where it comes twice, the first.
        """
        local = instant.astimezone(zone)
        day = local.date() + timedelta(days=(self.weekday - local.weekday()) % 7)
        found = self._on(day, zone)
        # As instants: two times of one zone compare by the clock's face, which repeats in autumn.
        return found if found.timestamp() > instant.timestamp() else self._on(day + timedelta(days=7), zone)

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
        message = f'{shown(written)} is no time of the week - write "mon 08:00"'
        raise ValueError(message)
    return WeeklyTime(weekday=WEEKDAYS.index(match[1]), time=time(int(match[2]), int(match[3])))


def _weekly_text(when: WeeklyTime) -> str:
    return f"{WEEKDAYS[when.weekday]} {when.time:%H:%M}"


_WEEKLY_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*([Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)\s+([01]?\d|2[0-3]):[0-5]\d\s*$",
    "examples": ["mon 08:00"],
}


class Recipient(_Table):
    """Somebody who gets the digest."""

    address: Address
    """Where the mail goes."""
    name: Line = ""
    """Shown beside the address; empty: the address alone."""
    language: Language | None = None
    """None: the debate's."""

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, written: object) -> object:
        return {"address": written} if isinstance(written, str) else written


class DigestSettings(_Table):
    """When the digest goes, and to whom."""

    every: Annotated[
        WeeklyTime,
        BeforeValidator(_weekly_time),
        PlainSerializer(_weekly_text, when_used="json"),
        WithJsonSchema(_WEEKLY_SCHEMA),
    ] = WeeklyTime(weekday=0, time=time(8))
    """When the last full week's digest is built and mailed, in the debate's zone."""
    recipients: tuple[Recipient, ...] = Field((), strict=False)
    """Who gets the digest: addresses, or tables with address, name and language."""
    subject: Subject = ""
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
                message = f"recipients: {shown(recipient.address)} is there twice"
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
    """Write .eml files into the outbox, or send through a mail server."""
    outbox: Text = "outbox"
    """Folder for .eml files; a relative path counts from the config's folder."""
    host: Line = ""
    """The mail server's name; needed for smtp."""
    port: int | None = Field(None, ge=1, le=65535)
    """None: 587 for starttls, 465 for tls, 25 for none."""
    security: Annotated[Security, Field(strict=False)] = Security.STARTTLS
    """How the connection is protected."""
    username: str = ""
    """Empty: no login."""
    sender: Sender = ""
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
    """The question that is followed."""
    source: tuple[Source, ...] = Field((), strict=False)
    """The sites that are followed."""
    crawl: CrawlSettings = CrawlSettings()
    """How sources are visited."""
    reading: ReadingSettings = ReadingSettings()
    """How articles are read."""
    store: StoreSettings = StoreSettings()
    """Where everything is kept."""
    digest: DigestSettings = DigestSettings()
    """When the digest goes, and to whom."""
    mail: MailSettings = MailSettings()
    """How the digest is delivered."""

    @model_validator(mode="after")
    def _names_once(self) -> Self:
        seen = set()
        for source in self.source:
            if source.name in seen:
                message = f"source: the name {shown(source.name)} is there twice"
                raise ValueError(message)
            seen.add(source.name)
        return self

    @model_validator(mode="after")
    def _polite(self) -> Self:
        for source in self.source:
            delay = self.crawl.delay if source.delay is None else source.delay
            if delay < MIN_DELAY and not source.is_loopback:
                message = f"source: {shown(source.name)} would be asked more than once a second - a delay below 1s is for loopback addresses only"
                raise ValueError(message)
        return self
