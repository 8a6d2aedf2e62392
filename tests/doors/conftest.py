"""A small real web site, a config on it, and ways to run the command."""

from __future__ import annotations

import io
import logging
import socket
import sys
import threading
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from aiosmtpd.controller import Controller

from pipeline.config.load import load
from pipeline.doors.cli import main
from pipeline.model import PageText
from pipeline.settings import Source, SourceKind
from pipeline.steps.analyse import analyse
from pipeline.store import articles, sources
from pipeline.store.database import open_database
from pipeline.weeks import Week
from tests.doors.doors_site import DEBATE, NOW, Ran, Site, article_text, source_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aiosmtpd.smtp import SMTP, Envelope, Session


@pytest.fixture
def site() -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with served.was_asked:
                served.asked.append(self.path)
                served.was_asked.notify_all()
            if served.slow is not None and self.path.startswith("/a/"):
                served.slow.wait(20)
            kind, body = served.pages.get(self.path, ("text/plain", b"not here"))
            self.send_response(200 if self.path in served.pages else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            with suppress(ConnectionError):  # a crawl that was ended does not wait for its answer
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


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in, with nothing of kaibi in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("KAIBI_CONFIG", "KAIBI_MAIL_PASSWORD", "KAIBI_MAIL_PASSWORD_FILE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


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


@pytest.fixture
def stocked(home: Path) -> Week:
    """A config and a database with three read articles in the last whole week, and who gets the digest."""
    (home / "config.toml").write_text(
        f'{DEBATE}\n[digest]\nevery = "mon 00:00"\nrecipients = ["reader@example.com"]\n[mail]\nsender = "kaibi@example.com"\n'
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


class _Postman:
    """Takes every recipient but nobody@."""

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's hook
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.startswith("nobody@"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        del server, session, envelope
        return "554 no mail was expected"


@pytest.fixture
def mail_port() -> Iterator[int]:
    """Run a real mail server and give its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    controller = Controller(_Postman(), hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()
