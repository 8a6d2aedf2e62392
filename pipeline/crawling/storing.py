"""From an answer to a stored article: is it a page, what does it say, and keep it at once, one by one.

A page that says nothing is a problem of that page, tried again later; it never fails the visit.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from scrapy import signals

from pipeline.crawling.backoff import Weight
from pipeline.crawling.errand import errand_of, log
from pipeline.crawling.readers import ReadingFailed
from pipeline.crawling.troubles import Trouble
from pipeline.pages.addresses import url_key
from pipeline.settings import SourceKind

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from twisted.python.failure import Failure

    from pipeline.crawling.frontier import Fetched
    from pipeline.model import FetchedPage, PageText

_PAGE_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", ""})
_MARKUP = re.compile(rb"\s*(<!doctype html|<html|<!--|<\?xml|<head|<body)", re.IGNORECASE)
_LIST = re.compile(
    rb"\s*(<\?xml[^>]{0,200}>\s*)?(<!--.{0,500}?-->\s*)*<(rss|feed|rdf:RDF|urlset|sitemapindex)[\s>]", re.DOTALL
)
_LONGEST_TITLE: Final = 60


class Storing:
    """Item pipeline: reads each page in the pool and hands what it says to the sink."""

    def __init__(self, crawler: Crawler) -> None:
        """Find the errand."""
        self._errand = errand_of(crawler)
        crawler.signals.connect(self._storing_failed, signals.item_error)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build as Scrapy asks for."""
        return cls(crawler)

    async def process_item(self, item: Fetched) -> Fetched:
        """Read and keep a page, or note why not."""
        errand, page = self._errand, item.page
        problem = _problem_of(page)
        if problem is None:
            try:
                text = await errand.shared.readers.read(page, errand.source, errand.shared.clock())
            except ReadingFailed as error:
                problem = str(error)
            else:
                problem = None if text.text else "no article text found on the page"
        if errand.is_over:
            return item
        if problem is None:
            key = item.waiting.key if item.waiting else url_key(page.asked_url)
            errand.keep(page, key, text if text.title else replace(text, title=_title_of(page, text)))
        else:
            self._failed(item, problem)
        return item

    def _failed(self, item: Fetched, problem: str) -> None:
        trouble = Trouble(problem=problem, weight=Weight.SOFT)
        if self._errand.source.kind is SourceKind.PAGE:
            self._errand.fail(trouble)
        else:
            self._errand.fail_page(item.waiting, item.page.asked_url, trouble)

    def _storing_failed(self, item: Fetched, failure: Failure) -> None:
        """Count a mistake of ours against the page alone, and show it."""
        log.error("%s: %s", item.page.asked_url, failure.value, exc_info=failure.value)
        self._failed(item, f"storing the page failed: {type(failure.value).__name__}: {failure.value}"[:300])


class Looking:
    """Item pipeline: leaves the answer as it came with the errand, for finding out what it is."""

    def __init__(self, crawler: Crawler) -> None:
        """Find the errand."""
        self._errand = errand_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build as Scrapy asks for."""
        return cls(crawler)

    def process_item(self, item: Fetched) -> Fetched:
        """Keep the answer."""
        self._errand.seen = item.page
        return item


def _problem_of(page: FetchedPage) -> str | None:
    """Return why an answer cannot be an article; None where it may be one."""
    kind = page.content_type.partition(";")[0].strip().lower()
    if kind not in _PAGE_TYPES and not _MARKUP.match(page.body[:200]):
        return f"not a web page but {kind}"
    if _LIST.match(page.body.removeprefix(BOM_UTF8)[:2000]):
        return "not an article but a feed or a sitemap"
    if not page.body.strip():
        return "the answer is empty"
    if urlsplit(page.url).path in {"", "/"} and urlsplit(page.asked_url).path not in {"", "/"}:
        return "no longer there: it leads to the home page"
    return None


def _title_of(page: FetchedPage, text: PageText) -> str:
    """Return a title for a page without one: what the source calls it, or its first words."""
    return page.hints.title or (text.text or "").split("\n", 1)[0][:_LONGEST_TITLE]
