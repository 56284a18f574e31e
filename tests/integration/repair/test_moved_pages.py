"""Dead links come with the live addresses that their pieces stand at now, each looked at before."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page, redirect

HOST = "news.example"
SITE = f"http://{HOST}"
DEAD = f"{SITE}/2019/03/pier-closed-for-repairs-123456.html"
NEW = f"{SITE}/archive/pier-closed-for-repairs"
PROSE = "<p>" + "Engineers replace the old piles of the pier before winter comes to town. " * 12
OTHER = "<p>" + "Members of the council vote on the budget for schools and libraries. " * 12
MISSING = Page(b"<title>Page not found</title><h1>Page not found</h1>")
NAMES = ("ferry-strike-ends-early", "harbour-fire-put-out", "winter-budget-passed")


@pytest.fixture
async def web() -> AsyncIterator[LoopbackWeb]:
    async with LoopbackWeb() as served:
        yield served


@pytest.fixture
async def archive() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as served:
        yield served


def article(title: str, text: str = PROSE, canonical: str = "") -> bytes:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"<title>{title}</title>{link}<h1>{title}</h1>{text}".encode()


async def check(folder: Path, web: LoopbackWeb, archive: ArchiveStandIn | None, *urls: str) -> Any:
    """Return the reports of links by their written address, and the text report."""
    path = folder / "article.md"
    path.write_text("".join(f"[told]({url})\n\n" for url in urls), encoding="utf-8")
    flags = (
        "check", str(path), "--gap", "0", "--retries", "0", "--no-recover",
        "--resolve", f"{HOST}:80:127.0.0.1:{web.port}", "--resolve", f"{HOST}:443:127.0.0.1:1",
        *(() if archive else ("--no-archive",)),
    )  # fmt: skip
    environment = {
        "LINKWRIGHT_WAYBACK_URL": archive.base if archive else "",
        "LINKWRIGHT_WAYBACK_PER_MINUTE": "0",
        "LINKWRIGHT_ARCHIVE_TIMEOUT_S": "5",
    }
    _, out, err = await linkwright(*flags, "--format", "json", **environment)
    assert err == ""
    return {link["written"]: link for link in json.loads(out)["links"]}, flags, environment


def show(web: LoopbackWeb, url: str, page: Page) -> None:
    web.page(url.removeprefix(SITE), page)


async def test_an_archived_redirect_is_followed_and_its_live_page_compared(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(DEAD, "20190305000000", body=article("Pier closed for repairs"))
    archive.add(DEAD, "20210305000000", status=301, redirect_to=NEW)
    archive.add(NEW, "20210305000000", body=article("Pier closed for repairs"))
    show(web, NEW, Page(article("Pier closed for repairs")))
    links, flags, environment = await check(tmp_path, web, archive, DEAD)
    (alias,) = links[DEAD]["aliases"]
    assert (links[DEAD]["outcome"], links[DEAD]["original"]) == ("gone", DEAD)
    assert (alias["url"], alias["rule"], alias["score"]) == (NEW, "archived_redirect", 0.97)
    assert alias["evidence"] == [
        "wayback captured a redirect there on 2021-03-05",
        "its text is 100% that of the last good capture",
    ]
    _, text, _ = await linkwright(*flags, **environment)
    assert f"now at: {NEW}" in text


async def test_the_canonical_address_of_the_last_good_capture_is_tried(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(DEAD, "20190305000000", body=article("Pier closed for repairs", canonical=NEW))
    show(web, NEW, Page(article("Pier closed for repairs", OTHER)))
    links, *_ = await check(tmp_path, web, archive, DEAD)
    (alias,) = links[DEAD]["aliases"]
    assert (alias["url"], alias["rule"], alias["score"]) == (NEW, "canonical_of_capture", 0.85)


async def test_an_archived_address_with_the_same_id_is_tried(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    other = f"{SITE}/stories/123456/pier-closed-for-repairs"
    archive.add(other, "20230305000000", body=article("Pier closed for repairs"))
    archive.add(f"{SITE}/stories/1234567/another", "20230305000000")
    show(web, other, Page(article("Pier closed for repairs")))
    links, *_ = await check(tmp_path, web, archive, DEAD)
    assert [(each["url"], each["rule"]) for each in links[DEAD]["aliases"]] == [(other, "same_id")]
    assert f"{SITE}/stories/1234567/another".removeprefix(SITE) not in web.paths()


async def test_three_links_that_moved_alike_tell_where_a_dead_one_went(
    tmp_path: Path, web: LoopbackWeb
) -> None:
    old = [f"{SITE}/2019/03/{name}.html" for name in NAMES]
    dead = f"{SITE}/2018/11/pier-closed-for-repairs.html"
    for name, url in zip(NAMES, old, strict=True):
        show(web, url, redirect(f"/archive/{name}", 301))
        show(web, f"{SITE}/archive/{name}", Page(article(name.replace("-", " "))))
    show(web, NEW, Page(article("Pier closed for repairs")))
    links, *_ = await check(tmp_path, web, None, dead, *old)
    (alias,) = links[dead]["aliases"]
    assert (alias["url"], alias["rule"]) == (NEW, "path_change")
    assert alias["evidence"] == [
        "3 other links of the site moved alike",
        "its title carries the words of the address",
    ]
    assert [links[url]["outcome"] for url in old] == ["moved"] * 3
    assert [links[url]["aliases"] for url in old] == [[]] * 3


async def test_two_links_that_moved_are_not_enough(tmp_path: Path, web: LoopbackWeb) -> None:
    old = [f"{SITE}/2019/03/{name}.html" for name in NAMES[:2]]
    others = [f"{SITE}/live/{name}" for name in NAMES]
    dead = f"{SITE}/2018/11/pier-closed-for-repairs.html"
    for url in old:
        name = url.rpartition("/")[2].removesuffix(".html")
        show(web, url, redirect(f"/archive/{name}", 301))
        show(web, f"{SITE}/archive/{name}", Page(article(name.replace("-", " "))))
    for url in others:
        show(web, url, Page(article(url.rpartition("/")[2].replace("-", " "))))
    show(web, NEW, Page(article("Pier closed for repairs")))
    links, *_ = await check(tmp_path, web, None, dead, *old, *others)
    assert (len(links), links[dead]["aliases"]) == (6, [])
    assert NEW.removeprefix(SITE) not in web.paths()


async def test_an_address_that_shows_another_piece_is_not_offered(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.add(DEAD, "20190305000000", body=article("Pier closed for repairs", canonical=NEW))
    show(web, NEW, Page(article("Council votes on budget", OTHER)))
    links, *_ = await check(tmp_path, web, archive, DEAD)
    assert links[DEAD]["aliases"] == []


@pytest.mark.parametrize(
    "answer", [redirect("/", 302), Page(b"<title>Page not found</title><h1>Page not found</h1>")]
)
async def test_a_redirect_home_and_an_error_page_are_not_offered(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn, answer: Page
) -> None:
    archive.add(DEAD, "20190305000000", body=article("Pier closed for repairs", canonical=NEW))
    show(web, f"{SITE}/", Page(article("Pier closed for repairs")))
    show(web, NEW, answer)
    links, *_ = await check(tmp_path, web, archive, DEAD)
    assert links[DEAD]["aliases"] == []


async def test_an_archive_that_cannot_be_asked_stays_unknown(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    archive.fault("*", Fault.THROTTLED)
    links, *_ = await check(tmp_path, web, archive, DEAD)
    assert links[DEAD]["aliases"] == []
    assert [each["state"] for each in links[DEAD]["archives"]] == ["unknown"]


async def test_what_is_asked_for_one_dead_link_is_bounded(
    tmp_path: Path, web: LoopbackWeb, archive: ArchiveStandIn
) -> None:
    for number in range(40):
        archive.add(f"{SITE}/stories/123456/version-{number}", "20230305000000")
    await check(tmp_path, web, archive, DEAD)
    assert len(web.asked) <= 1 + 5 + 5
    assert len(archive.asked) <= 12
