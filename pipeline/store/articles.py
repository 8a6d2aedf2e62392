"""Articles and their revisions: stored once, at once, and never overwritten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from pipeline.model import Stored
from pipeline.store.columns import storable
from pipeline.store.sources import id_of
from pipeline.store.tables import articles, pages_waiting, revisions

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.model import PageText
    from pipeline.store.database import Database


def add(
    db: Database, source: str, *, url: str, key: str, text: PageText, now: datetime, html: bytes | None = None
) -> Stored:
    """Store what was read from a page, and take the page off the waiting ones.

    A known article whose title and text are the same is left alone; a changed one gets its next revision.
    NUL and lone surrogates are stored as U+FFFD. ValueError where the page has no title or no text.
    """
    if not text.title or not text.text:
        raise ValueError(f"nothing to store: {url} has no title or no text")
    with db.write() as connection:
        connection.execute(delete(pages_waiting).where(pages_waiting.c.key == key))
        row = connection.execute(
            select(articles.c.id, articles.c.revision, revisions.c.title, revisions.c.text)
            .join(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision))
            .where(articles.c.key == key)
        ).first()
        if row is not None and (row.title, row.text) == (storable(text.title), storable(text.text)):
            return Stored.SAME
        revision = 1 if row is None else row.revision + 1
        if row is None:
            article_id = _new(connection, id_of(connection, source), url, key, text, now=now)
        else:
            article_id = row.id
            connection.execute(update(articles).where(articles.c.id == article_id).values(revision=revision))
            connection.execute(update(revisions).where(revisions.c.article_id == article_id).values(unread=False))
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
                unread=True,
            )
        )
        return Stored.NEW if row is None else Stored.REVISED


def _new(connection: Connection, source_id: int, url: str, key: str, text: PageText, *, now: datetime) -> int:
    """Make an article's row, its first revision to come, and return its id."""
    row = insert(articles).values(
        source_id=source_id,
        key=key,
        url=url,
        seen_at=now,
        published_at=text.published_at,
        counts_at=text.published_at or now,
        revision=1,
    )
    return int(connection.execute(row.returning(articles.c.id)).scalar_one())


def count(db: Database) -> tuple[int, int]:
    """Return how many articles are stored, and how many of them are not read yet."""
    with db.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(articles))
        unread = connection.scalar(select(func.count()).select_from(revisions).where(revisions.c.unread))
        return int(stored or 0), int(unread or 0)


def count_between(db: Database, start: datetime, end: datetime) -> tuple[int, int]:
    """Return how many articles count from ``start`` until before ``end``, and how many of them bear no date."""
    counted = select(func.count(), func.count(articles.c.published_at)).where(
        articles.c.counts_at >= start, articles.c.counts_at < end
    )
    with db.read() as connection:
        stored, dated = connection.execute(counted).one()
    return int(stored), int(stored) - int(dated)
