"""The sample site's articles: reads ``site/*.toml`` and puts them on the calendar.

Exists so that pages, server and tests share one reading of the data. Keeps to itself the files'
layout, that an article's week is written as an offset from the last full week, and that ``{mon}``
... ``{sun}`` in a text stand for that day of the article's own week.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from pipeline.model import Stance
from pipeline.settings import WEEKDAYS
from pipeline.weeks import Week

ZONE: Final = ZoneInfo("Asia/Shanghai")
"""The zone of every date on the sample site."""
KEYS: Final = ("zhichao", "xinxin", "jimu", "yunduan", "model_weekly", "inference_post")
"""The outlets, each the name of its file in ``site/``."""
_FOLDER = Path(__file__).parent / "site"
_DAY = re.compile(r"\{(" + "|".join(WEEKDAYS) + r")\}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a careful reader would write down: this speaker takes this stance in this article."""

    speaker: str
    """As the text names them; ``作者`` or ``author`` for the article's own voice."""
    stance: Stance


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleArticle:
    """One article with its labels; the labels follow the text, not what any engine makes of it."""

    outlet: str
    """Key of the outlet."""
    number: int
    """Unique within the outlet; 0 is the oldest."""
    week: Week
    published_at: datetime
    """Aware, in Asia/Shanghai."""
    title: str
    author: str
    paragraphs: tuple[str, ...]
    stance: Stance
    """A side, mixed, neutral or off_topic."""
    expected: tuple[Expected, ...]
    story: str | None
    """Articles that are copies of one story share this name; None: nobody copied it."""

    @property
    def text(self) -> str:
        """The body, one paragraph a line."""
        return "\n".join(self.paragraphs)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outlet:
    """A made-up news site."""

    key: str
    name: str
    language: str
    """``zh`` or ``en``."""
    articles: tuple[SampleArticle, ...]
    """Newest first."""


def last_full_week(today: date) -> Week:
    """Return the last ISO week that was over when ``today`` (a day in Asia/Shanghai) began."""
    return Week.of(datetime.combine(today, time(12), ZONE), ZONE) - 1


def outlets(today: date) -> tuple[Outlet, ...]:
    """Return the six outlets in the order of KEYS, their articles dated back from ``today``."""
    newest = last_full_week(today)
    return tuple(_outlet(key, newest) for key in KEYS)


def _outlet(key: str, newest: Week) -> Outlet:
    table = tomllib.loads((_FOLDER / f"{key}.toml").read_text(encoding="utf-8"))
    rows = sorted(enumerate(table["article"]), key=lambda row: _moment(row[1], newest))
    articles = [_article(key, number, row, newest) for number, (_, row) in enumerate(rows)]
    return Outlet(key=key, name=table["name"], language=table["language"], articles=tuple(reversed(articles)))


def _moment(row: dict[str, Any], newest: Week) -> datetime:
    day, clock = row["at"].split()
    monday = (newest + row["week"]).monday_on
    return datetime.combine(monday + timedelta(days=WEEKDAYS.index(day)), time.fromisoformat(clock), ZONE)


def _article(key: str, number: int, row: dict[str, Any], newest: Week) -> SampleArticle:
    week = newest + row["week"]
    lines = row["body"].strip().splitlines()
    return SampleArticle(
        outlet=key,
        number=number,
        week=week,
        published_at=_moment(row, newest),
        title=row["title"],
        author=row["author"],
        paragraphs=tuple(_DAY.sub(lambda day: _written(week, day[1]), line) for line in lines),
        stance=Stance(row["stance"]),
        expected=tuple(Expected(speaker=e["speaker"], stance=Stance(e["stance"])) for e in row["expect"]),
        story=row.get("story"),
    )


def _written(week: Week, weekday: str) -> str:
    day = week.monday_on + timedelta(days=WEEKDAYS.index(weekday))
    return f"{day.month}月{day.day}日"
