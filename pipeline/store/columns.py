"""What columns take and give, whatever the database: instants, text and keys.

Keeps to itself what the drivers refuse: naive instants, characters that no database stores, and keys too
long for PostgreSQL's indexes. All of it happens here, at the store's edge, so no caller thinks of it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import DateTime, Dialect, Text, TypeDecorator

LONGEST_KEY: Final = 1000
"""Bytes of UTF-8: PostgreSQL indexes at most 2704 in one entry."""
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def storable(words: str) -> str:
    """Return the text with NUL and lone surrogates replaced by U+FFFD, one for one, so that offsets stay true.

    PostgreSQL refuses NUL, and both drivers refuse surrogates.
    """
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", words)


def storable_key(key: str) -> str:
    """Return a key as it is stored: a long one keeps its beginning and ends in its SHA-256. Idempotent."""
    key = storable(key)
    in_bytes = key.encode()
    if len(in_bytes) <= LONGEST_KEY:
        return key
    return f"{in_bytes[: LONGEST_KEY // 2].decode(errors='ignore')}#{sha256(in_bytes).hexdigest()}"


class Instant(TypeDecorator[datetime]):
    """An aware instant: UTC in the table, aware UTC in Python, on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive instant (ValueError); SQLite keeps UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive instant cannot be stored: {value}")
        at = value.astimezone(UTC)
        return at.replace(tzinfo=None) if dialect.name == "sqlite" else at

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the instant as aware UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text of any length from outside, made ``storable``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Replace what no database stores."""
        del dialect
        return None if value is None else storable(value)


class Key(TypeDecorator[str]):
    """A text that is looked up and unique, made a ``storable_key``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Shorten a long key, in what is stored and in what is asked for alike."""
        del dialect
        return None if value is None else storable_key(value)
