"""The week's stories: articles that are copies of each other, shown as one.

Which articles are copies was decided when they were read (``pipeline.shifts.copies``); here they are
only gathered, and their statements counted once.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.model import OFF_TOPIC, Evidence, Story, StoryCopy
from pipeline.shifts.votes import counted_once, is_countable, side_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo


def stories_of(
    copies: Iterable[tuple[int, StoryCopy]], evidence: Iterable[Evidence], sides: tuple[str, str], zone: ZoneInfo
) -> tuple[Story, ...]:
    """Return the stories of ``copies`` (story, article), by number of outlets, then of statements, most first.

    A story's stance is what its statements (the articles' own voice too) amount to, each counted once;
    without any it is the first copy's. Its title is the first copy's. A story with no statement and no
    article on the debate is left out, as is evidence of stories that have no copy here.
    """
    articles: defaultdict[int, list[StoryCopy]] = defaultdict(list)
    for story, copy in copies:
        articles[story].append(copy)
    said: defaultdict[int, list[Evidence]] = defaultdict(list)
    for one in counted_once(evidence, zone):
        if is_countable(one.stance, sides):
            said[one.story].append(one)
    stories = [
        _story(story, found, said[story], sides)
        for story, found in articles.items()
        if said[story] or any(copy.stance != OFF_TOPIC for copy in found)
    ]
    return tuple(sorted(stories, key=_by_reach))


def _story(story: int, found: list[StoryCopy], said: list[Evidence], sides: tuple[str, str]) -> Story:
    oldest_first = sorted(found, key=lambda copy: (copy.published_at, copy.article_id))
    return Story(
        id=story,
        title=oldest_first[0].title,
        stance=side_of(said, sides) if said else oldest_first[0].stance,
        copies=tuple(oldest_first),
        statements=sum(one.stance in sides for one in said),
    )


def _by_reach(story: Story) -> tuple[int, int, float, int]:
    outlets = len({copy.source for copy in story.copies})
    return -outlets, -story.statements, story.copies[0].published_at.timestamp(), story.id
