"""The tables, as the newest migration leaves them.

A change here needs a revision under ``migrations/versions`` (a test compares the two). Lists and small
records are JSON; what the other columns take is in ``columns``. Every index names the question it is for.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    false,
    text,
)

from pipeline.store.columns import Instant, Key, Words

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

metadata = MetaData(naming_convention=NAMING)


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
    Column("name", Words, nullable=False, unique=True),
    Column("url", Words, nullable=False),
    Column("health", String(16), nullable=False),
    Column("failures", Float, nullable=False),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("last_visit_at", Instant),
    Column("last_success_at", Instant),
    Column("next_due_at", Instant),
    Column("problem", Words),
    Column("followed", Boolean, nullable=False),  # in the config now; one that left keeps its articles
)

pages_waiting = Table(
    "pages_waiting",
    metadata,
    _id(),
    _refers("source_id", "sources.id"),
    Column("key", Key, nullable=False, unique=True),
    Column("url", Words, nullable=False),
    Column("hints", JSON, nullable=False),
    Column("found_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("given_up", Boolean, nullable=False),
    Column("problem", Words),
    Index("ix_pages_waiting_next", "source_id", "given_up", "id"),  # the next to fetch, first found first
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
    Column("key", Key, nullable=False, unique=True),
    Column("url", Words, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("published_at", Instant),
    Column("counts_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    _refers("story_id", "stories.id", optional=True),
    Index("ix_articles_counts", "counts_at", "published_at"),  # a week's articles, and how many bear no date
    Index("ix_articles_seen", "seen_at", "counts_at"),  # those that came late
    Index("ix_articles_source", "source_id", "seen_at"),  # a source's articles, and its recent ones
    Index("ix_articles_newest", "source_id", "published_at"),  # a source's newest
    Index("ix_articles_revised", "id", sqlite_where=text("revision > 1"), postgresql_where=text("revision > 1")),
)

revisions = Table(
    "revisions",
    metadata,
    _id(),
    _refers("article_id", "articles.id"),
    Column("number", Integer, nullable=False),
    Column("title", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("author", Words),
    Column("language", Words, nullable=False),
    Column("fetched_at", Instant, nullable=False),
    Column("html", LargeBinary),
    Column("unread", Boolean, nullable=False),  # the newest of its article, and without a reading
    UniqueConstraint("article_id", "number"),
    Index("ix_revisions_unread", "id", sqlite_where=text("unread = 1"), postgresql_where=text("unread")),
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
    Column("engine", Words, nullable=False),  # the engine's version and the debate's fingerprint
    Column("stance", Words, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("read_at", Instant, nullable=False),
)

actors = Table(
    "actors",
    metadata,
    _id(),
    Column("name", Words, nullable=False),
    Column("org", Words),
    Column("unsettled", Boolean, nullable=False),  # something was said since name and org were counted
    Index("ix_actors_name", "name", postgresql_using="hash"),  # a hash takes names of any length
    Index("ix_actors_unsettled", "id", sqlite_where=text("unsettled = 1"), postgresql_where=text("unsettled")),
)

names = Table(
    "names",
    metadata,
    _id(),
    Column("key", Key, nullable=False),
    Column("told", Words),  # the config's name for it
    Column("org", Words),  # the config's organisation for it
    Column("last", Key),  # the key of its last part, where it has more
    Column("actor_id", _Id, ForeignKey("actors.id")),  # null: nobody of that name has spoken
    UniqueConstraint("key", name="uq_actors_key"),  # made when each name was an actor
    Index("ix_names_actor", "actor_id"),
    Index("ix_names_last", "last"),
)

aliases = Table(
    "aliases",
    metadata,
    _id(),
    _refers("article_id", "articles.id"),
    _refers("chinese_id", "names.id"),
    _refers("latin_id", "names.id"),
    Column("kind", String(16), nullable=False),
    Column("times", Integer, nullable=False),  # how often the article says so
    Index("ix_aliases_article", "article_id"),
    Index("ix_aliases_chinese", "chinese_id"),
    Index("ix_aliases_latin", "latin_id"),
)

labels = Table(
    "labels",
    metadata,
    _id(),
    _refers("article_id", "articles.id"),
    Column("revision", Integer, nullable=False),  # the number of the text that the offsets are of
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Words, nullable=False),
    Column("context", Words, nullable=False),
    Column("via", Words),
    Column("found_speaker", Words, nullable=False),  # found_*: what stood there before any correction
    Column("found_org", Words),
    Column("found_stance", Words, nullable=False),
    Column("found_confidence", Float, nullable=False),
    Column("stance", Words),  # null: as found; so are the two below
    Column("speaker", Words),
    Column("org", Words),
    Column("dismissed", Boolean, nullable=False),  # no statement at all
    _refers("name_id", "names.id"),  # whose statement it is, as corrected
    Column("attribution", String(16), nullable=False),  # the same
    Column("made_by", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("note", Words),
    Column("undone_at", Instant),
    Column("apart_id", _Id, ForeignKey("names.id")),  # the name that the speaker's is not one with
    Index("ix_labels_article", "article_id"),
    Index("ix_labels_name", "name_id"),
    Index(
        "ix_labels_apart",
        "apart_id",
        sqlite_where=text("apart_id IS NOT NULL"),
        postgresql_where=text("apart_id IS NOT NULL"),
    ),
)

statements = Table(
    "statements",
    metadata,
    _id(),
    _refers("revision_id", "revisions.id"),
    _refers("name_id", "names.id"),
    Column("speaker", Words, nullable=False),
    Column("org", Words),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("quote", Words, nullable=False),
    Column("context", Words, nullable=False),
    Column("attribution", String(16), nullable=False),
    Column("stance", Words, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("because", JSON, nullable=False),
    Column("via", Words),
    _refers("label_id", "labels.id", optional=True),  # the correction that this row shows
    Column("found", JSON(none_as_null=True)),  # where there is one: the engine's statements in whose place it stands
    Column("dismissed", Boolean, nullable=False, server_default=false()),  # corrected away: no reader sees it
    Index("ix_statements_revision", "revision_id"),
    Index("ix_statements_name", "name_id"),
    Index("ix_statements_label", "label_id"),
    Index(
        "ix_statements_dismissed",
        "revision_id",
        sqlite_where=text("dismissed = 1"),
        postgresql_where=text("dismissed"),
    ),
    sqlite_autoincrement=True,  # a number that was told to a person never comes to mean another statement
)

referee_answers = Table(
    "referee_answers",
    metadata,
    Column("key", String(64), primary_key=True),  # SHA-256 of the whole request: other words ask anew
    Column("model", Words, nullable=False),
    Column("stance", Words, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("evidence", Words, nullable=False),  # as the model gave it, unchecked
    Column("answered_at", Instant, nullable=False),
)

referee_months = Table(
    "referee_months",
    metadata,
    Column("month", String(7), primary_key=True),  # "2026-11", in the debate's zone
    Column("requests", Integer, nullable=False),  # counted before each is sent
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
    Column("problem", Words),
    Column("page_problems", JSON, nullable=False),
    Index("ix_visits_run", "run_id"),
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
    Column("recipient", Words, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Instant),
    Column("changed_at", Instant, nullable=False),
    Column("handed_over_at", Instant),  # set just before the mail's text goes out: from here on it may have arrived
    Column("message_id", Words, nullable=False),
    Column("problem", Words),
    UniqueConstraint("digest_id", "recipient"),
    Index("ix_deliveries_state", "state", "next_try_at"),
)
