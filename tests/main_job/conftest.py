"""A site, a mail server and the real command: what the main job runs between."""

from __future__ import annotations

import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

OFWEEK = Path(__file__).parents[2].parent / "shared" / "real" / "ofweek"
WEEK = "2024-W17"
RECIPIENTS = ("first@example.com", "second@example.com")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Site:
    """The saved OFweek pages over HTTP; ``on_request`` is called with each path before it is answered."""

    folder: Path
    paths: list[str] = field(default_factory=list)
    on_request: Callable[[str], None] | None = None
    port: int = 0


@dataclass
class MailServer:
    """Keeps what it accepts; ``on_recipient`` and ``on_data`` are called at those moments."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    on_recipient: Callable[[], None] | None = None
    on_data: Callable[[], None] | None = None

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's hook
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.on_recipient is not None:
            self.on_recipient()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's hook
        del server, session
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if self.on_data is not None:
            self.on_data()
        return "250 kept"

    @property
    def recipients(self) -> list[str]:
        return sorted(mail["To"].addresses[0].addr_spec for mail in self.mails)


@dataclass
class Kaibi:
    """The real command in its own process, in a folder with its config."""

    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pipeline.doors.cli", *arguments]
        return subprocess.Popen(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def __call__(self, *arguments: str, status: int = 0) -> str:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=120)
        assert process.returncode == status, (
            f"kaibi {' '.join(arguments)} ended with {process.returncode}:\n{out}\n{err}"
        )
        return out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    if not OFWEEK.is_dir():
        pytest.skip("the saved OFweek pages (../shared/real/ofweek) are not on this machine")
    folder = tmp_path / "site"
    shutil.copytree(OFWEEK, folder)
    site = Site(folder)

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            site.paths.append(self.path)
            if site.on_request is not None:
                site.on_request(self.path)
            super().do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    yield server
    controller.stop()


@pytest.fixture
def kaibi(tmp_path: Path, site: Site, mail_server: MailServer) -> Kaibi:
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "config.toml").write_text(
        f"""
        [debate]
        [debate.sides.open]
        label = "开源"
        terms = ["开源", "开放源代码", "开放权重"]
        not_terms = ["开源节流", "开源证券"]
        [debate.sides.closed]
        label = "闭源"
        terms = ["闭源", "封闭模型"]
        [debate.topic]
        any = ["大模型", "AI", "人工智能"]
        [[source]]
        name = "OFweek"
        kind = "listing"
        url = "http://127.0.0.1:{site.port}/ai/index.html"
        delay = "0s"
        [digest]
        recipients = {list(RECIPIENTS)}
        [mail]
        transport = "smtp"
        host = "127.0.0.1"
        port = {mail_server.port}
        security = "none"
        """,
        encoding="utf-8",
    )
    return Kaibi(folder)


def kill(process: subprocess.Popen[str]) -> None:
    os.kill(process.pid, signal.SIGKILL)
