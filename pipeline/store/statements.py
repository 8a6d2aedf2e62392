"""Readings: what the engine made of each revision, the statements in it, and the actors who made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, literal_column, select, update

from pipeline.model import OFF_TOPIC, Attribution, Evidence, Stance
from pipeline.store.tables import actors, articles, readings, revisions, sources, statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row, Select

    from pipeline.model import Identity, Reading
    from pipeline.store.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class UnreadArticle:
    """The newest revision of an article that the engine has yet to read."""

    revision_id: int
    article_id: int
    source: str
    title: str
    text: str
    counts_at: datetime
    story: int | None
    """None: not yet compared with the others."""


def count_unread(db: Database, *, again: bool) -> int:
    """Return how many articles ``unread`` would give in all."""
    everyone = select(func.count()).select_from(articles)
    waiting = select(func.count()).select_from(revisions).where(revisions.c.unread)
    with db.read() as connection:
        return int(connection.scalar(everyone if again else waiting) or 0)


def unread(db: Database, *, again: bool, after: int, limit: int) -> tuple[UnreadArticle, ...]:
    """Return up to ``limit`` articles without a reading (``again``: of all) with a revision number above ``after``, in that order."""
    query = _unread(again=again).where(revisions.c.id > after).order_by(revisions.c.id).limit(limit)
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        UnreadArticle(
            revision_id=row.id,
            article_id=row.article_id,
            source=row.name,
            title=row.title,
            text=row.text,
            counts_at=row.counts_at,
            story=row.story_id,
        )
        for row in rows
    )


def _unread(*, again: bool) -> Select[Any]:
    query = (
        select(
            revisions.c.id, articles.c.id.label("article_id"), sources.c.name, revisions.c.title, revisions.c.text,
            articles.c.counts_at, articles.c.story_id,
        )
        .join(articles, articles.c.id == revisions.c.article_id)
        .join(sources, sources.c.id == articles.c.source_id)
    )  # fmt: skip
    return query.where(revisions.c.number == articles.c.revision) if again else query.where(revisions.c.unread)


def read_otherwise(db: Database, engine: str) -> int:
    """Return how many articles were last read by another engine or for another debate than ``engine`` says."""
    query = (
        select(func.count())
        .select_from(readings)
        .join(revisions, revisions.c.id == readings.c.revision_id)
        .join(articles, and_(articles.c.id == revisions.c.article_id, articles.c.revision == revisions.c.number))
        .where(readings.c.engine != engine)
    )
    with db.read() as connection:
        return int(connection.scalar(query) or 0)


def keep(
    db: Database,
    revision_id: int,
    reading: Reading,
    who: Sequence[Identity],
    contexts: Sequence[str],
    *,
    engine: str,
    now: datetime,
) -> None:
    """Store a reading in the place of any earlier one; ``who`` and ``contexts`` follow its statements."""
    with db.write() as connection:
        connection.execute(delete(statements).where(statements.c.revision_id == revision_id))
        connection.execute(delete(readings).where(readings.c.revision_id == revision_id))
        connection.execute(update(revisions).where(revisions.c.id == revision_id).values(unread=False))
        connection.execute(
            insert(readings).values(
                revision_id=revision_id,
                engine=engine,
                stance=str(reading.stance),
                confidence=reading.confidence,
                read_at=now,
            )
        )
        rows = [
            {
                "revision_id": revision_id,
                "actor_id": _actor_id(connection, actor),
                "speaker": statement.speaker,
                "org": statement.org,
                "start": statement.start,
                "end": statement.end,
                "quote": statement.quote,
                "context": context,
                "attribution": statement.attribution,
                "stance": str(statement.stance),
                "confidence": statement.confidence,
                "because": list(statement.because),
                "via": statement.via,
            }
            for statement, actor, context in zip(reading.statements, who, contexts, strict=True)
        ]
        if rows:
            connection.execute(insert(statements), rows)


def _actor_id(connection: Connection, actor: Identity) -> int:
    found = connection.execute(select(actors).where(actors.c.key == actor.key)).first()
    if found is None:
        values = {"key": actor.key, "name": actor.name, "org": actor.org}
        return int(connection.execute(insert(actors).values(values).returning(actors.c.id)).scalar_one())
    if found.org is None and actor.org is not None:
        connection.execute(update(actors).where(actors.c.id == found.id).values(org=actor.org))
    return int(found.id)


def between(db: Database, start: datetime, end: datetime) -> tuple[Evidence, ...]:
    """Return what was said on the debate in articles that count from ``start`` until before ``end``, oldest first.

    Statements in articles that are off topic are no part of the debate, here and in ``of_actors``.
    """
    with db.read() as connection:
        rows = connection.execute(_debated().where(articles.c.counts_at >= start, articles.c.counts_at < end)).all()
    return tuple(_as_evidence(row) for row in rows)


def of_actors(db: Database, names: Collection[str], *, before: datetime) -> tuple[Evidence, ...]:
    """Return everything these actors said in articles that count before an instant, oldest first."""
    wanted = sorted(names)
    found: list[Evidence] = []
    with db.read() as connection:
        for start in range(0, len(wanted), 400):
            query = _debated().where(actors.c.name.in_(wanted[start : start + 400]), articles.c.counts_at < before)
            found.extend(_as_evidence(row) for row in connection.execute(query))
    return tuple(sorted(found, key=lambda evidence: (evidence.published_at, evidence.statement_id)))


def everything(db: Database) -> Iterator[tuple[Evidence, str]]:
    """Yield every statement of the newest revisions, oldest first, with the speaker as the article writes it."""
    with db.read() as connection:
        for row in connection.execution_options(yield_per=500).execute(_evidence()):
            yield _as_evidence(row), row.speaker


def article_stances(db: Database, start: datetime, end: datetime) -> tuple[Stance, ...]:
    """Return the stances of the read articles that count from ``start`` until before ``end``."""
    query = (
        select(readings.c.stance)
        .join(revisions, revisions.c.id == readings.c.revision_id)
        .join(articles, and_(articles.c.id == revisions.c.article_id, articles.c.revision == revisions.c.number))
        .where(articles.c.counts_at >= start, articles.c.counts_at < end)
    )
    with db.read() as connection:
        return tuple(Stance(stance) for stance in connection.scalars(query))


def count(db: Database) -> int:
    """Return how many statements of newest revisions there are."""
    superseded = (
        select(revisions.c.id)
        .join(articles, and_(articles.c.id == revisions.c.article_id, articles.c.revision > revisions.c.number))
        .where(articles.c.revision > literal_column("1"))  # written out, so that the index of these few is used
    )
    passed = select(func.count()).select_from(statements).where(statements.c.revision_id.in_(superseded))
    with db.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(statements))
        return int(stored or 0) - int(connection.scalar(passed) or 0)


def _evidence() -> Select[Any]:
    return (
        select(
            statements.c.id, actors.c.name, actors.c.org.label("actor_org"), statements.c.org, statements.c.speaker,
            statements.c.stance, statements.c.confidence, statements.c.quote, statements.c.context,
            statements.c.attribution, statements.c.because, statements.c.via, articles.c.id.label("article_id"),
            revisions.c.title, articles.c.url, sources.c.name.label("source"), articles.c.counts_at,
            articles.c.published_at, articles.c.story_id,
        )
        .join(actors, actors.c.id == statements.c.actor_id)
        .join(revisions, revisions.c.id == statements.c.revision_id)
        .join(articles, and_(articles.c.id == revisions.c.article_id, articles.c.revision == revisions.c.number))
        .join(sources, sources.c.id == articles.c.source_id)
        .order_by(articles.c.counts_at, statements.c.id)
    )  # fmt: skip


def _debated() -> Select[Any]:
    return (
        _evidence().join(readings, readings.c.revision_id == revisions.c.id).where(readings.c.stance != str(OFF_TOPIC))
    )


def _as_evidence(row: Row[Any]) -> Evidence:
    return Evidence(
        statement_id=row.id,
        actor=row.name,
        org=row.org or row.actor_org,
        stance=Stance(row.stance),
        confidence=row.confidence,
        quote=row.quote,
        context=row.context,
        attribution=Attribution(row.attribution),
        because=tuple(row.because),
        via=row.via,
        article_id=row.article_id,
        title=row.title,
        url=row.url,
        source=row.source,
        published_at=row.counts_at,
        dated=row.published_at is not None,
        story=row.story_id or -row.article_id,  # not compared yet: a story of its own
    )
