"""Reading what is stored: once, again on demand, with copies told from each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import BusyError
from pipeline.settings import KnownActor
from pipeline.steps.analyse import LONGEST_BESIDE, analyse, engine_name, paragraph_around
from pipeline.store import statements, stories
from tests.steps.conftest import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.settings import Settings
    from pipeline.store.database import Database

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
LONG = TEXTS["open"] + "与会的工程师随后展示了训练过程中的日志,并回答了听众关于数据清洗、算力调度和评测方法的提问。" * 2


def test_what_is_read_is_not_read_again_unless_asked(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["open"], AT)
    told: list[tuple[int, int]] = []
    first = analyse(db, settings.debate, again=False, now=now, progress=lambda done, total: told.append((done, total)))
    assert (first.articles, told) == (1, [(1, 1)])
    assert first.statements >= 1
    assert analyse(db, settings.debate, again=False, now=now).articles == 0
    before = [one for one, _ in statements.everything(db)]
    assert analyse(db, settings.debate, again=True, now=now) == first
    after = [one for one, _ in statements.everything(db)]
    assert [(one.quote, one.stance) for one in after] == [(one.quote, one.stance) for one in before]


def test_many_articles_are_read_by_workers_with_the_same_result(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    for number in range(70):
        publish(TEXTS["open" if number % 2 else "closed"], AT + timedelta(minutes=number))
    assert analyse(db, settings.debate, again=False, now=now).articles == 70
    assert {one.stance for one, _ in statements.everything(db)} == {"open", "closed"}


def test_two_analyses_do_not_run_at_once(db: Database, settings: Settings, now: datetime) -> None:
    with db.lock("analyse"), pytest.raises(BusyError):
        analyse(db, settings.debate, again=False, now=now)


def test_an_alias_leads_to_the_actor_it_belongs_to(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    actor = KnownActor(name="Wangchuan Shen", aliases=("沈望川",), org="Lanshi")
    debate = settings.debate.model_copy(update={"actor": (actor,)})
    publish(TEXTS["open"], AT)
    analyse(db, debate, again=False, now=now)
    assert {one.actor for one, _ in statements.everything(db)} == {"Wangchuan Shen"}
    assert {speaker for _, speaker in statements.everything(db)} <= {"沈望川", "Wangchuan Shen"}
    assert engine_name(debate) != engine_name(settings.debate)


def test_copies_of_a_story_are_one_and_other_stories_are_not(
    db: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(LONG, AT)
    publish("本报讯 " + LONG, AT + timedelta(days=2), "云观察")
    publish(LONG.replace("开源", "開源").replace("训练过程", "訓練過程"), AT + timedelta(days=1), "云观察")
    publish(LONG, AT + timedelta(days=30), "云观察")
    publish("云观察讯:周末的马拉松吸引了两万名跑者,赛道沿江而设,沿途的居民为选手加油。" * 4, AT)
    analyse(db, settings.debate, again=False, now=now)
    found = stories.copies_between(db, AT - timedelta(days=1), AT + timedelta(days=60))
    by_article = {copy.article_id: story for story, copy in found}
    assert by_article[1] == by_article[2] == by_article[3]
    assert len(set(by_article.values())) == 3


def test_the_paragraph_around_a_quote_is_whole() -> None:
    text = "第一段。\n第二段有话。\n第三段。"
    start = text.index("有话")
    assert paragraph_around(text, start, start + 2) == "第二段有话。"
    assert paragraph_around(text, 0, 2) == "第一段。"
    assert paragraph_around(text, start, text.index("第三段") + 1) == "第二段有话。\n第三段。"


def test_of_an_endless_paragraph_only_what_is_near_is_kept() -> None:
    text = "前" * 90_000 + "有话" + "后" * 90_000
    assert paragraph_around(text, 90_000, 90_002) == "前" * LONGEST_BESIDE + "有话" + "后" * LONGEST_BESIDE
