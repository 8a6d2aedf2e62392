"""Reading one page: title, text, date, author and language, each from the best place that has it.

Keeps to itself the order in which the places are asked: the source's selectors, what the page says
of itself, then the generic readers. Pure: markup and values in, a value out; no page makes it raise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from lxml.etree import XPathError

from pipeline.model import PageText
from pipeline.pages.bodies import chinese_body, embedded_body, english_body
from pipeline.pages.bylines import author_of
from pipeline.pages.claims import Claims, read_claims
from pipeline.pages.cleaning import clean_paragraphs
from pipeline.pages.dates import read_date
from pipeline.pages.decoding import decode
from pipeline.pages.document import Document, blocks, read_document, text_of, tidy
from pipeline.pages.languages import language_of
from pipeline.pages.publication import published_at
from pipeline.pages.titles import bare, title_of

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from lxml.html import HtmlElement

    from pipeline.model import FetchedPage, LinkHints
    from pipeline.settings import Source

LEAST_CHARACTERS: Final = 50
"""A shorter Chinese text is no article."""
LEAST_WORDS: Final = 25
"""The same for texts with spaces between words."""
_NEAR: Final = 900
"""Characters about the title in which its date and byline stand."""
_LINES_ABOVE_BODY: Final = 12
_LINES_FROM_TITLE: Final = 30
_DATE_LABEL = re.compile(r"发布|发表|时间|日期|posted|published", re.IGNORECASE)
_LINES_SEEN: Final = 4_000
_TITLE_LINES: Final = 3
"""Lines at a body's head among which its own title may stand; what is above it is furniture."""
_SHORT_LINE: Final = 60
_TELLING: Final = 8
"""Letters that a line must have to be found again in the page."""
_PSEUDO = re.compile(r"\s*::\s*(?P<name>text|attr)(?:\(\s*(?P<attribute>[\w:-]+)\s*\))?\s*$")


def read_page(page: FetchedPage, source: Source | None, *, zone: ZoneInfo, now: datetime) -> PageText:
    """Return what a fetched page says; see ``read_html``."""
    html = decode(page.body, page.content_type)
    return read_html(html, page.url, source, page.hints, zone=zone, now=now)


def read_html(
    html: str, url: str | None, source: Source | None, hints: LinkHints, *, zone: ZoneInfo, now: datetime
) -> PageText:
    """Return what the markup says, None for each thing it does not say; never raises.

    ``zone`` is that of dates that name none, ``now`` (aware) completes and bounds dates.
    ``found_in`` names the place of each thing found, and where a selector found nothing.
    """
    document = read_document(html)
    if document is None:
        return PageText(title=None, text=None, published_at=None, author=None, language=None)
    reading = _Reading(document, url, source, hints, zone, now)
    return reading.whole()


class _Reading:
    """One page being read: each field once, noting where it was found."""

    def __init__(
        self,
        document: Document,
        url: str | None,
        source: Source | None,
        hints: LinkHints,
        zone: ZoneInfo,
        now: datetime,
    ) -> None:
        self._document = document
        self._url = url
        self._source = source
        self._hints = hints
        self._zone = zone
        self._now = now
        self._claims: Claims = read_claims(document)
        self._found_in: dict[str, str] = {}

    def whole(self) -> PageText:
        title = self._title()
        body, language = self._body(title)
        near, around = self._near(title, body)
        published = self._date(near, around)
        author = self._author(body, f"{near}\n{around}")
        return PageText(
            title=title,
            text="\n".join(body) or None,
            published_at=published,
            author=author,
            language=language,
            found_in=self._found_in,
        )

    def _title(self) -> str | None:
        selected = self._selected("title")
        if selected:
            return self._noted("title", selected)
        return self._noted_generic("title", title_of(self._document.root, self._claims, self._hints.title))

    def _body(self, title: str | None) -> tuple[list[str], str | None]:
        body = self._selected_body()
        if body:
            self._noted("text", "selector")
            return body, self._language(body)
        sample = self._language([block.text for block in self._document.blocks])
        body = chinese_body(self._document) if sample in {"zh", "ja"} else english_body(self._document)
        where = "generic"
        if not body and self._claims.body:
            body = clean_paragraphs([tidy(line) for line in self._claims.body.splitlines()])
            where = "json-ld"
        if not _is_article(body, has_structure=False) and (carried := embedded_body(self._document)):
            body, where, sample = carried, "script", self._language(carried)
        body = _without_title(body, title)
        has_structure = self._claims.is_article or self._found_in.get("title") == "h1"
        if not _is_article(body, has_structure=has_structure):
            return [], sample
        missed = self._found_in.get("text")
        self._found_in["text"] = f"{where}, {missed}" if missed else where
        return body, self._language(body) or sample

    def _language(self, texts: list[str]) -> str | None:
        if self._source and self._source.language:
            return self._source.language
        return language_of("\n".join(texts), self._claims.language)

    def _date(self, near: str, around: str) -> datetime | None:
        selected = self._selected("date")
        written = read_date(selected, self._zone, now=self._now) if selected else None
        if written:
            self._noted("published_at", "selector")
            hint = read_date(self._hints.published or "", self._zone, now=self._now)
            is_finer = (
                hint
                and hint.has_time
                and not written.has_time
                and hint.at.astimezone(self._zone).date() == written.at.date()
            )
            return hint.at if hint and is_finer else written.at
        found = published_at(
            self._document,
            self._claims,
            self._url,
            self._hints.published,
            near=near,
            around=around,
            zone=self._zone,
            now=self._now,
        )
        if found is None:
            return None
        missed = self._found_in.get("published_at")
        self._found_in["published_at"] = f"{found[1]}, {missed}" if missed else found[1]
        return found[0]

    def _author(self, body: list[str], near: str) -> str | None:
        selected = self._selected("author")
        if selected:
            return self._noted("author", re.sub(r"^(?:By|作者|记者|文)\s*[:：/|]?\s*", "", selected))
        found = author_of(self._document.root, self._claims, body, self._hints.author, near=near)
        return self._noted_generic("author", found)

    def _noted(self, name: str, value: str) -> str:
        self._found_in[name] = (
            f"selector {getattr(self._source, {'text': 'body', 'published_at': 'date'}.get(name, name))}"
        )
        return value

    def _noted_generic(self, name: str, found: tuple[str, str] | None) -> str | None:
        if found is None:
            return None
        missed = self._found_in.get(name)
        self._found_in[name] = f"{found[1]}, {missed}" if missed else found[1]
        return found[0]

    def _selected(self, name: str) -> str | None:
        """Return the text of what the source's selector for a field finds first; note it where nothing does."""
        selector = getattr(self._source, name) if self._source else None
        if not selector:
            return None
        for element, attribute in select(self._document.root, selector):
            text = tidy(element.get(attribute) or "") if attribute else text_of(element)
            if not text and not attribute:
                text = tidy(element.get("datetime") or element.get("content") or "")
            if text:
                return text
        self._found_in[{"date": "published_at"}.get(name, name)] = f"selector {selector} found nothing"
        return None

    def _selected_body(self) -> list[str]:
        source = self._source
        if source is None or not source.body:
            return []
        chosen = [element for element, _ in select(self._document.root, source.body)]
        dropped = {element for selector in source.drop for element, _ in select(self._document.root, selector)}
        lines = [
            block.text
            for element in _outermost(chosen)
            for block in blocks(element)
            if not dropped or not _is_within(block.element, dropped)
        ]
        body = clean_paragraphs(lines)
        if not body:
            self._found_in["text"] = f"selector {source.body} found nothing"
        return body

    def _near(self, title: str | None, body: list[str]) -> tuple[str, str]:
        """Return the lines between title and body, and those around: the body's short first ones, some above the title."""
        lines = [block.text for block in self._document.blocks[:_LINES_SEEN]]
        bared = [bare(line) for line in lines]
        wanted = bare(title or "")
        openings = [opening for line in body[:3] if len(opening := bare(line)[:40]) >= _TELLING]
        first_body = next((index for index, line in enumerate(bared) if any(map(line.startswith, openings))), None)
        titles = [index for index, line in enumerate(bared) if wanted and wanted in line]
        before = [index for index in titles if first_body is None or index <= first_body]
        close = [index for index in before if first_body is None or first_body - index <= _LINES_FROM_TITLE]
        start = (close or before[-1:] or [max(0, (first_body or 0) - _LINES_ABOVE_BODY) - 1])[0] + 1
        end = max(first_body, start) if first_body is not None else start + _LINES_ABOVE_BODY
        first_lines = [line for line in body[:4] if len(line) <= _SHORT_LINE]
        above = lines[max(0, start - 7) : max(0, start - 1)] if before else []
        below = _dated_after(lines[end:], body)
        return "\n".join(lines[start:end])[:_NEAR], "\n".join([*first_lines, *above, *below])[:_NEAR]


def select(root: HtmlElement, selector: str) -> list[tuple[HtmlElement, str | None]]:
    """Return (element, attribute asked for or None) for a CSS selector, in the page's order.

    Scrapy's ``::text`` and ``::attr(name)`` endings are understood. Empty for what is no selector.
    """
    ending = _PSEUDO.search(selector)
    plain = selector[: ending.start()] if ending else selector
    try:
        found = CSSSelector(plain, translator="html")(root)
    except (SelectorError, XPathError, ValueError):
        return []
    return [(element, ending["attribute"] if ending else None) for element in found]


def _outermost(elements: list[HtmlElement]) -> list[HtmlElement]:
    chosen = set(elements)
    return [element for element in elements if not any(above in chosen for above in element.iterancestors())]


def _is_within(element: HtmlElement, holders: set[HtmlElement]) -> bool:
    return element in holders or any(above in holders for above in element.iterancestors())


def _dated_after(lines: list[str], body: list[str]) -> list[str]:
    """Return what is labelled as the date among the lines that follow the body's last one."""
    closing = bare(body[-1])[-40:] if body else ""
    last = next((at for at, line in enumerate(lines) if closing and bare(line).endswith(closing)), None)
    after = [] if last is None else lines[last + 1 : last + _LINES_ABOVE_BODY]
    return [line for line in after if len(line) <= _SHORT_LINE and _DATE_LABEL.search(line)]


def _without_title(body: list[str], title: str | None) -> list[str]:
    opening = body[:_TITLE_LINES]
    named = next((at for at, line in enumerate(opening) if title and bare(line) == bare(title)), None)
    return body if named is None or len(body) == 1 else body[named + 1 :]


def _is_article(body: list[str], *, has_structure: bool) -> bool:
    text = "\n".join(body)
    if not text:
        return False
    least = 0.4 if has_structure else 1.0
    han = len(re.findall("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]", text))
    words = len(re.findall(r"[^\W\d_]+", text))
    return han >= LEAST_CHARACTERS * least or (han < words and words >= LEAST_WORDS * least)
