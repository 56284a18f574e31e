"""Links answered 403: tried with their repairs where damage can be seen, never on a refusal alone."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page

HOST = "news.example"
RIGHT = f"http://{HOST}/2024/10/22/envoys-return-amid-storm.html"
PROSE = "<p>" + "Engineers replace the old piles of the pier before winter. " * 12
ARTICLE = Page(f"<title>Envoys return amid storm</title><h1>Envoys return amid storm</h1>{PROSE}".encode())
DESK = Page(f"<title>Storm desk</title><h1>Storm desk</h1>{PROSE}".encode())
REFUSED = Page(b"<title>Access denied</title>", status=403)
GONE = Page(b"<title>404 Not found</title>", status=404)


@pytest.fixture
async def web() -> AsyncIterator[LoopbackWeb]:
    async with LoopbackWeb() as served:
        yield served


async def check(folder: Path, written: str, web: LoopbackWeb) -> Any:
    path = folder / "article.html"
    path.write_text(f'<p>See <a href="{written}">the report</a>.', encoding="utf-8")
    _, out, err = await linkwright(
        "check", str(path), "--format", "json", "--gap", "0", "--retries", "0", "--no-recover",
        "--no-archive",
        "--resolve", f"{HOST}:80:127.0.0.1:{web.port}", "--resolve", f"{HOST}:443:127.0.0.1:1",
    )  # fmt: skip
    assert err == ""
    (citation,) = json.loads(out)["articles"][0]["citations"]
    return citation


@pytest.mark.parametrize("tail", ["%20", "%22", "%E2%80%9D"])
async def test_a_page_at_the_repaired_address_is_taken_where_the_written_one_is_refused(
    tail: str, tmp_path: Path, web: LoopbackWeb
) -> None:
    web.default = REFUSED
    web.page("/2024/10/22/envoys-return-amid-storm.html", ARTICLE)
    citation = await check(tmp_path, RIGHT + tail, web)
    assert (citation["original"], citation["outcome"]) == (RIGHT, "ok")


async def test_a_host_that_refuses_everything_leaves_the_link_blocked_and_unchanged(
    tmp_path: Path, web: LoopbackWeb
) -> None:
    web.default = REFUSED
    citation = await check(tmp_path, f"{RIGHT}%20", web)
    assert (citation["original"], citation["outcome"]) == (f"{RIGHT}%20", "blocked")
    assert citation["repair"]["best"]["url"] == RIGHT


async def test_a_host_that_says_404_of_what_it_lacks_keeps_its_refused_link(
    tmp_path: Path, web: LoopbackWeb
) -> None:
    web.default = GONE
    web.page("/2024/10/22/envoys-return-amid-storm.html%20", REFUSED)
    web.page("/2024/10/22/envoys-return-amid-storm.html", DESK)
    citation = await check(tmp_path, f"{RIGHT}%20", web)
    assert (citation["original"], citation["outcome"]) == (f"{RIGHT}%20", "blocked")


async def test_a_refused_link_without_damage_is_asked_for_once(tmp_path: Path, web: LoopbackWeb) -> None:
    web.default = REFUSED
    citation = await check(tmp_path, RIGHT, web)
    assert (citation["original"], citation["outcome"], citation["repair"]) == (RIGHT, "blocked", None)
    assert web.paths() == ["/2024/10/22/envoys-return-amid-storm.html"]
