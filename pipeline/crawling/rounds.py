"""Many visits in one run of the reactor: some sites at once, the sources of one site one after another.

A source that hangs or whose spider fails costs only itself; SIGTERM and SIGINT end the round within
seconds. The reactor cannot be started twice, so a process makes one round; the daemon gives each
its own process. Keeps to itself the reactor, the loop and the signals.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import threading
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from pipeline.crawling.backoff import Weight
from pipeline.crawling.errand import SETTING, Errand, Shared, log
from pipeline.crawling.politeness import Gate
from pipeline.crawling.readers import Readers
from pipeline.crawling.scrapy_settings import crawler_settings, process_settings
from pipeline.crawling.troubles import Trouble
from pipeline.errors import KaibiError
from pipeline.pages.addresses import site_of
from pipeline.settings import Source, SourceKind

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess

    from pipeline.model import FetchedPage
    from pipeline.settings import CrawlSettings

_GRACE: Final = 5.0
_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT)


class Round:
    """One run of the reactor, in which errands are run."""

    def __init__(
        self, sources: Sequence[Source], settings: CrawlSettings, zone: ZoneInfo, clock: Callable[[], datetime]
    ) -> None:
        """Install the reactor and what the visits share."""
        from scrapy.crawler import AsyncCrawlerProcess

        _quieten()
        self._process: AsyncCrawlerProcess = AsyncCrawlerProcess(process_settings(settings, sources))
        _quieten()
        self._settings = settings
        self._failure: KaibiError | None = None
        self._main: asyncio.Task[None] | None = None
        self.was_interrupted = False
        self.shared = Shared(
            settings=settings, clock=clock, gate=Gate(), readers=Readers(zone), rules={}, abort=self._abort
        )

    def run(self, main: Callable[[], Awaitable[None]]) -> None:
        """Run ``main`` in the loop until it ends, is interrupted, or the store fails (then that is raised)."""
        from twisted.internet import reactor

        stop: Any = reactor
        self._main = asyncio.get_event_loop().create_task(self._until_done(main))
        self._main.add_done_callback(lambda _: asyncio.get_event_loop().call_later(0, stop.stop))
        try:
            with _interrupts(self._interrupt):
                self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        finally:
            self.shared.readers.close()
        if self._failure is not None:
            raise self._failure
        if not self._main.cancelled():
            self._main.result()

    async def visit_all(self, errands: Sequence[Errand], ended: Callable[[Errand], None]) -> None:
        """Run errands, ``concurrency`` sites at once; ``ended`` is called with each that is over."""
        by_site: dict[str, list[Errand]] = defaultdict(list)
        for errand in errands:
            by_site[site_of(errand.source.url)].append(errand)
        turns = asyncio.Semaphore(self._settings.concurrency)

        async def one_site(queue: list[Errand]) -> None:
            async with turns:
                for errand in queue:
                    await self.visit(errand)
                    self._told(errand, ended)

        async with asyncio.TaskGroup() as group:
            for queue in by_site.values():
                group.create_task(one_site(queue))

    async def visit(self, errand: Errand) -> None:
        """Run one errand to its end, or to its cap; whatever goes wrong is its own trouble."""
        crawler = self._process.create_crawler(self._spider(errand.source))
        crawler.settings.setdict(crawler_settings(errand), priority="cmdline")
        crawler.settings.set(SETTING, errand, priority="cmdline")
        errand.started_at = self.shared.clock()
        task = self._process.crawl(crawler, source=errand.source)
        try:
            cap = errand.longest.total_seconds()
            done, _ = await asyncio.wait({task}, timeout=cap)
            if not done:
                if not errand.answered:
                    errand.fail(
                        Trouble(problem=f"the visit took longer than {errand.longest}", weight=Weight.TEMPORARY)
                    )
                errand.stop()
                stopping = asyncio.ensure_future(crawler.stop_async())
                await asyncio.wait({task, stopping}, timeout=_GRACE, return_when=asyncio.ALL_COMPLETED)
        finally:
            errand.stop()
            task.cancel()
        await asyncio.wait({task}, timeout=_GRACE)
        if task.done() and not task.cancelled() and (error := task.exception()) is not None:
            log.error("%s: %s", errand.source.name, error, exc_info=error)
            errand.fail(Trouble(problem=f"the visit failed: {type(error).__name__}: {error}"[:300], weight=Weight.SOFT))
        elif not errand.answered and errand.trouble is None:
            errand.fail(Trouble(problem="the visit ended without an answer", weight=Weight.SOFT))

    def links_on(self, page: FetchedPage) -> int:
        """Return how many links to articles a list page's spider finds on an answer."""
        from scrapy import Request
        from scrapy.http import HtmlResponse

        listing = str(SourceKind.LISTING)
        spider = self._process.spider_loader.load(listing)(
            source=Source(name=listing, kind=SourceKind.LISTING, url=page.url)
        )
        response = HtmlResponse(
            page.url, body=page.body, headers={"Content-Type": page.content_type}, request=Request(page.url)
        )
        return sum(isinstance(link, Request) and "hints" in link.cb_kwargs for link in spider.parse(response))

    def _spider(self, source: Source) -> type[Spider]:
        """Return the spider of a source's kind, or the one made for that kind on its site."""
        loader = self._process.spider_loader
        of_site = f"{source.kind} {site_of(source.url)}"
        return loader.load(of_site if of_site in loader.list() else str(source.kind))

    async def _until_done(self, main: Callable[[], Awaitable[None]]) -> None:
        try:
            await main()
        finally:
            # Scrapy would wait for answers under way; all that matters is committed already.
            self._process.crawlers.clear()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            if rest:
                await asyncio.wait(rest, timeout=1)

    def _told(self, errand: Errand, ended: Callable[[Errand], None]) -> None:
        try:
            ended(errand)
        except KaibiError as error:
            self._abort(error)

    def _interrupt(self) -> None:
        self.was_interrupted = True
        log.warning("interrupted: ending with what is stored")
        self._cancel()

    def _abort(self, error: KaibiError) -> None:
        self._failure = self._failure or error
        self._cancel()

    def _cancel(self) -> None:
        if self._main is not None:
            self._main.cancel()


@contextmanager
def _interrupts(act: Callable[[], None]) -> Iterator[None]:
    """Have SIGTERM and SIGINT call ``act`` inside the loop; left as they are outside the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_event_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, act)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _quieten() -> None:
    """Keep Scrapy's and Twisted's own logs for whoever debugs; what matters is told by ``kaibi.crawl``."""
    level = logging.NOTSET if log.isEnabledFor(logging.DEBUG) else logging.CRITICAL + 1
    for name in ("scrapy", "scrapy.crawler", "scrapy.utils.log", "twisted", "asyncio", "protego"):
        logging.getLogger(name).setLevel(level)
