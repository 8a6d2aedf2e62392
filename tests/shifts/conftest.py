"""Evidence of one's own making: every test says only what it is about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from pipeline.model import Attribution, Evidence, Stance

MONDAY = datetime(2026, 11, 16, 4, tzinfo=UTC)
"""Noon in Shanghai on the Monday of 2026-W47."""


class Say:
    """Make one statement; ``weeks`` and ``hours`` are counted from Monday noon of 2026-W47.

    Without a quote or story it is unlike any other.
    """

    def __init__(self) -> None:
        self._numbers = count(1)

    def __call__(  # noqa: PLR0913 - everything a statement may differ in
        self,
        actor: str = "甲",
        stance: str = "open",
        confidence: float = 0.9,
        *,
        weeks: int = 0,
        hours: float = 0,
        quote: str | None = None,
        story: int | None = None,
        source: str = "晨报",
        attribution: Attribution = Attribution.DIRECT,
        org: str | None = None,
    ) -> Evidence:
        number = next(self._numbers)
        words = quote or f"这是第{number}句话"
        return Evidence(
            statement_id=number,
            actor=actor,
            org=org,
            stance=Stance(stance),
            confidence=confidence,
            quote=words,
            context=words,
            attribution=attribution,
            because=(),
            via=None,
            article_id=number,
            title=f"第{number}篇",
            url=f"https://example.com/{number}",
            source=source,
            published_at=MONDAY + timedelta(weeks=weeks, hours=hours),
            dated=True,
            story=story or 1000 + number,
        )


@pytest.fixture(scope="session")
def say() -> Say:
    return Say()
