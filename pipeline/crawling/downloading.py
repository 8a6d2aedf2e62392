"""How a request goes out: through the gate, nowhere private, and with the site's pauses kept.

Everything that asks the network passes the handler here - pages, lists, redirects, retries and
robots.txt alike. The middleware asks once more after a short pause that a site asked for.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadCancelledError

from pipeline.crawling.errand import errand_of
from pipeline.crawling.politeness import PATIENCE
from pipeline.crawling.reach import host_of, may_ask
from pipeline.crawling.troubles import LeftForNextVisit, PrivateAddress, wait_asked
from pipeline.pages.addresses import site_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

WAITS: Final = 2
"""How often a request is asked again after a pause within one visit."""


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's handler behind the gate."""

    def __init__(self, crawler: Crawler) -> None:
        """Find the errand, and have no request repeated behind the gate's back."""
        super().__init__(crawler)
        self._errand = errand_of(crawler)
        # Twisted repeats by itself, at once, what fails on a connection kept open; the retry middleware waits its turn.
        self._pool.retryAutomatically = False

    async def download_request(self, request: Request) -> Response:
        """Ask when it is the site's turn.

        Raises PrivateAddress, SiteAskedToWait and LeftForNextVisit beside what downloading raises.
        """
        errand, gate = self._errand, self._errand.shared.gate
        if not may_ask(request.url, errand.source.url):
            raise PrivateAddress(f"leads to the private address {host_of(request.url)}")
        self._refuse_when_over(request)
        async with gate.turn(request.url, errand.delay.total_seconds()):
            if "waiting" in request.meta:
                await errand.shared.readers.room()
            self._refuse_when_over(request)
            response = await self._downloaded(request)
            wait = wait_asked(response, errand.shared.clock())
            if wait is not None:
                gate.pause(request.url, wait.total_seconds())
                request.meta["wait_asked"] = wait
            return response

    async def _downloaded(self, request: Request) -> Response:
        """Download, unless the visit ends meanwhile (LeftForNextVisit)."""
        download = asyncio.ensure_future(super().download_request(request))
        self._errand.downloads.add(download)
        try:
            return await download
        except (asyncio.CancelledError, DownloadCancelledError):
            if self._errand.is_over:
                raise LeftForNextVisit(request.url) from None
            raise
        finally:
            self._errand.downloads.discard(download)

    def _refuse_when_over(self, request: Request) -> None:
        if self._errand.is_over or site_of(request.url) in self._errand.sites_left:
            raise LeftForNextVisit(request.url)


class AskAgainAfterPause:
    """Downloader middleware: a 429 or 503 that names a short pause is asked again; the gate waits it out."""

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the request once more, or the answer as it is."""
        wait = request.meta.pop("wait_asked", None)
        waits = request.meta.get("waits", 0)
        if wait is None:
            return response
        if waits >= WAITS or wait.total_seconds() > PATIENCE:
            request.meta["wait"] = wait
            return response
        return request.replace(meta={**request.meta, "waits": waits + 1}, dont_filter=True)
