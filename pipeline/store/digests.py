"""Digests as they were built: one a week, kept with their wording, never changed afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from pipeline.model import BuiltDigest, DigestOutcome, Wording
from pipeline.store.deliveries import enter_in
from pipeline.store.tables import articles, digests
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy import Row

    from pipeline.store.database import Database


def save(
    db: Database,
    week: Week,
    document: Mapping[str, Any],
    wordings: Mapping[str, Wording],
    outcome: DigestOutcome,
    *,
    message_ids: Mapping[str, str],
    now: datetime,
) -> bool:
    """Keep a week's digest and enter its deliveries (recipient -> Message-ID), both or neither.

    False, and nothing changed, where the week has a digest already.
    """
    rendered = {
        language: {"subject": one.subject, "preheader": one.preheader, "html": one.html, "text": one.text}
        for language, one in wordings.items()
    }
    with db.write() as connection:
        if connection.scalar(select(digests.c.id).where(digests.c.week == str(week))) is not None:
            return False
        digest_id = connection.execute(
            insert(digests)
            .values(week=str(week), built_at=now, outcome=outcome, document=dict(document), rendered=rendered)
            .returning(digests.c.id)
        ).scalar_one()
        enter_in(connection, int(digest_id), message_ids, now=now)
    return True


def of_week(db: Database, week: Week) -> BuiltDigest | None:
    """Return the week's digest; None when none was built."""
    with db.read() as connection:
        row = connection.execute(select(digests).where(digests.c.week == str(week))).first()
    return None if row is None else _built(row)


def weeks(db: Database) -> tuple[Week, ...]:
    """Return the weeks that have a digest, oldest first."""
    with db.read() as connection:
        return tuple(Week.parse(week) for week in connection.scalars(select(digests.c.week).order_by(digests.c.week)))


def built(db: Database, *, limit: int) -> tuple[BuiltDigest, ...]:
    """Return the newest weeks' digests, newest first."""
    with db.read() as connection:
        rows = connection.execute(select(digests).order_by(digests.c.week.desc()).limit(limit)).all()
    return tuple(_built(row) for row in rows)


def discard_empty(db: Database, week: Week) -> None:
    """Take back a week's digest that was empty and went to nobody; any other stays."""
    with db.write() as connection:
        connection.execute(delete(digests).where(digests.c.week == str(week), digests.c.outcome == DigestOutcome.EMPTY))


def mail_after_all(db: Database, week: Week) -> None:
    """Note that a person wants a digest mailed that was only archived."""
    with db.write() as connection:
        connection.execute(update(digests).where(digests.c.week == str(week)).values(outcome=DigestOutcome.TO_MAIL))


def late_articles(db: Database, *, before: Week, zone: ZoneInfo) -> int:
    """Return how many articles came after the digest of their own week was built, and since the last digest.

    ``before`` is the week of the digest that is to say so.
    """
    with db.read() as connection:
        built_at = {
            Week.parse(row.week): row.built_at
            for row in connection.execute(
                select(digests.c.week, digests.c.built_at).where(digests.c.week < str(before))
            )
        }
        if not built_at:
            return 0
        since = max(built_at.values())
        came = connection.scalars(select(articles.c.counts_at).where(articles.c.seen_at > since)).all()
    return sum(Week.of(counts_at, zone) in built_at for counts_at in came)


def _built(row: Row[Any]) -> BuiltDigest:
    return BuiltDigest(
        id=row.id,
        week=Week.parse(row.week),
        built_at=row.built_at,
        outcome=DigestOutcome(row.outcome),
        document=row.document,
        wordings={language: Wording(**one) for language, one in row.rendered.items()},
    )
