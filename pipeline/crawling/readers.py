"""Reading pages beside the downloads: worker processes, each page with a time limit.

Extraction is work for the processor and libraries were seen to run without end, so it has no place
in the loop that downloads. A page that exceeds its time costs its worker, which is replaced, and
nothing else. Keeps to itself the processes and what passes between them.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from zoneinfo import ZoneInfo

    from pipeline.model import FetchedPage, PageText
    from pipeline.settings import Source

SECONDS_A_PAGE: Final = 20.0
MOST_WORKERS: Final = 4
_STARTING: Final = 60.0
"""Seconds that a worker may take to import what it reads with."""


class ReadingFailed(Exception):  # noqa: N818 - said as it is
    """A page could not be read: it took too long, or broke what reads it."""


@dataclass(frozen=True, slots=True)
class _Broken:
    """What a worker sends where reading raised."""

    said: str


@dataclass(frozen=True, slots=True)
class _Worker:
    process: BaseProcess
    line: Connection


class Readers:
    """A pool of reading processes, started when the first page comes; ``close`` when done."""

    def __init__(
        self, zone: ZoneInfo, *, seconds: float = SECONDS_A_PAGE, read: str = "pipeline.pages.page:read_page"
    ) -> None:
        """Read with the function named ``module:name``, each page within so many seconds."""
        self._zone = zone
        self._seconds = seconds
        self._read = read
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([read.partition(":")[0]])
        self._count = max(1, min(MOST_WORKERS, os.cpu_count() or 1))
        self._idle: list[_Worker] = []
        self._workers: set[_Worker] = set()
        self._pending = 0
        self._freed = asyncio.Event()
        self._threads = ThreadPoolExecutor(self._count, thread_name_prefix="kaibi-readers")
        self._closed = False

    def warm(self) -> None:
        """Have a worker started meanwhile, where there is none yet."""
        if not self._workers and not self._closed:
            self._threads.submit(self._warmed)

    async def room(self) -> None:
        """Wait until few enough pages wait to be read: what is downloaded and not stored yet is lost by a kill."""
        while self._pending > self._count:
            self._freed.clear()
            await self._freed.wait()

    async def read(self, page: FetchedPage, source: Source, now: datetime) -> PageText:
        """Return what a page says; ReadingFailed where that takes too long or fails."""
        loop = asyncio.get_running_loop()
        self._pending += 1
        try:
            return await loop.run_in_executor(self._threads, self._ask, page, source, now)
        finally:
            self._pending -= 1
            self._freed.set()

    def close(self) -> None:
        """End the workers at once, whatever they read."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in tuple(self._workers):
            worker.process.kill()

    def _ask(self, page: FetchedPage, source: Source, now: datetime) -> PageText:
        """Have a worker read a page (in a thread of its own: it waits)."""
        worker = self._idle.pop() if self._idle else self._started()
        answer: PageText | _Broken | None = None
        try:
            if self._closed:
                raise ReadingFailed("the crawl ended before this page was read")
            worker.line.send((page, source, now))
            if not worker.line.poll(self._seconds):
                raise ReadingFailed(f"reading the page took longer than {self._seconds:g} s")
            answer = worker.line.recv()
        except (EOFError, OSError) as error:
            raise ReadingFailed("the page broke the process that reads it") from error
        finally:
            if answer is None:
                self._end(worker)
            else:
                self._idle.append(worker)
        if isinstance(answer, _Broken):
            raise ReadingFailed(answer.said)
        return answer

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_work, args=(theirs, self._zone, self._read, self._seconds), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours)
        self._workers.add(worker)
        if self._closed or not ours.poll(_STARTING):
            self._end(worker)
            raise ReadingFailed("the process that reads pages did not start")
        try:
            ours.recv()
        except (EOFError, OSError) as error:
            self._end(worker)
            raise ReadingFailed("the process that reads pages did not start") from error
        return worker

    def _warmed(self) -> None:
        """Start a worker for the pages to come; where that fails, the first page says so."""
        with contextlib.suppress(ReadingFailed):
            self._idle.append(self._started())

    def _end(self, worker: _Worker) -> None:
        self._workers.discard(worker)
        worker.process.kill()
        worker.process.join()
        worker.line.close()


def _work(line: Connection, zone: ZoneInfo, read: str, seconds: float) -> None:
    """Read page after page until the line is closed (in the worker process).

    An alarm ends a worker whose page runs on when nobody is left to kill it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from scrapy.utils.misc import load_object

    reader: Callable[..., PageText] = load_object(read.replace(":", "."))
    with contextlib.suppress(OSError):
        line.send(None)
    while True:
        try:
            page, source, now = line.recv()
        except (EOFError, OSError):
            return
        signal.setitimer(signal.ITIMER_REAL, 2 * seconds)
        try:
            answer: PageText | _Broken = reader(page, source, zone=zone, now=now)
        except Exception as error:  # noqa: BLE001 - any page may break any library; it is told and costs itself alone
            answer = _Broken(f"reading the page failed: {type(error).__name__}: {error}"[:300])
        signal.setitimer(signal.ITIMER_REAL, 0)
        with contextlib.suppress(OSError):
            line.send(answer)
