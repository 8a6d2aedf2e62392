"""What kind of source an address is, told from what it answers. Pure.

A feed or a sitemap shows itself in its first element. A web page is a list unless it reads as an
article: by what it says of itself, or by long text under an address such as articles have.
"""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from parsel import Selector

from pipeline.pages.decoding import decode
from pipeline.settings import SourceKind

if TYPE_CHECKING:
    from pipeline.model import FetchedPage

_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex|html|head|body)[\s>:]", re.IGNORECASE)
_SAYS_ARTICLE = re.compile(
    r"""<meta[^>]+og:type["'][^>]+content\s*=\s*["']?article|"@type"\s*:\s*\[?\s*"(News)?Article""", re.IGNORECASE
)
_ARTICLE_PATH = re.compile(r"\d{5,}|[\w%]+([-_][\w%]+){3,}|(19|20)\d\d[/-]?\d\d")
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml", "application/feed+json")
_START: Final = 20_000
_FEW_LINKS: Final = 3
_LONG_TEXT: Final = 500


def kind_of(page: FetchedPage, *, links: int, text_length: int) -> SourceKind:
    """Return the kind; ``links`` to articles were found on it, and ``text_length`` characters of article text."""
    text = decode(_unpacked(page.body), page.content_type)[:_START]
    root = _ROOT.search(text)
    name = root[1].lower() if root else ""
    if name in {"rss", "feed", "rdf"} or (text.lstrip().startswith("{") and "jsonfeed.org" in text):
        return SourceKind.FEED
    if name in {"urlset", "sitemapindex"} or (not name and text.lstrip().startswith("http")):
        return SourceKind.SITEMAP
    has_article_path = _ARTICLE_PATH.search(urlsplit(page.url).path) is not None
    if text_length and (_SAYS_ARTICLE.search(text) or (text_length >= _LONG_TEXT and has_article_path)):
        return SourceKind.PAGE
    return SourceKind.LISTING if links >= _FEW_LINKS or text_length < _LONG_TEXT else SourceKind.PAGE


def feeds_announced(page: FetchedPage) -> tuple[str, ...]:
    """Return the addresses of the feeds that a web page names in its head, in its order."""
    announced = Selector(text=decode(page.body, page.content_type) or " ", type="html").xpath(
        "//link[contains(concat(' ', @rel, ' '), ' alternate ')][@href]"
    )
    found = [link.attrib for link in announced if link.attrib.get("type", "").lower() in _FEED_TYPES]
    return tuple(dict.fromkeys(urljoin(page.url, link["href"]) for link in found))


def _unpacked(body: bytes) -> bytes:
    """Return the beginning of a body, uncompressed."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(wbits=31).decompress(body, _START)
    except zlib.error:
        return body
