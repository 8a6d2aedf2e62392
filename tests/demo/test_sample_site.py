"""The sample site is what it says: pages that a crawler can read, dates in their weeks, honest labels."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

import feedparser
import pytest
from lxml import etree, html

from examples.demo.sample_pages import LIST_LENGTH
from examples.demo.sample_site import RECIPIENTS, SampleSite, config_text, debate_tables
from examples.demo.sample_texts import ZONE, last_full_week, outlets
from pipeline.settings import Settings
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from examples.demo.sample_texts import SampleArticle

TODAY = date(2026, 11, 23)
ARTICLES = [article for outlet in outlets(TODAY) for article in outlet.articles]
CHARSETS = {"zhichao": "gb2312", "yunduan": "big5"}
BODIES = {
    "zhichao": "#articleC",
    "xinxin": "div.content",
    "jimu": "div.post-body",
    "yunduan": "section.story-text",
    "model_weekly": "div.entry-content",
    "inference_post": "div.story",
}
VOICES = {"作者", "author"}


@pytest.fixture(scope="module")
def site() -> Iterator[SampleSite]:
    with SampleSite(today=TODAY) as running:
        yield running


def fetch(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.netloc, timeout=10)
    try:
        connection.request(
            "GET",
            parts.path + (f"?{parts.query}" if parts.query else ""),
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def source(site: SampleSite, name: str) -> dict[str, str]:
    return next(row for row in site.sources if row["name"] == name)


def addresses(site: SampleSite, outlet: str) -> set[str]:
    return {site.url_of(article) for article in site.articles if article.outlet == outlet}


def without_query(url: str) -> str:
    return url.split("?", maxsplit=1)[0]


def test_there_are_enough_articles_over_ten_weeks() -> None:
    by_week: dict[Week, int] = {}
    for article in ARTICLES:
        by_week[article.week] = by_week.get(article.week, 0) + 1
    counts = [by_week[week] for week in sorted(by_week)]
    assert len(ARTICLES) >= 70
    assert len(counts) == 10
    assert all(5 <= count <= 7 for count in counts[:-2])
    assert all(14 <= count <= 16 for count in counts[-2:])


def test_about_a_quarter_is_english() -> None:
    english = sum(article.outlet in {"model_weekly", "inference_post"} for article in ARTICLES)
    assert 0.2 <= english / len(ARTICLES) <= 0.3


@pytest.mark.parametrize(
    ("today", "newest"),
    [
        (date(2026, 11, 23), Week(2026, 47)),
        (date(2026, 11, 22), Week(2026, 46)),
        (date(2027, 1, 5), Week(2026, 53)),
    ],
)
def test_the_newest_week_is_the_last_one_that_is_over(today: date, newest: Week) -> None:
    assert last_full_week(today) == newest
    assert max(a.week for outlet in outlets(today) for a in outlet.articles) == newest


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: f"{a.outlet}-{a.number}")
def test_an_article_is_dated_in_its_week_and_labelled_by_its_text(article: SampleArticle) -> None:
    assert Week.of(article.published_at, ZONE) == article.week
    assert article.stance in {"open", "closed", "mixed", "neutral", "off_topic"}
    for expected in article.expected:
        assert expected.speaker in VOICES or expected.speaker in article.text
        assert expected.stance in {"open", "closed", "mixed", "neutral"}
    speakers = [expected.speaker for expected in article.expected]
    assert len(speakers) == len(set(speakers))
    assert "{" not in article.text


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: f"{a.outlet}-{a.number}")
def test_an_article_has_the_length_of_a_news_item(article: SampleArticle) -> None:
    if article.outlet in {"model_weekly", "inference_post"}:
        assert 120 <= len(article.text.split()) <= 250
    else:
        assert 150 <= len(re.sub(r"\s", "", article.text)) <= 500


@pytest.mark.parametrize("article", ARTICLES, ids=lambda a: f"{a.outlet}-{a.number}")
def test_an_articles_page_decodes_and_holds_its_text(site: SampleSite, article: SampleArticle) -> None:
    status, headers, body = fetch(site.url_of(article))
    text = body.decode(CHARSETS.get(article.outlet, "utf-8"))
    page = html.fromstring(re.sub(r"^<\?xml.*?\?>", "", text))
    paragraphs = [p.text_content() for p in page.cssselect(f"{BODIES[article.outlet]} > p")]
    assert status == 200
    assert headers["content-type"].startswith("text/html")
    assert paragraphs == list(article.paragraphs)
    assert page.cssselect("h1, h2.post-title")[0].text_content() == article.title


def test_labels_of_silent_articles_are_silent() -> None:
    for article in ARTICLES:
        if article.stance == "off_topic":
            assert not article.expected
        if article.stance == "neutral":
            assert all(not expected.stance.takes_side for expected in article.expected)


def test_the_near_misses_are_there() -> None:
    misses = [article.title + article.text for article in ARTICLES if article.stance == "off_topic"]
    for trap in ("开源证券", "开源节流", "闭门", "開源資料庫", "closed-source", "开源办公套件"):
        assert any(trap in text for text in misses)


def test_a_story_is_carried_by_four_outlets_and_half_of_each_copy_is_the_same() -> None:
    copies = [article for article in ARTICLES if article.story == "开放模型联盟"]
    assert {copy.outlet for copy in copies} == {"zhichao", "xinxin", "jimu", "yunduan"}
    first = next(copy for copy in copies if copy.outlet == "zhichao")
    for copy in copies:
        if copy.outlet in {"xinxin", "jimu"}:
            assert copy.published_at > first.published_at
            assert copy.text != first.text
            assert len(set(copy.paragraphs) & set(first.paragraphs)) >= 2


def test_the_chief_of_lanshi_argues_closed_for_weeks_and_open_in_the_last() -> None:
    by_week: dict[Week, set[str]] = {}
    for article in ARTICLES:
        for expected in article.expected:
            if expected.speaker in {"沈望川", "Shen Wangchuan"}:
                by_week.setdefault(article.week, set()).add(expected.stance)
    *before, last = [by_week[week] for week in sorted(by_week)]
    assert len(before) >= 5
    assert all(stances == {"closed"} for stances in before)
    assert last == {"open"}


def test_the_last_week_brings_new_voices() -> None:
    newest = max(article.week for article in ARTICLES)
    earlier = {e.speaker for a in ARTICLES if a.week != newest for e in a.expected}
    now = {e.speaker for a in ARTICLES if a.week == newest for e in a.expected}
    assert {"裴映雪", "高世安", "Naomi Adler"} <= now - earlier


def test_the_list_leads_to_every_article_through_its_next_link(site: SampleSite) -> None:
    row = source(site, "智潮网")
    url, found = row["url"], []
    while url:
        _, headers, body = fetch(url)
        assert headers["content-type"] == "text/html"
        assert b"charset=gb2312" in body
        page = html.fromstring(body.decode("gb2312"))
        links = page.cssselect(row["link"])
        assert len(links) <= LIST_LENGTH
        found += [urljoin(url, link.get("href")) for link in links]
        onward = page.cssselect(row["next"])
        url = urljoin(url, onward[0].get("href")) if onward else ""
    assert set(found) == addresses(site, "zhichao")
    assert len(found) == len(set(found)) > LIST_LENGTH


def test_the_lists_selectors_find_the_articles_date_and_author(site: SampleSite) -> None:
    row = source(site, "智潮网")
    article = next(a for a in site.articles if a.outlet == "zhichao")
    page = html.fromstring(fetch(site.url_of(article))[2].decode("gb2312"))
    written = page.cssselect(row["date"])[0].text_content()
    assert datetime.strptime(written, "%Y年%m月%d日 %H:%M").replace(tzinfo=ZONE) == article.published_at
    assert article.author in page.cssselect(row["author"])[0].text_content()
    assert page.cssselect(row["title"])[0].text_content() == article.title


@pytest.mark.parametrize(
    ("name", "outlet"), [("新芯日报", "xinxin"), ("极目科技", "jimu"), ("The Inference Post", "inference_post")]
)
def test_a_feed_names_every_article_with_its_date(site: SampleSite, name: str, outlet: str) -> None:
    feed = feedparser.parse(fetch(source(site, name)["url"])[2])
    assert not feed.bozo
    assert {without_query(entry.link) for entry in feed.entries} == addresses(site, outlet)
    dates = {site.url_of(a): a.published_at for a in site.articles if a.outlet == outlet}
    for entry in feed.entries:
        written = entry.published
        parsed = datetime.fromisoformat(written) if outlet == "jimu" else parsedate_to_datetime(written)
        assert parsed == dates[without_query(entry.link)]
        assert entry.summary


def test_some_feed_links_carry_tracking_parameters_and_still_answer(site: SampleSite) -> None:
    feed = feedparser.parse(fetch(source(site, "新芯日报")["url"])[2])
    assert all("utm_source=" in entry.link for entry in feed.entries)
    assert fetch(feed.entries[0].link)[0] == 200


def test_the_json_feed_names_every_article_with_its_date(site: SampleSite) -> None:
    _, headers, body = fetch(source(site, "Model Weekly")["url"])
    feed: dict[str, Any] = json.loads(body)
    dates = {site.url_of(a): a.published_at for a in site.articles if a.outlet == "model_weekly"}
    assert headers["content-type"] == "application/feed+json"
    found = {without_query(item["url"]): datetime.fromisoformat(item["date_published"]) for item in feed["items"]}
    assert found == dates


def test_the_news_sitemap_names_every_article_with_its_zone(site: SampleSite) -> None:
    tree = etree.fromstring(fetch(source(site, "雲端觀察")["url"])[2])
    names = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "n": "http://www.google.com/schemas/sitemap-news/0.9",
    }
    assert set(tree.xpath("//s:loc/text()", namespaces=names)) == addresses(site, "yunduan")
    assert all(text.endswith("+08:00") for text in tree.xpath("//n:publication_date/text()", namespaces=names))


def test_a_conditional_request_is_answered_with_304(site: SampleSite) -> None:
    url = source(site, "The Inference Post")["url"]
    _, headers, _ = fetch(url)
    by_etag = fetch(url, If_None_Match=headers["etag"])
    by_date = fetch(url, If_Modified_Since=headers["last-modified"])
    assert (by_etag[0], by_etag[2]) == (304, b"")
    assert (by_date[0], by_date[2]) == (304, b"")
    assert fetch(url, If_None_Match='"another"')[0] == 200


def test_links_on_a_page_to_other_articles_answer(site: SampleSite) -> None:
    for outlet in site.outlets:
        url = site.url_of(outlet.articles[0])
        page = html.fromstring(fetch(url)[2])
        others = {urljoin(url, href) for href in page.xpath("//li/a/@href")} & addresses(site, outlet.key)
        assert others
        assert all(fetch(other)[0] == 200 for other in others)


def test_every_outlet_has_robots_txt_and_an_unknown_page_is_404(site: SampleSite) -> None:
    for row in site.sources:
        assert fetch(urljoin(row["url"], "/robots.txt"))[2].startswith(b"User-agent: *")
        assert fetch(urljoin(row["url"], "/no-such-page"))[0] == 404


def test_the_request_log_keeps_the_paths_with_their_queries() -> None:
    with SampleSite(today=TODAY) as fresh:
        fetch(source(fresh, "极目科技")["url"] + "?page=1")
        assert fresh.requests["jimu"] == ["/feed/atom.xml?page=1"]
        assert fresh.requests["xinxin"] == []


def test_a_closed_site_answers_no_more() -> None:
    with SampleSite(today=TODAY) as fresh:
        url = fresh.sources[0]["url"]
    with pytest.raises(ConnectionRefusedError):
        fetch(url)


def test_the_config_is_one_that_kaibi_accepts(site: SampleSite, tmp_path: Path) -> None:
    text = config_text(site, folder=tmp_path, smtp_port=2525)
    settings = Settings.model_validate(tomllib.loads(text))
    assert [row.name for row in settings.source] == [row["name"] for row in site.sources]
    assert {side.id for side in settings.debate.sides} == {"open", "closed"}
    assert tuple(recipient.address for recipient in settings.digest.recipients) == RECIPIENTS
    assert settings.digest.min_votes == 8
    assert (settings.mail.host, settings.mail.port) == ("127.0.0.1", 2525)
    assert str(tmp_path) in settings.store.url
    assert {actor.name for actor in settings.debate.actor} >= {"沈望川"}


def test_the_debate_is_cut_out_of_a_whole_config() -> None:
    config = """[crawl]
delay = "1s"
# the debate
[debate]
title = "A or B?"  # the title
[debate.sides.a]
label = "A"
terms = [
    "a",
]
[debate.sides.b] # the second
label = "B"
terms = ["b"]

# Mail.
[mail]
host = "x"
"""
    tables = debate_tables(config)
    assert tomllib.loads(tables) == {"debate": tomllib.loads(config)["debate"]}
    assert "Mail" not in tables


def test_a_debate_that_cannot_be_cut_out_is_refused() -> None:
    with pytest.raises(ValueError, match="header on a line of its own"):
        debate_tables('debate.title = "A or B?"\n')
