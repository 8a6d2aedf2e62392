"""Sitemaps: news sitemaps, plain ones, indexes of sitemaps, compressed or not, and lists of addresses.

Keeps to itself the elements' names (by local name: the namespaces are often wrong) that the
newest comes first, in an index as in a sitemap whose entries are dated, and that ``lastmod`` says when
a page changed, not when its article came out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

from parsel import Selector
from scrapy.utils.gz import gunzip

from pipeline.model import LinkHints, SourceProblem
from spiders.source import SourceSpider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parsel import SelectorList
    from scrapy import Request
    from scrapy.http import Response

NOT_A_SITEMAP: Final = "answered with a web page where a sitemap should be"
LARGEST: Final = 50_000_000
"""Bytes of a sitemap after decompression, as the protocol allows."""
_T = TypeVar("_T")
_GZIP = b"\x1f\x8b\x08"
_ROOT = re.compile(rb"<(?:\w+:)?(sitemapindex|urlset|html|rss|feed)[\s>]", re.IGNORECASE)
_MEDIA = re.compile(r"\.(jpe?g|png|gif|webp|svg|mp4|mp3|pdf|zip|css|js|xml)$", re.IGNORECASE)


class SitemapSpider(SourceSpider):
    """A sitemap; an index is followed to its sitemaps, newest first."""

    name = "sitemap"

    def parse(self, response: Response) -> Iterable[Request | SourceProblem]:
        """Yield a request an entry, or one a sitemap of an index, or why this is no sitemap."""
        try:
            body = gunzip(response.body, max_size=LARGEST) if response.body.startswith(_GZIP) else response.body
        except (OSError, EOFError, ValueError):
            yield SourceProblem(problem="the compressed sitemap is broken or too large", lasting=False)
            return
        root = _ROOT.search(body[:20_000])
        kind = root[1].lower() if root else b""
        if kind == b"sitemapindex":
            yield from self._index(response, body)
        elif kind == b"urlset":
            yield from self._entries(response, body)
        elif root is None and body.lstrip()[:4].lower() == b"http":
            for line in body.decode("utf-8", "replace").splitlines():
                yield from self.article_request(response, line, LinkHints())
        elif kind == b"html":
            yield SourceProblem(problem=NOT_A_SITEMAP, lasting=True)
        else:
            yield SourceProblem(problem="answered with something that is no sitemap", lasting=False)

    def _index(self, response: Response, body: bytes) -> Iterable[Request]:
        parts = [
            (_text(part, "lastmod"), _text(part, "loc"))
            for part in Selector(body=body, type="xml").xpath("//*[local-name()='sitemap']")
        ]
        for _, loc in _newest_first([(date or "", loc) for date, loc in parts if loc]):
            yield from self.list_request(response, loc, next_page=False)

    def _entries(self, response: Response, body: bytes) -> Iterable[Request]:
        entries = []
        for url in Selector(body=body, type="xml").xpath("//*[local-name()='url']"):
            loc = _text(url, "loc")
            news = url.xpath("*[local-name()='news']")
            hints = LinkHints(title=_text(news, "title"), published=_text(news, "publication_date"))
            if loc and (news or not _is_furniture(loc)):
                entries.append((hints.published or _text(url, "lastmod") or "", (loc, hints)))
        for _, (loc, hints) in _newest_first(entries):
            yield from self.article_request(response, loc, hints)


def _newest_first(dated: list[tuple[str, _T]]) -> list[tuple[str, _T]]:
    """Order by W3C date, newest first; where one has none, as they stand."""
    return sorted(dated, key=lambda pair: pair[0], reverse=True) if all(date for date, _ in dated) else dated


def _text(within: Selector | SelectorList[Selector], name: str) -> str | None:
    found = within.xpath(f"*[local-name()='{name}']/text()").get()
    return found.strip() or None if found else None


def _is_furniture(loc: str) -> bool:
    """Tell whether an address is the home page or a file rather than an article."""
    path = loc.partition("://")[2].partition("/")[2].partition("?")[0]
    return (path == "" and "?" not in loc) or _MEDIA.search(path) is not None
