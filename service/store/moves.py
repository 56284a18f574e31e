"""Links that did move, as checks stored it: what is known of how a site changed its addresses."""

from collections.abc import Sequence

from sqlalchemy import select

from service.store.database import Database
from service.store.tables import LINK, OBSERVATION
from workers.model import Outcome
from workers.repair.moves import MOST_READ, Move


class StoreMoves:
    """Implements `workers.moved.KnownMoves` on the database."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def moves_of(self, host: str) -> Sequence[Move]:
        """Return addresses of a host and where each was moved to for good, the latest seen first."""
        query = (
            select(LINK.c.original, OBSERVATION.c.final_url)
            .join(OBSERVATION, OBSERVATION.c.link_id == LINK.c.id)
            .where(LINK.c.host == host, OBSERVATION.c.outcome == Outcome.MOVED)
            .where(OBSERVATION.c.final_url.is_not(None))
            .order_by(OBSERVATION.c.id.desc())
            .limit(MOST_READ)
        )
        async with self._db.read() as connection:
            return [(row.original, row.final_url) for row in await connection.execute(query)]
