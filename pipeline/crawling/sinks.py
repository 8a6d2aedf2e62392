"""The store as the place where a visit's finds go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.pages.addresses import clean_url
from pipeline.store import articles, frontier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pipeline.model import FetchedPage, FoundLink, PageText, Stored, Validators, WaitingPage
    from pipeline.store.database import Database


class StoreSink:
    """Keeps everything at once, each call one transaction."""

    def __init__(self, db: Database, source: str, clock: Callable[[], datetime], *, keeps_html: bool) -> None:
        """Store for one source."""
        self._db = db
        self._source = source
        self._clock = clock
        self._keeps_html = keeps_html

    def offer(self, links: Sequence[FoundLink], validators: Validators | None) -> int:
        """Commit links and validators; return how many links were not known."""
        return frontier.offer(self._db, self._source, links, validators=validators, now=self._clock())

    def waiting(self, limit: int) -> tuple[WaitingPage, ...]:
        """Return the pages whose time has come."""
        return frontier.waiting(self._db, self._source, limit=limit, now=self._clock())

    def keep(self, page: FetchedPage, key: str, text: PageText) -> Stored:
        """Commit the article, and that its page waits no longer."""
        html = page.body if self._keeps_html else None
        return articles.add(
            self._db, self._source, url=clean_url(page.url), key=key, text=text, now=self._clock(), html=html
        )

    def failed(self, page: WaitingPage, problem: str, next_try_at: datetime | None) -> None:
        """Commit that a page failed."""
        frontier.failed(self._db, page.id, problem, next_try_at=next_try_at)
