"""A store with articles in it, and settings to go with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.model import PageText
from pipeline.settings import (
    CrawlSettings,
    Debate,
    DigestSettings,
    MailSettings,
    Recipient,
    Settings,
    Side,
    Source,
    SourceKind,
    Topic,
)
from pipeline.store import articles, sources
from pipeline.store.database import Database, open_database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""A Monday noon in Shanghai: week 47 has just fallen due."""

TEXTS = {
    "open": "澜石智能首席执行官沈望川表示:“大模型应该开源,开源模型的进步比闭源模型更快。”",
    "closed": "澜石智能首席执行官沈望川表示:“大模型应该闭源,闭源模型的进步比开源模型更快。”",
}


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def settings() -> Settings:
    sides = (
        Side(id="open", label="开源", terms=("开源", "open source")),
        Side(id="closed", label="闭源", terms=("闭源", "closed source")),
    )
    return Settings(
        debate=Debate(sides=sides, topic=Topic(any=("大模型", "AI"))),
        source=(
            Source(name="智潮网", kind=SourceKind.FEED, url="http://127.0.0.1:9/feed"),
            Source(name="云观察", kind=SourceKind.FEED, url="http://127.0.0.1:9/rss"),
        ),
        crawl=CrawlSettings(),
        digest=DigestSettings(
            recipients=(Recipient(address="zh@example.com"), Recipient(address="en@example.com", language="en"))
        ),
        mail=MailSettings(sender="kaibi@example.com"),
    )


@pytest.fixture
def db(tmp_path: Path, settings: Settings) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'kaibi.db'}", now=datetime(2026, 11, 1, tzinfo=UTC))
    sources.sync(database, settings.source)
    yield database
    database.close()


@pytest.fixture
def publish(db: Database) -> Callable[[str, datetime], None]:
    """Store an article of the given text, published at an instant."""
    count = 0

    def add(text: str, at: datetime, source: str = "智潮网", seen_at: datetime | None = None) -> None:
        nonlocal count
        count += 1
        page = PageText(title=f"大模型之争 {count}", text=text, published_at=at, author=None, language="zh")
        articles.add(db, source, url=f"https://x.example/{count}", key=str(count), text=page, now=seen_at or at)

    return add
