"""When an article was published: what the page claims, what it shows, what its address says.

Keeps to itself in which order these are believed, and the repair of a common lie: machine-readable
dates whose local clock is marked as UTC, told by the same clock shown without a zone beside the title.
"""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from htmldate import find_date
from lxml import etree

from pipeline.pages.claims import Claim
from pipeline.pages.dates import WrittenDate, full_dates, read_date
from pipeline.pages.density import is_furniture
from pipeline.pages.document import text_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from lxml.html import HtmlElement

    from pipeline.pages.claims import Claims
    from pipeline.pages.document import Document

_NAMED = "contains(translate(concat(@class,' ',@id),'TIMEDAPUB','timedapub'),'{}')"
_DATE_BOXES: Final = (
    "//time[@datetime or normalize-space()]",
    f"//*[{' or '.join(map(_NAMED.format, ('time', 'date', 'pub')))}]",
)
_EDITED_WITHIN: Final = timedelta(days=2)
_LONGEST_BOX: Final = 120
_IN_SCRIPT = re.compile(
    r"""["']?\b(?:publish(?:ed)?_?-?(?:time|date|at|on)?|pub_?-?(?:time|date)|create_?(?:d_?at|time)|svrtime|oriCreateTime|ptime|ct)["']?\s*[:=]\s*["']?"""
    r"""((?:\d{4}[-/年]\d{1,2}[-/月]\d{1,2}[^"'<;,]{0,24})|\d{10}(?:\d{3})?)(?=["';,\s}])"""
    r"""|\bn="(\d{10})",s="\d{4}-"|\bdatePublished\w*\s*=\s*new Date\(["']([^"']{6,40})["']""",
    re.IGNORECASE,
)
_IN_URL: Final = (
    re.compile(r"/(?P<y>(?:19|20)\d{2})[-/_]?(?P<m>0[1-9]|1[0-2])[-/_]?(?P<d>0[1-9]|[12]\d|3[01])(?=\D|$)"),
    re.compile(r"(?<!\d)(?P<y>20\d{2})[-/_](?P<m>\d{1,2})[-/_](?P<d>\d{1,2})(?!\d)"),
)


def published_at(
    document: Document,
    claims: Claims,
    url: str | None,
    hinted: str | None,
    *,
    near: str,
    around: str,
    zone: ZoneInfo,
    now: datetime,
) -> tuple[datetime, str] | None:
    """Return (instant, where it was found), or None.

    ``near`` is the page's text between title and body, ``around`` what stands about that, both one line a block.
    """
    shown = full_dates(near, zone, now=now)
    besides = full_dates(around, zone, now=now)
    hint = read_date(hinted, zone, now=now) if hinted else None
    told = (hint, "hint") if hint else None
    found = (
        _first_read(claims.dates, zone, now)
        or (told if hint and hint.has_time else None)
        or _shown(shown)
        or _boxed(document.root, zone, now)
        or _shown(besides)
        or _scripted(document, zone, now)
        or told
        or _first_read(claims.changes, zone, now)
        or _shortly(document.root, near, zone, now)
        or _of_url(url, zone, now)
        or _searched(document, zone, now)
    )
    if found is None:
        return None
    written, where = found
    if _is_day_only(written):
        timed = next((one for one in [*shown, *besides] if one.has_time and one.at.date() == written.at.date()), None)
        if timed:
            return timed.at, where if where == "text" else f"{where} and text"
        if hint and hint.has_time and _is_of_day(hint, written, zone):
            return hint.at, "hint"
    return _as_shown(written, shown or besides, zone), where


def _is_day_only(written: WrittenDate) -> bool:
    """Tell whether a date says the day alone: no clock, or the midnight that stands for none."""
    return not written.has_time or written.at.time() == time()


def _is_of_day(hint: WrittenDate, written: WrittenDate, zone: ZoneInfo) -> bool:
    if hint.has_zone:
        return abs(hint.at - written.at) <= _EDITED_WITHIN
    return hint.at.astimezone(zone).date() == written.at.date()


def _first_read(claims: tuple[Claim, ...], zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    read = ((read_date(claim.text, zone, now=now), claim.where) for claim in claims)
    return next(((found, where) for found, where in read if found), None)


def _shown(shown: list[WrittenDate]) -> tuple[WrittenDate, str] | None:
    return (next((one for one in shown if one.has_time), shown[0]), "text") if shown else None


def _boxed(root: HtmlElement, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    for box in _boxes(root):
        if dates := full_dates(box.text, zone, now=now):
            return dates[0], box.where
    return None


def _shortly(root: HtmlElement, near: str, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    """Read 11月23日, 昨天 or 3小时前, which saved pages and slow ones get wrong and others have no better."""
    lines = [Claim(text=line, where="text") for line in near.split("\n") if len(line) <= _LONGEST_BOX]
    return _first_read((*lines[:8], *_boxes(root)), zone, now)


def _boxes(root: HtmlElement) -> list[Claim]:
    """Return what stands in elements that are named for dates."""
    found = []
    for place, where in zip(_DATE_BOXES, ("time", "date box"), strict=True):
        for element in root.xpath(place)[:40]:
            written = element.get("datetime") or text_of(element)
            if written and len(written) <= _LONGEST_BOX and not any(map(_is_aside, element.iterancestors())):
                found.append(Claim(text=written, where=where))
    return found


def _scripted(document: Document, zone: ZoneInfo, now: datetime) -> tuple[WrittenDate, str] | None:
    for script in document.scripts:
        for match in _IN_SCRIPT.finditer(script):
            if found := read_date(next(filter(None, match.groups())), zone, now=now):
                return found, "script"
    return None


def _is_aside(element: HtmlElement) -> bool:
    """Tell whether an element holds other articles or talk, whose dates are not this one's; heads of articles are none."""
    return element.tag != "header" and is_furniture(element)


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
        day = find_date(
            deepcopy(document.root), original_date=True, extensive_search=False, max_date=now.date().isoformat()
        )
    except (etree.LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError):
        return None  # a library's own bugs on odd markup: the page then bears no date
    if not day:
        return None
    at = datetime.combine(date.fromisoformat(day), datetime.min.time(), zone)
    return WrittenDate(at=at, has_time=False, has_zone=False), "generic"


def _as_shown(written: WrittenDate, shown: list[WrittenDate], zone: ZoneInfo) -> datetime:
    """Return a claimed instant as the page shows it beside the title, where the two go together.

    Shown without a zone: the same clock as the claim's, which is then no UTC but a lie; the same
    instant on the zone's clock; or a little earlier, the claim being of a later edit.
    """
    at = written.at
    if not written.has_time:
        return at
    clocks = [one.at.replace(tzinfo=None) for one in shown if one.has_time and not one.has_zone]
    if written.has_zone and at.utcoffset() == timedelta(0):
        local = at.astimezone(zone)
        if any(_is_minute(at, clock) for clock in clocks):
            return at.replace(tzinfo=zone)
        return local if any(_is_minute(local, clock) for clock in clocks) else at
    for clock in clocks[:1]:
        earlier = clock.replace(tzinfo=zone)
        if at.utcoffset() == earlier.utcoffset() and timedelta(0) < at - earlier <= _EDITED_WITHIN:
            return earlier
    return at


def _is_minute(at: datetime, clock: datetime) -> bool:
    return at.replace(tzinfo=None, second=0, microsecond=0) == clock.replace(second=0)
