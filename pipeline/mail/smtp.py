"""Hand one message to an SMTP server, step by step, and say truly how it ended.

The one thing that matters is where a failure happened. Until the line that ends the message is
sent, no server may deliver it (RFC 5321, 4.1.1.4 and 6.1), so trying again is safe; after it, only
the server's answer tells. smtplib stays in here; what a server says is untrusted text.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pipeline.mail.untrusted import short
from pipeline.settings import Security

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import timedelta
    from email.message import EmailMessage

    from pipeline.settings import MailSettings

_PORTS: Final = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
_REPLY: Final = 300
"""Longest reply of a server that is kept, in characters."""
_CA_FILE: Final = "KAIBI_MAIL_CA_FILE"
_TEMPORARY, _FINAL, _END = 400, 500, 600
_START_DATA: Final = 354


class HandoverState(StrEnum):
    """What became of a message."""

    SENT = "sent"
    RETRY = "retry"
    """Surely not delivered; the same may work later, or once the settings are put right."""
    REFUSED = "refused"
    """Surely not delivered; this sender, recipient or content is refused for good."""
    UNKNOWN = "unknown"
    """The server had the whole message and did not answer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Handover:
    """How handing one message over ended."""

    state: HandoverState
    detail: str
    """The step and the server's words, one plain line; begins ``login refused`` where user name or password are wrong."""
    ends_round: bool = False
    """Whether the next mail would only meet the same: the server is out of reach or will not let us in."""


class _StoppedError(Exception):
    """A step that ended the attempt; carries the result."""

    def __init__(self, state: HandoverState, detail: str, *, ends_round: bool = False) -> None:
        super().__init__(detail)
        self.handover = Handover(state=state, detail=detail, ends_round=ends_round)


def send(
    message: EmailMessage,
    settings: MailSettings,
    password: str | None,
    *,
    timeout: timedelta,
    before_data: Callable[[], None],
) -> Handover:
    """Hand ``message`` to the server for its one recipient.

    ``timeout`` is for each wait. ``before_data`` is called once the server has accepted sender and
    recipient, before any of the message leaves; what it raises ends the attempt and is passed on.
    """
    try:
        connection = _connected(settings, timeout)
    except _StoppedError as stopped:
        return stopped.handover
    try:
        _greet(connection, settings)
        _log_in(connection, settings, password)
        _envelope(connection, message)
        before_data()
        answer = _deliver(connection, message)
    except _StoppedError as stopped:
        return stopped.handover
    else:
        with suppress(OSError):
            connection.quit()
        return answer
    finally:
        connection.close()


def _connected(settings: MailSettings, timeout: timedelta) -> smtplib.SMTP:
    port = settings.port or _PORTS[settings.security]
    name, seconds = _own_name(), timeout.total_seconds()
    try:
        if settings.security is Security.TLS:
            return smtplib.SMTP_SSL(settings.host, port, name, timeout=seconds, context=_context())
        return smtplib.SMTP(settings.host, port, name, timeout=seconds)
    except (OSError, UnicodeError) as error:
        raise _stop(f"connecting to {settings.host}:{port}", error, ends_round=True) from error


def _greet(connection: smtplib.SMTP, settings: MailSettings) -> None:
    try:
        connection.ehlo_or_helo_if_needed()
    except OSError as error:
        raise _stop("greeting", error, ends_round=True) from error
    if settings.security is not Security.STARTTLS:
        return
    try:
        connection.starttls(context=_context())
        connection.ehlo_or_helo_if_needed()
    except smtplib.SMTPNotSupportedError as error:
        raise _StoppedError(
            HandoverState.RETRY,
            f"{settings.host} offers no STARTTLS, and nothing is sent unprotected - check mail.host and mail.port, or set mail.security",
            ends_round=True,
        ) from error
    except OSError as error:
        raise _stop("STARTTLS", error, ends_round=True) from error


def _log_in(connection: smtplib.SMTP, settings: MailSettings, password: str | None) -> None:
    if not settings.username:
        return
    if not password:
        raise _StoppedError(
            HandoverState.RETRY,
            f"login: no password for {settings.username} - set KAIBI_MAIL_PASSWORD or KAIBI_MAIL_PASSWORD_FILE",
            ends_round=True,
        )
    try:
        connection.login(settings.username, password)
    except UnicodeError as error:
        detail = "login: user name or password hold characters outside ASCII, which SMTP cannot carry"
        raise _StoppedError(HandoverState.RETRY, detail, ends_round=True) from error
    except smtplib.SMTPAuthenticationError as error:
        refused = error.smtp_code >= _FINAL
        detail = f"{'login refused' if refused else 'login'}: {_reply(error.smtp_code, error.smtp_error)}"
        raise _StoppedError(HandoverState.RETRY, detail, ends_round=True) from error
    except OSError as error:
        raise _stop("login", error, ends_round=True) from error


def _envelope(connection: smtplib.SMTP, message: EmailMessage) -> None:
    sender = message["From"].addresses[0].addr_spec
    (recipient,) = message["To"].addresses
    steps: tuple[tuple[str, Callable[[], tuple[int, bytes]]], ...] = (
        (f"sender {sender}", lambda: connection.mail(sender)),
        (f"recipient {recipient.addr_spec}", lambda: connection.rcpt(recipient.addr_spec)),
    )
    for step, ask in steps:
        try:
            code, words = ask()
        except OSError as error:
            raise _stop(step, error) from error
        if not _accepted(code):
            raise _StoppedError(_state(code), f"{step}: {_reply(code, words)}")


def _deliver(connection: smtplib.SMTP, message: EmailMessage) -> Handover:
    body = re.sub(rb"(?m)^\.", b"..", message.as_bytes())
    try:
        code, words = connection.docmd("DATA")
        if code != _START_DATA:
            raise _StoppedError(_state(code), f"DATA: {_reply(code, words)}")
        connection.send(body if body.endswith(b"\r\n") else body + b"\r\n")
    except OSError as error:
        raise _stop("DATA, before the message was complete", error) from error
    try:
        connection.send(b".\r\n")
        code, words = connection.getreply()
    except OSError as error:
        detail = f"the connection broke after the message was handed over: {_words(error)}"
        return Handover(state=HandoverState.UNKNOWN, detail=detail)
    if _accepted(code):
        return Handover(state=HandoverState.SENT, detail=_reply(code, words))
    known = _TEMPORARY <= code < _END
    return Handover(state=_state(code) if known else HandoverState.UNKNOWN, detail=f"message: {_reply(code, words)}")


def _accepted(code: int) -> bool:
    return 200 <= code < 300  # noqa: PLR2004 - RFC 5321, 4.2.1


def _state(code: int) -> HandoverState:
    return HandoverState.REFUSED if _FINAL <= code < _END else HandoverState.RETRY


def _stop(step: str, error: OSError | UnicodeError, *, ends_round: bool = False) -> _StoppedError:
    return _StoppedError(HandoverState.RETRY, f"{step}: {_words(error)}", ends_round=ends_round)


def _words(error: OSError | UnicodeError) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer in time"
    return short(str(error) or type(error).__name__, _REPLY)


def _reply(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return short(f"{code} {said}", _REPLY)


def _context() -> ssl.SSLContext:
    """Return a context that checks certificates, against ``KAIBI_MAIL_CA_FILE`` too if that is set (OSError if unreadable)."""
    context = ssl.create_default_context()
    if extra := os.environ.get(_CA_FILE):
        try:
            context.load_verify_locations(cafile=extra)
        except OSError as error:
            raise OSError(f"{_CA_FILE} {extra}: {error}") from error
    return context


def _own_name() -> str:
    """Return the name to greet with: this machine's if it is whole, else an address, asking no name server."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name) else "[127.0.0.1]"
