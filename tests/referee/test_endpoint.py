"""One request and everything that a server may do with it."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.referee.endpoint import LARGEST_ANSWER, Endpoint
from pipeline.referee.troubles import Failure, Trouble
from pipeline.settings import RefereeSettings
from tests.chat_server import Told, as_json, fails, says
from tests.servers import free_port

if TYPE_CHECKING:
    from tests.chat_server import ChatServer

KEY = "sk-not-a-real-one"
BODY = json.dumps(
    {"model": "judge-1", "messages": [{"content": ""}, {"content": '{"A": "a"}'}], "response_format": {}}
).encode()


def endpoint(url: str, *, key: str | None = KEY, retries: int = 0, seconds: float = 10) -> Endpoint:
    settings = RefereeSettings(
        enabled=True, base_url=url, model="judge-1", max_retries=retries, timeout=timedelta(seconds=seconds)
    )
    return Endpoint(settings, key)


def asked(chat: ChatServer, *, retries: int = 0, seconds: float = 10) -> bytes | Failure:
    return endpoint(chat.url, retries=retries, seconds=seconds).ask(BODY, may_send=lambda: True)


def test_an_answer_is_its_bytes_and_the_key_is_sent_as_the_protocol_says(chat: ChatServer) -> None:
    chat.answers = lambda _: says("A", 0.9, "x")
    assert asked(chat) == says("A", 0.9, "x").body
    assert chat.asked[0].headers["Authorization"] == f"Bearer {KEY}"
    assert chat.asked[0].headers["Content-Type"] == "application/json"
    endpoint(f"{chat.url}/", key=None).ask(BODY, may_send=lambda: True)
    assert "Authorization" not in chat.asked[1].headers


@pytest.mark.parametrize(
    ("told", "trouble", "is_lasting", "detail"),
    [
        (fails(401, f"Incorrect API key provided: {KEY}"), Trouble.KEY, True, "HTTP 401: Incorrect API key provided: ***"),
        (fails(402, "Insufficient balance"), Trouble.KEY, True, "HTTP 402: Insufficient balance"),
        (fails(404, "The model\n\x1b[31mjudge-1 does not exist"), Trouble.ADDRESS, True, "HTTP 404: The model [31mjudge-1 does not exist"),
        (as_json({}, 302, Location="https://elsewhere.example/v1"), Trouble.ADDRESS, True, "HTTP 302 to https://elsewhere.example/v1"),
        (fails(400, "response_format is not supported"), Trouble.TURNED_DOWN, False, "HTTP 400: response_format is not supported"),
        (fails(429, "Slow down", Retry_After="0"), Trouble.BUSY, False, "HTTP 429: Slow down"),
        (fails(429, "Come back tomorrow", Retry_After="86400"), Trouble.BUSY, True, "HTTP 429: Come back tomorrow; to be asked again in 86400 s"),
        (
            fails(503, "", Retry_After="Tue, 24 Nov 2026 11:00:00 GMT", Date="Tue, 24 Nov 2026 10:00:00 GMT"),
            Trouble.BROKEN, True, "HTTP 503; to be asked again in 3600 s",
        ),
        (Told(status=500, body=b"<html>oops</html>"), Trouble.BROKEN, False, "HTTP 500"),
        (as_json({"error": "out of memory"}, 500), Trouble.BROKEN, False, "HTTP 500: out of memory"),
        (as_json({"error": {"message": "x" * 900}}, 500), Trouble.BROKEN, False, f"HTTP 500: {'x' * 197}..."),
        (Told(breaks=True), Trouble.UNREACHABLE, False, "Remote end closed connection without response"),
        (Told(body=b'{"choices"', missing=100), Trouble.UNREACHABLE, False, "it broke off"),
        (Told(body=b" " * (LARGEST_ANSWER + 1)), Trouble.GARBLED, False, f"more than {LARGEST_ANSWER} bytes"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_told_with_the_servers_words(
    chat: ChatServer, told: Told, trouble: Trouble, is_lasting: bool, detail: str  # noqa: FBT001
) -> None:  # fmt: skip
    chat.script(told)
    found = asked(chat)
    assert isinstance(found, Failure)
    assert (found.trouble, found.detail) == (trouble, detail)
    assert found.is_lasting == is_lasting


def test_nobody_at_the_address_is_a_failure_in_words() -> None:
    found = endpoint(f"http://127.0.0.1:{free_port()}/v1").ask(BODY, may_send=lambda: True)
    assert found == Failure(trouble=Trouble.UNREACHABLE, detail="Connection refused")


def test_a_name_that_no_one_has_is_a_failure_in_words() -> None:
    found = endpoint("http://nowhere.invalid/v1").ask(BODY, may_send=lambda: True)
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.UNREACHABLE


def test_a_server_that_speaks_something_else_is_a_failure() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def greet() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"220 mail.example ESMTP\r\n")

        thread = threading.Thread(target=greet)
        thread.start()
        found = endpoint(f"http://127.0.0.1:{listening.getsockname()[1]}/v1").ask(BODY, may_send=lambda: True)
        thread.join()
    assert isinstance(found, Failure)
    assert found.trouble is Trouble.UNREACHABLE


def test_a_server_that_does_not_answer_in_time_is_not_asked_the_same_again(chat: ChatServer) -> None:
    chat.script(Told(is_held=True))
    assert asked(chat, retries=3, seconds=0.2) == Failure(trouble=Trouble.SLOW, detail="0.2 s")
    assert len(chat.asked) == 1


def test_a_wait_of_centuries_is_one_that_a_socket_can_count(chat: ChatServer) -> None:
    chat.answers = lambda _: says("A", 0.9, "x")
    assert isinstance(asked(chat, seconds=1e13), bytes)


def test_an_answer_that_dribbles_on_ends_at_the_time_for_all_of_it() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        ends = threading.Event()

        def dribble() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not ends.wait(0.02):
                    try:
                        connection.sendall(b"\n")
                    except OSError:
                        return

        thread = threading.Thread(target=dribble)
        thread.start()
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/v1"
        found = endpoint(url, seconds=0.3).ask(BODY, may_send=lambda: True)
        ends.set()
        thread.join()
    assert found == Failure(trouble=Trouble.SLOW, detail="0.3 s")


@pytest.mark.parametrize(
    "first", [fails(429, Retry_After="0"), fails(500, Retry_After="0"), fails(503, Retry_After="0")]
)
def test_who_is_busy_or_broken_is_asked_again(chat: ChatServer, first: Told) -> None:
    chat.script(first, first, says("B", 0.8, "x"))
    assert asked(chat, retries=2) == says("B", 0.8, "x").body
    assert len(chat.asked) == 3


def test_a_broken_connection_is_tried_again_after_a_moment(chat: ChatServer) -> None:
    chat.script(Told(breaks=True), says("B", 0.8, "x"))
    assert asked(chat, retries=1) == says("B", 0.8, "x").body


def test_what_cannot_get_better_is_not_tried_again(chat: ChatServer) -> None:
    for told in (fails(401), fails(404), fails(400), fails(429, Retry_After="3600")):
        chat.script(told)
        before = len(chat.asked)
        assert isinstance(asked(chat, retries=5), Failure)
        assert len(chat.asked) == before + 1


def test_each_request_is_let_out_before_it_leaves(chat: ChatServer) -> None:
    chat.script(fails(500, Retry_After="0"))
    seen: list[int] = []

    def may_send() -> bool:
        seen.append(len(chat.asked))
        return len(seen) < 3

    found = endpoint(chat.url, retries=9).ask(BODY, may_send=may_send)
    assert found == Failure(trouble=Trouble.OVER_BUDGET)
    assert seen == [0, 1, 2]


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{free_port()}")
    chat.answers = lambda _: says("A", 0.9, "x")
    assert isinstance(asked(chat), bytes)


def test_the_models_are_those_that_the_server_lists(chat: ChatServer) -> None:
    assert endpoint(chat.url).models() == ("judge-1",)
    chat.models = fails(404, "no list here")
    assert endpoint(chat.url).models() == ()
    chat.models = as_json({"data": "none"})
    assert endpoint(chat.url).models() == Failure(trouble=Trouble.GARBLED, detail="its list of models is none")
    chat.models = fails(401, "who are you?")
    refused = endpoint(chat.url).models()
    assert isinstance(refused, Failure)
    assert refused.trouble is Trouble.KEY
