"""An actor has one row, and names that lead to it; what articles say of names.

What were actors, one a key, become names. The table is renamed, not copied, so that this takes moments and nothing that
refers to it has to be made anew.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _id_type() -> str:
    return "INTEGER" if op.get_context().dialect.name == "sqlite" else "BIGINT"


def _rename_constraints(renames: dict[str, tuple[str, str]]) -> None:
    """Give constraints the names that they would have been made with, where a database lets them be renamed."""
    if op.get_context().dialect.name == "postgresql":
        for before, (table, after) in renames.items():
            op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {before} TO {after}")


def upgrade() -> None:
    op.drop_index("ix_actors_name", table_name="actors")
    op.rename_table("actors", "names")
    _rename_constraints({"pk_actors": ("names", "pk_names")})
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER SEQUENCE actors_id_seq RENAME TO names_id_seq")
    op.create_table(
        "actors",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("org", sa.Text(), nullable=True),
        sa.Column("unsettled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actors")),
    )
    op.execute("INSERT INTO actors (id, name, org, unsettled) SELECT id, name, org, true FROM names")
    if op.get_context().dialect.name == "postgresql":
        op.execute("SELECT setval('actors_id_seq', coalesce((SELECT max(id) FROM actors), 0) + 1, false)")
    op.create_index("ix_actors_name", "actors", ["name"], unique=False, postgresql_using="hash")
    op.create_index(
        "ix_actors_unsettled",
        "actors",
        ["id"],
        unique=False,
        sqlite_where=sa.text("unsettled = 1"),
        postgresql_where=sa.text("unsettled"),
    )

    op.add_column("names", sa.Column("told", sa.Text(), nullable=True))
    op.add_column("names", sa.Column("last", sa.Text(), nullable=True))
    op.execute(
        f"ALTER TABLE names ADD COLUMN actor_id {_id_type()} CONSTRAINT fk_names_actor_id_actors REFERENCES actors (id)"
    )
    op.execute("UPDATE names SET actor_id = id, org = NULL, told = CASE WHEN key LIKE 'outlet %' THEN name END")
    op.drop_column("names", "name")
    op.create_index("ix_names_actor", "names", ["actor_id"], unique=False)
    op.create_index("ix_names_last", "names", ["last"], unique=False)

    op.create_table(
        "aliases",
        sa.Column("id", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("chinese_id", _ID, nullable=False),
        sa.Column("latin_id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_aliases_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["chinese_id"], ["names.id"], name=op.f("fk_aliases_chinese_id_names"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["latin_id"], ["names.id"], name=op.f("fk_aliases_latin_id_names"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_aliases")),
    )
    op.create_index("ix_aliases_article", "aliases", ["article_id"], unique=False)
    op.create_index("ix_aliases_chinese", "aliases", ["chinese_id"], unique=False)
    op.create_index("ix_aliases_latin", "aliases", ["latin_id"], unique=False)

    op.drop_index("ix_statements_actor", table_name="statements")
    for table in ("statements", "labels"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN actor_id TO name_id")
    op.create_index("ix_statements_name", "statements", ["name_id"], unique=False)
    op.create_index("ix_labels_name", "labels", ["name_id"], unique=False)
    op.execute(
        f"ALTER TABLE labels ADD COLUMN apart_id {_id_type()} CONSTRAINT fk_labels_apart_id_names REFERENCES names (id)"
    )
    op.create_index(
        "ix_labels_apart",
        "labels",
        ["apart_id"],
        unique=False,
        sqlite_where=sa.text("apart_id IS NOT NULL"),
        postgresql_where=sa.text("apart_id IS NOT NULL"),
    )
    _rename_constraints(
        {
            "fk_statements_actor_id_actors": ("statements", "fk_statements_name_id_names"),
            "fk_labels_actor_id_actors": ("labels", "fk_labels_name_id_names"),
        }
    )
    _rename_in_found("actor_id", "name_id")


def downgrade() -> None:
    _rename_in_found("name_id", "actor_id")
    _rename_constraints(
        {
            "fk_statements_name_id_names": ("statements", "fk_statements_actor_id_actors"),
            "fk_labels_name_id_names": ("labels", "fk_labels_actor_id_actors"),
        }
    )
    op.drop_index("ix_labels_apart", table_name="labels")
    op.drop_column("labels", "apart_id")
    op.drop_index("ix_labels_name", table_name="labels")
    op.drop_index("ix_statements_name", table_name="statements")
    for table in ("statements", "labels"):
        op.execute(f"ALTER TABLE {table} RENAME COLUMN name_id TO actor_id")
    op.create_index("ix_statements_actor", "statements", ["actor_id"], unique=False)
    op.drop_table("aliases")

    op.add_column("names", sa.Column("name", sa.Text(), nullable=False, server_default=""))
    op.execute(
        "UPDATE names SET name = coalesce(told, (SELECT actors.name FROM actors WHERE actors.id = names.actor_id), key),"
        " org = (SELECT actors.org FROM actors WHERE actors.id = names.actor_id)"
    )
    op.drop_index("ix_names_last", table_name="names")
    op.drop_index("ix_names_actor", table_name="names")
    for column in ("actor_id", "last", "told"):
        op.drop_column("names", column)
    op.drop_index("ix_actors_unsettled", table_name="actors")
    op.drop_index("ix_actors_name", table_name="actors")
    op.drop_table("actors")
    op.rename_table("names", "actors")
    _rename_constraints({"pk_names": ("actors", "pk_actors")})
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER SEQUENCE names_id_seq RENAME TO actors_id_seq")
        op.execute("ALTER TABLE actors ALTER COLUMN name DROP DEFAULT")
    op.create_index("ix_actors_name", "actors", ["name"], unique=False, postgresql_using="hash")


def _rename_in_found(before: str, after: str) -> None:
    """Rename a key in what the engine found, which corrected statements keep as JSON."""
    statements = sa.table("statements", sa.column("id", _ID), sa.column("found", sa.JSON()))
    connection = op.get_bind()
    rows = connection.execute(sa.select(statements).where(statements.c.found.is_not(None))).all()
    for row in rows:
        found = [{after if key == before else key: value for key, value in one.items()} for one in row.found or ()]
        connection.execute(sa.update(statements).where(statements.c.id == row.id).values(found=found))
