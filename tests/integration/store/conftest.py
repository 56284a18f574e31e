"""Fresh databases of both kinds for the store's tests."""

from collections.abc import AsyncIterator

import pytest

from service.store.database import Database, open_database
from tests.postgres import (  # noqa: F401 - fixtures
    database_url,
    postgres,
    postgres_url,
    sqlite_template,
    sqlite_url,
)


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:  # noqa: F811 - a fixture
    """An open, empty database of the current schema."""
    async with open_database(database_url) as database:
        yield database
