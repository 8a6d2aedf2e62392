"""What ``kaibi doctor`` looks at. Keeps to itself how each thing is tried; a check that needs another waits for it."""

from __future__ import annotations

import importlib
import os
import platform
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Final

from pipeline.doors.invocation import clock
from pipeline.errors import ConfigError, DeliveryError, KaibiError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.config.place import Configured
    from pipeline.doors.invocation import Invocation

_ROOMS: Final = (
    "pipeline.config.edit", "pipeline.pages.page", "pipeline.reading.engine", "pipeline.steps.analyse",
    "pipeline.steps.crawl", "pipeline.steps.deliver", "pipeline.doors.schedule",
)  # fmt: skip
"""Together they import every package that kaibi rests on."""
_OLDEST_PYTHON: Final = (3, 11)
_LEAST_SPACE: Final = 200_000_000
_WRITTEN_AT: Final = datetime(2026, 11, 1, tzinfo=UTC)
_SMTP_WAIT: Final = timedelta(seconds=20)
_REFEREE_WAIT: Final = timedelta(seconds=10)
_MODELS_SHOWN: Final = 5


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came of one check."""

    subject: str
    remark: str
    """What is there, or what to do."""
    exit_status: int = 0

    @property
    def is_ok(self) -> bool:
        """Whether nothing needs to be done."""
        return self.exit_status == 0


class _EnoughError(Exception):
    """The mail server took sender and recipient: nothing more needs to be tried."""


def examine(invocation: Invocation) -> Iterator[Finding]:
    """Yield a finding a check, each as soon as it is known."""
    yield _python()
    yield _dependencies()
    try:
        configured = invocation.configured()
    except ConfigError as error:
        first, *more = error.problems
        rest = f" (and {len(more)} more: kaibi config check)" if more else ""
        yield Finding(subject="config", remark=f"{first}{rest}", exit_status=error.exit_status)
        yield _clock()
        return
    yield Finding(subject="config", remark=str(configured.path))
    yield _folder(configured.folder)
    yield _database(invocation, configured)
    yield _mail(configured)
    yield _referee(invocation, configured)
    yield _time_zone(configured)
    yield _disk(configured.folder)
    yield _clock()


def _python() -> Finding:
    found = platform.python_version()
    if sys.version_info[:2] < _OLDEST_PYTHON:
        return Finding(subject="python", remark=f"{found} is too old - install 3.11 or newer", exit_status=2)
    return Finding(subject="python", remark=found)


def _dependencies() -> Finding:
    missing = []
    needed = [line for line in requires("kaibi") or () if "extra ==" not in line]
    for line in needed:
        name = re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0]
        try:
            version(name)
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        remark = f"not installed: {', '.join(missing)} - pip install {' '.join(missing)}"
        return Finding(subject="dependencies", remark=remark, exit_status=2)
    for room in _ROOMS:
        try:
            importlib.import_module(room)
        except ImportError as error:
            remark = f"{room} cannot be imported: {error} - install kaibi again"
            return Finding(subject="dependencies", remark=remark, exit_status=2)
    return Finding(subject="dependencies", remark=f"all {len(needed)} packages")


def _folder(folder: Path) -> Finding:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        remark = f"{folder} cannot be written ({error.strerror}) - change its owner or its rights"
        return Finding(subject="folder", remark=remark, exit_status=StoreError.exit_status)
    return Finding(subject="folder", remark=f"{folder} can be written")


def _database(invocation: Invocation, configured: Configured) -> Finding:
    from pipeline.config.show import masked
    from pipeline.store import articles

    try:
        with invocation.database(configured) as db:
            stored, unread = articles.count(db)
    except KaibiError as error:
        return Finding(subject="database", remark=str(error), exit_status=error.exit_status)
    remark = f"{masked(configured.store_url)}: {stored} articles, {unread} of them to be read"
    return Finding(subject="database", remark=remark)


def _mail(configured: Configured) -> Finding:
    from pipeline.settings import Transport

    try:
        remark = (
            _outbox(configured.outbox) if configured.settings.mail.transport is Transport.OUTBOX else _smtp(configured)
        )
    except KaibiError as error:
        return Finding(subject="mail", remark=str(error), exit_status=error.exit_status)
    nobody = (
        "" if configured.settings.digest.recipients else "; nobody gets the digest yet: [digest] recipients is empty"
    )
    return Finding(subject="mail", remark=remark + nobody)


def _outbox(outbox: Path) -> str:
    place = next(folder for folder in (outbox, *outbox.parents) if folder.exists())
    if not place.is_dir() or not os.access(place, os.W_OK | os.X_OK):
        raise DeliveryError(f"{place} cannot be written - change its rights, or name another [mail] outbox")
    return f"mails are written to {outbox}"


def _smtp(configured: Configured) -> str:
    """Go as far as the server's word on sender and recipient, and leave before any mail is handed over."""
    from pipeline.config.secrets import mail_password
    from pipeline.mail import smtp
    from pipeline.mail.message import build_message, list_id_for
    from pipeline.model import Wording
    from pipeline.settings import Recipient

    mail, now = configured.settings.mail, clock()
    sender = mail.sender.rpartition("<")[2].rstrip("> ") or "postmaster@localhost"
    recipient = next(iter(configured.settings.digest.recipients), Recipient(address=sender))
    message = build_message(
        Wording(subject="kaibi doctor", preheader="", html="", text=""),
        sender=mail.sender,
        recipient=recipient,
        message_id=f"<doctor.{now:%Y%m%d%H%M%S}@kaibi.invalid>",
        sent_at=now,
        list_id=list_id_for(mail.sender),
        language="en",
    )
    try:
        handover = smtp.send(message, mail, mail_password(os.environ), timeout=_SMTP_WAIT, before_data=_stop)
    except _EnoughError:
        return f"{mail.host} takes mail from {sender} to {recipient.address}"
    raise DeliveryError(f"{mail.host}: {handover.detail}")


def _stop() -> None:
    raise _EnoughError


def _referee(invocation: Invocation, configured: Configured) -> Finding:
    """Ask an enabled referee's server which models it has, which costs nothing; nobody is asked where it is off."""
    settings = configured.settings.reading.referee
    if not settings.enabled:
        return Finding(subject="referee", remark="off")
    from pipeline.config.secrets import REFEREE_KEY, referee_key
    from pipeline.referee.endpoint import Endpoint
    from pipeline.referee.troubles import Failure, Trouble
    from pipeline.steps.refereeing import month_of
    from pipeline.store import referee

    month = month_of(clock(), configured.settings.debate)
    try:
        key = referee_key(os.environ)
        with invocation.database(configured) as db:
            spent = referee.spent(db, month)
    except KaibiError as error:
        return Finding(subject="referee", remark=str(error), exit_status=error.exit_status)
    models = Endpoint(settings.model_copy(update={"timeout": _REFEREE_WAIT}), key).models()
    if isinstance(models, Failure):
        todo = f"set {REFEREE_KEY}" if models.trouble is Trouble.KEY else "check [reading.referee] base_url"
        remark = f"{settings.base_url}: {models.trouble} ({models.detail}) - {todo}; until then the engine reads alone"
        return Finding(subject="referee", remark=remark, exit_status=ConfigError.exit_status)
    if models and settings.model not in models:
        has = ", ".join(models[:_MODELS_SHOWN]) + (", ..." if len(models) > _MODELS_SHOWN else "")
        remark = f"{settings.base_url} has no model {settings.model} - it has {has}"
        return Finding(subject="referee", remark=remark, exit_status=ConfigError.exit_status)
    used = f"{spent} of {settings.monthly_budget} requests used in {month}"
    return Finding(subject="referee", remark=f"{settings.model} at {settings.base_url}; {used}")


def _time_zone(configured: Configured) -> Finding:
    debate = configured.settings.debate
    return Finding(
        subject="time zone", remark=f"{debate.timezone}, where it is {clock().astimezone(debate.zone):%a %H:%M}"
    )


def _disk(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    if free < _LEAST_SPACE:
        remark = f"only {free // 1_000_000} MB free at {folder} - make room"
        return Finding(subject="disk", remark=remark, exit_status=StoreError.exit_status)
    return Finding(subject="disk", remark=f"{free / 1e9:.1f} GB free")


def _clock() -> Finding:
    now = clock()
    if now < _WRITTEN_AT:
        remark = f"{now:%Y-%m-%d %H:%M} UTC is before kaibi was written - set this machine's clock (NTP)"
        return Finding(subject="clock", remark=remark, exit_status=2)
    return Finding(subject="clock", remark=f"{now:%Y-%m-%d %H:%M} UTC")
