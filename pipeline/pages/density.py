"""The cheap reader of bodies: which subtree holds the most prose and the fewest links.

Every block of text weighs for (prose, in sentences) or against (links, captions of furniture);
the article is the subtree whose blocks weigh most together. Linear in the page; no library.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.pages.document import Block

_MARK = re.compile(r"[，。！？；：、“”]|[.,;!?](?=\s|$)")
_FURNITURE = re.compile(
    r"comment|footer|foot\b|sidebar|side-?bar|aside|relat|recommend|share|sharing|social|\bnav|menu|copyright|breadcrumb|crumb|"
    r"disclaim|hot-?(?:news|list|rank)|\brank|toplist|login|register|pop(?:up|over)|modal|banner|advert|\bads?\b|newsletter|"
    r"subscribe|promo|sponsor|cookie|qrcode|tag-?list|statement|pinglun|tuijian|xiangguan|editor-?info|author-?info|"
    r"prev-?next|pagination|\bpager\b|toolbar|feedback|reply",
    re.IGNORECASE,
)
_BODYLIKE = re.compile(r"article|content|post|entry|body|text|story|main|detail|zhengwen|neirong", re.IGNORECASE)
_FURNITURE_TAGS: Final = frozenset({"nav", "footer", "aside", "header", "form"})
_LONGEST_NAMES: Final = 300
_BLOCK_COST: Final = 6.0
_LINK_COST: Final = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class _Weighed:
    block: Block
    weight: float


def densest(blocks: tuple[Block, ...]) -> list[str]:
    """Return the paragraphs of the densest subtree among a page's blocks; empty where nothing reads like prose."""
    furniture: dict[HtmlElement, bool] = {}
    weighed = [_Weighed(block=block, weight=_weight(block, furniture)) for block in blocks]
    total: dict[HtmlElement, float] = {}
    order: dict[HtmlElement, int] = {}
    for item in weighed:
        element: HtmlElement | None = item.block.element
        depth = 0
        while element is not None:
            total[element] = total.get(element, 0.0) + item.weight
            order.setdefault(element, depth)
            element = element.getparent()
            depth += 1
    if not total:
        return []
    best = max(total, key=lambda element: (total[element], -order[element]))
    if total[best] <= 0:
        return []
    within: dict[HtmlElement, bool] = {}
    inside = [item for item in weighed if _is_in(best, item.block.element, within)]
    while inside and inside[0].weight <= -_BLOCK_COST:
        inside.pop(0)
    while inside and inside[-1].weight <= -_BLOCK_COST:
        inside.pop()
    return [item.block.text for item in inside if item.weight > -2 * _BLOCK_COST or _is_short_line(item.block)]


def _is_short_line(block: Block) -> bool:
    return block.linked == 0 and not is_furniture(block.element)


def _weight(block: Block, furniture: dict[HtmlElement, bool]) -> float:
    length = len(block.text)
    own = length - block.linked
    marks = len(_MARK.findall(block.text))
    if _in_furniture(block.element, furniture):
        return -float(max(length, 10)) / 2
    prose = own if marks else own * 0.3
    return prose * min(1.0, 0.4 + 0.2 * marks) - _LINK_COST * block.linked - _BLOCK_COST


def _in_furniture(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    path = []
    current: HtmlElement | None = element
    verdict = False
    while current is not None:
        if current in known:
            verdict = known[current]
            break
        path.append(current)
        if is_furniture(current):
            verdict = True
            break
        current = current.getparent()
    for passed in path:
        known[passed] = verdict
    return verdict


def is_furniture(element: HtmlElement) -> bool:
    """Tell whether an element's tag, class or id says that it is no part of an article."""
    if element.tag in {"body", "html", "article", "main"}:
        return False
    if element.tag in _FURNITURE_TAGS:
        return True
    names = f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST_NAMES]
    return bool(_FURNITURE.search(names)) and not _BODYLIKE.search(names)


def _is_in(outer: HtmlElement, element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    if element not in known:
        known[element] = element is outer or any(above is outer for above in element.iterancestors())
    return known[element]
