"""The referee's answers are kept as they were given, and its requests are counted by the month."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from pipeline.model import MIXED, RefereeAnswer, Stance
from pipeline.store import referee

if TYPE_CHECKING:
    from datetime import datetime

    from pipeline.store.database import Database


def test_an_answer_is_found_by_its_request_and_a_later_one_takes_its_place(db: Database, now: datetime) -> None:
    first = RefereeAnswer(stance=Stance("open"), confidence=0.75, evidence="门开着,谁都进得来")
    later = RefereeAnswer(stance=MIXED, confidence=1.0, evidence="各有各的用处")
    assert referee.answer(db, "a" * 64) is None
    referee.keep(db, "a" * 64, first, model="judge-1", now=now)
    referee.keep(db, "b" * 64, later, model="judge-1", now=now)
    assert referee.answer(db, "a" * 64) == first
    referee.keep(db, "a" * 64, later, model="judge-1", now=now)
    assert referee.answer(db, "a" * 64) == later


def test_a_month_ends_at_its_budget_and_the_next_begins_at_nothing(db: Database) -> None:
    assert [referee.spend(db, "2026-11", budget=2) for _ in range(3)] == [True, True, False]
    assert referee.spend(db, "2026-12", budget=2)
    assert (referee.spent(db, "2026-11"), referee.spent(db, "2026-12"), referee.spent(db, "2027-01")) == (2, 1, 0)
    assert not referee.spend(db, "2027-01", budget=0)


def test_several_at_once_do_not_overspend(db: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        let_out = list(pool.map(lambda _: referee.spend(db, "2026-11", budget=10), range(30)))
    assert (sum(let_out), referee.spent(db, "2026-11")) == (10, 10)
