"""What a person said of a statement wins over every reading, for every reader, as long as the words are in the text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import create_engine, select, text

from pipeline.errors import ConfigError
from pipeline.model import OFF_TOPIC, Attribution, Correction, Evidence, Identity, PageText, Reading, Stance, Statement
from pipeline.store import articles, labels, statements
from pipeline.store.corrections import KeptStatement, Label, as_found, corrected
from pipeline.store.database import alembic_config, open_database
from pipeline.store.tables import labels as labels_table

if TYPE_CHECKING:
    from pipeline.store.database import Database

TEXT = "沈望川表示,开源更好。\n韩越认为,闭源更安全。"
CLOSED = Stance("closed")


def store(db: Database, now: datetime, words: str = TEXT) -> None:
    page = PageText(title="标题", text=words, published_at=now, author=None, language="zh")
    articles.add(db, "智潮网", url="https://zhichao.example/1", key="1", text=page, now=now)


def said(words: str, quote: str, speaker: str, stance: str = "open", *, nth: int = 0) -> Statement:
    start = -1
    for _ in range(nth + 1):
        start = words.index(quote, start + 1)
    return Statement(
        speaker=speaker,
        org="澜石智能",
        start=start,
        end=start + len(quote),
        quote=quote,
        attribution=Attribution.INDIRECT,
        stance=Stance(stance),
        confidence=0.6,
        because=("更好",),
    )


def read(db: Database, now: datetime, *found: Statement, stance: str = "open") -> None:
    reading = Reading(stance=Stance(stance), confidence=0.8, statements=found)
    who = [Identity(key=one.speaker, name=one.speaker, org=one.org) for one in found]
    for article in statements.unread(db, again=True, after=0, limit=9):
        contexts = [article.text[: one.end].rpartition("\n")[2] + "。" for one in found]
        statements.keep(db, article.revision_id, reading, who, contexts, engine="e1", now=now)


def shown(db: Database) -> list[tuple[str, str, str]]:
    return [(one.actor, one.quote, str(one.stance)) for one, _ in statements.everything(db)]


def number(db: Database, quote: str) -> int:
    return next(one.statement_id for one, _ in statements.everything(db) if one.quote == quote)


def first(db: Database) -> Evidence:
    return next(one for one, _ in statements.everything(db))


@pytest.fixture
def filled(db: Database, now: datetime) -> Database:
    store(db, now)
    read(db, now, said(TEXT, "开源更好", "沈望川"), said(TEXT, "闭源更安全", "韩越", "closed"))
    return db


def test_a_correction_is_sure_marked_and_named_and_leaves_the_others_alone(filled: Database, now: datetime) -> None:
    labels.add(filled, number(filled, "开源更好"), Correction(by="甲", stance=CLOSED), now=now)
    one = first(filled)
    assert (one.stance, one.confidence, one.because, one.corrected) == ("closed", 1.0, ("corrected by 甲",), True)
    assert (one.actor, one.org, one.context) == ("沈望川", "澜石智能", "沈望川表示,开源更好。")
    assert [one.corrected for one, _ in statements.everything(filled)] == [True, False]


def test_every_reader_of_statements_gets_the_correction(filled: Database, now: datetime) -> None:
    who = Identity(key="韩越", name="韩越", org=None)
    labels.add(filled, number(filled, "开源更好"), Correction(by="甲", speaker="韩越", actor=who), now=now)
    assert {one.actor for one in statements.between(filled, now, now + timedelta(days=1))} == {"韩越"}
    assert len(statements.of_actors(filled, {"韩越"}, before=now + timedelta(days=1))) == 2
    assert statements.of_actors(filled, {"沈望川"}, before=now + timedelta(days=1)) == ()
    assert [one.evidence.actor for one in statements.listed(filled, limit=9, is_corrected=True)] == ["韩越"]
    assert [[one.speaker for one in article.statements] for article in labels.labelled(filled)] == [["韩越"]]
    assert statements.copies_of(filled, number(filled, "开源更好")) == ()


def test_another_speaker_does_not_inherit_the_organisation(filled: Database, now: datetime) -> None:
    who = Identity(key="李闻", name="李闻", org=None)
    labels.add(filled, first(filled).statement_id, Correction(by="甲", speaker="李闻", actor=who), now=now)
    assert (first(filled).actor, first(filled).org) == ("李闻", None)


def test_what_is_dismissed_no_reader_sees_and_undo_brings_it_back_under_its_number(
    filled: Database, now: datetime
) -> None:
    dismissed = number(filled, "开源更好")
    labels.add(filled, dismissed, Correction(by="甲", is_dismissal=True), now=now)
    left = [("韩越", "闭源更安全", "closed")]
    assert shown(filled) == left
    assert [one.quote for one in statements.between(filled, now, now + timedelta(days=1))] == ["闭源更安全"]
    assert statements.of_actors(filled, {"沈望川"}, before=now + timedelta(days=1)) == ()
    assert statements.count(filled) == 1
    read(filled, now, said(TEXT, "开源更好", "沈望川"), said(TEXT, "闭源更安全", "韩越", "closed"))
    assert shown(filled) == left
    assert [one.dismissed for one in statements.listed(filled, limit=9, is_corrected=True)] == [True]
    assert labels.undo(filled, dismissed, now=now) is False
    assert number(filled, "开源更好") == dismissed
    assert first(filled).stance == "open"
    assert statements.count(filled) == 2


def test_reading_again_keeps_the_numbers_and_the_corrections(filled: Database, now: datetime) -> None:
    numbers = [one.statement_id for one, _ in statements.everything(filled)]
    labels.add(filled, numbers[0], Correction(by="甲", stance=CLOSED), now=now)
    read(filled, now, said(TEXT, "开源更好", "沈望川", "mixed"), said(TEXT, "闭源更安全", "韩越", "neutral"))
    assert [one.statement_id for one, _ in statements.everything(filled)] == numbers
    assert shown(filled) == [("沈望川", "开源更好", "closed"), ("韩越", "闭源更安全", "neutral")]
    labels.undo(filled, numbers[0], now=now)
    assert shown(filled)[0] == ("沈望川", "开源更好", "mixed")  # what the engine says today


def test_a_correction_whose_statement_the_engine_no_longer_finds_still_counts(filled: Database, now: datetime) -> None:
    corrected_one = number(filled, "开源更好")
    labels.add(filled, corrected_one, Correction(by="甲", stance=CLOSED), now=now)
    read(filled, now, said(TEXT, "闭源更安全", "韩越", "closed"))
    assert shown(filled) == [("沈望川", "开源更好", "closed"), ("韩越", "闭源更安全", "closed")]
    assert number(filled, "开源更好") == corrected_one
    assert labels.undo(filled, corrected_one, now=now) is False
    assert shown(filled) == [("韩越", "闭源更安全", "closed")]


def test_a_correction_follows_its_words_into_a_changed_text_and_back(filled: Database, now: datetime) -> None:
    labels.add(filled, number(filled, "开源更好"), Correction(by="甲", stance=CLOSED), now=now)
    changed = "更新:会议已结束。\n" + TEXT
    store(filled, now, changed)
    read(filled, now, said(changed, "开源更好", "沈望川"))
    assert shown(filled) == [("沈望川", "开源更好", "closed")]
    without = "韩越认为,闭源更安全。"
    store(filled, now, without)
    read(filled, now, said(without, "闭源更安全", "韩越", "closed"))
    assert shown(filled) == [("韩越", "闭源更安全", "closed")]
    store(filled, now, changed)
    read(filled, now)
    assert shown(filled) == [("沈望川", "开源更好", "closed")]


def test_words_that_stand_twice_are_told_apart_by_what_is_around_them(db: Database, now: datetime) -> None:
    words = "沈望川表示:开源更好。\n韩越也说:开源更好。"
    store(db, now, words)
    found = (said(words, "开源更好", "沈望川"), said(words, "开源更好", "韩越", nth=1))
    read(db, now, *found)
    second = [one for one, _ in statements.everything(db)][1]
    labels.add(db, second.statement_id, Correction(by="甲", stance=CLOSED), now=now)
    changed = "按语。" * 5 + "\n" + words
    store(db, now, changed)
    read(db, now, said(changed, "开源更好", "沈望川"), said(changed, "开源更好", "韩越", nth=1))
    assert shown(db) == [("沈望川", "开源更好", "open"), ("韩越", "开源更好", "closed")]


def test_of_two_statements_with_one_span_only_the_one_that_was_meant_is_corrected(db: Database, now: datetime) -> None:
    store(db, now)
    found = (said(TEXT, "开源更好", "沈望川"), said(TEXT, "开源更好", "澜石智能"))
    read(db, now, *found)
    labels.add(db, first(db).statement_id, Correction(by="甲", stance=CLOSED), now=now)
    read(db, now, *reversed(found))
    assert sorted(shown(db)) == [("沈望川", "开源更好", "closed"), ("澜石智能", "开源更好", "open")]


def test_the_newest_correction_wins_builds_on_the_one_before_and_undo_goes_one_step_back(
    filled: Database, now: datetime
) -> None:
    one = first(filled).statement_id
    who = Identity(key="李闻", name="李闻", org=None)
    labels.add(filled, one, Correction(by="甲", stance=CLOSED), now=now)
    labels.add(filled, one, Correction(by="乙", speaker="李闻", org="云港", actor=who, note="代词指他"), now=now)
    assert shown(filled)[0] == ("李闻", "开源更好", "closed")
    assert (first(filled).because, first(filled).org) == (("corrected by 乙",), "云港")
    labels.add(filled, one, Correction(by="丙", org="星野"), now=now)
    assert (first(filled).actor, first(filled).org, first(filled).stance) == ("李闻", "星野", "closed")
    assert labels.undo(filled, one, now=now) is True
    assert labels.undo(filled, one, now=now) is True
    assert shown(filled)[0] == ("沈望川", "开源更好", "closed")
    assert first(filled).because == ("corrected by 甲",)
    assert labels.undo(filled, one, now=now) is False
    assert (first(filled).corrected, first(filled).confidence) == (False, 0.6)
    with pytest.raises(ConfigError, match=f"nobody corrected statement {one}"):
        labels.undo(filled, one, now=now)
    with filled.read() as connection:
        made = connection.execute(select(labels_table).order_by(labels_table.c.id)).all()
    assert [(row.made_by, row.found_stance, row.found_speaker, row.undone_at) for row in made] == [
        (by, "open", "沈望川", now) for by in "甲乙丙"
    ]


def test_a_corrected_statement_counts_though_the_engine_calls_its_article_off_topic(
    db: Database, now: datetime
) -> None:
    store(db, now)
    found = (said(TEXT, "开源更好", "沈望川", "neutral"), said(TEXT, "闭源更安全", "韩越", "neutral"))
    read(db, now, *found, stance=OFF_TOPIC)
    assert statements.between(db, now, now + timedelta(days=1)) == ()
    labels.add(db, number(db, "开源更好"), Correction(by="甲", stance=Stance("open")), now=now)
    assert [one.quote for one in statements.between(db, now, now + timedelta(days=1))] == ["开源更好"]


def test_the_unsure_are_those_that_take_a_side_and_nobody_corrected(filled: Database, now: datetime) -> None:
    third = said(TEXT, "表示", "沈望川", "neutral")
    read(filled, now, said(TEXT, "开源更好", "沈望川"), third, said(TEXT, "闭源更安全", "韩越", "closed"))
    assert [one.evidence.stance for one in statements.listed(filled, limit=9, is_unsure=True)] == ["closed", "open"]
    labels.add(filled, number(filled, "闭源更安全"), Correction(by="甲", stance=CLOSED), now=now)
    assert [one.evidence.quote for one in statements.listed(filled, limit=9, is_unsure=True)] == ["开源更好"]
    assert len(statements.listed(filled, limit=2)) == 2
    assert [one.speaker for one in statements.listed(filled, limit=9, actor_key="韩越")] == ["韩越"]
    assert statements.listed(filled, limit=9, span=(now - timedelta(days=9), now)) == ()


def test_a_number_that_is_none_or_of_an_older_text_is_refused(filled: Database, now: datetime) -> None:
    old = first(filled).statement_id
    with pytest.raises(ConfigError, match="there is no statement 999"):
        labels.add(filled, 999, Correction(by="甲", stance=CLOSED), now=now)
    store(filled, now, "韩越认为,闭源更安全。")
    with pytest.raises(ConfigError, match=f"statement {old} is of a text that its page has changed since"):
        labels.add(filled, old, Correction(by="甲", stance=CLOSED), now=now)


def test_a_correction_says_something_and_is_somebodys() -> None:
    with pytest.raises(ValueError, match="says a stance"):
        Correction(by="甲", note="好")
    with pytest.raises(ValueError, match="somebody's"):
        Correction(by=" ", stance=CLOSED)


def test_the_number_of_a_statement_that_is_gone_never_means_another(filled: Database, now: datetime) -> None:
    gone = number(filled, "闭源更安全")
    read(filled, now, said(TEXT, "开源更好", "沈望川"))
    read(filled, now, said(TEXT, "开源更好", "沈望川"), said(TEXT, "更安全", "韩越", "closed"))
    assert number(filled, "更安全") > gone


def test_a_database_from_before_the_labels_keeps_its_statements_and_their_numbers(url: str, now: datetime) -> None:
    opened = open_database(url, now=now)
    sources_row = "INSERT INTO sources (name, url, health, failures, followed) VALUES ('晚报', 'u', 'new', 0, true)"
    with opened.write() as connection:
        connection.execute(text(sources_row))
    page = PageText(title="标题", text=TEXT, published_at=now, author=None, language="zh")
    articles.add(opened, "晚报", url="https://x.example/old", key="old", text=page, now=now)
    read(opened, now, said(TEXT, "闭源更安全", "韩越", "closed"), said(TEXT, "开源更好", "沈望川"))
    before = [one for one, _ in statements.everything(opened)]
    opened.close()
    config, engine = alembic_config(), create_engine(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        connection.commit()
    engine.dispose()
    again = open_database(url, now=now)
    assert [one for one, _ in statements.everything(again)] == before
    labels.add(again, before[0].statement_id, Correction(by="甲", is_dismissal=True), now=now)
    assert [one for one, _ in statements.everything(again)] == before[1:]
    with again.write() as connection:
        connection.execute(text("DELETE FROM sources WHERE name = '晚报'"))
        assert connection.scalar(select(labels_table.c.id)) is None
    again.close()


def _kept(start: int, end: int, speaker: str = "甲", stance: str = "open") -> KeptStatement:
    return KeptStatement(
        name_id=1, speaker=speaker, org=None, start=start, end=end, quote="字" * (end - start), context="", via=None,
        attribution="direct", stance=stance, confidence=0.7, because=(),
    )  # fmt: skip


def _label(start: int, end: int, number: int = 1, stance: str | None = "closed", speaker: str = "甲") -> Label:
    return Label(
        id=number, revision=1, start=start, end=end, quote="字" * (end - start), context="", via=None,
        found_speaker=speaker, found_org=None, found_stance="open", found_confidence=0.7, stance=stance, speaker=None,
        org=None, dismissed=False, name_id=1, attribution="direct", made_by="丙",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("found", "left"),
    [
        pytest.param([(0, 44)], [(0, 40)], id="a little longer is the same"),
        pytest.param([(0, 22), (22, 40)], [(0, 40)], id="cut in two is the same"),
        pytest.param([(0, 300)], [(0, 40), (0, 300)], id="what holds much more is another"),
        pytest.param([(35, 90)], [(0, 40), (35, 90)], id="what only touches it is another"),
        pytest.param([(0, 40), (10, 35)], [(0, 40), (10, 35)], id="what is quoted within it is another"),
    ],
)
def test_a_correction_stands_in_the_place_of_what_the_engine_draws_a_little_otherwise(
    found: list[tuple[int, int]], left: list[tuple[int, int]]
) -> None:
    rows = corrected([_kept(*span) for span in found], [_label(0, 40)], {1: "字" * 400}, 1)
    assert [(one.start, one.end) for one in rows] == left
    assert [one.stance for one in rows if one.label_id] == ["closed"]
    assert as_found(rows) == tuple(sorted((_kept(*span) for span in found), key=lambda one: (one.start, one.end)))


def test_of_what_overlaps_a_correction_takes_the_same_speakers_first() -> None:
    found = [_kept(0, 30, "乙"), _kept(2, 41, "甲")]
    rows = corrected(found, [_label(0, 40)], {1: "字" * 400}, 1)
    assert [(one.speaker, one.start, one.end, one.label_id) for one in rows] == [("乙", 0, 30, None), ("甲", 0, 40, 1)]


def test_labels_of_one_span_count_newest_first() -> None:
    rows = corrected([_kept(0, 40)], [_label(0, 40, 2, "mixed"), _label(0, 40, 1, "closed")], {1: "字" * 400}, 1)
    assert [(one.label_id, one.stance) for one in rows] == [(2, "mixed")]
