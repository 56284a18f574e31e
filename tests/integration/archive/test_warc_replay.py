"""What we write is read by others: `warcio check` finds nothing wrong and pywb replays it."""

import gzip
from pathlib import Path

from tests.integration.archive.pages import PAGE, exchange
from tests.integration.archive.pywb_peer import assert_passes_warcio_check, needs_peers, read, replaying
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.local import open_local
from workers.archive.settings import ArchiveSettings

HTML = ("Content-Type", "text/html; charset=utf-8")


@needs_peers
async def test_pywb_replays_every_kind_of_capture(tmp_path: Path) -> None:
    home = tmp_path / "warc"
    async with open_local(home, MemoryCaptureIndex(), settings=ArchiveSettings()) as local:
        await local.capture([exchange()])
        await local.capture([exchange(after_s=60)])
        await local.capture([exchange("http://mirror.example/copy", after_s=120)])
        moved = (("Location", "http://example.org/voyager"), HTML)
        await local.capture(
            [
                exchange(
                    "http://example.org/old", b"", status="301 Moved Permanently", headers=moved, after_s=180
                )
            ]
        )
        packed = (HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))
        await local.capture(
            [
                exchange(
                    "http://example.org/gz", gzip.compress(PAGE), headers=packed, length=False, after_s=240
                )
            ]
        )
        await local.capture([exchange("http://example.org/empty", b"", after_s=300)])
        await local.capture(
            [exchange("http://example.org/cut", b"<p>half a", truncated="time", after_s=360)],
        )
        await local.capture(
            [exchange("http://xn--bcher-kva.example/a%20b?q=1&r=%C3%A4", b"idn", after_s=420)]
        )
    files = sorted(home.glob("*.warc.gz"))
    await assert_passes_warcio_check(files)
    (tmp_path / "pywb").mkdir()
    async with replaying(tmp_path / "pywb", files) as base:
        for stamp, url in (
            ("20261123100000", "http://example.org/voyager"),
            ("20261123100100", "http://example.org/voyager"),
            ("20261123100200", "http://mirror.example/copy"),
            ("20261123100400", "http://example.org/gz"),
        ):
            status, headers, body = await read(f"{base}/{stamp}id_/{url}")
            assert (status, body) == (200, PAGE), url
            assert headers["memento-datetime"].startswith("Mon, 23 Nov 2026 10:0")
        status, headers, _ = await read(f"{base}/20261123100300id_/http://example.org/old")
        assert status == 301
        assert headers["location"] == "http://example.org/voyager"
        status, _, body = await read(f"{base}/20261123100500id_/http://example.org/empty")
        assert (status, body) == (200, b"")
        status, _, body = await read(f"{base}/20261123100600id_/http://example.org/cut")
        assert (status, body) == (200, b"<p>half a")
        url = "http://xn--bcher-kva.example/a%20b?q=1&r=%C3%A4"
        assert (await read(f"{base}/20261123100700id_/{url}"))[2] == b"idn"
        status, _, timemap = await read(f"{base}/timemap/link/http://example.org/voyager")
        assert status == 200
        assert timemap.count(b'rel="memento"') == 2
