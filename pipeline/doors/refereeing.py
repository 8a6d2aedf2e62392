"""The referee at the door: made from the config and the environment where it is enabled, and told of in one line."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

from pipeline.doors.terminal import counted
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.config.place import Configured
    from pipeline.doors.invocation import Invocation
    from pipeline.steps.refereeing import Referee, RefereeRecord
    from pipeline.store.database import Database


def referee_for(invocation: Invocation, db: Database, configured: Configured, *, now: datetime) -> Referee | None:
    """Return the config's referee; None where it is off, and where its key cannot be read (which is said)."""
    settings = configured.settings.reading.referee
    if not settings.enabled:
        return None
    from pipeline.config.secrets import referee_key
    from pipeline.referee.endpoint import Endpoint
    from pipeline.steps.refereeing import Referee

    try:
        key = referee_key(os.environ)
    except ConfigError as error:
        invocation.say(f"the referee is not asked: {error}", level=logging.WARNING)
        return None
    return Referee(db, configured.settings.debate, settings, Endpoint(settings, key), now=now)


def tell_of_referee(invocation: Invocation, record: RefereeRecord | None) -> None:
    """Say in one line what came of asking; nothing where nothing was unsure."""
    if record is None or not record.unsure:
        return
    parts = [
        f"{counted(record.unsure, 'unsure statement')}, {counted(record.requests, 'request')}, {record.from_cache} from the cache",
        f"{record.changed} changed, {record.agreed - record.changed} confirmed, {record.undecided} undecided",
    ]
    if record.failures:
        why = ", ".join(f"{count} {reason}" for reason, count in record.failures)
        parts.append(f"{record.failed} failed: {why}")
    if record.left_alone:
        parts.append(f"{record.left_alone} not asked after these failures")
    if record.over_budget:
        parts.append(f"{record.over_budget} over the month's budget of {counted(record.budget, 'request')}")
    is_well = not (record.failures or record.left_alone)
    invocation.say(f"referee {record.model}: {'; '.join(parts)}", level=logging.INFO if is_well else logging.WARNING)
