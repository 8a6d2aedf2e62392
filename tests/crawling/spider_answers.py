"""Answers for the spiders' tests, and what a spider made of one as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http import HtmlResponse, Response, XmlResponse

from pipeline.model import LinkHints, SourceProblem
from pipeline.settings import Source, SourceKind
from spiders.feed import FeedSpider
from spiders.listing import ListingSpider
from spiders.page import PageSpider
from spiders.sitemap import SitemapSpider

if TYPE_CHECKING:
    from pipeline.model import FetchedPage
    from spiders.source import SourceSpider

_SPIDERS: dict[str, type[SourceSpider]] = {
    "feed": FeedSpider,
    "sitemap": SitemapSpider,
    "listing": ListingSpider,
    "page": PageSpider,
}


class Made:
    """What a spider made of an answer."""

    def __init__(self, found: list[Any]) -> None:
        requests = [one for one in found if isinstance(one, Request)]
        self.links: dict[str, LinkHints] = {
            one.url: one.cb_kwargs["hints"] for one in requests if "hints" in one.cb_kwargs
        }
        lists = [one for one in requests if "hints" not in one.cb_kwargs]
        self.next_pages = [one.url for one in lists if one.meta["next_page"]]
        self.parts = [one.url for one in lists if not one.meta["next_page"]]
        self.problems: list[SourceProblem] = [one for one in found if isinstance(one, SourceProblem)]
        self.pages: list[FetchedPage] = [one for one in found if not isinstance(one, Request | SourceProblem)]


def made(
    kind: str,
    body: str | bytes,
    *,
    url: str = "https://news.example.com/source",
    content_type: str = "",
    response: type[Response] | None = None,
    **of_source: Any,
) -> Made:
    """Return what the spider of a kind makes of an answer."""
    spider = _SPIDERS[kind](source=Source(name="s", kind=SourceKind(kind), url=url, **of_source))
    kinds: dict[str, type[Response]] = {"listing": HtmlResponse, "page": HtmlResponse}
    answer = (response or kinds.get(kind, XmlResponse))(
        url,
        body=body.encode() if isinstance(body, str) else body,
        headers={"Content-Type": content_type} if content_type else {},
        request=Request(url),
    )
    return Made(list(spider.parse(answer)))
