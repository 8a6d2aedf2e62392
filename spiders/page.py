"""A source that is one article: fetched again at each visit, so that its changes become revisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import FetchedPage, LinkHints
from spiders.source import SourceSpider, fetched_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.http import Response


class PageSpider(SourceSpider):
    """The address itself is the article."""

    name = "page"

    def parse(self, response: Response) -> Iterable[FetchedPage]:
        """Hand on the page."""
        yield fetched_page(self.source, response, LinkHints())
