"""The daemon: looks every few seconds what the tables say is owed, and has it done.

The only room of APScheduler, which is a ticker here and remembers nothing: what is due is read from the
database each time, so a machine that was off for weeks owes exactly what the tables say. Crawling, reading and
mailing are done by ``kaibi`` in processes of their own, which can be ended at any moment with nothing lost; they
get the config on standard input, so that one with mistakes on disk leaves the one before in force.
Keeps to itself how a child is started and ended, and that a problem is told once, not at every tick.
"""

from __future__ import annotations

import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler

from pipeline.config.load import parse_settings, read_config
from pipeline.config.place import Configured
from pipeline.errors import BusyError, ConfigError, DeliveryError, KaibiError, SourcesError
from pipeline.steps.digest import next_due_at, owed_weeks
from pipeline.store import articles, deliveries, sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import timedelta
    from pathlib import Path

    from pipeline.store.database import Database

_log = logging.getLogger("kaibi.run")
CHILD_GRACE_SECONDS: Final = 6.0
"""How long a child may take to end by itself before it is killed."""
_LAST_WAIT_SECONDS: Final = 2.5
_LONGEST_FIRST_CRAWL_SECONDS: Final = 1800.0
"""How long the first digest waits for the first crawl."""
_NO_NEWS: Final = {BusyError.exit_status, SourcesError.exit_status}
"""Somebody else is at it; or the sources of one round failed, which the crawl has told source by source."""
_SILENT_TICKS: Final = ("apscheduler.scheduler", "apscheduler.executors.default")


class Daemon:
    """One daemon on one database. ``run`` returns when the process is told to end."""

    def __init__(
        self,
        db: Database,
        config: str,
        path: Path,
        *,
        every: timedelta,
        options: Sequence[str],
        clock: Callable[[], datetime],
    ) -> None:
        """Take an open database and the text of the config at ``path``.

        ``every`` is from tick to tick; ``options`` are what each child is called with.
        """
        self._db = db
        self._config = config
        self._configured = configured_from(config, path)
        self._every = every
        self._options = tuple(options)
        self._clock = clock
        self._seen = _stamp(path)
        self._told: dict[str, str] = {}
        self._children: set[subprocess.Popen[str]] = set()
        self._guard = threading.RLock()
        self._ends = threading.Event()
        self._idle = threading.Condition(self._guard)
        self._at_work = 0
        self._has_crawled = False
        self._has_mailed = False
        self._no_wait_from = time.monotonic() + _LONGEST_FIRST_CRAWL_SECONDS

    def run(self) -> None:
        """Work until SIGTERM or SIGINT (BusyError where this database has a daemon already)."""
        with self._db.lock("run"), _signals() as told_to_end:
            sources.sync(self._db, self._configured.settings.source)
            scheduler = self._scheduler()
            scheduler.start()
            self._greet()
            while not select.select([told_to_end], [], [], 3 * self._every.total_seconds())[0]:
                self._put_right(scheduler, now=datetime.now(UTC))
            self._ends.set()
            scheduler.shutdown(wait=False)
            self._end_children()
            self._leave()

    def _scheduler(self) -> BackgroundScheduler:
        for name in _SILENT_TICKS:
            logging.getLogger(name).setLevel(logging.ERROR)  # a tick that is skipped because one is at work is no news
        scheduler = BackgroundScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(2)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        seconds = self._every.total_seconds()
        for tick in (self._crawl_tick, self._digest_tick):
            scheduler.add_job(
                self._ticked,
                "interval",
                args=(tick,),
                seconds=seconds,
                next_run_time=datetime.now(UTC),
                id=tick.__name__,
            )
        return scheduler

    def _put_right(self, scheduler: BackgroundScheduler, *, now: datetime) -> None:
        """Bring ticks back that a clock which was set back has left in the far future."""
        for job in scheduler.get_jobs():
            if job.next_run_time - now > 2 * self._every:
                job.modify(next_run_time=now)

    def _greet(self) -> None:
        settings = self._configured.settings
        enabled = sum(source.enabled for source in settings.source)
        due_at = next_due_at(settings, now=self._clock()).astimezone(settings.debate.zone)
        _log.info("running: %d sources, next digest %s", enabled, f"{due_at:%Y-%m-%d %H:%M %Z}")

    def _ticked(self, tick: Callable[[Configured], None]) -> None:
        """Run one tick; what a user can put right is told and tried again at the next."""
        with self._guard:
            self._at_work += 1
        try:
            if not self._ends.is_set():
                tick(self._read_again())
                self._tell(tick.__name__, None)
        except (KaibiError, OSError) as error:
            self._tell(tick.__name__, str(error))
        finally:
            with self._idle:
                self._at_work -= 1
                self._idle.notify_all()

    def _crawl_tick(self, configured: Configured) -> None:
        try:
            if sources.due(self._db, configured.settings.source, now=self._clock()):
                self._have_done("crawl", "--due")
            if articles.count(self._db)[1]:
                self._have_done("analyse")
        finally:
            self._has_crawled = True

    def _digest_tick(self, configured: Configured) -> None:
        """Mail what is owed; the first time after the first crawl, so that a week missed is not half told."""
        if not self._has_crawled and time.monotonic() < self._no_wait_from:
            return
        owed = owed_weeks(self._db, configured.settings, now=self._clock())
        if owed and articles.count(self._db)[1]:
            self._have_done("analyse")
        if owed or not self._has_mailed or deliveries.due(self._db, now=self._clock()):
            self._has_mailed |= self._have_done("digest", "send") in {0, DeliveryError.exit_status}

    def _read_again(self) -> Configured:
        """Return the config, read again if its file changed; one with mistakes leaves the old one in force."""
        with self._guard:
            path = self._configured.path
            stamp = _stamp(path)
            if stamp == self._seen:
                return self._configured
            self._seen = stamp
            try:
                config = read_config(path)
                fresh = configured_from(config, path)
            except ConfigError as error:
                self._tell("config", f"{error} - the config as it was stays in force")
                return self._configured
            if fresh.store_url != self._configured.store_url:
                self._tell("config", "[store] url changed - restart kaibi run to use the other database")
                return self._configured
            self._tell("config", None)
            self._config, self._configured = config, fresh
        _log.info("%s has changed and was read again", path)
        sources.sync(self._db, fresh.settings.source)  # may wait for another writer: not with the guard held
        return fresh

    def _have_done(self, *command: str) -> int | None:
        """Run a command of ``kaibi`` in its own process, tell its problem, and return its exit status; None: we end."""
        line = [sys.executable, "-P", "-m", "pipeline.doors.cli", *self._options, "--unattended", *command]
        with self._guard:
            if self._ends.is_set():
                return None
            child = subprocess.Popen(  # noqa: S603 - our own command
                line,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
            self._children.add(child)
            config = self._config
        said, _ = child.communicate(config)
        with self._guard:
            self._children.discard(child)
        if self._ends.is_set():
            return None
        job = " ".join(command)
        if child.returncode in _NO_NEWS:
            _log.info("%s: %s", job, said.strip())
        elif child.returncode:
            self._tell(job, said.strip() or f"ended with status {child.returncode}")
        else:
            self._tell(job, None)
        return child.returncode

    def _tell(self, job: str, problem: str | None) -> None:
        """Log a problem when it is new, and once when it is over."""
        with self._guard:
            before = self._told.pop(job, None)
            if problem is not None:
                self._told[job] = problem
                _log.log(logging.DEBUG if problem == before else logging.ERROR, "%s: %s", job.strip("_"), problem)
            elif before is not None:
                _log.info("%s: well again", job.strip("_"))

    def _end_children(self) -> None:
        _log.info("ending")
        with self._guard:
            children = tuple(self._children)
        killed_at = time.monotonic() + CHILD_GRACE_SECONDS
        for child in children:
            child.terminate()
        for child in children:
            with suppress(subprocess.TimeoutExpired):
                child.wait(max(0.0, killed_at - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)  # it and whatever it started

    def _leave(self) -> None:
        with self._idle:
            if not self._idle.wait_for(lambda: not self._at_work, _LAST_WAIT_SECONDS):
                _log.warning("a tick did not end - leaving it; nothing committed is lost")
                logging.shutdown()
                os._exit(0)


@contextmanager
def _signals() -> Iterator[int]:
    """Give a descriptor that can be read once SIGTERM or SIGINT has come: a handler could not take a lock safely."""
    readable, writable = os.pipe()
    os.set_blocking(writable, False)
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    wakeup = signal.set_wakeup_fd(writable)
    try:
        yield readable
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(readable)
        os.close(writable)


def configured_from(config: str, path: Path) -> Configured:
    """Return what a config's text says, as if it stood in the file at ``path`` (ConfigError with its mistakes)."""
    return Configured(settings=parse_settings(config, shown_as=str(path)), path=path)


def _stamp(path: Path) -> tuple[int, int, int] | None:
    """Return what changes with the file; None while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
