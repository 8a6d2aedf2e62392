"""Handing a mail to a server: what each answer, silence or broken connection means for it."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from ipaddress import IPv4Address
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.mail.message import build_message
from pipeline.mail.smtp import Handover, HandoverState, send
from pipeline.model import Wording
from pipeline.settings import MailSettings, Recipient, Security, Transport
from tests.servers import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WAIT = timedelta(seconds=5)
TEXT = "第一行\n.\n..两点\n.Bcc: x\n"


def message() -> EmailMessage:
    return build_message(
        Wording(subject="周报", preheader="", html="<p>周报</p>", text=TEXT),
        sender="kaibi@example.com",
        recipient=Recipient(address="anna@example.com"),
        message_id="<one@example.com>",
        sent_at=datetime(2026, 11, 23, tzinfo=UTC),
        list_id="kaibi.example.com",
        language="zh",
    )


def plain_message(text: str) -> EmailMessage:
    written = EmailMessage(policy=SMTP_POLICY)
    written["From"], written["To"] = "kaibi@example.com", "anna@example.com"
    written.set_content(text)
    return written


def nothing() -> None:
    """Stand for a ledger that has nothing to commit."""


def abort(server: SMTP) -> None:
    """Break the connection off without a word."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()


class Mailbox:
    """A server's side: keeps what it accepts; answers are changed by giving them."""

    def __init__(self, **answers: str) -> None:
        self.answers = answers
        self.received: list[bytes] = []
        self.steps: list[str] = []

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.steps.append("MAIL")
        envelope.mail_from = address
        return self.answers.get("mail", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.steps.append(f"RCPT {address}")
        envelope.rcpt_tos.append(address)
        return self.answers.get("rcpt", "250 OK")

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.steps.append("DATA")
        if "drop" in self.answers:
            abort(server)
        assert isinstance(envelope.content, bytes)
        answer = self.answers.get("data", "250 kept as 42")
        self.received += [envelope.content] if answer.startswith("250") else []
        return answer


class Quitter(SMTP):
    """A server that breaks off when it is told goodbye."""

    async def smtp_QUIT(self, _arg: str) -> None:  # noqa: N802
        abort(self)


class NoData(SMTP):
    """A server that will not take a message just now."""

    async def smtp_DATA(self, _arg: str) -> None:  # noqa: N802
        await self.push("452 4.3.1 no room")


@contextmanager
def raw_server(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve one connection with ``answer``, which speaks for itself, byte by byte."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                answer(connection)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            thread.join(10)


def settings(port: int, **changed: Any) -> MailSettings:
    values = {"transport": Transport.SMTP, "host": "127.0.0.1", "port": port, "security": Security.NONE, **changed}
    return MailSettings(**values)


def handed(port: int, password: str | None = None, **changed: Any) -> Handover:
    return send(message(), settings(port, **changed), password, timeout=WAIT, before_data=nothing)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate for 127.0.0.1 with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    plain = serialization.NoEncryption()
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


def tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def knows_anna(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: Any) -> AuthResult:
    right = isinstance(told, LoginPassword) and (told.login, told.password) == (b"anna", b"right")
    return AuthResult(success=right, handled=False)


def test_a_message_arrives_as_it_was_written() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port:
        assert handed(port) == Handover(state=HandoverState.SENT, detail="250 kept as 42")
    assert mailbox.received == [message().as_bytes()]
    assert mailbox.steps == ["MAIL", "RCPT anna@example.com", "DATA"]


def test_lines_that_begin_with_a_dot_arrive_whole() -> None:
    mailbox, dotted = Mailbox(), plain_message(".\n..two\n.\nend\n")
    with serving(mailbox) as port:
        assert send(dotted, settings(port), None, timeout=WAIT, before_data=nothing).state is HandoverState.SENT
    assert mailbox.received[0].endswith(b"\r\n\r\n.\r\n..two\r\n.\r\nend\r\n")


def test_the_ledger_is_told_after_the_recipient_is_accepted_and_before_any_data() -> None:
    mailbox = Mailbox()
    seen: list[list[str]] = []
    with serving(mailbox) as port:
        send(message(), settings(port), None, timeout=WAIT, before_data=lambda: seen.append(list(mailbox.steps)))
    assert seen == [["MAIL", "RCPT anna@example.com"]]


def test_a_ledger_that_fails_stops_the_mail_and_its_error_is_passed_on() -> None:
    mailbox = Mailbox()

    def lost() -> None:
        raise KeyError("the claim was lost")

    with serving(mailbox) as port, pytest.raises(KeyError, match="the claim was lost"):
        send(message(), settings(port), None, timeout=WAIT, before_data=lost)
    assert "DATA" not in mailbox.steps


@pytest.mark.parametrize(
    ("answers", "state", "detail"),
    [
        ({"mail": "451 4.7.1 later"}, "retry", "sender kaibi@example.com: 451 4.7.1 later"),
        ({"mail": "550 5.7.1 no relay"}, "refused", "sender kaibi@example.com: 550 5.7.1 no relay"),
        ({"rcpt": "451 4.7.1 greylisted"}, "retry", "recipient anna@example.com: 451 4.7.1 greylisted"),
        ({"rcpt": "421 too busy"}, "retry", "recipient anna@example.com: 421 too busy"),
        ({"rcpt": "550 5.1.1 no such user"}, "refused", "recipient anna@example.com: 550 5.1.1 no such user"),
        ({"data": "452 4.3.1 disk full"}, "retry", "message: 452 4.3.1 disk full"),
        ({"data": "554 5.7.1 spam"}, "refused", "message: 554 5.7.1 spam"),
        ({"data": "999 what"}, "unknown", "message: 999 what"),
    ],
)
def test_what_the_server_says_decides(answers: dict[str, str], state: str, detail: str) -> None:
    mailbox = Mailbox(**answers)
    with serving(mailbox) as port:
        assert handed(port) == Handover(state=HandoverState(state), detail=detail)
    assert mailbox.received == []


def test_a_server_that_takes_no_data_now_is_tried_again() -> None:
    with serving(Mailbox(), NoData) as port:
        assert handed(port) == Handover(state=HandoverState.RETRY, detail="DATA: 452 4.3.1 no room")


def test_a_connection_that_breaks_after_the_message_leaves_it_unknown() -> None:
    with serving(Mailbox(drop="yes")) as port:
        handover = handed(port)
    assert handover.state is HandoverState.UNKNOWN
    assert handover.detail.startswith("the connection broke after the message was handed over: ")


def test_a_goodbye_that_fails_does_not_unsend_a_mail() -> None:
    mailbox = Mailbox()
    with serving(mailbox, Quitter) as port:
        assert handed(port).state is HandoverState.SENT
    assert len(mailbox.received) == 1


def test_a_connection_that_breaks_inside_the_message_is_tried_again() -> None:
    def break_in_data(connection: socket.socket) -> None:
        connection.sendall(b"220 hello\r\n")
        for answer in (b"250 hello\r\n", b"250 OK\r\n", b"250 OK\r\n", b"354 go\r\n"):
            connection.recv(1000)
            connection.sendall(answer)
        connection.recv(1)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")

    large = plain_message(("y" * 70 + "\n") * 300_000)
    with raw_server(break_in_data) as port:
        handover = send(large, settings(port), None, timeout=WAIT, before_data=nothing)
    assert handover.state is HandoverState.RETRY
    assert handover.detail.startswith("DATA, before the message was complete: ")


@pytest.mark.parametrize("greeting", [b"421 closing\r\n", b"554 not here\r\n", b""])
def test_a_server_that_will_not_talk_is_tried_again(greeting: bytes) -> None:
    with raw_server(lambda connection: connection.sendall(greeting)) as port:
        handover = handed(port)
    assert handover.state is HandoverState.RETRY
    assert handover.detail.startswith(f"connecting to 127.0.0.1:{port}: {greeting.decode().strip()}")


def test_what_a_server_says_is_made_harmless() -> None:
    def shout(connection: socket.socket) -> None:
        connection.sendall("554 \x1b[31mred\u202e ".encode() + b"\xff" + b"x" * 1000 + b"\r\n")

    with raw_server(shout) as port:
        detail = handed(port).detail
    assert len(detail) <= 400
    assert "\x1b" not in detail
    assert "\u202e" not in detail
    assert "554 [31mred" in detail


def test_nobody_at_the_port_is_tried_again() -> None:
    handover = handed(free_port())
    assert handover.state is HandoverState.RETRY
    assert "refused" in handover.detail
    assert handover.ends_round


def test_a_host_that_cannot_be_is_told_and_not_a_crash() -> None:
    assert handed(25, host="x" * 70 + ".invalid").state is HandoverState.RETRY


def test_a_server_that_says_nothing_is_given_up_in_time() -> None:
    released = threading.Event()

    def wait(_connection: socket.socket) -> None:
        released.wait(10)

    with raw_server(wait) as port:
        handover = send(message(), settings(port), None, timeout=timedelta(milliseconds=100), before_data=nothing)
        released.set()
    assert handover == Handover(
        state=HandoverState.RETRY, detail=f"connecting to 127.0.0.1:{port}: no answer in time", ends_round=True
    )


def test_silence_after_the_message_leaves_it_unknown() -> None:
    released = threading.Event()

    class Silent(Mailbox):
        async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
            await asyncio.to_thread(released.wait, 10)
            return "250 too late"

    with serving(Silent()) as port:
        handover = send(message(), settings(port), None, timeout=timedelta(milliseconds=300), before_data=nothing)
        released.set()
    assert handover.state is HandoverState.UNKNOWN
    assert "no answer in time" in handover.detail


def test_starttls_is_used_and_the_certificate_checked(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox()
    with serving(mailbox, tls_context=tls(certificate), require_starttls=True) as port:
        unknown = handed(port, security=Security.STARTTLS)
        monkeypatch.setenv("KAIBI_MAIL_CA_FILE", str(certificate))
        known = handed(port, security=Security.STARTTLS)
    assert unknown.state is HandoverState.RETRY
    assert "STARTTLS: " in unknown.detail
    assert "certificate verify failed" in unknown.detail
    assert known.state is HandoverState.SENT
    assert len(mailbox.received) == 1


def test_a_server_without_starttls_gets_nothing() -> None:
    mailbox = Mailbox()
    with serving(mailbox) as port:
        handover = handed(port, "right", security=Security.STARTTLS, username="anna")
    assert handover.state is HandoverState.RETRY
    assert handover.detail.startswith("127.0.0.1 offers no STARTTLS, and nothing is sent unprotected")
    assert mailbox.steps == []


def test_a_connection_may_be_protected_from_its_first_byte(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = Mailbox()
    monkeypatch.setenv("KAIBI_MAIL_CA_FILE", str(certificate))
    with serving(mailbox, ssl_context=tls(certificate)) as port:
        known = handed(port, security=Security.TLS)
        monkeypatch.delenv("KAIBI_MAIL_CA_FILE")
        unknown = handed(port, security=Security.TLS)
    assert known.state is HandoverState.SENT
    assert unknown.state is HandoverState.RETRY
    assert "certificate verify failed" in unknown.detail


def test_a_ca_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KAIBI_MAIL_CA_FILE", str(tmp_path / "gone.pem"))
    handover = handed(free_port(), security=Security.TLS)
    assert handover.state is HandoverState.RETRY
    assert f"KAIBI_MAIL_CA_FILE {tmp_path / 'gone.pem'}" in handover.detail


@pytest.mark.parametrize(
    ("password", "state", "begins"),
    [
        ("right", "sent", "250 "),
        ("wrong", "retry", "login refused: 535 "),
        (None, "retry", "login: no password for anna - set KAIBI_MAIL_PASSWORD"),
        ("密码", "retry", "login: user name or password hold characters outside ASCII"),
    ],
)
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_a_login_is_made_and_its_refusal_told(password: str | None, state: str, begins: str) -> None:
    mailbox = Mailbox()
    with serving(mailbox, authenticator=knows_anna, auth_required=True, auth_require_tls=False) as port:
        handover = handed(port, password, username="anna")
    assert handover.state is HandoverState(state)
    assert handover.detail.startswith(begins)
    assert bool(mailbox.received) == (state == "sent")
    assert handover.ends_round == (state == "retry")
    assert "wrong" not in handover.detail


def test_a_server_that_knows_no_login_is_told() -> None:
    with serving(Mailbox()) as port:
        handover = handed(port, "right", username="anna")
    assert handover.state is HandoverState.RETRY
    assert handover.detail.startswith("login: ")
