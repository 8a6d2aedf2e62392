"""Opening the database: its settings, its migrations, its transactions and its locks.

Keeps to itself what differs between SQLite and PostgreSQL, and turns every driver's error that a
user can put right into a ``StoreError`` of one line.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zlib import crc32

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchModuleError

from pipeline.errors import BusyError, ConfigError, StoreError
from pipeline.store.tables import installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS: Final = 30
"""How long a writer waits for another before it says that the database is locked."""
_MIGRATIONS = Path(__file__).with_name("migrations")


class Database:
    """An open database of the newest schema. Use ``open_database``; ``close`` when done."""

    def __init__(self, engine: Engine, url: URL) -> None:
        """Wrap an engine whose schema is already of this version."""
        self._engine = engine
        self._url = url

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and writes nothing."""
        with _told(self._url), self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            yield connection
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a writer's transaction, committed at the end."""
        with _told(self._url), self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.commit()

    @contextmanager
    def lock(self, job: str, *, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the lock of a job ("run", "crawl", "analyse", "mail"); BusyError if another process has it."""
        busy = BusyError(
            f"another kaibi is at this already ({job}) on {shown_url(self._url)} - let it finish, or stop it"
        )
        if self._url.get_backend_name() == "sqlite":
            with _told(self._url):
                lock = FileLock(f"{self._url.database}.{job}.lock")
                try:
                    lock.acquire(timeout=wait_seconds)
                except Timeout as error:
                    raise busy from error
            try:
                yield
            finally:
                lock.release()
            return
        with _told(self._url), self._engine.connect() as connection:
            number = crc32(f"kaibi.{job}".encode())
            if not connection.scalar(text("SELECT pg_try_advisory_lock(:n)"), {"n": number}):
                raise busy
            yield
            connection.execute(text("SELECT pg_advisory_unlock(:n)"), {"n": number})

    @property
    def key(self) -> str:
        """A random name of this database, made once: it keeps Message-IDs apart."""
        with self.read() as connection:
            return str(connection.scalar(select(installation.c.key)))

    @property
    def created_at(self) -> datetime:
        """When this database was made: weeks that were over before are no arrears."""
        with self.read() as connection:
            created_at: datetime = connection.execute(select(installation.c.created_at)).scalar_one()
            return created_at

    def backup(self, target: Path) -> None:
        """Write a consistent copy of a SQLite database to ``target``, which must not exist."""
        if self._url.get_backend_name() != "sqlite":
            raise StoreError("only SQLite can be copied here - use pg_dump for PostgreSQL")
        if target.exists():
            raise StoreError(f"{target} exists already - name a file that does not")
        with _told(self._url), self._engine.connect() as connection:
            try:
                copy = sqlite3.connect(target)
                with copy:
                    connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
                copy.close()
            except (sqlite3.Error, OSError) as error:
                raise StoreError(f"no backup written to {target}: {error}") from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(url: str, *, now: datetime) -> Database:
    """Open the database, making it or bringing it to the newest schema first.

    Raises StoreError where it cannot be opened, written or understood.
    """
    parsed = _parsed(url)
    engine = _engine(parsed)
    try:
        with _told(parsed):
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            _upgrade(engine, parsed, now)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, parsed)


def shown_url(url: URL) -> str:
    """Return where the database is, without its password."""
    return url.database or "?" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise ConfigError(
            f"store.url: no such kind of database ({error}) - write sqlite:///kaibi.db or postgresql+psycopg://..."
        ) from error
    if parsed.get_backend_name() == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise ConfigError("store.url: a database in memory would forget everything - write sqlite:///kaibi.db")
    return parsed


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ModuleNotFoundError as error:
        raise StoreError(
            f"the driver for {url.drivername} is not installed: {error} - pip install 'kaibi[postgresql]'"
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _settle_sqlite)
    return engine


def _settle_sqlite(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    del entry
    connection.isolation_level = None  # transactions are begun by hand: BEGIN IMMEDIATE for writers
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for this store's migrations."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _upgrade(engine: Engine, url: URL, now: datetime) -> None:
    config = alembic_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
    if found != newest:
        # SQLite has one file for everybody: two commands started together must not both migrate it.
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreError(f"{shown_url(url)} was made by a newer kaibi ({error}) - upgrade kaibi") from error
            if connection.scalar(select(installation.c.id)) is None:
                connection.execute(insert(installation).values(id=1, key=secrets.token_hex(8), created_at=now))
            connection.commit()


@contextmanager
def _told(url: URL) -> Iterator[None]:
    """Turn a driver's or the system's error into a StoreError that says where and what to do."""
    where = shown_url(url)
    try:
        yield
    except (IntegrityError, DataError):
        raise  # a bug of ours, not the user's to put right
    except DBAPIError as error:
        raise StoreError(f"{where}: {_in_words(str(error.orig))}") from error
    except (PermissionError, FileNotFoundError, NotADirectoryError, FileExistsError) as error:
        raise StoreError(
            f"{where}: cannot be made or written ({error.strerror}) - check the folder and its rights"
        ) from error


def _in_words(problem: str) -> str:
    known = {
        "database is locked": f"locked by another program for more than {BUSY_SECONDS} s - close it and try again",
        "unable to open database file": "cannot be opened - check that the folder exists and may be written",
        "attempt to write a readonly database": "may not be written - check the rights of the file and its folder",
        "database or disk is full": "the disk is full - nothing was lost, free some space and run again",
        "disk I/O error": "the disk refused to read or write (full, or failing?) - nothing committed was lost",
        "file is not a database": "is no SQLite database - name another file in [store] url",
        "database disk image is malformed": "is damaged - restore a backup (kaibi db backup makes them)",
    }
    return next(
        (words for sign, words in known.items() if sign in problem), problem.splitlines()[0] if problem else "failed"
    )
