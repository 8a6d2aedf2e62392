"""What goes wrong inside a crawl costs what it must and no more."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import BusyError, StoreError
from pipeline.model import Outcome
from tests.crawling.crawling_pages import article, listing, rss
from tests.crawling.crawling_runs import (
    NOW,
    Room,
    a_full_disk,
    a_mistake_in_storing,
    feeds_that_break_their_spider,
    short_visits,
    source,
    visit_of,
)
from tests.servers import Answer, Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as started:
        started.put("/a/1001.html", article("文章甲乙丙丁戊己庚"))
        started.put("/a/1002.html", article("文章子丑寅卯辰巳午"))
        started.put("/rss.xml", rss(("甲", "/a/1001.html")))
        started.put("/list.html", listing(("文章子丑寅卯辰巳午", "/a/1002.html")))
        yield started


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_a_spider_that_raises_costs_only_its_source(site: Site, room: Room) -> None:
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    lists = source("list", "listing", f"{site.url}/list.html")
    run = room.crawl(feed, lists, fault=feeds_that_break_their_spider)
    assert visit_of(run, "list").articles_new == 1
    broken = visit_of(run, "feed")
    assert broken.outcome is Outcome.FAILED
    assert broken.problem is not None
    assert broken.problem.startswith("the spider failed: ZeroDivisionError")
    assert room.state("feed").failures == 0.5


def test_a_source_that_hangs_fails_for_now(site: Site, room: Room) -> None:
    site.answers["/rss.xml"] = Answer(held=threading.Event())
    visit = visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml"), timeout=timedelta(seconds=2)), "feed")
    assert (visit.outcome, visit.problem) == (Outcome.FAILED, "no answer in time")
    assert room.state("feed").failures == 0.25


def test_a_visit_that_takes_too_long_is_ended_and_its_pages_wait(site: Site, room: Room) -> None:
    site.answers["/a/1001.html"] = Answer(held=threading.Event())
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    visit = visit_of(room.crawl(feed, fault=short_visits, timeout=timedelta(seconds=30)), "feed")
    assert (visit.outcome, visit.articles_new, visit.page_problems) == (Outcome.OK, 0, ())
    assert room.state("feed").pages_waiting == 1


def test_a_source_that_keeps_its_visit_waiting_fails_for_now(site: Site, room: Room) -> None:
    site.answers["/rss.xml"] = Answer(held=threading.Event())
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    visit = visit_of(room.crawl(feed, fault=short_visits, timeout=timedelta(seconds=30)), "feed")
    assert (visit.outcome, visit.problem) == (Outcome.FAILED, "the visit took longer than 0:00:08")
    assert room.state("feed").failures == 0.25


def test_a_store_that_fails_ends_the_crawl_and_says_so(site: Site, room: Room) -> None:
    with pytest.raises(StoreError, match="the disk is full"):
        room.crawl(source("feed", "feed", f"{site.url}/rss.xml"), fault=a_full_disk)


def test_a_mistake_of_ours_costs_the_page_and_is_told(site: Site, room: Room) -> None:
    visit = visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml"), fault=a_mistake_in_storing), "feed")
    assert [problem.problem for problem in visit.page_problems] == [
        "storing the page failed: ZeroDivisionError: a mistake of ours"
    ]
    assert room.state("feed").pages_waiting == 1


def test_pages_that_lead_home_or_say_nothing_are_no_articles(site: Site, room: Room) -> None:
    site.answers["/a/1.html"] = Answer(status=302, headers={"Location": "/"})
    site.put("/", article("首页"))
    site.put("/a/2.html", " ")
    site.put("/a/3.html", rss(("三", "/a/9.html")), "application/rss+xml")
    site.put("/a/4.html", bytes(range(256)) * 40)
    site.put("/rss.xml", rss(*((f"第{n}", f"/a/{n}.html") for n in range(1, 5))))
    site.put("/blank.html", "<html><body><nav>导航</nav></body></html>")
    run = room.crawl(source("feed", "feed", f"{site.url}/rss.xml"), source("page", "page", f"{site.url}/blank.html"))
    assert sorted(problem.problem for problem in visit_of(run, "feed").page_problems) == [
        "no article text found on the page",
        "no longer there: it leads to the home page",
        "not an article but a feed or a sitemap",
        "the answer is empty",
    ]
    page = visit_of(run, "page")
    assert (page.outcome, page.problem) == (Outcome.FAILED, "no article text found on the page")
    assert room.articles() == []


def test_two_crawls_into_one_database_do_not_run_at_once(site: Site, room: Room) -> None:
    db = room.open()
    with db.lock("crawl"), pytest.raises(BusyError):
        room.crawl(source("feed", "feed", f"{site.url}/rss.xml"))
    db.close()


def test_a_crawl_of_no_sources_is_an_empty_record(room: Room) -> None:
    assert room.crawl().visits == ()


def test_pages_of_a_site_that_falls_silent_are_left_after_five(site: Site, room: Room) -> None:
    for number in range(9):
        site.answers[f"/b/{number}.html"] = Answer(breaks=True)
    site.put("/rss.xml", rss(*[(f"第{n}", f"/b/{n}.html") for n in range(9)]))
    visit = visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml")), "feed")
    assert visit.outcome is Outcome.OK
    assert {problem.problem for problem in visit.page_problems} == {"the connection broke"}
    assert 5 <= len(visit.page_problems) <= 6  # one may be out already when the fifth falls silent
    assert room.state("feed", now=NOW).pages_waiting == 9
