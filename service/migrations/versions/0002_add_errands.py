"""Add errands, public saves, chosen captures and measured drift."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _errand() -> None:
    op.create_table(
        "errand",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    op.create_index("ix_errand_state_id", "errand", ["state", "id"])
    op.create_index("ix_errand_url_hash_state", "errand", ["url_hash", "state"])


def _save() -> None:
    op.create_table(
        "save",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("saver", sa.String(length=64), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("job_id", sa.Text(), nullable=True),
        sa.Column("memento", sa.JSON(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_save")),
        sa.UniqueConstraint("saver", "key_hash", name=op.f("uq_save_saver_key_hash")),
    )


def _pick() -> None:
    op.create_table(
        "pick",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("original_hash", sa.String(length=64), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("near", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("quality", sa.String(length=32), nullable=False),
        sa.Column("memento", sa.JSON(), nullable=False),
        sa.Column("other", sa.JSON(), nullable=True),
        sa.Column("similarity", sa.Float(), nullable=True),
        sa.Column("picked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick")),
        sa.UniqueConstraint("original_hash", name=op.f("uq_pick_original_hash")),
    )
    op.create_index("ix_pick_picked_at", "pick", ["picked_at"])


def _drift() -> None:
    op.create_table(
        "drift",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("link_id", BIG_ID, nullable=False),
        sa.Column("audit_id", BIG_ID, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.String(length=32), nullable=False),
        sa.Column("similarity", sa.Float(), nullable=False),
        sa.Column("archive", sa.String(length=64), nullable=False),
        sa.Column("memento_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uri_m", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_drift_audit_id_audit")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_drift_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drift")),
        sa.UniqueConstraint("link_id", "audit_id", name=op.f("uq_drift_link_id_audit_id")),
    )
    op.create_index("ix_drift_link_id_id", "drift", ["link_id", "id"])


def upgrade() -> None:
    for lay in (_errand, _save, _pick, _drift):
        lay()


def downgrade() -> None:
    for table in ("drift", "pick", "save", "errand"):
        op.drop_table(table)
