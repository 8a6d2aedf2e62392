"""robots.txt, asked once a host and run, and obeyed; where it cannot be had the host is left alone.

As RFC 9309 says: a 4xx means that there are no rules, a 5xx or no answer that nothing may be asked
for the time being. A ``Crawl-delay`` is kept. Keeps to itself how the rules are found; they
are shared by all visits of the run.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from pipeline.crawling.errand import errand_of
from pipeline.crawling.politeness import SiteAskedToWait
from pipeline.crawling.troubles import (
    DOWNLOAD_ERRORS,
    LeftForNextVisit,
    PrivateAddress,
    RefusedByRobots,
    RobotsUnreadable,
    Trouble,
    trouble_of,
    trouble_of_status,
)

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

LONGEST: Final = 500_000
"""Bytes of robots.txt that are read, as the RFC asks for at least."""
_TOO_MANY: Final = 429
_SERVER_ERROR: Final = 500


class Robots(RobotsTxtMiddleware):
    """Scrapy's middleware with the rules shared by all crawlers of the run, and failures taken as refusals."""

    def __init__(self, crawler: Crawler) -> None:
        """Find the errand and the run's rules."""
        super().__init__(crawler)
        self._errand = errand_of(crawler)
        self._asking: dict[str, asyncio.Lock] = {}

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """Return the rules of a request's host; RobotsUnreadable where they cannot be had."""
        parts = urlparse_cached(request)
        root = f"{parts.scheme}://{parts.netloc}"
        rules = self._errand.shared.rules
        async with self._asking.setdefault(root, asyncio.Lock()):
            if root not in rules:
                rules[root] = await self._asked(root)
        found = rules[root]
        if isinstance(found, Trouble):
            raise RobotsUnreadable(found)
        return found

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Refuse what the rules forbid (RefusedByRobots)."""
        if rp is not None and not rp.allowed(request.url, self._default_useragent):
            raise RefusedByRobots(request.url)

    async def _asked(self, root: str) -> ProtegoRobotParser | Trouble:
        request = Request(f"{root}/robots.txt", meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except (SiteAskedToWait, LeftForNextVisit, PrivateAddress):
            raise
        except DOWNLOAD_ERRORS as error:
            trouble = trouble_of(error)
            named = trouble.problem if trouble.unreachable else f"robots.txt: {trouble.problem}"
            return replace(trouble, problem=named, gone=False)
        if response.status >= _SERVER_ERROR or response.status == _TOO_MANY:
            trouble = trouble_of_status(response)
            return replace(trouble, problem=f"robots.txt: {trouble.problem}", gone=False)
        return self._rules(root, response)

    def _rules(self, root: str, response: Response) -> ProtegoRobotParser:
        body = response.body[:LONGEST] if response.status < 400 else b""  # noqa: PLR2004 - a client error: no rules
        rules = ProtegoRobotParser.from_crawler(self.crawler, body)
        delay = rules.crawl_delay(self._default_useragent)
        if delay:
            self._errand.shared.gate.slow_down(root, delay)
        return rules
