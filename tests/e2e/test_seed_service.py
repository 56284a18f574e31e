"""The main job by the service: started as a person starts it, asked through REST, captures read back."""

import asyncio
import json
import os
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.archive_stand_in import archive_stand_in
from tests.integration.archive.pywb_peer import assert_passes_warcio_check, read, replaying
from tests.seed_world import (
    HEADLINE,
    ORIGINAL,
    PUBLISHER,
    REPAIRED,
    TARGETS,
    WRITTEN,
    SeedWorld,
    seed_world,
)

COMMAND = Path(sys.executable).with_name("linkwright")
SERVED_S = 60


@asynccontextmanager
async def served(seed: Path, home: Path, world: SeedWorld, wayback: str) -> AsyncIterator[str]:
    """Run `linkwright serve` with the seed submitted; gives its base address."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND), "serve", "--port", "0", "--submit", str(seed),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        env={
            "PATH": os.environ["PATH"], "LINKWRIGHT_HOME": str(home), "LINKWRIGHT_GAP_MS": "0",
            "LINKWRIGHT_RESOLVE": world.resolve, "LINKWRIGHT_CA_BUNDLE": world.ca_bundle,
            "LINKWRIGHT_WAYBACK_URL": wayback,
        },
    )  # fmt: skip
    assert process.stdout is not None
    try:
        async with asyncio.timeout(SERVED_S):
            first = (await process.stdout.readline()).decode()
            async for line in process.stdout:
                if b"submitted" in line:
                    break
        yield first.split()[-1].rstrip("/")
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SERVED_S):
            assert await process.wait() == 0


async def fetched(url: str) -> bytes:
    """Return the body at `url`."""
    return await asyncio.to_thread(lambda: urllib.request.urlopen(url, timeout=30).read())  # noqa: S310


async def get(url: str) -> Any:
    """Return the JSON at `url`."""
    return json.loads(await fetched(url))


async def audited(base: str) -> Any:
    """Return the first audit once it is done."""
    async with asyncio.timeout(SERVED_S):
        while True:
            audits = (await get(f"{base}/v1/audits"))["items"]
            if audits and audits[0]["state"] in {"done", "failed"}:
                return audits[0]
            await asyncio.sleep(0.2)


async def test_the_service_shows_the_seed_repaired_recorded_and_captured(
    seed_path: Path, tmp_path: Path
) -> None:
    home, seed = tmp_path / "home", await asyncio.to_thread(seed_path.read_bytes)
    async with seed_world(tmp_path) as world, archive_stand_in() as archive:  # noqa: SIM117 - outlives the service
        async with served(seed_path, home, world, archive.base) as base:
            audit = await audited(base)
            assert (audit["state"], audit["progress"]["by_outcome"]) == ("done", {"ok": 1})
            (article,) = (await get(f"{base}/v1/articles"))["items"]
            assert (article["headline"], article["published"]) == (HEADLINE, "2024-10-22T00:00:00Z")
            citations = (await get(f"{base}/v1/articles/{article['id']}/citations"))["items"]
            assert [each["outcome"] for each in citations] == ["placeholder"] * 5 + ["ok"]
            own = citations[5]
            assert (own["raw"], own["original"]) == (WRITTEN, REPAIRED)
            assert own["repair"]["best"]["url"] == REPAIRED
            (link,) = (await get(f"{base}/v1/links?url={REPAIRED}"))["items"]
            assert link["standing"] == "alive"
            seen = (await get(f"{base}/v1/links/{link['id']}/observations"))["items"]
            assert [(each["outcome"], each["status"]) for each in seen] == [("ok", 200)]
            (capture,) = (await get(f"{base}/v1/captures?url={REPAIRED}"))["items"]
            assert capture["archive"] == "local"
            fixed = await fetched(f"{base}/v1/articles/{article['id']}/fixed")
            assert fixed == seed.replace(WRITTEN.encode(), REPAIRED.encode()) != seed
    files = sorted((home / "captures").rglob("*.warc.gz"))
    await assert_passes_warcio_check(files)
    folder = tmp_path / "replay"
    folder.mkdir()
    digits = "".join(filter(str.isdigit, capture["memento_datetime"]))[:14]
    async with replaying(folder, files) as replay:
        status, _, body = await read(f"{replay}/{digits}mp_/{REPAIRED}")
    assert status == 200
    assert b"Seoul weighs sending a monitoring team" in body


async def test_the_service_finds_stripped_links_and_audits_them(seed_path: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    away = [f"{url.split('/')[2]}:443:127.0.0.1:1" for url in TARGETS if PUBLISHER not in url]
    async with seed_world(tmp_path, article=ORIGINAL) as world, archive_stand_in() as archive:
        closed = replace(world, resolve=",".join((world.resolve, *away)))
        async with served(seed_path, home, closed, archive.base) as base:
            audit = await audited(base)
            assert (audit["state"], audit["progress"]["planned"]) == ("done", 6)
            assert audit["progress"]["by_outcome"] == {"ok": 1, "gone": 1, "down": 4}
            (article,) = (await get(f"{base}/v1/articles"))["items"]
            citations = (await get(f"{base}/v1/articles/{article['id']}/citations"))["items"]
            assert [each["original"] for each in citations[:5]] == list(TARGETS)
            assert [each["recovery"]["best"] for each in citations[:5]] == list(TARGETS)
            assert {each["recovery"]["found_on"]["kind"] for each in citations[:5]} == {"live"}
            assert [each["defects"] for each in citations[:5]] == [["fragment_only"]] * 5
            assert [each["outcome"] for each in citations[:5]] == ["down", "down", "gone", "down", "down"]
            shown = await asyncio.to_thread(
                lambda: urllib.request.urlopen(f"{base}/articles/{article['id']}", timeout=10).read()  # noqa: S310
            )
    page = shown.decode()
    assert page.count("<dt>Found again</dt>") == 5
    assert "confidence 0.99" in page
    assert f'on the live page <a class="address" href="{REPAIRED}"' in page


async def test_a_restart_keeps_everything_and_the_same_article_is_not_doubled(
    seed_path: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    async with seed_world(tmp_path) as world, archive_stand_in() as archive:
        async with served(seed_path, home, world, archive.base) as base:
            await audited(base)
        async with served(seed_path, home, world, archive.base) as base:
            articles = (await get(f"{base}/v1/articles"))["items"]
            assert [each["citation_count"] for each in articles] == [6]
