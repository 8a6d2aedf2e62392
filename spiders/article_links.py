"""Which links of a list page lead to its articles, where no selector says so.

Links are judged in groups: those whose addresses have one shape (``/ai/9/ART-9-9.html``). A group
is taken when its middle link looks like an article's: an address with a date, a number or a long
slug, and a text as long as a headline. What stands in navigation counts against it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urljoin, urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsel import Selector

ENOUGH: Final = 4.0
"""Least middle score of a group that is taken: an id in the address (2) and a short headline (2)."""
_DATED = re.compile(r"(?<!\d)(19|20)\d\d([-/_.]?)(0?[1-9]|1[0-2])(?!\d)|(?<!\d)(19|20)\d{6}(?!\d)")
_NUMBERED = re.compile(r"\d{4,}|(?<=[/_=-])\d{2,}(?=\.\w+$|/?$)")
_COUNTED = re.compile(r"/\d+(\.\w+)?/?$")
_SLUG = re.compile(r"[\w%]+([-_][\w%]+){2,}")
_OTHER = re.compile(
    r"(^|/)(tag|tags|topic|topics|category|categories|author|authors|user|users|search|login|register|about|contact|"
    r"privacy|help|page|download|app|vip|subscribe)s?(/|\.|$)|\.(jpe?g|png|gif|webp|svg|pdf|zip|apk|mp4|mp3|xml|rss)$",
    re.IGNORECASE,
)
_FURNITURE = re.compile(
    r"(^|[\s_-])(nav|navbar|menu|footer|foot|breadcrumb|crumb|crumbs|pager|pagination|copyright|toolbar|topbar|share|login)([\s_-]|$)",
    re.IGNORECASE,
)
_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z0-9][\w'’.-]*")
_CUT = re.compile(r"(\.{3}|…)\s*$")
_SECOND_LEVEL: Final = frozenset({"com", "net", "org", "gov", "edu", "co", "ac"})
_SHORT_HEADLINE, _HEADLINE, _LONG_HEADLINE = 5, 9, 14
_FEW: Final = 3


@dataclass(frozen=True, slots=True)
class _Link:
    anchor: Selector
    url: str
    shape: str
    score: float


def article_links(page: Selector, url: str) -> list[Selector]:
    """Return the ``a`` elements that lead to articles, in the page's order; several may lead to one."""
    groups: dict[str, list[_Link]] = defaultdict(list)
    order: list[_Link] = []
    for anchor in page.xpath("//body//a[@href]") or page.xpath("//a[@href]"):
        link = _judged(anchor, url)
        if link is not None:
            groups[link.shape].append(link)
            order.append(link)
    taken = {shape for shape, links in groups.items() if _is_taken(links)}
    return [link.anchor for link in order if link.shape in taken]


def title_of(anchor: Selector) -> str | None:
    """Return a link's text as a headline, the whole one where the text is cut short; None where it has none."""
    heading = anchor.xpath(".//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5]")
    shown = _joined((heading[0] if heading else anchor).xpath(".//text()").getall())
    whole = _joined([anchor.attrib.get("title", "")])
    picture = _joined(anchor.xpath(".//img/@alt").getall()[:1])
    if _CUT.search(shown) and len(whole) > len(shown) - 3:
        return whole
    return shown or whole or picture or None


def _judged(anchor: Selector, page_url: str) -> _Link | None:
    href = anchor.attrib["href"].strip()
    try:
        url = urljoin(page_url, href)
        parts, page_parts = urlsplit(url), urlsplit(page_url)
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or href.startswith("#"):
        return None
    if not _same_site(parts.hostname or "", page_parts.hostname or ""):
        return None
    path = unquote(parts.path)
    bare = path.rstrip("/")
    if (not bare and not parts.query) or (bare == page_parts.path.rstrip("/") and parts.query == page_parts.query):
        return None
    score = _address_score(path, parts.query) + _text_score(title_of(anchor) or "") + _place_score(anchor)
    return _Link(anchor, parts._replace(fragment="").geturl(), _shape(parts.hostname or "", path, parts.query), score)


def _is_taken(links: Sequence[_Link]) -> bool:
    """Judge a group by its middle address, each by the best of its links (picture, headline, "more")."""
    best: dict[str, float] = {}
    for link in links:
        best[link.url] = max(best.get(link.url, link.score), link.score)
    middle = median(best.values())
    return middle >= ENOUGH or (middle >= ENOUGH - 1 and len(best) >= _FEW)


def _address_score(path: str, query: str) -> float:
    whole = f"{path}?{query}" if query else path
    if _OTHER.search(path):
        return -2.0
    score = 0.0
    if _DATED.search(whole):
        score += 1.5
    if _NUMBERED.search(whole):
        score += 2.0
    elif _COUNTED.search(path):
        score += 1.0
    last = path.rstrip("/").rpartition("/")[2]
    if _SLUG.match(last) or _CHINESE.search(last):
        score += 1.5
    return min(score, 3.0)


def _text_score(text: str) -> float:
    units = len(_CHINESE.findall(text)) + 1.5 * len(_WORD.findall(text))
    if units >= _LONG_HEADLINE:
        return 3.0
    if units >= _HEADLINE:
        return 2.0
    return 1.0 if units >= _SHORT_HEADLINE else 0.0


def _place_score(anchor: Selector) -> float:
    in_heading = anchor.xpath("ancestor-or-self::*[self::h1 or self::h2 or self::h3 or self::h4]") or anchor.xpath(
        ".//*[self::h1 or self::h2 or self::h3 or self::h4]"
    )
    if anchor.xpath("ancestor::nav | ancestor::footer"):
        return -3.0
    marks = anchor.xpath("ancestor::*[position() <= 6]/@class | ancestor::*[position() <= 6]/@id").getall()
    furniture = any(_FURNITURE.search(mark) for mark in marks)
    return (1.0 if in_heading else 0.0) - (2.0 if furniture else 0.0)


def _shape(host: str, path: str, query: str) -> str:
    """Return an address with its numbers and slugs made alike: what the addresses of one column share."""
    segments = [_segment(segment) for segment in path.strip("/").split("/")]
    names = ",".join(sorted(pair.partition("=")[0] for pair in query.split("&") if pair))
    return f"{host}/{'/'.join(segments)}?{names}"


def _segment(segment: str) -> str:
    stem, dot, ending = segment.rpartition(".")
    stem, ending = (stem, ending) if dot and len(ending) <= 5 else (segment, "")  # noqa: PLR2004 - .shtml
    if _SLUG.match(stem) and not re.search(r"\d{4,}", stem):
        stem = "slug"
    if _CHINESE.search(stem):
        stem = "title"
    return re.sub(r"\d+", "9", stem) + (f".{ending}" if ending else "")


def _same_site(host: str, page_host: str) -> bool:
    return host == page_host or _domain(host) == _domain(page_host)


def _domain(host: str) -> str:
    labels = host.lower().split(".")
    if all(label.isdigit() for label in labels):
        return host
    has_two_suffixes = len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2  # noqa: PLR2004
    return ".".join(labels[-3:] if has_two_suffixes else labels[-2:])


def _joined(texts: list[str]) -> str:
    return " ".join(" ".join(texts).split())
