"""Exceptions and statuses as weighed words, and which hosts may be asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from scrapy.core.downloader.handlers.http11 import TunnelError
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadFailedError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.utils.misc import load_object
from twisted.internet.error import DNSLookupError

from pipeline.crawling.backoff import Weight
from pipeline.crawling.politeness import SiteAskedToWait
from pipeline.crawling.reach import _public, is_private, may_ask
from pipeline.crawling.scrapy_settings import process_settings, user_agent
from pipeline.crawling.troubles import trouble_of, trouble_of_status, wait_asked
from pipeline.settings import CrawlSettings

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://news.example.com/x"


@pytest.mark.parametrize(
    ("error", "problem", "weight", "unreachable"),
    [
        (CannotResolveHostError("x"), "no such host", Weight.HARD, True),
        (DownloadFailedError("certificate verify failed"), "its certificate is not valid", Weight.SOFT, False),
        (DownloadFailedError("lost"), "the connection broke", Weight.TEMPORARY, True),
        (ResponseDataLossError(), "the answer broke off", Weight.TEMPORARY, False),
        (TunnelError("no"), "the proxy refused", Weight.TEMPORARY, True),
        (IgnoreRequest("exceeded DOWNLOAD_MAXSIZE"), "larger than [crawl] max_size", Weight.SOFT, False),
        (OSError("Not a gzipped file"), "the answer is compressed and broken", Weight.SOFT, False),
        (RuntimeError("odd\nmore"), "RuntimeError: odd", Weight.SOFT, False),
        (RuntimeError(), "RuntimeError", Weight.SOFT, False),
    ],
)
def test_an_exception_becomes_words_and_a_weight(
    error: Exception, problem: str, weight: Weight, *, unreachable: bool
) -> None:
    trouble = trouble_of(error)
    assert (trouble.problem, trouble.weight, trouble.unreachable) == (problem, weight, unreachable)


def test_a_pause_asked_for_is_kept_with_the_trouble() -> None:
    assert trouble_of(SiteAskedToWait(90)).wait == timedelta(seconds=90)


@pytest.mark.parametrize(
    ("status", "problem", "weight", "gone"),
    [
        (404, "HTTP 404 Not Found", Weight.HARD, True),
        (410, "HTTP 410 Gone", Weight.HARD, True),
        (403, "HTTP 403 Forbidden", Weight.SOFT, False),
        (429, "HTTP 429 Too Many Requests", Weight.TEMPORARY, False),
        (503, "HTTP 503 Service Unavailable", Weight.SOFT, False),
        (599, "HTTP 599", Weight.SOFT, False),
    ],
)
def test_a_status_becomes_words_and_a_weight(status: int, problem: str, weight: Weight, *, gone: bool) -> None:
    trouble = trouble_of_status(Response(URL, status=status))
    assert (trouble.problem, trouble.weight, trouble.gone) == (problem, weight, gone)


@pytest.mark.parametrize(
    ("status", "written", "wait"),
    [
        (429, "120", timedelta(seconds=120)),
        (503, "0", timedelta(0)),
        (429, "Mon, 23 Nov 2026 13:00:00 GMT", timedelta(hours=1)),
        (503, "Mon, 23 Nov 2026 11:00:00 -0000", timedelta(0)),
        (429, "99999999999999", timedelta(days=7)),
        (429, None, timedelta(minutes=5)),
        (429, "soon", timedelta(minutes=5)),
        (503, "soon", None),
        (503, None, None),
        (200, "120", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(status: int, written: str | None, wait: timedelta | None) -> None:
    headers = {"Retry-After": written} if written is not None else {}
    assert wait_asked(Response(URL, status=status, headers=headers), NOW) == wait


@pytest.mark.parametrize(
    ("url", "source_url", "may"),
    [
        ("https://elsewhere.example.org/a", URL, True),
        ("http://198.18.0.7/a", URL, True),
        ("http://127.0.0.1/a", URL, False),
        ("http://localhost:8000/a", URL, False),
        ("http://app.localhost/a", URL, False),
        ("http://169.254.169.254/latest", URL, False),
        ("http://[::ffff:10.0.0.1]/a", URL, False),
        ("http://[fd00::1]/a", URL, False),
        ("http://0.0.0.0/a", URL, False),
        ("http://10.0.0.5/a", "http://10.0.0.5/feed", True),
        ("http://10.0.0.6/a", "http://10.0.0.5/feed", False),
        ("http://127.0.0.1:9000/a", "http://localhost:8000/feed", True),
        ("http://10.0.0.6/a", "http://127.0.0.1/feed", False),
    ],
)
def test_a_source_leads_nowhere_private_but_where_it_is_itself(url: str, source_url: str, *, may: bool) -> None:
    assert may_ask(url, source_url) is may


def test_a_name_that_resolves_to_a_private_address_is_refused() -> None:
    assert _public("93.184.216.34", "news.example.com") == "93.184.216.34"
    with pytest.raises(DNSLookupError, match=r"resolves to the private address 10\.0\.0\.1"):
        _public("10.0.0.1", "news.example.com")
    assert not is_private("news.example.com")


def test_the_user_agent_holds_the_contact_once() -> None:
    assert (
        user_agent(CrawlSettings(user_agent="kaibi (+https://k.example)", contact="a@k.example"))
        == "kaibi (+https://k.example; a@k.example)"
    )
    assert user_agent(CrawlSettings(user_agent="kaibi", contact="a@k.example")) == "kaibi (a@k.example)"
    assert user_agent(CrawlSettings(user_agent="kaibi (a@k.example)", contact="a@k.example")) == "kaibi (a@k.example)"


def test_every_component_that_the_settings_name_is_there() -> None:
    settings = {**process_settings(CrawlSettings(), []), "ITEM_PIPELINES": {"pipeline.crawling.storing.Storing": 1}}
    named = [
        settings["TWISTED_DNS_RESOLVER"],
        settings["SCHEDULER_MEMORY_QUEUE"],
        settings["DOWNLOAD_HANDLERS"]["http"],
    ]
    for table in ("DOWNLOADER_MIDDLEWARES", "SPIDER_MIDDLEWARES", "ITEM_PIPELINES", "EXTENSIONS"):
        named += settings[table]
    assert all(load_object(name) for name in (*named, *settings["RETRY_EXCEPTIONS"]))


def test_robots_txt_is_obeyed_and_nothing_listens_whatever_the_config_says() -> None:
    settings = process_settings(CrawlSettings(), [])
    assert settings["ROBOTSTXT_OBEY"] is True
    assert settings["TELNETCONSOLE_ENABLED"] is False
    assert settings["REMOTE_CONTROL_ENABLED"] is False
    assert settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
