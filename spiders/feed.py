"""Feeds: RSS 0.9 to 2.0, Atom and JSON Feed, in whatever state they come.

Keeps to itself that a broken feed is read as far as it goes, and what is no feed at all. Entities
are never fetched or multiplied: the document type is cut out before anything is parsed.
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import feedparser
from w3lib.html import remove_tags, replace_entities

from pipeline.model import LinkHints, SourceProblem
from spiders.characters import characters
from spiders.source import SourceSpider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Request
    from scrapy.http import Response

NOT_A_FEED: Final = "answered with a web page where a feed should be"
_HTML = re.compile(r"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_FEED = re.compile(r"<(rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(\[.*?\]\s*)?>", re.IGNORECASE | re.DOTALL)
_LONGEST_SUMMARY: Final = 2000


class FeedSpider(SourceSpider):
    """A feed, in the order that it is written in."""

    name = "feed"

    def parse(self, response: Response) -> Iterable[Request | SourceProblem]:
        """Yield a request an entry, or why this is no feed."""
        text = characters(response.body, response.headers.get("Content-Type") or b"")
        if text.lstrip()[:1] == "{":
            yield from self._json(response, text)
            return
        mark, page = _FEED.search(text[:20_000]), _HTML.search(text[:20_000])
        if mark is None or (page is not None and page.start() < mark.start()):
            is_page = page is not None
            problem = NOT_A_FEED if is_page else "answered with something that is no feed"
            yield SourceProblem(problem=problem, lasting=is_page)
            return
        feed = _parsed(text, response.url)
        if feed.bozo and not feed.entries and not feed.version:
            yield SourceProblem(problem="the feed is broken and nothing of it can be read", lasting=False)
        for entry in feed.entries:
            yield from self.article_request(response, _link(entry), _hints(entry))

    def _json(self, response: Response, text: str) -> Iterable[Request | SourceProblem]:
        try:
            feed = json.loads(text)
        except (ValueError, RecursionError):
            yield SourceProblem(problem="the JSON feed is broken", lasting=False)
            return
        items = feed.get("items")
        if "jsonfeed" not in str(feed.get("version", "")) or not isinstance(items, list):
            yield SourceProblem(problem="answered with JSON that is no feed", lasting=True)
            return
        for item in items:
            if isinstance(item, dict):
                yield from self.article_request(response, _json_link(item), _json_hints(item))


def _parsed(text: str, url: str) -> Any:
    bare = _DOCTYPE.sub("", _DECLARATION.sub("", text.lstrip("\ufeff")), count=1)
    return feedparser.parse(
        BytesIO(bare.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": url},
        sanitize_html=False,
    )


def _link(entry: Any) -> str:
    """Return where the article is: the publisher's own address before a counting one, a permanent id last."""
    link = entry.get("feedburner_origlink") or entry.get("link") or ""
    if not link and str(entry.get("id", "")).startswith("http"):
        link = entry["id"]
    return str(link)


def _hints(entry: Any) -> LinkHints:
    return LinkHints(
        title=_plain(entry.get("title")),
        author=_plain(entry.get("author")),
        published=_plain(entry.get("published") or entry.get("updated")),
        summary=_plain(entry.get("summary")),
    )


def _json_link(item: dict[str, Any]) -> str:
    return str(item.get("url") or item.get("external_url") or item.get("id") or "")


def _json_hints(item: dict[str, Any]) -> LinkHints:
    written = item.get("authors")
    authors = written if isinstance(written, list) and written else [item.get("author")]
    names = [str(author.get("name")) for author in authors if isinstance(author, dict) and author.get("name")]
    return LinkHints(
        title=_plain(item.get("title")),
        author=", ".join(names) or None,
        published=_plain(item.get("date_published") or item.get("date_modified")),
        summary=_plain(item.get("summary")),
    )


def _plain(marked_up: object) -> str | None:
    """Return a value without tags and entities, on one line; None where nothing is left."""
    if not isinstance(marked_up, str):
        return None
    text = replace_entities(remove_tags(replace_entities(marked_up)))
    return " ".join(text.split())[:_LONGEST_SUMMARY] or None
