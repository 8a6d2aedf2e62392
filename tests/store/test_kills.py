"""A process that is killed at any moment leaves whole articles, whole readings, and all that it had committed."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text

from pipeline.store import articles, sources
from pipeline.store.database import Database, open_database

if TYPE_CHECKING:
    from datetime import datetime

ROOT = Path(__file__).parents[2]
WORK = """
import sys
from datetime import UTC, datetime
from itertools import count
from pipeline.model import Attribution, FoundLink, Identity, PageText, Reading, Stance, Statement, Validators
from pipeline.store import articles, frontier, statements
from pipeline.store.database import open_database

url, run = sys.argv[1:]
now = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
db = open_database(url, now=now)
said = [
    Statement(speaker=who, org=None, start=0, end=2, quote="开源", attribution=Attribution.DIRECT,
              stance=Stance("open"), confidence=1, because=())
    for who in ("甲", "乙")
]
reading = Reading(stance=Stance("open"), confidence=1, statements=tuple(said))
who = [Identity(key=one.speaker, name=one.speaker, org=None) for one in said]
for n in count():
    keys = [f"{run}-{n}-{part}" for part in "abc"]
    links = [FoundLink(url=key, key=key) for key in keys]
    frontier.offer(db, "智潮网", links, validators=Validators(etag=keys[-1]), now=now)
    for words in ("开源", "开源更好"):
        page = PageText(title="标题", text=words * 2000, published_at=None, author=None, language="zh")
        for key in keys[:2]:
            articles.add(db, "智潮网", url=key, key=key, text=page, now=now)
        for one in statements.unread(db, again=False, after=0, limit=9):
            statements.keep(db, one.revision_id, reading, who, ["", ""], engine="e", now=now)
    print(n, flush=True)
"""
NEVER = {
    "an article without its newest text": (
        "SELECT count(*) FROM articles a LEFT JOIN revisions r ON r.article_id = a.id AND r.number = a.revision"
        " WHERE r.id IS NULL"
    ),
    "an article with a gap in its revisions": (
        "SELECT count(*) FROM articles a"
        " WHERE a.revision <> (SELECT count(*) FROM revisions r WHERE r.article_id = a.id)"
    ),
    "a text without an article": (
        "SELECT count(*) FROM revisions r LEFT JOIN articles a ON a.id = r.article_id WHERE a.id IS NULL"
    ),
    "half a reading": (
        "SELECT count(*) FROM readings d"
        " WHERE 2 <> (SELECT count(*) FROM statements s WHERE s.revision_id = d.revision_id)"
    ),
    "statements without a reading": (
        "SELECT count(*) FROM statements s LEFT JOIN readings d ON d.revision_id = s.revision_id"
        " WHERE d.revision_id IS NULL"
    ),
    "a page that waits and is stored": "SELECT count(*) FROM pages_waiting w JOIN articles a ON a.key = w.key",
    "a newest text that is neither read nor unread, or both": (
        "SELECT count(*) FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number = a.revision"
        " LEFT JOIN readings d ON d.revision_id = r.id"
        " WHERE (d.revision_id IS NULL AND NOT r.unread) OR (d.revision_id IS NOT NULL AND r.unread)"
    ),
    "an old text that waits to be read": (
        "SELECT count(*) FROM articles a JOIN revisions r ON r.article_id = a.id AND r.number < a.revision"
        " WHERE r.unread"
    ),
    "validators whose links are lost": (
        "SELECT count(*) FROM sources s WHERE s.etag IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM pages_waiting w WHERE w.key = s.etag)"
    ),
}


def work_and_be_killed(url: str, run: str, rounds: int) -> int:
    """Let a process work until it has told of that many rounds, kill it then and there; return what it told of."""
    with subprocess.Popen(
        [sys.executable, "-c", WORK, url, run], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        for _ in range(rounds):
            process.stdout.readline()
        process.kill()
        return rounds + len(process.stdout.readlines())


def check_whole(url: str) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        if url.startswith("sqlite"):
            assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        found = {trouble: connection.scalar(text(query)) for trouble, query in NEVER.items()}
    engine.dispose()
    assert found == dict.fromkeys(NEVER, 0)


def killed_again_and_again(url: str, now: datetime, kills: int) -> None:
    told = 0
    for number in range(kills):
        told += work_and_be_killed(url, str(number), random.randint(1, 6))  # noqa: S311 - any moment will do
        check_whole(url)
    opened = open_database(url, now=now)
    assert articles.count(opened)[0] >= 2 * told
    assert sources.state_of(opened, "智潮网", now=now).pages_waiting >= told
    opened.close()


def test_a_process_that_is_killed_leaves_everything_whole(db: Database, url: str, now: datetime) -> None:
    db.close()
    killed_again_and_again(url, now, kills=2)


@pytest.mark.soak
def test_forty_processes_that_are_killed_leave_everything_whole(db: Database, url: str, now: datetime) -> None:
    db.close()
    killed_again_and_again(url, now, kills=40)


def test_what_a_killed_process_left_beside_the_file_is_taken_up(tmp_path: Path, now: datetime) -> None:
    url = f"sqlite:///{tmp_path / 'k.db'}"
    code = (
        "import os, signal; from datetime import datetime, UTC; from pipeline.store import runs\n"
        "from pipeline.store.database import open_database\n"
        f"db = open_database('{url}', now=datetime(2026, 11, 18, tzinfo=UTC))\n"
        "run = runs.begin(db, now=datetime(2026, 11, 18, tzinfo=UTC))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == -9
    assert (tmp_path / "k.db-wal").stat().st_size > 0
    opened = open_database(url, now=now)
    with opened.read() as connection:
        assert connection.scalar(text("SELECT count(*) FROM runs")) == 1
    opened.close()
