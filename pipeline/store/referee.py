"""What the referee has answered, so that nothing is asked twice, and how often it was asked in each month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select, update

from pipeline.model import RefereeAnswer, Stance
from pipeline.store.tables import referee_answers, referee_months

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.store.database import Database


def answer(db: Database, key: str) -> RefereeAnswer | None:
    """Return what was answered to the request of that key; None: nothing yet."""
    with db.read() as connection:
        row = connection.execute(select(referee_answers).where(referee_answers.c.key == key)).first()
    if row is None:
        return None
    return RefereeAnswer(stance=Stance(row.stance), confidence=row.confidence, evidence=row.evidence)


def keep(db: Database, key: str, given: RefereeAnswer, *, model: str, now: datetime) -> None:
    """Store an answer in the place of any earlier one to the same request."""
    with db.write() as connection:
        connection.execute(delete(referee_answers).where(referee_answers.c.key == key))
        connection.execute(
            insert(referee_answers).values(
                key=key,
                model=model,
                stance=str(given.stance),
                confidence=given.confidence,
                evidence=given.evidence,
                answered_at=now,
            )
        )


def spend(db: Database, month: str, *, budget: int) -> bool:
    """Count one request in a month ("2026-11") before it is sent; False, and nothing counted, where the budget is used up."""
    with db.write() as connection:
        requests = connection.scalar(select(referee_months.c.requests).where(referee_months.c.month == month))
        if (requests or 0) >= budget:
            return False
        if requests is None:
            connection.execute(insert(referee_months).values(month=month, requests=1))
        else:
            connection.execute(
                update(referee_months).where(referee_months.c.month == month).values(requests=requests + 1)
            )
        return True


def spent(db: Database, month: str) -> int:
    """Return how many requests were counted in a month."""
    with db.read() as connection:
        return int(connection.scalar(select(referee_months.c.requests).where(referee_months.c.month == month)) or 0)
