"""What status and digest status say of sources, pages and mails in every state."""

from __future__ import annotations

import io
import json
import sys
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from pipeline.config.load import load
from pipeline.doors.commands_digest import what_to_do
from pipeline.doors.terminal import counted, progress_bar
from pipeline.model import Delivery, DeliveryState, FoundLink, Health, Outcome, PageProblem, PageText, Visit
from pipeline.store import articles, frontier, runs, sources
from pipeline.store.database import open_database
from tests.doors.doors_site import DEBATE, NOW, article_text, source_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.weeks import Week
    from tests.doors.doors_site import Ran

SHANGHAI = ZoneInfo("Asia/Shanghai")


def visited(home: Path) -> None:
    """Record a visit to each of three sources: one well, one failed, one that answers with old articles."""
    names = ("好站", "坏站", "旧站")
    tables = "".join(source_table(name, f"http://127.0.0.1:9/{number}") for number, name in enumerate((*names, "新站")))
    (home / "config.toml").write_text(DEBATE + tables, encoding="utf-8")
    configured = load(home / "config.toml")
    db = open_database(configured.store_url, now=NOW)
    sources.sync(db, [one for one in configured.settings.source if one.name in names])
    run_id = runs.begin(db, now=NOW)
    for name in names:
        failed = name == "坏站"
        pages = tuple(PageProblem(url=f"http://127.0.0.1:9/p{n}", problem="HTTP 500") for n in range(7))
        visit = Visit(
            source=name,
            started_at=NOW,
            ended_at=NOW,
            outcome=Outcome.FAILED if failed else Outcome.OK,
            articles_new=0 if failed else 1,
            articles_known=0,
            problem="HTTP 404 \x1b[31mNot Found" if failed else None,
            page_problems=pages if name == "好站" else (),
        )
        health = Health.FAILING if failed else Health.OK
        sources.record_visit(db, run_id, visit, failures=1.0 * failed, health=health, next_due_at=NOW)
    for name, age in (("好站", 1), ("旧站", 400)):
        text = PageText(
            title="谈大模型", text=article_text(age), published_at=NOW - timedelta(days=age), author=None, language="zh"
        )
        articles.add(db, name, url=f"http://127.0.0.1:9/{name}", key=name, text=text, now=NOW)
    frontier.offer(db, "好站", [FoundLink(url="http://127.0.0.1:9/w", key="w"), FoundLink(url="http://127.0.0.1:9/g", key="g")], validators=None, now=NOW)  # fmt: skip
    waiting = frontier.waiting(db, "好站", limit=9, now=NOW)
    frontier.failed(db, waiting[1].id, "HTTP 410", next_try_at=None)
    runs.end(db, run_id, now=NOW)
    db.close()


def test_status_names_what_is_wrong_and_what_waits(home: Path, kaibi: Callable[..., Ran]) -> None:
    visited(home)
    told = kaibi("status").out
    assert "4 enabled: 1 failing, 1 new, 2 ok" in told
    assert "坏站: failing: HTTP 404 \N{REPLACEMENT CHARACTER}[31mNot Found (last success: never)" in told
    assert "旧站: answers, but its newest article is of " in told
    assert "1 page to be fetched, 2 articles to be read, 1 page given up" in told
    assert told.count("HTTP 500") == 5
    assert "好站: and 2 more pages" in told
    assert "3 sources, 2 new articles" in told
    found = json.loads(kaibi("status", "--json").out)
    assert [len(visit["page_problems"]) for visit in found["last_run"]["visits"]] == [7, 0, 0]
    assert found["waiting"] == {"articles_unread": 2, "pages_waiting": 1, "pages_given_up": 1}
    row = kaibi("sources", "list").out.splitlines()[1]
    assert "ok" in row
    assert "新站" in kaibi("sources", "list").out


def test_what_is_unread_is_named_by_preview_and_read_before_mailing(
    stocked: Week, home: Path, kaibi: Callable[..., Ran]
) -> None:
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    at = stocked.starts_at(SHANGHAI) + timedelta(days=1)
    text = PageText(title="谈大模型", text=article_text(4), published_at=at, author=None, language="zh")
    articles.add(db, "小站", url="http://127.0.0.1:9/late", key="late", text=text, now=NOW)
    db.close()
    assert f"{stocked}: 1 article of it not read yet" in kaibi("digest", "preview").err
    sent = kaibi("digest", "send", "--week", str(stocked))
    assert sent.status == 0
    assert "read 1 article first" in sent.err


@pytest.mark.parametrize(
    ("state", "minutes", "told"),
    [
        (DeliveryState.READY, 5, "kept, tried again at "),
        (DeliveryState.READY, None, "waits for kaibi run"),
        (DeliveryState.SENDING, None, "on its way"),
        (DeliveryState.SENT, None, ""),
        (
            DeliveryState.FAILED,
            None,
            "put the cause right, then kaibi digest resend --week 2026-W47 --to a@example.com",
        ),
        (DeliveryState.UNKNOWN, None, "ask the recipient; if it did not arrive: kaibi digest resend"),
    ],
)
def test_every_state_of_a_mail_says_what_to_do(
    stocked: Week, state: DeliveryState, minutes: int | None, told: str
) -> None:
    delivery = Delivery(
        id=1,
        week=type(stocked)(2026, 47),
        recipient="a@example.com",
        state=state,
        attempts=1,
        next_try_at=None if minutes is None else NOW + timedelta(minutes=minutes),
        changed_at=NOW,
        message_id="<1@kaibi.invalid>",
        problem=None,
    )
    found = what_to_do(delivery, SHANGHAI)
    assert found.startswith(told)
    assert bool(found) == bool(told)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_shows_on_a_terminal_and_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for stream, shows in ((Terminal(), True), (io.StringIO(), False)):
        monkeypatch.setattr(sys, "stderr", stream)
        with progress_bar("reading") as progress:
            progress(3, 7)
        assert ("reading" in stream.getvalue()) == shows
    assert (counted(1, "article"), counted(2, "article")) == ("1 article", "2 articles")
