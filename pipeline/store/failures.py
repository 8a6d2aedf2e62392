"""What can go wrong outside of this program, said in one line: where, what, and what to do.

Keeps to itself the wordings of SQLite, PostgreSQL and the system that a user can do something about.
"""

from __future__ import annotations

import errno
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from pipeline.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import URL

_LOCKED: Final = "locked by another program for too long - close it and try again"
_FULL: Final = "the disk is full - nothing that was stored is lost, free some space and run again"
_RIGHTS: Final = "may not be written - check the rights of the file and its folder"
FOREIGN: Final = "holds tables of another program - name another database in [store] url"
_KNOWN: Final = {
    "database is locked": _LOCKED,
    "unable to open database file": "cannot be opened - check that its folder exists and may be written",
    "attempt to write a readonly database": _RIGHTS,
    "database or disk is full": _FULL,
    "disk I/O error": "the disk refused to read or write (full, or failing?) - nothing that was stored is lost",
    "file is not a database": "is no SQLite database - name another file in [store] url",
    "database disk image is malformed": "is damaged - restore a backup (kaibi db backup makes them)",
    "already exists": FOREIGN,
    "lock timeout": _LOCKED,
    "No space left on device": _FULL,
    "Connection refused": "no PostgreSQL answers there - start it, or correct [store] url",
    "No such file or directory": "no PostgreSQL answers there - start it, or correct [store] url",
    "failed to resolve host": "there is no such host - correct [store] url",
    "password authentication failed": "user or password is wrong - correct [store] url, or ~/.pgpass",
    "no password supplied": "a password is asked for - put it into ~/.pgpass",
    "permission denied for schema": "this user may not make tables there - GRANT CREATE ON SCHEMA public TO it",
    "server closed the connection": "the connection broke - nothing that was stored is lost, run again",
    "terminating connection": "the server ended the connection - nothing that was stored is lost, run again",
    "read-only transaction": "may not be written: the server is read-only - name its primary in [store] url",
}
_NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def shown_url(url: URL) -> str:
    """Return where the database is, without its password."""
    return url.database or "?" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


@contextmanager
def told(url: URL) -> Iterator[None]:
    """Turn a driver's or the system's error into a StoreError that says where and what to do."""
    where = shown_url(url)
    try:
        yield
    except (IntegrityError, DataError):
        raise  # a bug of ours, not the user's to put right
    except DBAPIError as error:
        if url.get_backend_name() == "sqlite" and Path(where).is_dir():
            raise StoreError(f"{where}: is a folder - name a file in [store] url") from error
        raise StoreError(f"{where}: {in_words(str(error.orig))}") from error
    except OSError as error:
        raise StoreError(f"{where}: {in_words_of_system(error)}") from error


def in_words(problem: str) -> str:
    """Return what a driver's message means to a user; its first line where it is not known."""
    return next((words for sign, words in _KNOWN.items() if sign in problem), (problem.splitlines() or ["failed"])[0])


def in_words_of_system(error: OSError) -> str:
    """Return what the system's refusal means to a user."""
    if error.errno in _NO_SPACE:
        return _FULL
    return f"cannot be made or written ({error.strerror or error}) - check the folder and its rights"
