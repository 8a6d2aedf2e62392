"""Reading what is not read yet: articles in, statements out, and which articles are copies of which.

Each article is one commit. The reading itself is pure and runs in worker processes where there is enough of it;
the comparing with earlier articles and the writing stay in this one.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial
from hashlib import sha256
from multiprocessing import get_context
from typing import TYPE_CHECKING, Final

from pipeline.model import Attribution
from pipeline.reading.bracketed import aliases_in
from pipeline.reading.engine import ENGINE_VERSION, LONGEST, Engine
from pipeline.reading.folding import fold
from pipeline.reading.identity import WhoIsWho, outlet
from pipeline.referee.question import LONGEST_BESIDE as NEAR
from pipeline.referee.question import LONGEST_STATEMENT
from pipeline.shifts import copies
from pipeline.steps.refereeing import name_of
from pipeline.store import labels, names, statements, stories

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from pipeline.model import Reading
    from pipeline.settings import Debate, RefereeSettings
    from pipeline.steps.refereeing import Referee, RefereeRecord
    from pipeline.store.database import Database
    from pipeline.store.statements import UnreadArticle

COPY_WINDOW: Final = timedelta(days=14)
"""Copies of a story appear within this time of each other."""
_BATCH: Final = 200
LONGEST_BESIDE: Final = 2000
"""Characters of context kept before a statement, and after it, at most."""
_WORTH_WORKERS: Final = 60
"""Below so many articles, starting worker processes takes longer than reading."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AnalysisRecord:
    """What one analysis did."""

    articles: int
    statements: int
    referee: RefereeRecord | None = None
    """None: no referee was in play."""


def engine_name(debate: Debate, referee: RefereeSettings | None = None) -> str:
    """Return what a reading depends on: the engine's version, the debate's terms, topic and actors, and an enabled referee."""
    told = debate.model_dump_json(include={"sides", "topic", "actor"})
    engine = f"{ENGINE_VERSION}+{sha256(told.encode()).hexdigest()[:12]}"
    return f"{engine}+{name_of(referee)}" if referee is not None and referee.enabled else engine


def analyse(
    db: Database,
    debate: Debate,
    *,
    again: bool,
    now: datetime,
    referee: Referee | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> AnalysisRecord:
    """Read every article without a reading (``again``: every article), and return what came of it.

    ``referee`` is asked about unsure statements. ``progress`` is told (articles done, articles to do). BusyError if
    another process is analysing.
    """
    engine = engine_name(debate)
    refereed = engine_name(debate, None if referee is None else referee.settings)
    who = WhoIsWho(debate)
    articles_done = statements_found = 0
    with db.lock("analyse"):
        names.tell(db, who.told())
        if again:
            labels.name_again(db, who.identify)
        total = statements.count_unread(db, again=again)
        for article, read in _readings(db, debate, total, again=again):
            reading, is_settled = _reviewed(referee, article, read)
            _keep(db, article, reading, who, engine=refereed if is_settled else engine, now=now)
            if article.story is None:
                _find_story(db, article)
            articles_done += 1
            statements_found += len(reading.statements)
            if articles_done % _BATCH == 0:
                names.settle(db, language=debate.language)
            if progress is not None:
                progress(articles_done, total)
        names.settle(db, language=debate.language)
    return AnalysisRecord(
        articles=articles_done, statements=statements_found, referee=None if referee is None else referee.record()
    )


def _readings(db: Database, debate: Debate, total: int, *, again: bool) -> Iterator[tuple[UnreadArticle, Reading]]:
    cores = os.cpu_count() or 1
    if total < _WORTH_WORKERS or cores == 1:
        for batch in _batches(db, again=again):
            yield from zip(batch, (_read(debate, article) for article in batch), strict=True)
        return
    with ProcessPoolExecutor(cores, mp_context=get_context("spawn")) as pool:
        for batch in _batches(db, again=again):
            yield from zip(batch, pool.map(partial(_read, debate), batch, chunksize=8), strict=True)


def _batches(db: Database, *, again: bool) -> Iterator[tuple[UnreadArticle, ...]]:
    after = 0
    while batch := statements.unread(db, again=again, after=after, limit=_BATCH):
        yield batch
        after = batch[-1].revision_id


def _read(debate: Debate, article: UnreadArticle) -> Reading:
    reading = _engine(debate).read(article.title, article.text)
    return replace(reading, aliases=aliases_in(f"{article.title}\n{article.text[:LONGEST]}"))


@lru_cache(maxsize=2)
def _engine(debate: Debate) -> Engine:
    """Build an engine once a process: a worker is handed the debate, not the engine."""
    return Engine(debate)


def _reviewed(referee: Referee | None, article: UnreadArticle, reading: Reading) -> tuple[Reading, bool]:
    """Return the reading as it is to be kept, and whether a referee has settled all that was unsure in it."""
    if referee is None:
        return reading, False
    passages = [
        paragraph_around(article.text, one.start, min(one.end, one.start + LONGEST_STATEMENT), beside=NEAR)
        for one in reading.statements
    ]
    return referee.review(reading, passages)


def _keep(db: Database, article: UnreadArticle, reading: Reading, who: WhoIsWho, *, engine: str, now: datetime) -> None:
    actors = [
        # The article's own voice is the outlet's.
        outlet(article.source) if statement.attribution is Attribution.AUTHOR else who.identify(statement.speaker)
        for statement in reading.statements
    ]
    contexts = [paragraph_around(article.text, statement.start, statement.end) for statement in reading.statements]
    statements.keep(
        db,
        article.revision_id,
        reading,
        actors,
        contexts,
        engine=engine,
        now=now,
        evidence=who.evidence(reading.aliases),
    )


def paragraph_around(text: str, start: int, end: int, *, beside: int = LONGEST_BESIDE) -> str:
    """Return the paragraph that holds ``text[start:end]``, or the ones that it reaches over.

    Of a page that is one endless paragraph, ``beside`` characters on either side.
    """
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    return text[max(first, start - beside) : min(last, end + beside)].strip()


def _find_story(db: Database, article: UnreadArticle) -> None:
    # Folded: a copy in traditional script is a copy.
    text, title = fold(article.text), fold(article.title)
    bands = copies.bands(text, title)
    near = stories.candidates(db, bands, start=article.counts_at - COPY_WINDOW, end=article.counts_at + COPY_WINDOW)
    story = next((one.story for one in near if copies.is_copy(text, fold(one.text), title, fold(one.title))), None)
    stories.join(db, article.article_id, story=story, bands=bands, version=copies.COPIES_VERSION)
