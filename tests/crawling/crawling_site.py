"""A web site on a free port for the crawl's tests, which remembers every request and how they overlapped."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the site answers at one path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    held: threading.Event | None = None
    """The answer waits for this."""
    breaks: bool = False
    """The connection is closed instead of an answer."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it came, with the monotonic times of its coming and of its answer."""

    path: str
    headers: dict[str, str]
    began: float
    ended: float


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients are killed in these tests."""


class Site:
    """Answers from a table; a path that is not in it is a 404. Use as a context."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = {}
        self.asked: list[Asked] = []
        self.under_way = threading.Semaphore(0)
        """Released whenever a request has come in."""
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def paths(self) -> list[str]:
        """Return what was asked for, robots.txt left out, in order."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body=raw, headers={"Content-Type": kind, **named})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for answer in self.answers.values():
            if isinstance(answer, Answer) and answer.held is not None:
                answer.held.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, path: str, headers: dict[str, str]) -> Answer:
        answer = self.answers.get(path, Answer(status=404, body=b"nothing here"))
        return answer if isinstance(answer, Answer) else answer(headers)

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's own self is inside
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 20  # one write an answer: two would wait for each other (Nagle, delayed ACK)

            def do_GET(self) -> None:
                began = monotonic()
                headers = dict(self.headers.items())
                site.under_way.release()
                answer = site._answer(self.path, headers)
                if answer.held is not None:
                    answer.held.wait(20)
                with site._lock:
                    site.asked.append(Asked(path=self.path, headers=headers, began=began, ended=monotonic()))
                if answer.breaks:
                    self.close_connection = True
                    return
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer.body)))
                    self.end_headers()
                    self.wfile.write(answer.body)
                    self.wfile.flush()
                except OSError:
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                del format, args

        return Handler


PARAGRAPHS = {
    "zh": "第{n}段:这篇测试文章谈的是模型的权重该不该公开,编者把两边的说法都记了下来,供读者比较。后面还有几句话,好让正文够长,能被认出是正文而不是导航。",
    "en": "Paragraph {n}: this test article is about whether weights should be published, and it records what either camp says, so that readers may compare. A few more words follow, to be long enough to be told from navigation.",
}


def article(title: str, *, language: str = "zh", published: str = "2026-11-20T08:00:00+08:00", mark: str = "") -> str:
    """Return an article's page."""
    paragraphs = "".join(f"<p>{PARAGRAPHS[language].format(n=n)}{mark}</p>" for n in range(1, 5))
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="article:published_time" content="{published}"></head>'
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
