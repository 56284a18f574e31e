"""An article's captures leave as a WACZ file and come in elsewhere, as a person does it."""

import json
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from service.app import make_app
from service.settings import Settings
from service.store.database import open_database
from tests.e2e.command import linkwright
from tests.integration.api.served import RecordedJobs
from tests.integration.archive.choice_pages import GOOD
from tests.loopback import LoopbackWeb, Page


def settings(home: Path) -> dict[str, str]:
    return {
        "LINKWRIGHT_HOME": str(home),
        "LINKWRIGHT_ALLOW_NETWORKS": "127.0.0.0/8",
        "LINKWRIGHT_ARCHIVES": "",
        "LINKWRIGHT_GAP_MS": "0",
        "LINKWRIGHT_RETRIES": "0",
    }


async def test_an_articles_captures_move_to_another_home(tmp_path: Path) -> None:
    here, there = settings(tmp_path / "here"), settings(tmp_path / "there")
    article, package = tmp_path / "a.md", tmp_path / "a.wacz"
    async with LoopbackWeb() as web:
        web.page("/story", Page(GOOD))
        web.page("/old", Page(status=301, headers=(("Location", "/story"),)))
        article.write_text(f"# A headline\n\n[old]({web.url('/old')})\n")
        status, _, err = await linkwright("check", "--record", str(article), **here)
        assert status == 0, err
        story, old = web.url("/story"), web.url("/old")
    status, out, err = await linkwright("wacz", "export", "1", "--output", str(package), **here)
    assert (status, err) == (0, "")
    assert out == f"{package}: 2 captures\n"
    for new in (2, 0):
        status, out, err = await linkwright("wacz", "import", str(package), **there)
        assert (status, out, err) == (0, f"{package}: {new} new captures\n", "")
    for url in (story, old):
        status, out, err = await linkwright("lookup", url, "--format", "json", **there)
        assert status == 0, err
        assert [m["status"] for m in json.loads(out)["mementos"]] == [200]


async def test_what_cannot_be_moved_is_said(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    (tmp_path / "a.md").write_text("no link here")
    status, _, err = await linkwright("wacz", "export", "7", **here)
    assert (status, err) == (2, "linkwright: there is no article 7\n")
    assert (await linkwright("check", "--record", str(tmp_path / "a.md"), **here))[0] == 0
    status, out, _ = await linkwright("wacz", "export", "1", **here)
    assert (status, out) == (1, "article 1 has no local captures\n")
    broken = tmp_path / "broken.wacz"
    broken.write_bytes(b"PK no")
    status, _, err = await linkwright("wacz", "import", str(broken), str(tmp_path / "none.wacz"), **here)
    assert status == 2
    assert "no readable WACZ file" in err
    assert "none.wacz: No such file or directory" in err


async def test_a_package_comes_over_http(tmp_path: Path) -> None:
    here = settings(tmp_path / "here")
    async with LoopbackWeb() as web:
        web.page("/story", Page(GOOD))
        (tmp_path / "a.md").write_text(f"[story]({web.url('/story')})")
        assert (await linkwright("check", "--record", str(tmp_path / "a.md"), **here))[0] == 0
    home = tmp_path / "here"
    async with open_database(f"sqlite:///{home}/records.sqlite") as database:
        app = make_app(Settings(home=home), database=database, jobs=RecordedJobs())
        async with TestClient(TestServer(app)) as client:
            response = await client.get("/v1/articles/1/wacz")
            assert (response.status, response.content_type) == (200, "application/wacz")
            (tmp_path / "got.wacz").write_bytes(await response.read())
            assert (await client.get("/v1/articles/2/wacz")).status == 404
    status, out, _ = await linkwright(
        "wacz", "import", str(tmp_path / "got.wacz"), **settings(tmp_path / "there")
    )
    assert (status, out) == (0, f"{tmp_path / 'got.wacz'}: 1 new captures\n")
