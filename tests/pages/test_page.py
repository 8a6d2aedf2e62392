"""What a page says: made-up pages as cases, one rule a test, and markup that means harm."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.model import FetchedPage, LinkHints, PageText
from pipeline.pages.page import read_html, read_page
from pipeline.settings import Source, SourceKind

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
PROSE = (
    "<p>两家公司都说自己有理，一家要把模型交给大家，一家要把模型留在手里。</p>"
    "<p>城里的人听了半个月，还是不知道该信谁的话，只好各用各的。</p>"
    "<p>到了月底，两边的工程师在茶馆里碰了头，谁也没有说服谁。</p>"
)
URL = "https://news.example.com/2026-11-17/1.html"


@dataclass(frozen=True)
class Case:
    found: PageText
    expected: dict[str, Any]


@pytest.fixture(params=NAMES, scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    html = (CASES / f"{request.param}.html").read_text(encoding="utf-8")
    expected = json.loads((CASES / f"{request.param}.json").read_text(encoding="utf-8"))
    return Case(read(html), expected)


def read(html: str, source: Source | None = None, hints: LinkHints | None = None, url: str | None = None) -> PageText:
    return read_html(html, url, source, hints or LinkHints(), zone=SHANGHAI, now=NOW)


def source_with(**selectors: Any) -> Source:
    return Source(name="s", kind=SourceKind.LISTING, url="https://news.example.com/", **selectors)


def article(head: str = "", top: str = "", body: str = PROSE) -> str:
    return f"<html><head><title>小城里的模型之争</title>{head}</head><body><h1>小城里的模型之争</h1>{top}<div>{body}</div></body></html>"


def test_the_title_of_each_case_is_read(case: Case) -> None:
    assert case.found.title == case.expected["title"]


def test_the_date_of_each_case_is_read_with_its_zone(case: Case) -> None:
    assert case.found.published_at is not None
    assert case.found.published_at.isoformat() == case.expected["published_at"]


def test_the_author_of_each_case_is_read(case: Case) -> None:
    assert case.found.author == case.expected["author"]


def test_the_language_of_each_case_is_told(case: Case) -> None:
    assert case.found.language == case.expected["language"]


def test_the_text_of_each_case_begins_and_ends_where_the_article_does(case: Case) -> None:
    assert case.found.text is not None
    assert case.found.text.startswith(case.expected["starts"])
    assert case.found.text.endswith(case.expected["ends"])


def test_the_text_of_each_case_holds_no_furniture(case: Case) -> None:
    assert case.found.text is not None
    assert [word for word in case.expected["absent"] if word in case.found.text] == []


def test_each_thing_found_says_where(case: Case) -> None:
    assert set(case.found.found_in) == {"title", "text", "published_at", "author"}


def test_a_shell_that_scripts_fill_has_no_text() -> None:
    found = read((CASES / "shell.html").read_text(encoding="utf-8"))
    assert (found.text, found.published_at, found.author) == (None, None, None)


@pytest.mark.parametrize("html", ["", " ", "\0", "<!-- -->", "<html></html>", "<frameset><frame src=a></frameset>"])
def test_a_page_of_nothing_says_nothing(html: str) -> None:
    found = read(html)
    assert (found.title, found.text, found.published_at, found.author) == (None, None, None, None)


def test_a_shell_that_carries_its_article_for_machines_has_that_text() -> None:
    body = "两家公司都说自己有理，一家要把模型交给大家，一家要把模型留在手里。\\n城里的人听了半个月，还是不知道该信谁的话，只好各用各的。"
    script = f'<script type="application/ld+json">{{"@type":"NewsArticle","articleBody":"{body}"}}</script>'
    found = read(f"<title>小城里的模型之争</title>{script}<div id=app></div>")
    assert found.text is not None
    assert found.text.split("\n")[1].startswith("城里的人")
    assert found.found_in["text"] == "json-ld"


def test_a_shell_whose_script_holds_the_article_has_that_text() -> None:
    markup = (PROSE + PROSE.replace("城", "县") + PROSE.replace("两", "三")).replace("<", r"\u003c").replace("/", r"\/")
    state = json.dumps({"articleDetail": {"title": "x", "content": "@"}}).replace("@", markup)
    found = read(f"<title>小城里的模型之争</title><div id=app></div><script>window.state={state}</script>")
    assert found.text is not None
    assert found.text.startswith("两家公司都说自己有理，一家要把模型交给大家，一家要把模型留在手里。\n")
    assert (found.found_in["text"], found.language) == ("script", "zh")
    broken = read("<div id=app></div><script>x={'content':\"<p>" + "\\u00zz" * 200 + '"}</script>')
    assert broken.text is None


def test_a_selector_may_name_a_meta_tag() -> None:
    html = article(
        head='<meta property="og:title" content="另一个题目"><meta name=d content="2026-11-12T07:08:00+08:00">'
    )
    found = read(html, source_with(title="meta[property='og:title']", date="meta[name=d]"))
    assert found.title == "另一个题目"
    assert found.published_at == datetime(2026, 11, 12, 7, 8, tzinfo=SHANGHAI)


def test_a_feed_tells_the_time_that_a_selected_day_lacks() -> None:
    html = article(top="<i class=d>2026-11-12</i>")
    for published, hour in (("2026-11-12T09:30:00+08:00", 9), ("2026-11-13T09:30:00+08:00", 0)):
        found = read(html, source_with(date=".d"), LinkHints(published=published))
        assert found.published_at is not None
        assert (found.published_at.day, found.published_at.hour) == (12, hour)


def test_comments_and_what_follows_the_end_are_no_part_of_the_text() -> None:
    talk = "<p>楼上说得对，我也这么想，这两家公司没有一家是为了我们好，走着瞧吧。</p>" * 2
    for heading in ("最新评论", "36条评论", "— THE END —", "（完）"):
        found = read(
            article(body=f"{PROSE}{PROSE.replace('城', '县')}{PROSE.replace('两', '三')}<p>{heading}</p>{talk}")
        )
        assert found.text is not None
        assert "楼上" not in found.text


def test_a_page_too_large_for_the_dear_readers_is_still_read() -> None:
    lines = "".join(
        f"<p>第{number}天，两家公司又吵了一回，还是各说各的，谁也不肯让步。</p>" for number in range(13_000)
    )
    english = "".join(
        f"<p>On day {number} the two firms met again, and it was the same as ever.</p>" for number in range(13_000)
    )
    assert (read(article(body=lines)).text or "").startswith("第0天")
    assert (read(english).text or "").startswith("On day 0")


def test_the_sources_selectors_come_first() -> None:
    html = article(
        head='<meta property="article:published_time" content="2026-11-01T00:00:00Z">',
        top="<b class=t>另一个题目</b><i class=d>2026-11-12 07:08</i><i class=a>作者：温如</i>",
        body=f"{PROSE}<div id=x><p>选中的第一段。</p><p>选中的第二段。</p><p class=ad>买一送一</p></div>",
    )
    found = read(html, source_with(title=".t", body="#x, #x p", date=".d", author=".a", drop=(".ad",)))
    assert found.title == "另一个题目"
    assert found.text == "选中的第一段。\n选中的第二段。"
    assert found.published_at == datetime(2026, 11, 12, 7, 8, tzinfo=SHANGHAI)
    assert found.author == "温如"
    assert found.found_in["text"] == "selector #x, #x p"


def test_a_selector_that_finds_nothing_gives_way_and_is_noted() -> None:
    found = read(article(top="<p>2026-11-12 07:08</p>"), source_with(title=".t", body="#x", date=".d", author=".a"))
    assert found.title == "小城里的模型之争"
    assert found.text is not None
    assert found.found_in["title"] == "h1, selector .t found nothing"
    assert found.found_in["text"] == "generic, selector #x found nothing"
    assert found.found_in["published_at"] == "text, selector .d found nothing"
    assert found.found_in["author"] == "selector .a found nothing"


def test_a_selector_may_ask_for_an_attribute() -> None:
    html = article(top='<time class=d datetime="2026-11-12T07:08:00+09:00"></time>')
    for selector in (".d::attr(datetime)", ".d"):
        found = read(html, source_with(date=selector))
        assert found.published_at is not None
        assert found.published_at.isoformat() == "2026-11-12T07:08:00+09:00"


def test_a_selector_that_is_none_is_passed_over() -> None:
    assert read(article(), source_with(title="h1[", body="p:nth-child(x)")).title == "小城里的模型之争"


@pytest.mark.parametrize(
    ("head", "top", "published", "url", "iso", "where"),
    [
        ('<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"2026-11-10T08:00:00+08:00",}</script>', "", None, None,
         "2026-11-10T08:00:00+08:00", "json-ld"),
        ('<meta name="pubdate" content="2026-11-10 08:00">', "", None, None, "2026-11-10T08:00:00+08:00", "meta pubdate"),
        ("", '<span itemprop="datePublished" content="2026-11-10T08:00:00+08:00">x</span>', None, None, "2026-11-10T08:00:00+08:00", "microdata"),
        ("", "<p>发布：2026年11月10日 08:00</p>", None, None, "2026-11-10T08:00:00+08:00", "text"),
        ('<meta name="pubdate" content="2026-11-10">', "<p>2026年11月10日 08:00</p>", None, None, "2026-11-10T08:00:00+08:00", "meta pubdate and text"),
        ('<meta name="pubdate" content="2026-11-10">', "", "Tue, 10 Nov 2026 08:00:00 +0800", None, "2026-11-10T08:00:00+08:00", "hint"),
        ('<meta name="pubdate" content="2026-11-10">', "", "2026-11-12", None, "2026-11-10T00:00:00+08:00", "meta pubdate"),
        ("", "", "2026-11-10 08:00", URL, "2026-11-10T08:00:00+08:00", "hint"),
        ("", "<p>2026-11-09 08:00</p>", "Tue, 10 Nov 2026 00:00:00 GMT", URL, "2026-11-10T00:00:00+00:00", "hint"),
        ("", "<p>2026-11-10 08:00</p>", "Tue, 10 Nov 2026 08:00:00 GMT", URL, "2026-11-10T08:00:00+08:00", "hint"),
        ("", "<p>2026-11-10 08:00</p>", "2026-11-10", URL, "2026-11-10T08:00:00+08:00", "text"),
        ('<meta name="pubdate" content="2026-11-10T00:00:00+08:00">', "<p>2026-11-10 08:00</p>", None, None, "2026-11-10T08:00:00+08:00",
         "meta pubdate and text"),
        ('<meta name="pubdate" content="2026-11-10T00:00:00Z">', "<p>2026-11-10 08:00</p>", None, None, "2026-11-10T08:00:00+08:00",
         "meta pubdate and text"),
        ('<meta name="pubdate" content="2026-11-10 09:30">', "<p>2026-11-10 08:00</p>", None, None, "2026-11-10T08:00:00+08:00", "meta pubdate"),
        ("", "", None, URL, "2026-11-17T00:00:00+08:00", "url"),
        ("", "<p>昨天 08:00</p>", None, None, "2026-11-22T08:00:00+08:00", "text"),
        ("<script>var d={publishTime:'2026-11-10 08:00:00'}</script>", "<p>3小时前</p>", None, None, "2026-11-10T08:00:00+08:00", "script"),
        ('<meta name="pubdate" content="2026-11-10T08:00:00Z">', "<p>2026-11-10 08:00</p>", None, None, "2026-11-10T08:00:00+08:00", "meta pubdate"),
        ('<meta property="article:modified_time" content="2026-11-10T08:00:00+08:00">', "", None, URL, "2026-11-10T08:00:00+08:00",
         "meta article:modified_time"),
    ],
)  # fmt: skip
def test_the_date_comes_from_the_best_place_that_has_one(
    head: str, top: str, published: str | None, url: str | None, iso: str, where: str
) -> None:
    found = read(article(head=head, top=top), hints=LinkHints(published=published), url=url)
    assert found.published_at is not None
    assert (found.published_at.isoformat(), found.found_in["published_at"]) == (iso, where)


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>两种路线 谁走得远_财经频道_海风网</title>", "两种路线 谁走得远"),
        ("<title>两种路线，谁走得远-海风网</title>", "两种路线，谁走得远"),
        ("<title>Two roads, one lake | The Quay Post</title>", "Two roads, one lake"),
        ("<title>GPT-5 vs. the rest: a long-run test</title>", "GPT-5 vs. the rest: a long-run test"),
        ("<title>海风网</title><meta property=og:title content='两种路线 谁走得远'>", "两种路线 谁走得远"),
        ("<title>The lake</title><h1>Two roads around one lake</h1>", "Two roads around one lake"),
        ("<title>两种路线 谁走得远 - 海风网</title><h1>海风网</h1><h1>两种路线 谁走得远</h1>", "两种路线 谁走得远"),
        ("<h1>只有标题的一页</h1>", "只有标题的一页"),
        ("<p>没有标题</p>", None),
    ],
)
def test_the_title_is_the_heading_or_the_tag_less_the_site(html: str, title: str | None) -> None:
    assert read(html).title == title


def test_a_hint_names_a_page_that_does_not_name_itself() -> None:
    found = read(PROSE, hints=LinkHints(title="来自列表的题目", author="宋知微"))
    assert (found.title, found.author) == ("来自列表的题目", "宋知微")


@pytest.mark.parametrize(
    ("top", "last", "author"),
    [
        ("<p>本报记者 2026-11-10</p>", "", None),
        ("<p>来源：海风网</p>", "", None),
        ("<p>记者：林小路 陈大川</p>", "", "林小路 陈大川"),
        ("<p>文/林小路</p>", "", "林小路"),
        ("<p>林小路/海风日报</p>", "", "林小路"),
        ("<p>撰文｜林小路</p>", "", "林小路"),
        ("", "<p>事情还没有完。（林小路）</p>", "林小路"),
        ("", "<p>事情还没有完，编辑：林小路</p>", None),
        ('<a rel="author" href="/u">林小路</a>', "", "林小路"),
    ],
)
def test_the_author_is_who_a_byline_names(top: str, last: str, author: str | None) -> None:
    assert read(article(top=top, body=PROSE + last)).author == author


def test_bidi_and_zero_width_characters_do_not_reach_the_text() -> None:
    found = read(article(body=PROSE.replace("公司", "公\u200b司\u202e\u2066\ufeff")))
    assert found.text is not None
    assert found.text.startswith("两家公司都说")


def test_a_quote_that_only_begins_like_furniture_stays() -> None:
    line = "责任编辑这个岗位正在消失，几家报社都这样告诉我们，原因是人手不够，钱也不够。"
    found = read(article(body=f"{PROSE}<p>{line}</p>"))
    assert found.text is not None
    assert found.text.endswith(line)


def test_a_fetched_page_is_decoded_and_read() -> None:
    html = (CASES / "zh_portal.html").read_text(encoding="utf-8").replace("utf-8", "gb2312")
    page = FetchedPage(source="s", url=URL, asked_url=URL, body=html.encode("gb18030"), content_type="text/html")
    assert read_page(page, None, zone=SHANGHAI, now=NOW).title == "青湖实验室公开新模型权重 同行反应不一"


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 100_000 + PROSE,
        "<p><span>" * 20_000 + PROSE,
        "<font>" * 400 + PROSE,
        "<table><tr><td>" * 2_000 + PROSE,
        "<a>" * 20_000 + PROSE,
        PROSE * 8_000,
        '<script type="application/ld+json">' + "[" * 50_000 + "</script>" + PROSE,
        '<script type="application/ld+json">{"@type":"Article","author":{"name":{"name":[1]}},"headline":[null,{}]}</script>'
        + PROSE,
        "<title>" + "题" * 100_000 + "</title>" + PROSE,
        "<meta content=x name>" * 1_000 + PROSE,
        "<p>" + "2026年" * 30_000 + "</p>",
        "<p>" + "编辑" * 30_000 + "</p>",
    ],
)
def test_hostile_markup_does_no_harm(html: str) -> None:
    read(html)


def test_a_body_in_unclosed_tags_is_still_found() -> None:
    found = read("<html><body>" + "<font>" * 300 + PROSE)
    assert found.text is not None
    assert "谁也没有说服谁" in found.text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(NAMES), st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=6)), max_size=12))
def test_mutated_pages_never_raise(name: str, edits: list[tuple[float, bytes]]) -> None:
    body = (CASES / f"{name}.html").read_bytes()
    for place, inserted in edits:
        at = int(place * len(body))
        body = body[:at] + inserted + body[at + len(inserted) * 3 :]
    page = FetchedPage(source="s", url=URL, asked_url=URL, body=body, content_type="")
    found = read_page(page, None, zone=SHANGHAI, now=NOW)
    assert found.text is None or found.text == found.text.strip()
