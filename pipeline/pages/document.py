"""A page's tree, whatever the page: bounded in size and depth, with its scripts set aside.

Keeps to itself lxml's parser, what hostile markup may do to it, and which elements begin a new
paragraph. Everything that walks a tree here does so without recursion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

LARGEST: Final = 3_000_000
"""Characters of markup parsed; the rest of a larger page is not looked at."""
_DEEPEST: Final = 240
"""Levels of elements kept; libraries that walk trees by recursion stand this."""
_HEAVY_ELEMENTS: Final = 12_000
_HEAVY_TEXT: Final = 400_000
_HEAVY_MARKUP: Final = 2_500_000
_MOST_BLOCKS: Final = 30_000
_SCRIPTS_KEPT: Final = 1_500_000
_BLOCK_TAGS: Final = (
    "address article aside blockquote body br center dd details dialog div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul "
)
_BLOCKS: Final = frozenset(_BLOCK_TAGS.split())
_UNREAD_TAGS: Final = (
    "script style noscript template svg math button select option textarea input iframe object embed applet audio "
    "video canvas map head link meta title datalist "
)
_UNREAD: Final = frozenset(_UNREAD_TAGS.split())
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u00ad\x00-\x08\x0b-\x1f\x7f-\x9f\ufffc]")
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A run of text between two block boundaries."""

    text: str
    """Tidied, never empty."""
    linked: int
    """How many of its characters are links'."""
    element: HtmlElement
    """The innermost block element that holds it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A parsed page."""

    root: HtmlElement
    """Without scripts, styles and comments; changed by nobody."""
    scripts: tuple[str, ...]
    """Sources of its inline scripts, in order."""
    structured: tuple[str, ...]
    """Its JSON-LD scripts, unparsed."""
    blocks: tuple[Block, ...]
    """All its text, in order."""
    is_heavy: bool
    """Too large for extractors whose time nothing bounds."""


def read_document(html: str) -> Document | None:
    """Return the page's tree, or None where the markup holds no element at all."""
    text = _DECLARATION.sub("", _REFUSED.sub("", html[:LARGEST]))
    try:
        root = document_fromstring(text, parser=HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True))
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    _flatten(root)
    scripts, structured = _scripts(root)
    etree.strip_elements(root, "script", "style", with_tail=False)
    elements = sum(1 for _ in root.iter())
    read = tuple(islice(blocks_of(root), _MOST_BLOCKS))
    letters = sum(len(block.text) for block in read)
    heavy = elements > _HEAVY_ELEMENTS or len(text) - sum(map(len, scripts)) > _HEAVY_MARKUP or letters > _HEAVY_TEXT
    return Document(root=root, scripts=scripts, structured=structured, blocks=read, is_heavy=heavy)


def tidy(text: str) -> str:
    """Return the text on one line: single spaces, no control, zero-width or direction characters."""
    return " ".join(_INVISIBLE.sub("", _REFUSED.sub("", text)).split())


def text_of(element: HtmlElement) -> str:
    """Return an element's whole text on one line."""
    return tidy(" ".join(block.text for block in blocks(element)))


def paragraphs(element: HtmlElement) -> list[str]:
    """Return an element's text, a paragraph an item, in the page's order."""
    return [block.text for block in blocks(element)]


def blocks(top: HtmlElement) -> list[Block]:
    """Return an element's text, split where a browser would begin a new line."""
    return list(blocks_of(top))


def blocks_of(top: HtmlElement) -> Iterator[Block]:
    """Yield the same, one by one."""
    pieces: list[str] = []
    linked = 0
    holder = top
    for element, piece, in_link, is_boundary in _walk(top):
        if is_boundary:
            if text := tidy("".join(pieces)):
                yield Block(text=text, linked=min(linked, len(text)), element=holder)
            pieces.clear()
            linked = 0
            holder = element
        if piece:
            pieces.append(piece)
            linked += len(tidy(piece)) if in_link else 0
    if text := tidy("".join(pieces)):
        yield Block(text=text, linked=min(linked, len(text)), element=holder)


def _walk(top: HtmlElement) -> Iterator[tuple[HtmlElement, str, bool, bool]]:
    """Yield (the block element in force, text, inside a link, a boundary precedes it) without recursion."""
    yield top, _own(top), top.tag == "a", True
    holders = [top]
    links = 1 if top.tag == "a" else 0
    stack: list[tuple[HtmlElement, Iterator[HtmlElement]]] = [(top, iter(top))]
    while stack:
        parent, children = stack[-1]
        child = next(children, None)
        if child is None:
            stack.pop()
            if parent is top:
                break
            links -= parent.tag == "a"
            is_block = parent.tag in _BLOCKS
            if is_block:
                holders.pop()
            yield holders[-1], parent.tail or "", links > 0, is_block
        elif not isinstance(child.tag, str) or child.tag in _UNREAD:
            yield holders[-1], child.tail or "", links > 0, False
        else:
            is_block = child.tag in _BLOCKS
            links += child.tag == "a"
            if is_block:
                holders.append(child)
            yield holders[-1], _own(child), links > 0, is_block
            stack.append((child, iter(child)))


def _own(element: HtmlElement) -> str:
    return element.text or ""


def _flatten(root: HtmlElement) -> None:
    """Cut what is nested deeper than any page is, keeping its text."""
    stack = [(root, 1)]
    while stack:
        element, depth = stack.pop()
        if depth >= _DEEPEST:
            text = " ".join(piece for piece in element.itertext() if piece)
            tail = element.tail
            element.clear()
            element.text, element.tail = text, tail
        else:
            stack.extend((child, depth + 1) for child in element)


def _scripts(root: HtmlElement) -> tuple[tuple[str, ...], tuple[str, ...]]:
    scripts: list[str] = []
    structured: list[str] = []
    kept = 0
    for script in root.iter("script"):
        source = script.text or ""
        kept += len(source)
        if not source or kept > _SCRIPTS_KEPT:
            continue
        (structured if "ld+json" in (script.get("type") or "").lower() else scripts).append(source)
    return tuple(scripts), tuple(structured)
