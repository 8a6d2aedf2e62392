"""The tables, as the newest migration leaves them.

A change here needs a revision under ``migrations/versions`` (a test compares the two). Instants are
stored as aware UTC; lists and small records as JSON.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


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


_Id = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[int]:
    return Column("id", _Id, primary_key=True)


def _refers(name: str, target: str, *, optional: bool = False) -> Column[int]:
    return Column(name, _Id, ForeignKey(target, ondelete="CASCADE"), nullable=optional)


installation = Table(
    "installation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(32), nullable=False),  # names this database in Message-IDs and locks
    Column("created_at", Instant, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
)

sources = Table(
    "sources",
    metadata,
    _id(),
    Column("name", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("health", String(16), nullable=False),
    Column("failures", Float, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("last_visit_at", Instant),
    Column("last_success_at", Instant),
    Column("next_due_at", Instant),
    Column("problem", Text),
    Column("followed", Boolean, nullable=False),  # in the config now; one that left keeps its articles
)

pages_waiting = Table(
    "pages_waiting",
    metadata,
    _id(),
    _refers("source_id", "sources.id"),
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("hints", JSON, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("given_up", Boolean, nullable=False),
    Column("problem", Text),
    Index("ix_pages_waiting_next", "source_id", "given_up", "next_try_at"),
)

stories = Table(
    "stories",
    metadata,
    _id(),
    Column("version", String(16), nullable=False),
)

articles = Table(
    "articles",
    metadata,
    _id(),
    _refers("source_id", "sources.id"),
    Column("key", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("counts_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    _refers("story_id", "stories.id", optional=True),
    Index("ix_articles_counts", "counts_at"),
    Index("ix_articles_seen", "seen_at"),
    Index("ix_articles_source", "source_id", "seen_at"),
    Index("ix_articles_story", "story_id"),
)

revisions = Table(
    "revisions",
    metadata,
    _id(),
    _refers("article_id", "articles.id"),
    Column("number", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("author", Text),
    Column("language", String(16), nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("html", LargeBinary),
    UniqueConstraint("article_id", "number"),
)

story_bands = Table(
    "story_bands",
    metadata,
    Column("band", BigInteger, primary_key=True),
    Column("article_id", _Id, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Index("ix_story_bands_article", "article_id"),
)

readings = Table(
    "readings",
    metadata,
    Column("revision_id", _Id, ForeignKey("revisions.id", ondelete="CASCADE"), primary_key=True),
    Column("engine", String(64), nullable=False),  # the engine's version and the debate's fingerprint
    Column("stance", String(64), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("read_at", Instant, nullable=False),
)

actors = Table(
    "actors",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("org", Text),
)

statements = Table(
    "statements",
    metadata,
    _id(),
    _refers("revision_id", "revisions.id"),
    _refers("actor_id", "actors.id"),
    Column("speaker", Text, nullable=False),
    Column("org", Text),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Text, nullable=False),
    Column("context", Text, nullable=False),
    Column("attribution", String(16), nullable=False),
    Column("stance", String(64), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("because", JSON, nullable=False),
    Column("via", Text),
    Index("ix_statements_revision", "revision_id"),
    Index("ix_statements_actor", "actor_id"),
)

runs = Table(
    "runs",
    metadata,
    _id(),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
)

visits = Table(
    "visits",
    metadata,
    _id(),
    _refers("run_id", "runs.id"),
    _refers("source_id", "sources.id"),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("articles_new", Integer, nullable=False),
    Column("articles_known", Integer, nullable=False),
    Column("problem", Text),
    Column("page_problems", JSON, nullable=False),
    Index("ix_visits_source", "source_id", "ended_at"),
)

digests = Table(
    "digests",
    metadata,
    _id(),
    Column("week", String(8), nullable=False, unique=True),
    Column("built_at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("document", JSON, nullable=False),  # the contract's JSON of the digest, as it was built
    Column("rendered", JSON, nullable=False),  # language -> subject, preheader, html, text: every mail says the same
)

deliveries = Table(
    "deliveries",
    metadata,
    _id(),
    _refers("digest_id", "digests.id"),
    Column("recipient", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("handed_over_at", Instant),  # set just before the mail's text goes out: from here on it may have arrived
    Column("message_id", Text, nullable=False),
    Column("problem", Text),
    UniqueConstraint("digest_id", "recipient"),
    Index("ix_deliveries_state", "state", "next_try_at"),
)
