"""Dates as pages write them, and what is no date."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pages.dates import parse_date

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2026年11月23日 10时05分", "2026-11-23T10:05:00+08:00"),
        ("2026年11月23日10:05", "2026-11-23T10:05:00+08:00"),
        ("2026年11月23日 星期一 下午3:05", "2026-11-23T15:05:00+08:00"),
        ("2026-11-22 中午12:30", "2026-11-22T12:30:00+08:00"),
        ("2026-11-22 中午1:30", "2026-11-22T13:30:00+08:00"),
        ("2026-11-22 凌晨12:30", "2026-11-22T00:30:00+08:00"),
        ("2026-11-23 10:05", "2026-11-23T10:05:00+08:00"),
        ("2026-11-23 10:05:59", "2026-11-23T10:05:59+08:00"),
        ("2026/11/23", "2026-11-23T00:00:00+08:00"),
        ("2026.11.3", "2026-11-03T00:00:00+08:00"),
        ("发表于2026年11月23日", "2026-11-23T00:00:00+08:00"),
        ("来源：某网 2026-11-22 09:10:11 编辑", "2026-11-22T09:10:11+08:00"),
        ("发布时间：26-11-22 09:10", "2026-11-22T09:10:00+08:00"),
        ("二〇二六年十一月二十三日", "2026-11-23T00:00:00+08:00"),
        ("二〇二六年十月十日", "2026-10-10T00:00:00+08:00"),
        ("2026-11-22 24:00", "2026-11-23T00:00:00+08:00"),
        ("11月22日", "2026-11-22T00:00:00+08:00"),
        ("12月25日 08:00", "2025-12-25T08:00:00+08:00"),
        ("10-23 12:00", "2026-10-23T12:00:00+08:00"),
        ("昨天 09:30", "2026-11-22T09:30:00+08:00"),
        ("前天", "2026-11-21T00:00:00+08:00"),
        ("今天 09:30", "2026-11-23T09:30:00+08:00"),
        ("3小时前", "2026-11-23T19:00:00+08:00"),
        ("半小时前", "2026-11-23T21:30:00+08:00"),
        ("5分钟前", "2026-11-23T21:55:00+08:00"),
        ("刚刚", "2026-11-23T22:00:00+08:00"),
        ("2周前", "2026-11-09T22:00:00+08:00"),
        ("3个月前", "2026-08-25T22:00:00+08:00"),
        ("1年前", "2025-11-23T22:00:00+08:00"),
        ("2 hours ago", "2026-11-23T20:00:00+08:00"),
        ("yesterday", "2026-11-22T00:00:00+08:00"),
        ("1795400000", "2026-11-23T10:13:20+08:00"),
        ("1795400000123", "2026-11-23T10:13:20+08:00"),
        ("20261122", "2026-11-22T00:00:00+08:00"),
        ("20261122091011", "2026-11-22T09:10:11+08:00"),
        ("20261122T091011+0000", "2026-11-22T09:10:11+00:00"),
        ("2026-11-23T10:05:00Z", "2026-11-23T10:05:00+00:00"),
        ("2026-11-23T10:05:00.123+08:00", "2026-11-23T10:05:00+08:00"),
        ("2026-11-23T10:05:00-0330", "2026-11-23T10:05:00-03:30"),
        ("Mon, 23 Nov 2026 10:05:00 GMT", "2026-11-23T10:05:00+00:00"),
        ("Mon, 23 Nov 2026 10:05:00 +0800", "2026-11-23T10:05:00+08:00"),
        ("Sun Nov 22 2026 09:27:00 GMT+0800 (China Standard Time)", "2026-11-22T09:27:00+08:00"),
        ("Sat Nov 22 09:27:00 CST 2025", "2025-11-22T09:27:00+08:00"),
        ("Nov. 23, 2026 8:05 AM EST", "2026-11-23T08:05:00-05:00"),
        ("November 22nd, 2026 at 3:05pm ET", "2026-11-22T15:05:00-05:00"),
        ("Updated 9:27 AM EST, Sun November 22, 2026", "2026-11-22T09:27:00-05:00"),
        ("Published: 3 Nov 2026, 5pm", "2026-11-03T17:00:00+08:00"),
        ("23 November 2026", "2026-11-23T00:00:00+08:00"),
        ("Nov 21", "2026-11-21T00:00:00+08:00"),
        ("11/23/2026", "2026-11-23T00:00:00+08:00"),
        ("23/11/2026 10:05", "2026-11-23T10:05:00+08:00"),
        ("23.11.2026", "2026-11-23T00:00:00+08:00"),
        ("2026-11-23 10:05（北京时间）", "2026-11-23T10:05:00+08:00"),
        ("2026-11-31 或 2026-11-22", "2026-11-22T00:00:00+08:00"),
    ],
)
def test_a_written_date_is_read(written: str, iso: str) -> None:
    found = parse_date(written, SHANGHAI, now=NOW)
    assert found is not None
    assert found.isoformat() == iso


@pytest.mark.parametrize(
    "written",
    ["", "abc", "0000-00-00", "0000-00-00 00:00:00", "1970-01-01", "2026-02-30", "2026-11-27", "2026-11-23 99:99", "12345",
     "99999999999999", "13月45日", "第3期", "2026", "11-22", "1.2.3"],
)  # fmt: skip
def test_what_is_no_possible_date_is_none(written: str) -> None:
    assert parse_date(written, SHANGHAI, now=NOW) is None


def test_a_date_without_a_zone_is_in_the_zone_given() -> None:
    found = parse_date("2026-11-20 10:05", NEW_YORK, now=NOW)
    assert found is not None
    assert found.tzinfo is NEW_YORK


def test_cst_means_the_zone_nearer_to_the_source() -> None:
    abroad = parse_date("2026-11-20 10:05 CST", NEW_YORK, now=NOW)
    assert abroad is not None
    assert abroad.isoformat() == "2026-11-20T10:05:00-06:00"


def test_day_and_month_of_a_slashed_date_follow_the_continent() -> None:
    in_europe = parse_date("05/10/2026", ZoneInfo("Europe/London"), now=NOW)
    in_america = parse_date("05/10/2026", NEW_YORK, now=NOW)
    assert in_europe is not None
    assert in_america is not None
    assert (in_europe.month, in_america.month) == (10, 5)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=40)
    | st.from_regex(
        r"[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,2}[日T ]{1,2}[0-9]{1,2}:[0-9]{1,2} ?([+-][0-9]{1,4}|[A-Z]{1,4}T)?"
    )
)
def test_any_text_is_a_possible_date_or_none(written: str) -> None:
    found = parse_date(written, SHANGHAI, now=NOW)
    if found is not None:
        assert found.tzinfo is not None
        assert found.year >= 1990
        assert found <= datetime(2026, 11, 25, 14, 0, tzinfo=UTC)
