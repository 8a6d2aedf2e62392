"""What stands on the sites of the crawl's tests: articles, feeds and lists as an outlet would serve them."""

from __future__ import annotations

PARAGRAPH = "第{n}段:这篇测试文章谈的是模型的权重该不该公开,编者把两边的说法都记了下来,供读者比较。后面还有几句话,好让正文够长,能被认出是正文而不是导航。"


def article(title: str, *, mark: str = "") -> str:
    """Return an article's page; every paragraph ends in ``mark``."""
    paragraphs = "".join(f"<p>{PARAGRAPH.format(n=n)}{mark}</p>" for n in range(1, 5))
    return (
        f'<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta property="article:published_time" content="2026-11-20T08:00:00+08:00"></head>'
        f"<body><nav><a href='/'>首页</a></nav><article><h1>{title}</h1>{paragraphs}</article></body></html>"
    )


def rss(*entries: tuple[str, str], encoding: str = "utf-8") -> bytes:
    """Return an RSS feed of (title, address), in that encoding."""
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><pubDate>Fri, 20 Nov 2026 08:00:00 +0800</pubDate></item>"
        for title, link in entries
    )
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>t</title>{items}</channel></rss>'
    return text.encode(encoding)


def listing(*entries: tuple[str, str], after: str = "") -> str:
    """Return a list page of (title, address)."""
    rows = "".join(f'<li><h3><a href="{link}">{title}</a></h3><span>2026-11-20</span></li>' for title, link in entries)
    return f"<html><body><ul>{rows}</ul>{after}</body></html>"
