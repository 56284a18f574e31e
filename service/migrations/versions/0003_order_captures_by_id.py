"""Let an index give captures in their whole order, also before the database has looked at the table.

Each new index holds all that the one it takes the place of held; no reader of it is left without. Local
captures stand in `capture` alone: their copies among those of archives go.
"""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("capture", "memento")
COLUMNS = ("key_hash", "memento_datetime")


def upgrade() -> None:
    op.execute("DELETE FROM memento WHERE archive = 'local'")
    for table in TABLES:
        op.create_index(f"ix_{table}_key_hash_memento_datetime_id", table, [*COLUMNS, "id"])
        op.drop_index(f"ix_{table}_key_hash_memento_datetime", table)


def downgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_key_hash_memento_datetime", table, [*COLUMNS])
        op.drop_index(f"ix_{table}_key_hash_memento_datetime_id", table)
