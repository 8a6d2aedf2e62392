"""The ledger: which digest went to whom. Written before the send, so that nothing is mailed twice.

    ready ──claim──> sending ──hand_over──> (handed over) ──settle──> sent | failed | unknown
      ^                 │                                                  │
      └─ not handed over┘                   ready again at next_try_at <───┘ (refused for now)

A mail whose text was being handed over when the sender died may have arrived: it becomes ``unknown``
and only a person sends it again. Before that point nothing can have arrived, and it is simply ready.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select, update

from pipeline.model import Delivery, DeliveryState
from pipeline.store.tables import deliveries, digests
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row, Select

    from pipeline.store.database import Database


def enter(db: Database, week: Week, message_ids: Mapping[str, str], *, now: datetime) -> int:
    """Enter a delivery for each recipient (address -> Message-ID) that the week's digest has none for.

    Returns how many were new; KeyError when the week has no digest.
    """
    with db.write() as connection:
        digest_id = connection.scalar(select(digests.c.id).where(digests.c.week == str(week)))
        if digest_id is None:
            raise KeyError(str(week))
        return enter_in(connection, digest_id, message_ids, now=now)


def enter_in(connection: Connection, digest_id: int, message_ids: Mapping[str, str], *, now: datetime) -> int:
    """Do the same inside a transaction of this room."""
    there = set(connection.scalars(select(deliveries.c.recipient).where(deliveries.c.digest_id == digest_id)))
    rows = [
        {
            "digest_id": digest_id,
            "recipient": recipient,
            "state": DeliveryState.READY,
            "attempts": 0,
            "changed_at": now,
            "message_id": message_id,
        }
        for recipient, message_id in message_ids.items()
        if recipient not in there
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
    return len(rows)


def settle_abandoned(db: Database, *, now: datetime) -> None:
    """Decide what a dead sender left behind. Call with the mail lock held: then nobody else is sending."""
    left = deliveries.c.state == DeliveryState.SENDING
    with db.write() as connection:
        connection.execute(
            update(deliveries)
            .where(left, deliveries.c.handed_over_at.is_(None))
            .values(
                state=DeliveryState.READY, changed_at=now, problem="the sender was stopped before the mail went out"
            )
        )
        connection.execute(
            update(deliveries)
            .where(left)
            .values(
                state=DeliveryState.UNKNOWN,
                changed_at=now,
                problem="the sender was stopped while the mail went out: it may or may not have arrived",
            )
        )


def due(db: Database, *, now: datetime | None, week: Week | None = None) -> tuple[Delivery, ...]:
    """Return the deliveries to be tried, oldest week first; of one week if named.

    ``now`` None also gives those whose time to be tried again has not come.
    """
    query = _rows().where(deliveries.c.state == DeliveryState.READY)
    if now is not None:
        query = query.where(or_(deliveries.c.next_try_at.is_(None), deliveries.c.next_try_at <= now))
    if week is not None:
        query = query.where(digests.c.week == str(week))
    with db.read() as connection:
        return tuple(_delivery(row) for row in connection.execute(query))


def of_week(db: Database, week: Week) -> tuple[Delivery, ...]:
    """Return a week's deliveries in the order in which they were entered."""
    with db.read() as connection:
        return tuple(_delivery(row) for row in connection.execute(_rows().where(digests.c.week == str(week))))


def unsettled(db: Database) -> tuple[Delivery, ...]:
    """Return the deliveries that are not sent: waiting, refused or unknown."""
    with db.read() as connection:
        return tuple(
            _delivery(row) for row in connection.execute(_rows().where(deliveries.c.state != DeliveryState.SENT))
        )


def claim(db: Database, delivery_id: int, *, now: datetime) -> bool:
    """Take a ready delivery for sending; False where somebody else was quicker."""
    with db.write() as connection:
        taken = connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery_id, deliveries.c.state == DeliveryState.READY)
            .values(
                state=DeliveryState.SENDING,
                attempts=deliveries.c.attempts + 1,
                changed_at=now,
                handed_over_at=None,
                next_try_at=None,
            )
        )
        return taken.rowcount == 1


def hand_over(db: Database, delivery_id: int, *, now: datetime) -> None:
    """Note that the mail's text is about to go out: from here on it may have arrived."""
    with db.write() as connection:
        connection.execute(update(deliveries).where(deliveries.c.id == delivery_id).values(handed_over_at=now))


def settle(
    db: Database,
    delivery_id: int,
    state: DeliveryState,
    *,
    problem: str | None,
    next_try_at: datetime | None,
    now: datetime,
) -> None:
    """Note how a claimed delivery ended; READY means: again at ``next_try_at``."""
    with db.write() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery_id)
            .values(state=state, problem=problem, next_try_at=next_try_at, changed_at=now)
        )


def make_ready(db: Database, delivery_id: int, *, now: datetime) -> None:
    """Send this one again, because a person says so."""
    with db.write() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == delivery_id, deliveries.c.state != DeliveryState.SENDING)
            .values(state=DeliveryState.READY, next_try_at=None, handed_over_at=None, changed_at=now, problem=None)
        )


def _rows() -> Select[Any]:
    return select(deliveries, digests.c.week).join(digests).order_by(digests.c.week, deliveries.c.id)


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        week=Week.parse(row.week),
        recipient=row.recipient,
        state=DeliveryState(row.state),
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        changed_at=row.changed_at,
        message_id=row.message_id,
        problem=row.problem,
    )
