"""Each mail once: into the outbox and over SMTP, refused, broken off, and sent again when a person says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.config.place import Configured
from pipeline.errors import BusyError, ConfigError, DeliveryError
from pipeline.mail import outbox
from pipeline.model import DeliveryState
from pipeline.settings import MailSettings, Recipient, Security, Transport
from pipeline.steps.analyse import analyse
from pipeline.steps.deliver import GIVE_UP_AFTER, deliver, next_try, resend, send_test
from pipeline.steps.digest import build_week
from pipeline.store import deliveries
from pipeline.weeks import Week
from tests.servers import MailServer, mail_server
from tests.steps.conftest import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.model import Delivery
    from pipeline.settings import Settings
    from pipeline.store.database import Database

W47 = Week(2026, 47)
IN_W47 = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as started:
        yield started


@pytest.fixture
def boxed(tmp_path: Path, settings: Settings) -> Configured:
    return Configured(settings=settings, path=tmp_path / "config.toml")


@pytest.fixture
def posted(tmp_path: Path, settings: Settings, server: MailServer) -> Configured:
    mail = MailSettings(
        transport=Transport.SMTP, host="127.0.0.1", port=server.port, security=Security.NONE, sender="kaibi@example.com"
    )
    return Configured(settings=settings.model_copy(update={"mail": mail}), path=tmp_path / "config.toml")


@pytest.fixture
def built(db: Database, settings: Settings, publish: Callable[..., None], clock: Clock) -> Database:
    publish(TEXTS["open"], IN_W47)
    analyse(db, settings.debate, again=False, now=clock())
    build_week(db, settings, W47, now=clock())
    return db


def states(db: Database) -> dict[str, DeliveryState]:
    return {one.recipient: one.state for one in deliveries.of_week(db, W47)}


def send(db: Database, configured: Configured, clock: Clock, **options: Any) -> tuple[Delivery, ...]:
    return deliver(db, configured, password=None, clock=clock, **options)


def test_the_outbox_gets_one_file_a_recipient_in_their_language(
    built: Database, boxed: Configured, clock: Clock
) -> None:
    assert len(send(built, boxed, clock)) == 2
    mails = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in boxed.outbox.iterdir()]
    assert {(mail["To"], mail["Content-Language"]) for mail in mails} == {
        ("zh@example.com", "zh-CN"),
        ("en@example.com", "en"),
    }
    assert set(states(built).values()) == {DeliveryState.SENT}
    assert send(built, boxed, clock) == ()


def test_a_file_whose_writer_died_before_it_could_say_so_is_not_written_twice(
    built: Database, boxed: Configured, clock: Clock
) -> None:
    send(built, boxed, clock)
    files = {path: path.read_bytes() for path in boxed.outbox.iterdir()}
    for one in deliveries.of_week(built, W47):
        deliveries.make_ready(built, one.id, now=clock())
        deliveries.claim(built, one.id, now=clock())  # and here the writer dies
    clock.now += timedelta(minutes=1)
    send(built, boxed, clock)
    assert {path: path.read_bytes() for path in boxed.outbox.iterdir()} == files
    assert set(states(built).values()) == {DeliveryState.SENT}


def test_an_outbox_that_cannot_be_written_keeps_the_mail_and_says_so(
    built: Database, boxed: Configured, clock: Clock
) -> None:
    boxed.outbox.write_text("a file where the folder should be")
    send(built, boxed, clock)
    assert set(states(built).values()) == {DeliveryState.READY}
    assert all("outbox" in (one.problem or "") for one in deliveries.of_week(built, W47) if one.attempts)


def test_smtp_gets_each_mail_once(built: Database, posted: Configured, server: MailServer, clock: Clock) -> None:
    send(built, posted, clock)
    send(built, posted, clock, by_hand=True)
    assert len(server.received) == 2
    assert set(states(built).values()) == {DeliveryState.SENT}


def test_one_refused_recipient_does_not_cost_the_others_their_mail(
    built: Database, posted: Configured, server: MailServer, clock: Clock
) -> None:
    server.answers = {"zh@example.com": "550 no such user"}
    send(built, posted, clock)
    assert states(built) == {"zh@example.com": DeliveryState.FAILED, "en@example.com": DeliveryState.SENT}


def test_a_mail_refused_for_now_is_tried_again_at_its_time(
    built: Database, posted: Configured, server: MailServer, clock: Clock
) -> None:
    server.answers = {"zh@example.com": "451 come back"}
    send(built, posted, clock)
    assert states(built)["zh@example.com"] is DeliveryState.READY
    server.answers = {}
    assert send(built, posted, clock) == ()
    clock.now += timedelta(minutes=6)
    (again,) = send(built, posted, clock)
    assert (again.state, again.attempts) == (DeliveryState.SENT, 2)


def test_a_person_need_not_wait_for_that_time(
    built: Database, posted: Configured, server: MailServer, clock: Clock
) -> None:
    server.answers = {"zh@example.com": "451 come back"}
    send(built, posted, clock)
    server.answers = {}
    (again,) = send(built, posted, clock, by_hand=True)
    assert again.state is DeliveryState.SENT


def test_a_mail_that_nobody_takes_for_days_has_failed(
    built: Database, posted: Configured, server: MailServer, clock: Clock
) -> None:
    server.answers = {"zh@example.com": "451 come back"}
    send(built, posted, clock)
    clock.now += GIVE_UP_AFTER
    send(built, posted, clock)
    assert states(built)["zh@example.com"] is DeliveryState.FAILED


def test_a_server_out_of_reach_is_asked_once_a_round(built: Database, posted: Configured, clock: Clock) -> None:
    mail = posted.settings.mail.model_copy(update={"port": 9})
    away = Configured(settings=posted.settings.model_copy(update={"mail": mail}), path=posted.path)
    assert len(send(built, away, clock)) == 1
    assert set(states(built).values()) == {DeliveryState.READY}


def test_somebody_who_left_the_config_gets_no_more_mail(built: Database, boxed: Configured, clock: Clock) -> None:
    only = boxed.settings.digest.model_copy(update={"recipients": (Recipient(address="zh@example.com"),)})
    changed = Configured(settings=boxed.settings.model_copy(update={"digest": only}), path=boxed.path)
    send(built, changed, clock)
    assert states(built) == {"zh@example.com": DeliveryState.SENT, "en@example.com": DeliveryState.FAILED}


def test_an_impossible_sender_stops_everything_before_anything_is_claimed(
    built: Database, boxed: Configured, clock: Clock
) -> None:
    mail = boxed.settings.mail.model_copy(update={"sender": "nobody at all"})
    wrong = Configured(settings=boxed.settings.model_copy(update={"mail": mail}), path=boxed.path)
    with pytest.raises(DeliveryError, match=r"mail\.sender"):
        send(built, wrong, clock)
    assert set(states(built).values()) == {DeliveryState.READY}


def test_a_test_mail_leaves_the_ledger_alone(
    built: Database, posted: Configured, server: MailServer, clock: Clock
) -> None:
    before = deliveries.of_week(built, W47)
    send_test(built, posted, W47, "boss@example.com", password=None, clock=clock)
    send_test(built, posted, Week(2026, 46), "en@example.com", password=None, clock=clock)
    assert len(server.received) == 2
    assert deliveries.of_week(built, W47) == before
    server.answers = {"boss@example.com": "550 no"}
    with pytest.raises(DeliveryError, match=r"boss@example\.com: .*550"):
        send_test(built, posted, W47, "boss@example.com", password=None, clock=clock)


def test_an_unknown_mail_goes_again_only_when_a_person_says_so(
    built: Database, posted: Configured, server: MailServer, clock: Clock
) -> None:
    for one in deliveries.due(built, now=clock()):
        deliveries.claim(built, one.id, now=clock())
        deliveries.hand_over(built, one.id, now=clock())  # and here the sender dies
    assert send(built, posted, clock, by_hand=True) == ()
    assert set(states(built).values()) == {DeliveryState.UNKNOWN}
    assert resend(built, posted, W47, None, now=clock()) == 2
    send(built, posted, clock)
    assert len(server.received) == 2


def test_resending_names_one_recipient_or_what_did_not_arrive(built: Database, boxed: Configured, clock: Clock) -> None:
    send(built, boxed, clock)
    with pytest.raises(ConfigError, match="kaibi digest status"):
        resend(built, boxed, W47, None, now=clock())
    with pytest.raises(ConfigError, match="stranger"):
        resend(built, boxed, W47, "stranger@example.com", now=clock())
    assert resend(built, boxed, W47, "zh@example.com", now=clock()) == 1
    empty = boxed.settings.digest.model_copy(update={"recipients": ()})
    changed = Configured(settings=boxed.settings.model_copy(update={"digest": empty}), path=boxed.path)
    with pytest.raises(ConfigError, match=r"no longer in digest\.recipients"):
        resend(built, changed, W47, "zh@example.com", now=clock())


def test_a_mail_sent_again_into_the_outbox_is_a_file_again(built: Database, boxed: Configured, clock: Clock) -> None:
    send(built, boxed, clock)
    path = boxed.outbox / outbox.file_name(W47, Recipient(address="zh@example.com"))
    path.unlink()
    resend(built, boxed, W47, "zh@example.com", now=clock())
    send(built, boxed, clock)
    assert path.is_file()


def test_two_senders_do_not_mail_at_once(
    built: Database, boxed: Configured, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.steps.deliver._LOCK_WAIT_SECONDS", 0)
    with built.lock("mail"), pytest.raises(BusyError):
        send(built, boxed, clock)


def test_the_waits_grow_and_end() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    waits = [next_try(attempts, now=start, built_at=start) for attempts in (1, 2, 3, 20)]
    assert [wait - start for wait in waits if wait] == [
        timedelta(minutes=5),
        timedelta(minutes=10),
        timedelta(minutes=20),
        timedelta(hours=4),
    ]
    assert next_try(1, now=start + GIVE_UP_AFTER, built_at=start) is None
