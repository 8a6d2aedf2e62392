"""An open, fresh database on SQLite and on PostgreSQL, and the small values that store tests are made of."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from pipeline.settings import Source, SourceKind
from pipeline.store import sources
from pipeline.store.database import Database, open_database
from pipeline.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

NOW = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)
PROGRAMS = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: int(path.parent.name))


@dataclass(frozen=True)
class Server:
    """A PostgreSQL of our own on a Unix socket, with one migrated database that is emptied after each test."""

    folder: Path

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://kaibi@/{name}?host={self.folder}"

    def run(self, statement: str, *, name: str = "postgres") -> None:
        engine = create_engine(self.url(name), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start a server that forgets everything; it refuses to run as root, so root starts it as somebody else."""
    if PROGRAMS is None or find_spec("psycopg") is None:
        pytest.skip("PostgreSQL's server (/usr/lib/postgresql/*/bin) or psycopg is not installed")
    folder = Path(tempfile.mkdtemp(prefix="kaibi-pg-"))
    somebody: str | None = None
    if os.getuid() == 0:
        somebody = next(user.pw_name for user in pwd.getpwall() if user.pw_name in {"postgres", "nobody"})
        shutil.chown(folder, somebody)

    def call(*arguments: str) -> None:
        subprocess.run(
            [str(PROGRAMS / arguments[0]), "-D", str(folder / "data"), *arguments[1:]],
            check=True, user=somebody, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    settings = f"-F -k {folder} -c listen_addresses= -c full_page_writes=off -c max_wal_size=64MB"
    call("initdb", "-U", "kaibi", "-A", "trust", "--locale=C.UTF-8", "-E", "UTF8", "--no-sync")
    call("pg_ctl", "-w", "-o", settings, "-l", str(folder / "log"), "start")
    started = Server(folder)
    started.run("CREATE DATABASE migrated")
    open_database(started.url("migrated"), now=NOW).close()
    yield started
    call("pg_ctl", "-m", "immediate", "stop")
    shutil.rmtree(folder)


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def postgresql_url(server: Server) -> Iterator[str]:
    """Give the address of a PostgreSQL database that holds our tables, empty."""
    yield server.url("migrated")
    tables = ", ".join(table.name for table in metadata.sorted_tables if table.name != "installation")
    server.run(f"TRUNCATE {tables} RESTART IDENTITY", name="migrated")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the address of a database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'kaibi.db'}"
    address: str = request.getfixturevalue("postgresql_url")
    return address


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = open_database(url, now=NOW)
    sources.sync(database, [Source(name="智潮网", kind=SourceKind.FEED, url="https://zhichao.example/feed")])
    yield database
    database.close()
