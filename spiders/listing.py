"""List pages: the links to articles, by the source's selector or found by themselves, and the next page.

Keeps to itself how a link to the next page is told and what a list row says beside the link. Which
links lead to articles where no selector says so is ``spiders.article_links``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cssselect import SelectorError
from parsel import Selector
from scrapy.http import TextResponse

from pipeline.model import LinkHints, SourceProblem
from spiders.article_links import article_links, title_of
from spiders.characters import characters
from spiders.source import SourceSpider, address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy import Request
    from scrapy.http import Response

_NEXT_TEXT = re.compile(r"\W*(下一页|下页|后一页|下一頁|next( page)?|older( posts| entries)?)\W*", re.IGNORECASE)
_DATE = re.compile(r"(19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?([T\s]+\d{1,2}:\d\d(:\d\d)?)?")
_ROW_LEVELS = 5


class ListingSpider(SourceSpider):
    """A list page, in the order that it is written in."""

    name = "listing"

    def parse(self, response: Response) -> Iterable[Request | SourceProblem]:
        """Yield a request an article, then the next page's, or why the list cannot be read."""
        if not isinstance(response, TextResponse):
            yield SourceProblem(problem="answered with something that is no web page", lasting=False)
            return
        page = Selector(text=characters(response.body, response.headers.get("Content-Type") or b"") or " ", type="html")
        try:
            rows = self._rows(page, response)
            following = self._next(page, response)
        except SelectorError as error:
            yield SourceProblem(problem=f"a selector of this source cannot be read: {error}", lasting=True)
            return
        if not rows:
            problem = (
                f"nothing on the page matches link = {self.source.link!r}"
                if self.source.link
                else "no links to articles found on the page"
            )
            yield SourceProblem(problem=problem, lasting=False)
        for url, hints in rows.items():
            yield from self.article_request(response, url, hints)
        if following:
            yield from self.list_request(response, following, next_page=True)

    def _rows(self, page: Selector, response: Response) -> dict[str, LinkHints]:
        """Return the articles' addresses in the page's order, with what their rows say."""
        if self.source.link:
            found = page.css(self.source.link)
            anchors = [anchor for element in found for anchor in (element.xpath("descendant-or-self::a[@href]"))]
        else:
            anchors = article_links(page, response.url)
        rows: dict[str, LinkHints] = {}
        wanted = {anchor.attrib["href"] for anchor in anchors}
        for anchor in anchors:
            url = address(response, anchor.attrib["href"])
            if url:
                hints = LinkHints(title=title_of(anchor), published=_date_beside(anchor, wanted))
                if url not in rows or len(rows[url].title or "") < len(hints.title or ""):
                    rows[url] = hints
        return rows

    def _next(self, page: Selector, response: Response) -> str | None:
        if self.source.next:
            found = page.css(self.source.next)
            return found.xpath("descendant-or-self::*[@href]/@href").get()
        marked = page.xpath("//*[self::a or self::link][contains(concat(' ', @rel, ' '), ' next ')]/@href").get()
        if marked:
            return marked
        for anchor in page.xpath("//a[@href]"):
            written = "".join(anchor.xpath(".//text()").getall()) or anchor.attrib.get("title", "")
            if _NEXT_TEXT.fullmatch(written.strip()) and address(response, anchor.attrib["href"]):
                return anchor.attrib["href"]
        return None


def _date_beside(anchor: Selector, wanted: set[str]) -> str | None:
    """Return the date, with its year, in the largest part of the page that speaks of this article alone."""
    row = anchor
    for _ in range(_ROW_LEVELS):
        above = row.xpath("..")
        if not above or {href for href in above[0].xpath(".//a/@href").getall() if href in wanted} - {
            anchor.attrib["href"]
        }:
            break
        row = above[0]
    machine = row.xpath(".//time/@datetime").get()
    match = _DATE.search(" ".join(row.xpath(".//text()").getall()))
    return machine or (match[0] if match else None)
