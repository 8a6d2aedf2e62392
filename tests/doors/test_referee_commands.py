"""The referee in real commands: off unless it is turned on, told of in one line, and never in the way."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.config.load import load
from pipeline.model import PageText
from pipeline.store import articles, statements
from pipeline.store.database import open_database
from tests.chat_server import ChatServer, Question, Told, as_json, fails, says
from tests.doors.doors_site import DEBATE, NOW, article_text, kaibi_process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pipeline.model import Evidence
    from tests.doors.doors_site import Ran

KEY = "sk-not-a-real-one"


@pytest.fixture
def chat() -> Iterator[ChatServer]:
    with ChatServer() as started:
        yield started


def turn_on(home: Path, url: str, **more: object) -> None:
    """Add an enabled referee to the config that asks about everything."""
    keys = {"enabled": True, "base_url": url, "model": "judge-1", "below": 1.0, "max_retries": 0} | more
    table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in keys.items())
    with (home / "config.toml").open("a", encoding="utf-8") as config:
        config.write(f"\n[reading.referee]\n{table}")


def stored(home: Path) -> list[Evidence]:
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    try:
        return [one for one, _ in statements.everything(db)]
    finally:
        db.close()


def for_closed(question: Question) -> Told:
    letter = "A" if question.told["A"] == "闭源" else "B"
    return says(letter, 0.85, question.told["statement"])


@pytest.mark.usefixtures("stocked")
def test_off_by_default_no_connection_is_made(home: Path, chat: ChatServer) -> None:
    turn_on(home, chat.url, enabled=False)
    ran = kaibi_process("analyse", "--all", cwd=home, env=os.environ | {"KAIBI_REFEREE_KEY": KEY})
    assert ran.returncode == 0, ran.stderr
    assert chat.connections == 0
    assert "referee" not in ran.stderr


@pytest.mark.usefixtures("stocked")
def test_analyse_asks_and_says_in_one_line_what_came_of_it(home: Path, chat: ChatServer) -> None:
    chat.answers = for_closed
    turn_on(home, chat.url)
    env = os.environ | {"KAIBI_REFEREE_KEY": KEY}
    before = stored(home)
    ran = kaibi_process("analyse", "--all", cwd=home, env=env)
    assert ran.returncode == 0, ran.stderr
    count, changed = len(before), sum(one.stance != "closed" for one in before)
    told = [line for line in ran.stderr.splitlines() if line.startswith("referee ")]
    line = f"{count} unsure statements, {2 * count} requests, 0 from the cache; {changed} changed, {count - changed} confirmed"
    assert told == [f"referee judge-1: {line}, 0 undecided"]
    assert {one.headers["Authorization"] for one in chat.asked} == {f"Bearer {KEY}"}
    after = stored(home)
    assert {one.stance for one in after} == {"closed"}
    assert all(one.because[0] == f"referee judge-1: {one.quote}" for one in after)
    again = kaibi_process("analyse", "--all", cwd=home, env=env)
    assert f"0 requests, {count} from the cache" in again.stderr
    assert len(chat.asked) == 2 * count


@pytest.mark.usefixtures("stocked")
@pytest.mark.parametrize(
    ("told", "why"),
    [
        (fails(401, "bad key"), "1 failed: 1 key refused (HTTP 401: bad key); {others} not asked after these failures"),
        (fails(500), "3 failed: 3 server error (HTTP 500)"),
        (fails(429, "slow down", Retry_After="0"), "3 failed: 3 too busy (HTTP 429: slow down)"),
        (Told(body=b"<p>"), "3 failed: 3 no answer of the asked form"),
        (Told(is_held=True), "3 failed: 3 no answer in time (0.3 s)"),
        (Told(breaks=True), "3 failed: 3 out of reach"),
        (says("A", 0.9, "谁也没有说过"), "{all} failed: {all} evidence that is not in the text"),
    ],
)
def test_whatever_it_does_the_engines_own_answers_stand(
    home: Path, kaibi: Callable[..., Ran], chat: ChatServer, told: Told, why: str
) -> None:
    chat.script(told)
    before = [(one.quote, one.stance, one.confidence, one.because) for one in stored(home)]
    turn_on(home, chat.url, timeout="0.3s")
    ran = kaibi("analyse", "--all")
    assert ran.status == 0
    assert why.format(all=len(before), others=len(before) - 1) in ran.err
    assert [(one.quote, one.stance, one.confidence, one.because) for one in stored(home)] == before


@pytest.mark.usefixtures("stocked")
def test_what_waits_for_the_referee_is_pointed_to(home: Path, kaibi: Callable[..., Ran], chat: ChatServer) -> None:
    chat.answers = for_closed
    count = len(stored(home))
    turn_on(home, chat.url, monthly_budget=2)
    ran = kaibi("analyse", "--all")
    assert f"{count - 1} over the month's budget of 2 requests" in ran.err
    assert "articles were read with other terms, another engine or without the referee" in ran.err


@pytest.mark.usefixtures("stocked")
def test_a_key_that_cannot_be_read_stops_nothing(
    home: Path, kaibi: Callable[..., Ran], chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_on(home, chat.url)
    monkeypatch.setenv("KAIBI_REFEREE_KEY_FILE", str(home / "nothing-here"))
    ran = kaibi("analyse", "--all")
    assert ran.status == 0
    assert "the referee is not asked" in ran.err
    assert "cannot be read: No such file" in ran.err
    assert chat.connections == 0


@pytest.mark.usefixtures("stocked")
def test_a_persons_correction_wins_over_the_referee(home: Path, kaibi: Callable[..., Ran], chat: ChatServer) -> None:
    chat.answers = for_closed
    turn_on(home, chat.url)
    chosen = next(one for one in stored(home) if one.stance == "open")
    assert kaibi("label", "set", str(chosen.statement_id), "--stance", "mixed", "--by", "Lin").status == 0
    assert kaibi("analyse", "--all").status == 0
    by_quote = {one.quote: one.stance for one in stored(home)}
    assert by_quote.pop(chosen.quote) == "mixed"
    assert set(by_quote.values()) == {"closed"}


def test_a_stream_is_never_taken_to_the_referee(home: Path, kaibi: Callable[..., Ran], chat: ChatServer) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    turn_on(home, chat.url)
    line = json.dumps({"id": "a", "title": "", "text": article_text(0)})
    ran = kaibi("analyse", "--jsonl", given=line.encode() + b"\n")
    assert json.loads(ran.out)["statements"]
    assert chat.connections == 0


@pytest.mark.usefixtures("stocked")
def test_a_digest_reads_what_is_unread_with_the_referee_too(
    home: Path, kaibi: Callable[..., Ran], chat: ChatServer
) -> None:

    chat.answers = for_closed
    turn_on(home, chat.url)
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    page = PageText(
        title="第9场论坛谈大模型", text=article_text(9), published_at=NOW - timedelta(days=8), author=None, language="zh"
    )  # fmt: skip
    articles.add(db, "小站", url="http://127.0.0.1:9/a/9.html", key="9", text=page, now=NOW)
    db.close()
    ran = kaibi("digest", "send")
    assert ran.status == 0, ran.err
    assert "referee judge-1: " in ran.err
    assert {one.told["statement"] for one in chat.asked} == {one.quote for one in stored(home) if "9" in one.title}


def test_doctor_says_that_it_is_off_or_how_it_is(
    home: Path, kaibi: Callable[..., Ran], chat: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    assert "referee       ok  off\n" in kaibi("doctor").out
    turn_on(home, chat.url)
    well = kaibi("doctor")
    assert well.status == 0, well.out
    assert f"referee       ok  judge-1 at {chat.url}; 0 of 2000 requests used in " in well.out
    assert not chat.asked
    chat.models = as_json({"data": [{"id": "other-1"}, {"id": "other-2"}]})
    assert "has no model judge-1 - it has other-1, other-2\n" in kaibi("doctor").out
    chat.models = fails(401, "who are you?")
    refused = kaibi("doctor")
    assert refused.status == 2
    assert "key refused (HTTP 401: who are you?) - set KAIBI_REFEREE_KEY" in refused.out
    chat.models = Told(breaks=True)
    assert "out of reach" in kaibi("doctor").out
    monkeypatch.setenv("KAIBI_REFEREE_KEY", "two words")
    assert "referee       !!  KAIBI_REFEREE_KEY (or its file) holds a space" in kaibi("doctor").out
