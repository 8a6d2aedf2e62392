"""A laid-out digest as an RFC 5322 message that cannot be talked into a second header.

Keeps to itself the headers, their cleaning, and how a Message-ID is made.
"""

from __future__ import annotations

import hashlib
import re
import socket
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pipeline.errors import DeliveryError
from pipeline.mail.untrusted import plain

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import Wording
    from pipeline.settings import Recipient
    from pipeline.weeks import Week
    from pipeline.written import Language

_POLICY: Final = SMTP.clone(cte_type="7bit")
_LANGUAGES: Final = {"zh": "zh-CN", "en": "en"}
_LOCAL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+")


def message_id_for(week: Week, recipient: Recipient, database_id: str) -> str:
    """Return the Message-ID of that week's digest to that recipient: always the same for the same database."""
    told = "\n".join((database_id, str(week), recipient.address.casefold()))
    return f"<{week}.{hashlib.sha256(told.encode()).hexdigest()[:32]}@kaibi.invalid>"


def list_id_for(sender: str) -> str:
    """Return the List-Id of digests from ``sender`` (``mail.sender``; DeliveryError when it is no address)."""
    return f"kaibi.{_sender(sender).domain}"


def unsubscribe_link(sender: str) -> str:
    """Return the ``mailto:`` address for leaving the list, the same in the header and the footer."""
    return f"mailto:{quote(_sender(sender).addr_spec, safe='@')}?subject=unsubscribe"


def build_message(
    wording: Wording,
    *,
    sender: str,
    recipient: Recipient,
    message_id: str,
    sent_at: datetime,
    list_id: str,
    language: Language,
) -> EmailMessage:
    """Return the message: text and HTML, 7-bit throughout, one recipient.

    ``sender`` is an address, with or without a name; empty: kaibi@ this machine's name. ``sent_at`` is
    aware. Raises DeliveryError for an address that cannot be mailed to, ValueError for a bad
    ``message_id``, ``list_id`` or a naive ``sent_at``.
    """
    if not re.fullmatch(r"<[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+>", message_id):
        raise ValueError(f"{message_id!r} is no Message-ID")
    if not re.fullmatch(r"[A-Za-z0-9._-]+", list_id):
        raise ValueError(f"{list_id!r} is no List-Id")
    if sent_at.tzinfo is None:
        raise ValueError(f"sent_at {sent_at} has no zone")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _sender(sender)
    message["To"] = _address(recipient.address, recipient.name, where="digest.recipients")
    message["Subject"] = plain(wording.subject)
    message["Date"] = format_datetime(sent_at)
    message["Message-ID"] = message_id
    message["List-Id"] = f"<{list_id}>"
    message["List-Unsubscribe"] = f"<{unsubscribe_link(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(wording.text, cte="base64" if not wording.text.isascii() else None)
    message.add_alternative(wording.html, subtype="html", cte="base64")
    message["Content-Language"] = _LANGUAGES[language]
    message.set_boundary(f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}")
    return message


def _sender(sender: str) -> Address:
    name, address = parseaddr(plain(sender)) if sender.strip() else ("kaibi", f"kaibi@{_machine()}")
    return _address(address, name or "kaibi", where="mail.sender")


def _machine() -> str:
    """Return this machine's name as the domain of an address, without asking a name server."""
    name = re.sub(r"[^a-z0-9.-]", "-", socket.gethostname().lower()).strip(".-")
    return name or "localhost"


def _address(address: str, name: str, *, where: str) -> Address:
    local, _, domain = address.rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    if not _LOCAL.fullmatch(local) or not re.fullmatch(r"[A-Za-z0-9.-]+", domain):
        raise DeliveryError(
            f"{where}: {plain(address)!r} cannot be mailed to - write an address such as name@example.com"
        )
    return Address(display_name=plain(name), username=local, domain=domain)
