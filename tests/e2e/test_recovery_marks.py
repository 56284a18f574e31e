"""The marks of recovery by the command itself: half of the pages live, half only in an archive."""

import json
from pathlib import Path

import trustme

from tests.archive_stand_in import archive_stand_in
from tests.e2e.command import linkwright
from tests.loopback import LoopbackWeb, Page, authority_file
from tests.made_pages import PAGE_URL, STAMP, Made, Recipe, Rewriting, make
from tests.made_words import KNOWN

PAGES = 50
HOST = "news.example"
ELSEWHERE = ("wire", "ministry", "daily", "archive", "board", "social")


def own_address(seed: int) -> str:
    """Return the address of one made page."""
    return PAGE_URL.replace("a4711", f"a{4711 + seed}")


def shown(made: Made, seed: int) -> bytes:
    """Return a made page under its own address."""
    return made.page.replace(PAGE_URL, own_address(seed)).encode()


async def test_fifty_pages_give_their_targets_back_by_the_command(tmp_path: Path) -> None:
    authority = trustme.CA()
    made = {seed: make(seed, Recipe(tongues=KNOWN)) for seed in range(PAGES)}
    copies = tmp_path / "copies"
    copies.mkdir()
    async with LoopbackWeb(authority=authority, names=(HOST,)) as web, archive_stand_in() as archive:
        for seed, each in made.items():
            copy = each.copy.replace(PAGE_URL, own_address(seed))
            (copies / f"{seed:02}.md").write_text(copy, encoding="utf-8")
            # A live page is not rewritten; what an archive rewrote is found in the archive.
            if each.rewriting is Rewriting.NONE:
                web.page(own_address(seed).partition(HOST)[2], Page(body=shown(each, seed)))
            else:
                archive.add(own_address(seed), STAMP, body=shown(each, seed))
        away = [part for name in ELSEWHERE for part in ("--resolve", f"{name}.example:443:127.0.0.1:1")]
        _, out, err = await linkwright(
            "check", str(copies), "--format", "json", "--gap", "0", "--retries", "0", "--per-host", "16",
            *away, "--resolve", f"{HOST}:443:127.0.0.1:{web.port}",
            "--ca-bundle", authority_file(authority, tmp_path),
            LINKWRIGHT_WAYBACK_URL=archive.base, LINKWRIGHT_WAYBACK_PER_MINUTE="0",
        )  # fmt: skip
    articles = json.loads(out)["articles"]
    assert len(articles) == PAGES, err
    known = right = wrong = 0
    kinds = set()
    for each, article in zip(made.values(), articles, strict=True):
        found = [citation for citation in article["citations"] if citation["target"] == "#"]
        for truth, citation in zip(each.truth, found, strict=True):
            recovery = citation["recovery"]
            is_sure = recovery["decision"] == "auto"
            known += truth is not None
            right += is_sure and recovery["best"] == truth == citation["original"]
            wrong += is_sure and recovery["best"] != truth
            kinds.add(recovery["found_on"] and recovery["found_on"]["kind"])
    assert wrong == 0
    assert right / known >= 0.95
    assert {"live", "memento"} <= kinds
