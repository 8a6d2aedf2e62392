"""What the feed spider makes of feeds, whole and broken."""

from __future__ import annotations

from time import process_time

import pytest

from pipeline.model import LinkHints
from tests.crawling.spider_answers import made

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
<item><title>权重&amp;许可证 &lt;b&gt;之争&lt;/b&gt;</title><link>/a/1.html</link><dc:creator>某记者</dc:creator>
<pubDate>2026-11-20 08:00:00</pubDate><description><![CDATA[<p>一段<i>摘要</i>。</p>]]></description></item>
<item><title>second</title><guid isPermaLink="true">https://news.example.com/a/2.html</guid></item>
<item><title>no address</title></item><item><title>mail</title><link>mailto:a@example.com</link></item>
</channel></rss>"""


def test_rss_gives_addresses_in_order_with_what_it_says_of_each() -> None:
    found = made("feed", RSS)
    assert list(found.links) == ["https://news.example.com/a/1.html", "https://news.example.com/a/2.html"]
    assert found.links["https://news.example.com/a/1.html"] == LinkHints(
        title="权重&许可证 之争", author="某记者", published="2026-11-20 08:00:00", summary="一段摘要。"
    )
    assert found.problems == []


def test_atom_and_rdf_are_feeds_too() -> None:
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://other.example.com/"><entry><title>t</title>'
        '<link rel="alternate" href="x/1"/><updated>2026-11-20T08:00:00Z</updated><author><name>A</name></author></entry></feed>'
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<item><title>t</title><link>https://news.example.com/r/1</link></item></rdf:RDF>"
    )
    hints = made("feed", atom).links["https://other.example.com/x/1"]
    assert (hints.author, hints.published) == ("A", "2026-11-20T08:00:00Z")
    assert list(made("feed", rdf).links) == ["https://news.example.com/r/1"]


def test_a_json_feed_gives_the_same() -> None:
    body = (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"url": "/j/1", "title": "题", '
        '"date_published": "2026-11-20", "authors": [{"name": "甲"}, {"name": "乙"}]}, '
        '{"id": "https://news.example.com/j/2", "author": {"name": "丙"}}, {"title": "nowhere"}, 7]}'
    )
    links = made("feed", body, content_type="application/json").links
    assert links["https://news.example.com/j/1"] == LinkHints(title="题", author="甲, 乙", published="2026-11-20")
    assert links["https://news.example.com/j/2"].author == "丙"
    assert len(links) == 2


@pytest.mark.parametrize("declared", ["gbk", "gb2312", "utf-8", ""])
@pytest.mark.parametrize("header", ["text/xml", "text/xml; charset=gb2312", "application/rss+xml; charset=utf-8"])
def test_a_feed_in_gbk_is_read_whatever_it_says_of_itself(declared: str, header: str) -> None:
    body = RSS.replace("utf-8", declared).encode("gbk")
    assert "权重&许可证 之争" in {hints.title for hints in made("feed", body, content_type=header).links.values()}


def test_marks_of_byte_order_are_believed() -> None:
    for encoding in ("utf-8-sig", "utf-16"):
        assert len(made("feed", RSS.encode(encoding)).links) == 2


def test_entries_of_a_broken_feed_are_still_used() -> None:
    cut = RSS[: RSS.index("<item><title>no address")] + "<item><title>broken & <unclosed"
    found = made("feed", cut)
    assert "https://news.example.com/a/1.html" in found.links
    assert found.problems == []


@pytest.mark.parametrize(
    ("body", "problem", "lasting"),
    [
        ("<!DOCTYPE html><html><body>we moved</body></html>", "answered with a web page where a feed should be", True),
        (
            "<html><body><code>&lt;rss&gt; <rss></code></body></html>",
            "answered with a web page where a feed should be",
            True,
        ),
        ("", "answered with something that is no feed", False),
        ("Service temporarily down", "answered with something that is no feed", False),
        ('{"error": "no"}', "answered with JSON that is no feed", True),
        ('{"version": ', "the JSON feed is broken", False),
        ("[" * 100_000, "answered with something that is no feed", False),
    ],
)
def test_what_is_no_feed_is_said_to_be_none(body: str, problem: str, *, lasting: bool) -> None:
    found = made("feed", body)
    assert [(one.problem, one.lasting) for one in found.problems] == [(problem, lasting)]
    assert found.links == {}


def test_an_empty_feed_is_no_problem() -> None:
    assert made("feed", "<rss version='2.0'><channel><title>t</title></channel></rss>").problems == []


def test_bombs_of_entities_and_files_from_outside_do_nothing() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY e0 "ha"><!ENTITY f SYSTEM "file:///etc/hostname">{entities}]>'
        "<rss version='2.0'><channel><item><title>&e11;&f;</title><link>https://news.example.com/b</link></item></channel></rss>"
    )
    began = process_time()
    hints = made("feed", bomb).links["https://news.example.com/b"]
    assert process_time() - began < 2
    assert len(hints.title or "") < 100
