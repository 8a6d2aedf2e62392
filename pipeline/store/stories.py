"""Which articles are copies of each other: a portable near-duplicate index as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, insert, select, update

from pipeline.model import Stance, StoryCopy
from pipeline.store.tables import articles, readings, revisions, sources, stories, story_bands

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.store.database import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidate:
    """An article that may be a copy: it shares a band."""

    article_id: int
    story: int
    title: str
    text: str


def candidates(db: Database, bands: Sequence[int], *, start: datetime, end: datetime) -> tuple[Candidate, ...]:
    """Return the articles of a time that share a band and have a story, oldest first."""
    with db.read() as connection:
        rows = connection.execute(
            select(articles.c.id, articles.c.story_id, revisions.c.title, revisions.c.text)
            .join(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision))
            .where(
                articles.c.id.in_(select(story_bands.c.article_id).where(story_bands.c.band.in_(bands))),
                articles.c.story_id.is_not(None),
                articles.c.counts_at.between(start, end),
            )
            .order_by(articles.c.counts_at, articles.c.id)
        ).all()
    return tuple(Candidate(article_id=row.id, story=row.story_id, title=row.title, text=row.text) for row in rows)


def join(db: Database, article_id: int, *, story: int | None, bands: Sequence[int], version: str) -> int:
    """Put an article into a story (None: a new one), index it, and return the story's number."""
    with db.write() as connection:
        if story is None:
            story = int(
                connection.execute(insert(stories).values(version=version).returning(stories.c.id)).scalar_one()
            )
        connection.execute(update(articles).where(articles.c.id == article_id).values(story_id=story))
        connection.execute(delete(story_bands).where(story_bands.c.article_id == article_id))
        rows = [{"band": band, "article_id": article_id} for band in sorted(set(bands))]
        if rows:
            connection.execute(insert(story_bands), rows)
        return story


def copies_between(db: Database, start: datetime, end: datetime) -> tuple[tuple[int, StoryCopy], ...]:
    """Return (story, copy) for every read article of a time, oldest first."""
    with db.read() as connection:
        rows = connection.execute(
            select(
                articles.c.id, articles.c.story_id, articles.c.url, articles.c.counts_at, revisions.c.title,
                sources.c.name, readings.c.stance,
            )
            .join(sources, sources.c.id == articles.c.source_id)
            .join(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision))
            .join(readings, readings.c.revision_id == revisions.c.id)
            .where(articles.c.counts_at >= start, articles.c.counts_at < end)
            .order_by(articles.c.counts_at, articles.c.id)
        ).all()  # fmt: skip
    return tuple(
        (
            row.story_id or -row.id,
            StoryCopy(
                article_id=row.id,
                source=row.name,
                title=row.title,
                url=row.url,
                published_at=row.counts_at,
                stance=Stance(row.stance),
            ),
        )
        for row in rows
    )
