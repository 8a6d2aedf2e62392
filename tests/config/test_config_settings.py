"""Settings that are made in code, not read, refuse nonsense at birth too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.settings import CrawlSettings, DigestSettings, MailSettings, Settings, Source, SourceKind

SIDES = {"a": {"label": "A", "terms": ["a"]}, "b": {"label": "B", "terms": ["b"]}}
FEED = Source(name="A", kind=SourceKind.FEED, url="https://example.com/feed")


def made(sides: object = None, **tables: object) -> Settings:
    return Settings.model_validate({"debate": {"sides": sides or SIDES}, **tables})


def test_two_sources_of_one_name_are_refused() -> None:
    with pytest.raises(ValidationError, match='the name "A" is there twice'):
        made(source=[FEED, FEED])


def test_hurry_is_for_this_machine_only() -> None:
    with pytest.raises(ValidationError, match="would be asked more than once a second"):
        made(source=[FEED], crawl=CrawlSettings(delay=timedelta(milliseconds=10)))
    local = FEED.model_copy(update={"url": "http://[::1]:8000/"})
    assert made(source=[local], crawl=CrawlSettings(delay=timedelta(0))).source == (local,)


@pytest.mark.parametrize(
    ("sides", "problem"),
    [
        ({**SIDES, "c": {"label": "C", "terms": ["c"]}}, "at most 2"),
        ({"mixed": SIDES["a"], "b": SIDES["b"]}, '"mixed" is a stance\'s name'),
        ({"a": SIDES["a"], "b": {"label": "B", "terms": ["A"]}}, 'both sides have the term "a"'),
    ],
)
def test_the_two_sides_are_two(sides: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        made(sides)


def test_a_recipient_twice_is_refused() -> None:
    with pytest.raises(ValidationError, match=r'"A@example\.com" is there twice'):
        DigestSettings.model_validate({"recipients": ["a@example.com", "A@example.com"]})


def test_smtp_needs_a_host() -> None:
    with pytest.raises(ValidationError, match="needs the mail server's host"):
        MailSettings.model_validate({"transport": "smtp"})


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://localhost/", True),
        ("http://127.0.0.1:80/", True),
        ("http://127.1.2.3/", True),
        ("http://[::1]/", True),
        ("http://128.0.0.1/", False),
        ("http://localhost.example.com/", False),
        ("http://127.0.0.1.example.com/", False),
        ("http://127.0.0.1@example.com/", False),
    ],
)
def test_only_loopback_addresses_are_this_machine(url: str, local: bool) -> None:  # noqa: FBT001 - a table's column
    assert FEED.model_copy(update={"url": url}).is_loopback is local


def test_names_stay_on_one_line() -> None:
    for name in ("a\nb", "a\x00", "a\u2028b"):
        with pytest.raises(ValidationError, match="must be one line"):
            Source(name=name, kind=SourceKind.FEED, url="https://example.com/")
