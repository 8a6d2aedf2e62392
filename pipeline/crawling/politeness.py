"""One request at a time to one site, with the pause between: the gate that every request passes.

Shared by all crawlers of a process and kept by *site* (registrable domain), so that neither two
sources of one site, nor its sub-domains, nor robots.txt, nor a foreign link slip past. The pause
runs from the end of one answer to the start of the next request. Keeps to itself who waits, and
until when a site has asked to be left alone.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING, Final

from scrapy.exceptions import IgnoreRequest

from pipeline.pages.addresses import site_of
from pipeline.settings import MIN_DELAY, is_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PATIENCE: Final = 30.0
"""Seconds: a pause that a site asks for is waited out when it is no longer than this."""
LONGEST_CRAWL_DELAY: Final = 60.0
"""Seconds: a ``Crawl-delay`` in robots.txt is kept up to this."""


class SiteAskedToWait(IgnoreRequest):
    """The site has asked to be left alone for longer than a visit waits."""

    def __init__(self, seconds: float) -> None:
        """Keep for how many seconds from now."""
        super().__init__(f"the site asked to wait for {seconds:.0f} s")
        self.seconds = seconds


@dataclass(slots=True)
class _Site:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    ended: float = float("-inf")
    delay: float = 0.0
    paused_until: float = 0.0


class Gate:
    """The turns of all sites; times are of the monotonic clock."""

    def __init__(self) -> None:
        """Begin with no site known."""
        self._sites: dict[str, _Site] = {}

    @asynccontextmanager
    async def turn(self, url: str, delay: float) -> AsyncIterator[None]:
        """Hold the site's turn, ``delay`` seconds or more after its last answer.

        Raises SiteAskedToWait where the site is paused for longer than PATIENCE.
        """
        site = self._site(url)
        least = delay if is_loopback(url) else max(delay, MIN_DELAY.total_seconds())
        async with site.lock:
            pause = max(site.paused_until, site.ended + max(least, site.delay)) - monotonic()
            if site.paused_until - monotonic() > PATIENCE:
                raise SiteAskedToWait(site.paused_until - monotonic())
            if pause > 0:
                await asyncio.sleep(pause)
            try:
                yield
            finally:
                site.ended = monotonic()

    def pause(self, url: str, seconds: float) -> None:
        """Leave the site alone for so many seconds from now."""
        site = self._site(url)
        site.paused_until = max(site.paused_until, monotonic() + seconds)

    def slow_down(self, url: str, seconds: float) -> None:
        """Keep the pause that the site's robots.txt asks for, up to LONGEST_CRAWL_DELAY."""
        site = self._site(url)
        site.delay = max(site.delay, min(seconds, LONGEST_CRAWL_DELAY))

    def _site(self, url: str) -> _Site:
        return self._sites.setdefault(site_of(url), _Site())
