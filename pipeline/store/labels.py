"""Labels: what people said of statements, kept with its history, and put in force in the same transaction.

Keeps to itself how a new correction stands on the one before it: what it does not name stays as it was said then.
What is in force is written by ``statements.write``, which every reading goes through too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, and_, insert, select, update

from pipeline.errors import ConfigError
from pipeline.model import Attribution, LabelledArticle, LabelledStatement, Stance
from pipeline.store.corrections import as_found, kept
from pipeline.store.names import are_one, link, name_id
from pipeline.store.statements import as_label, one_listed, write
from pipeline.store.tables import articles, labels, revisions, statements

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime

    from pipeline.model import Correction, Identity
    from pipeline.store.database import Database
    from pipeline.store.statements import ListedStatement


def add(db: Database, statement_id: int, correction: Correction, *, now: datetime) -> None:
    """Correct a statement of an article's newest text; the correction before, if any, stays in the history.

    ConfigError where there is no such statement.
    """
    with db.write() as connection:
        row = _statement(connection, statement_id)
        before = _label(connection, row.label_id)
        who = row.name_id if correction.actor is None else name_id(connection, correction.actor)
        apart = _apart(connection, correction, who, before)
        values = {
            "article_id": row.article_id,
            "revision": row.number,
            **{name: getattr(row, name) for name in ("start", "end", "quote", "context", "via")},
            **_found(row, before),
            **_said(correction, before),
            "dismissed": correction.is_dismissal,
            "name_id": who,
            "apart_id": apart,
            "attribution": str(correction.attribution or row.attribution),
            "made_by": correction.by.strip(),
            "made_at": now,
            "note": correction.note,
        }
        connection.execute(insert(labels).values(values))
        _put_in_force(connection, row.revision_id, {one for one in (who, apart) if one is not None})


def shown(db: Database, statement_id: int) -> ListedStatement:
    """Return a statement of an article's newest text as it stands; ConfigError where there is none of that number."""
    with db.read() as connection:
        _statement(connection, statement_id)
    found = one_listed(db, statement_id)
    if found is None:  # gone between the two
        raise ConfigError(f"there is no statement {statement_id} any more - kaibi label list shows the numbers")
    return found


def undo(db: Database, statement_id: int, *, now: datetime) -> bool:
    """Take back a statement's newest correction, and return whether an earlier one is in force now.

    ConfigError where there is no such statement, or nobody corrected it.
    """
    with db.write() as connection:
        row = _statement(connection, statement_id)
        if row.label_id is None:
            raise ConfigError(
                f"nobody corrected statement {statement_id} - kaibi label list --corrected shows what was"
            )
        made = connection.execute(
            update(labels).where(labels.c.id == row.label_id).values(undone_at=now).returning(labels.c.name_id)
        ).scalar_one()
        _put_in_force(connection, row.revision_id, {made})
        left = connection.execute(select(statements.c.label_id).where(statements.c.id == statement_id)).first()
        return left is not None and left.label_id is not None


def name_again(db: Database, identify: Callable[[str], Identity]) -> None:
    """Ask again who each corrected speaker is: the config's actors may have changed; readings that follow show it."""
    in_force = select(labels).where(labels.c.undone_at.is_(None), labels.c.attribution != str(Attribution.AUTHOR))
    with db.read() as connection:
        made = [as_label(row) for row in connection.execute(in_force)]
    if not made:
        return
    with db.write() as connection:
        touched: set[int] = set()
        for label in made:
            who = name_id(connection, identify(label.speaker_now))
            if who != label.name_id:
                connection.execute(update(labels).where(labels.c.id == label.id).values(name_id=who))
                touched |= {who, label.name_id}
        link(connection, touched)


def labelled(db: Database) -> Iterator[LabelledArticle]:
    """Yield each article with corrected statements, oldest first, with these alone; its address is its id.

    What was dismissed is no statement, so not among them; an article of which all was dismissed has none.
    """
    query = (
        select(
            articles.c.id, articles.c.url, articles.c.published_at, revisions.c.title, revisions.c.text,
            revisions.c.language, statements.c.speaker, statements.c.org, statements.c.start, statements.c.end,
            statements.c.attribution, statements.c.stance, statements.c.dismissed,
        )
        .join(revisions, and_(revisions.c.article_id == articles.c.id, revisions.c.number == articles.c.revision))
        .join(statements, statements.c.revision_id == revisions.c.id)
        .where(statements.c.label_id.is_not(None))
        .order_by(articles.c.counts_at, articles.c.id, statements.c.start, statements.c.end, statements.c.id)
    )  # fmt: skip
    with db.read() as connection:
        same: list[Any] = []
        for row in connection.execute(query):
            if same and same[0].id != row.id:
                yield _labelled(same)
                same = []
            same.append(row)
        if same:
            yield _labelled(same)


def _labelled(rows: list[Any]) -> LabelledArticle:
    first = rows[0]
    return LabelledArticle(
        id=first.url,
        title=first.title,
        text=first.text,
        language=first.language,
        published_at=None if first.published_at is None else first.published_at.isoformat(),
        stance=None,
        statements=tuple(
            LabelledStatement(
                speaker=row.speaker,
                org=row.org,
                start=row.start,
                end=row.end,
                attribution=Attribution(row.attribution),
                stance=Stance(row.stance),
            )
            for row in rows
            if not row.dismissed
        ),
        is_whole=False,
    )


def _statement(connection: Connection, statement_id: int) -> Row[Any]:
    query = (
        select(statements, revisions.c.article_id, revisions.c.number, articles.c.revision)
        .join(revisions, revisions.c.id == statements.c.revision_id)
        .join(articles, articles.c.id == revisions.c.article_id)
        .where(statements.c.id == statement_id)
    )
    row = connection.execute(query).first()
    if row is None:
        raise ConfigError(f"there is no statement {statement_id} - kaibi label list shows the numbers")
    if row.number != row.revision:
        raise ConfigError(
            f"statement {statement_id} is of a text that its page has changed since - kaibi label list shows the numbers"
        )
    return row


def _label(connection: Connection, label_id: int | None) -> Row[Any] | None:
    return None if label_id is None else connection.execute(select(labels).where(labels.c.id == label_id)).one()


def _found(row: Row[Any], before: Row[Any] | None) -> dict[str, Any]:
    """Return what stood there before any correction."""
    if before is not None:
        return {
            name: getattr(before, name) for name in ("found_speaker", "found_org", "found_stance", "found_confidence")
        }
    return {
        "found_speaker": row.speaker,
        "found_org": row.org,
        "found_stance": row.stance,
        "found_confidence": row.confidence,
    }


def _said(correction: Correction, before: Row[Any] | None) -> dict[str, str | None]:
    """Return what is corrected: what this correction names, else what the one before did."""
    stance, speaker, org = (None, None, None) if before is None else (before.stance, before.speaker, before.org)
    if correction.speaker is not None:
        speaker, org = correction.speaker, correction.org
    return {
        "stance": stance if correction.stance is None else str(correction.stance),
        "speaker": speaker,
        "org": correction.org or org,
    }


def _apart(connection: Connection, correction: Correction, who: int, before: Row[Any] | None) -> int | None:
    """Return the name that the corrected speaker's is not one with, though it led to the same actor; None: no such.

    What the correction before said of the same name goes on.
    """
    if before is not None and before.name_id == who and before.apart_id is not None:
        return int(before.apart_id)
    if correction.actor is None or correction.apart_from is None:
        return None
    other = name_id(connection, correction.apart_from)
    return other if other != who and are_one(connection, who, other) else None


def _put_in_force(connection: Connection, revision_id: int, touched: Collection[int]) -> None:
    rows = connection.execute(select(statements).where(statements.c.revision_id == revision_id)).mappings()
    write(connection, revision_id, as_found([kept({**row}) for row in rows]), touched)
