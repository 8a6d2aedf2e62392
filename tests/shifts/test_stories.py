"""What the articles of a story amount to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.model import MIXED, NEUTRAL, Attribution, Stance, StoryCopy
from pipeline.shifts.stories import stories_of
from tests.shifts.conftest import MONDAY

if TYPE_CHECKING:
    from tests.shifts.conftest import Say

SIDES = ("open", "closed")
ZONE = ZoneInfo("Asia/Shanghai")


def _copy(article: int, source: str, stance: str = "neutral", hours: float = 0) -> StoryCopy:
    return StoryCopy(
        article_id=article,
        source=source,
        title=f"{source}的标题",
        url=f"https://example.com/{article}",
        published_at=MONDAY + timedelta(hours=hours),
        stance=Stance(stance),
    )


def test_copies_are_gathered_oldest_first_under_the_first_title() -> None:
    later, first = _copy(1, "门户", hours=4), _copy(2, "晨报")
    (story,) = stories_of([(7, later), (7, first)], [], SIDES, ZONE)
    assert (story.id, story.title, story.copies, story.statements) == (7, "晨报的标题", (first, later), 0)


def test_a_storys_statements_count_once_however_often_it_was_copied(say: Say) -> None:
    copies = [(7, _copy(n, f"门户{n}", hours=n)) for n in range(4)]
    said = [say("甲", "closed", quote="闭源更稳", story=7, hours=n) for n in range(4)]
    said += [say("乙", "neutral", story=7), say("晨报", "closed", 0.5, story=7, attribution=Attribution.AUTHOR)]
    (story,) = stories_of(copies, [*said, say(story=8)], SIDES, ZONE)
    assert (story.stance, story.statements) == ("closed", 2)


def test_a_story_of_both_sides_is_mixed(say: Say) -> None:
    (story,) = stories_of([(7, _copy(1, "晨报"))], [say(story=7), say("乙", "closed", story=7)], SIDES, ZONE)
    assert (story.stance, story.statements) == (MIXED, 2)


def test_a_story_without_statements_has_its_first_copys_stance() -> None:
    stories = stories_of([(7, _copy(1, "晨报", "open")), (7, _copy(2, "门户", "closed", hours=1))], [], SIDES, ZONE)
    assert [story.stance for story in stories] == ["open"]


def test_a_story_off_the_topic_is_left_out_unless_something_was_said(say: Say) -> None:
    copies = [(7, _copy(1, "晨报", "off_topic")), (8, _copy(2, "晨报", "off_topic"))]
    stories = stories_of(copies, [say(stance="neutral", story=8)], SIDES, ZONE)
    assert [(story.id, story.stance) for story in stories] == [(8, NEUTRAL)]


def test_stories_are_sorted_by_outlets_then_statements(say: Say) -> None:
    copies = [
        (1, _copy(1, "晨报")),
        (2, _copy(2, "晨报", hours=1)),
        (3, _copy(3, "晨报")),
        (3, _copy(4, "门户")),
        (4, _copy(5, "晚报")),
        (4, _copy(6, "晚报")),
    ]
    said = [say(story=2), say(stance="nuclear", story=1)]
    assert [story.id for story in stories_of(copies, said, SIDES, ZONE)] == [3, 2, 1, 4]
