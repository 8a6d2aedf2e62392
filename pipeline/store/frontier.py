"""The links that were found and whose pages are not stored yet: what was found is never forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select, update

from pipeline.model import LinkHints, WaitingPage
from pipeline.store.columns import storable_key
from pipeline.store.sources import id_of
from pipeline.store.tables import articles, pages_waiting, sources

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.model import FoundLink, Validators
    from pipeline.store.database import Database

_BATCH = 400  # keys in one query: under SQLite's limit of variables


def offer(
    db: Database, source: str, links: Sequence[FoundLink], *, validators: Validators | None, now: datetime
) -> int:
    """Keep the links that are neither stored nor waiting yet, and return how many those are.

    ``validators`` are committed with them, so that a later "unchanged" cannot lose a link; None leaves them.
    """
    fresh: dict[str, FoundLink] = {}
    for link in links:
        fresh.setdefault(storable_key(link.key), link)
    with db.write() as connection:
        source_id = id_of(connection, source)
        keys = list(fresh)
        for start in range(0, len(keys), _BATCH):
            batch = keys[start : start + _BATCH]
            for table in (articles, pages_waiting):
                for known in connection.scalars(select(table.c.key).where(table.c.key.in_(batch))):
                    del fresh[known]
                batch = [key for key in batch if key in fresh]
        rows = [
            {
                "source_id": source_id,
                "key": key,
                "url": link.url,
                "hints": {
                    "title": link.hints.title,
                    "author": link.hints.author,
                    "published": link.hints.published,
                    "summary": link.hints.summary,
                },
                "found_at": now,
                "attempts": 0,
                "given_up": False,
            }
            for key, link in fresh.items()
        ]
        if rows:
            connection.execute(insert(pages_waiting), rows)
        if validators is not None:
            connection.execute(
                update(sources)
                .where(sources.c.id == source_id)
                .values(etag=validators.etag, last_modified=validators.last_modified)
            )
    return len(rows)


def waiting(db: Database, source: str, *, limit: int, now: datetime | None) -> tuple[WaitingPage, ...]:
    """Return the source's pages whose time to be fetched has come (``now`` None: all), first found first."""
    query = (
        select(pages_waiting)
        .join(sources)
        .where(sources.c.name == source, ~pages_waiting.c.given_up)
        .order_by(pages_waiting.c.id)
        .limit(limit)
    )
    if now is not None:
        query = query.where(or_(pages_waiting.c.next_try_at.is_(None), pages_waiting.c.next_try_at <= now))
    with db.read() as connection:
        rows = connection.execute(query).all()
    return tuple(
        WaitingPage(id=row.id, url=row.url, key=row.key, hints=LinkHints(**row.hints), attempts=row.attempts)
        for row in rows
    )


def failed(db: Database, page_id: int, problem: str, *, next_try_at: datetime | None) -> None:
    """Count a failed fetch; ``next_try_at`` None gives the page up (it stays on record)."""
    with db.write() as connection:
        connection.execute(
            update(pages_waiting)
            .where(pages_waiting.c.id == page_id)
            .values(
                attempts=pages_waiting.c.attempts + 1,
                problem=problem,
                next_try_at=next_try_at,
                given_up=next_try_at is None,
            )
        )


def dismiss(db: Database, page_id: int) -> None:
    """Take a page off the list: it led to an article that is stored under another address."""
    with db.write() as connection:
        connection.execute(delete(pages_waiting).where(pages_waiting.c.id == page_id))
