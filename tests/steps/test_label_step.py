"""A person's word on the real engine's statements: through reading again, the digest, and out as labelled data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import ConfigError
from pipeline.model import Attribution, Evidence, Stance
from pipeline.reading.engine import Engine
from pipeline.reading.scoring import score
from pipeline.settings import KnownActor
from pipeline.shifts.document import document
from pipeline.steps.analyse import analyse
from pipeline.steps.digest import draft, worded
from pipeline.steps.label import correct, labelled, stance_of
from pipeline.store import labels, statements
from pipeline.weeks import Week
from tests.steps.conftest import TEXTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.settings import Settings
    from pipeline.store.database import Database

AT = datetime(2026, 11, 18, 3, 0, tzinfo=UTC)
WEEK = Week(2026, 47)
CLOSED = Stance("closed")


@pytest.fixture
def read(db: Database, settings: Settings, publish: Callable[..., None], now: datetime) -> Database:
    publish(TEXTS["open"], AT)
    analyse(db, settings.debate, again=False, now=now)
    return db


def the_open_one(db: Database) -> Evidence:
    return next(one for one, _ in statements.everything(db) if "进步比闭源" in one.quote)


def test_a_corrected_stance_is_what_the_digest_counts_shows_and_marks(
    read: Database, settings: Settings, now: datetime
) -> None:
    assert draft(read, settings, WEEK, now=now).votes["open"] == 1
    before, after = correct(read, settings.debate, the_open_one(read).statement_id, by="甲", now=now, stance=CLOSED)
    assert (before.evidence.stance, after.evidence.stance, after.evidence.confidence) == ("open", "closed", 1.0)
    digest = draft(read, settings, WEEK, now=now)
    assert (digest.votes["open"], digest.votes["closed"]) == (0, 1)
    assert document(digest)["voters"][0]["statements"][0]["corrected"] is True
    chinese, english = worded(digest, settings, "zh"), worded(digest, settings, "en")
    assert all("经人工更正" in part for part in (chinese.html, chinese.text))
    assert all("corrected by a person" in part for part in (english.html, english.text))


def test_a_correction_outlives_reading_everything_again(read: Database, settings: Settings, now: datetime) -> None:
    one = the_open_one(read).statement_id
    numbers = [each.statement_id for each, _ in statements.everything(read)]
    correct(read, settings.debate, one, by="甲", now=now, stance=CLOSED)
    analyse(read, settings.debate, again=True, now=now)
    assert [each.statement_id for each, _ in statements.everything(read)] == numbers
    assert (the_open_one(read).stance, the_open_one(read).because) == ("closed", ("corrected by 甲",))


def test_a_corrected_speaker_is_the_actor_of_the_config_by_whatever_name(
    read: Database, settings: Settings, now: datetime
) -> None:
    one = the_open_one(read).statement_id
    correct(read, settings.debate, one, by="甲", now=now, speaker=" 顾南舟 ", org="星野")
    assert (the_open_one(read).actor, the_open_one(read).org) == ("顾南舟", "星野")
    actor = KnownActor(name="Gu Nanzhou", aliases=("顾南舟",), org="Xingye")
    debate = settings.debate.model_copy(update={"actor": (actor,)})
    analyse(read, debate, again=True, now=now)
    assert the_open_one(read).actor == "Gu Nanzhou"
    correct(read, debate, one, by="甲", now=now, speaker="顾·南舟")
    assert (the_open_one(read).actor, the_open_one(read).org) == ("Gu Nanzhou", "Xingye")


def test_the_articles_own_voice_is_the_outlets_and_what_was_somebodys_words_votes(
    read: Database, settings: Settings, now: datetime
) -> None:
    one = the_open_one(read).statement_id
    correct(read, settings.debate, one, by="甲", now=now, speaker="作者")
    assert (the_open_one(read).attribution, the_open_one(read).actor) == (Attribution.AUTHOR, "智潮网")
    assert draft(read, settings, WEEK, now=now).votes["open"] == 0
    analyse(read, settings.debate, again=True, now=now)
    assert the_open_one(read).actor == "智潮网"
    correct(read, settings.debate, one, by="甲", now=now, speaker="沈望川")
    assert (the_open_one(read).attribution, the_open_one(read).actor) == (Attribution.INDIRECT, "沈望川")
    assert draft(read, settings, WEEK, now=now).votes["open"] == 1


def test_what_is_dismissed_casts_no_vote(read: Database, settings: Settings, now: datetime) -> None:
    correct(read, settings.debate, the_open_one(read).statement_id, by="甲", now=now, dismiss=True)
    analyse(read, settings.debate, again=True, now=now)
    assert draft(read, settings, WEEK, now=now).votes["open"] == 0


def test_a_stance_is_written_by_its_id_or_its_label(settings: Settings) -> None:
    assert [stance_of(one, settings.debate) for one in ("Open", " 闭源 ", "mixed", "neutral")] == [
        "open", "closed", "mixed", "neutral",
    ]  # fmt: skip
    with pytest.raises(ConfigError, match=r'"off_topic" is no stance .* write open, closed, mixed or neutral'):
        stance_of("off_topic", settings.debate)


def test_an_empty_name_is_refused(read: Database, settings: Settings, now: datetime) -> None:
    with pytest.raises(ConfigError, match="an empty name names nobody"):
        correct(read, settings.debate, the_open_one(read).statement_id, by="甲", now=now, speaker="  ")


def test_corrections_come_out_as_labelled_articles_that_the_engine_is_scored_on(
    read: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["closed"], AT)
    analyse(read, settings.debate, again=False, now=now)
    other = next(one for one, _ in statements.everything(read) if "进步比开源" in one.quote)
    correct(read, settings.debate, other.statement_id, by="甲", now=now, dismiss=True)
    correct(read, settings.debate, the_open_one(read).statement_id, by="甲", now=now, stance=CLOSED)
    articles = tuple(labelled(read))
    assert len(articles) == 1  # of the other everything was dismissed
    article, marked = articles[0], articles[0].statements[0]
    assert (article.id, article.language, article.stance, article.is_whole) == (
        "https://x.example/1",
        "zh",
        None,
        False,
    )
    assert article.text[marked.start : marked.end] == the_open_one(read).quote
    assert (marked.speaker, marked.stance) == ("沈望川", "closed")
    result = score([(article, Engine(settings.debate).read(article.title, article.text))], ("open", "closed"))
    assert [(one.stance, one.is_wrong_side) for one in result.judged] == [("open", True)]


def test_undo_leaves_what_the_engine_said(read: Database, settings: Settings, now: datetime) -> None:
    found = the_open_one(read)
    correct(read, settings.debate, found.statement_id, by="甲", now=now, stance=CLOSED, speaker="顾南舟")
    labels.undo(read, found.statement_id, now=now)
    assert the_open_one(read) == found


def test_copies_of_a_corrected_statement_are_named(
    read: Database, settings: Settings, publish: Callable[..., None], now: datetime
) -> None:
    publish(TEXTS["open"], AT, "云观察")
    analyse(read, settings.debate, again=False, now=now)
    same = [one.statement_id for one, _ in statements.everything(read) if "进步比闭源" in one.quote]
    assert statements.copies_of(read, same[0]) == (same[1],)
    correct(read, settings.debate, same[1], by="甲", now=now, stance=CLOSED)
    assert statements.copies_of(read, same[0]) == ()
