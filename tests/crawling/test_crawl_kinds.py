"""One crawl over sources of every kind and every fault, and what it must have made of each."""

from __future__ import annotations

import gzip
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pipeline.model import CrawlRun, Health, Outcome
from tests.crawling.crawling_pages import article, listing, rss
from tests.crawling.crawling_runs import NOW, Room, source, visit_of
from tests.servers import Answer, Site, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as started:
        yield started


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Room:
    return Room(tmp_path_factory.mktemp("crawl"))


@pytest.fixture(scope="module")
def run(site: Site, room: Room) -> CrawlRun:
    for number in range(1, 12):
        site.put(f"/a/{number}.html", article(f"第{number}篇文章的标题"))
    site.put("/gbk.html", article("国标码写的文章").replace("utf-8", "gbk").encode("gbk"), "text/html")
    site.put("/empty.html", "<html><head><title>空</title></head><body><nav>导航</nav></body></html>")
    site.put("/picture", b"\x89PNG....", "image/png")
    site.put(
        "/rss.xml", rss(("第一篇", "/a/1.html?utm_source=feed"), ("再一次", "/a/1.html#top")), "application/rss+xml"
    )
    site.put("/gbk.xml", rss(("国标", "/gbk.html"), encoding="gbk"), "text/xml")
    site.put("/html.xml", "<!doctype html><html><body>网站改版了</body></html>")
    site.put("/news.xml.gz", gzip.compress(_news_sitemap(site.url).encode()), "application/x-gzip")
    site.put("/list.html", listing(("第四篇列表里的文章标题", "/a/4.html"), ("第五篇列表里的文章标题", "/a/5.html")))
    site.put("/alone.html", article("只此一页"))
    site.put(
        "/bad.xml", rss(("空的", "/empty.html"), ("图", "/picture"), ("没有", "/missing.html"), ("好的", "/a/6.html"))
    )
    site.put("/private.xml", rss(("内网", "http://10.0.0.1/a.html"), ("好的", "/a/7.html")))
    site.answers["/500.xml"] = Answer(status=500, body=b"broken")
    site.answers["/loop.xml"] = Answer(status=302, headers={"Location": "/loop.xml"})
    site.put("/robots.txt", "User-agent: *\nDisallow: /secret\n", "text/plain")
    site.put("/secret.xml", rss(("x", "/a/8.html")))
    site.put("/huge.xml", b"<rss>" + b" " * 300_000)
    kinds = {
        **dict.fromkeys(("rss.xml", "gbk.xml", "html.xml", "bad.xml", "private.xml"), "feed"),
        **dict.fromkeys(("500.xml", "loop.xml", "secret.xml", "gone.xml", "huge.xml"), "feed"),
        "news.xml.gz": "sitemap",
        "list.html": "listing",
        "alone.html": "page",
    }
    sources = [source(name, kind, f"{site.url}/{name}") for name, kind in kinds.items()]
    refused = source("refused", "feed", f"http://127.0.0.1:{free_port()}/rss.xml")
    return room.crawl(*sources, refused, max_size=200_000)


def _news_sitemap(url: str) -> str:
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">'
        f"<url><loc>{url}/a/3.html</loc><n:news><n:publication_date>2026-11-20</n:publication_date><n:title>新闻</n:title></n:news></url>"
        "</urlset>"
    )


def test_a_feed_brings_each_article_once_whatever_its_tracking_parameters(run: CrawlRun) -> None:
    visit = visit_of(run, "rss.xml")
    assert (visit.outcome, visit.articles_new, visit.problem) == (Outcome.OK, 1, None)


def test_a_feed_and_pages_in_gbk_are_read_as_they_were_written(run: CrawlRun, room: Room) -> None:
    assert visit_of(run, "gbk.xml").articles_new == 1
    assert "国标码写的文章" in {found.title for found in room.articles()}


def test_a_web_page_where_a_feed_should_be_is_named_as_such(run: CrawlRun, room: Room) -> None:
    visit = visit_of(run, "html.xml")
    assert (visit.outcome, visit.problem) == (Outcome.FAILED, "answered with a web page where a feed should be")
    assert room.state("html.xml").failures == 1


def test_a_compressed_news_sitemap_brings_its_articles(run: CrawlRun) -> None:
    assert visit_of(run, "news.xml.gz").articles_new == 1


def test_a_list_page_brings_the_articles_that_it_links(run: CrawlRun) -> None:
    assert visit_of(run, "list.html").articles_new == 2


def test_a_page_is_its_own_article(run: CrawlRun, room: Room) -> None:
    assert visit_of(run, "alone.html").articles_new == 1
    assert "只此一页" in {found.title for found in room.articles()}


def test_pages_that_are_no_articles_are_problems_of_their_own_and_the_rest_is_stored(run: CrawlRun, room: Room) -> None:
    visit = visit_of(run, "bad.xml")
    problems = {problem.url.rpartition("/")[2]: problem.problem for problem in visit.page_problems}
    assert (visit.outcome, visit.articles_new) == (Outcome.OK, 1)
    assert problems == {
        "empty.html": "no article text found on the page",
        "picture": "not a web page but image/png",
        "missing.html": "HTTP 404 Not Found",
    }
    assert room.state("bad.xml").pages_waiting == 3


def test_a_link_into_the_local_network_is_not_followed(run: CrawlRun) -> None:
    visit = visit_of(run, "private.xml")
    assert visit.articles_new == 1
    assert [problem.problem for problem in visit.page_problems] == ["leads to the private address 10.0.0.1"]


@pytest.mark.parametrize(
    ("name", "problem", "failures"),
    [
        ("500.xml", "HTTP 500 Internal Server Error", 0.5),
        ("gone.xml", "HTTP 404 Not Found", 1),
        ("loop.xml", "redirects without end", 0.5),
        ("huge.xml", "larger than [crawl] max_size", 0.5),
        ("refused", "the connection was refused", 0.25),
    ],
)
def test_a_source_that_fails_costs_only_itself_and_says_why(
    run: CrawlRun, room: Room, name: str, problem: str, failures: float
) -> None:
    visit, state = visit_of(run, name), room.state(name)
    assert (visit.outcome, visit.problem) == (Outcome.FAILED, problem)
    assert (state.failures, state.health) == (failures, Health.FAILING)
    assert state.next_due_at is not None
    assert state.next_due_at > NOW + timedelta(hours=1)


def test_what_robots_txt_forbids_is_never_asked_for(run: CrawlRun, site: Site) -> None:
    visit = visit_of(run, "secret.xml")
    assert (visit.outcome, visit.problem) == (Outcome.REFUSED, "robots.txt forbids it")
    assert "/secret.xml" not in site.paths()


def test_robots_txt_is_asked_for_once(run: CrawlRun, site: Site) -> None:
    assert len(run.visits) == 14
    assert [asked.path for asked in site.asked].count("/robots.txt") == 1


def test_no_two_requests_to_one_site_overlap(run: CrawlRun, site: Site) -> None:
    assert run.visits
    done = sorted(site.asked, key=lambda asked: asked.began)
    assert all(later.began >= earlier.ended for earlier, later in pairwise(done))


def test_the_user_agent_is_honest(run: CrawlRun, site: Site) -> None:
    assert run.visits
    assert {asked.headers["User-Agent"].split()[0] for asked in site.asked} == {"kaibi"}
