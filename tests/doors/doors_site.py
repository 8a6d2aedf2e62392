"""What the doors' tests share: what a small outlet publishes, its config, and the command in its own process."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.servers import Site

NOW = datetime.now(UTC)

DEBATE = """\
[debate]
title = "开源还是闭源?"
language = "zh"
timezone = "Asia/Shanghai"
[debate.sides.open]
label = "开源"
terms = ["开源"]
[debate.sides.closed]
label = "闭源"
terms = ["闭源"]
[debate.topic]
any = ["大模型"]
"""
OPINIONS = (
    ("林一舟", "青禾科技", "开源大模型一定会赢得开发者，闭源路线走不远。"),
    ("赵明澈", "远山智能", "闭源大模型在商业上更有优势，开源难以持续。"),
    ("陈知夏", "云岭实验室", "我们坚决支持开源大模型，开源才是正确的方向。"),
)


def article_text(number: int) -> str:
    """Return an article's text with one opinion in it, different for each number."""
    name, org, words = OPINIONS[number % len(OPINIONS)]
    return (
        f"{org}创始人{name}在第{number}场大模型论坛上谈到了路线之争，到场的听众有几百人。\n"
        f"{name}表示：“{words}”这番话引起了与会者的讨论，主持人随后请其他嘉宾发言。\n"
        f"论坛由行业协会主办，第{number}次举行，会期两天，议题还包括算力、数据和人才，组委会说明年会继续办下去。"
    )


def publish(site: Site, *numbers: int, published_at: datetime) -> None:
    """Put articles on a site and into its feed."""
    for number in numbers:
        paragraphs = "".join(f"<p>{line}</p>" for line in article_text(number).splitlines())
        html = (
            f"<!doctype html><html lang=zh><head><meta charset=utf-8><title>第{number}场论坛谈大模型</title>"
            f'<meta property="article:published_time" content="{published_at.isoformat()}"></head>'
            f"<body><article><h1>第{number}场论坛谈大模型</h1>{paragraphs}</article></body></html>"
        )
        site.put(f"/a/{number}.html", html)
    paths = sorted(path for path in site.answers if path.startswith("/a/"))
    items = "".join(f"<item><title>文章</title><link>{site.url}{path}</link></item>" for path in paths)
    feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>小站</title>{items}</channel></rss>'
    site.put("/feed.xml", feed, "application/rss+xml")


def source_table(name: str, url: str, kind: str = "feed", **more: str) -> str:
    """Return a [[source]] table without a pause between requests."""
    rows = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'\n[[source]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\ndelay = "0s"\n{rows}'


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


COMMAND = (sys.executable, "-m", "pipeline.doors.cli")


def kaibi_process(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run ``kaibi`` in its own process."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env=env,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
