"""Trying a source, or a bare address, without a database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.settings import SourceKind
from tests.crawling.crawling_pages import article, listing, rss
from tests.crawling.crawling_runs import probe_in_process, source
from tests.servers import Site

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as started:
        for number in range(1001, 1009):
            started.put(f"/a/{number}.html", article(f"关于权重公开的第{number}篇文章"))
        entries = [(f"关于权重公开的第{number}篇文章", f"/a/{number}.html") for number in range(1001, 1009)]
        started.put("/rss.xml", rss(*entries))
        announced = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
        started.put(
            "/list.html",
            listing(*entries, after="<a href='/list_2.html'>下一页</a>").replace(
                "<body>", f"<head>{announced}</head><body>"
            ),
        )
        started.put("/map.xml", f"<urlset><url><loc>{started.url}/a/1001.html</loc></url></urlset>")
        yield started


def test_a_feed_is_tried_with_its_five_newest_articles(site: Site) -> None:
    found = probe_in_process(source("feed", "feed", f"{site.url}/rss.xml"))
    assert (found.problem, found.links, len(found.articles)) == (None, 8, 5)
    assert found.articles[0].text.title == "关于权重公开的第1001篇文章"
    assert found.articles[0].text.found_in["title"]


@pytest.mark.parametrize(
    ("path", "kind", "feeds"),
    [
        ("/rss.xml", SourceKind.FEED, 0),
        ("/map.xml", SourceKind.SITEMAP, 0),
        ("/list.html", SourceKind.LISTING, 1),
    ],
)
def test_the_kind_of_a_bare_address_is_found_out(site: Site, path: str, kind: SourceKind, feeds: int) -> None:
    found = probe_in_process(site.url + path)
    assert (found.source.kind, found.problem, len(found.feeds)) == (kind, None, feeds)
    assert found.articles


def test_an_article_of_its_own_is_a_page(site: Site) -> None:
    site.put(
        "/2026/11/30632353.html", article("一篇文章", mark="再写长一些,好让它像一篇真正的文章那样长,不只是几句话。" * 5)
    )
    found = probe_in_process(f"{site.url}/2026/11/30632353.html")
    assert (found.source.kind, len(found.articles)) == (SourceKind.PAGE, 1)


def test_an_address_that_fails_says_why(site: Site) -> None:
    found = probe_in_process(f"{site.url}/nothing")
    assert (found.problem, found.articles) == ("HTTP 404 Not Found", ())
