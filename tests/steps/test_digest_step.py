"""Which weeks are owed, what is built, and what a built digest holds on to."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from pipeline.model import DeliveryState, DigestOutcome
from pipeline.settings import WeeklyTime
from pipeline.shifts.document import document
from pipeline.steps.analyse import analyse
from pipeline.steps.digest import (
    build_owed,
    build_week,
    draft,
    due_at,
    latest_week,
    next_due_at,
    owed_weeks,
    wordings,
)
from pipeline.store import deliveries, digests
from pipeline.weeks import Week
from tests.steps.conftest import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.settings import Settings
    from pipeline.store.database import Database

W45, W46, W47 = Week(2026, 45), Week(2026, 46), Week(2026, 47)
IN_W46 = datetime(2026, 11, 10, 3, 0, tzinfo=UTC)
IN_W47 = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)


def test_a_week_is_due_at_the_first_such_time_after_it_ends(settings: Settings, now: datetime) -> None:
    assert due_at(W47, settings) == datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert latest_week(settings, now=now) == W47
    assert latest_week(settings, now=datetime(2026, 11, 22, 23, 59, tzinfo=UTC)) == W46
    assert next_due_at(settings, now=now) == datetime(2026, 11, 30, 0, 0, tzinfo=UTC)


def test_a_week_that_ends_at_the_digests_own_time_is_due_at_once(settings: Settings) -> None:
    midnight = WeeklyTime(weekday=0, time=time(0))
    changed = settings.model_copy(update={"digest": settings.digest.model_copy(update={"every": midnight})})
    assert due_at(W47, changed) == W47.ends_at(settings.debate.zone)


def test_weeks_that_were_over_before_the_database_was_made_are_not_owed(
    db: Database, settings: Settings, now: datetime
) -> None:
    # The database of these tests was made on 1 November: weeks 44 to 47 have fallen due since.
    assert owed_weeks(db, settings, now=now) == (Week(2026, 44), W45, W46, W47)


def test_after_downtime_every_week_is_built_and_only_the_newest_mailed(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["closed"], IN_W46)
    publish(TEXTS["open"], IN_W47)
    analyse(db, settings.debate, again=False, now=now)
    built = build_owed(db, settings, now=now, by_hand=False)
    assert [(str(one.week), one.outcome) for one in built] == [
        ("2026-W44", DigestOutcome.EMPTY),
        ("2026-W45", DigestOutcome.EMPTY),
        ("2026-W46", DigestOutcome.ARCHIVED),
        ("2026-W47", DigestOutcome.TO_MAIL),
    ]
    assert deliveries.of_week(db, W46) == ()
    assert [one.state for one in deliveries.of_week(db, W47)] == [DeliveryState.READY] * 2
    assert build_owed(db, settings, now=now, by_hand=False) == ()
    assert build_owed(db, settings, now=now, by_hand=True) == ()


def test_a_digest_asked_for_by_hand_is_built_though_its_week_was_over_before_kaibi_came(
    db: Database, settings: Settings, publish: Callable[..., None]
) -> None:
    before = datetime(2026, 10, 28, 4, 0, tzinfo=UTC)
    publish(TEXTS["open"], before - timedelta(days=6))
    analyse(db, settings.debate, again=False, now=before)
    assert build_owed(db, settings, now=before, by_hand=False) == ()
    (built,) = build_owed(db, settings, now=before, by_hand=True)
    assert (built.week, built.outcome) == (Week(2026, 43), DigestOutcome.TO_MAIL)


def test_a_built_digest_never_changes_and_late_articles_are_told_in_the_next(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["closed"], IN_W46)
    analyse(db, settings.debate, again=False, now=IN_W47)
    first = build_week(db, settings, W46, now=IN_W47)
    publish(TEXTS["open"], IN_W46, "云观察", now - timedelta(days=1))
    publish(TEXTS["open"], IN_W47)
    analyse(db, settings.debate, again=False, now=now)
    assert build_week(db, settings, W46, now=now) == first
    digest = draft(db, settings, W47, now=now)
    assert digest.coverage.articles_late == 1


def test_an_archived_digest_is_mailed_when_a_person_names_its_week(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["closed"], IN_W46)
    analyse(db, settings.debate, again=False, now=now)
    build_owed(db, settings, now=now, by_hand=False)
    assert build_week(db, settings, W46, now=now).outcome is DigestOutcome.TO_MAIL
    assert len(deliveries.of_week(db, W46)) == 2


def test_an_empty_week_is_mailed_only_where_the_config_wants_it(
    db: Database, settings: Settings, now: datetime
) -> None:
    assert build_week(db, settings, W46, now=now).outcome is DigestOutcome.EMPTY
    assert deliveries.of_week(db, W46) == ()
    wanted = settings.model_copy(update={"digest": settings.digest.model_copy(update={"empty": "send"})})
    assert build_week(db, wanted, W47, now=now).outcome is DigestOutcome.TO_MAIL
    assert len(deliveries.of_week(db, W47)) == 2


def test_a_week_that_was_empty_is_built_anew_when_its_articles_have_come(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    assert [one.outcome for one in build_owed(db, settings, now=now, by_hand=True)][-1] is DigestOutcome.EMPTY
    publish(TEXTS["open"], IN_W47)
    analyse(db, settings.debate, again=False, now=now)
    assert build_owed(db, settings, now=now, by_hand=False) == ()
    assert [one.outcome for one in build_owed(db, settings, now=now, by_hand=True)] == [DigestOutcome.TO_MAIL]
    assert len(deliveries.of_week(db, W47)) == 2


def test_a_turn_is_found_over_the_weeks_and_worded_in_both_languages(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["closed"], IN_W46)
    publish(TEXTS["open"], IN_W47)
    analyse(db, settings.debate, again=False, now=now)
    digest = draft(db, settings, W47, now=now)
    (turn,) = digest.turns
    assert (turn.actor, turn.from_side, turn.to_side) == ("沈望川", "closed", "open")
    words = wordings(digest, settings)
    assert list(words) == ["zh", "en"]
    assert all("沈望川" in one.html and "沈望川" in one.text for one in words.values())


def test_the_document_has_the_contracts_fields(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["closed"], IN_W46)
    publish(TEXTS["open"], IN_W47)
    analyse(db, settings.debate, again=False, now=now)
    found = json.loads(json.dumps(document(draft(db, settings, W47, now=now))))
    assert found["week"] == "2026-W47"
    assert list(found["votes"]) == ["open", "closed", "mixed", "neutral"]
    assert sum(found["votes"].values()) == len(found["voters"])
    assert set(found["shares"]["open"]) == {"share", "low", "high"}
    assert {"side", "points", "probability", "verdict"} <= set(found["change"])
    (turn,) = found["turns"]
    assert {"actor", "from", "to", "before", "after"} <= set(turn)
    assert all({"quote", "url", "published_at"} <= set(turn[when]) for when in ("before", "after"))
    assert {"new_voices", "stories", "coverage"} <= set(found)
    assert found["coverage"]["sources_watched"] == 2
    assert digests.of_week(db, W47) is None
