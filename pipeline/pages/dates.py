"""Dates as pages and feeds write them, in Chinese and English.

Keeps to itself the written forms. A form that names no zone is read in the zone given, never as
UTC: a feed library's habit of doing so is eight hours wrong in China. A date that no news page
can bear (before 1990, more than two days after now) is none.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Callable

EARLIEST_YEAR: Final = 1990
AHEAD: Final = timedelta(days=2)
"""How far after now a date may lie: clocks and zones differ, calendars of events are no news."""
_LONGEST: Final = 400
"""Characters read; a date stands at the front of what names it."""

_ZONE = r"(?P<zone>Z|UTC|GMT|[A-Z]{1,4}T|北京时间|东八区)?\s*(?P<offset>(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?(?!\d))?"
_CLOCK = (
    r"(?P<half>上午|下午|凌晨|早上|早晨|中午|傍晚|晚上|晚间|晚|am|pm|a\.m\.|p\.m\.)?\s*"
    r"(?P<hour>\d{1,2})(?:\s*[:时点]\s*(?P<minute>\d{1,2})?)(?:\s*[:分]\s*(?P<second>\d{1,2})?(?:[.,]\d+)?秒?)?"
    r"\s*(?P<half2>[ap]\.?m\b\.?)?\s*\(?" + _ZONE
)
_ENGLISH_HOUR = r"(?P<hour12>\d{1,2})\s*(?P<half3>[ap]\.?m\b\.?)\s*\(?(?P<zone2>[A-Z]{1,4}T)?"
_GAP = r"(?:\s*T\s*|[\s,，.·|/-]*(?:\(?(?:星期|周)[一二三四五六日天]\)?|at\b|on\b)?[\s,，·|-]*)"
_TIME = rf"(?:{_GAP}(?:{_CLOCK}|{_ENGLISH_HOUR}))?"
_DAY_ENDS = r"(?:(?!\d)|(?=\d{2}:\d{2}))"
"""A clock may follow at once where a page sets the two apart by style alone."""
_MONTH_NAMES: Final = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"), ("jul", "july"),
    ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"), ("dec", "december"),
)  # fmt: skip
_MONTHS: Final = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}
_MONTH = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<year>\d{{4}})\s*(?P<sep>[-/.年_])\s*(?P<month>\d{{1,2}})\s*[-/.月_]\s*(?P<day>\d{{1,2}}){_DAY_ENDS}\s*[日号]?{_TIME}",
        rf"(?<!\d)(?P<year>(?:19|20)\d{{2}})(?P<month>[01]\d)(?P<day>[0-3]\d)(?:[T ]?(?P<hour>[0-2]\d):?(?P<minute>[0-5]\d):?(?P<second>[0-5]\d)?(?!\d)\s*{_ZONE})?(?!\d)",
        rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d{{2}}):(?P<minute>\d{{2}}):(?P<second>\d{{2}})\s+{_ZONE}\s*(?P<year>\d{{4}})\b",
        rf"(?<![\d:])(?:{_CLOCK}|{_ENGLISH_HOUR})\)?\s*,?\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*)?,?\s*{_MONTH}\s*(?P<day>\d{{1,2}}),?\s*(?P<year>\d{{4}})\b",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?[\s-]*{_MONTH}[\s,-]*(?P<year>\d{{4}})\b{_TIME}",
        rf"\b{_MONTH}\s*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s*(?P<year>\d{{4}})\b{_TIME}",
        rf"(?:^|发布|时间|日期|[:|])\s*(?P<short_year>[12]\d)-(?P<month>[01]\d)-(?P<day>[0-3]\d){_DAY_ENDS}{_TIME}",
        rf"(?<!\d)(?P<first>\d{{1,2}})(?P<slash>[/.-])(?P<second_part>\d{{1,2}})(?P=slash)(?P<year>\d{{4}})(?!\d){_TIME}",
    )
)
_YEARLESS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<![\d年])(?P<month>\d{{1,2}})\s*月\s*(?P<day>\d{{1,2}})\s*[日号]{_TIME}",
        rf"(?<![\d/.-])(?P<month>\d{{1,2}})[-/](?P<day>\d{{1,2}})\s+{_CLOCK}",
        rf"\b{_MONTH}\s*(?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?{_TIME}",
    )
)
_AGO = re.compile(
    r"(?P<count>\d{1,4}|half an|an?|半|几|一|两)\s*(?:个)?\s*(?P<unit>秒钟?|分钟|小时|钟头|天|日|周|星期|月|年|"
    r"(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month|year)s?|[mhd])\s*(?P<ago>以?之?前|ago)",
    re.IGNORECASE,
)
_DAY = re.compile(rf"(?P<word>前天|昨天|昨日|今天|今日|yesterday|today){_TIME}", re.IGNORECASE)
_NOW = re.compile(r"^\W*(?:刚刚|just now|moments ago)", re.IGNORECASE)
_EPOCH = re.compile(r"(?P<seconds>\d{9,10})(?P<thousandths>\d{3})?(?:\.\d+)?")
_SECONDS: Final = {"秒": 1, "s": 1, "分": 60, "m": 60, "小": 3600, "钟": 3600, "h": 3600, "天": 86_400, "日": 86_400,
                   "d": 86_400, "周": 604_800, "星": 604_800, "w": 604_800}  # fmt: skip
_DAYS_BACK: Final = {"前天": 2, "昨天": 1, "昨日": 1, "yesterday": 1, "今天": 0, "今日": 0, "today": 0}
_OFFSETS: Final = {"Z": 0, "UTC": 0, "UT": 0, "GMT": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "EET": 120,
                   "EEST": 180, "MSK": 180, "IST": 330, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540, "AEST": 600,
                   "AEDT": 660, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480,
                   "PDT": -420}  # fmt: skip
_REGIONS: Final = {"ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver", "PT": "America/Los_Angeles",
                   "北京时间": "Asia/Shanghai", "东八区": "Asia/Shanghai"}  # fmt: skip
_NUMERALS: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_NUMERAL_DATE = re.compile(
    r"([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenDate:
    """A date that was read, and how much of it was written."""

    at: datetime
    """Aware; midnight where no time was written."""
    has_time: bool
    has_zone: bool


def parse_date(written: str, zone: ZoneInfo, *, now: datetime) -> datetime | None:
    """Return the first date in the text, aware, in the zone it names, else in ``zone``.

    ``now`` (aware) completes 11月23日, 昨天 and 3小时前. None where no date, or no possible one, is written.
    """
    found = read_date(written, zone, now=now)
    return found.at if found else None


def read_date(written: str, zone: ZoneInfo, *, now: datetime) -> WrittenDate | None:
    """Return the same as ``parse_date``, with what was written of it."""
    text = _plain(written)
    for reader in (_from_epoch, _from_full, _from_ago, _from_day_word, _from_yearless):
        found = reader(text, zone, now)
        if found is not None:
            return found if _is_possible(found.at, now) else None
    return None


def full_dates(written: str, zone: ZoneInfo, *, now: datetime) -> list[WrittenDate]:
    """Return every possible date written with its year, in the text's order."""
    text = _plain(written, longest=20_000)
    marks = sorted((match.start(), order, match) for order, form in enumerate(_FORMS) for match in form.finditer(text))
    read = (_assembled(match, zone, now) for _, _, match in marks)
    return [found for found in read if found and _is_possible(found.at, now)]


def _plain(written: str, longest: int = _LONGEST) -> str:
    text = unicodedata.normalize("NFKC", written[:longest])
    text = _NUMERAL_DATE.sub(lambda m: f"{m[1].translate(_NUMERALS)}年{_tens(m[2])}月{_tens(m[3])}日", text)
    return re.sub(r"\s+", " ", text).strip()


def _tens(numeral: str) -> int:
    tens, ten, ones = numeral.rpartition("十")
    value = int(ones.translate(_NUMERALS)) if ones else 0
    return value + (10 * (int(tens.translate(_NUMERALS)) if tens else 1) if ten else 0)


def _is_possible(at: datetime, now: datetime) -> bool:
    return at.year >= EARLIEST_YEAR and at <= now + AHEAD


def _from_epoch(text: str, zone: ZoneInfo, _now: datetime) -> WrittenDate | None:
    match = _EPOCH.fullmatch(text)
    if match is None or (len(match["seconds"]) < 10 and not match["seconds"].startswith(("6", "7", "8", "9"))):  # noqa: PLR2004 - digits
        return None
    return WrittenDate(at=datetime.fromtimestamp(int(match["seconds"]), zone), has_time=True, has_zone=True)


def _from_full(text: str, zone: ZoneInfo, now: datetime) -> WrittenDate | None:
    return _first(_FORMS, text, lambda match: _assembled(match, zone, now))


def _from_yearless(text: str, zone: ZoneInfo, now: datetime) -> WrittenDate | None:
    def of_last_year_at_most(match: re.Match[str]) -> WrittenDate | None:
        local = now.astimezone(zone)
        found = _assembled(match, zone, now, year=local.year)
        if found is None or found.at > now + AHEAD:
            found = _assembled(match, zone, now, year=local.year - 1)
        return found

    return _first(_YEARLESS, text, of_last_year_at_most)


def _first(
    forms: tuple[re.Pattern[str], ...], text: str, read: Callable[[re.Match[str]], WrittenDate | None]
) -> WrittenDate | None:
    marks = sorted((match.start(), order, match) for order, form in enumerate(forms) for match in form.finditer(text))
    return next((found for _, _, match in marks if (found := read(match))), None)


def _from_ago(text: str, zone: ZoneInfo, now: datetime) -> WrittenDate | None:
    if _NOW.match(text):
        return WrittenDate(at=now.astimezone(zone), has_time=True, has_zone=True)
    match = _AGO.search(text)
    if match is None:
        return None
    counted = match["count"].lower()
    count = float(counted) if counted.isdigit() else {"半": 0.5, "half an": 0.5, "几": 3, "两": 2}.get(counted, 1)
    unit = match["unit"].lower()
    if unit.startswith(("月", "month")):
        seconds = 30 * 86_400
    elif unit.startswith(("年", "y")):
        seconds = 365 * 86_400
    else:
        seconds = _SECONDS[unit[0]]
    at = (now - timedelta(seconds=count * seconds)).astimezone(zone)
    return WrittenDate(at=at, has_time=seconds < 86_400, has_zone=True)  # noqa: PLR2004 - a day


def _from_day_word(text: str, zone: ZoneInfo, now: datetime) -> WrittenDate | None:
    match = _DAY.search(text)
    if match is None:
        return None
    day = now.astimezone(zone) - timedelta(days=_DAYS_BACK[match["word"].lower()])
    return _at(match, (day.year, day.month, day.day), zone)


def _assembled(match: re.Match[str], zone: ZoneInfo, _now: datetime, year: int = 0) -> WrittenDate | None:
    parts = match.groupdict()
    if parts.get("name"):
        month, day = _MONTHS[parts["name"].lower()], int(parts["day"])
    elif parts.get("first"):
        month, day = _month_and_day(int(parts["first"]), int(parts["second_part"]), parts["slash"], zone)
    else:
        month, day = int(parts["month"]), int(parts["day"])
    century = 2000
    return _at(
        match,
        (year or (int(parts["year"]) if parts.get("year") else century + int(parts["short_year"])), month, day),
        zone,
    )


def _month_and_day(first: int, second: int, slash: str, zone: ZoneInfo) -> tuple[int, int]:
    """Read 11/23 and 23/11; where both could be, as the zone's continent writes, with dots always day first."""
    day_first = slash == "." or zone.key.startswith(("Europe/", "Australia/", "Africa/"))
    months_in_year = 12
    if first > months_in_year or (day_first and second <= months_in_year):
        return second, first
    return first, second


def _at(match: re.Match[str], day: tuple[int, int, int], zone: ZoneInfo) -> WrittenDate | None:
    parts = match.groupdict()
    hour_written = parts.get("hour") or parts.get("hour12")
    half = (parts.get("half") or parts.get("half2") or parts.get("half3") or "").lower().replace(".", "")
    named = parts.get("zone") or parts.get("zone2")
    own_zone = _zone(named, parts.get("offset"), zone) if hour_written else None
    hour = _hour(int(hour_written or 0), half)
    whole_day = 24
    try:
        at = datetime(
            *day,
            hour % whole_day,
            int(parts.get("minute") or 0),
            min(int(parts.get("second") or 0), 59),
            tzinfo=own_zone or zone,
        )
        at += timedelta(days=1) if hour == whole_day else timedelta(0)
        at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if hour > whole_day:
        return None
    return WrittenDate(at=at, has_time=hour_written is not None, has_zone=own_zone is not None)


def _hour(hour: int, half: str) -> int:
    noon = 12
    if half in {"下午", "傍晚", "晚上", "晚间", "晚", "pm"} and hour < noon:
        return hour + noon
    if half == "中午" and hour < 3:  # noqa: PLR2004 - 中午1点 is 13:00, 中午11点 is 11:00
        return hour + noon
    return 0 if half in {"am", "凌晨", "上午"} and hour == noon and half != "上午" else hour


def _zone(name: str | None, offset: str | None, near: ZoneInfo) -> tzinfo | None:
    if offset:
        sign = -1 if "-" in offset else 1
        digits = re.sub(r"\D", "", offset)
        hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))  # noqa: PLR2004
        span = timedelta(hours=hours, minutes=minutes)
        return timezone(sign * span) if span < timedelta(hours=16) else None
    if not name:
        return None
    name = name.upper()
    if name in _REGIONS:
        return ZoneInfo(_REGIONS[name])
    if name == "CST":  # China's or Chicago's: whichever the source is nearer to
        return timezone(timedelta(hours=8 if near.key.startswith("Asia/") else -6))
    return timezone(timedelta(minutes=_OFFSETS[name])) if name in _OFFSETS else None
