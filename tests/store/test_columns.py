"""What comes from outside is made storable at the store's edge: odd characters, long addresses, exact instants."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import event

from pipeline.model import Attribution, FoundLink, Identity, LinkHints, PageText, Reading, Stance, Statement, Stored
from pipeline.store import articles, deliveries, frontier, sources, statements, stories
from pipeline.store.columns import LONGEST_KEY, storable, storable_key

if TYPE_CHECKING:
    from pipeline.store.database import Database

OUTLET = "智潮网"
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
@example("a\0b\ud800c")
def test_storable_text_keeps_its_length_and_everything_that_can_be_kept(words: str) -> None:
    kept = storable(words)
    assert len(kept) == len(words)
    assert all(now in {was, "\N{REPLACEMENT CHARACTER}"} for now, was in zip(kept, words, strict=True))
    assert "\0" not in kept
    kept.encode()
    assert storable(kept) == kept


@given(ANY_TEXT)
@example("https://zhichao.example/" + "开" * 2000)
@example("k" * LONGEST_KEY)
@example("k" * (LONGEST_KEY + 1))
def test_a_stored_key_fits_an_index_and_is_its_own_key(key: str) -> None:
    stored = storable_key(key)
    assert len(stored.encode()) <= LONGEST_KEY
    assert storable_key(stored) == stored


def test_long_keys_that_differ_only_at_their_end_stay_apart() -> None:
    assert storable_key("k" * 5000 + "1") != storable_key("k" * 5000 + "2")


def test_text_with_characters_that_no_database_takes_is_stored_and_known_again(db: Database, now: datetime) -> None:
    odd = PageText(title="标\0题", text="正\ud800文\0。", published_at=None, author="\0", language="zh\0")
    for expected in (Stored.NEW, Stored.SAME):
        assert articles.add(db, OUTLET, url="u\0", key="k\0", text=odd, now=now) is expected
    (one,) = statements.unread(db, again=False, after=0, limit=9)
    assert (one.title, one.text) == ("标\ufffd题", "正\ufffd文\ufffd。")


def test_a_long_address_waits_once_and_is_stored_once(db: Database, now: datetime) -> None:
    key = "https://zhichao.example/?" + "".join(f"{n}=开源&" for n in range(2000))
    link = FoundLink(url=key, key=key, hints=LinkHints(title="\0\udfff"))
    assert frontier.offer(db, OUTLET, [link, link], validators=None, now=now) == 1
    assert frontier.offer(db, OUTLET, [link], validators=None, now=now) == 0
    (page,) = frontier.waiting(db, OUTLET, limit=9, now=now)
    assert page.url == key
    text = PageText(title="标题", text="正文", published_at=None, author=None, language=None)
    assert articles.add(db, OUTLET, url=key, key=page.key, text=text, now=now) is Stored.NEW
    assert frontier.waiting(db, OUTLET, limit=9, now=now) == ()
    assert frontier.offer(db, OUTLET, [link], validators=None, now=now) == 0
    assert articles.add(db, OUTLET, url=key, key=key, text=text, now=now) is Stored.SAME


def test_an_actor_with_an_endless_name_is_found_by_it(db: Database, now: datetime) -> None:
    name = "".join(f"{n}号发言者" for n in range(2000))
    text = PageText(title="标题", text="开源", published_at=None, author=None, language=None)
    articles.add(db, OUTLET, url="u", key="k", text=text, now=now)
    said = Statement(
        speaker=name, org=None, start=0, end=2, quote="开源", attribution=Attribution.DIRECT, stance=Stance("open"),
        confidence=1, because=("\0\ud800",),
    )  # fmt: skip
    reading = Reading(stance=Stance("s" * 300), confidence=1, statements=(said,))
    who = [Identity(key=name, name=name, org=None)]
    for _ in range(2):
        statements.keep(db, 1, reading, who, ["段落"], engine="e" * 300, now=now)
    (found,) = statements.of_actors(db, {name}, before=now + timedelta(days=1))
    assert found.because == ("\0\ud800",)


@pytest.mark.parametrize("hours", [-12, 0, 8, 14])
def test_an_instant_is_the_same_instant_in_whatever_zone_it_came(db: Database, now: datetime, hours: int) -> None:
    there = now.astimezone(timezone(timedelta(hours=hours)))
    text = PageText(title="标题", text="开源", published_at=there, author=None, language=None)
    articles.add(db, OUTLET, url="u", key="k", text=text, now=now)
    (one,) = statements.unread(db, again=False, after=0, limit=9)
    assert one.counts_at == now
    assert one.counts_at.utcoffset() == timedelta(0)


def test_only_the_newest_revision_waits_to_be_read(db: Database, now: datetime) -> None:
    for words in ("一", "二", "三"):
        text = PageText(title="标题", text=words, published_at=None, author=None, language=None)
        articles.add(db, OUTLET, url="u", key="k", text=text, now=now)
    assert statements.count_unread(db, again=False) == articles.count(db)[1] == 1
    assert statements.count_unread(db, again=True) == 1
    nothing = Reading(stance=Stance("open"), confidence=1, statements=())
    statements.keep(db, 1, nothing, [], [], engine="e", now=now)  # a reading that began before the page changed
    assert [one.text for one in statements.unread(db, again=False, after=0, limit=9)] == ["三"]
    assert [one.text for one in statements.unread(db, again=True, after=0, limit=9)] == ["三"]


def test_the_questions_of_every_minute_read_no_whole_table(db: Database, url: str, now: datetime) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("PostgreSQL reads a small table whole, whatever its indexes")
    asked: list[tuple[str, object]] = []

    def note(_: object, __: object, sql: str, values: object, ___: object, ____: object) -> None:
        asked.append((sql, values))

    event.listen(db._engine, "before_cursor_execute", note)
    sources.states(db, now=now)
    statements.unread(db, again=False, after=0, limit=9)
    statements.count_unread(db, again=False)
    statements.between(db, now, now)
    statements.of_actors(db, {"甲"}, before=now)
    statements.count(db)
    stories.candidates(db, [1, 2], start=now, end=now)
    stories.copies_between(db, now, now)
    frontier.waiting(db, OUTLET, limit=9, now=now)
    deliveries.due(db, now=now)
    event.remove(db._engine, "before_cursor_execute", note)
    with db.read() as connection:
        for sql, values in asked:
            if sql.startswith("SELECT"):
                plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)  # type: ignore[arg-type]
                steps = [row.detail for row in plan if row.detail.startswith("SCAN")]
                assert [step for step in steps if "INDEX" not in step and step != "SCAN sources"] == [], sql
