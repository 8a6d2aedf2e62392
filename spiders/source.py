"""What every spider of a source does alike: where it starts, and how it hands an article's page on.

Keeps to itself how the machinery tells an article's request from a list's: an article's carries
``hints``, a list's that continues the one before carries ``next_page``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider

from pipeline.model import FetchedPage, LinkHints

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from scrapy.http import Response

    from pipeline.settings import Source

_SCHEMES = ("http://", "https://")


class SourceSpider(Spider):
    """A spider of one source; its subclasses say in ``parse`` what the source's answer offers."""

    def __init__(self, source: Source, **kwargs: Any) -> None:
        """Keep the source; Scrapy's own arguments are passed on."""
        super().__init__(**kwargs)
        self.source = source

    async def start(self) -> AsyncIterator[Request]:
        """Yield the request for the source itself."""
        yield Request(self.source.url, dont_filter=True)

    def article_request(self, response: Response, href: str, hints: LinkHints) -> Iterable[Request]:
        """Yield the request for an article linked as ``href``; nothing where that is no web address."""
        url = address(response, href)
        if url:
            yield Request(url, callback=self.article, cb_kwargs={"hints": hints}, dont_filter=True)

    def list_request(self, response: Response, href: str, *, next_page: bool) -> Iterable[Request]:
        """Yield the request for another list; ``next_page``: of use only while lists offer what is unknown."""
        url = address(response, href)
        if url:
            yield Request(url, callback=self.parse, meta={"next_page": next_page}, dont_filter=True)

    def article(self, response: Response, hints: LinkHints) -> Iterable[FetchedPage]:
        """Hand on an article's page, unread."""
        yield fetched_page(self.source, response, hints)


def fetched_page(source: Source, response: Response, hints: LinkHints) -> FetchedPage:
    """Return an answer as the page that the rest of the pipeline reads."""
    asked = response.meta.get("redirect_urls", [response.url])[0]
    content_type = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return FetchedPage(
        source=source.name,
        url=response.url,
        asked_url=asked,
        body=response.body,
        content_type=content_type,
        hints=hints,
    )


def address(response: Response, href: str) -> str | None:
    """Return a link's whole address; None where it leads to no web page, or to where it stands."""
    try:
        url = response.urljoin(href.strip())
    except ValueError:
        return None
    leads_away = url.partition("#")[0] != response.url.partition("#")[0]
    return url if leads_away and url.lower().startswith(_SCHEMES) else None
