"""What a crawl remembers from visit to visit: nothing is fetched twice, and nothing that was found is lost."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Health, Outcome
from tests.crawling.crawling_pages import article, listing, rss
from tests.crawling.crawling_runs import NOW, Room, source, visit_of
from tests.servers import Answer, Site

if TYPE_CHECKING:
    from collections.abc import Iterator

SHARED = Path(__file__).parents[2].parent / "shared"
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as started:
        yield started


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def _articles(site: Site, count: int) -> list[tuple[str, str]]:
    for number in range(1, count + 1):
        site.put(f"/a/{number}.html", article(f"关于权重的第{number}篇文章"))
    return [(f"关于权重的第{number}篇文章", f"/a/{number}.html") for number in range(1, count + 1)]


def test_a_known_article_is_not_fetched_again_under_another_tracking_parameter(site: Site, room: Room) -> None:
    (entry,) = _articles(site, 1)
    site.put("/rss.xml", rss(entry))
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    assert visit_of(room.crawl(feed), "feed").articles_new == 1
    site.put("/rss.xml", rss((entry[0], entry[1] + "?utm_campaign=week&spm=1.2")))
    visit = visit_of(room.crawl(feed, now=LATER), "feed")
    assert (visit.articles_new, visit.articles_known) == (0, 1)
    assert site.paths().count("/a/1.html") == 1
    assert not [path for path in site.paths() if "utm_" in path]


def test_an_unchanged_feed_is_asked_for_with_what_it_gave_and_loses_nothing(site: Site, room: Room) -> None:
    body = rss(*_articles(site, 2))

    def feed_answer(headers: dict[str, str]) -> Answer:
        if headers.get("If-None-Match") == '"v1"' and headers.get("If-Modified-Since"):
            return Answer(status=304)
        return Answer(body=body, headers={"ETag": '"v1"', "Last-Modified": "Fri, 20 Nov 2026 00:00:00 GMT"})

    site.answers["/rss.xml"] = feed_answer
    feed = source("feed", "feed", f"{site.url}/rss.xml", max_articles=1)
    assert visit_of(room.crawl(feed), "feed").articles_new == 1
    again = visit_of(room.crawl(feed, now=LATER), "feed")
    assert (again.outcome, again.articles_new, again.problem) == (Outcome.OK, 1, None)
    assert [asked.path for asked in site.asked if "If-None-Match" in asked.headers] == ["/rss.xml"]


def test_what_is_over_the_cap_waits_for_the_next_visit(site: Site, room: Room) -> None:
    site.put("/rss.xml", rss(*_articles(site, 5)))
    feed = source("feed", "feed", f"{site.url}/rss.xml", max_articles=3)
    assert visit_of(room.crawl(feed), "feed").articles_new == 3
    assert room.state("feed").pages_waiting == 2
    assert visit_of(room.crawl(feed, now=LATER), "feed").articles_new == 2
    assert sorted(path for path in site.paths() if path.startswith("/a/")) == [f"/a/{n}.html" for n in range(1, 6)]


def test_a_failed_page_is_tried_again_later_and_given_up_in_the_end(site: Site, room: Room) -> None:
    site.put("/rss.xml", rss(("没有了的文章", "/gone.html")))
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    room.crawl(feed)
    room.crawl(feed, now=NOW + timedelta(minutes=30))
    assert site.paths().count("/gone.html") == 1
    room.crawl(feed, now=LATER)
    assert site.paths().count("/gone.html") == 2
    state = room.state("feed")
    assert (state.pages_waiting, state.pages_given_up) == (0, 1)


def test_a_page_that_changes_is_stored_as_its_next_revision(site: Site, room: Room) -> None:
    site.put("/policy.html", article("表态页面"))
    page = source("policy", "page", f"{site.url}/policy.html")
    assert visit_of(room.crawl(page), "policy").articles_new == 1
    site.put("/policy.html", article("表态页面", mark="后来加了这一句。"))
    visit = visit_of(room.crawl(page, now=LATER), "policy")
    assert (visit.outcome, visit.articles_new) == (Outcome.OK, 0)
    (stored,) = room.articles()
    assert stored.revision == 2
    assert "后来加了这一句。" in stored.text


def test_raw_pages_are_kept_only_where_the_config_asks_for_them(site: Site, room: Room) -> None:
    _articles(site, 2)
    room.crawl(source("one", "page", f"{site.url}/a/1.html"))
    assert room.pages_kept() == 0
    room.crawl(source("two", "page", f"{site.url}/a/2.html"), keep_html=timedelta(days=30))
    assert room.pages_kept() == 1


def test_a_list_is_paged_only_while_it_offers_what_is_unknown(site: Site, room: Room) -> None:
    entries = _articles(site, 6)
    site.put("/list.html", listing(*entries[:2], after='<a href="/list_2.html">下一页</a>'))
    site.put("/list_2.html", listing(*entries[2:4], after='<a href="/list_3.html">下一页</a>'))
    site.put("/list_3.html", listing(*entries[4:], after='<a href="/list.html">下一页</a>'))
    lists = source("list", "listing", f"{site.url}/list.html")
    assert visit_of(room.crawl(lists), "list").articles_new == 6
    assert [path for path in site.paths() if "list" in path] == ["/list.html", "/list_2.html", "/list_3.html"]
    assert visit_of(room.crawl(lists, now=LATER), "list").articles_new == 0
    assert [path for path in site.paths() if "list" in path][3:] == ["/list.html"]


def test_an_index_is_followed_and_a_part_that_fails_is_told(site: Site, room: Room) -> None:
    (entry,) = _articles(site, 1)
    parts = "".join(f"<sitemap><loc>{site.url}/{name}.xml</loc></sitemap>" for name in ("good", "bad", "page"))
    site.put("/index.xml", f"<sitemapindex>{parts}</sitemapindex>", ETag='"v1"')
    site.put("/good.xml", f"<urlset><url><loc>{site.url}{entry[1]}</loc></url></urlset>")
    site.answers["/bad.xml"] = Answer(status=503)
    site.put("/page.xml", "<!doctype html><html></html>")
    visit = visit_of(room.crawl(source("map", "sitemap", f"{site.url}/index.xml")), "map")
    assert (visit.outcome, visit.articles_new) == (Outcome.OK, 1)
    assert {problem.url.rpartition("/")[2]: problem.problem for problem in visit.page_problems} == {
        "bad.xml": "HTTP 503 Service Unavailable",
        "page.xml": "answered with a web page where a sitemap should be",
    }
    assert room.state("map").validators.etag is None, "a part is missing: the whole is asked for again"


def test_a_list_ends_where_its_next_page_is_not_there(site: Site, room: Room) -> None:
    site.put("/list.html", listing(*_articles(site, 2), after='<a href="/none.html">下一页</a>'), ETag='"v1"')
    visit = visit_of(room.crawl(source("list", "listing", f"{site.url}/list.html")), "list")
    assert (visit.articles_new, visit.page_problems) == (2, ())
    assert room.state("list").validators.etag == '"v1"'


def test_a_recovered_source_is_well_again(site: Site, room: Room) -> None:
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    for hours in range(3):
        room.crawl(feed, now=NOW + timedelta(hours=hours))
    assert room.state("feed").health is Health.BROKEN
    site.put("/rss.xml", rss(*_articles(site, 1)))
    room.crawl(feed, now=NOW + timedelta(hours=9))
    state = room.state("feed")
    assert (state.health, state.failures, state.problem) == (Health.OK, 0, None)


def test_an_outage_of_our_own_is_counted_against_no_source(site: Site, room: Room) -> None:
    feeds = [source(f"f{n}", "feed", f"http://127.0.0.1:1/{n}.xml") for n in range(3)]
    run = room.crawl(*feeds)
    assert {visit.outcome for visit in run.visits} == {Outcome.FAILED}
    assert {(room.state(feed.name).failures, room.state(feed.name).health) for feed in feeds} == {(0, Health.NEW)}
    assert site.asked == []


def test_a_killed_crawl_goes_on_where_it_was_without_fetching_anything_twice(site: Site, room: Room) -> None:
    site.put("/rss.xml", rss(*_articles(site, 4)), ETag='"v1"')
    whole = site.answers["/a/3.html"]
    held = site.hold("/a/3.html")
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    process, line = room.start(feed)
    assert site.wait_for("/a/3.html")
    room.wait_for_articles(2)
    process.kill()
    process.join()
    line.close()
    held.set()
    site.answers["/a/3.html"] = whole
    visit = visit_of(room.crawl(feed), "feed")
    assert (visit.outcome, visit.articles_new) == (Outcome.OK, 2)
    assert len(room.articles()) == 4
    assert [site.paths().count(f"/a/{n}.html") for n in (1, 2, 4)] == [1, 1, 1]


def test_an_interrupted_crawl_ends_soon_and_records_what_it_has(site: Site, room: Room) -> None:
    site.put("/rss.xml", rss(*_articles(site, 3)))
    site.hold("/a/2.html")
    feed = source("feed", "feed", f"{site.url}/rss.xml")
    process, line = room.start(feed, timeout=timedelta(seconds=30))
    assert site.wait_for("/a/2.html")
    room.wait_for_articles(1)
    process.terminate()
    run = room.ended(process, line)
    assert process.exitcode == 0
    assert visit_of(run, "feed").articles_new == 1
    state = room.state("feed")
    assert (state.health, state.next_due_at, state.pages_waiting) == (Health.OK, NOW, 2)


def test_the_ofweek_list_is_crawled_by_itself(site: Site, room: Room) -> None:
    folder = SHARED / "real" / "ofweek"
    if not folder.is_dir():
        pytest.skip(f"no real pages at {folder}")
    path = "/ai/2024-04/ART-201700-8500-30632353.html"
    site.put("/ai/index.html", (folder / "ai/index.html").read_bytes(), "text/html")
    site.put(path, (folder / path[1:]).read_bytes(), "text/html")
    run = room.crawl(source("OFweek", "listing", f"{site.url}/ai/index.html"))
    assert visit_of(run, "OFweek").articles_new == 1
    assert [stored.url for stored in room.articles()] == [site.url + path]
