"""What a page says of itself for machines: JSON-LD, meta tags, microdata.

Keeps to itself the vocabularies (schema.org, Open Graph, Dublin Core, publishers' own names).
Claims are kept as written, in the order in which they deserve belief.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.pages.document import text_of, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from pipeline.pages.document import Document

_ARTICLE_TYPES = re.compile(r"article|posting|report|webpage|liveblog|review|howto|recipe|videoobject", re.IGNORECASE)
_NODES_SEEN: Final = 5_000
_LONGEST: Final = 500
"""Characters; a longer claim is no title, date or name."""
_TITLE_NAMES: Final = (
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "article:title",
    "articletitle",
    "parsely-title",
    "sailthru.title",
)
_DATE_NAMES: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "bytedance:published_time", "datepublished",
    "pubdate", "pub_date", "publishdate", "publish-date", "publish_date", "publishtime", "publish_time", "published", "published_at",
    "publication_date", "publicationdate", "article.published", "article:create_at", "article:publish_time", "weibo:article:create_at", "og:release_date",
    "apub:time", "firstpublishedtime", "_pubtime", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "dcterms.created",
    "dcterms.date", "dc.date.issued", "dc.date.created", "dc.date", "dcterms.issued", "citation_publication_date",
    "citation_date", "date", "originalpublicationdate", "release_date",
)  # fmt: skip
_CHANGE_NAMES: Final = (
    "dateupdate",
    "datemodified",
    "article:modified_time",
    "og:updated_time",
    "lastmod",
    "last-modified",
)
_AUTHOR_NAMES: Final = (
    "author",
    "article:author",
    "og:article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "parsely-author",
    "sailthru.author",
    "weibo:article:create_by",
)
_NO_NAME = re.compile(r"https?://|www\.|@|admin|editor$|^\W*$|webmaster|^null$|^none$|^undefined$", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One thing that a page says of itself, as written."""

    text: str
    where: str
    """As ``found_in`` names it: "json-ld", "meta og:title", "microdata"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Everything that a page says of itself, the most believable first."""

    titles: tuple[Claim, ...]
    dates: tuple[Claim, ...]
    changes: tuple[Claim, ...]
    """Dates of the last change: better than none."""
    authors: tuple[Claim, ...]
    sites: tuple[str, ...]
    """Names of the site, to be told from authors and titles."""
    body: str | None
    """The article's text, where a page carries it for machines."""
    language: str | None
    is_article: bool
    """Whether it calls itself an article."""


def read_claims(document: Document) -> Claims:
    """Return what the page says of itself; empty tuples where it is silent."""
    nodes = list(_nodes(document.structured))
    articles = [node for node in nodes if _ARTICLE_TYPES.search(_kind(node))]
    articles.sort(key=lambda node: not re.search(r"article|posting|report", _kind(node), re.IGNORECASE))
    metas = _metas(document.root)
    titles = [Claim(text=text, where="json-ld") for node in articles for text in _texts(node.get("headline"))]
    dates = [
        Claim(text=text, where="json-ld")
        for key in ("datePublished", "pubDate", "dateCreated", "uploadDate")
        for node in articles or nodes
        for text in _texts(node.get(key))
    ]
    authors = [Claim(text=name, where="json-ld") for node in articles for name in _people(node, nodes)]
    titles += _of(metas, _TITLE_NAMES)
    dates += _of(metas, _DATE_NAMES) + _microdata_dates(document.root)
    authors += _of(metas, _AUTHOR_NAMES)
    kind = " ".join(claim.text for claim in _of(metas, ("og:type",)))
    named = {_kind(node) for node in articles}
    return Claims(
        titles=tuple(titles),
        dates=tuple(dates),
        changes=tuple(_of(metas, _CHANGE_NAMES)),
        authors=tuple(claim for claim in authors if not _NO_NAME.search(claim.text)),
        sites=tuple(
            claim.text
            for claim in _of(metas, ("og:site_name", "application-name", "copyright", "twitter:site", "source"))
        ),
        body=next(
            (text for node in articles if isinstance(text := node.get("articleBody"), str) and text.strip()), None
        ),
        language=_language(document.root, metas),
        is_article="article" in kind.lower() or any(re.search("Article|Posting|Report", name) for name in named),
    )


def _nodes(scripts: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    seen = 0
    for script in scripts:
        stack = [_json(script)]
        while stack and seen < _NODES_SEEN:
            node = stack.pop()
            seen += 1
            if isinstance(node, list):
                stack.extend(reversed(node))
            elif isinstance(node, dict):
                yield node
                stack.extend(value for value in reversed(list(node.values())) if isinstance(value, dict | list))


def _json(script: str) -> object:
    text = (
        script.strip()
        .removeprefix("<!--")
        .removesuffix("-->")
        .removeprefix("//<![CDATA[")
        .removesuffix("//]]>")
        .strip()
        .rstrip(";")
    )
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:
        return json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _kind(node: dict[str, Any]) -> str:
    kind = node.get("@type")
    return " ".join(str(one) for one in kind) if isinstance(kind, list) else str(kind or "")


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [
        text for one in values if isinstance(one, str | int) and 0 < len(text := tidy(_unescaped(str(one)))) <= _LONGEST
    ]


def _unescaped(text: str) -> str:
    from html import unescape

    return re.sub(r"</?[a-zA-Z][^>]{0,100}>", "", unescape(text))


def _people(node: dict[str, Any], nodes: list[dict[str, Any]]) -> list[str]:
    written = node.get("author") or node.get("creator") or []
    names: list[str] = []
    for one in written if isinstance(written, list) else [written]:
        if isinstance(one, str):
            names += _texts(one)
        elif isinstance(one, dict):
            whole = (
                one if "name" in one else next((n for n in nodes if n.get("@id") == one.get("@id") and "name" in n), {})
            )
            names += _texts(whole.get("name"))
    return [", ".join(dict.fromkeys(names))] if names else []


def _metas(root: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = tidy(_unescaped(meta.get("content") or ""))
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            name = (meta.get(attribute) or "").strip().lower()
            if name and content and len(content) <= _LONGEST:
                found.setdefault(re.sub(r":\s+", ":", name), content)
    return found


def _of(metas: dict[str, str], names: tuple[str, ...]) -> list[Claim]:
    return [Claim(text=metas[name], where=f"meta {name}") for name in names if name in metas]


def _microdata_dates(root: HtmlElement) -> list[Claim]:
    found = []
    for element in root.xpath("//*[@itemprop='datePublished' or @pubdate or @property='datePublished']"):
        written = element.get("content") or element.get("datetime") or text_of(element)
        if 0 < len(written) <= _LONGEST:
            found.append(Claim(text=written, where="microdata"))
    return found


def _language(root: HtmlElement, metas: dict[str, str]) -> str | None:
    top = root.getroottree().getroot()
    return (
        top.get("lang")
        or top.get("{http://www.w3.org/XML/1998/namespace}lang")
        or metas.get("og:locale")
        or metas.get("content-language")
    )
