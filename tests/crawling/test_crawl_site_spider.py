"""A spider that is made for one site takes the place of its kind's there, and nowhere else."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

from pipeline.model import LinkHints
from tests.crawling.crawling_pages import article, listing
from tests.crawling.crawling_runs import Room, source
from tests.servers import Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scrapy import Request
    from scrapy.http import Response


def a_spider_of_its_own(site: str) -> None:
    """Add a spider for one site, as a file in spiders/ would."""
    from spiders.listing import ListingSpider

    class Own(ListingSpider):
        name = f"listing {site}"

        def parse(self, response: Response) -> Iterator[Request]:
            yield from self.article_request(response, "/a/hidden.html", LinkHints(title="藏起来的文章"))

    Own.__module__ = ListingSpider.__module__
    sys.modules[ListingSpider.__module__].Own = Own  # type: ignore[attr-defined]


def test_a_sites_own_spider_reads_its_lists_and_no_other_sites(tmp_path: Path) -> None:
    with Site() as own, Site() as other:
        for site in (own, other):
            site.put("/list.html", listing(("列表里写着的文章标题", "/a/1.html")))
            site.put("/a/1.html", article("列表里写着的文章标题"))
            site.put("/a/hidden.html", article("藏起来的文章"))
        sources = [source(name, "listing", f"{site.url}/list.html") for name, site in (("own", own), ("other", other))]
        room = Room(tmp_path)
        room.crawl(*sources, fault=partial(a_spider_of_its_own, own.url.removeprefix("http://")))
        assert {stored.url for stored in room.articles()} == {f"{own.url}/a/hidden.html", f"{other.url}/a/1.html"}
