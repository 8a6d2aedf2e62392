"""``kaibi digest``: looking at a week's mail, mailing what is owed, and what became of it."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from pipeline.doors.invocation import WEEK, Group, Invocation, clock, pass_invocation, writing
from pipeline.doors.terminal import counted, moment, print_table, progress_bar
from pipeline.errors import ConfigError, DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from pipeline.config.place import Configured
    from pipeline.model import BuiltDigest, Delivery, Digest, Wording
    from pipeline.store.database import Database
    from pipeline.weeks import Week

_SHOWN_DIGESTS: Final = 12
_WEEK = click.option("--week", type=WEEK, help="An ISO week such as 2026-W47.")
_FILE = click.Path(path_type=Path, allow_dash=True)


@click.group(cls=Group, examples=("kaibi digest preview", "kaibi digest send", "kaibi digest status"))
def digest() -> None:
    """Look at the weekly digest, mail it, and see what became of it."""


@digest.command(
    examples=(
        "kaibi digest preview                          the newest week that is over, as text",
        "kaibi digest preview --week 2026-W47 --html week.html",
        "kaibi digest preview --json | jq .votes",
    )
)
@_WEEK
@click.option("--html", type=_FILE, metavar="F", help="Write the mail's HTML part here.")
@click.option("--text", type=_FILE, metavar="F", help="Write the mail's text part here.")
@click.option("--eml", type=_FILE, metavar="F", help="Write the whole mail here.")
@click.option("--json", "as_json", is_flag=True, help="Print the digest as JSON.")
@pass_invocation
def preview(
    invocation: Invocation, *, week: Week | None, html: Path | None, text: Path | None, eml: Path | None, as_json: bool
) -> None:
    """Show what a week's digest says now, storing and mailing nothing."""
    from pipeline.steps.digest import draft, latest_week, worded

    configured = invocation.configured()
    settings, now = configured.settings, clock()
    week = week or latest_week(settings, now=now)
    with invocation.database(configured) as db:
        drafted = draft(db, settings, week, now=now)
        _say_what_is_missing(invocation, db, configured, drafted)
        if as_json and html is text is eml is None:
            _print_json(drafted)
            return
        wording = worded(drafted, settings, settings.debate.language)
        if eml is not None:
            _write(eml, _as_mail(db, configured, week, wording))
    if html is not None:
        _write(html, wording.html.encode())
    if text is not None:
        _write(text, wording.text.encode())
    if as_json:
        _print_json(drafted)
    elif html is text is eml is None:
        click.echo(wording.text)
        invocation.say(
            "next: kaibi digest send --to YOU@EXAMPLE.COM mails it to you alone, kaibi digest send to the recipients"
        )


def _print_json(drafted: Digest) -> None:
    from pipeline.shifts.document import document

    click.echo(json.dumps(document(drafted), ensure_ascii=False, indent=2))


def _say_what_is_missing(invocation: Invocation, db: Database, configured: Configured, drafted: Digest) -> None:
    from pipeline.store import statements
    from pipeline.weeks import Week

    if drafted.coverage.articles_unread:
        unread = counted(drafted.coverage.articles_unread, "article")
        invocation.say(f"{drafted.week}: {unread} of it not read yet - kaibi analyse reads them")
    if not drafted.is_empty:
        return
    zone = configured.settings.debate.zone
    found: dict[Week, int] = {}
    for one, _ in statements.everything(db):
        week = Week.of(one.published_at, zone)
        found[week] = found.get(week, 0) + 1
    newest = ", ".join(f"{week} ({found[week]})" for week in sorted(found, reverse=True)[:8])
    elsewhere = (
        f"there are some in {newest}" if found else "there are none in any week - kaibi crawl, then kaibi analyse"
    )
    invocation.say(f"{drafted.week}: no statement in this week; {elsewhere}")


def _as_mail(db: Database, configured: Configured, week: Week, wording: Wording) -> bytes:
    from pipeline.mail.message import build_message, list_id_for, message_id_for
    from pipeline.settings import Recipient

    settings = configured.settings
    recipient = next(iter(settings.digest.recipients), Recipient(address="nobody@kaibi.invalid"))
    message = build_message(
        wording,
        sender=settings.mail.sender,
        recipient=recipient,
        message_id=message_id_for(week, recipient, f"{db.key} preview"),
        sent_at=clock(),
        list_id=list_id_for(settings.mail.sender),
        language=settings.debate.language,
    )
    return message.as_bytes()


def _write(target: Path, content: bytes) -> None:
    if str(target) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        return
    with writing(target):
        was_there = target.exists()
        try:
            target.write_bytes(content)
        except OSError:
            if not was_there:
                target.unlink(missing_ok=True)  # a part of a mail would pass for one
            raise


@digest.command(
    examples=(
        "kaibi digest send                       what is owed",
        "kaibi digest send --week 2026-W47       that week",
        "kaibi digest send --to me@example.com   a test mail; the recipients' deliveries are left alone",
    )
)
@_WEEK
@click.option("--to", metavar="ADDR", help="A test mail to this address alone.")
@pass_invocation
def send(invocation: Invocation, *, week: Week | None, to: str | None) -> None:
    """Mail the digests that are owed, or a week's."""
    from pipeline.config.secrets import mail_password
    from pipeline.steps import deliver as step
    from pipeline.steps.digest import build_owed, build_week, latest_week

    configured = invocation.configured()
    settings, now = configured.settings, clock()
    password = mail_password(os.environ)
    with invocation.database(configured) as db:
        if to is not None:
            week = week or latest_week(settings, now=now)
            where = step.send_test(db, configured, week, _address(to), password=password, clock=clock)
            invocation.say(f"{week} to {to}: {where}")
            return
        by_hand = not invocation.unattended
        if by_hand:
            _read_what_is_unread(invocation, db, configured)
        if week is None:
            built = build_owed(db, settings, now=now, by_hand=by_hand)
        else:
            _warn_of_unfinished(invocation, configured, week)
            built = (build_week(db, settings, week, now=now),)
        tried = step.deliver(db, configured, password=password, clock=clock, week=week, by_hand=by_hand)
        _say_built(invocation, db, [one for one in built if one.built_at >= now])
        if not tried and by_hand and not any(one.outcome == "empty" for one in built):
            invocation.say(_why_nothing(db, configured, week or latest_week(settings, now=now)))
        _say_unknown(invocation, db, configured)
    _tell_deliveries(invocation, configured, tried)


def _say_unknown(invocation: Invocation, db: Database, configured: Configured) -> None:
    """Name the mails whose fate is unknown: they wait for a person, and nothing else would tell."""
    from pipeline.model import DeliveryState
    from pipeline.store import deliveries

    zone = configured.settings.debate.zone
    for one in deliveries.unsettled(db):
        if one.state is DeliveryState.UNKNOWN:
            invocation.say(f"{one.week} to {one.recipient}: {one.problem or one.state} - {what_to_do(one, zone)}")


def _read_what_is_unread(invocation: Invocation, db: Database, configured: Configured) -> None:
    """Read what came since the last analysis: a digest is never built twice, so it had better be whole."""
    from pipeline.store import articles

    if articles.count(db)[1]:
        from pipeline.doors.refereeing import referee_for, tell_of_referee
        from pipeline.steps.analyse import analyse

        now = clock()
        referee = referee_for(invocation, db, configured, now=now)
        with progress_bar("reading") as progress:
            record = analyse(db, configured.settings.debate, again=False, now=now, referee=referee, progress=progress)
        invocation.say(f"read {counted(record.articles, 'article')} first")
        tell_of_referee(invocation, record.referee)


def _address(written: str) -> str:
    from pydantic import ValidationError

    from pipeline.settings import Recipient

    try:
        return Recipient(address=written).address
    except ValidationError as error:
        raise ConfigError(f'--to: "{written}" is no mail address - write one such as name@example.com') from error


def _warn_of_unfinished(invocation: Invocation, configured: Configured, week: Week) -> None:
    """Say what it means to mail a week that goes on; who names the week decides. ConfigError if it is to come."""
    zone = configured.settings.debate.zone
    ends_at, now = week.ends_at(zone), clock()
    if week.starts_at(zone) > now:
        raise ConfigError(
            f"{week} begins {moment(week.starts_at(zone), zone)}, and a digest is never changed - "
            "name a week that has begun"
        )
    if ends_at > now:
        invocation.say(
            f"{week} lasts until {moment(ends_at, zone)}: this is its digest for good, the rest of the week goes untold"
        )


def _say_built(invocation: Invocation, db: Database, built: Sequence[BuiltDigest]) -> None:
    from pipeline.model import DigestOutcome
    from pipeline.store import deliveries

    for one in built:
        if one.outcome is DigestOutcome.EMPTY:
            told = 'no statement in this week, so no mail ([digest] empty = "skip")'
        elif one.outcome is DigestOutcome.ARCHIVED:
            told = f"built after its time and not mailed - kaibi digest send --week {one.week} mails it"
        else:
            told = f"built for {counted(len(deliveries.of_week(db, one.week)), 'recipient')}"
        invocation.say(f"{one.week}: {told}")


def _why_nothing(db: Database, configured: Configured, week: Week) -> str:
    from pipeline.model import DeliveryState
    from pipeline.steps.digest import next_due_at
    from pipeline.store import deliveries

    settings = configured.settings
    if not settings.digest.recipients:
        return f"nothing to mail: write an address into [digest] recipients in {configured.path}"
    ledger = deliveries.of_week(db, week)
    stuck = [one for one in ledger if one.state is not DeliveryState.SENT]
    if stuck:
        return (
            f"{week}: {counted(len(stuck), 'mail')} not sent and not to be tried again - kaibi digest status says why"
        )
    if ledger:
        return f"nothing is owed: {week} was mailed to {counted(len(ledger), 'recipient')}; the next is due {moment(next_due_at(settings, now=clock()), settings.debate.zone)}"
    return f"nothing is owed; the next digest is due {moment(next_due_at(settings, now=clock()), settings.debate.zone)}"


def _tell_deliveries(invocation: Invocation, configured: Configured, tried: Sequence[Delivery]) -> None:
    """Say what went out, and raise DeliveryError where something did not."""
    from pipeline.model import DeliveryState
    from pipeline.settings import Transport

    zone = configured.settings.debate.zone
    is_file = configured.settings.mail.transport is Transport.OUTBOX
    for one in tried:
        if one.state is DeliveryState.SENT:
            invocation.say(f"{one.week} to {one.recipient}: {f'written to {configured.outbox}' if is_file else 'sent'}")
    problems = [
        f"{one.week} to {one.recipient}: {one.problem or one.state} - {what_to_do(one, zone)}"
        for one in tried
        if one.state is not DeliveryState.SENT
    ]
    if problems:
        raise DeliveryError("\n".join(problems))


def what_to_do(delivery: Delivery, zone: tzinfo) -> str:
    """Return what a person does about a delivery in its state; empty where nothing needs to be done."""
    from pipeline.model import DeliveryState

    again = f"kaibi digest resend --week {delivery.week} --to {delivery.recipient}"
    match delivery.state:
        case DeliveryState.READY if delivery.next_try_at is not None:
            return (
                f"kept, tried again at {moment(delivery.next_try_at, zone)} by kaibi run, or now by kaibi digest send"
            )
        case DeliveryState.READY:
            return "waits for kaibi run or kaibi digest send"
        case DeliveryState.SENDING:
            return "on its way"
        case DeliveryState.FAILED:
            return f"put the cause right, then {again}"
        case DeliveryState.UNKNOWN:
            return f"ask the recipient; if it did not arrive: {again}"
    return ""


@digest.command(name="status", examples=("kaibi digest status",))
@pass_invocation
def digest_status(invocation: Invocation) -> None:
    """List the newest digests, whom each went to, and what waits for a person."""
    from pipeline.model import DeliveryState
    from pipeline.store import deliveries, digests

    configured = invocation.configured()
    zone = configured.settings.debate.zone
    rows = []
    with invocation.database(configured) as db:
        for built in digests.built(db, limit=_SHOWN_DIGESTS):
            head = (str(built.week), moment(built.built_at, zone), _OUTCOMES[built.outcome])
            ledger = deliveries.of_week(db, built.week)
            sent = sum(one.state is DeliveryState.SENT for one in ledger)
            if ledger and sent:
                head = (*head[:2], "mailed" if sent == len(ledger) else f"mailed to {sent} of {len(ledger)}")
            if not ledger:
                rows.append((*head, "", "", ""))
            rows += [
                (*head, one.recipient, str(one.state), "; ".join(filter(None, (one.problem, what_to_do(one, zone)))))
                for one in ledger
            ]
    print_table(("week", "built", "outcome", "recipient", "state", "what to do"), rows)
    if not rows:
        invocation.say("no digest was built yet - kaibi digest send builds and mails the newest")


_OUTCOMES: Final = {"to_mail": "to be mailed", "archived": "archived", "empty": "empty, not mailed"}


@digest.command(
    examples=(
        "kaibi digest resend                            all of the newest digest that failed or is unknown",
        "kaibi digest resend --week 2026-W47 --to a@example.com",
    )
)
@_WEEK
@click.option("--to", metavar="ADDR", help="This recipient alone, also where the mail was sent before.")
@pass_invocation
def resend(invocation: Invocation, *, week: Week | None, to: str | None) -> None:
    """Send a digest again to whom it did not reach: a person decides, kaibi never does."""
    from pipeline.config.secrets import mail_password
    from pipeline.steps import deliver as step
    from pipeline.store import digests

    configured = invocation.configured()
    password = mail_password(os.environ)
    with invocation.database(configured) as db:
        known = digests.weeks(db)
        week = week or (known[-1] if known else None)
        if week is None or week not in known:
            which = f"for {week}" if week else "yet"
            raise ConfigError(f"no digest was built {which} - kaibi digest send builds and mails one")
        step.resend(db, configured, week, to, now=clock())
        tried = step.deliver(db, configured, password=password, clock=clock, week=week, by_hand=True)
    _tell_deliveries(invocation, configured, tried)
