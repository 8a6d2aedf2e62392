"""What is remembered of each source between visits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from pipeline.model import Health, Outcome, SourceState, Validators
from pipeline.store.tables import articles, pages_waiting, sources, visits

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from typing import Any

    from pipeline.model import Visit
    from pipeline.settings import Source
    from pipeline.store.database import Database


def sync(db: Database, configured: Sequence[Source]) -> None:
    """Make the table follow the config: new sources get a row, those that left keep theirs but are not followed.

    A source whose address changed starts anew: what the old address said of itself no longer counts.
    """
    with db.write() as connection:
        rows = {row.name: row for row in connection.execute(select(sources))}
        for source in configured:
            row = rows.get(source.name)
            if row is None:
                connection.execute(
                    insert(sources).values(name=source.name, followed=source.enabled, **_fresh(source.url))
                )
            elif row.url != source.url:
                connection.execute(
                    update(sources).where(sources.c.id == row.id).values(followed=source.enabled, **_fresh(source.url))
                )
            elif row.followed != source.enabled:
                connection.execute(update(sources).where(sources.c.id == row.id).values(followed=source.enabled))
        left = set(rows) - {source.name for source in configured}
        for name in left:
            connection.execute(update(sources).where(sources.c.name == name).values(followed=False))


def _fresh(url: str) -> dict[str, Any]:
    return {
        "url": url,
        "health": Health.NEW,
        "failures": 0.0,
        "etag": None,
        "last_modified": None,
        "next_due_at": None,
        "problem": None,
    }


def states(db: Database, *, now: datetime) -> tuple[SourceState, ...]:
    """Return the followed sources' states, in the order in which they were first configured."""
    with db.read() as connection:
        rows = connection.execute(_states(now).where(sources.c.followed).order_by(sources.c.id)).all()
    return tuple(_state(row) for row in rows)


def due(db: Database, configured: Sequence[Source], *, now: datetime) -> tuple[Source, ...]:
    """Return the enabled ones of these sources whose time has come, in their order; one without a row yet is due."""
    with db.read() as connection:
        later = set(connection.scalars(select(sources.c.name).where(sources.c.next_due_at > now)))
    return tuple(source for source in configured if source.enabled and source.name not in later)


def state_of(db: Database, name: str, *, now: datetime) -> SourceState:
    """Return one source's state; KeyError when the table has no such source (``sync`` first)."""
    with db.read() as connection:
        row = connection.execute(_states(now).where(sources.c.name == name)).first()
    if row is None:
        raise KeyError(name)
    return _state(row)


def record_visit(
    db: Database, run_id: int, visit: Visit, *, failures: float, health: Health, next_due_at: datetime
) -> None:
    """Keep a visit, and what it means for the source: its health and when it is due again."""
    with db.write() as connection:
        source_id = id_of(connection, visit.source)
        connection.execute(
            insert(visits).values(
                run_id=run_id,
                source_id=source_id,
                started_at=visit.started_at,
                ended_at=visit.ended_at,
                outcome=visit.outcome,
                articles_new=visit.articles_new,
                articles_known=visit.articles_known,
                problem=visit.problem,
                page_problems=[{"url": page.url, "problem": page.problem} for page in visit.page_problems],
            )
        )
        values: dict[str, Any] = {
            "failures": failures,
            "health": health,
            "next_due_at": next_due_at,
            "last_visit_at": visit.ended_at,
            "problem": visit.problem,
        }
        if visit.outcome is Outcome.OK:
            values["last_success_at"] = visit.ended_at
        connection.execute(update(sources).where(sources.c.id == source_id).values(values))


def id_of(connection: Connection, name: str) -> int:
    """Return a source's row number inside a transaction of this room; KeyError when there is none."""
    found = connection.scalar(select(sources.c.id).where(sources.c.name == name))
    if found is None:
        raise KeyError(name)
    return int(found)


def _states(now: datetime) -> Select[Any]:
    """Ask for each figure by itself: each is one look into an index, a join would read every article."""
    its_articles = select(func.count()).where(articles.c.source_id == sources.c.id)
    its_pages = select(func.count()).where(pages_waiting.c.source_id == sources.c.id)
    newest = select(func.max(articles.c.published_at)).where(articles.c.source_id == sources.c.id)
    return select(
        sources,
        its_articles.scalar_subquery().label("articles"),
        its_articles.where(articles.c.seen_at >= now - timedelta(days=7)).scalar_subquery().label("articles_recent"),
        newest.scalar_subquery().label("newest"),
        its_pages.where(~pages_waiting.c.given_up).scalar_subquery().label("waiting"),
        its_pages.where(pages_waiting.c.given_up).scalar_subquery().label("given_up"),
    )


def _state(row: Row[Any]) -> SourceState:
    return SourceState(
        name=row.name,
        health=Health(row.health),
        failures=row.failures,
        validators=Validators(etag=row.etag, last_modified=row.last_modified),
        last_visit_at=row.last_visit_at,
        last_success_at=row.last_success_at,
        next_due_at=row.next_due_at,
        newest_article_at=row.newest,
        problem=row.problem,
        articles=row.articles,
        articles_recent=row.articles_recent,
        pages_waiting=row.waiting,
        pages_given_up=row.given_up,
    )
