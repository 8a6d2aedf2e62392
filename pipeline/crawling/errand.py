"""One visit while it is under way: what the machinery's parts share of it, and what it has come to.

The parts find it in the crawler's settings (``errand_of``). Keeps to itself how the counts and
troubles of a visit become its record.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Protocol, TypeVar, cast

from pipeline.crawling.backoff import Weight, next_try_at
from pipeline.errors import KaibiError
from pipeline.model import Outcome, PageProblem, Stored, Visit
from pipeline.settings import MIN_DELAY

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import ProtegoRobotParser

    from pipeline.crawling.politeness import Gate
    from pipeline.crawling.readers import Readers
    from pipeline.crawling.troubles import Trouble
    from pipeline.model import FetchedPage, FoundLink, PageText, Validators, WaitingPage
    from pipeline.settings import CrawlSettings, Source

log = logging.getLogger("kaibi.crawl")
_T = TypeVar("_T")
SHORTEST_CAP = timedelta(minutes=15)
"""A visit may take this long, and twice its pauses besides."""
SETTING: Final = "KAIBI_ERRAND"
"""Scrapy setting that holds the errand of a crawler."""


class Sink(Protocol):
    """Where what a visit finds goes: into the store, or into a probe's report."""

    def offer(self, links: Sequence[FoundLink], validators: Validators | None) -> int:
        """Keep links, with what the source gave to ask by next time; return how many were not known."""

    def waiting(self, limit: int) -> tuple[WaitingPage, ...]:
        """Return the pages to fetch now, first found first."""

    def keep(self, page: FetchedPage, key: str, text: PageText) -> Stored:
        """Keep what a page says."""

    def failed(self, page: WaitingPage, problem: str, next_try_at: datetime | None) -> None:
        """Keep that a page could not be fetched or read; None: it is given up."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """What all visits of a process share."""

    settings: CrawlSettings
    clock: Callable[[], datetime]
    gate: Gate
    readers: Readers
    rules: dict[str, ProtegoRobotParser | Trouble]
    """By scheme and host: what its robots.txt says, or why it cannot be read."""
    abort: Callable[[KaibiError], None]
    """End the whole round: the store failed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A visit that is over, before it is weighed."""

    visit: Visit
    weight: Weight | None
    """None: the source answered as it should."""
    unreachable: bool
    not_before: datetime | None
    """The site asked to be left alone until then."""


@dataclass(kw_only=True, slots=True)
class Errand:
    """One visit under way. Built by the step; filled by the machinery."""

    source: Source
    validators: Validators
    sink: Sink
    shared: Shared
    started_at: datetime
    only_looks: bool = False
    """The answer is left in ``seen`` and not read."""
    seen: FetchedPage | None = None
    answered: bool = False
    """The source itself has been read, or said that it is unchanged."""
    trouble: Trouble | None = None
    """Why the source itself could not be read."""
    not_before: datetime | None = None
    articles_new: int = 0
    links_offered: int = 0
    links_unknown: int = 0
    links_asked: int = 0
    """Of those offered, the pages asked for in this visit: unknown ones, and what waited since an earlier visit."""
    page_problems: list[PageProblem] = field(default_factory=list)
    sites_left: set[str] = field(default_factory=set)
    """Sites that are not asked again in this visit."""
    is_over: bool = False
    """Nothing more is asked for."""
    downloads: set[Future[Response]] = field(default_factory=set)
    """The requests that are out."""

    @property
    def delay(self) -> timedelta:
        """The pause between two requests to one site."""
        delay = self.shared.settings.delay if self.source.delay is None else self.source.delay
        return delay if self.source.is_loopback else max(delay, MIN_DELAY)

    @property
    def longest(self) -> timedelta:
        """How long the visit may take; what it has not fetched by then waits for the next."""
        return SHORTEST_CAP + 2 * self.delay * self.source.max_articles

    def stop(self) -> None:
        """Ask for nothing more, and break off what is out."""
        self.is_over = True
        for download in tuple(self.downloads):
            download.cancel()

    def fail(self, trouble: Trouble) -> None:
        """Note why the source itself could not be read; the first reason stays."""
        self.trouble = self.trouble or trouble
        if trouble.wait:
            self.leave_alone_for(trouble.wait)

    def fail_page(self, page: WaitingPage | None, url: str, trouble: Trouble) -> None:
        """Note that a page brought no article, and when to try it again; not of a visit that was broken off."""
        if self.is_over:
            return
        self.page_problems.append(PageProblem(url=url, problem=trouble.problem))
        log.info("%s: %s: %s", self.source.name, url, trouble.problem)
        if page is not None:
            again_at = next_try_at(page.attempts + 1, gone=trouble.gone, now=self.shared.clock())
            self._stored(lambda: self.sink.failed(page, trouble.problem, again_at), None)

    def leave_alone_for(self, wait: timedelta) -> None:
        """Note that the source's site asked for a pause."""
        until = self.shared.clock() + wait
        self.not_before = until if self.not_before is None else max(until, self.not_before)

    def offer(self, links: Sequence[FoundLink], validators: Validators | None) -> int:
        """Hand links on; return how many were not known."""
        unknown = self._stored(lambda: self.sink.offer(links, validators), 0)
        self.links_offered += len(links)
        self.links_unknown += unknown
        return unknown

    def waiting(self, limit: int) -> tuple[WaitingPage, ...]:
        """Return the pages to fetch now."""
        return self._stored(lambda: self.sink.waiting(limit), ())

    def keep(self, page: FetchedPage, key: str, text: PageText) -> None:
        """Hand on what a page says."""
        stored = self._stored(lambda: self.sink.keep(page, key, text), Stored.SAME)
        self.articles_new += stored is Stored.NEW
        log.debug("%s: %s: %s", self.source.name, page.url, stored)

    def end(self) -> Ended:
        """Return what the visit came to."""
        trouble = self.trouble
        outcome = Outcome.OK
        if trouble is not None:
            outcome = Outcome.REFUSED if trouble.refused else Outcome.FAILED
        visit = Visit(
            source=self.source.name,
            started_at=self.started_at,
            ended_at=self.shared.clock(),
            outcome=outcome,
            articles_new=self.articles_new,
            articles_known=self.links_offered - max(self.links_unknown, self.links_asked),
            problem=None if trouble is None else trouble.problem,
            page_problems=tuple(self.page_problems),
        )
        return Ended(
            visit=visit,
            weight=None if trouble is None else trouble.weight,
            unreachable=trouble is not None and trouble.unreachable,
            not_before=self.not_before,
        )

    def _stored(self, store: Callable[[], _T], otherwise: _T) -> _T:
        """Call the store; where it fails the round ends, not just this visit."""
        try:
            return store()
        except KaibiError as error:
            self.stop()
            self.shared.abort(error)
            return otherwise


def errand_of(crawler: Crawler) -> Errand:
    """Return the errand that a crawler is on."""
    return cast("Errand", crawler.settings[SETTING])
