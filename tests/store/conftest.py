"""An open database in a fresh file, and the small values that store tests are made of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.settings import Source, SourceKind
from pipeline.store import sources
from pipeline.store.database import Database, open_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'kaibi.db'}", now=NOW)
    sources.sync(database, [Source(name="智潮网", kind=SourceKind.FEED, url="https://zhichao.example/feed")])
    yield database
    database.close()
