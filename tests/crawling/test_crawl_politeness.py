"""That sites are asked one request at a time, with their pauses, and only where a source may lead."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Health, Outcome
from tests.crawling.crawling_pages import article, rss
from tests.crawling.crawling_runs import NOW, Room, source, visit_of
from tests.servers import Answer, Site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as started:
        yield started


@pytest.fixture
def other_site() -> Iterator[Site]:
    with Site() as started:
        yield started


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_two_sources_and_a_foreign_link_share_the_turns_of_one_site(site: Site, other_site: Site, room: Room) -> None:
    for number in range(1, 5):
        site.put(f"/a/{number}.html", article(f"第{number}篇"))
    site.put("/one.xml", rss(("一", "/a/1.html"), ("二", "/a/2.html")))
    site.put("/two.xml", rss(("三", "/a/3.html")))
    other_site.put("/three.xml", rss(("四", f"{site.url}/a/4.html")))
    pause = timedelta(seconds=0.15)
    feeds = [
        source("one", "feed", f"{site.url}/one.xml", delay=pause),
        source("two", "feed", f"{site.url}/two.xml", delay=pause),
        source("three", "feed", f"{other_site.url}/three.xml", delay=pause),
    ]
    run = room.crawl(*feeds)
    assert sum(visit.articles_new for visit in run.visits) == 4
    asked = sorted(site.asked, key=lambda one: one.began)
    gaps = [later.began - earlier.ended for earlier, later in pairwise(asked)]
    assert len(asked) == 7
    assert min(gaps) >= pause.total_seconds()


def test_what_broke_off_is_asked_again_only_after_the_pause(site: Site, room: Room) -> None:
    site.answers["/rss.xml"] = Answer(breaks=True)
    feed = source("feed", "feed", f"{site.url}/rss.xml", delay=timedelta(seconds=0.3))
    assert visit_of(room.crawl(feed), "feed").problem == "the connection broke"
    asked = sorted(site.asked, key=lambda one: one.began)
    assert [one.path for one in asked] == ["/robots.txt", "/rss.xml", "/rss.xml"]
    assert min(later.began - earlier.ended for earlier, later in pairwise(asked)) >= 0.3


def test_a_crawl_delay_in_robots_txt_is_kept(site: Site, room: Room) -> None:
    site.put("/robots.txt", "User-agent: kaibi\nCrawl-delay: 0.3\n", "text/plain")
    site.put("/a/1.html", article("慢慢来"))
    site.put("/rss.xml", rss(("慢慢来", "/a/1.html")))
    assert visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml")), "feed").articles_new == 1
    _, feed, page = sorted(site.asked, key=lambda one: one.began)
    assert page.began - feed.ended >= 0.3


def test_a_short_pause_that_a_site_asks_for_is_waited_out(site: Site, room: Room) -> None:
    answers = [Answer(status=429, headers={"Retry-After": "1"}), Answer(body=rss(("一", "/a/1.html")))]
    site.answers["/rss.xml"] = lambda _: answers.pop(0)
    site.put("/a/1.html", article("等来的文章"))
    assert visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml")), "feed").articles_new == 1
    first, second = [asked for asked in site.asked if asked.path == "/rss.xml"]
    assert second.began - first.ended >= 1


def test_a_long_pause_ends_the_visit_and_puts_the_next_one_after_it(site: Site, room: Room) -> None:
    site.answers["/rss.xml"] = Answer(status=503, headers={"Retry-After": "7200"})
    site.put("/two.xml", rss(("一", "/a/1.html")))
    feeds = [source(name, "feed", f"{site.url}/{path}") for name, path in (("one", "rss.xml"), ("two", "two.xml"))]
    run = room.crawl(*feeds, source("far", "feed", "http://127.0.0.1:1/x"))
    assert (visit_of(run, "one").outcome, visit_of(run, "two").outcome) == (Outcome.FAILED, Outcome.FAILED)
    assert "/two.xml" not in site.paths()
    for name in ("one", "two"):
        state = room.state(name)
        assert (state.failures, state.health) == (0.25, Health.FAILING)
        assert state.next_due_at is not None
        assert state.next_due_at >= NOW + timedelta(seconds=7190)


def test_pages_of_a_site_that_asks_to_wait_stay_for_the_next_visit(site: Site, room: Room) -> None:
    site.put("/a/1.html", article("第一篇"))
    site.answers["/a/2.html"] = Answer(status=429)
    site.put("/a/3.html", article("第三篇"))
    site.put("/rss.xml", rss(("一", "/a/1.html"), ("二", "/a/2.html"), ("三", "/a/3.html")))
    feed = source("feed", "feed", f"{site.url}/rss.xml", every=timedelta(seconds=1))
    visit = visit_of(room.crawl(feed), "feed")
    assert (visit.outcome, visit.articles_new, visit.page_problems) == (Outcome.OK, 1, ())
    assert "/a/3.html" not in site.paths()
    state = room.state("feed")
    assert (state.pages_waiting, state.failures) == (2, 0)
    assert state.next_due_at is not None
    assert state.next_due_at >= NOW + timedelta(minutes=4)
    site.put("/a/2.html", article("第二篇"))
    assert visit_of(room.crawl(feed, now=NOW + timedelta(minutes=10)), "feed").articles_new == 2


def test_a_robots_txt_that_cannot_be_read_is_taken_as_a_refusal_for_now(site: Site, room: Room) -> None:
    site.answers["/robots.txt"] = Answer(status=502)
    site.put("/rss.xml", rss(("一", "/a/1.html")))
    visit = visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml")), "feed")
    assert (visit.outcome, visit.problem) == (Outcome.FAILED, "robots.txt: HTTP 502 Bad Gateway")
    assert site.paths() == []


def test_a_redirect_between_two_places_on_this_machine_is_followed(site: Site, other_site: Site, room: Room) -> None:
    other_site.put("/moved.html", article("搬过来的文章"))
    site.answers["/a/1.html"] = Answer(status=301, headers={"Location": f"{other_site.url}/moved.html"})
    site.answers["/a/2.html"] = Answer(status=302, headers={"Location": "http://192.168.7.7/admin"})
    site.put("/rss.xml", rss(("一", "/a/1.html"), ("二", "/a/2.html")))
    visit = visit_of(room.crawl(source("feed", "feed", f"{site.url}/rss.xml")), "feed")
    assert visit.articles_new == 1
    assert [stored.url for stored in room.articles()] == [f"{other_site.url}/moved.html"]
    assert [problem.problem for problem in visit.page_problems] == ["leads to the private address 192.168.7.7"]


def test_a_proxy_of_the_environment_is_used_even_on_this_machine(site: Site, room: Room) -> None:
    far = "http://news.example.test"
    site.put(f"{far}/policy.html", article("远处的文章"))
    port = site.url.rpartition(":")[2]
    environment = {"http_proxy": f"http://localhost:{port}"}
    run = room.crawl(source("far", "page", f"{far}/policy.html"), environment=environment)
    assert visit_of(run, "far").articles_new == 1
    assert site.paths() == [f"{far}/robots.txt", f"{far}/policy.html"]
    robots, page = sorted(site.asked, key=lambda one: one.began)
    assert page.began - robots.ended >= 1, "no delay below a second away from this machine"
