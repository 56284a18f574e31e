"""Our TimeGate and TimeMap beside pywb's, over the same captures."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from service.app import make_app
from service.settings import Settings
from service.store.captures import StoreCaptureIndex
from service.store.database import open_database
from service.store.schema import migrate
from tests.integration.api.served import RecordedJobs
from tests.integration.archive.pages import exchange
from tests.integration.archive.pywb_peer import needs_peers, read, replaying
from workers.archive.link_format import Link, read_links, time_in
from workers.archive.local import open_local
from workers.archive.settings import ArchiveSettings
from workers.archive.timestamps import http_date

URL = "http://example.org/voyager?part=1&page=2"
DAYS_S = (0, 3 * 86_400, 3 * 86_400 + 1, 40 * 86_400)


@asynccontextmanager
async def ours(home: Path) -> AsyncIterator[str]:
    """Capture a page four times, serve the captures, and give the base address."""
    async with open_database(f"sqlite:///{home}/records.sqlite") as database:
        await migrate(database)
        index = StoreCaptureIndex(database)
        async with open_local(home / "captures", index, settings=ArchiveSettings()) as local:
            for number, after_s in enumerate(DAYS_S):
                text = f"<title>Voyager</title><p>Version {number} of a page.".encode()
                await local.capture([exchange(URL, text, after_s=after_s)])
        app = make_app(Settings(home=home), database=database, jobs=RecordedJobs())
        async with TestClient(TestServer(app)) as client:
            yield str(client.make_url("/")).rstrip("/")


def mementos(text: str, base: str) -> list[Link]:
    return [link for link in read_links(text, base=base) if link.is_memento]


@needs_peers
async def test_timemap_and_timegate_say_what_pywb_says(tmp_path: Path) -> None:
    (tmp_path / "pywb").mkdir()
    async with ours(tmp_path) as here:
        files = sorted((tmp_path / "captures").glob("*.warc.gz"))
        async with replaying(tmp_path / "pywb", files) as there:
            _, headers, body = await read(f"{here}/timemap/link/{URL}")
            assert headers["content-type"].startswith("application/link-format")
            own = mementos(body.decode(), here)
            _, _, body = await read(f"{there}/timemap/link/{URL}")
            theirs = mementos(body.decode(), there)
            assert [link.at for link in own] == [link.at for link in theirs]
            assert len(own) == 4
            assert [time_in(link.url) for link in own] == [time_in(link.url) for link in theirs]
            first = own[0].at
            assert first is not None
            for after in (
                -timedelta(days=9000),
                timedelta(0),
                timedelta(days=1),
                timedelta(days=2),
                timedelta(days=3),
                timedelta(days=20),
                timedelta(days=39),
                timedelta(days=9000),
            ):
                asked = {"Accept-Datetime": http_date(first + after)}
                status, headers, _ = await read(f"{here}/timegate/{URL}", **asked)
                assert (status, headers["vary"]) == (302, "accept-datetime")
                status, peer, _ = await read(f"{there}/{URL}", **asked)
                assert status in {302, 307}
                assert time_in(headers["location"]) == time_in(peer["location"]), after
            kinds = [
                {rel for link in read_links(told, base=here) for rel in link.rel}
                for told in (headers["link"], peer["link"])
            ]
            assert {"original", "timemap", "memento"} <= kinds[0]
            assert kinds[0] >= kinds[1] - {"timegate"}


@needs_peers
async def test_a_memento_is_the_page_that_pywb_replays(tmp_path: Path) -> None:
    (tmp_path / "pywb").mkdir()
    async with ours(tmp_path) as here:
        files = sorted((tmp_path / "captures").glob("*.warc.gz"))
        async with replaying(tmp_path / "pywb", files) as there:
            _, _, body = await read(f"{here}/timemap/link/{URL}")
            for link in mementos(body.decode(), here):
                status, headers, text = await read(link.url)
                stamp = link.url.removeprefix(f"{here}/memento/")[:14]
                peer_status, peer, peer_text = await read(f"{there}/{stamp}id_/{URL}")
                assert (status, peer_status) == (200, 200)
                assert text == peer_text
                assert headers["memento-datetime"] == peer["memento-datetime"]
                assert datetime.strptime(stamp, "%Y%m%d%H%M%S").replace(tzinfo=UTC) == link.at
