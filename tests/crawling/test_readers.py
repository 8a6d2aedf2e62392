"""Reading pages in processes: a stuck or crashing page costs itself and its worker alone."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from pipeline.crawling.readers import Readers, ReadingFailed
from pipeline.model import FetchedPage, PageText
from pipeline.settings import Source, SourceKind
from tests.crawling.crawling_runs import NOW, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

SOURCE = Source(name="s", kind=SourceKind.FEED, url="http://127.0.0.1/")


def read_as_told(page: FetchedPage, source: Source, *, zone: ZoneInfo, now: datetime) -> PageText:
    """Read, hang, die or raise as the page says (in the worker)."""
    told = page.body.decode()
    if told == "hang":
        threading.Event().wait(60)
    if told == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if told == "raise":
        raise RecursionError("too deep")
    return PageText(title=source.name, text=f"{told} {zone.key}", published_at=now, author=None, language=None)


def _page(told: str) -> FetchedPage:
    return FetchedPage(source="s", url="http://127.0.0.1/", asked_url="", body=told.encode(), content_type="")


@pytest.fixture
def readers() -> Iterator[Readers]:
    pool = Readers(ZONE, seconds=2, read=f"{__name__}:read_as_told")
    yield pool
    pool.close()


def _read(readers: Readers, *told: str) -> list[str | None]:
    async def all_of_them() -> list[PageText | BaseException]:
        return await asyncio.gather(*(readers.read(_page(one), SOURCE, NOW) for one in told), return_exceptions=True)

    return [found.text if isinstance(found, PageText) else str(found) for found in asyncio.run(all_of_them())]


def test_pages_around_a_stuck_or_deadly_one_are_read(readers: Readers) -> None:
    assert _read(readers, "one", "hang", "two", "die", "raise", "three") == [
        "one Asia/Shanghai",
        "reading the page took longer than 2 s",
        "two Asia/Shanghai",
        "the page broke the process that reads it",
        "reading the page failed: RecursionError: too deep",
        "three Asia/Shanghai",
    ]


def test_a_reader_that_cannot_be_found_is_a_failure_of_the_page() -> None:
    pool = Readers(ZONE, read="no.such.module:reader")
    try:
        assert _read(pool, "one") == ["the process that reads pages did not start"]
    finally:
        pool.close()


def test_a_closed_pool_reads_nothing_more(readers: Readers) -> None:
    assert _read(readers, "one") == ["one Asia/Shanghai"]
    readers.close()
    with pytest.raises((ReadingFailed, RuntimeError)):
        asyncio.run(readers.read(_page("two"), SOURCE, NOW))
