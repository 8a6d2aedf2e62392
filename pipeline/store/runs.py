"""The record of the visits to the sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from pipeline.model import CrawlRun, Outcome, PageProblem, Visit
from pipeline.store.tables import runs, sources, visits

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from pipeline.store.database import Database


def begin(db: Database, *, now: datetime) -> int:
    """Open the record of a run and return its number."""
    with db.write() as connection:
        return int(connection.execute(insert(runs).values(started_at=now).returning(runs.c.id)).scalar_one())


def end(db: Database, run_id: int, *, now: datetime) -> CrawlRun:
    """Close the record of a run and return it whole."""
    with db.write() as connection:
        connection.execute(update(runs).where(runs.c.id == run_id).values(ended_at=now))
        return _run(connection, run_id)


def last(db: Database) -> CrawlRun | None:
    """Return the newest run that came to its end; None when there was none."""
    with db.read() as connection:
        run_id = connection.scalar(
            select(runs.c.id).where(runs.c.ended_at.is_not(None)).order_by(runs.c.id.desc()).limit(1)
        )
        return None if run_id is None else _run(connection, run_id)


def _run(connection: Connection, run_id: int) -> CrawlRun:
    run = connection.execute(select(runs).where(runs.c.id == run_id)).one()
    rows = connection.execute(
        select(visits, sources.c.name).join(sources).where(visits.c.run_id == run_id).order_by(visits.c.id)
    ).all()
    return CrawlRun(
        id=run_id,
        started_at=run.started_at,
        ended_at=run.ended_at,
        visits=tuple(
            Visit(
                source=row.name,
                started_at=row.started_at,
                ended_at=row.ended_at,
                outcome=Outcome(row.outcome),
                articles_new=row.articles_new,
                articles_known=row.articles_known,
                problem=row.problem,
                page_problems=tuple(PageProblem(**page) for page in row.page_problems),
            )
            for row in rows
        ),
    )
