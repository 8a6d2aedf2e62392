"""Names, what articles say of them, and which of them lead to which actor.

A statement bears a name; the name leads to an actor, and an actor has one row. Which names are one actor is decided anew (``merging``)
for all that hang together with what a transaction touches, within that transaction, so every reader sees one actor, nothing depends on
the order of articles, and nothing has to be moved back when the evidence goes. How an actor is called is counted later (``settle``):
that takes all that he ever said.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from sqlalchemy import and_, delete, exists, func, insert, literal_column, or_, select, update

from pipeline.model import AliasKind
from pipeline.store import merging
from pipeline.store.columns import storable_key
from pipeline.store.tables import actors, aliases, articles, labels, names, revisions, statements

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from sqlalchemy import ColumnElement, Connection, Row

    from pipeline.model import AliasEvidence, Identity
    from pipeline.store.database import Database

OUTLET: Final = "outlet "
"""The beginning of an outlet's key: the config does not tell those."""
_AT_ONCE: Final = 400


def name_id(connection: Connection, identity: Identity) -> int:
    """Return the number of a name, which is entered where it is new; ``lead`` then gives it an actor."""
    row = connection.execute(select(names).where(names.c.key == identity.key)).first()
    told = {"told": identity.name, "org": identity.org} if identity.is_told else {"told": None, "org": None}
    if row is None:
        values = {"key": identity.key, **told, "last": identity.last}
        return int(connection.execute(insert(names).values(values).returning(names.c.id)).scalar_one())
    values = {**told, "last": _last(row, identity)}
    if any(getattr(row, column) != value for column, value in values.items()):
        connection.execute(update(names).where(names.c.id == row.id).values(values))
        link(connection, {row.id})
    return int(row.id)


def _last(row: Row[Any], identity: Identity) -> str | None:
    """Return a name's last part, the same whichever spelling came first: some write it in one part."""
    before: str | None = row.last
    if row.key in {before, identity.last}:
        return identity.last
    return min((last for last in (before, identity.last) if last is not None), default=None)


def tell(db: Database, told: Iterable[Identity]) -> None:
    """Take over what the config tells now of names that are known already."""
    wanted = {storable_key(identity.key): identity for identity in told}
    is_told = and_(names.c.told.is_not(None), names.c.key.not_like(f"{OUTLET}%"))
    query = select(names).where(or_(is_told, names.c.key.in_(sorted(wanted))))
    with db.read() as connection:
        rows = connection.execute(query).all()
    changed = {row.id: wanted.get(row.key) for row in rows if _told(row) != _told_by(wanted.get(row.key))}
    if not changed:
        return
    with db.write() as connection:
        for number, identity in changed.items():
            name, org = _told_by(identity)
            connection.execute(update(names).where(names.c.id == number).values(told=name, org=org))
        link(connection, changed)


def _told(row: Row[Any]) -> tuple[str | None, str | None]:
    return row.told, row.org


def _told_by(identity: Identity | None) -> tuple[str | None, str | None]:
    return (None, None) if identity is None else (identity.name, identity.org)


def keep_evidence(connection: Connection, article_id: int, evidence: Sequence[AliasEvidence]) -> set[int]:
    """Make an article's aliases what it says now, and return the numbers of the names of which that says something new.

    Of a person it is new only where no other article says the same; an organisation's names are counted.
    """
    ours = aliases.c.article_id == article_id
    query = select(aliases.c.chinese_id, aliases.c.latin_id, aliases.c.kind, aliases.c.times).where(ours)
    before = {(row.chinese_id, row.latin_id, row.kind): row.times for row in connection.execute(query)}
    now: dict[tuple[int, int, str], int] = defaultdict(int)
    for one in evidence:
        pair = name_id(connection, one.chinese), name_id(connection, one.latin)
        if pair[0] != pair[1]:
            now[(*pair, str(one.kind))] += one.times
    if now == before:
        return set()
    connection.execute(delete(aliases).where(ours))
    if now:
        values = [
            {"article_id": article_id, "chinese_id": chinese, "latin_id": latin, "kind": kind, "times": times}
            for (chinese, latin, kind), times in now.items()
        ]
        connection.execute(insert(aliases), values)
    other = changed = before.keys() ^ now.keys()
    if changed:
        same = select(aliases.c.chinese_id, aliases.c.latin_id, aliases.c.kind).where(
            aliases.c.chinese_id.in_({pair[0] for pair in changed}), ~ours, aliases.c.kind != str(AliasKind.ORG)
        )
        other = changed - {(row.chinese_id, row.latin_id, row.kind) for row in connection.execute(same.distinct())}
    return {number for pair in other for number in pair[:2]}


def are_one(connection: Connection, one: int, other: int) -> bool:
    """Tell whether two names (by number) lead to the same actor."""
    found = connection.scalars(select(names.c.actor_id).where(names.c.id.in_((one, other)))).all()
    return len(found) > 1 and found[0] is not None and found[0] == found[1]


def lead(connection: Connection, said: Collection[int], touched: Collection[int]) -> None:
    """Lead names (by number) to the actors that they are now: in every transaction that changes what is known of them.

    ``said``: something is said by these, which matters only to a name that is new, or that has a first or a last part
    of its own. ``touched``: of these something else changed.
    """
    whole = names.alias("whole")
    matters = or_(
        names.c.actor_id.is_(None),
        exists().where(whole.c.last == names.c.key),
        exists().where(whole.c.key == names.c.last),
    )
    new = connection.scalars(select(names.c.id).where(names.c.id.in_(list(said)), matters)).all() if said else ()
    link(connection, {*touched, *new})
    actor = select(names.c.actor_id).where(names.c.id.in_([*said, *touched]), names.c.actor_id.is_not(None))
    connection.execute(
        update(actors).where(actors.c.id.in_(actor), actors.c.unsettled.is_(False)).values(unsettled=True)
    )


def link(connection: Connection, touched: Collection[int]) -> None:
    """Decide anew who these names (by number) are, and all that hang together with them."""
    if not touched:
        return
    rows = _hanging_together(connection, touched)
    found = merging.groups(*_known_of(connection, rows)) if len(rows) > 1 else [frozenset(rows)]
    heard = set(connection.scalars(select(names.c.id).where(names.c.id.in_(list(rows)), _SAYS)))
    _lead(connection, rows, found, heard)


_SAYS: ColumnElement[bool] = or_(
    exists().where(statements.c.name_id == names.c.id), exists().where(labels.c.name_id == names.c.id)
)


def _hanging_together(connection: Connection, touched: Collection[int]) -> dict[int, Row[Any]]:
    """Return the rows of these names and of all that an alias, a last part or an actor connects with them."""
    rows: dict[int, Row[Any]] = {}
    fresh = connection.execute(select(names).where(names.c.id.in_(list(touched)))).all()
    while fresh:
        rows |= {row.id: row for row in fresh}
        numbers = [row.id for row in fresh]
        beside = [
            names.c.id.in_(
                select(aliases.c.latin_id)
                .where(aliases.c.chinese_id.in_(numbers))
                .union(select(aliases.c.chinese_id).where(aliases.c.latin_id.in_(numbers)))
            ),
            names.c.last.in_([row.key for row in fresh]),
        ]
        if lasts := {row.last for row in fresh if row.last is not None}:
            beside.append(names.c.key.in_(lasts))
        if theirs := {row.actor_id for row in fresh if row.actor_id is not None}:
            beside.append(names.c.actor_id.in_(theirs))
        near = {row.id: row for one in beside for row in connection.execute(select(names).where(one))}
        fresh = [row for number, row in near.items() if number not in rows]
    return rows


def _known_of(
    connection: Connection, rows: Mapping[int, Row[Any]]
) -> tuple[list[merging.Name], list[merging.Pair], set[tuple[int, int]]]:
    numbers = list(rows)
    orgs: dict[int, set[str | None]] = defaultdict(set)
    lasts = {row.last for row in rows.values()}
    in_families = [row.id for row in rows.values() if row.last is not None or row.key in lasts]
    spoken = (
        select(statements.c.name_id, statements.c.org)
        .where(statements.c.name_id.in_(in_families), is_current(), statements.c.dismissed.is_(False))
        .distinct()
    )
    for number, org in connection.execute(spoken) if in_families else ():
        orgs[number].add(None if org is None else "".join(org.split()).casefold())
    known = [
        merging.Name(
            id=row.id,
            key=row.key,
            last=row.last,
            is_told=row.told is not None,
            orgs=frozenset(org for org in orgs[row.id] if org is not None and org != row.key),
            is_heard=bool(orgs[row.id]),
        )
        for row in rows.values()
    ]
    pairs = [
        merging.Pair(chinese=row.chinese_id, latin=row.latin_id, kind=row.kind, articles=row.articles)
        for row in connection.execute(
            select(
                aliases.c.chinese_id,
                aliases.c.latin_id,
                aliases.c.kind,
                func.count(aliases.c.article_id.distinct()).label("articles"),
            )
            .where(aliases.c.chinese_id.in_(numbers))
            .group_by(aliases.c.chinese_id, aliases.c.latin_id, aliases.c.kind)
            .order_by(aliases.c.chinese_id, aliases.c.latin_id, aliases.c.kind)
        )
    ]
    return known, pairs, _apart(connection, numbers)


def _apart(connection: Connection, numbers: Sequence[int]) -> set[tuple[int, int]]:
    """Return which of these names a correction in force says not to be one with which other."""
    newer = labels.alias("newer")
    overruled = exists().where(
        newer.c.article_id == labels.c.article_id,
        newer.c.revision == labels.c.revision,
        newer.c.start == labels.c.start,
        newer.c.end == labels.c.end,
        newer.c.found_speaker == labels.c.found_speaker,
        newer.c.undone_at.is_(None),
        newer.c.id > labels.c.id,
    )
    query = select(labels.c.name_id, labels.c.apart_id).where(
        labels.c.apart_id.in_(numbers), labels.c.undone_at.is_(None), ~overruled
    )
    return {(row.name_id, row.apart_id) for row in connection.execute(query)}


def _lead(
    connection: Connection, rows: Mapping[int, Row[Any]], found: Sequence[frozenset[int]], heard: Collection[int]
) -> None:
    """Give each group with somebody who spoke one actor, and the others none; an actor without names is gone."""
    before = {row.actor_id for row in rows.values() if row.actor_id is not None}
    free = set(before)
    for group in sorted(found, key=lambda group: (all(rows[one].told is None for one in group), min(group))):
        actor: int | None = None
        if not group.isdisjoint(heard):
            theirs = sorted({rows[one].actor_id for one in group} & free)
            actor = theirs[0] if theirs else _new_actor(connection, rows, group)
            free.discard(actor)
        moved = [one for one in sorted(group) if rows[one].actor_id != actor]
        if moved:
            connection.execute(update(names).where(names.c.id.in_(moved)).values(actor_id=actor))
            changed = {actor, *(rows[one].actor_id for one in moved)} - {None}
            connection.execute(update(actors).where(actors.c.id.in_(changed)).values(unsettled=True))
        told = next((rows[one].told for one in sorted(group) if rows[one].told is not None), None)
        if actor is not None and told is not None:
            connection.execute(update(actors).where(actors.c.id == actor, actors.c.name != told).values(name=told))
    if free:
        connection.execute(delete(actors).where(actors.c.id.in_(sorted(free))))


def _new_actor(connection: Connection, rows: Mapping[int, Row[Any]], group: Iterable[int]) -> int:
    told = next((rows[one].told for one in sorted(group) if rows[one].told is not None), None)
    org = next((rows[one].org for one in sorted(group) if rows[one].org is not None), None)
    said = (
        select(statements.c.speaker, statements.c.org)
        .where(statements.c.name_id.in_(sorted(group)))
        .order_by(statements.c.org.is_(None), statements.c.id)
        .limit(1)
    )
    first = connection.execute(said).first()
    name = told or (rows[min(group)].key if first is None else first.speaker)
    values = {"name": name, "org": org or (None if first is None else first.org), "unsettled": True}
    return int(connection.execute(insert(actors).values(values).returning(actors.c.id)).scalar_one())


def is_current() -> ColumnElement[bool]:
    """Return the condition that a statement is of its article's newest text."""
    superseded = (
        select(revisions.c.id)
        .join(articles, and_(articles.c.id == revisions.c.article_id, articles.c.revision > revisions.c.number))
        .where(articles.c.revision > literal_column("1"))  # written out, so that the index of these few is used
    )
    return statements.c.revision_id.not_in(superseded)


def settle(db: Database, *, language: str) -> None:
    """Count anew how the actors are called, and for whom they speak, of whom something was said since they were counted.

    The config's name, else the one that is whole, in the debate's language, and most often used; so many at once that
    no writer waits long.
    """
    after = 0
    while True:
        with db.write() as connection:
            waiting = select(actors.c.id).where(actors.c.unsettled, actors.c.id > after).order_by(actors.c.id)
            numbers = connection.scalars(waiting.limit(_AT_ONCE)).all()
            if not numbers:
                return
            _settle(connection, numbers, language)
        after = numbers[-1]


def _settle(connection: Connection, numbers: Sequence[int], language: str) -> None:
    told: dict[int, Row[Any]] = {}
    mine = names.c.actor_id.in_(numbers)
    for row in connection.execute(select(names).where(mine, names.c.told.is_not(None)).order_by(names.c.id)):
        told.setdefault(row.actor_id, row)
    uses: dict[int, list[merging.Use]] = defaultdict(list)
    written = (
        select(
            names.c.actor_id, names.c.key, names.c.last, statements.c.speaker, statements.c.org,
            func.count().label("times"),
        )
        .join(statements, statements.c.name_id == names.c.id)
        .where(mine, names.c.key.not_like(f"{OUTLET}%"), is_current(), statements.c.dismissed.is_(False))
        .group_by(names.c.actor_id, names.c.key, names.c.last, statements.c.speaker, statements.c.org)
    )  # fmt: skip
    for row in connection.execute(written):
        is_whole = row.last is not None and row.last != row.key
        uses[row.actor_id].append(merging.Use(written=row.speaker, org=row.org, is_whole=is_whole, times=row.times))
    for number in numbers:
        values: dict[str, Any] = {"unsettled": False}
        if uses[number]:
            values |= {"name": merging.shown_name(uses[number], language), "org": merging.usual_org(uses[number])}
        if number in told:
            values["name"] = told[number].told
            values["org"] = told[number].org or values.get("org")
        connection.execute(update(actors).where(actors.c.id == number).values(values))
