"""Addresses tidied, keyed and assigned to their site."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.pages.addresses import clean_url, site_of, url_key

HOSTILE = [
    "", "http://", "javascript:alert(1)", "ftp://example.com/a", "/a/b", "http://a:99999/", "http://a:0/", "http://[::1",
    "http://a\nb/", "http://a\x00b/", "http://\ud800/", "http://..", "http://a.com:x/", "http://a%00b/", "http://a.com\\@b.com/",
    "http://" + "é" * 300 + ".com/", "http://example.com/" + "a" * 9000,
]  # fmt: skip


@pytest.mark.parametrize(
    ("given_url", "cleaned"),
    [
        ("HTTP://Example.COM:80/a?utm_source=x&id=2&SPM=1#top", "http://example.com/a?id=2"),
        ("https://example.com", "https://example.com/"),
        ("https://u:p@example.com:8443/a", "https://example.com:8443/a"),
        ("https://example.com/a b?q=开源", "https://example.com/a%20b?q=%E5%BC%80%E6%BA%90"),
        ("https://example.com/a%2Fb?c=%E5%BC%80&x=100%", "https://example.com/a%2Fb?c=%E5%BC%80&x=100%25"),
        ("https://example.com/?b=2&a=1&from=timeline&fbclid=9&gclid=1&share_token=t", "https://example.com/?b=2&a=1"),
        (
            "https://mp.weixin.qq.com/s?__biz=MzA&mid=12&idx=1&sn=ab&chksm=9&scene=27#rd",
            "https://mp.weixin.qq.com/s?__biz=MzA&mid=12&idx=1&sn=ab",
        ),
        ("https://mp.weixin.qq.com/s/AbC-d_E?from=groupmessage", "https://mp.weixin.qq.com/s/AbC-d_E"),
        ("http://例子.中国/新闻", "http://xn--fsqu00a.xn--fiqs8s/%E6%96%B0%E9%97%BB"),
        ("http://[0:0::1]:8000/a", "http://[::1]:8000/a"),
    ],
)
def test_an_address_is_cleaned_of_what_names_no_page(given_url: str, cleaned: str) -> None:
    assert clean_url(given_url) == cleaned
    assert clean_url(cleaned) == cleaned


def test_wechat_articles_of_one_account_stay_apart() -> None:
    first = "https://mp.weixin.qq.com/s?__biz=MzA&mid=1&idx=1&sn=aa"
    assert url_key(first) != url_key("https://mp.weixin.qq.com/s?__biz=MzA&mid=2&idx=1&sn=aa")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://www.example.com/a/", "https://example.com/a"),
        ("https://m.example.com/news/1", "https://www.example.com/news/1"),
        ("https://example.com/a?x=1&y=2", "https://example.com/a?y=2&x=1&utm_medium=rss"),
        ("https://example.com/%E5%BC%80", "https://example.com/开"),
        ("https://example.com", "http://www.example.com/"),
    ],
)
def test_two_addresses_of_one_article_share_a_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a?id=1", "https://example.com/a?id=2"),
        ("https://m.example.com/", "https://example.com/"),
        ("https://blog.example.com/a", "https://example.com/a"),
        ("http://127.0.0.1:8001/a", "http://127.0.0.1:8002/a"),
        ("https://www.com/a", "https://com/a"),
    ],
)
def test_addresses_of_different_articles_have_different_keys(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://ai.ofweek.com/news/1", "ofweek.com"),
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("http://127.0.0.1:8001/x", "127.0.0.1:8001"),
        ("http://localhost:8000/", "localhost:8000"),
        ("https://localhost/", "localhost:443"),
        ("http://[::1]/", "[::1]:80"),
        ("http://新闻.中国/", "xn--efvy88h.xn--fiqs8s"),
    ],
)
def test_a_site_is_the_registrable_domain_or_host_and_port(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_address_is_a_value_error(url: str) -> None:
    for ask in (clean_url, url_key, site_of):
        with pytest.raises(ValueError):
            ask(url)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60).map("http://".__add__) | st.from_regex(r"https?://[a-zA-Z0-9.:\[\]@%\-]{1,30}(/\S{0,20})?"))
def test_any_text_is_an_address_or_a_value_error(url: str) -> None:
    try:
        cleaned = clean_url(url)
    except ValueError:
        return
    assert clean_url(cleaned) == cleaned
    assert url_key(cleaned) == url_key(url)
    assert site_of(url)
