"""Telling what kind of source an address is by what it answers."""

from __future__ import annotations

import gzip

import pytest

from pipeline.crawling.kinds import feeds_announced, kind_of
from pipeline.model import FetchedPage
from pipeline.settings import SourceKind


def _page(body: str | bytes, url: str = "https://news.example.com/x") -> FetchedPage:
    raw = body.encode() if isinstance(body, str) else body
    return FetchedPage(source="s", url=url, asked_url=url, body=raw, content_type="")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('<?xml version="1.0"?><rss version="2.0">', SourceKind.FEED),
        ('<feed xmlns="http://www.w3.org/2005/Atom">', SourceKind.FEED),
        ('<rdf:RDF xmlns:rdf="x">', SourceKind.FEED),
        ('{"version": "https://jsonfeed.org/version/1", "items": []}', SourceKind.FEED),
        ('<urlset xmlns="x">', SourceKind.SITEMAP),
        ("<sitemapindex>", SourceKind.SITEMAP),
        ("https://news.example.com/1\nhttps://news.example.com/2", SourceKind.SITEMAP),
        (gzip.compress(b"<urlset>" + b" " * 100_000, mtime=0), SourceKind.SITEMAP),
        (b"\x1f\x8bbroken", SourceKind.LISTING),
    ],
)
def test_a_feed_or_sitemap_shows_itself(body: str | bytes, kind: SourceKind) -> None:
    assert kind_of(_page(body), links=0, text_length=0) is kind


@pytest.mark.parametrize(
    ("body", "path", "links", "text_length", "kind"),
    [
        ("<html><body>", "/ai/", 12, 0, SourceKind.LISTING),
        ("<html><body>", "/ai/", 12, 900, SourceKind.LISTING),
        ("<html><body>", "/ai/", 0, 900, SourceKind.PAGE),
        ("<html><body>", "/2026/11/30632353.html", 12, 900, SourceKind.PAGE),
        ("<html><body>", "/2026/11/30632353.html", 12, 100, SourceKind.LISTING),
        ('<html><meta property="og:type" content="article">', "/x", 12, 200, SourceKind.PAGE),
        ("<html>", "/", 0, 0, SourceKind.LISTING),
    ],
)
def test_a_web_page_is_a_list_unless_it_reads_as_an_article(
    body: str, path: str, links: int, text_length: int, kind: SourceKind
) -> None:
    assert kind_of(_page(body, f"https://news.example.com{path}"), links=links, text_length=text_length) is kind


def test_announced_feeds_are_named_once_each() -> None:
    body = (
        '<head><link rel="alternate" type="application/rss+xml" href="/rss"><link rel="alternate" type="application/rss+xml" '
        'href="/rss"><link rel="alternate" type="application/atom+xml" href="https://f.example.com/atom">'
        '<link rel="alternate" hreflang="en" href="/en"></head>'
    )
    assert feeds_announced(_page(body)) == ("https://news.example.com/rss", "https://f.example.com/atom")
    assert feeds_announced(_page("")) == ()
    assert feeds_announced(_page("{}")) == ()
