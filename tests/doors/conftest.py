"""A small real web site, a config on it, and ways to run the command."""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from pipeline.config.load import load
from pipeline.doors.cli import main
from pipeline.model import PageText
from pipeline.settings import Source, SourceKind
from pipeline.steps.analyse import analyse
from pipeline.store import articles, sources
from pipeline.store.database import open_database
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

NOW = datetime.now(UTC)
THIS_WEEK_AT = NOW.replace(hour=4, minute=0, second=0, microsecond=0)

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


@dataclass
class Site:
    """A web site on this machine: path -> (content type, body); anything else is 404."""

    url: str
    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    slow: threading.Event | None = None
    """When set: answers to articles wait until it is set."""

    def publish(self, *numbers: int, published_at: datetime) -> None:
        """Put articles on the site and into its feed."""
        for number in numbers:
            paragraphs = "".join(f"<p>{line}</p>" for line in article_text(number).splitlines())
            html = (
                f"<!doctype html><html lang=zh><head><meta charset=utf-8><title>第{number}场论坛谈大模型</title>"
                f'<meta property="article:published_time" content="{published_at.isoformat()}"></head>'
                f"<body><article><h1>第{number}场论坛谈大模型</h1>{paragraphs}</article></body></html>"
            )
            self.pages[f"/a/{number}.html"] = ("text/html; charset=utf-8", html.encode())
        paths = sorted(path for path in self.pages if path.startswith("/a/"))
        items = "".join(f"<item><title>文章</title><link>{self.url}{path}</link></item>" for path in paths)
        feed = f'<?xml version="1.0"?><rss version="2.0"><channel><title>小站</title>{items}</channel></rss>'
        self.pages["/feed.xml"] = ("application/rss+xml", feed.encode())


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            served.asked.append(self.path)
            if served.slow is not None and self.path.startswith("/a/"):
                served.slow.wait(20)
            kind, body = served.pages.get(self.path, ("text/plain", b"not here"))
            self.send_response(200 if self.path in served.pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served = Site(url=f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield served
    if served.slow is not None:
        served.slow.set()
    server.shutdown()
    thread.join()
    server.server_close()


def source_table(name: str, url: str, kind: str = "feed", **more: str) -> str:
    """Return a [[source]] table without a pause between requests."""
    rows = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    return f'\n[[source]]\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\ndelay = "0s"\n{rows}'


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with nothing of kaibi in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("KAIBI_CONFIG", "KAIBI_MAIL_PASSWORD", "KAIBI_MAIL_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def kaibi(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Ran]]:
    """Run ``kaibi`` in this process: the same entry, without a process's second."""
    del home
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level

    def run(*arguments: str, given: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        status = main(arguments)
        out, err = capsys.readouterr()
        return Ran(status, out, err)

    yield run
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


COMMAND = (sys.executable, "-m", "pipeline.doors.cli")


def kaibi_process(
    *arguments: str, cwd: Path, given: bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run ``kaibi`` in its own process."""
    ended = subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, input=given, capture_output=True, env=env, timeout=60, check=False
    )
    return subprocess.CompletedProcess(ended.args, ended.returncode, ended.stdout.decode(), ended.stderr.decode())


@pytest.fixture
def stocked(home: Path) -> Week:
    """A config and a database with three read articles in the last whole week, and who gets the digest."""
    (home / "config.toml").write_text(
        f'{DEBATE}\n[digest]\nrecipients = ["reader@example.com"]\n[mail]\nsender = "kaibi@example.com"\n'
        + source_table("小站", "http://127.0.0.1:9/feed.xml"),
        encoding="utf-8",
    )
    configured = load(home / "config.toml")
    settings = configured.settings
    week = Week.of(NOW, settings.debate.zone) - 1
    db = open_database(configured.store_url, now=NOW - timedelta(days=30))
    sources.sync(db, (Source(name="小站", kind=SourceKind.FEED, url="http://127.0.0.1:9/feed.xml"),))
    for number in range(3):
        text = PageText(
            title=f"第{number}场论坛谈大模型",
            text=article_text(number),
            published_at=week.starts_at(settings.debate.zone) + timedelta(days=2, hours=number),
            author=None,
            language="zh",
        )
        url = f"http://127.0.0.1:9/a/{number}.html"
        articles.add(db, "小站", url=url, key=url, text=text, now=NOW - timedelta(days=1))
    analyse(db, settings.debate, again=False, now=NOW)
    db.close()
    return week
