"""The order of a visit: the source, its further lists, then the pages that wait - decided here, for all spiders.

Every link is cleaned, keyed and committed before any article is asked for, so that a kill loses
nothing. What the source gave to ask by next time is committed with the last of its links: an
"unchanged" then never hides one. Lists are followed only while they offer what is unknown and the
visit's cap is not reached; what is over the cap waits for the next visit.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import Request, signals
from scrapy.exceptions import DontCloseSpider
from scrapy.spidermiddlewares.httperror import HttpError

from pipeline.crawling.backoff import Weight
from pipeline.crawling.errand import errand_of, log
from pipeline.crawling.troubles import LeftForNextVisit, Trouble, trouble_of
from pipeline.model import FetchedPage, FoundLink, SourceProblem, Validators, WaitingPage
from pipeline.pages.addresses import clean_url, site_of, url_key

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from scrapy.crawler import Crawler
    from scrapy.http import Response

MOST_PAGES: Final = 50
"""List pages that one visit turns, at most."""
MOST_PARTS: Final = 20
"""Sitemaps of an index that one visit reads, at most: the newest."""
BATCH: Final = 500
"""Pages put in line at once."""
UNREACHABLE_IN_A_ROW: Final = 5
"""Pages of one site without an answer, one after another, after which the visit leaves the site."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A page on its way to be read, with its place in the frontier (None: it is the source itself)."""

    page: FetchedPage
    waiting: WaitingPage | None


class Frontier:
    """Spider middleware, and the hand on Scrapy's idle signal that says what comes next."""

    def __init__(self, crawler: Crawler) -> None:
        """Begin with nothing but the source itself to ask."""
        self._crawler = crawler
        self._errand = errand_of(crawler)
        self._lists: deque[Request] = deque()
        self._lists_seen = {self._errand.source.url}
        self._keys: set[str] = set()
        self._tried: set[int] = set()
        self._unknown = 0
        self._validators: Validators | None = None
        self._silent: dict[str, int] = {}
        crawler.signals.connect(self._idle, signals.spider_idle)
        crawler.signals.connect(self._spider_failed, signals.spider_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build as Scrapy asks for."""
        return cls(crawler)

    async def process_start(self, start: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Ask for the source only if it has changed."""
        async for request in start:
            validators = self._errand.validators
            if validators.etag:
                request.headers["If-None-Match"] = validators.etag
            if validators.last_modified:
                request.headers["If-Modified-Since"] = validators.last_modified
            yield request.replace(errback=self._source_failed, meta={**request.meta, "is_source": True})

    async def process_spider_output(self, response: Response, result: AsyncIterator[Any]) -> AsyncIterator[Any]:
        """Pass pages on to be read; commit links and keep lists for their turn."""
        links: list[Request] = []
        lists: list[Request] = []
        problem: SourceProblem | None = None
        async for found in result:
            if isinstance(found, FetchedPage):
                self._silent.pop(site_of(response.url), None)
                yield Fetched(page=found, waiting=response.meta.get("waiting"))
            elif isinstance(found, SourceProblem):
                problem = problem or found
            elif "hints" in found.cb_kwargs:
                links.append(found)
            else:
                lists.append(found)
        if "waiting" not in response.meta:
            self._took(response, links, lists, problem)

    def _took(
        self, response: Response, links: Sequence[Request], lists: Sequence[Request], problem: SourceProblem | None
    ) -> None:
        errand = self._errand
        is_source = bool(response.meta.get("is_source"))
        if is_source:
            errand.answered = True
            self._validators = _validators(response) if problem is None else None
        if problem is not None and is_source:
            errand.fail(Trouble(problem=problem.problem, weight=Weight.HARD if problem.lasting else Weight.SOFT))
        elif problem is not None and not response.meta.get("next_page"):
            errand.fail_page(None, response.url, Trouble(problem=problem.problem, weight=Weight.SOFT))
        found = [link for link in map(_found, links) if link is not None and link.key not in self._keys]
        self._keys.update(link.key for link in found)
        unknown = errand.offer(found, None) if found else 0
        self._unknown += unknown
        for request in lists:
            is_next = bool(request.meta.get("next_page"))
            room = len(self._lists_seen) <= (MOST_PAGES if is_next else MOST_PARTS)
            if (unknown or not is_next) and room and request.url not in self._lists_seen:
                self._lists_seen.add(request.url)
                self._lists.append(request.replace(errback=self._list_failed))

    def _idle(self) -> None:
        """Put the next list in line, or else the pages that wait; end the visit when there is neither."""
        errand = self._errand
        if errand.is_over:
            return
        if self._lists and self._unknown < errand.source.max_articles:
            self._crawler.engine.crawl(self._lists.popleft())
            raise DontCloseSpider
        self._lists.clear()
        if self._validators is not None:
            errand.offer((), self._validators)
            self._validators = None
        room = min(BATCH, errand.source.max_articles - len(self._tried))
        batch = [page for page in errand.waiting(len(self._tried) + room) if page.id not in self._tried][: max(room, 0)]
        self._tried.update(page.id for page in batch)
        errand.links_asked += sum(page.key in self._keys for page in batch)
        if batch:
            errand.shared.readers.warm()
        requests = [request for page in batch if (request := self._request(page)) is not None]
        for request in requests:
            self._crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _request(self, page: WaitingPage) -> Request | None:
        spider = self._crawler.spider
        try:
            return Request(
                page.url,
                callback=getattr(spider, "article"),  # noqa: B009 - a spider of any source has it
                errback=self._page_failed,
                cb_kwargs={"hints": page.hints},
                meta={"waiting": page},
                dont_filter=True,
            )
        except ValueError as error:
            self._errand.fail_page(page, page.url, Trouble(problem=str(error), weight=Weight.SOFT, gone=True))
            return None

    def _source_failed(self, failure: Any) -> None:
        error = failure.value
        if isinstance(error, HttpError) and error.response.status == HTTPStatus.NOT_MODIFIED:
            self._errand.answered = True
        elif not (self._errand.is_over or isinstance(error, LeftForNextVisit)):
            trouble = trouble_of(error)
            self._errand.fail(trouble)
            if trouble.unreachable or trouble.wait:
                self._errand.sites_left.add(site_of(self._errand.source.url))

    def _list_failed(self, failure: Any) -> None:
        """Tell that a further list failed; the source is asked in full again next time.

        A next page that is not there is no failure: the list ends.
        """
        request, trouble = failure.request, trouble_of(failure.value)
        if trouble.gone and request.meta.get("next_page"):
            log.info("%s: %s: %s", self._errand.source.name, request.url, trouble.problem)
            return
        self._validators = None
        if not isinstance(failure.value, LeftForNextVisit) and not self._left_alone(request.url, trouble):
            self._errand.fail_page(None, request.url, trouble)

    def _page_failed(self, failure: Any) -> None:
        request: Request = failure.request
        if isinstance(failure.value, LeftForNextVisit):
            return
        trouble, url = trouble_of(failure.value), request.url
        if self._left_alone(url, trouble):
            return
        self._errand.fail_page(request.meta["waiting"], request.meta["waiting"].url, trouble)
        if trouble.unreachable:
            self._silent[site_of(url)] = self._silent.get(site_of(url), 0) + 1
            if self._silent[site_of(url)] >= UNREACHABLE_IN_A_ROW:
                self._errand.sites_left.add(site_of(url))

    def _left_alone(self, url: str, trouble: Trouble) -> bool:
        """Leave a site that asked for a long pause; its pages wait, and it is no fault of theirs."""
        if trouble.wait is None:
            return False
        self._errand.sites_left.add(site_of(url))
        if site_of(url) == site_of(self._errand.source.url):
            self._errand.leave_alone_for(trouble.wait)
        log.info("%s: %s: %s", self._errand.source.name, site_of(url), trouble.problem)
        return True

    def _spider_failed(self, failure: Any, response: Response) -> None:
        """Count what a spider raises against its source alone."""
        error = failure.value
        trouble = Trouble(problem=f"the spider failed: {type(error).__name__}: {error}"[:300], weight=Weight.SOFT)
        log.error("%s: %s", self._errand.source.name, trouble.problem, exc_info=error)
        waiting = response.meta.get("waiting") if response is not None else None
        if waiting is not None:
            self._errand.fail_page(waiting, waiting.url, trouble)
        else:
            self._validators = None
            self._errand.fail(trouble)


def _found(request: Request) -> FoundLink | None:
    """Return a spider's request as a link; None where its address is none."""
    try:
        url = clean_url(request.url)
        return FoundLink(url=url, key=url_key(url), hints=request.cb_kwargs["hints"])
    except ValueError:
        return None


def _validators(response: Response) -> Validators:
    return Validators(etag=_header(response, "ETag"), last_modified=_header(response, "Last-Modified"))


def _header(response: Response, name: str) -> str | None:
    value = response.headers.get(name)
    return value.decode("latin-1") if value else None
