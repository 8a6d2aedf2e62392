"""Opening the database: its settings, its migrations, its transactions and its locks.

Keeps to itself what differs between SQLite and PostgreSQL. On both there is one writer at a time, which
waits for its turn, and a reader sees one consistent state.
"""

from __future__ import annotations

import secrets
import sqlite3
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from zlib import crc32

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError

from pipeline.errors import BusyError, ConfigError, StoreError
from pipeline.store.failures import FOREIGN, in_words, in_words_of_system, shown_url, told
from pipeline.store.tables import installation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS: Final = 30
"""How long a writer waits for another before it says that the database is locked."""
_MIGRATIONS = Path(__file__).with_name("migrations")
_HERE: Final = "hashtext(coalesce(current_schema(), ''))"
"""PostgreSQL's advisory locks are the server's: two kaibis in two schemas must not meet."""


class Database:
    """An open database of the newest schema. Use ``open_database``; ``close`` when done."""

    def __init__(self, engine: Engine, url: URL) -> None:
        """Wrap an engine whose schema is already of this version."""
        self._engine = engine
        self._url = url

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one consistent state and writes nothing."""
        with told(self._url), self._engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("BEGIN")
            else:
                connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield connection
            connection.rollback()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in a writer's transaction, committed at the end."""
        with told(self._url), self._engine.connect() as connection:
            _begin_writing(connection)
            yield connection
            connection.commit()

    @contextmanager
    def lock(self, job: str, *, wait_seconds: float = 0) -> Iterator[None]:
        """Hold the lock of a job ("run", "crawl", "analyse", "mail"); BusyError if another process has it."""
        busy = BusyError(
            f"another kaibi is at this already ({job}) on {shown_url(self._url)} - let it finish, or stop it"
        )
        on_file = self._url.get_backend_name() == "sqlite"
        with self._file_lock(job, wait_seconds, busy) if on_file else self._server_lock(job, wait_seconds, busy):
            yield

    @contextmanager
    def _file_lock(self, job: str, wait_seconds: float, busy: BusyError) -> Iterator[None]:
        with told(self._url):
            lock = FileLock(f"{self._url.database}.{job}.lock")
            try:
                lock.acquire(timeout=wait_seconds)
            except Timeout as error:
                raise busy from error
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _server_lock(self, job: str, wait_seconds: float, busy: BusyError) -> Iterator[None]:
        """Hold an advisory lock on a connection of its own: whatever happens, closing that one releases it."""
        with told(self._url):
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
        try:
            with told(self._url):
                connection.exec_driver_sql(f"SET lock_timeout = {max(1, int(wait_seconds * 1000))}")
                try:
                    connection.execute(text(f"SELECT pg_advisory_lock(:job, {_HERE})"), {"job": _number(job)})
                except OperationalError as error:
                    if "lock timeout" in str(error.orig):
                        raise busy from error
                    raise
            yield
        finally:
            with suppress(DBAPIError):  # where the server is gone, so is the lock
                connection.close()

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
        try:
            with TemporaryDirectory(prefix=".kaibi-backup-", dir=target.parent) as folder:
                part = Path(folder) / target.name
                with told(self._url), self._engine.connect() as connection:
                    _copy(connection, part)
                part.rename(target)
        except sqlite3.Error as error:
            raise StoreError(f"no backup written to {target}: {in_words(str(error))}") from error
        except OSError as error:
            raise StoreError(f"no backup written to {target}: {in_words_of_system(error)}") from error

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
        with told(parsed):
            if parsed.get_backend_name() == "sqlite" and parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            _upgrade(engine, parsed, now)
    except BaseException:
        engine.dispose()
        raise
    return Database(engine, parsed)


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


def _begin_writing(connection: Connection) -> None:
    """Wait for the turn to write; what is read from here on is what the writer before left."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = {max(1, BUSY_SECONDS * 1000)}")
    connection.execute(text(f"SELECT pg_advisory_xact_lock(:job, {_HERE})"), {"job": _number("write")})


def _number(job: str) -> int:
    return crc32(f"kaibi.{job}".encode()) - 2**31  # PostgreSQL's four-byte integers are signed


def _copy(connection: Connection, target: Path) -> None:
    copy = sqlite3.connect(target)
    try:
        connection.connection.driver_connection.backup(copy)  # type: ignore[union-attr]
    finally:
        copy.close()


def alembic_config() -> Config:
    """Return Alembic's configuration for this store's migrations."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    return config


def _upgrade(engine: Engine, url: URL, now: datetime) -> None:
    config = alembic_config()
    newest = ScriptDirectory.from_config(config).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
    if found != newest:
        with engine.connect() as connection:
            _begin_writing(connection)  # two commands started together must not both migrate
            _check_encoding(connection, url)
            _check_owner(connection, url)
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except CommandError as error:
                raise StoreError(f"{shown_url(url)} was made by a newer kaibi ({error}) - upgrade kaibi") from error
            if connection.scalar(select(installation.c.id)) is None:
                connection.execute(insert(installation).values(id=1, key=secrets.token_hex(8), created_at=now))
            connection.commit()


def _check_owner(connection: Connection, url: URL) -> None:
    """Refuse a SQLite file that another program made (StoreError); on a server, a schema may be shared."""
    if url.get_backend_name() != "sqlite":
        return
    tables = set(inspect(connection).get_table_names())
    if tables and not {"alembic_version", installation.name} <= tables:
        raise StoreError(f"{shown_url(url)}: {FOREIGN}")


def _check_encoding(connection: Connection, url: URL) -> None:
    if connection.dialect.name == "postgresql":
        encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
        if encoding != "UTF8":
            raise StoreError(f"{shown_url(url)}: is in {encoding} - make it with createdb --encoding UTF8")
