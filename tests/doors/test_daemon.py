"""kaibi run in its own process: everything at its time, problems told once, a clean end."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.config.load import load
from pipeline.doors.schedule import Daemon
from pipeline.model import DigestOutcome, PageText
from pipeline.settings import Source, SourceKind
from pipeline.store import articles, digests, sources
from pipeline.store.database import open_database
from pipeline.weeks import Week
from tests.doors.doors_site import COMMAND, DEBATE, NOW, article_text, kaibi_process, publish, source_table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers import Site

UNIT = Path(__file__).parents[2] / "deploy" / "kaibi.service"


class Running:
    """A daemon whose log is read as it is written."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.log: list[str] = []

    def wait_for(self, words: str) -> str:
        """Read the log up to the line that holds the words; the daemon must not end before."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log.append(line)
            if words in line:
                return line
        raise AssertionError(f"ended without saying {words!r}: {''.join(self.log)}")

    def end(self, number: int = signal.SIGTERM) -> float:
        """Tell it to end, and return after how many seconds it has (status 0)."""
        assert self.process.stderr is not None
        started = time.monotonic()
        self.process.send_signal(number)
        self.log += self.process.stderr.readlines()
        assert self.process.wait(30) == 0, "".join(self.log)
        return time.monotonic() - started


@contextmanager
def running(home: Path, *options: str) -> Iterator[Running]:
    with subprocess.Popen(
        [*COMMAND, "run", "--tick", "0.3", *options], cwd=home, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        deadline = threading.Timer(150, process.kill)
        deadline.start()
        try:
            yield Running(process)
        finally:
            deadline.cancel()
            process.kill()


def owing(home: Path, site: Site) -> tuple[Week, Week]:
    """Make a database three weeks old with an unread article in each of the last two whole weeks, nothing mailed."""
    (home / "config.toml").write_text(
        f'{DEBATE}[digest]\nevery = "mon 00:00"\nrecipients = ["a@example.com"]\n[mail]\nsender = "k@example.com"\n'
        + source_table("小站", f"{site.url}/feed.xml"),
        encoding="utf-8",
    )
    configured = load(home / "config.toml")
    zone = configured.settings.debate.zone
    newest = Week.of(NOW, zone) - 1
    db = open_database(configured.store_url, now=NOW - timedelta(days=20))
    sources.sync(db, [Source(name="小站", kind=SourceKind.FEED, url=f"{site.url}/feed.xml")])
    for number, week in enumerate((newest - 1, newest)):
        text = PageText(
            title="论坛谈大模型",
            text=article_text(number),
            published_at=week.starts_at(zone),
            author=None,
            language="zh",
        )
        articles.add(db, "小站", url=f"{site.url}/old/{number}", key=f"old/{number}", text=text, now=NOW)
    db.close()
    return newest - 1, newest


def test_what_is_owed_is_crawled_read_built_and_mailed_once(home: Path, site: Site) -> None:
    publish(site, 5, published_at=NOW)
    missed, newest = owing(home, site)
    with running(home) as daemon:
        daemon.wait_for("running: 1 sources, next digest ")
        daemon.wait_for(f"{newest} to a@example.com: written to ")
        second = kaibi_process("run", cwd=home)
        assert (second.returncode, second.stdout) == (6, "")
        assert second.stderr.startswith("another kaibi is at this already (run)")
        assert daemon.end() < 10
    told = "".join(daemon.log)
    assert "小站: 1 new, 0 known" in told
    assert f"{missed}: built after its time and not mailed" in told
    assert "ERROR" not in told
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    outcomes = {built.week: built.outcome for built in digests.built(db, limit=9)}
    assert articles.count(db) == (3, 0)
    db.close()
    assert outcomes[newest] is DigestOutcome.TO_MAIL
    assert outcomes[missed] is DigestOutcome.ARCHIVED
    assert len(list((home / "outbox").iterdir())) == 1
    with running(home) as daemon:  # started again, it owes nothing
        daemon.wait_for("running: ")
        assert daemon.end(signal.SIGINT) < 10
    assert len(list((home / "outbox").iterdir())) == 1


def test_a_daemon_told_to_end_amid_a_crawl_ends_and_leaves_nobody_behind(home: Path, site: Site) -> None:
    publish(site, 1, published_at=NOW)
    site.hold("/a/1.html")
    (home / "config.toml").write_text(DEBATE + source_table("小站", f"{site.url}/feed.xml"), encoding="utf-8")
    with running(home) as daemon:
        daemon.wait_for("running: ")
        assert site.wait_for("/a/1.html")
        assert daemon.end() < 10
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    with db.lock("crawl", wait_seconds=5), db.lock("run"):
        assert articles.count(db)[0] == 0
    db.close()


def test_a_config_that_breaks_on_disk_leaves_the_old_one_in_force(home: Path, site: Site) -> None:
    config = DEBATE + source_table("坏站", f"{site.url}/nothing.xml", every="1s")
    (home / "config.toml").write_text(config, encoding="utf-8")
    with running(home, "--log-json") as daemon:
        line = daemon.wait_for("no source could be read (1 visited)")
        assert json.loads(line)["level"] == "info"  # told source by source, and broken ones once
        replace(home / "config.toml", config + "broken")
        assert "the config as it was stays in force" in daemon.wait_for("config.toml:")
        publish(site, 1, published_at=NOW)
        replace(home / "config.toml", config.replace("nothing.xml", "feed.xml"))
        daemon.wait_for("was read again")
        daemon.wait_for("坏站: 1 new, 0 known".encode("ascii", "backslashreplace").decode())
        assert daemon.end() < 10
    entries = [json.loads(line) for line in daemon.log]
    problems = [entry["message"] for entry in entries if entry["level"] == "error"]
    assert len(problems) == 1  # told once, not at every tick


def replace(path: Path, text: str) -> None:
    """Put a file in another's place, as editors do."""
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def test_the_daemon_goes_on_while_the_database_cannot_be_read(home: Path, site: Site) -> None:
    publish(site, 1, published_at=NOW)
    (home / "config.toml").write_text(DEBATE + source_table("小站", f"{site.url}/feed.xml"), encoding="utf-8")
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    with db.lock("crawl"), running(home) as daemon:
        daemon.wait_for("another kaibi is at this already (crawl)")
        db.close()
        daemon.wait_for("another kaibi is at this already (crawl)")
        assert daemon.process.poll() is None
        assert daemon.end() < 10


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
def test_systemd_finds_nothing_wrong_with_the_unit() -> None:
    checked = subprocess.run(["systemd-analyze", "verify", UNIT], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_a_mistake_in_the_config_is_told_before_anything_starts(home: Path, kaibi: Callable[..., object]) -> None:
    del kaibi
    (home / "config.toml").write_text(DEBATE + "bad = 1\n", encoding="utf-8")
    ran = kaibi_process("run", cwd=home)
    assert ran.returncode == 2
    assert not (home / "kaibi.db").exists()


def test_ticks_come_back_after_the_clock_was_set_back(home: Path) -> None:
    (home / "config.toml").write_text(DEBATE, encoding="utf-8")
    db = open_database(load(home / "config.toml").store_url, now=NOW)
    daemon = Daemon(
        db, DEBATE, home / "config.toml", every=timedelta(seconds=20), options=(), clock=lambda: datetime.now(UTC)
    )
    scheduler = daemon._scheduler()
    scheduler.start(paused=True)
    now = datetime.now(UTC)
    jobs = scheduler.get_jobs()
    jobs[0].modify(next_run_time=now + timedelta(days=2))
    jobs[1].modify(next_run_time=now + timedelta(seconds=15))
    daemon._put_right(scheduler, now=now)
    assert [job.next_run_time - now for job in jobs] == [timedelta(0), timedelta(seconds=15)]
    scheduler.shutdown()
    db.close()
