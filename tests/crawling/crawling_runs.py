"""Crawls in processes of their own, as the reactor wants it: one a crawl, forked from one that has all imported."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from multiprocessing import forkserver
from time import monotonic
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from pipeline.crawling import errand
from pipeline.crawling.sinks import StoreSink
from pipeline.errors import KaibiError, StoreError
from pipeline.settings import CrawlSettings, Source
from pipeline.steps.crawl import crawl
from pipeline.steps.probe import ProbeResult, probe
from pipeline.store import sources as source_store
from pipeline.store.database import Database, open_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from pipeline.model import CrawlRun, SourceState, Visit

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(
    [
        *(
            "pipeline.steps.crawl",
            "pipeline.steps.probe",
            "pipeline.pages.page",
            "scrapy.crawler",
            "scrapy.core.engine",
        ),
        *("pipeline.crawling.downloading", "pipeline.crawling.frontier", "pipeline.crawling.robots"),
        *("pipeline.crawling.storing", "pipeline.crawling.reach", "spiders.listing", "spiders.feed", "spiders.sitemap"),
        *("spiders.page", "twisted.internet.asyncioreactor", "scrapy.core.scraper", "scrapy.core.scheduler"),
        *("scrapy.extensions.throttle", "scrapy.pqueues", "scrapy.squeues"),
        *(f"scrapy.downloadermiddlewares.{name}" for name in ("redirect", "retry", "httpcompression", "httpproxy")),
        __name__,
    ]
)


def at(now: datetime) -> datetime:
    return now


@dataclass(frozen=True, kw_only=True)
class StoredArticle:
    url: str
    title: str
    text: str
    revision: int


@dataclass(frozen=True)
class Room:
    """A database in a folder of the test's own, and crawls into it."""

    folder: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder}/kaibi.db"

    def open(self) -> Database:
        return open_database(self.url, now=NOW)

    def crawl(
        self,
        *sources: Source,
        now: datetime = NOW,
        fault: Callable[[], None] | None = None,
        environment: dict[str, str] | None = None,
        **settings: Any,
    ) -> CrawlRun:
        """Crawl in a process of its own and return the record; ``fault`` is called in there before."""
        inside = partial(_set_environment, environment) if environment else fault
        process, line = self.start(*sources, now=now, fault=inside, **settings)
        return self.ended(process, line)

    @staticmethod
    def ended(process: BaseProcess, line: Connection) -> CrawlRun:
        """Wait for a crawl that was started, and return its record."""
        if not line.poll(60):
            process.kill()
            raise TimeoutError("the crawl did not end")
        found: CrawlRun | KaibiError = line.recv()
        process.join()
        if isinstance(found, KaibiError):
            raise found
        return found

    def start(
        self, *sources: Source, now: datetime = NOW, fault: Callable[[], None] | None = None, **settings: Any
    ) -> tuple[BaseProcess, Connection]:
        """Begin a crawl in a process of its own; its record comes down the line."""
        with_defaults = {"timeout": timedelta(seconds=30), "delay": timedelta(0), **settings}
        ours, theirs = _forks.Pipe()
        process = _forks.Process(
            target=_crawl, args=(theirs, self.url, sources, CrawlSettings(**with_defaults), now, fault)
        )
        process.start()
        theirs.close()
        return process, ours

    def articles(self) -> list[StoredArticle]:
        """Return every article's newest revision, first stored first."""
        with closing(sqlite3.connect(f"{self.folder}/kaibi.db")) as connection:
            rows = connection.execute(
                "SELECT a.url, r.title, r.text, a.revision FROM articles a "
                "JOIN revisions r ON r.article_id = a.id AND r.number = a.revision ORDER BY a.id"
            ).fetchall()
        return [
            StoredArticle(url=url, title=title, text=text, revision=revision) for url, title, text, revision in rows
        ]

    def wait_for_articles(self, count: int) -> None:
        """Return once so many articles are committed; TimeoutError after half a minute."""
        deadline = monotonic() + 30
        while len(self.articles()) < count:
            if monotonic() > deadline:
                raise TimeoutError(f"not {count} articles in time")

    def pages_kept(self) -> int:
        """Return how many raw pages are kept."""
        with closing(sqlite3.connect(f"{self.folder}/kaibi.db")) as connection:
            return int(connection.execute("SELECT count(html) FROM revisions").fetchone()[0])

    def state(self, name: str, now: datetime = NOW) -> SourceState:
        db = self.open()
        try:
            return source_store.state_of(db, name, now=now)
        finally:
            db.close()


def short_visits() -> None:
    """A fault: a visit may take eight seconds, so that on a busy machine its source still answers in time."""
    errand.SHORTEST_CAP = timedelta(seconds=8)


def feeds_that_break_their_spider() -> None:
    """A fault: the spider of feeds raises."""
    from spiders import feed

    def characters(body: bytes, content_type: bytes) -> str:
        raise ZeroDivisionError(f"a mistake in a spider: {body[:5]!r} {content_type!r}")

    feed.characters = characters  # type: ignore[attr-defined]


def a_full_disk() -> None:
    """A fault: nothing can be stored."""

    def keep(*_: object) -> Any:
        raise StoreError("the disk is full")

    StoreSink.keep = keep  # type: ignore[method-assign,assignment]


def a_mistake_in_storing() -> None:
    """A fault: what stores an article has a bug."""

    def keep(*_: object) -> Any:
        raise ZeroDivisionError("a mistake of ours")

    StoreSink.keep = keep  # type: ignore[method-assign,assignment]


def probe_in_process(asked: Source | str) -> ProbeResult:
    ours, theirs = _forks.Pipe()
    process = _forks.Process(target=_probe, args=(theirs, asked))
    process.start()
    theirs.close()
    if not ours.poll(60):
        process.kill()
        raise TimeoutError("the probe did not end")
    found: ProbeResult = ours.recv()
    process.join()
    return found


def source(name: str, kind: str, url: str, **more: Any) -> Source:
    return Source(**{"name": name, "kind": kind, "url": url, "delay": timedelta(0), **more})


def visit_of(run: CrawlRun, name: str) -> Visit:
    return next(visit for visit in run.visits if visit.source == name)


def _crawl(
    line: Connection,
    url: str,
    sources: tuple[Source, ...],
    settings: CrawlSettings,
    now: datetime,
    fault: Callable[[], None] | None,
) -> None:
    _fork_readers_from_here()
    if fault is not None:
        fault()
    db = open_database(url, now=now)
    source_store.sync(db, sources)
    try:
        line.send(crawl(sources, settings, db, zone=ZONE, clock=partial(at, now)))
    except KaibiError as error:
        line.send(error)
    finally:
        db.close()


def _probe(line: Connection, asked: Source | str) -> None:
    _fork_readers_from_here()
    settings = CrawlSettings(timeout=timedelta(seconds=30), delay=timedelta(0))
    line.send(probe(asked, settings, zone=ZONE, clock=partial(at, NOW)))


def _fork_readers_from_here() -> None:
    """Have the readers' processes come from the fork server that this one came from: it has all imported."""
    forkserver._forkserver.ensure_running = lambda: None  # type: ignore[method-assign]


def _set_environment(environment: dict[str, str]) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        os.environ.pop(name, None)
    os.environ.update(environment)
