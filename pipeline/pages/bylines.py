"""Who wrote an article, where the page says so.

Keeps to itself the forms of Chinese and English bylines. A 来源 line names where a text came
from, not who wrote it, and is no author.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.pages.document import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.pages.claims import Claims

_HAN_NAME = r"[\u4e00-\u9fff·]{2,4}"
_NAMES = rf"{_HAN_NAME}(?:[\s、，,/&]+{_HAN_NAME}){{0,4}}"
_FREE = r"[^\s，。；：:|/丨\[\]()（）【】<>]{2,20}"
_ZH: Final = tuple(
    re.compile(form)
    for form in (
        rf"(?:本文)?作者\s*[:：丨|/]\s*({_FREE}(?:[\s、]{_HAN_NAME}(?!\S))*)",
        rf"(?:撰文|执笔|撰稿|文字|采写|采访|主笔)\s*[:：丨|/]\s*({_FREE}(?:[、&]{_FREE})*)",
        rf"(?:^|[\s【\[(（])文\s*[:：丨|/／]\s*({_FREE}(?:[、&]{_FREE})*)",
        rf"(?:见习|实习|特约|首席|全媒体|本报|特派)?记者\s*[:：]\s*({_NAMES})",
        rf"[（(\[【][^（()）]{{0,14}}记者\s*({_NAMES})[^（()）]{{0,12}}[)）\]】]",
        rf"^.{{0,14}}(?:新闻|时报|日报|晚报|报|网|社)(?:首席|见习|实习|特约)?记者\s+({_NAMES})(?=\s|$)",
    )
)
_ZH_EDITOR = re.compile(rf"(?:责任编辑|责编|编辑)\s*[:：]\s*({_HAN_NAME}(?:[、 ]{_HAN_NAME})*)")
_EN = re.compile(
    r"(?:^|\s)(?:(?:Written |Posted |Reported |Published )?[Bb]y|BY|Author:|Words by)\s+"
    r"([A-Z][\w.'’-]+(?: (?:[A-Z][\w.'’-]+|de|van|von|der|al|bin|la))*(?:(?:,? and | & |, )[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+)+)*)"
)
_NOT_NAMES = re.compile(r"来源|点击|未知|佚名|本站|网站|原创|编辑|记者|管理员|admin|责任|关注|文章|发布|时间|如下|简介|介绍|\d{4}", re.IGNORECASE)
_PLACES: Final = (
    "//*[@itemprop='author']//*[@itemprop='name'] | //*[@itemprop='author']",
    "//*[@rel='author' or contains(@class,'author-name') or contains(@class,'authorname') or contains(@class,'byline-name')]",
    "//*[contains(@class,'byline') or contains(@class,'author') or @id='author']",
)
_LONGEST: Final = 80
_NEAR: Final = 600
"""Characters of the page around the title in which a byline may stand."""


def author_of(
    root: HtmlElement, claims: Claims, body: list[str], hinted: str | None, *, near: str
) -> tuple[str, str] | None:
    """Return (author, where), or None; ``near`` is the page's text about the title, as one string."""
    sites = {site.casefold() for site in claims.sites}
    for claim in claims.authors:
        name = _name(claim.text)
        if name and name.casefold() not in sites:
            return name, claim.where
    written = _in_text([near[:_NEAR], *body[:2], *body[-3:]])
    if written:
        return written, "byline"
    if hinted and (name := _name(hinted)):
        return name, "hint"
    placed = _in_places(root)
    if placed:
        return placed, "author box"
    for line in body[-3:]:
        if match := _ZH_EDITOR.search(line):
            return match[1], "byline"
    return None


def _in_text(lines: list[str]) -> str | None:
    for form in _ZH:
        for line in lines:
            if (match := form.search(line[:_NEAR])) and (name := _name(match[1])):
                return name
    for line in lines[:2]:
        if (match := _EN.search(line[:_NEAR])) and (name := _name(match[1])):
            return name
    return None


def _in_places(root: HtmlElement) -> str | None:
    for place in _PLACES:
        for element in root.xpath(place)[:5]:
            name = _name(re.sub(r"^(?:[Bb]y|作者\s*[:：]?|文\s*[/|:：])\s*", "", text_of(element)))
            if name and len(name.split()) <= 8:  # noqa: PLR2004 - a name, not a biography
                return name
    return None


def _name(written: str) -> str | None:
    name = re.sub(r"^(?:[Bb]y|BY|作者|记者|文)\s*[:：/|]?\s+|^(?:作者|记者)\s*[:：]", "", written.strip()).strip(" ,，、|/:：-·")
    if not 2 <= len(name) <= _LONGEST or _NOT_NAMES.search(name) or re.search(r"[。！？<>{}=]|https?:", name):
        return None
    return name
