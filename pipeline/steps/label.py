"""Correcting what the engine said: who the speaker is, which side it is, or that it is no statement at all.

Keeps to itself what a person may say of a statement in a debate, and what follows from it: another speaker is
another actor, and somebody's words are no longer the article's own voice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigError
from pipeline.model import AUTHOR_NAMES, MIXED, NEUTRAL, Attribution, Correction, Stance
from pipeline.reading.folding import language_of
from pipeline.reading.identity import WhoIsWho, outlet
from pipeline.store import labels, names

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pipeline.model import LabelledArticle
    from pipeline.settings import Debate
    from pipeline.store.database import Database
    from pipeline.store.statements import ListedStatement

_AUTHORS: Final = frozenset(AUTHOR_NAMES.values())


def stance_of(written: str, debate: Debate) -> Stance:
    """Return the stance that somebody writes by its id, or a side's label; ConfigError where it is none of the debate's."""
    asked = written.strip().casefold()
    known = {str(MIXED): MIXED, str(NEUTRAL): NEUTRAL}
    for side in debate.sides:
        known |= {side.label.casefold(): Stance(side.id), side.id.casefold(): Stance(side.id)}
    if asked not in known:
        ids = ", ".join((*(side.id for side in debate.sides), MIXED))
        raise ConfigError(f'"{written}" is no stance of a statement in this debate - write {ids} or {NEUTRAL}')
    return known[asked]


def correct(  # noqa: PLR0913 - everything that a person may say
    db: Database,
    debate: Debate,
    statement_id: int,
    *,
    by: str,
    now: datetime,
    stance: Stance | None = None,
    speaker: str | None = None,
    org: str | None = None,
    dismiss: bool = False,
    note: str | None = None,
) -> tuple[ListedStatement, ListedStatement]:
    """Put a person's word in the place of the engine's, and return the statement before and after.

    None leaves as it is. A speaker by a name that stands for the shown actor too is one apart from that actor. ConfigError where there is no such statement, or a name is empty.
    """
    before = labels.shown(db, statement_id)
    if (speaker is not None and not speaker.strip()) or (org is not None and not org.strip()):
        raise ConfigError("an empty name names nobody - leave the option out, or write a name")
    correction = Correction(
        by=by,
        stance=stance,
        speaker=None if speaker is None else speaker.strip(),
        org=None if org is None else org.strip(),
        is_dismissal=dismiss,
        note=note,
    )
    if correction.speaker in _AUTHORS:
        correction = replace(correction, attribution=Attribution.AUTHOR, actor=outlet(before.evidence.source))
    elif correction.speaker is not None:
        is_own_voice = before.evidence.attribution is Attribution.AUTHOR
        who = WhoIsWho(debate)
        correction = replace(
            correction,
            attribution=Attribution.INDIRECT if is_own_voice else None,
            actor=who.identify(correction.speaker),
            apart_from=None if is_own_voice else who.identify(before.evidence.actor),
        )
    labels.add(db, statement_id, correction, now=now)
    names.settle(db, language=debate.language)
    return before, labels.shown(db, statement_id)


def undo(db: Database, debate: Debate, statement_id: int, *, now: datetime) -> bool:
    """Take back a statement's newest correction, and return whether an earlier one is in force now.

    ConfigError where there is no such statement, or nobody corrected it.
    """
    is_still_corrected = labels.undo(db, statement_id, now=now)
    names.settle(db, language=debate.language)
    return is_still_corrected


def labelled(db: Database) -> Iterator[LabelledArticle]:
    """Yield each article that has corrected statements, with these alone, oldest first."""
    for article in labels.labelled(db):
        if article.statements:
            yield replace(article, language=article.language or language_of(article.text))
