"""Let an index give captures in their whole order, also before the database has looked at the table.

The indexes without the id stay for one release, for processes of the earlier one that still run. What
reading local captures showed stands under a key of its own from here on, apart from captures of archives.
"""

import hashlib
from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from service.columns import AnyText
from workers.url import lookup_key

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = ("capture", "memento")
COLUMNS = ("key_hash", "memento_datetime", "id")
ROWS = 500
MEMENTO = sa.table(
    "memento",
    sa.column("id", sa.BigInteger()),
    sa.column("archive", sa.String()),
    sa.column("original", AnyText()),
    sa.column("key_hash", sa.String()),
)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _key_locals(key_of: Callable[[str], str]) -> None:
    """Give the judgements of local captures the key that `key_of` makes of an address, page by page."""
    connection, last = op.get_bind(), 0
    change = sa.update(MEMENTO).where(MEMENTO.c.id == sa.bindparam("of")).values(key_hash=sa.bindparam("to"))
    rows = sa.select(MEMENTO.c.id, MEMENTO.c.original).where(MEMENTO.c.archive == "local")
    while page := connection.execute(
        rows.where(MEMENTO.c.id > last).order_by(MEMENTO.c.id).limit(ROWS)
    ).all():
        connection.execute(change, [{"of": row.id, "to": _hash(key_of(row.original))} for row in page])
        last = page[-1].id


def upgrade() -> None:
    _key_locals(lambda original: f"local\0{lookup_key(original)}")
    for table in TABLES:
        op.create_index(f"ix_{table}_key_hash_memento_datetime_id", table, [*COLUMNS])


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_key_hash_memento_datetime_id", table)
    _key_locals(lookup_key)
