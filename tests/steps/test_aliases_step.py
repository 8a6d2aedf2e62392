"""Who is one across real articles: whatever their order, with the config's word above theirs and a person's above all."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from pipeline.model import PageText
from pipeline.settings import KnownActor
from pipeline.steps.analyse import analyse
from pipeline.steps.digest import draft
from pipeline.steps.export import ExportFormat, export
from pipeline.steps.label import correct, undo
from pipeline.store import articles, sources, statements
from pipeline.store.database import Database, open_database
from pipeline.weeks import Week

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.settings import Debate, Settings

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
WEEK = Week(2026, 47)
SAID = {
    "in brackets": "北辰智能首席执行官林德曼（Otto Lindemann）表示:“大模型应该开源,开源模型的进步比闭源模型更快。”",
    "whole": "北辰智能首席执行官奥托·林德曼表示:“开源大模型更透明,也更安全,我们应该开源。”",
    "whole in brackets": "参会的还有奥托·林德曼（Otto Lindemann）。大模型的讨论持续了一个下午,与会者交换了意见。",
    "traditional": "北辰智能首席執行官林德曼表示:「大模型應該開源,開源模型讓更多人受益。」",
    "in English": "Otto Lindemann, chief executive of Beichen, said that large AI models should be open source because open source is safer.",
    "somebody else": "南斗科技首席执行官顾南舟表示:“大模型应该闭源,闭源模型比开源模型更安全。”",
}
ALL = tuple(SAID.values())


def filled(folder: Path, settings: Settings, texts: Sequence[str]) -> Database:
    db = open_database(f"sqlite:///{folder / 'kaibi.db'}", now=datetime(2026, 11, 1, tzinfo=UTC))
    sources.sync(db, settings.source)
    for text in texts:
        add(db, text)
    return db


def add(db: Database, text: str) -> None:
    at = AT + timedelta(minutes=ALL.index(text)) if text in ALL else AT
    page = PageText(title="大模型 AI", text=text, published_at=at, author=None, language="zh")
    articles.add(db, "智潮网", url=f"https://x.example/{text}", key=text, text=page, now=AT)


def people(db: Database) -> list[tuple[str, str | None, str]]:
    return [(one.actor, one.org, speaker) for one, speaker in statements.everything(db)]


def actors(db: Database) -> set[str]:
    return {actor for actor, _, _ in people(db)}


def with_actors(settings: Settings, *known: KnownActor) -> Debate:
    return settings.debate.model_copy(update={"actor": known})


def test_however_articles_write_somebody_he_has_one_vote(tmp_path: Path, settings: Settings, now: datetime) -> None:
    db = filled(tmp_path, settings, ALL)
    analyse(db, settings.debate, again=False, now=now)
    assert actors(db) == {"奥托·林德曼", "顾南舟"}
    assert {speaker for _, _, speaker in people(db)} >= {"奥托·林德曼", "林德曼", "Otto Lindemann"}
    digest = draft(db, settings, WEEK, now=now)
    assert (digest.votes["open"], digest.votes["closed"]) == (1, 1)
    assert len(statements.of_actors(db, {"奥托·林德曼"}, before=now)) == len(people(db)) - 1
    db.close()


@pytest.mark.parametrize("way", ["at once", "one by one", "again"])
def test_the_actors_are_the_same_whatever_the_order_of_articles(
    tmp_path: Path, settings: Settings, now: datetime, way: str
) -> None:
    results = set()
    for number, order in enumerate(list(permutations(ALL))[:: 720 // 12]):
        (tmp_path / str(number)).mkdir()
        db = filled(tmp_path / str(number), settings, order if way == "at once" else ())
        for text in order if way != "at once" else ():
            add(db, text)
            analyse(db, settings.debate, again=False, now=now)
        analyse(db, settings.debate, again=way == "again", now=now)
        results.add(tuple(sorted(map(repr, people(db)))))
        db.close()
    assert len(results) == 1


def test_what_the_config_says_wins(tmp_path: Path, settings: Settings, now: datetime) -> None:
    db = filled(tmp_path, settings, ALL)
    analyse(db, settings.debate, again=False, now=now)
    told = with_actors(settings, KnownActor(name="Dr. Lindemann", aliases=("Otto Lindemann",), org="Beichen"))
    analyse(db, told, again=True, now=now)
    assert actors(db) == {"Dr. Lindemann", "顾南舟"}
    two = with_actors(settings, KnownActor(name="林德曼"), KnownActor(name="Otto Lindemann"))
    analyse(db, two, again=True, now=now)
    assert actors(db) == {"林德曼", "Otto Lindemann", "顾南舟"}
    analyse(db, settings.debate, again=True, now=now)
    assert actors(db) == {"奥托·林德曼", "顾南舟"}
    db.close()


def test_a_second_person_of_that_name_leaves_both_on_their_own(
    tmp_path: Path, settings: Settings, now: datetime
) -> None:
    db = filled(tmp_path, settings, ALL)
    analyse(db, settings.debate, again=False, now=now)
    add(db, "南斗科技总裁林德曼（Jack Lindemann）表示:“大模型应该闭源,闭源模型更安全。”")
    analyse(db, settings.debate, again=False, now=now)
    assert actors(db) == {"林德曼", "奥托·林德曼", "顾南舟"}
    db.close()


def test_a_person_keeps_names_apart_through_reading_again_and_may_take_it_back(
    tmp_path: Path, settings: Settings, now: datetime
) -> None:
    db = filled(tmp_path, settings, ALL)
    analyse(db, settings.debate, again=False, now=now)
    one = next(found for found, speaker in statements.everything(db) if speaker == "林德曼")
    _, after = correct(db, settings.debate, one.statement_id, by="甲", now=now, speaker="林德曼")
    assert after.evidence.actor == "林德曼"
    for again in (False, True):
        analyse(db, settings.debate, again=again, now=now)
        assert {(actor, speaker) for actor, _, speaker in people(db)} == {
            ("林德曼", "林德曼"), ("奥托·林德曼", "奥托·林德曼"), ("奥托·林德曼", "Otto Lindemann"), ("顾南舟", "顾南舟"),
        }  # fmt: skip
        assert draft(db, settings, WEEK, now=now).votes["open"] == 2
    undo(db, settings.debate, one.statement_id, now=now)
    assert actors(db) == {"奥托·林德曼", "顾南舟"}
    db.close()


def test_an_export_names_one_actor(tmp_path: Path, settings: Settings, now: datetime) -> None:
    db = filled(tmp_path, settings, ALL)
    analyse(db, settings.debate, again=False, now=now)
    out = io.StringIO()
    export(db, settings.debate, ExportFormat.CSV, out)
    assert {row["actor"] for row in csv.DictReader(io.StringIO(out.getvalue()))} == {"奥托·林德曼", "顾南舟"}
    db.close()
