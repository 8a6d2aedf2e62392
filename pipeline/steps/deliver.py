"""Delivering digests: what the ledger says is due goes out, once, and what became of it is written down.

Each delivery is claimed before anything is sent and settled right after, one by one. Keeps to itself how long a
refused mail waits before it is tried again, and what each answer of a mail server means for the ledger.
"""

from __future__ import annotations

from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigError, DeliveryError
from pipeline.mail import outbox, smtp
from pipeline.mail.message import build_message, list_id_for, message_id_for
from pipeline.mail.smtp import Handover, HandoverState
from pipeline.model import DeliveryState
from pipeline.settings import Recipient, Transport
from pipeline.steps.digest import draft, wordings
from pipeline.store import deliveries, digests

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from email.message import EmailMessage

    from pipeline.config.place import Configured
    from pipeline.model import BuiltDigest, Delivery, Wording
    from pipeline.store.database import Database
    from pipeline.weeks import Week

_FIRST_WAIT: Final = timedelta(minutes=5)
_LONGEST_WAIT: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=5)
"""As mail servers do (RFC 5321, 4.5.4.1): after so long a digest that nobody takes is news no more."""
_LOCK_WAIT_SECONDS: Final = 10
_TIMEOUT: Final = timedelta(seconds=30)


def next_try(attempts: int, *, now: datetime, built_at: datetime) -> datetime | None:
    """Return when to try again after so many attempts: 5 min, 10 min, 20 min ... 4 h; None: give up."""
    if now - built_at >= GIVE_UP_AFTER:
        return None
    return now + min(_FIRST_WAIT * (1 << min(attempts - 1, 10)), _LONGEST_WAIT)


def deliver(
    db: Database,
    configured: Configured,
    *,
    password: str | None,
    clock: Callable[[], datetime],
    week: Week | None = None,
    by_hand: bool = False,
) -> tuple[Delivery, ...]:
    """Send what is due (of one week, if named), and return those deliveries as they stand now.

    ``by_hand`` also tries those whose time to be tried again has not come. BusyError while another kaibi mails.
    A server that refuses one mail does not keep the others from being tried, but one that cannot be reached or
    refuses the login ends the round: the rest would only wait for the same answer.
    """
    # A sender that cannot be one stops everything before anything is claimed.
    list_id_for(configured.settings.mail.sender)
    digest_of = cache(partial(digests.of_week, db))
    attempted = []
    with db.lock("mail", wait_seconds=_LOCK_WAIT_SECONDS):
        deliveries.settle_abandoned(db, now=clock())
        for delivery in deliveries.due(db, now=None if by_hand else clock(), week=week):
            attempted.append(delivery)
            digest = digest_of(delivery.week)
            if not _deliver_one(db, configured, delivery, digest, password=password, clock=clock):
                break
    ids = {one.id for one in attempted}
    weeks = dict.fromkeys(one.week for one in attempted)
    return tuple(one for each in weeks for one in deliveries.of_week(db, each) if one.id in ids)


def _deliver_one(
    db: Database,
    configured: Configured,
    delivery: Delivery,
    digest: BuiltDigest | None,
    *,
    password: str | None,
    clock: Callable[[], datetime],
) -> bool:
    """Send one mail and settle it; False where the server itself is out of reach."""
    recipient = next((one for one in configured.settings.digest.recipients if one.address == delivery.recipient), None)
    if digest is None or recipient is None:
        _give_up(db, delivery, "no longer among the recipients in the config", now=clock())
        return True
    try:
        message = _message(configured, digest.wordings, recipient, message_id=delivery.message_id, sent_at=clock())
    except DeliveryError as error:
        _give_up(db, delivery, str(error), now=clock())
        return True
    if not deliveries.claim(db, delivery.id, now=clock()):
        return True
    handover = _hand_over(
        configured,
        message,
        name=outbox.file_name(delivery.week, recipient),
        password=password,
        before_data=lambda: deliveries.hand_over(db, delivery.id, now=clock()),
    )
    now = clock()
    state = _STATES[handover.state]
    again = next_try(delivery.attempts + 1, now=now, built_at=digest.built_at) if state is DeliveryState.READY else None
    if state is DeliveryState.READY and again is None:
        state = DeliveryState.FAILED
    problem = None if state is DeliveryState.SENT else handover.detail
    deliveries.settle(db, delivery.id, state, problem=problem, next_try_at=again, now=now)
    return not handover.ends_round


def _give_up(db: Database, delivery: Delivery, problem: str, *, now: datetime) -> None:
    deliveries.settle(db, delivery.id, DeliveryState.FAILED, problem=problem, next_try_at=None, now=now)


def send_test(
    db: Database,
    configured: Configured,
    week: Week,
    address: str,
    *,
    password: str | None,
    clock: Callable[[], datetime],
) -> str:
    """Mail a week's digest to one address, leaving the ledger alone; return where it went.

    A built digest goes as it was built, another as it would be now. DeliveryError when it is not accepted.
    """
    settings = configured.settings
    known = next((one for one in settings.digest.recipients if one.address == address), None)
    recipient = known or Recipient(address=address)
    now = clock()
    built = digests.of_week(db, week)
    words = built.wordings if built is not None else wordings(draft(db, settings, week, now=now), settings)
    # A test mail is another message than the one in the ledger: its own Message-ID, its own file.
    message_id = message_id_for(week, recipient, f"{db.key} test {now.isoformat()}")
    handover = _hand_over(
        configured,
        _message(configured, words, recipient, message_id=message_id, sent_at=now),
        name=f"test-{now:%Y%m%dT%H%M%S%f}-{outbox.file_name(week, recipient)}",
        password=password,
        before_data=lambda: None,
    )
    if handover.state is not HandoverState.SENT:
        raise DeliveryError(f"{address}: {handover.detail}")
    return handover.detail


def resend(db: Database, configured: Configured, week: Week, address: str | None, *, now: datetime) -> int:
    """Make a week's deliveries ready again because a person says so, and return how many.

    ``address`` None: all that failed or whose fate is unknown, never one that was sent. ConfigError where there
    is nothing to send again.
    """
    found = deliveries.of_week(db, week)
    if address is not None:
        chosen = [one for one in found if one.recipient == address]
    else:
        chosen = [one for one in found if one.state in {DeliveryState.FAILED, DeliveryState.UNKNOWN}]
    if not chosen:
        asked = f"to {address}" if address else "that failed or is unknown"
        raise ConfigError(f"{week}: no delivery {asked} - kaibi digest status lists them")
    gone = [
        one.recipient
        for one in chosen
        if all(r.address != one.recipient for r in configured.settings.digest.recipients)
    ]
    if gone:
        raise ConfigError(f"{', '.join(gone)}: no longer in digest.recipients - add it there first")
    with db.lock("mail", wait_seconds=_LOCK_WAIT_SECONDS):
        for one in chosen:
            deliveries.make_ready(db, one.id, now=now)
    return len(chosen)


_STATES: Final = {
    HandoverState.SENT: DeliveryState.SENT,
    HandoverState.RETRY: DeliveryState.READY,
    HandoverState.REFUSED: DeliveryState.FAILED,
    HandoverState.UNKNOWN: DeliveryState.UNKNOWN,
}


def _message(
    configured: Configured,
    words: Mapping[str, Wording],
    recipient: Recipient,
    *,
    message_id: str,
    sent_at: datetime,
) -> EmailMessage:
    settings = configured.settings
    language = recipient.language or settings.debate.language
    return build_message(
        words[language],
        sender=settings.mail.sender,
        recipient=recipient,
        message_id=message_id,
        sent_at=sent_at,
        list_id=list_id_for(settings.mail.sender),
        language=language,
    )


def _hand_over(
    configured: Configured,
    message: EmailMessage,
    *,
    name: str,
    password: str | None,
    before_data: Callable[[], None],
) -> Handover:
    mail = configured.settings.mail
    if mail.transport is Transport.SMTP:
        return smtp.send(message, mail, password, timeout=_TIMEOUT, before_data=before_data)
    # A file that is there already was written by a sender that died before it could say so: never a second one.
    try:
        path = outbox.write(message, configured.outbox, name=name)
    except DeliveryError as error:
        return Handover(state=HandoverState.RETRY, detail=str(error), ends_round=True)
    return Handover(state=HandoverState.SENT, detail=str(path))
