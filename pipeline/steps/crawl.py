"""Visiting sources: from what is due to what is stored, and what each visit means for its source.

Articles are committed one by one while the visits run; a visit's record when it ends. Only visits
that found nobody at the other end wait for the end of the round, which tells whether it was they
or our own connection.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from pipeline.crawling.backoff import failures_after, health_of, is_own_outage, next_due_at
from pipeline.crawling.errand import Errand
from pipeline.crawling.rounds import Round
from pipeline.crawling.sinks import StoreSink
from pipeline.model import Health
from pipeline.store import runs
from pipeline.store import sources as source_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from pipeline.crawling.errand import Ended
    from pipeline.model import CrawlRun, SourceState, Visit
    from pipeline.settings import CrawlSettings, Source
    from pipeline.store.database import Database

log = logging.getLogger("kaibi.crawl")


def crawl(
    sources: Sequence[Source],
    settings: CrawlSettings,
    db: Database,
    *,
    zone: ZoneInfo,
    clock: Callable[[], datetime],
    progress: Callable[[Visit], None] | None = None,
    by_hand: bool = False,
) -> CrawlRun:
    """Visit the sources, due or not, and return the record; blocks until all have ended.

    ``zone`` is that of dates that name none, for sources without one; ``progress`` is told of each
    visit as it ends; ``by_hand`` tries pages that failed before at once, whenever their time comes.
    The sources must have their rows already (``sources.sync``; KeyError). One call a process: the
    reactor cannot start twice. SIGTERM and SIGINT end it within seconds, with
    the visits that were over in the record and the sources of the others still due. Raises
    BusyError where another process crawls into this database, StoreError where it fails.
    """
    with db.lock("crawl"):
        run_id = runs.begin(db, now=clock())
        was_cut_short = bool(sources) and not _Books(db, run_id, settings, zone, clock, progress, by_hand=by_hand).fill(
            sources
        )
        return replace(runs.end(db, run_id, now=clock()), was_cut_short=was_cut_short)


class _Books:
    """The records of one run."""

    def __init__(
        self,
        db: Database,
        run_id: int,
        settings: CrawlSettings,
        zone: ZoneInfo,
        clock: Callable[[], datetime],
        progress: Callable[[Visit], None] | None,
        *,
        by_hand: bool,
    ) -> None:
        self._db = db
        self._run_id = run_id
        self._settings = settings
        self._zone = zone
        self._clock = clock
        self._progress = progress
        self._by_hand = by_hand
        self._states: dict[str, SourceState] = {}
        self._sources: dict[str, Source] = {}
        self._unreachable: list[Ended] = []
        self._visits = 0

    def fill(self, sources: Sequence[Source]) -> bool:
        """Visit the sources and record each visit; False where some were not visited to the end."""
        now = self._clock()
        self._sources = {source.name: source for source in sources}
        self._states = {name: source_store.state_of(self._db, name, now=now) for name in self._sources}
        crawl_round = Round(sources, self._settings, self._zone, self._clock)
        errands = [self._errand(source, crawl_round) for source in sources]
        under_way = list(errands)

        def ended(errand: Errand) -> None:
            under_way.remove(errand)
            self._ended(errand.end())

        crawl_round.run(lambda: crawl_round.visit_all(errands, ended))
        is_outage = not crawl_round.was_interrupted and is_own_outage(self._visits, len(self._unreachable))
        if is_outage:
            log.warning("most sources cannot be reached: taken as our own outage, counted against none")
        for visit in self._unreachable:
            self._record(visit, counts=not is_outage)
        for errand in under_way:
            if errand.answered:
                self._record_interrupted(errand.end())
        return not under_way

    def _errand(self, source: Source, crawl_round: Round) -> Errand:
        keeps_html = self._settings.keep_html > timedelta(0)
        return Errand(
            source=source,
            validators=self._states[source.name].validators,
            sink=StoreSink(self._db, source.name, self._clock, keeps_html=keeps_html, by_hand=self._by_hand),
            shared=crawl_round.shared,
            started_at=self._clock(),
        )

    def _ended(self, ended: Ended) -> None:
        self._visits += 1
        if ended.unreachable:
            self._unreachable.append(ended)
        else:
            self._record(ended, counts=True)

    def _record(self, ended: Ended, *, counts: bool) -> None:
        """Record a visit; where it does not count, the source's health stays as it was."""
        name, now = ended.visit.source, self._clock()
        before = self._states[name]
        failures = failures_after(before.failures, ended.weight) if counts else before.failures
        health = health_of(failures) if counts or before.health is not Health.NEW else Health.NEW
        due_at = next_due_at(name, self._sources[name].every, failures, now=now, not_before=ended.not_before)
        self._keep(ended.visit, failures, health, due_at)

    def _record_interrupted(self, ended: Ended) -> None:
        """Record what a visit that was broken off brought; its source is due again at once."""
        self._keep(ended.visit, 0.0, Health.OK, self._clock())

    def _keep(self, visit: Visit, failures: float, health: Health, due_at: datetime) -> None:
        source_store.record_visit(self._db, self._run_id, visit, failures=failures, health=health, next_due_at=due_at)
        if self._progress is not None:
            self._progress(visit)
