"""Building digests: which weeks are owed, what a week says, and keeping it with its wording.

Keeps to itself when a week's digest is due and which of several goes out: after downtime every week that was due
gets its digest, in order, and only the newest is mailed. A built digest is never built again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final, get_args

from pipeline.mail.message import message_id_for, unsubscribe_link
from pipeline.mail.render import render
from pipeline.model import OFF_TOPIC, Coverage, DigestOutcome, QuietSource
from pipeline.shifts.digest import WEEKS_SHOWN, assemble
from pipeline.shifts.document import document
from pipeline.store import articles, deliveries, digests, sources, statements, stories
from pipeline.weeks import Week
from pipeline.written import Language

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.model import BuiltDigest, Digest, Wording
    from pipeline.settings import Debate, Settings
    from pipeline.store.database import Database

_JUST_BEFORE: Final = timedelta(microseconds=1)


def due_at(week: Week, settings: Settings) -> datetime:
    """Return when a week's digest is due: the first such time of the week at or after the week's end."""
    zone = settings.debate.zone
    return settings.digest.every.first_after(week.ends_at(zone) - _JUST_BEFORE, zone)


def latest_week(settings: Settings, *, now: datetime) -> Week:
    """Return the newest week whose digest is due."""
    week = Week.of(now, settings.debate.zone) - 1
    while due_at(week, settings) > now:
        week -= 1
    return week


def next_due_at(settings: Settings, *, now: datetime) -> datetime:
    """Return when the next digest is due, after ``now``."""
    return due_at(latest_week(settings, now=now) + 1, settings)


def owed_weeks(db: Database, settings: Settings, *, now: datetime) -> tuple[Week, ...]:
    """Return the weeks that fell due since this database was made and have no digest, oldest first."""
    built = set(digests.weeks(db))
    made_at = db.created_at
    owed = []
    week = latest_week(settings, now=now)
    while due_at(week, settings) > made_at:
        if week not in built:
            owed.append(week)
        week -= 1
    return tuple(reversed(owed))


def draft(db: Database, settings: Settings, week: Week, *, now: datetime) -> Digest:
    """Work out what a week says, storing nothing."""
    debate = settings.debate
    zone = debate.zone
    start, end = week.starts_at(zone), week.ends_at(zone)
    said = statements.between(db, start, end)
    before = {
        one.statement_id: one
        for one in (
            *statements.between(db, (week - WEEKS_SHOWN).starts_at(zone), start),
            *statements.of_actors(db, {one.actor for one in said}, before=start),
        )
    }
    first, second = debate.sides
    return assemble(
        week=week,
        evidence_week=said,
        evidence_history=sorted(before.values(), key=lambda one: (one.published_at, one.statement_id)),
        copies=stories.copies_between(db, start, end),
        coverage=_coverage(db, debate, week, statements_found=len(said), now=now),
        sides=(first.id, second.id),
        zone=zone,
        min_votes=settings.digest.min_votes,
    )


def wordings(digest: Digest, settings: Settings) -> dict[str, Wording]:
    """Word a digest in both languages, the debate's first: whoever is added later may want the other."""
    languages = dict.fromkeys((settings.debate.language, *get_args(Language)))
    return {language: worded(digest, settings, language) for language in languages}


def worded(digest: Digest, settings: Settings, language: Language) -> Wording:
    """Word a digest in one language."""
    return render(
        digest,
        settings.debate,
        language=language,
        unsubscribe=unsubscribe_link(settings.mail.sender),
        subject_template=settings.digest.subject,
    )


def build_owed(db: Database, settings: Settings, *, now: datetime, by_hand: bool) -> tuple[BuiltDigest, ...]:
    """Build every digest that is owed, oldest first; only the newest week's is to be mailed.

    ``by_hand``: somebody asks for the newest digest, so it is owed also where its week was over before this
    database was made, or where it was built when there was no recipient.
    """
    newest = latest_week(settings, now=now)
    owed = owed_weeks(db, settings, now=now)
    built = []
    for week in owed:
        outcome = DigestOutcome.TO_MAIL if week == newest else DigestOutcome.ARCHIVED
        built.append(_build(db, settings, week, outcome, now=now))
    if by_hand and newest not in owed and not deliveries.of_week(db, newest):
        built.append(build_week(db, settings, newest, now=now))
    return tuple(built)


def build_week(db: Database, settings: Settings, week: Week, *, now: datetime) -> BuiltDigest:
    """Build a week's digest to be mailed; one that is there already is kept as it is.

    Recipients who have no delivery of it yet get one, also where it had only been archived. One that was
    empty, and so mailed to nobody, is built anew: its articles may have come since.
    """
    digests.discard_empty(db, week)
    built = _build(db, settings, week, DigestOutcome.TO_MAIL, now=now)
    if built.outcome is DigestOutcome.ARCHIVED:
        digests.mail_after_all(db, week)
    if built.outcome is not DigestOutcome.EMPTY:
        deliveries.enter(db, week, _message_ids(db, settings, week), now=now)
    return digests.of_week(db, week) or built


def _build(
    db: Database,
    settings: Settings,
    week: Week,
    outcome: DigestOutcome,
    *,
    now: datetime,
) -> BuiltDigest:
    there = digests.of_week(db, week)
    if there is not None:
        return there
    digest = draft(db, settings, week, now=now)
    if digest.is_empty and settings.digest.empty == "skip":
        outcome = DigestOutcome.EMPTY
    digests.save(
        db,
        week,
        document(digest),
        wordings(digest, settings),
        outcome,
        message_ids=_message_ids(db, settings, week) if outcome is DigestOutcome.TO_MAIL else {},
        now=now,
    )
    built = digests.of_week(db, week)
    assert built is not None  # noqa: S101 - saved above, or by another kaibi in the same moment
    return built


def _message_ids(db: Database, settings: Settings, week: Week) -> Mapping[str, str]:
    key = db.key
    return {one.address: message_id_for(week, one, key) for one in settings.digest.recipients}


def _coverage(db: Database, debate: Debate, week: Week, *, statements_found: int, now: datetime) -> Coverage:
    start, end = week.starts_at(debate.zone), week.ends_at(debate.zone)
    followed = sources.states(db, now=now)
    read = statements.article_stances(db, start, end)
    stored, undated = articles.count_between(db, start, end)
    return Coverage(
        sources_watched=len(followed),
        sources_answered=sum(1 for one in followed if one.last_success_at is not None and one.problem is None),
        quiet=tuple(
            QuietSource(name=one.name, problem=one.problem, since=one.last_success_at)
            for one in followed
            if one.problem is not None
        ),
        articles=stored,
        articles_on_topic=sum(1 for stance in read if stance != OFF_TOPIC),
        articles_undated=undated,
        statements=statements_found,
        articles_late=digests.late_articles(db, before=week, zone=debate.zone),
        articles_unread=stored - len(read),
    )
