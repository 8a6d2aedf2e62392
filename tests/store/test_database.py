"""Opening, migrating, locking and failing: what a user meets when the database is not as it should be."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, insert, select, update
from sqlalchemy.exc import StatementError

from pipeline.errors import BusyError, ConfigError, StoreError
from pipeline.store.database import Database, open_database
from pipeline.store.tables import installation, metadata, sources

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


def test_the_migrations_lead_to_the_tables_as_the_code_has_them(url: str) -> None:
    open_database(url, now=NOW).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_database_keeps_its_key_and_its_birthday(url: str) -> None:
    first = open_database(url, now=NOW)
    again = open_database(url, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert (again.key, again.created_at) == (first.key, NOW)
    assert len(first.key) == 16
    first.close()
    again.close()


def test_commands_that_start_together_make_one_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'k.db'}"

    def key_of_one(_: int) -> str:
        opened = open_database(url, now=NOW)
        try:
            return opened.key
        finally:
            opened.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(key_of_one, range(4)))) == 1


def test_a_reader_sees_one_state_while_another_writes(db: Database) -> None:
    with db.read() as connection:
        assert connection.scalar(select(sources.c.failures)) == 0
        with db.write() as other:
            other.execute(update(sources).values(failures=1))
        assert connection.scalar(select(sources.c.failures)) == 0


def test_the_folder_of_the_database_is_made(tmp_path: Path) -> None:
    open_database(f"sqlite:///{tmp_path / 'new' / 'k.db'}", now=NOW).close()
    assert (tmp_path / "new" / "k.db").is_file()


def test_writers_wait_for_each_other_and_lose_nothing(db: Database) -> None:
    def add_one(_: int) -> None:
        with db.write() as connection:
            failures = connection.scalar(select(sources.c.failures)) or 0
            connection.execute(update(sources).values(failures=failures + 1))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add_one, range(80)))
    with db.read() as connection:
        assert connection.scalar(select(sources.c.failures)) == 80


def test_a_failed_transaction_leaves_nothing(db: Database) -> None:
    def fail_halfway() -> None:
        with db.write() as connection:
            connection.execute(update(sources).values(failures=9))
            raise ArithmeticError

    with pytest.raises(ArithmeticError):
        fail_halfway()
    with db.read() as connection:
        assert connection.scalar(select(sources.c.failures)) == 0


def test_a_naive_instant_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="naive"), db.write() as connection:
        connection.execute(update(installation).values(created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_a_job_is_done_by_one_at_a_time(db: Database, url: str) -> None:
    other = open_database(url, now=NOW)
    with db.lock("crawl"):
        with pytest.raises(BusyError, match=r"another kaibi .*crawl.*(kaibi\.db|migrated)"), other.lock("crawl"):
            pass
        with other.lock("mail"):
            pass
    with other.lock("crawl"):
        pass
    other.close()


def test_a_killed_holder_leaves_no_lock_behind(db: Database, url: str) -> None:
    code = (
        "import os, sys, signal; from datetime import UTC, datetime; from pipeline.store.database import open_database\n"
        f"db = open_database('{url}', now=datetime.now(UTC))\n"
        "with db.lock('crawl'): os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    with db.lock("crawl", wait_seconds=10):  # the server takes a moment to notice
        pass


def test_a_locked_database_is_one_clear_line(db: Database, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.database.BUSY_SECONDS", 0)
    impatient = open_database(url, now=NOW)
    with (
        db.write(),
        pytest.raises(StoreError, match=r"(kaibi\.db|migrated\S*): locked by another program"),
        impatient.write() as connection,
    ):
        connection.execute(update(sources).values(failures=1))
    impatient.close()


def test_what_is_no_database_is_said_to_be_none(tmp_path: Path) -> None:
    (tmp_path / "k.db").write_text("dear diary, " * 200)
    with pytest.raises(StoreError, match="is no SQLite database"):
        open_database(f"sqlite:///{tmp_path / 'k.db'}", now=NOW)


def test_a_database_of_a_newer_kaibi_is_left_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'k.db'}"
    open_database(url, now=NOW).close()
    with sqlite3.connect(tmp_path / "k.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer kaibi"):
        open_database(url, now=NOW)


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be made"):
        open_database(f"sqlite:///{tmp_path / 'file' / 'k.db'}", now=NOW)
    with pytest.raises(StoreError, match="is a folder"):
        open_database(f"sqlite:///{tmp_path}", now=NOW)


def test_a_full_disk_is_one_clear_line_and_loses_nothing(db: Database, url: str) -> None:
    if not url.startswith("sqlite"):
        pytest.skip("max_page_count is SQLite's")
    with db.write() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    rows = [{"name": f"{n}", "url": "u" * 400, "health": "ok", "failures": 0, "followed": True} for n in range(500)]

    def write_too_much() -> None:
        with db.write() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
            connection.execute(insert(sources), rows)

    with pytest.raises(StoreError, match="disk is full"):
        write_too_much()
    with db.read() as connection:
        assert connection.execute(select(sources.c.name)).scalars().all() == ["智潮网"]


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("kaibi.db", "no such kind of database"),
        ("oracle9i://x", "no such kind of database"),
        ("sqlite://", "in memory would forget"),
        ("sqlite:///:memory:", "in memory would forget"),
    ],
)
def test_an_address_that_names_no_database_is_a_mistake_in_the_config(url: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        open_database(url, now=NOW)


def test_a_backup_is_a_whole_database(tmp_path: Path) -> None:
    db = open_database(f"sqlite:///{tmp_path / 'kaibi.db'}", now=NOW)
    db.backup(tmp_path / "copy.db")
    copy = open_database(f"sqlite:///{tmp_path / 'copy.db'}", now=NOW)
    assert copy.key == db.key
    copy.close()
    with pytest.raises(StoreError, match="exists already"):
        db.backup(tmp_path / "copy.db")
    with pytest.raises(StoreError, match="no backup written"):
        db.backup(tmp_path / "nowhere" / "copy.db")
    db.close()
