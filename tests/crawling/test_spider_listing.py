"""Which links of a list page are its articles, and which leads to the next page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from scrapy.http import Response

from tests.crawling.spider_answers import made

SHARED = Path(__file__).parents[2].parent / "shared"
BASE = "https://news.example.com"
NAV = (
    '<nav><a href="/">首页</a><a href="/ai/">人工智能频道新闻资讯中心</a></nav><div class="menu"><a href="/ch/1001/">机器人</a>'
    '<a href="/ch/1002/">新能源汽车产业链</a></div>'
)
FOOT = (
    '<div class="footer"><a href="/about/20260101.html">关于我们以及本站的联系方式和版权声明</a>'
    '<a href="https://beian.example.gov.cn/100001">备案号:某某某第100001号某某某某</a></div>'
)


def _rows(*addresses: str) -> str:
    return "".join(
        f'<li><a href="{href}"><img src="x.jpg"></a><h3><a href="{href}">大模型的权重该不该公开之{n}</a></h3>'
        f'<a href="{href}">阅读全文</a><span>2026-11-{n:02}</span></li>'
        for n, href in enumerate(addresses, 1)
    )


@pytest.mark.parametrize(
    "addresses",
    [
        ["/ai/2026-11/ART-201700-8500-30632353.html", "/ai/2026-11/ART-201700-8500-30632354.html"],
        ["/p/1001234567", "/p/1001234568"],
        ["/2026/1120/c1004-40001.html", "/2026/1121/c1004-40002.html"],
        ["/detail?id=90210", "/detail?id=90211"],
        ["/news/open-weights-win-again/", "/news/why-closed-models-pay-off/"],
        ["/a/7.html", "/a/8.html", "/a/9.html"],
    ],
)
def test_articles_are_told_from_navigation_by_the_shape_of_their_addresses(addresses: list[str]) -> None:
    found = made("listing", f"<html><body>{NAV}<ul>{_rows(*addresses)}</ul>{FOOT}</body></html>")
    assert list(found.links) == [BASE + address for address in addresses]
    first = found.links[BASE + addresses[0]]
    assert (first.title, first.published) == ("大模型的权重该不该公开之1", "2026-11-01")


def test_the_real_ofweek_list_gives_its_article_alone() -> None:
    path = SHARED / "real" / "ofweek" / "ai" / "index.html"
    if not path.is_file():
        pytest.skip(f"no real page at {path}")
    found = made("listing", path.read_bytes(), url="https://www.ofweek.com/ai/index.html")
    assert list(found.links) == ["https://www.ofweek.com/ai/2024-04/ART-201700-8500-30632353.html"]
    assert found.next_pages == ["https://www.ofweek.com/CAT-201700-ai-2.html"]


@pytest.mark.parametrize("body", ['{"items": []}', "17", "[]", '"开源"'])
def test_json_is_a_list_without_articles(body: str) -> None:
    (problem,) = made("listing", body, content_type="application/json").problems
    assert problem.problem == "no links to articles found on the page"


def test_english_lists_are_read_too() -> None:
    rows = "".join(
        f'<article><h2><a href="/2026/11/{slug}">{slug.replace("-", " ").title()}</a></h2><time datetime="2026-11-20T08:00:00Z">today</time></article>'
        for slug in ("labs-split-over-open-weights", "regulators-look-at-closed-models")
    )
    found = made(
        "listing",
        f"<body>{NAV}{rows}<a href='/tag/open-source-ai-models-2026'>Open source AI models tag page</a></body>",
    )
    assert list(found.links) == [
        f"{BASE}/2026/11/labs-split-over-open-weights",
        f"{BASE}/2026/11/regulators-look-at-closed-models",
    ]
    assert {hints.published for hints in found.links.values()} == {"2026-11-20T08:00:00Z"}


def test_a_selector_decides_alone() -> None:
    body = f"<body>{NAV}<div class='main'><p><a href='x'>甲</a></p><a href='/y'>乙</a><a>nowhere</a></div>{_rows('/p/1001234567')}</body>"
    assert list(made("listing", body, link="div.main a").links) == [f"{BASE}/x", f"{BASE}/y"]
    assert list(made("listing", body, link="div.main p").links) == [f"{BASE}/x"]


def test_the_whole_title_is_taken_where_the_text_is_cut() -> None:
    body = '<body><h3><a href="/p/1001234567" title="大模型的权重到底该不该公开">大模型的权重到底...</a></h3></body>'
    assert made("listing", body).links[f"{BASE}/p/1001234567"].title == "大模型的权重到底该不该公开"


@pytest.mark.parametrize(
    "anchor",
    [
        '<a href="/list_2.html">下一页</a>',
        '<a href="/list_2.html">下一页 &gt;</a>',
        '<a href="/list_2.html" title="下一页"><i></i></a>',
        '<a href="/list_2.html">Next »</a>',
        '<a href="/list_2.html">Older posts</a>',
        '<a rel="next" href="/list_2.html">2</a>',
        '<link rel="next" href="/list_2.html">',
    ],
)
def test_the_next_page_is_found_by_its_name_or_mark(anchor: str) -> None:
    assert made("listing", f"<body>{_rows('/p/1001234567')}{anchor}</body>").next_pages == [f"{BASE}/list_2.html"]


def test_a_next_page_by_selector_decides_alone() -> None:
    body = f"<body>{_rows('/p/1001234567')}<a href='/wrong'>下一页</a><div class='more'><a href='/right'>更多</a></div></body>"
    assert made("listing", body, next="div.more").next_pages == [f"{BASE}/right"]
    assert made("listing", body, next="div.none").next_pages == []


def test_a_dead_next_link_is_none() -> None:
    for href in ("javascript:;", "#", "/source"):
        assert made("listing", f"<body>{_rows('/p/1001234567')}<a href='{href}'>下一页</a></body>").next_pages == []


@pytest.mark.parametrize(
    ("of_source", "problem", "lasting"),
    [
        ({}, "no links to articles found on the page", False),
        ({"link": "h9 > a"}, "nothing on the page matches link = 'h9 > a'", False),
        ({"link": "a["}, "a selector of this source cannot be read: Expected ident or '*', got <EOF at 2>", True),
    ],
)
def test_a_list_without_articles_says_why(of_source: dict[str, Any], problem: str, *, lasting: bool) -> None:
    (found,) = made("listing", f"<body>{NAV}{FOOT}</body>", **of_source).problems
    assert (found.problem, found.lasting) == (problem, lasting)


def test_an_answer_that_is_no_text_is_no_list() -> None:
    (found,) = made("listing", b"\x89PNG", response=Response).problems
    assert found.problem == "answered with something that is no web page"


def test_odd_links_break_nothing() -> None:
    body = "<body><a href='http://[bad'>坏的链接坏的链接坏的</a><a href=''>空</a><a href='mailto:x@y'>信</a>" + _rows(
        "/p/1001234567"
    )
    assert list(made("listing", body).links) == [f"{BASE}/p/1001234567"]


def test_a_list_in_gbk_gives_its_titles() -> None:
    body = f"<head><meta charset=gbk></head><body>{_rows('/p/1001234567')}</body>".encode("gbk")
    assert made("listing", body).links[f"{BASE}/p/1001234567"].title == "大模型的权重该不该公开之1"


def test_a_page_source_hands_on_its_page() -> None:
    (page,) = made("page", "<html>x</html>", content_type="text/html").pages
    assert (page.url, page.asked_url, page.body, page.content_type) == (
        f"{BASE}/source",
        f"{BASE}/source",
        b"<html>x</html>",
        "text/html",
    )
