"""An article's title: the heading on the page, checked against what the page calls itself.

Keeps to itself how sites append their names to ``<title>`` and where headings stand. A heading
that the title tag repeats is the title; without one, the tag less its site's name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from pipeline.pages.document import text_of, tidy

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.pages.claims import Claims

_SEPARATOR = re.compile(
    r"\s*[|｜_»]+\s*|\s+[-–—·•:]+\s+|\s*(?:--|——)\s*|(?<=[\u4e00-\u9fff？！?!”》])\s*[-–—]\s*(?=[\u4e00-\u9fffA-Za-z])"
)
_SITE_SUFFIX = re.compile(
    r"\s*-\s*(?=[^-]{2,24}(?:网|网站|客户端|频道|日报|晚报|在线|新闻|\.com|\.cn|\.net)$)", re.IGNORECASE
)
_SITE_WORDS = re.compile(
    r"网$|网站|新闻|客户端|频道|日报|晚报|在线|资讯|门户|中心|财经|科技|首页|手机|百家号|博客|论坛|社区|OFweek|\.com|\.cn|\.net",
    re.IGNORECASE,
)
_LONGEST: Final = 300
_LEAST_LETTERS: Final = 4
"""A shorter heading is a column's name."""
_TELLING_LETTERS: Final = 10
_LEAST_WORDS: Final = 3
_TITLE_PLACES: Final = (
    "//h1",
    "//*[self::h2 or self::h3][not(ancestor::aside or ancestor::footer or ancestor::nav)]",
    "//*[self::div or self::p or self::span or self::strong or self::td][contains(translate(concat(@class,' ',@id),'TILE','tile'),'title')]",
)


def title_of(root: HtmlElement, claims: Claims, hinted: str | None) -> tuple[str, str] | None:
    """Return (title, where it was found), or None where neither the page nor the hint names one."""
    tag = tidy(next(iter(root.xpath("//title/text()")), ""))[:_LONGEST]
    names = [(claim.text, claim.where) for claim in claims.titles if len(claim.text) <= _LONGEST]
    told = [text for text, _ in names] + [tag] + ([hinted] if hinted else [])
    for place, where in zip(_TITLE_PLACES, ("h1", "heading", "title box"), strict=True):
        headings = list(dict.fromkeys(filter(None, (_heading(element) for element in root.xpath(place)[:60]))))
        matching = [heading for heading in headings if _confirmed(heading, told)]
        if matching:
            return _without_site(max(matching, key=len), claims.sites), where
        if where == "h1" and (lone := _lone_heading(root, headings, claims.sites)):
            return lone, where
    for text, where in names:
        stripped = _without_site(text, claims.sites)
        if stripped:
            return stripped, where
    if tag:
        return _without_site(tag, claims.sites), "title"
    if hinted and tidy(hinted):
        return tidy(hinted), "hint"
    heading = next(filter(None, (_heading(element) for element in root.xpath("//h1"))), None)
    return (heading, "h1") if heading else None


def bare(text: str) -> str:
    """Return only the letters and digits of a title, folded, to compare two writings of it."""
    return "".join(character for character in unicodedata.normalize("NFKC", text).casefold() if character.isalnum())


def _lone_heading(root: HtmlElement, headings: list[str], sites: tuple[str, ...]) -> str | None:
    """Return a page's only h1 where it reads as a headline that the page's other names merely reword.

    Measured on English pages alone: Chinese sites put their own name into the h1.
    """
    if len(headings) != 1 or re.search("[\u4e00-\u9fff]", headings[0]):
        return None
    heading = headings[0]
    framed = root.xpath(
        "//h1[ancestor::header[not(ancestor::article or ancestor::main)] or ancestor::nav or ancestor::footer]"
    )
    is_headline = len(heading.split()) >= _LEAST_WORDS and not heading.endswith(":")
    is_sites = bare(heading) in {bare(site) for site in sites} or heading in map(_heading, framed)
    return heading if is_headline and not is_sites else None


def _heading(element: HtmlElement) -> str:
    text = text_of(element)
    return text if len(text) <= _LONGEST else ""


def _confirmed(heading: str, told: list[str]) -> bool:
    """Tell whether what the page calls itself begins with, or mostly is, the heading."""
    own = bare(heading)
    if len(own) < _LEAST_LETTERS:
        return False
    return any(_names(own, whole) for whole in map(bare, told) if whole)


def _names(own: str, whole: str) -> bool:
    if own in whole:
        return 2 * len(own) >= len(whole) or (whole.startswith(own) and len(own) >= _TELLING_LETTERS)
    return whole in own and 3 * len(whole) >= 2 * len(own)


def _without_site(title: str, sites: tuple[str, ...]) -> str:
    """Return a title less the names of site and section that a separator sets off at its end."""
    known = {bare(site) for site in sites}
    text = title
    while True:
        marks = list(_SEPARATOR.finditer(text)) or list(_SITE_SUFFIX.finditer(text))
        if not marks:
            return text.strip()
        head, tail = text[: marks[-1].start()], text[marks[-1].end() :]
        is_named = bare(tail) in known or _SITE_WORDS.search(tail) is not None
        is_suffix = is_named or (len(tail) < len(head) and _is_suffix(marks[-1].group(), tail))
        if len(bare(head)) < _LEAST_LETTERS or not is_suffix:
            return text.strip()
        text = head


def _is_suffix(mark: str, tail: str) -> bool:
    longest = 40
    return ":" not in mark and len(tail) <= longest and not re.search(r"[。！？!?,，；]", tail)
