"""Articles and their revisions: stored once, at once, and never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, func, insert, select, update

from pipeline.model import Stored
from pipeline.store.sources import id_of
from pipeline.store.tables import articles, pages_waiting, readings, revisions, sources

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Select

    from pipeline.model import PageText
    from pipeline.store.database import Database


def add(
    db: Database, source: str, *, url: str, key: str, text: PageText, now: datetime, html: bytes | None = None
) -> Stored:
    """Store what was read from a page, and take the page off the waiting ones.

    A known article whose title and text are the same is left alone; a changed one gets its next revision.
    ValueError where the page has no title or no text.
    """
    if not text.title or not text.text:
        raise ValueError(f"nothing to store: {url} has no title or no text")
    with db.write() as connection:
        connection.execute(delete(pages_waiting).where(pages_waiting.c.key == key))
        row = connection.execute(_newest().where(articles.c.key == key)).first()
        if row is not None and (row.title, row.text) == (text.title, text.text):
            return Stored.SAME
        revision = 1 if row is None else row.revision + 1
        if row is None:
            article_id = connection.execute(
                insert(articles)
                .values(
                    source_id=id_of(connection, source),
                    key=key,
                    url=url,
                    seen_at=now,
                    published_at=text.published_at,
                    counts_at=text.published_at or now,
                    revision=1,
                )
                .returning(articles.c.id)
            ).scalar_one()
        else:
            article_id = row.id
            connection.execute(update(articles).where(articles.c.id == article_id).values(revision=revision))
        connection.execute(
            insert(revisions).values(
                article_id=article_id,
                number=revision,
                title=text.title,
                text=text.text,
                author=text.author,
                language=text.language or "",
                fetched_at=now,
                html=html,
            )
        )
        return Stored.NEW if row is None else Stored.REVISED


def count(db: Database) -> tuple[int, int]:
    """Return how many articles are stored, and how many of them are not read yet."""
    unread = (
        select(func.count())
        .select_from(articles)
        .join(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision))
        .outerjoin(readings)
        .where(readings.c.revision_id.is_(None))
    )
    with db.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(articles))
        return int(stored or 0), int(connection.scalar(unread) or 0)


def count_between(db: Database, start: datetime, end: datetime) -> tuple[int, int]:
    """Return how many articles count from ``start`` until before ``end``, and how many of them bear no date."""
    counted = select(func.count(), func.count(articles.c.published_at)).where(
        articles.c.counts_at >= start, articles.c.counts_at < end
    )
    with db.read() as connection:
        stored, dated = connection.execute(counted).one()
    return int(stored), int(stored) - int(dated)


def _newest() -> Select[Any]:
    return (
        select(
            articles,
            sources.c.name.label("source"),
            revisions.c.id.label("revision_id"),
            revisions.c.title,
            revisions.c.text,
            revisions.c.author,
            revisions.c.language,
        )
        .join(sources, sources.c.id == articles.c.source_id)
        .join(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision))
    )
