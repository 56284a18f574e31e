"""Keep people's decisions one by one, and the charset that an article came with."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "citation_decision",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("citation_id", BIG_ID, nullable=False),
        sa.Column("choice", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["citation_id"], ["citation.id"], name=op.f("fk_citation_decision_citation_id_citation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation_decision")),
    )
    op.create_index("ix_citation_decision_citation_id_id", "citation_decision", ["citation_id", "id"])
    op.add_column("article", sa.Column("charset", sa.String(length=64), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("article") as article:
        article.drop_column("charset")
    op.drop_table("citation_decision")
