"""What the sitemap spider makes of sitemaps and their indexes."""

from __future__ import annotations

import gzip

import pytest

from spiders import sitemap
from tests.crawling.spider_answers import made

URLSET = (
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>https://news.example.com/</loc><lastmod>2026-11-22</lastmod></url>"
    "<url><loc> https://news.example.com/a/1 </loc><lastmod>2026-11-01</lastmod></url>"
    "<url><loc>https://news.example.com/a/2?x=1&amp;y=2</loc><lastmod>2026-11-21</lastmod></url>"
    "<url><loc>https://news.example.com/logo.png</loc></url><url><lastmod>2026-11-21</lastmod></url></urlset>"
)


def test_a_plain_sitemap_gives_its_pages_newest_first_and_claims_no_dates_for_them() -> None:
    links = made("sitemap", URLSET).links
    assert list(links) == ["https://news.example.com/a/2?x=1&y=2", "https://news.example.com/a/1"]
    assert {hints.published for hints in links.values()} == {None}


def test_a_news_sitemap_gives_titles_and_dates_under_any_prefix() -> None:
    body = (
        '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://news.example.com/n/1</loc>'
        "<n:news><n:publication><n:name>x</n:name></n:publication><n:publication_date>2026-11-20T08:00+08:00</n:publication_date>"
        "<n:title><![CDATA[开源 & 闭源]]></n:title></n:news></url></urlset>"
    )
    hints = made("sitemap", body).links["https://news.example.com/n/1"]
    assert (hints.title, hints.published) == ("开源 & 闭源", "2026-11-20T08:00+08:00")


def test_an_index_gives_its_sitemaps_newest_first() -> None:
    body = (
        "<sitemapindex><sitemap><loc>https://news.example.com/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>"
        "<sitemap><loc>/new.xml.gz</loc><lastmod>2026-11-22</lastmod></sitemap></sitemapindex>"
    )
    found = made("sitemap", body)
    assert found.parts == ["https://news.example.com/new.xml.gz", "https://news.example.com/old.xml"]
    assert found.links == {}


def test_a_compressed_sitemap_is_unpacked() -> None:
    assert len(made("sitemap", gzip.compress(URLSET.encode())).links) == 2


def test_a_bomb_of_zeros_is_not_unpacked_beyond_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "LARGEST", 1_000_000)
    (problem,) = made("sitemap", gzip.compress(bytes(20_000_000))).problems
    assert problem.problem == "the compressed sitemap is broken or too large"


def test_a_list_of_addresses_is_a_sitemap() -> None:
    found = made("sitemap", "https://news.example.com/a/1\nhttps://news.example.com/a/2\n\n")
    assert list(found.links) == ["https://news.example.com/a/1", "https://news.example.com/a/2"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"<!doctype html><html></html>", "answered with a web page where a sitemap should be"),
        (b"<rss></rss>", "answered with something that is no sitemap"),
        (b"", "answered with something that is no sitemap"),
        (b"\x1f\x8b\x08broken", "the compressed sitemap is broken or too large"),
    ],
)
def test_what_is_no_sitemap_is_said_to_be_none(body: bytes, problem: str) -> None:
    assert [one.problem for one in made("sitemap", body).problems] == [problem]


def test_a_bomb_of_entities_does_nothing() -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = f'<!DOCTYPE urlset [<!ENTITY e0 "x">{entities}]><urlset><url><loc>https://news.example.com/&e11;</loc></url></urlset>'
    assert all(len(url) < 200 for url in made("sitemap", body).links)
