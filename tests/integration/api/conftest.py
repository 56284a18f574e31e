"""The real application on a real SQLite file, served on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from service.app import make_app
from service.settings import Settings
from service.store.database import Database, open_database
from tests.integration.api.served import RecordedJobs, create_schema

SMALL_ARTICLE_BYTES = 200_000


@dataclass
class Service:
    """A running service and the seams around it."""

    client: TestClient
    database: Database
    jobs: RecordedJobs

    async def submit(self, text: str, *, media_type: str = "text/markdown", source: str = "a.md") -> int:
        """Submit one article and return its id."""
        response = await self.client.post(
            "/v1/articles",
            params={"source": source},
            data=text.encode(),
            headers={"Content-Type": media_type},
        )
        assert response.status == 202, await response.text()
        return (await response.json())["id"]


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Give an empty database with the schema of this release."""
    async with open_database(f"sqlite:///{tmp_path / 'records.sqlite'}") as opened:
        await create_schema(opened)
        yield opened


@pytest.fixture
async def service(database: Database, tmp_path: Path) -> AsyncIterator[Service]:
    """Serve the application until the test ends."""
    jobs = RecordedJobs()
    settings = Settings(home=tmp_path, max_article_bytes=SMALL_ARTICLE_BYTES)
    app = make_app(settings, database=database, jobs=jobs)
    async with TestClient(TestServer(app)) as client:
        yield Service(client=client, database=database, jobs=jobs)


async def problem_of(response: ClientResponse) -> dict[str, object]:
    """Return the problem an answer tells of, its shape checked."""
    assert response.content_type == "application/problem+json", await response.text()
    problem = await response.json()
    assert problem["status"] == response.status
    assert problem["type"].startswith("urn:linkwright:problem:")
    assert problem["title"]
    assert problem["detail"]
    return problem
