"""Fresh databases of both kinds for the store's tests."""

from collections.abc import AsyncIterator

import pytest

from service.store.database import Database, open_database


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open, empty database of the current schema."""
    async with open_database(database_url) as database:
        yield database
