"""People's corrections of statements."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "labels",
        sa.Column("id", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("via", sa.Text(), nullable=True),
        sa.Column("found_speaker", sa.Text(), nullable=False),
        sa.Column("found_org", sa.Text(), nullable=True),
        sa.Column("found_stance", sa.Text(), nullable=False),
        sa.Column("found_confidence", sa.Float(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=True),
        sa.Column("speaker", sa.Text(), nullable=True),
        sa.Column("org", sa.Text(), nullable=True),
        sa.Column("dismissed", sa.Boolean(), nullable=False),
        sa.Column("actor_id", _ID, nullable=False),
        sa.Column("attribution", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_labels_article_id_articles"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["actors.id"], name=op.f("fk_labels_actor_id_actors"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.create_index("ix_labels_article", ["article_id"], unique=False)

    # Made anew on SQLite, where only a new table can number its rows so that no number comes again.
    with op.batch_alter_table("statements", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.add_column(sa.Column("label_id", _ID, nullable=True))
        batch_op.add_column(sa.Column("found", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("dismissed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_statements_label_id_labels"), "labels", ["label_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index("ix_statements_label", ["label_id"], unique=False)
        batch_op.create_index(
            "ix_statements_dismissed",
            ["revision_id"],
            unique=False,
            sqlite_where=sa.text("dismissed = 1"),
            postgresql_where=sa.text("dismissed"),
        )


def downgrade() -> None:
    op.execute("DELETE FROM statements WHERE found IS NULL AND label_id IS NOT NULL")
    with op.batch_alter_table("statements", schema=None) as batch_op:
        batch_op.drop_index("ix_statements_dismissed")
        batch_op.drop_index("ix_statements_label")
        batch_op.drop_constraint("fk_statements_label_id_labels", type_="foreignkey")
        batch_op.drop_column("dismissed")
        batch_op.drop_column("found")
        batch_op.drop_column("label_id")

    with op.batch_alter_table("labels", schema=None) as batch_op:
        batch_op.drop_index("ix_labels_article")

    op.drop_table("labels")
