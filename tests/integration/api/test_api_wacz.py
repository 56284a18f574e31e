"""An article's captures over HTTP: bounded in number and size, and nothing is built for HEAD."""

import asyncio
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.api.package_room import PACKAGE_ROOM, PACKAGES, PackageRoom
from service.store.captures import StoreCaptureIndex
from tests.integration.api.conftest import Service, problem_of
from workers.archive.captures import LocalCapture
from workers.archive.wacz import WaczFacts
from workers.url import lookup_key

URL = "https://example.org/a"
BOUND_S = 60
WACZ = "/v1/articles/1/wacz"


def capture(*, length: int = 10) -> LocalCapture:
    """Return a listed capture whose file is not there."""
    return LocalCapture(
        record_id="<urn:uuid:1>",
        original=URL,
        key=lookup_key(URL),
        memento_datetime=datetime(2022, 1, 1, tzinfo=UTC),
        status=200,
        media_type="text/html",
        file="a.warc.gz",
        offset=0,
        length=length,
        payload_digest="sha1:A",
    )


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder that temporary files come into."""
    inside = tmp_path / "temporary"
    inside.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(inside))
    return inside


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def submit(service: Service, *, length: int = 10) -> None:
    await StoreCaptureIndex(service.database).add(capture(length=length))
    assert await service.submit(f"[a]({URL})") == 1


async def test_a_package_is_refused_while_as_many_as_allowed_are_under_way(service: Service):
    await submit(service)
    app = service.client.app
    assert app is not None
    slots = app[PACKAGE_ROOM].slots
    for _ in range(PACKAGES):
        slots.take()
    refused = await service.client.get(WACZ)
    assert (refused.status, refused.headers["Retry-After"]) == (503, "10")
    assert (await problem_of(refused))["detail"] == "4 packages are under way already; try again."
    slots.give_back()
    assert (await service.client.get(WACZ)).status == 200


async def test_a_head_request_builds_nothing(service: Service):
    await submit(service)
    app = service.client.app
    assert app is not None
    for _ in range(PACKAGES):
        app[PACKAGE_ROOM].slots.take()
    told = await service.client.head(WACZ)
    assert (told.status, told.content_type, told.content_length) == (200, "application/wacz", None)
    assert told.headers["Content-Disposition"] == 'attachment; filename="article-1.wacz"'


async def test_captures_too_large_for_an_answer_are_refused_with_the_way_to_have_them(service: Service):
    await submit(service, length=(1 << 30) + 1)
    refused = await service.client.get(WACZ)
    assert refused.status == 409
    assert (await problem_of(refused))["detail"] == (
        "The captures of article 1 have 1073741825 bytes, at most 1073741824 are sent; "
        "`linkwright wacz export 1` writes them."
    )


async def test_who_leaves_takes_no_folder_from_under_the_writing(tmp_path: Path, folder: Path):
    room = PackageRoom(packages=1)
    started, go_on = threading.Event(), threading.Event()
    found: list[bool] = []

    def slowly() -> Iterator[LocalCapture]:
        started.set()
        assert go_on.wait(BOUND_S)
        found.append(bool(list(folder.glob("*/a.wacz.part"))))
        yield capture()

    async def build() -> None:
        facts = WaczFacts(title="a", created=datetime(2022, 1, 1, tzinfo=UTC))
        async with room.package("a.wacz", slowly(), home=tmp_path, facts=facts):
            pytest.fail("nobody waits for it any more")

    building = asyncio.create_task(build())
    assert await asyncio.to_thread(started.wait, BOUND_S)
    building.cancel()
    with pytest.raises(asyncio.CancelledError):
        await building
    assert room.slots.free == 0
    go_on.set()
    await room.close()
    assert (found, names_in(folder), room.slots.free) == ([True], [], 1)


async def test_a_package_that_was_sent_is_removed(service: Service, folder: Path):
    await submit(service)
    app = service.client.app
    assert app is not None
    assert (await (await service.client.get(WACZ)).read())[:2] == b"PK"
    room = app[PACKAGE_ROOM]
    async with asyncio.timeout(BOUND_S):
        while room.slots.free < PACKAGES:  # noqa: ASYNC110 - removed after the answer
            await asyncio.sleep(0.01)
    assert not [name for name in names_in(folder) if name.startswith("linkwright-wacz-")]
