"""A server on 127.0.0.1 that speaks /v1/chat/completions and /v1/models, and misbehaves as a test tells it.

It remembers what it was asked. Keeps to itself sockets and threads; what it answers is a function of the question,
or one of the ways to fail below.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_HOLD_SECONDS = 20


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the server answers to one request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_held: bool = False
    """Nothing comes until the server closes."""
    breaks: bool = False
    """The connection is closed without a word."""
    missing: int = 0
    """Bytes of the body that are announced and never come."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """One request for a completion, as it came."""

    headers: dict[str, str]
    model: str
    told: dict[str, str]
    """The JSON object in the user's message."""
    instructions: str
    form: dict[str, Any]
    written: str
    """The user's message as it stood in the request."""


def says(stance: str, confidence: float, evidence: str, **more: Any) -> Told:
    """Return a right answer."""
    return completion(json.dumps({"evidence": evidence, "stance": stance, "confidence": confidence, **more}))


def completion(content: str | None, *, finish_reason: str = "stop", refusal: str | None = None) -> Told:
    """Return a completion with any content."""
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return as_json({"choices": [{"index": 0, "message": message, "finish_reason": finish_reason}]})


def as_json(value: object, status: int = 200, **headers: str) -> Told:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Told(body=json.dumps(value).encode(), status=status, headers={"Content-Type": "application/json", **named})


def fails(status: int, message: str = "", **headers: str) -> Told:
    """Return an error in the protocol's form."""
    return as_json({"error": {"message": message, "type": "x"}}, status, **headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: clients go away in these tests."""


def _deliver(handler: BaseHTTPRequestHandler, told: Told) -> None:
    try:
        handler.send_response_only(told.status)
        for name, value in told.headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(told.body) + told.missing))
        handler.end_headers()
        handler.wfile.write(told.body)
        handler.wfile.flush()
    except OSError:
        handler.close_connection = True


class ChatServer:
    """Answers each question with ``answers(question)``. Use as a context."""

    def __init__(self) -> None:
        self.answers: Callable[[Question], Told] = lambda _: fails(500, "no test has said what to answer")
        self.models: Told = as_json({"object": "list", "data": [{"id": "judge-1"}]})
        self.asked: list[Question] = []
        self.connections = 0
        self._closing = threading.Event()
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/v1"

    def script(self, *answers: Told) -> None:
        """Answer one question after the other from a list, the last again and again."""
        left = list(answers)
        self.answers = lambda _: left.pop(0) if len(left) > 1 else left[0]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(chat) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler's own self is inside
        class Handler(BaseHTTPRequestHandler):
            wbufsize = 1 << 20

            def setup(self) -> None:
                chat.connections += 1
                super().setup()

            def do_GET(self) -> None:
                self._send(chat.models if self.path == "/v1/models" else fails(404))

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if self.path != "/v1/chat/completions":
                    self._send(fails(404, "no such path"))
                    return
                system, user = body["messages"]
                question = Question(
                    headers=dict(self.headers.items()),
                    model=body["model"],
                    told=json.loads(user["content"]),
                    instructions=system["content"],
                    form=body["response_format"],
                    written=user["content"],
                )
                chat.asked.append(question)
                self._send(chat.answers(question))

            def _send(self, told: Told) -> None:
                if told.is_held:
                    chat._closing.wait(LONGEST_HOLD_SECONDS)
                elif not told.breaks:
                    _deliver(self, told)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
                del format, args

        return Handler
