"""What a user meets when the disk, the rights or another program are in the way: one line, and nothing lost."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from pipeline.errors import BusyError, StoreError
from pipeline.store.database import Database, open_database
from pipeline.store.failures import in_words
from pipeline.store.tables import sources

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.store.conftest import Server

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]
NOBODY = 65534
OPEN = """
import os, resource, sys
from datetime import datetime, UTC
from pathlib import Path
from pipeline.errors import KaibiError
from pipeline.model import PageText
from pipeline.settings import Source, SourceKind
from pipeline.store import articles, runs, sources
from pipeline.store.database import open_database
import sqlalchemy.dialects.sqlite
NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
open_database(f"sqlite:///{sys.argv[2]}", now=NOW).close()  # every module is loaded while all may be read
here = Path(sys.argv[1])
def attempt():
%s
try:
    attempt()
except KaibiError as error:
    print(error)
"""


def told_by(steps: str, file: Path, scratch: Path) -> str:
    """Run the steps in a process of their own; return the one line of its error."""
    body = "\n".join(f"    {line}" for line in steps.strip().splitlines())
    # Coverage would write its own file there, where writing is what must fail.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = subprocess.run(
        [sys.executable, "-c", OPEN % body, str(file), str(scratch / "loaded.db")],
        check=False, cwd=ROOT, env=plain, capture_output=True, text=True,
    )  # fmt: skip
    assert done.stderr == ""
    assert done.stdout.count("\n") == 1
    return done.stdout


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user of the machine can reach."""
    folder = Path(tempfile.mkdtemp(prefix="kaibi-rights-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


as_nobody = pytest.mark.skipif(os.getuid() != 0, reason="only root can become nobody")


@as_nobody
def test_a_folder_that_may_not_be_written_is_one_clear_line(open_folder: Path, tmp_path: Path) -> None:
    steps = f"os.setuid({NOBODY})\nopen_database(f'sqlite:///{{here}}', now=NOW)"
    assert "cannot be opened - check that its folder" in told_by(steps, open_folder / "k.db", tmp_path)
    assert "cannot be made or written (Permission denied)" in told_by(steps, open_folder / "new" / "k.db", tmp_path)


@as_nobody
def test_a_file_that_may_not_be_written_is_one_clear_line(open_folder: Path, tmp_path: Path) -> None:
    file = open_folder / "k.db"
    open_database(f"sqlite:///{file}", now=NOW).close()
    open_folder.chmod(0o777)
    file.chmod(0o444)
    steps = f"os.setuid({NOBODY})\nruns.begin(open_database(f'sqlite:///{{here}}', now=NOW), now=NOW)"
    assert "k.db: may not be written - check the rights" in told_by(steps, file, tmp_path)


@as_nobody
def test_a_lock_that_may_not_be_taken_is_one_clear_line(open_folder: Path, tmp_path: Path) -> None:
    file = open_folder / "k.db"
    open_database(f"sqlite:///{file}", now=NOW).close()
    file.chmod(0o666)
    steps = (
        "db = open_database(f'sqlite:///{here}', now=NOW)\n"
        f"os.setuid({NOBODY})\n"
        "with db.lock('crawl'): raise AssertionError"
    )
    assert "cannot be made or written (Permission denied)" in told_by(steps, file, tmp_path)


def test_a_disk_that_is_full_is_one_clear_line_and_keeps_what_was_stored(tmp_path: Path) -> None:
    file = tmp_path / "k.db"
    steps = """
db = open_database(f"sqlite:///{here}", now=NOW)
sources.sync(db, [Source(name="智潮网", kind=SourceKind.FEED, url="https://zhichao.example/feed")])
full = here.stat().st_size + 2_000_000
resource.setrlimit(resource.RLIMIT_FSIZE, (full, full))
for n in range(1000):
    text = PageText(title="标题", text="正文" * 20_000, published_at=None, author=None, language="zh")
    articles.add(db, "智潮网", url=f"https://zhichao.example/{n}", key=str(n), text=text, now=NOW)
"""
    assert "full" in told_by(steps, file, tmp_path)
    with sqlite3.connect(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        stored = connection.execute(
            "SELECT count(*), count(r.id) FROM articles a LEFT JOIN revisions r ON r.article_id = a.id"
        )
        ((kept, with_text),) = stored.fetchall()
    assert kept == with_text > 5


def test_a_backup_that_fails_leaves_no_file_behind(tmp_path: Path) -> None:
    file = tmp_path / "k.db"
    steps = """
db = open_database(f"sqlite:///{here}", now=NOW)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
db.backup(here.with_name("copy.db"))
"""
    assert "no backup written to" in told_by(steps, file, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} - {"k.db-wal", "k.db-shm"} == {"k.db", "loaded.db"}


def test_a_backup_is_whole_while_others_write(db: Database, url: str, tmp_path: Path) -> None:
    if not url.startswith("sqlite"):
        with pytest.raises(StoreError, match="pg_dump"):
            db.backup(tmp_path / "copy.db")
        return
    over = threading.Event()

    def count_on() -> None:
        while not over.is_set():
            with db.write() as connection:
                connection.execute(update(sources).values(failures=sources.c.failures + 1))

    writer = threading.Thread(target=count_on)
    writer.start()
    try:
        for number in range(5):
            db.backup(tmp_path / f"copy{number}.db")
    finally:
        over.set()
        writer.join()
    for number in range(5):
        copy = open_database(f"sqlite:///{tmp_path / f'copy{number}.db'}", now=NOW)
        with copy.read() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert connection.scalar(select(sources.c.name)) == "智潮网"
        copy.close()


def test_a_database_whose_place_a_folder_took_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "k.db").mkdir()
    with pytest.raises(StoreError, match=r"k\.db: is a folder - name a file"):
        open_database(f"sqlite:///{tmp_path / 'k.db'}", now=NOW)


@pytest.mark.parametrize("table", ["articles", "recipes"])
def test_another_programs_database_is_left_alone(tmp_path: Path, table: str) -> None:
    with sqlite3.connect(tmp_path / "k.db") as connection:
        connection.execute(f"CREATE TABLE {table} (id INTEGER)")
    with pytest.raises(StoreError, match="holds tables of another program"):
        open_database(f"sqlite:///{tmp_path / 'k.db'}", now=NOW)
    with sqlite3.connect(tmp_path / "k.db") as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [(table,)]


def test_a_lock_is_released_when_its_job_fails(db: Database) -> None:
    def fail() -> None:
        with db.lock("crawl"):
            raise ArithmeticError

    for _ in range(2):
        with pytest.raises(ArithmeticError):
            fail()


def test_the_trouble_of_a_job_is_not_said_to_be_the_databases(db: Database) -> None:
    with pytest.raises(FileNotFoundError), db.lock("crawl"):
        Path("/nowhere/at/all").read_text()


def test_a_lock_may_be_waited_for(db: Database, url: str) -> None:
    other = open_database(url, now=NOW)
    taken, over = threading.Event(), threading.Event()

    def hold() -> None:
        with other.lock("mail"):
            taken.set()
            over.wait(10)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    with pytest.raises(BusyError), db.lock("mail", wait_seconds=0.05):
        pass
    over.set()
    with db.lock("mail", wait_seconds=10):
        pass
    holder.join()
    other.close()


def test_no_server_is_one_clear_line_without_the_password() -> None:
    pytest.importorskip("psycopg")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"postgresql+psycopg://kaibi:geheim@127.0.0.1:{free.getsockname()[1]}/kaibi"
        with pytest.raises(StoreError, match="no PostgreSQL answers there") as caught:
            open_database(address, now=NOW)
    assert "geheim" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_database_that_the_server_does_not_have_is_one_clear_line(server: Server) -> None:
    with pytest.raises(StoreError, match='"nosuch" does not exist') as caught:
        open_database(server.url("nosuch"), now=NOW)
    assert "\n" not in str(caught.value)


def test_a_database_that_cannot_hold_chinese_is_refused(server: Server) -> None:
    server.run("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(StoreError, match="is in LATIN1 - make it with createdb --encoding UTF8"):
        open_database(server.url("latin"), now=NOW)


def test_an_empty_postgresql_database_gets_the_tables(server: Server) -> None:
    server.run("CREATE DATABASE empty TEMPLATE template0")
    made = open_database(server.url("empty"), now=NOW)
    assert made.created_at == NOW
    made.close()


def test_a_lock_outlives_no_connection(server: Server, postgresql_url: str) -> None:
    holder = open_database(postgresql_url, now=NOW)
    with holder.lock("crawl"):
        server.run(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"  # as a server's restart does
        )
        other = open_database(postgresql_url, now=NOW)
        with other.lock("crawl"):
            pass
        other.close()
    holder.close()


def test_an_unknown_trouble_keeps_the_first_line_of_its_driver() -> None:
    assert in_words("something odd\nwith details") == "something odd"
    assert in_words("") == "failed"


def test_two_kaibis_in_two_schemas_of_one_database_do_not_meet(server: Server, postgresql_url: str) -> None:
    server.run("CREATE SCHEMA apart", name="migrated")
    one = open_database(postgresql_url, now=NOW)
    other = open_database(f"{postgresql_url}&options=-csearch_path%3Dapart", now=NOW)
    assert one.key != other.key
    with one.lock("crawl"), other.lock("crawl"), one.write(), other.write():
        pass
    one.close()
    other.close()
    server.run("DROP SCHEMA apart CASCADE", name="migrated")
