"""The article's text, by several readers of pages and a vote between them.

Keeps to itself trafilatura, readability and the places where publishing systems put an article.
Measured on 184 Chinese pages (F1 of characters): a vote of three cheap readers .928, the best of
them alone .912; on 564 English pages trafilatura alone .956, which a vote betters by .002.
"""

from __future__ import annotations

import logging
from collections import Counter
from copy import deepcopy
from typing import TYPE_CHECKING, Final

import trafilatura
from lxml import etree
from lxml.html import document_fromstring, tostring
from readability import Document as ReadabilityDocument
from readability.readability import Unparseable

from pipeline.pages.cleaning import clean_paragraphs
from pipeline.pages.density import densest
from pipeline.pages.document import paragraphs, tidy

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.html import HtmlElement

    from pipeline.pages.document import Document

_IDS: Final = (
    "js_content", "artibody", "endText", "article_content", "articleC", "ContentBody", "rwb_zw", "articleContent", "article-content",
    "Cnt-Main-Article-QQ", "ArticleContent", "main_content", "p-detail", "chan_newsDetail", "mp-editor", "detailContent", "UCAP-CONTENT",
)  # fmt: skip
_CLASSES: Final = ("TRS_Editor", "article-content", "post_body", "article-body", "news_txt")
_PLACES: Final = (
    "//*[@itemprop='articleBody']",
    f"//*[{' or '.join(f'@id={name!r}' for name in _IDS)}]",
    *(f"//*[contains(concat(' ',normalize-space(@class),' '),' {name} ')]" for name in _CLASSES),
)
_LEAST: Final = 80
"""Characters that a known place must hold to be believed."""
_TROUBLE: Final = (
    Unparseable,
    etree.LxmlError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    IndexError,
    AssertionError,
    RecursionError,
)
for _name in ("trafilatura", "readability", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


def chinese_body(document: Document) -> list[str]:
    """Return the paragraphs on which the readers agree most; empty where no reader finds a body."""
    readers: tuple[Callable[[HtmlElement], list[str]], ...] = (_placed, _readable, densest, _fast)
    if document.is_heavy:
        readers = (_placed, densest)
    found = [clean_paragraphs(reader(document.root)) for reader in readers]
    return _agreed([candidate for candidate in found if candidate])


def english_body(document: Document) -> list[str]:
    """Return trafilatura's paragraphs; those of the other readers where it finds none or may not run."""
    readers: tuple[Callable[[HtmlElement], list[str]], ...] = (_thorough, _readable, densest)
    if document.is_heavy:
        readers = (_placed, densest)
    for reader in readers:
        found = clean_paragraphs(reader(document.root))
        if found:
            return found
    return []


def _agreed(candidates: list[list[str]]) -> list[str]:
    if len(candidates) < 2:  # noqa: PLR2004 - no vote
        return candidates[0] if candidates else []
    bags = [Counter("".join(candidate).replace(" ", "")) for candidate in candidates]
    scores = [sum(_likeness(bag, other) for other in bags if other is not bag) for bag in bags]
    return candidates[scores.index(max(scores))]


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    shared = sum((one & other).values())
    return 2 * shared / max(1, one.total() + other.total())


def _placed(root: HtmlElement) -> list[str]:
    for place in _PLACES:
        found = [element for element in root.xpath(place) if element.tag not in {"meta", "script"}]
        texts = [paragraphs(element) for element in found]
        best = max(texts, key=lambda text: sum(map(len, text)), default=[])
        if sum(map(len, best)) >= _LEAST:
            return best
    return []


def _readable(root: HtmlElement) -> list[str]:
    try:
        summary = ReadabilityDocument(tostring(root, encoding="unicode")).summary(html_partial=True)
        return paragraphs(document_fromstring(summary))
    except _TROUBLE:  # a library's own bugs on odd markup; the other readers decide then
        return []


def _fast(root: HtmlElement) -> list[str]:
    return _trafilatura(root, fast=True)


def _thorough(root: HtmlElement) -> list[str]:
    return _trafilatura(root, fast=False)


def _trafilatura(root: HtmlElement, *, fast: bool) -> list[str]:
    try:
        text = trafilatura.extract(deepcopy(root), fast=fast, include_comments=False, include_tables=True)
    except _TROUBLE:
        return []
    return [line for written in (text or "").splitlines() if (line := tidy(written).removeprefix("- "))]
