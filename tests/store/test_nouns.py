"""What the store keeps: sources, waiting pages, articles, statements, stories, digests, deliveries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from pipeline.model import (
    NEUTRAL,
    OFF_TOPIC,
    Attribution,
    DeliveryState,
    DigestOutcome,
    FoundLink,
    Health,
    Identity,
    LinkHints,
    Outcome,
    PageProblem,
    PageText,
    Reading,
    Stance,
    Statement,
    Stored,
    Validators,
    Visit,
    Wording,
)
from pipeline.settings import Source, SourceKind
from pipeline.store import articles, deliveries, digests, frontier, runs, sources, statements, stories
from pipeline.weeks import Week

if TYPE_CHECKING:
    from pipeline.store.database import Database

OUTLET = "智潮网"
WEEK = Week(2026, 46)


def page(text: str = "正文。", published_at: datetime | None = None) -> PageText:
    return PageText(title="标题", text=text, published_at=published_at, author=None, language="zh")


def said(stance: str = "open", speaker: str = "沈望川", quote: str = "开源更好") -> Statement:
    return Statement(
        speaker=speaker,
        org="澜石智能",
        start=0,
        end=len(quote),
        quote=quote,
        attribution=Attribution.DIRECT,
        stance=Stance(stance),
        confidence=0.9,
        because=("更好",),
    )


def store_article(db: Database, key: str, now: datetime, text: PageText | None = None) -> Stored:
    return articles.add(db, OUTLET, url=f"https://zhichao.example/{key}", key=key, text=text or page(), now=now)


def read_all(db: Database, now: datetime, *found: Statement) -> None:
    reading = Reading(stance=Stance("open"), confidence=0.8, statements=found)
    who = [Identity(key=one.speaker, name=one.speaker, org=one.org) for one in found]
    for article in statements.unread(db, again=True, after=0, limit=99):
        statements.keep(db, article.revision_id, reading, who, ["段落"] * len(found), engine="e1", now=now)


def test_a_source_that_left_the_config_is_not_followed_but_keeps_its_articles(db: Database, now: datetime) -> None:
    store_article(db, "1", now)
    sources.sync(db, [Source(name="云观察", kind=SourceKind.FEED, url="https://yun.example/feed")])
    assert [state.name for state in sources.states(db, now=now)] == ["云观察"]
    assert sources.state_of(db, OUTLET, now=now).articles == 1
    with pytest.raises(KeyError):
        sources.state_of(db, "nobody", now=now)


def test_a_source_that_moved_is_asked_anew(db: Database, now: datetime) -> None:
    frontier.offer(db, OUTLET, [], validators=Validators(etag='"1"'), now=now)
    sources.sync(db, [Source(name=OUTLET, kind=SourceKind.FEED, url="https://zhichao.example/rss")])
    assert sources.state_of(db, OUTLET, now=now).validators == Validators()
    sources.sync(db, [Source(name=OUTLET, kind=SourceKind.FEED, url="https://zhichao.example/rss", enabled=False)])
    assert sources.states(db, now=now) == ()


def test_a_source_is_due_until_its_next_visits_time_and_never_while_it_is_switched_off(
    db: Database, now: datetime
) -> None:
    feeds = [Source(name=name, kind=SourceKind.FEED, url=f"https://{name}.example/feed") for name in ("a", "b", "new")]
    sources.sync(db, feeds[:2])
    run = runs.begin(db, now=now)
    visit = Visit(
        source="a", started_at=now, ended_at=now, outcome=Outcome.OK, articles_new=0, articles_known=0, problem=None
    )
    sources.record_visit(db, run, visit, failures=0, health=Health.OK, next_due_at=now + timedelta(hours=1))
    assert [source.name for source in sources.due(db, feeds, now=now)] == ["b", "new"]
    assert [source.name for source in sources.due(db, feeds, now=now + timedelta(hours=1))] == ["a", "b", "new"]
    off = [source.model_copy(update={"enabled": False}) for source in feeds]
    assert sources.due(db, off, now=now) == ()


def test_a_visit_leaves_its_record_and_the_sources_health(db: Database, now: datetime) -> None:
    run = runs.begin(db, now=now)
    visit = Visit(
        source=OUTLET,
        started_at=now,
        ended_at=now + timedelta(seconds=3),
        outcome=Outcome.OK,
        articles_new=2,
        articles_known=5,
        problem=None,
        page_problems=(PageProblem(url="https://zhichao.example/9", problem="no text"),),
    )
    due = now + timedelta(hours=1)
    sources.record_visit(db, run, visit, failures=0, health=Health.OK, next_due_at=due)
    assert runs.last(db) is None
    assert runs.end(db, run, now=now).visits == (visit,)
    last = runs.last(db)
    assert last is not None
    assert last.visits == (visit,)
    state = sources.state_of(db, OUTLET, now=now)
    assert (state.health, state.next_due_at, state.last_success_at) == (Health.OK, due, visit.ended_at)


def test_a_link_waits_once_until_its_page_is_stored(db: Database, now: datetime) -> None:
    links = [
        FoundLink(url="https://zhichao.example/1", key="1", hints=LinkHints(title="一")),
        FoundLink(url="https://zhichao.example/2", key="2"),
        FoundLink(url="https://zhichao.example/1?x", key="1"),
    ]
    assert frontier.offer(db, OUTLET, links, validators=Validators(etag='"1"'), now=now) == 2
    assert frontier.offer(db, OUTLET, links, validators=None, now=now) == 0
    waiting = frontier.waiting(db, OUTLET, limit=9, now=now)
    assert [(one.url, one.hints.title) for one in waiting] == [
        ("https://zhichao.example/1", "一"),
        ("https://zhichao.example/2", None),
    ]
    assert sources.state_of(db, OUTLET, now=now).validators.etag == '"1"'
    assert store_article(db, "1", now) is Stored.NEW
    assert [one.key for one in frontier.waiting(db, OUTLET, limit=9, now=now)] == ["2"]
    assert frontier.offer(db, OUTLET, links, validators=None, now=now) == 0


def test_a_page_that_failed_waits_and_is_given_up_in_the_end_but_not_forgotten(db: Database, now: datetime) -> None:
    frontier.offer(db, OUTLET, [FoundLink(url="https://zhichao.example/1", key="1")], validators=None, now=now)
    (first,) = frontier.waiting(db, OUTLET, limit=9, now=now)
    frontier.failed(db, first.id, "timed out", next_try_at=now + timedelta(hours=1))
    assert frontier.waiting(db, OUTLET, limit=9, now=now) == ()
    assert len(frontier.waiting(db, OUTLET, limit=9, now=None)) == 1
    (again,) = frontier.waiting(db, OUTLET, limit=9, now=now + timedelta(hours=2))
    assert again.attempts == 1
    frontier.failed(db, first.id, "timed out", next_try_at=None)
    state = sources.state_of(db, OUTLET, now=now)
    assert (state.pages_waiting, state.pages_given_up) == (0, 1)
    frontier.dismiss(db, first.id)
    assert sources.state_of(db, OUTLET, now=now).pages_given_up == 0


def test_many_links_are_kept_in_their_order(db: Database, now: datetime) -> None:
    links = [FoundLink(url=f"https://zhichao.example/{n}", key=str(n)) for n in range(1500)]
    assert frontier.offer(db, OUTLET, links, validators=None, now=now) == 1500
    assert [one.key for one in frontier.waiting(db, OUTLET, limit=3, now=now)] == ["0", "1", "2"]


def test_a_changed_text_is_a_new_revision_and_only_its_statements_count(db: Database, now: datetime) -> None:
    assert store_article(db, "1", now) is Stored.NEW
    assert store_article(db, "1", now) is Stored.SAME
    read_all(db, now, said())
    assert statements.count(db) == 1
    assert articles.count(db) == (1, 0)
    assert store_article(db, "1", now, page("改过的正文。")) is Stored.REVISED
    assert statements.count(db) == 0
    assert articles.count(db) == (1, 1)
    assert [one.text for one in statements.unread(db, again=False, after=0, limit=9)] == ["改过的正文。"]


def test_a_page_without_title_or_text_is_no_article(db: Database, now: datetime) -> None:
    with pytest.raises(ValueError, match="nothing to store"):
        store_article(db, "1", now, PageText(title="t", text=None, published_at=None, author=None, language=None))


def test_reading_again_replaces_and_doubles_nothing(db: Database, now: datetime) -> None:
    store_article(db, "1", now)
    read_all(db, now, said(), said(speaker="李四"))
    read_all(db, now, said("closed"))
    (only,) = statements.between(db, now, now + timedelta(days=1))
    assert (only.stance, only.actor, only.org, only.context, only.dated) == (
        "closed",
        "沈望川",
        "澜石智能",
        "段落",
        False,
    )
    assert statements.read_otherwise(db, "e1") == 0
    assert statements.read_otherwise(db, "e2") == 1


def test_statements_are_found_by_time_and_by_actor(db: Database, now: datetime) -> None:
    store_article(db, "1", now, page(published_at=now - timedelta(days=30)))
    store_article(db, "2", now, page(published_at=now - timedelta(days=1)))
    read_all(db, now, said())
    assert len(statements.between(db, now - timedelta(days=2), now)) == 1
    before = statements.of_actors(db, {"沈望川"}, before=now - timedelta(days=2))
    assert [one.article_id for one in before] == [1]
    assert statements.of_actors(db, set(), before=now) == ()
    assert [speaker for _, speaker in statements.everything(db)] == ["沈望川", "沈望川"]
    assert statements.article_stances(db, now - timedelta(days=2), now) == (Stance("open"),)
    assert articles.count_between(db, now - timedelta(days=60), now) == (2, 0)


def test_what_is_said_off_topic_is_no_part_of_the_debate(db: Database, now: datetime) -> None:
    store_article(db, "1", now)
    (article,) = statements.unread(db, again=False, after=0, limit=9)
    reading = Reading(stance=OFF_TOPIC, confidence=0.7, statements=(said("neutral"),))
    who = [Identity(key="k", name="沈望川", org=None)]
    statements.keep(db, article.revision_id, reading, who, [""], engine="e1", now=now)
    assert statements.between(db, now, now + timedelta(days=1)) == ()
    assert statements.of_actors(db, {"沈望川"}, before=now + timedelta(days=1)) == ()
    assert statements.count(db) == 1


def test_an_actor_has_one_row_and_learns_an_organisation(db: Database, now: datetime) -> None:
    store_article(db, "1", now)
    (article,) = statements.unread(db, again=False, after=0, limit=9)
    reading = Reading(stance=NEUTRAL, confidence=0.5, statements=(said(), said(quote="开源")))
    who = [Identity(key="k", name="沈望川", org=None), Identity(key="k", name="沈總", org="澜石智能")]
    statements.keep(db, article.revision_id, reading, who, ["", ""], engine="e1", now=now)
    assert {one.actor for one, _ in statements.everything(db)} == {"沈望川"}


def test_copies_share_a_story(db: Database, now: datetime) -> None:
    for key in ("1", "2", "3"):
        store_article(db, key, now)
    read_all(db, now)
    story = stories.join(db, 1, story=None, bands=[5, 7], version="1")
    window = {"start": now - timedelta(days=14), "end": now + timedelta(days=14)}
    (near,) = stories.candidates(db, [7, 9], **window)
    assert (near.article_id, near.story) == (1, story)
    assert stories.join(db, 2, story=story, bands=[7], version="1") == story
    assert stories.join(db, 3, story=None, bands=[], version="1") != story
    assert stories.candidates(db, [8], **window) == ()
    found = stories.copies_between(db, now - timedelta(days=1), now + timedelta(days=1))
    assert [number for number, _ in found] == [story, story, story + 1]


WORDING = {"zh": Wording(subject="周报", preheader="", html="<p>周报</p>", text="周报")}


def save(db: Database, week: Week, now: datetime, *recipients: str) -> bool:
    ids = {one: f"<{one}>" for one in recipients}
    return digests.save(db, week, {"week": str(week)}, WORDING, DigestOutcome.TO_MAIL, message_ids=ids, now=now)


def test_a_week_has_one_digest_for_ever(db: Database, now: datetime) -> None:
    assert save(db, WEEK, now, "a@b.c")
    assert not save(db, WEEK, now, "x@y.z")
    built = digests.of_week(db, WEEK)
    assert built is not None
    assert (built.wordings, built.document, built.built_at) == (WORDING, {"week": "2026-W46"}, now)
    assert [one.recipient for one in deliveries.of_week(db, WEEK)] == ["a@b.c"]
    assert digests.of_week(db, WEEK + 1) is None
    assert digests.weeks(db) == (WEEK,)
    assert [one.week for one in digests.built(db, limit=5)] == [WEEK]


def test_an_archived_digest_can_be_mailed_after_all(db: Database, now: datetime) -> None:
    digests.save(db, WEEK, {}, WORDING, DigestOutcome.ARCHIVED, message_ids={}, now=now)
    digests.mail_after_all(db, WEEK)
    assert deliveries.enter(db, WEEK, {"a@b.c": "<1>"}, now=now) == 1
    assert deliveries.enter(db, WEEK, {"a@b.c": "<1>"}, now=now) == 0
    with pytest.raises(KeyError):
        deliveries.enter(db, WEEK + 1, {}, now=now)


def test_a_delivery_is_claimed_once(db: Database, now: datetime) -> None:
    save(db, WEEK, now, "a@b.c")
    (one,) = deliveries.due(db, now=now)
    assert deliveries.claim(db, one.id, now=now)
    assert not deliveries.claim(db, one.id, now=now)
    assert deliveries.due(db, now=now) == ()


def test_a_refused_delivery_waits_for_its_time(db: Database, now: datetime) -> None:
    save(db, WEEK, now, "a@b.c")
    (one,) = deliveries.due(db, now=now, week=WEEK)
    deliveries.claim(db, one.id, now=now)
    later = now + timedelta(minutes=5)
    deliveries.settle(db, one.id, DeliveryState.READY, problem="450 later", next_try_at=later, now=now)
    assert deliveries.due(db, now=now) == ()
    assert [again.attempts for again in deliveries.due(db, now=later)] == [1]
    assert len(deliveries.due(db, now=None)) == 1
    assert [left.problem for left in deliveries.unsettled(db)] == ["450 later"]


def test_what_a_dead_sender_left_is_ready_or_unknown_by_how_far_it_came(db: Database, now: datetime) -> None:
    save(db, WEEK, now, "before@data", "after@data")
    for one in deliveries.due(db, now=now):
        deliveries.claim(db, one.id, now=now)
        if one.recipient == "after@data":
            deliveries.hand_over(db, one.id, now=now)
    deliveries.settle_abandoned(db, now=now)
    states = {one.recipient: one.state for one in deliveries.of_week(db, WEEK)}
    assert states == {"before@data": DeliveryState.READY, "after@data": DeliveryState.UNKNOWN}
    (unknown,) = (one for one in deliveries.of_week(db, WEEK) if one.state is DeliveryState.UNKNOWN)
    deliveries.make_ready(db, unknown.id, now=now)
    assert len(deliveries.due(db, now=now)) == 2


def test_late_articles_are_those_that_came_after_their_weeks_digest(db: Database, now: datetime) -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert digests.late_articles(db, before=WEEK + 1, zone=shanghai) == 0
    in_week = datetime(2026, 11, 11, tzinfo=UTC)
    store_article(db, "early", in_week, page(published_at=in_week))
    built_at = datetime(2026, 11, 16, tzinfo=UTC)
    save(db, WEEK, built_at)
    store_article(db, "late", now, page(published_at=in_week))
    store_article(db, "of a week without digest", now, page(published_at=in_week - timedelta(days=20)))
    store_article(db, "of this week", now, page(published_at=now))
    assert digests.late_articles(db, before=WEEK + 1, zone=shanghai) == 1
