"""The servers that tests run against: a web site and a mail server on free ports of 127.0.0.1.

Both answer as a test tells them and remember what they were asked. Keeps to itself threads, sockets and the
libraries' handlers; what is on a site belongs to the tests that put it there.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from email.message import EmailMessage

_LONGEST_HOLD_SECONDS = 20


def free_port() -> int:
    """Return a port of 127.0.0.1 at which nobody answers."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port: int = bound.getsockname()[1]
        return port


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
    """One request that was answered, with the monotonic times of its coming and of its answer."""

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
        """By path; a function is called with the request's headers the moment it has come."""
        self.asked: list[Asked] = []
        self._came: list[str] = []
        self._coming = threading.Condition()
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def paths(self) -> list[str]:
        """Return what was asked for and answered, robots.txt left out, in order."""
        return [asked.path for asked in self.asked if asked.path != "/robots.txt"]

    def put(self, path: str, body: str | bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        raw = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(body=raw, headers={"Content-Type": kind, **named})

    def hold(self, path: str) -> threading.Event:
        """Keep back what is answered at a path until the event that is returned is set, or the site closes."""
        whole = self.answers[path]
        assert isinstance(whole, Answer)
        held = threading.Event()
        self.answers[path] = replace(whole, held=held)
        return held

    def wait_for(self, path: str) -> bool:
        """Wait until somebody asks for a path; False after half a minute."""
        with self._coming:
            return self._coming.wait_for(lambda: path in self._came, 30)

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
        with self._coming:
            self._came.append(path)
            self._coming.notify_all()
        answer = self.answers.get(path, Answer(status=404, body=b"nothing here"))
        return answer if isinstance(answer, Answer) else answer(headers)

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's own self is inside
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 20  # one write an answer: two would wait for each other (Nagle, delayed ACK)

            def do_GET(self) -> None:
                began = monotonic()
                headers = dict(self.headers.items())
                answer = site._answer(self.path, headers)
                if answer.held is not None:
                    answer.held.wait(_LONGEST_HOLD_SECONDS)
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


@dataclass
class MailServer:
    """Keeps what it accepts; ``on_recipient`` and ``on_data`` are called at those moments, before it answers."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    """What recipients get other than 250, by address."""
    received: list[bytes] = field(default_factory=list)
    on_recipient: Callable[[], None] | None = None
    on_data: Callable[[], None] | None = None

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for raw in self.received]

    @property
    def recipients(self) -> list[str]:
        """Return whom the mails are to, in order of the alphabet."""
        return sorted(mail["To"].addresses[0].addr_spec for mail in self.mails)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's hook
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.on_recipient is not None:
            self.on_recipient()
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's hook
        del server, session
        self.received.append(envelope.content)
        if self.on_data is not None:
            self.on_data()
        return "250 kept"


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server that knows its port."""
    server = MailServer()
    with serving(server) as server.port:
        yield server


@contextmanager
def serving(handler: object, kind: type[SMTP] = SMTP, **options: Any) -> Iterator[int]:
    """Serve SMTP with a handler of aiosmtpd's and give the port; ``options`` are its Controller's."""
    port = free_port()

    class Started(Controller):
        def factory(self) -> SMTP:
            return kind(self.handler, **self.SMTP_kwargs)

    running = Started(handler, hostname="127.0.0.1", port=port, **options)
    running.start()
    try:
        yield port
    finally:
        running.stop()
