"""OPML, as feed readers exchange their subscriptions: read and written.

Keeps to itself the XML. Only feeds are in such a file; entities and other documents are never fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.settings import Source

_LARGEST: Final = 20_000_000


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A feed that an OPML file names."""

    title: str
    url: str


def read_opml(path: Path) -> tuple[Subscription, ...]:
    """Return the feeds of the file in its order, each address once; ConfigError where it is no OPML."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror or error})") from error
    if len(content) > _LARGEST:
        raise ConfigError(f"{path}: more than {_LARGEST // 1_000_000} MB - that is no list of feeds")
    try:
        root = ET.fromstring(content)  # noqa: S314 - expat fetches nothing and bounds the growth of entities
    except (ET.ParseError, LookupError, ValueError) as error:
        raise ConfigError(f"{path}: is no OPML ({error}) - export it from the feed reader again") from error
    if root.tag.lower() != "opml":
        raise ConfigError(f"{path}: is no OPML: it begins with <{root.tag}>")
    found: dict[str, Subscription] = {}
    for outline in root.iter("outline"):
        url = (outline.get("xmlUrl") or outline.get("xmlurl") or "").strip()
        if url:
            title = " ".join((outline.get("title") or outline.get("text") or url).split())
            found.setdefault(url, Subscription(title=title, url=url))
    return tuple(found.values())


def as_opml(sources: Iterable[Source], *, title: str) -> str:
    """Return an OPML 2.0 document of the feeds among the sources, in their order."""
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for source in sources:
        if source.kind == "feed":
            ET.SubElement(body, "outline", type="rss", text=source.name, title=source.name, xmlUrl=source.url)
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'
