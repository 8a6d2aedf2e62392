"""Where a visit's finds go: into the store, or into memory for a probe that stores nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Stored, WaitingPage
from pipeline.pages.addresses import clean_url
from pipeline.pages.dates import parse_date
from pipeline.store import articles, frontier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pipeline.model import FetchedPage, FoundLink, PageText, Validators
    from pipeline.store.database import Database


class StoreSink:
    """Keeps everything at once, each call one transaction."""

    def __init__(
        self, db: Database, source: str, clock: Callable[[], datetime], *, keeps_html: bool, by_hand: bool
    ) -> None:
        """Store for one source; ``by_hand`` also gives the pages whose time to be tried again has not come."""
        self._db = db
        self._source = source
        self._clock = clock
        self._keeps_html = keeps_html
        self._by_hand = by_hand

    def offer(self, links: Sequence[FoundLink], validators: Validators | None) -> int:
        """Commit links and validators; return how many links were not known."""
        return frontier.offer(self._db, self._source, links, validators=validators, now=self._clock())

    def waiting(self, limit: int) -> tuple[WaitingPage, ...]:
        """Return the pages whose time has come."""
        return frontier.waiting(self._db, self._source, limit=limit, now=None if self._by_hand else self._clock())

    def keep(self, page: FetchedPage, key: str, text: PageText) -> Stored:
        """Commit the article, and that its page waits no longer."""
        html = page.body if self._keeps_html else None
        return articles.add(
            self._db, self._source, url=clean_url(page.url), key=key, text=text, now=self._clock(), html=html
        )

    def failed(self, page: WaitingPage, problem: str, next_try_at: datetime | None) -> None:
        """Commit that a page failed."""
        frontier.failed(self._db, page.id, problem, next_try_at=next_try_at)


class ProbeSink:
    """Keeps in memory what would be stored."""

    def __init__(self, zone: ZoneInfo, clock: Callable[[], datetime]) -> None:
        """Begin with nothing found; dates of links that name no zone are in ``zone``."""
        self._zone = zone
        self._clock = clock
        self.links: list[FoundLink] = []
        self._kept: dict[str, tuple[str, PageText]] = {}
        self._keys: list[str] = []

    @property
    def kept(self) -> tuple[tuple[str, PageText], ...]:
        """Addresses and what their pages say, in the order in which they were to be fetched."""
        return tuple(self._kept[key] for key in dict.fromkeys((*self._keys, *self._kept)) if key in self._kept)

    def offer(self, links: Sequence[FoundLink], validators: Validators | None) -> int:
        """Keep the links; all are new here."""
        del validators
        self.links.extend(links)
        return len(links)

    def waiting(self, limit: int) -> tuple[WaitingPage, ...]:
        """Return the newest links where all are dated, else the first."""
        now = self._clock()
        dated = [(parse_date(link.hints.published or "", self._zone, now=now), link) for link in self.links]
        dates = [date for date, _ in dated if date is not None]
        if len(dates) == len(dated):
            order = sorted(range(len(dated)), key=lambda at: dates[at], reverse=True)
        else:
            order = list(range(len(dated)))
        pages = [
            WaitingPage(id=at, url=self.links[at].url, key=self.links[at].key, hints=self.links[at].hints, attempts=0)
            for at in order
        ]
        self._keys = [page.key for page in pages]
        return tuple(pages[:limit])

    def keep(self, page: FetchedPage, key: str, text: PageText) -> Stored:
        """Keep what a page says."""
        self._kept[key] = (clean_url(page.url), text)
        return Stored.NEW

    def failed(self, page: WaitingPage, problem: str, next_try_at: datetime | None) -> None:
        """Nothing is tried again."""
