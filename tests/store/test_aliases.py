"""Names lead to actors in the tables: one row an actor, at every commit, and back again when the evidence goes."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from alembic import command
from sqlalchemy import create_engine, func, select, text

from pipeline.model import (
    AliasEvidence,
    AliasKind,
    Attribution,
    Correction,
    Identity,
    PageText,
    Reading,
    Stance,
    Statement,
)
from pipeline.settings import Source, SourceKind
from pipeline.store import articles, labels, names, sources, statements
from pipeline.store.database import alembic_config, open_database
from pipeline.store.tables import actors, aliases
from pipeline.store.tables import names as names_table

if TYPE_CHECKING:
    from pipeline.store.database import Database

LAST = {"奥托·林德曼": "林德曼", "Otto Lindemann": "lindemann", "Jack Lindemann": "lindemann"}


def known(name: str, *, told: bool = False) -> Identity:
    key = "".join(letter for letter in name.casefold() if letter not in " ·")
    return Identity(key=key, name=name, org=None, last=LAST.get(name), is_told=told)


def alias(chinese: str, latin: str, times: int = 1) -> AliasEvidence:
    return AliasEvidence(chinese=known(chinese), latin=known(latin), kind=AliasKind.FOREIGN, times=times)


def publish(db: Database, now: datetime, key: str, words: str = "正文。") -> int:
    page = PageText(title="标题", text=words, published_at=now, author=None, language="zh")
    articles.add(db, "智潮网", url=f"https://zhichao.example/{key}", key=key, text=page, now=now)
    return max(one.revision_id for one in statements.unread(db, again=True, after=0, limit=99))


def read(
    db: Database,
    revision: int,
    now: datetime,
    speaker: str,
    *evidence: AliasEvidence,
    org: str | None = "北辰",
    told: bool = False,
) -> None:
    said = Statement(
        speaker=speaker, org=org, start=0, end=2, quote="正文", attribution=Attribution.DIRECT, stance=Stance("open"),
        confidence=0.9, because=(),
    )  # fmt: skip
    reading = Reading(stance=Stance("open"), confidence=0.8, statements=(said,))
    who = [known(speaker, told=told)]
    statements.keep(db, revision, reading, who, [""], engine="e1", now=now, evidence=evidence)


def shown(db: Database) -> list[str]:
    return [one.actor for one, _ in statements.everything(db)]


def rows(db: Database) -> int:
    with db.read() as connection:
        return int(connection.scalar(select(func.count()).select_from(actors)) or 0)


def test_two_names_are_one_actor_from_the_commit_on_that_says_so(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼")
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    assert rows(db) == 2
    read(db, publish(db, now, "3"), now, "韩越", alias("林德曼", "Otto Lindemann", 2))
    assert rows(db) == 2
    assert len(set(shown(db)[:2])) == 1
    names.settle(db, language="en")
    assert shown(db) == ["Otto Lindemann", "Otto Lindemann", "韩越"]
    assert len(statements.of_actors(db, {"Otto Lindemann"}, before=now + timedelta(days=1))) == 2
    assert [one.speaker for one in statements.listed(db, actor_key="林德曼", limit=9)] == ["Otto Lindemann", "林德曼"]
    with db.read() as connection:
        assert [row.times for row in connection.execute(select(aliases))] == [2]


def test_they_are_two_again_when_the_article_no_longer_says_so(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼")
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    saying = publish(db, now, "3")
    read(db, saying, now, "韩越", alias("林德曼", "Otto Lindemann"))
    read(db, saying, now, "韩越")
    names.settle(db, language="zh")
    assert shown(db) == ["林德曼", "Otto Lindemann", "韩越"]
    assert rows(db) == 3


def test_only_the_newest_text_of_an_article_is_evidence(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼", alias("林德曼", "Otto Lindemann"))
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    assert rows(db) == 1
    read(db, publish(db, now, "1", "改过的正文。"), now, "林德曼")
    assert rows(db) == 2


def test_a_name_that_only_brackets_know_has_no_actor_and_still_links(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼", alias("林德曼", "Otto Lindemann"))
    assert rows(db) == 1
    read(db, publish(db, now, "2"), now, "林特曼", alias("林特曼", "Otto Lindemann"))
    assert rows(db) == 1
    read(db, publish(db, now, "3"), now, "韩越", alias("哈珀", "Cynthia Harper"))
    assert rows(db) == 2
    with db.read() as connection:
        assert connection.scalar(select(names_table.c.actor_id).where(names_table.c.key == "cynthiaharper")) is None


def test_whatever_comes_last_the_actors_are_the_same(db: Database, now: datetime) -> None:
    said = (
        ("林德曼", alias("林德曼", "Otto Lindemann")),
        ("Lindemann", alias("哈珀", "Cynthia Harper")),
        ("奥托·林德曼", alias("奥托·林德曼", "Otto Lindemann")),
        ("林特曼", alias("林特曼", "Jack Lindemann")),
    )
    revisions = [publish(db, now, str(number)) for number in range(4)]
    results = set()
    for order in permutations(range(4)):
        for at in order:
            read(db, revisions[at], now, *said[at])
        names.settle(db, language="zh")
        results.add((tuple(shown(db)), rows(db)))
        for at in order:
            read(db, revisions[at], now, "韩越")
        assert rows(db) == 1
    assert results == {(("奥托·林德曼", "Lindemann", "奥托·林德曼", "林特曼"), 3)}


def test_a_last_name_is_one_with_the_whole_one_until_a_second_person_has_it(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "Otto Lindemann")
    read(db, publish(db, now, "2"), now, "Lindemann", org="北 辰")
    assert rows(db) == 1
    read(db, publish(db, now, "3"), now, "Jack Lindemann", org="南斗")
    assert rows(db) == 3


def test_the_name_of_the_config_is_shown_and_two_actors_of_it_are_two(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼", alias("林德曼", "Otto Lindemann"))
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    told = Identity(key="ottolindemann", name="Dr Lindemann", org="Beichen", last="lindemann", is_told=True)
    names.tell(db, [told])
    assert shown(db) == ["Dr Lindemann"] * 2
    names.settle(db, language="zh")
    assert shown(db) == ["Dr Lindemann"] * 2
    names.tell(db, [told, known("林德曼", told=True)])
    names.settle(db, language="zh")
    assert shown(db) == ["林德曼", "Dr Lindemann"]
    names.tell(db, [])
    names.settle(db, language="zh")
    assert shown(db) == ["林德曼"] * 2
    assert rows(db) == 1


def test_an_actor_speaks_for_the_organisation_that_is_named_most_often(db: Database, now: datetime) -> None:
    for number, org in enumerate(("南斗", "北辰", "北辰", None)):
        read(db, publish(db, now, str(number)), now, "林德曼", org=org)
    names.settle(db, language="zh")
    assert [one.org for one, _ in statements.everything(db)] == ["南斗", "北辰", "北辰", "北辰"]


def test_a_person_keeps_two_names_apart_and_may_take_that_back(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼", alias("林德曼", "Otto Lindemann"))
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    number = next(one.statement_id for one, speaker in statements.everything(db) if speaker == "林德曼")
    apart = Correction(by="甲", speaker="林德曼", actor=known("林德曼"), apart_from=known("Otto Lindemann"))
    labels.add(db, number, apart, now=now)
    assert rows(db) == 2
    labels.add(db, number, Correction(by="甲", stance=Stance("closed")), now=now)  # says nothing of the speaker
    labels.add(db, number, apart, now=now)
    assert rows(db) == 2
    read(db, publish(db, now, "3"), now, "韩越", alias("林德曼", "Otto Lindemann"))
    assert rows(db) == 3
    for _ in range(3):
        labels.undo(db, number, now=now)
    assert rows(db) == 2


def test_a_corrected_speaker_of_another_actor_separates_nobody(db: Database, now: datetime) -> None:
    read(db, publish(db, now, "1"), now, "林德曼", alias("林德曼", "Otto Lindemann"))
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    read(db, publish(db, now, "3"), now, "韩越")
    number = next(one.statement_id for one, speaker in statements.everything(db) if speaker == "韩越")
    right = Correction(by="甲", speaker="林德曼", actor=known("林德曼"), apart_from=known("韩越"))
    labels.add(db, number, right, now=now)
    assert len(set(shown(db))) == 1
    assert rows(db) == 1


def test_actors_of_a_database_without_names_stay_whom_they_were(url: str, now: datetime) -> None:
    db = open_database(url, now=now)
    sources.sync(db, [Source(name="智潮网", kind=SourceKind.FEED, url="https://zhichao.example/feed")])
    read(db, publish(db, now, "1"), now, "林德曼")
    read(db, publish(db, now, "2"), now, "Otto Lindemann")
    number = next(one.statement_id for one, _ in statements.everything(db))
    labels.add(db, number, Correction(by="甲", speaker="韩越", actor=known("韩越")), now=now)
    before = shown(db)
    db.close()
    engine = create_engine(url)
    config = alembic_config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
        assert connection.scalar(text("SELECT count(*) FROM actors")) == 3
        connection.commit()
    engine.dispose()
    db = open_database(url, now=now)
    assert shown(db) == before
    labels.undo(db, number, now=now)
    names.settle(db, language="zh")
    assert shown(db) == ["林德曼", "Otto Lindemann"]
    db.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_how_an_actor_is_called_is_counted_over_newest_texts(db: Database, now: datetime, language: str) -> None:
    for number, speaker in enumerate(
        ("林德曼", "林德曼", "林德蔓", "OTTO LINDEMANN", "Otto Lindemann", "Otto Lindemann")
    ):
        read(
            db,
            publish(db, now, str(number)),
            now,
            speaker,
            *(alias(one, "Otto Lindemann") for one in ("林德曼", "林德蔓")),
        )
    names.settle(db, language=language)
    assert set(shown(db)) == {"林德曼" if language == "zh" else "Otto Lindemann"}
