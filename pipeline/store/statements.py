"""Readings: what the engine made of each revision, the statements in it, and the actors who made them.

A statement that a person corrected is kept as corrected, whoever writes it (``write``), so that no reader can forget
the correction; what the engine found is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, func, insert, literal_column, or_, select, update

from pipeline.model import MIXED, NEUTRAL, OFF_TOPIC, Attribution, Evidence, Stance
from pipeline.store import names as known_names
from pipeline.store.corrections import KeptStatement, Label, corrected
from pipeline.store.tables import actors, articles, labels, names, readings, revisions, sources, statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row, Select

    from pipeline.model import AliasEvidence, Identity, Reading
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
    evidence: Sequence[AliasEvidence] = (),
) -> None:
    """Store a reading in the place of any earlier one; ``who`` and ``contexts`` follow its statements.

    Its article's corrections are in it, and a statement with the span and the speaker of an earlier one keeps its number.
    ``evidence`` is what the article says of names; whom they lead to follows in the same transaction.
    """
    with db.write() as connection:
        article_id = connection.execute(
            select(revisions.c.article_id).where(revisions.c.id == revision_id)
        ).scalar_one()
        touched = known_names.keep_evidence(connection, article_id, evidence)
        touched |= set(
            connection.scalars(
                select(statements.c.name_id)
                .join(revisions, revisions.c.id == statements.c.revision_id)
                .where(revisions.c.article_id == article_id, revisions.c.id != revision_id)
            )
        )
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
        found = [
            KeptStatement(
                name_id=known_names.name_id(connection, identity),
                speaker=statement.speaker,
                org=statement.org,
                start=statement.start,
                end=statement.end,
                quote=statement.quote,
                context=context,
                attribution=str(statement.attribution),
                stance=str(statement.stance),
                confidence=statement.confidence,
                because=statement.because,
                via=statement.via,
            )
            for statement, identity, context in zip(reading.statements, who, contexts, strict=True)
        ]
        write(connection, revision_id, found, touched)


def write(
    connection: Connection, revision_id: int, found: Sequence[KeptStatement], touched: Collection[int] = ()
) -> None:
    """Make a revision's statements what the engine found, with the corrections of its article that apply in it.

    Their names, those of the statements before, and what is ``touched`` beside lead to the actors that they are now.
    """
    ours = select(revisions.c.article_id).where(revisions.c.id == revision_id).scalar_subquery()
    made = connection.execute(
        select(labels).where(labels.c.article_id == ours, labels.c.undone_at.is_(None)).order_by(labels.c.id.desc())
    ).all()
    rows: Sequence[KeptStatement] = found
    if made:
        number = connection.execute(select(revisions.c.number).where(revisions.c.id == revision_id)).scalar_one()
        texts = connection.execute(
            select(revisions.c.number, revisions.c.text).where(
                revisions.c.article_id == ours, revisions.c.number.in_({number, *(row.revision for row in made)})
            )
        )
        rows = corrected(found, [as_label(row) for row in made], {one.number: one.text for one in texts}, number)
    there = connection.execute(
        select(statements.c.id, statements.c.start, statements.c.end, statements.c.speaker, statements.c.name_id)
        .where(statements.c.revision_id == revision_id)
        .order_by(statements.c.id)
    ).all()
    numbers = _numbers(rows, there)
    gone = {row.id for row in there} - set(numbers)
    if gone:
        connection.execute(delete(statements).where(statements.c.id.in_(sorted(gone))))
    fresh = [
        {"revision_id": revision_id, **row.values} for row, number in zip(rows, numbers, strict=True) if number is None
    ]
    if fresh:
        connection.execute(insert(statements), fresh)
    again = [{"number": number, **row.values} for row, number in zip(rows, numbers, strict=True) if number is not None]
    if again:
        connection.execute(update(statements).where(statements.c.id == bindparam("number")), again)
    said = {row.name_id for row in rows}
    known_names.lead(connection, said, {*touched, *({row.name_id for row in there} - said)})


def _numbers(rows: Sequence[KeptStatement], there: Sequence[Any]) -> list[int | None]:
    """Return the number that each statement has already: that of its span and speaker, else of its span; None: none."""
    free = {row.id: (row.start, row.end, row.speaker) for row in there}
    numbers: list[int | None] = [None] * len(rows)
    for parts in (3, 2):
        by_key: dict[tuple[object, ...], list[int]] = {}
        for number in sorted(free, reverse=True):
            by_key.setdefault(free[number][:parts], []).append(number)
        for at, row in enumerate(rows):
            waiting = by_key.get((row.start, row.end, row.speaker)[:parts])
            if numbers[at] is None and waiting:
                numbers[at] = waiting.pop()
                del free[numbers[at] or 0]
    return numbers


def as_label(row: Row[Any]) -> Label:
    """Return a row of the labels as a value."""
    return Label(**{name: getattr(row, name) for name in Label.__dataclass_fields__})


def between(db: Database, start: datetime, end: datetime) -> tuple[Evidence, ...]:
    """Return what was said on the debate in articles that count from ``start`` until before ``end``, oldest first.

    Statements in articles that are off topic are no part of the debate, here and in ``of_actors``, unless a person
    corrected them.
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
    dismissed = (
        select(func.count())
        .select_from(statements)
        .where(statements.c.dismissed, statements.c.revision_id.not_in(superseded))
    )
    with db.read() as connection:
        stored = connection.scalar(select(func.count()).select_from(statements))
        return int(stored or 0) - sum(int(connection.scalar(query) or 0) for query in (passed, dismissed))


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedStatement:
    """A statement as a person who looks for what to correct is shown it."""

    evidence: Evidence
    speaker: str
    """As the article writes it."""
    dismissed: bool


def listed(
    db: Database,
    *,
    span: tuple[datetime, datetime] | None = None,
    actor_key: str | None = None,
    stance: str | None = None,
    is_unsure: bool = False,
    is_corrected: bool = False,
    limit: int,
) -> tuple[ListedStatement, ...]:
    """Return up to ``limit`` statements of newest revisions, newest first; each ``None`` asks for nothing.

    ``is_unsure``: those that take a side and that nobody has corrected, the least sure first. ``is_corrected``: those
    that somebody has, the dismissed among them.
    """
    query = _everything().order_by(None)
    if span is not None:
        query = query.where(articles.c.counts_at >= span[0], articles.c.counts_at < span[1])
    if actor_key is not None:
        query = query.where(actors.c.id == select(names.c.actor_id).where(names.c.key == actor_key).scalar_subquery())
    if stance is not None:
        query = query.where(statements.c.stance == stance)
    query = query.where(statements.c.label_id.is_not(None)) if is_corrected else query.where(_COUNTS)
    if is_unsure:
        query = query.where(statements.c.label_id.is_(None), statements.c.stance.not_in((MIXED, NEUTRAL)))
        query = query.order_by(statements.c.confidence)
    with db.read() as connection:
        rows = connection.execute(
            query.order_by(articles.c.counts_at.desc(), statements.c.id.desc()).limit(limit)
        ).all()
    return tuple(_as_listed(row) for row in rows)


def one_listed(db: Database, statement_id: int) -> ListedStatement | None:
    """Return the statement of that number, a dismissed one too; None where a newest revision has none."""
    with db.read() as connection:
        row = connection.execute(_everything().where(statements.c.id == statement_id)).first()
    return None if row is None else _as_listed(row)


def copies_of(db: Database, statement_id: int) -> tuple[int, ...]:
    """Return the numbers of the statements with the same words in copies of the same story, which nobody corrected."""
    with db.read() as connection:
        one = connection.execute(_everything().where(statements.c.id == statement_id)).first()
        if one is None or one.story_id is None:
            return ()
        same = _evidence().where(
            articles.c.story_id == one.story_id,
            articles.c.id != one.article_id,
            statements.c.quote == one.quote,
            statements.c.label_id.is_(None),
        )
        return tuple(row.id for row in connection.execute(same))


def _as_listed(row: Row[Any]) -> ListedStatement:
    return ListedStatement(evidence=_as_evidence(row), speaker=row.speaker, dismissed=row.dismissed)


_COUNTS = statements.c.dismissed.is_(False)


def _evidence() -> Select[Any]:
    return _everything().where(_COUNTS)


def _everything() -> Select[Any]:
    return (
        select(
            statements.c.id, actors.c.name, actors.c.org.label("actor_org"), statements.c.org, statements.c.speaker,
            statements.c.stance, statements.c.confidence, statements.c.quote, statements.c.context,
            statements.c.attribution, statements.c.because, statements.c.via, articles.c.id.label("article_id"),
            revisions.c.title, articles.c.url, sources.c.name.label("source"), articles.c.counts_at,
            articles.c.published_at, articles.c.story_id, statements.c.label_id, statements.c.dismissed,
        )
        .join(names, names.c.id == statements.c.name_id)
        .join(actors, actors.c.id == names.c.actor_id)
        .join(revisions, revisions.c.id == statements.c.revision_id)
        .join(articles, and_(articles.c.id == revisions.c.article_id, articles.c.revision == revisions.c.number))
        .join(sources, sources.c.id == articles.c.source_id)
        .order_by(articles.c.counts_at, statements.c.id)
    )  # fmt: skip


def _debated() -> Select[Any]:
    return (
        _evidence()
        .join(readings, readings.c.revision_id == revisions.c.id)
        .where(or_(readings.c.stance != str(OFF_TOPIC), statements.c.label_id.is_not(None)))
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
        corrected=row.label_id is not None,
    )
