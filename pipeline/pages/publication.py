"""When an article was published: what the page claims, what it shows, what its address says.

Keeps to itself in which order these are believed, and the repair of a common lie: machine-readable
dates whose local clock is marked as UTC, told by the same clock shown without a zone beside the title.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from htmldate import find_date
from lxml import etree

from pipeline.pages.dates import WrittenDate, full_dates, read_date
from pipeline.pages.document import text_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from lxml.html import HtmlElement

    from pipeline.pages.claims import Claims
    from pipeline.pages.document import Document

_DATE_BOXES: Final = (
    "//time[@datetime or normalize-space()]",
    "//*[contains(translate(concat(@class,' ',@id),'TIMEDAPUBL','timedapubl'),'time') or "
    "contains(translate(concat(@class,' ',@id),'DATE','date'),'date') or contains(translate(concat(@class,' ',@id),'PUB','pub'),'pub')]",
)
_LONGEST_BOX: Final = 120
_IN_SCRIPT = re.compile(
    r"""["']?\b(?:publish(?:ed)?_?-?(?:time|date|at|on)?|pub_?-?(?:time|date)|create_?(?:d_?at|time)|svrtime|oriCreateTime|ptime|ct)["']?\s*[:=]\s*["']?"""
    r"""((?:\d{4}[-/年]\d{1,2}[-/月]\d{1,2}[^"'<;,]{0,24})|\d{10}(?:\d{3})?)(?=["';,\s}])""",
    re.IGNORECASE,
)
_IN_URL: Final = (
    re.compile(r"/(?P<y>(?:19|20)\d{2})[-/_]?(?P<m>0[1-9]|1[0-2])[-/_]?(?P<d>0[1-9]|[12]\d|3[01])(?=\D|$)"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})[-/_](?P<m>\d{1,2})[-/_](?P<d>\d{1,2})(?!\d)"),
)
_UPDATED = re.compile(r"(?:更新|修改|截至|有效期|updated|modified|last reviewed)[^\d]{0,12}$", re.IGNORECASE)


def published_at(
    document: Document, claims: Claims, url: str | None, hinted: str | None, *, near: str, zone: ZoneInfo, now: datetime
) -> tuple[datetime, str] | None:
    """Return (instant, where it was found), or None; ``near`` is the page's text about its title."""
    shown = [found for found in full_dates(near, zone, now=now)]
    claimed = _claimed(claims, zone, now)
    hint = read_date(hinted, zone, now=now) if hinted else None
    found = claimed or _shown(document.root, near, zone, now) or _scripted(document, zone, now)
    if found is None and hint is not None:
        return hint.at, "hint"
    found = found or _of_url(url, zone, now) or _searched(document, zone, now)
    if found is None:
        return None
    written, where = found
    if not written.has_time:
        timed = next((one for one in shown if one.has_time and one.at.date() == written.at.date()), None)
        if timed:
            return timed.at, f"{where} and text"
        if hint and hint.has_time and hint.has_zone and abs(hint.at - written.at) <= timedelta(days=2):
            return hint.at, "hint"
    return _unlied(written, shown).at, where


def _claimed(claims: Claims, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    read = ((read_date(claim.text, zone, now=now), claim.where) for claim in claims.dates)
    return next(((found, where) for found, where in read if found), None)


def _shown(root: HtmlElement, near: str, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    beside = _first_not_updated(near, zone, now)
    if beside and beside.has_time:
        return beside, "text"
    for place, where in zip(_DATE_BOXES, ("time", "date box"), strict=True):
        for element in root.xpath(place)[:40]:
            written = element.get("datetime") or text_of(element)
            if written and len(written) <= _LONGEST_BOX and (found := read_date(written, zone, now=now)):
                return (beside, "text") if beside else (found, where)
    if beside:
        return beside, "text"
    found = read_date(near, zone, now=now) if len(near) <= _LONGEST_BOX else None
    return (found, "text") if found else None


def _first_not_updated(near: str, zone: ZoneInfo, now: datetime) -> WrittenDate | None:
    found = full_dates(near, zone, now=now)
    return found[0] if found else None


def _scripted(document: Document, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    for script in document.scripts:
        for match in _IN_SCRIPT.finditer(script):
            if found := read_date(match[1], zone, now=now):
                return found, "script"
    return None


def _of_url(url: str | None, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    for form in _IN_URL:
        if match := form.search(url or ""):
            found = read_date(f"{match['y']}-{match['m']}-{match['d']}", zone, now=now)
            if found:
                return found, "url"
    return None


def _searched(document: Document, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    if document.is_heavy:
        return None
    try:
        day = find_date(document.root, original_date=True, extensive_search=False, max_date=now.date().isoformat())
    except (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return None  # a library's own bugs on odd markup: the page then bears no date
    if not day:
        return None
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone)
    return WrittenDate(at=at, has_time=False, has_zone=False), "generic"


def _unlied(written: WrittenDate, shown: list[WrittenDate]) -> WrittenDate:
    if not (written.has_zone and written.has_time) or written.at.utcoffset() != timedelta(0):
        return written
    wall = written.at.replace(tzinfo=None, second=0, microsecond=0)
    same = next(
        (one for one in shown if one.has_time and not one.has_zone and one.at.replace(tzinfo=None, second=0) == wall), None
    )
    return replace(written, at=written.at.replace(tzinfo=same.at.tzinfo)) if same else written
