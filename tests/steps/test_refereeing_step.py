"""Asking the referee about what is unsure: whom, how often, and that nothing it does can hurt a reading."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.model import NEUTRAL, OFF_TOPIC, Attribution, Reading, Stance, Statement
from pipeline.referee.endpoint import Endpoint
from pipeline.settings import RefereeSettings
from pipeline.steps.analyse import analyse, engine_name
from pipeline.steps.refereeing import FAILURES_IN_A_ROW, Referee
from pipeline.store import referee as kept
from pipeline.store import statements
from tests.chat_server import ChatServer, Question, Told, completion, fails, says
from tests.steps.conftest import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.settings import Settings
    from pipeline.store.database import Database

SAID = ("谁都该能看见里面", "门还是关着好", "再等等也不迟", "这笔账要算清楚", "先让孩子们试试")
"""What five people said."""


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started


@pytest.fixture
def referee(db: Database, settings: Settings, chat: ChatServer, now: datetime) -> Callable[..., Referee]:
    """Make one run's referee of the chat server."""

    def make(*, at: datetime = now, **more: object) -> Referee:
        made = RefereeSettings.model_validate(
            {"enabled": True, "base_url": chat.url, "model": "judge-1", "max_retries": 0, "timeout": "5s"} | more
        )
        return Referee(db, settings.debate, made, Endpoint(made, None), now=at)

    return make


def statement(words: str, confidence: float = 0.5, stance: str = "neutral") -> Statement:
    return Statement(
        speaker="葛青", org=None, start=0, end=len(words), quote=words, attribution=Attribution.INDIRECT,
        stance=Stance(stance), confidence=confidence, because=("账",),
    )  # fmt: skip


def reading(*said: Statement, stance: str = "neutral") -> Reading:
    return Reading(stance=Stance(stance), confidence=0.6, statements=said)


def passages(of: Reading) -> list[str]:
    return [f"葛青说,{one.quote}。" for one in of.statements]


def for_open(question: Question) -> Told:
    """Answer for the side that is called 开源, wherever it stands."""
    letter = "A" if question.told["A"] == "开源" else "B"
    return says(letter, 0.8, question.told["statement"])


def always_first(question: Question) -> Told:
    return says("A", 0.95, question.told["statement"])


def test_only_unsure_statements_are_asked_about_once_in_each_order(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.answers = for_open
    given = reading(statement(SAID[0]), statement(SAID[1], 0.6), statement(SAID[2], 0.95, "closed"))
    bench = referee()
    found, is_settled = bench.review(given, passages(given))
    assert is_settled
    assert [(one.told["statement"], one.told["A"]) for one in chat.asked] == [(SAID[0], "开源"), (SAID[0], "闭源")]
    assert chat.asked[0].told["paragraph"] == f"葛青说,{SAID[0]}。"
    changed, *others = found.statements
    assert (changed.stance, changed.confidence) == ("open", 0.8)
    assert changed.because == (f"referee judge-1: {SAID[0]}",)
    assert tuple(others) == given.statements[1:]
    assert (found.stance, found.confidence) == (given.stance, given.confidence)
    record = bench.record()
    assert (record.unsure, record.changed, record.agreed, record.requests) == (1, 1, 1, 2)


def test_who_takes_whatever_comes_first_is_not_believed(referee: Callable[..., Referee], chat: ChatServer) -> None:
    chat.answers = always_first
    given = reading(statement(SAID[0]))
    bench = referee()
    assert bench.review(given, passages(given)) == (given, True)
    assert (bench.record().undecided, bench.record().changed) == (1, 0)


def test_invented_evidence_is_thrown_away_and_not_asked_for_again(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.answers = lambda _: says("A", 0.99, "葛青从来没有说过的话")
    given = reading(statement(SAID[0]))
    bench = referee()
    assert bench.review(given, passages(given)) == (given, True)
    assert bench.review(given, passages(given)) == (given, True)
    assert len(chat.asked) == 1
    assert bench.record().failures == (("evidence that is not in the text", 2),)


def test_what_was_answered_is_never_asked_again_until_the_words_change(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.answers = for_open
    given = reading(statement(SAID[0]))
    first = referee().review(given, passages(given))
    chat.answers = lambda _: fails(500)
    later = referee()
    assert later.review(given, passages(given)) == first
    assert (later.record().from_cache, later.record().requests) == (1, 0)
    chat.answers = for_open
    referee().review(given, ["葛青后来又说,账要算清楚," + SAID[0] + "。"])
    referee(model="judge-2").review(given, passages(given))
    assert len(chat.asked) == 6


def test_an_article_that_is_off_topic_costs_nothing(referee: Callable[..., Referee], chat: ChatServer) -> None:
    given = reading(statement(SAID[0]), stance=OFF_TOPIC)
    assert referee().review(given, passages(given)) == (given, True)
    assert chat.connections == 0


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (fails(500, "boom"), "server error (HTTP 500: boom)"),
        (Told(breaks=True), "out of reach (Remote end closed connection without response)"),
        (completion("no JSON at all"), "no answer of the asked form (no JSON)"),
        (completion('{"sta', finish_reason="length"), "answer cut short (it came to the server's limit of tokens)"),
        (Told(body=b'{"choices": []}'), "no answer of the asked form"),
    ],
)
def test_after_some_failures_in_a_row_it_is_left_alone(
    referee: Callable[..., Referee], chat: ChatServer, told: Told, why: str
) -> None:
    chat.script(told)
    given = reading(*map(statement, SAID))
    bench = referee()
    assert bench.review(given, passages(given)) == (given, False)
    assert len(chat.asked) == FAILURES_IN_A_ROW == 3
    record = bench.record()
    assert (record.failed, record.left_alone) == (3, 2)
    assert record.failures[0][0].startswith(why)


def test_a_refused_key_is_enough_to_leave_it_alone(referee: Callable[..., Referee], chat: ChatServer) -> None:
    chat.script(fails(401, "no such key"))
    given = reading(*map(statement, SAID))
    bench = referee()
    assert bench.review(given, passages(given)) == (given, False)
    assert len(chat.asked) == 1
    assert bench.record().left_alone == 4


def test_a_good_answer_between_failures_starts_the_count_anew(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    def only_for_one(question: Question) -> Told:
        return for_open(question) if question.told["statement"] == SAID[2] else fails(500)

    chat.answers = only_for_one
    given = reading(*map(statement, SAID))
    bench = referee()
    found, is_settled = bench.review(given, passages(given))
    assert not is_settled
    assert [one.stance for one in found.statements] == ["neutral", "neutral", "open", "neutral", "neutral"]
    assert (bench.record().failed, bench.record().left_alone) == (4, 0)


def test_what_a_model_refuses_to_judge_does_not_count_against_its_server(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.script(completion(None, refusal="I would rather not."))
    given = reading(*map(statement, SAID))
    bench = referee()
    bench.review(given, passages(given))
    assert (len(chat.asked), bench.record().failures) == (5, (("the model refused", 5),))


def test_what_was_answered_before_counts_while_the_server_is_left_alone(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.answers = for_open
    known = reading(statement(SAID[4]))
    referee().review(known, passages(known))
    chat.script(fails(401))
    given = reading(statement(SAID[0]), statement(SAID[4]))
    found, is_settled = referee().review(given, passages(given))
    assert not is_settled
    assert [one.stance for one in found.statements] == ["neutral", "open"]


def test_requests_are_counted_and_end_with_the_months_budget(
    db: Database, referee: Callable[..., Referee], chat: ChatServer, now: datetime
) -> None:
    chat.answers = for_open
    given = reading(*map(statement, SAID))
    bench = referee(monthly_budget=4)
    found, is_settled = bench.review(given, passages(given))
    assert not is_settled
    assert [one.stance for one in found.statements] == ["open", "open", "neutral", "neutral", "neutral"]
    assert (len(chat.asked), bench.record().over_budget, kept.spent(db, "2026-11")) == (4, 3, 4)
    next_month = referee(monthly_budget=4, at=now + timedelta(days=9))
    found, _ = next_month.review(given, passages(given))
    assert [one.stance for one in found.statements] == ["open", "open", "open", "open", "neutral"]
    assert kept.spent(db, "2026-12") == 4


def test_repeated_and_failed_requests_cost_as_much_as_others(
    db: Database, referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.script(fails(503, Retry_After="0"))
    given = reading(statement(SAID[0]))
    referee(max_retries=2).review(given, passages(given))
    assert kept.spent(db, "2026-11") == len(chat.asked) == 3
    nothing_left = referee(monthly_budget=0)
    nothing_left.review(given, passages(given))
    assert len(chat.asked) == 3


def test_a_month_is_the_debates(db: Database, referee: Callable[..., Referee], chat: ChatServer) -> None:
    chat.answers = for_open
    given = reading(statement(SAID[0]))
    referee(at=datetime(2026, 11, 30, 17, 0, tzinfo=UTC)).review(given, passages(given))
    assert (kept.spent(db, "2026-11"), kept.spent(db, "2026-12")) == (0, 2)


def test_a_request_is_counted_before_it_is_sent(
    db: Database, referee: Callable[..., Referee], chat: ChatServer
) -> None:
    counted: list[int] = []

    def look(question: Question) -> Told:
        counted.append(kept.spent(db, "2026-11"))
        return for_open(question)

    chat.answers = look
    given = reading(statement(SAID[0]))
    referee().review(given, passages(given))
    assert counted == [1, 2]


def test_readings_say_whether_a_referee_settled_them(
    db: Database, settings: Settings, publish: Callable[..., None], referee: Callable[..., Referee], chat: ChatServer,
    now: datetime,
) -> None:  # fmt: skip
    publish(TEXTS["open"], now - timedelta(days=1))
    bench = referee(below=1)
    alone, refereed = engine_name(settings.debate), engine_name(settings.debate, bench.settings)
    assert alone != refereed
    chat.script(fails(401))
    record = analyse(db, settings.debate, again=False, now=now, referee=bench)
    assert record.referee is not None
    assert record.referee.failed == 1
    assert statements.read_otherwise(db, refereed) == 1
    assert statements.read_otherwise(db, alone) == 0
    chat.answers = lambda question: says("mixed", 0.7, question.told["statement"])
    analyse(db, settings.debate, again=True, now=now, referee=referee(below=1))
    assert statements.read_otherwise(db, refereed) == 0
    assert {(one.stance, one.confidence) for one, _ in statements.everything(db)} == {("mixed", 0.7)}
    analyse(db, settings.debate, again=True, now=now)
    assert {one.stance for one, _ in statements.everything(db)} == {"open"}
    assert statements.read_otherwise(db, alone) == 0


def test_of_an_endless_article_only_what_is_near_is_sent(
    db: Database, settings: Settings, publish: Callable[..., None], referee: Callable[..., Referee], chat: ChatServer,
    now: datetime,
) -> None:  # fmt: skip
    chat.answers = for_open
    publish(TEXTS["open"] + "会后还有茶点,来宾三五成群地聊着天。" * 2000, now - timedelta(days=1))
    analyse(db, settings.debate, again=False, now=now, referee=referee(below=1))
    assert chat.asked
    assert max(len(one.written) for one in chat.asked) < 4000


def test_a_statement_of_no_side_stays_one_where_the_referee_confirms_it(
    referee: Callable[..., Referee], chat: ChatServer
) -> None:
    chat.answers = lambda question: says("neutral", 0.9, question.told["statement"])
    given = reading(statement(SAID[3]))
    bench = referee()
    found, _ = bench.review(given, passages(given))
    assert (found.statements[0].stance, found.statements[0].confidence) == (NEUTRAL, 0.9)
    assert found.statements[0].because == (f"referee judge-1: {SAID[3]}", "账")
    assert (bench.record().agreed, bench.record().changed) == (1, 0)
