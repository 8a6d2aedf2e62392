"""The sample site's pages: how each outlet lays out its articles and announces them.

Six outlets, six habits that a crawler meets: a GB2312 list with pagination, RSS with summaries,
Atom, a news sitemap over Big5 pages, JSON Feed, RSS that answers conditional requests. Pure: from
articles and the outlet's own address to bytes. Keeps to itself the layouts and addresses.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from examples.demo.sample_texts import Outlet, SampleArticle

LIST_LENGTH: Final = 10
"""Articles on one list page of the first outlet."""
FRONTS: Final = {
    "zhichao": "/ai/",
    "xinxin": "/rss.xml",
    "jimu": "/feed/atom.xml",
    "yunduan": "/sitemap-news.xml",
    "model_weekly": "/feed.json",
    "inference_post": "/rss",
}
"""Where each outlet announces its articles: the address a config names."""
_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /user/\n"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One answer of the server."""

    body: bytes
    content_type: str
    etag: str | None = None
    """None: the outlet gives no validators."""
    modified: str | None = None
    """Last-Modified, as HTTP writes it; None as above."""


def path_of(article: SampleArticle) -> str:
    """Return the article's address on its site, from the slash on."""
    at, number = article.published_at, article.number
    match article.outlet:
        case "zhichao":
            return f"/ai/{at:%Y-%m}/ART-201700-8500-{30680000 + 137 * number}.html"
        case "xinxin":
            return f"/{at:%Y/%m/%d}/{51200 + number}.html"
        case "jimu":
            return f"/p/{880100 + 7 * number}"
        case "yunduan":
            return f"/news/{at:%Y%m%d}/{number + 1:03d}/"
        case "model_weekly":
            return f"/{at:%Y/%m}/{_slug(article.title)}"
        case _:
            return f"/posts/{_slug(article.title)}"


def pages_of(outlet: Outlet, base: str) -> dict[str, Page]:
    """Return every page of the outlet by path; ``base`` is its address without the last slash."""
    layout, charset, content_type = _LAYOUTS[outlet.key]
    pages = {
        path_of(article): Page(body=layout(article, outlet, base).encode(charset), content_type=content_type)
        for article in outlet.articles
    }
    return pages | _front(outlet, base) | {"/robots.txt": Page(body=_ROBOTS.encode(), content_type="text/plain")}


def _front(outlet: Outlet, base: str) -> dict[str, Page]:
    path = FRONTS[outlet.key]
    match outlet.key:
        case "zhichao":
            return _list_pages(outlet)
        case "xinxin":
            return {path: _xml(_rss(outlet, base, "?utm_source=rss&utm_medium=feed"), "application/rss+xml")}
        case "jimu":
            return {path: _xml(_atom(outlet, base), "application/atom+xml; charset=utf-8")}
        case "yunduan":
            return {path: _xml(_sitemap(outlet, base), "application/xml")}
        case "model_weekly":
            body = json.dumps(_json_feed(outlet, base), ensure_ascii=False, indent=1).encode()
            return {path: Page(body=body, content_type="application/feed+json")}
        case _:
            page = _xml(_rss(outlet, base, ""), "text/xml; charset=utf-8")
            modified = outlet.articles[0].published_at.astimezone(UTC)
            return {
                path: Page(
                    body=page.body,
                    content_type=page.content_type,
                    etag=f'"{hashlib.sha256(page.body).hexdigest()[:16]}"',
                    modified=format_datetime(modified, usegmt=True),
                )
            }


def _xml(text: str, content_type: str) -> Page:
    return Page(body=f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), content_type=content_type)


# --- how articles are announced ---------------------------------------------------------------


def _list_pages(outlet: Outlet) -> dict[str, Page]:
    count = -(-len(outlet.articles) // LIST_LENGTH)
    paths = [FRONTS[outlet.key], *(f"/ai/CAT-201700-ai-{page}.html" for page in range(2, count + 1))]
    pages = {}
    for index, path in enumerate(paths):
        shown = outlet.articles[index * LIST_LENGTH : (index + 1) * LIST_LENGTH]
        rows = "\n".join(
            f'<li><div class="con-details"><h3><a href="{path_of(a)}">{escape(a.title)}</a></h3>'
            f'<p>{escape(_summary(a))}</p><span class="date">{a.published_at:%Y-%m-%d}</span></div></li>'
            for a in shown
        )
        onward = f'<a class="next" href="{paths[index + 1]}">下一页</a>' if index + 1 < count else "<span>下一页</span>"
        body = f"""{_HEAD.format(title="人工智能频道_智潮网", extra="")}
<div class="list-left"><ul>
{rows}
</ul><div class="page"><span class="current">{index + 1}</span> {onward}</div></div>
<div class="list-right"><h3>热门专题</h3><ul><li><a href="/topic/chips.html">端侧芯片</a></li></ul></div>
{_FOOT}"""
        pages[path] = Page(body=body.encode("gbk"), content_type="text/html")
    return pages


def _rss(outlet: Outlet, base: str, tracking: str) -> str:
    items = "\n".join(
        f"<item><title>{escape(a.title)}</title><link>{escape(base + path_of(a) + tracking)}</link>"
        f'<guid isPermaLink="false">{outlet.key}-{a.number}</guid><author>{escape(a.author)}</author>'
        f"<pubDate>{format_datetime(a.published_at)}</pubDate>"
        f"<description>{escape(_summary(a))}</description></item>"
        for a in outlet.articles
    )
    return (
        f'<rss version="2.0"><channel><title>{escape(outlet.name)}</title><link>{base}/</link>'
        f"<description>{escape(outlet.name)}</description><language>{outlet.language}</language>\n{items}\n</channel></rss>"
    )


def _atom(outlet: Outlet, base: str) -> str:
    entries = "\n".join(
        f"<entry><title>{escape(a.title)}</title><id>{base}{path_of(a)}</id>"
        f'<link rel="alternate" href="{base}{path_of(a)}?utm_source=atom"/>'
        f"<author><name>{escape(a.author)}</name></author>"
        f"<published>{a.published_at.isoformat()}</published><updated>{a.published_at.isoformat()}</updated>"
        f"<summary>{escape(_summary(a))}</summary></entry>"
        for a in outlet.articles
    )
    updated = outlet.articles[0].published_at.isoformat()
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-CN"><title>{escape(outlet.name)}</title>'
        f"<id>{base}/</id><updated>{updated}</updated>\n{entries}\n</feed>"
    )


def _sitemap(outlet: Outlet, base: str) -> str:
    urls = "\n".join(
        f"<url><loc>{base}{path_of(a)}</loc><news:news><news:publication><news:name>{escape(outlet.name)}</news:name>"
        f"<news:language>zh-tw</news:language></news:publication>"
        f"<news:publication_date>{a.published_at.isoformat()}</news:publication_date>"
        f"<news:title>{escape(a.title)}</news:title></news:news></url>"
        for a in outlet.articles
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{urls}\n</urlset>'
    )


def _json_feed(outlet: Outlet, base: str) -> dict[str, object]:
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/",
        "feed_url": base + FRONTS[outlet.key],
        "language": "en",
        "items": [
            {
                "id": f"{base}{path_of(a)}",
                "url": f"{base}{path_of(a)}?utm_source=jsonfeed&utm_campaign=weekly",
                "title": a.title,
                "summary": _summary(a),
                "date_published": a.published_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
                "authors": [{"name": a.author}],
            }
            for a in outlet.articles
        ],
    }


# --- how articles are laid out ----------------------------------------------------------------

_HEAD = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312" /><title>{title}</title>{extra}
<script type="text/javascript">var channel = "ai"; var t0 = new Date();</script></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/ai/">人工智能</a></li><li><a href="/chips/">芯片</a></li>
<li><a href="/robot/">机器人</a></li><li><a href="/energy/">新能源</a></li></ul>
<form action="/search"><input name="q" placeholder="请输入关键词"/></form></div><div class="wrap">"""
_FOOT = """<div class="footer"><p>关于我们 | 广告服务 | 联系方式 | 诚聘英才</p><p>未经授权不得转载 智潮网版权所有</p></div>
</div></body></html>"""


def _zhichao(article: SampleArticle, outlet: Outlet, base: str) -> str:
    title, at = escape(article.title), article.published_at
    head = _HEAD.format(title=f"{title} - 智潮网", extra=f'<link rel="canonical" href="{base}{path_of(article)}" />')
    return f"""{head}
<div class="artical"><div class="crumbs">当前位置：<a href="/">智潮网</a> &gt; <a href="/ai/">人工智能</a> &gt; 正文</div>
<h1>{title}</h1>
<div class="artical-info"><div class="time fl">{at:%Y}年{at:%m}月{at:%d}日 {at:%H:%M}</div>
<div class="source-name">来源：智潮网</div><div class="comment"><a href="#comment">0评论</a></div></div>
<div class="artical-content" id="articleC">
{_paragraphs(article)}
</div>
<p class="origin">原文标题：{title}</p><p class="editor">责任编辑：<span>{escape(article.author)}</span></p>
<div class="act"><h3>最新活动更多</h3><ul><li>立即报名&gt;&gt; 【在线会议】边缘计算与智能制造专场</li><li>立即下载&gt;&gt; 机器视觉白皮书</li></ul></div>
<div class="related"><h3>推荐阅读</h3><ul>{_others(article, outlet, "")}</ul></div>
<div class="comment-box" id="comment"><h3>发表评论</h3><textarea placeholder="请输入评论内容"></textarea><p>暂无评论</p></div>
</div>{_FOOT}"""


def _xinxin(article: SampleArticle, outlet: Outlet, base: str) -> str:
    title, at = escape(article.title), article.published_at
    linked = json.dumps(
        {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": article.title,
            "datePublished": at.isoformat(),
            "author": {"@type": "Person", "name": article.author},
        },
        ensure_ascii=False,
    )
    return f"""<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}_新芯日报</title>
<meta property="og:title" content="{title}"><link rel="canonical" href="{base}{path_of(article)}">
<script type="application/ld+json">{linked}</script></head><body>
<header><a class="logo" href="/">新芯日报</a><nav><a href="/tech">科技</a><a href="/finance">财经</a><a href="/auto">汽车</a></nav></header>
<main><article><h1>{title}</h1>
<p class="meta">记者 {escape(article.author)} <time datetime="{at.isoformat()}">{at:%Y-%m-%d %H:%M}</time></p>
<div class="content">
{_paragraphs(article)}
</div><p class="share">分享到：微信 微博 复制链接</p></article>
<aside><h4>相关新闻</h4><ul>{_others(article, outlet, base)}</ul></aside></main>
<footer>新芯日报社 版权所有 | 举报电话 | 客户端下载</footer></body></html>"""


def _jimu(article: SampleArticle, outlet: Outlet, base: str) -> str:
    title, at = escape(article.title), article.published_at
    return f"""<!DOCTYPE html><html lang="zh"><head><meta charset="utf-8"><title>{title} | 极目科技</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="article:published_time" content="{at.isoformat()}"><meta name="author" content="{escape(article.author)}"></head><body>
<div id="top"><a href="/">极目科技</a> <a href="/app">下载客户端</a> <a href="/user/login">登录</a></div>
<div class="post"><h2 class="post-title">{title}</h2>
<div class="post-info"><span class="by">{escape(article.author)}</span> · <span class="when">{at:%Y-%m-%d %H:%M}</span> · <span>阅读 {at.minute * 97 + 203}</span></div>
<div class="post-body">
{_paragraphs(article)}
</div><div class="tags"><a href="/tag/llm">大模型</a> <a href="/tag/industry">产业</a></div>
<div class="like">点赞 收藏 打赏作者</div></div>
<div class="side"><p>热门文章</p><ul>{_others(article, outlet, base)}</ul></div>
<div id="bottom">极目科技 | 用户协议 | 隐私政策</div></body></html>"""


def _yunduan(article: SampleArticle, outlet: Outlet, base: str) -> str:
    title, at = escape(article.title), article.published_at
    return f"""<!DOCTYPE html><html lang="zh-Hant"><head><meta charset="big5"><title>{title} - 雲端觀察</title></head><body>
<div class="topbar"><a href="/">首頁</a><a href="/cloud">雲端</a><a href="/security">資安</a><a href="/subscribe">訂閱電子報</a></div>
<div class="story"><h1 class="story-title">{title}</h1>
<div class="story-meta">文／{escape(article.author)} | {at:%Y/%m/%d %H:%M}</div>
<section class="story-text">
{_paragraphs(article)}
</section>
<div class="ad">廣告</div><div class="more"><h3>延伸閱讀</h3><ul>{_others(article, outlet, base)}</ul></div></div>
<div class="foot">雲端觀察 著作權所有 | 關於我們 | 投稿</div></body></html>"""


def _model_weekly(article: SampleArticle, outlet: Outlet, base: str) -> str:
    title, at = escape(article.title), article.published_at
    linked = json.dumps(
        {
            "@context": "https://schema.org",
            "@graph": [
                {"@type": "WebSite", "name": "Model Weekly"},
                {"@type": "NewsArticle", "headline": article.title, "datePublished": at.astimezone(UTC).isoformat()},
            ],
        },
        ensure_ascii=False,
    )
    return f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} — Model Weekly</title>
<meta name="author" content="{escape(article.author)}"><script type="application/ld+json">{linked}</script></head><body>
<nav><a href="/">Model Weekly</a> <a href="/about">About</a> <a href="/subscribe">Subscribe</a></nav>
<article class="entry"><h1>{title}</h1><p class="byline">By {escape(article.author)}</p>
<div class="entry-content">
{_paragraphs(article)}
</div></article>
<section class="related"><h2>Read next</h2><ul>{_others(article, outlet, base)}</ul></section>
<footer>Model Weekly. All rights reserved. We use cookies to remember your choices.</footer></body></html>"""


def _inference_post(article: SampleArticle, outlet: Outlet, base: str) -> str:
    title, at = escape(article.title), article.published_at.astimezone(UTC)
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>{title} | The Inference Post</title>
<meta property="og:site_name" content="The Inference Post"></head><body>
<div class="masthead"><a href="/">The Inference Post</a><form action="/search"><input name="q"></form></div>
<div class="story"><h1>{title}</h1>
<div class="dateline"><span class="author">{escape(article.author)}</span>
<time datetime="{at.isoformat()}">{at:%B} {at.day}, {at.year}</time></div>
{_paragraphs(article)}
<div class="newsletter"><p>Get the Post in your inbox every morning.</p><input type="email"></div></div>
<div class="sidebar"><h3>Most read</h3><ol>{_others(article, outlet, base)}</ol></div>
<footer><a href="/corrections">Corrections</a> <a href="/contact">Contact</a></footer></body></html>"""


_LAYOUTS: Final[dict[str, tuple[Callable[[SampleArticle, Outlet, str], str], str, str]]] = {
    "zhichao": (_zhichao, "gbk", "text/html"),
    "xinxin": (_xinxin, "utf-8", "text/html; charset=utf-8"),
    "jimu": (_jimu, "utf-8", "text/html; charset=utf-8"),
    "yunduan": (_yunduan, "big5", "text/html; charset=big5"),
    "model_weekly": (_model_weekly, "utf-8", "text/html; charset=utf-8"),
    "inference_post": (_inference_post, "utf-8", "text/html"),
}


def _paragraphs(article: SampleArticle) -> str:
    return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in article.paragraphs)


def _others(article: SampleArticle, outlet: Outlet, base: str) -> str:
    """Return links to the three articles next to this one, as list items."""
    position = outlet.articles.index(article)
    neighbours = [a for a in outlet.articles[max(0, position - 2) : position + 3] if a is not article][:3]
    return "".join(f'<li><a href="{base}{path_of(a)}">{escape(a.title)}</a></li>' for a in neighbours)


def _summary(article: SampleArticle) -> str:
    length = 60 if article.outlet in {"zhichao", "xinxin", "jimu", "yunduan"} else 140
    return article.text.replace("\n", " ")[:length].rstrip() + "..."


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")
