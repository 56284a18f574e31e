"""`linkwright lookup` and `linkwright archive` as a person runs them."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from service.cli.lookup import lookup
from tests.archive_stand_in import ArchiveStandIn, Fault, archive_stand_in
from tests.integration.archive.choice_pages import GOOD, SOFT_404, STORY_URL
from tests.integration.archive.pywb_peer import assert_passes_warcio_check, needs_peers
from tests.loopback import LoopbackWeb, Page

COMMAND = Path(sys.executable).with_name("linkwright")


@pytest.fixture
async def stand_in() -> AsyncIterator[ArchiveStandIn]:
    async with archive_stand_in() as running:
        yield running


async def linkwright(*args: str, home: Path, **environment: str) -> tuple[int, str, str]:
    """Run the command and return its exit status, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        *args,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "LINKWRIGHT_HOME": str(home),
            "LINKWRIGHT_GAP_MS": "0",
            "LINKWRIGHT_RETRIES": "0",
            "LINKWRIGHT_ARCHIVE_TIMEOUT_S": "2",
            "LINKWRIGHT_WAYBACK_PER_MINUTE": "0",
            **environment,
        },
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def test_lookup_lists_captures_nearest_first(stand_in: ArchiveStandIn, tmp_path: Path) -> None:
    stand_in.add(STORY_URL, "20241022110000", body=SOFT_404)
    stand_in.add(STORY_URL, "20241101000000", body=GOOD)
    status, out, err = await linkwright(
        "lookup", STORY_URL, "--at", "2024-10-22", "--format", "json", "--verify",
        home=tmp_path / "home", LINKWRIGHT_WAYBACK_URL=stand_in.base,
    )  # fmt: skip
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert (found["original"], found["at"], found["state"]) == (STORY_URL, "2024-10-22T00:00:00Z", "found")
    assert [m["memento_datetime"] for m in found["mementos"]] == [
        "2024-10-22T11:00:00Z",
        "2024-11-01T00:00:00Z",
    ]
    assert found["mementos"][0]["uri_m"] == f"{stand_in.base}/web/20241022110000/{STORY_URL}"
    assert found["chosen"]["memento_datetime"] == "2024-11-01T00:00:00Z"
    assert found["archives"] == [{"archive": "wayback", "state": "found", "reason": None, "captures": 2}]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("fault", "state"), [(None, "none"), (Fault.THROTTLED, "unknown"), (Fault.HTML, "unknown")]
)
async def test_lookup_tells_none_from_unknown(
    stand_in: ArchiveStandIn, tmp_path: Path, fault: Fault | None, state: str
) -> None:
    if fault is not None:
        stand_in.fault("*", fault)
    home, base = tmp_path / "home", stand_in.base
    status, out, _ = await linkwright(
        "lookup", STORY_URL, "--format", "json", home=home, LINKWRIGHT_WAYBACK_URL=base
    )
    assert (status, json.loads(out)["state"]) == (1, state)


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("mailto:a@example.org",), "'mailto:a@example.org' is not an http or https address"),
        ((STORY_URL, "--at", "next week"), "'next week' is no date"),
        ((STORY_URL, "--at", "20241399"), "'20241399' is no date"),
    ],
)
def test_bad_input_is_named(args: tuple[str, ...], told: str) -> None:
    result = CliRunner().invoke(lookup, args)
    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@needs_peers
async def test_a_captured_page_is_found_again(stand_in: ArchiveStandIn, tmp_path: Path) -> None:
    home = tmp_path / "home"
    async with LoopbackWeb() as web:
        web.page("/story", Page(GOOD.replace(b"</h1>", b"</h1><img src=/map.png>")))
        web.page("/map.png", Page(b"\x89PNG", media_type="image/png"))
        web.page("/old", Page(status=301, headers=(("Location", "/story"),)))
        web.page("/gone", Page(b"gone", status=404))
        urls = [web.url(path) for path in ("/old", "/story", "/gone")]
        environment = {"LINKWRIGHT_ALLOW_NETWORKS": "127.0.0.0/8", "LINKWRIGHT_WAYBACK_URL": stand_in.base}
        status, out, err = await linkwright(
            "archive", *urls, "not an address", "--requisites", "--format", "json", home=home, **environment
        )
        assert (status, err) == (1, "")
        results = [json.loads(line) for line in out.splitlines()]
        assert [result["captured"] for result in results] == [True, True, False, False]
        assert [result["requisites"] for result in results] == [1, 1, 0, 0]
        assert [result["outcome"] for result in results] == ["moved", "ok", "gone", "malformed"]
        status, out, _ = await linkwright("lookup", urls[0], "--format", "json", home=home, **environment)
    assert status == 0
    found = json.loads(out)
    assert [(m["archive"], m["status"]) for m in found["mementos"]] == [("local", 200)]
    assert found["archives"][0]["archive"] == "local"
    await assert_passes_warcio_check(_warcs(home))


async def test_an_archive_of_ones_own_is_asked_where_its_base_is_set(
    stand_in: ArchiveStandIn, tmp_path: Path
) -> None:
    stand_in.add(STORY_URL, "20241101000000", body=GOOD)
    status, out, err = await linkwright(
        "lookup", STORY_URL, "--format", "json",
        home=tmp_path / "home",
        LINKWRIGHT_ARCHIVES="mine,arquivo",
        LINKWRIGHT_ARCHIVE_URLS=f"mine={stand_in.base}/web,arquivo=",
    )  # fmt: skip
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert [(each["archive"], each["state"]) for each in found["archives"]] == [("mine", "found")]
    assert found["mementos"][0]["uri_m"] == f"{stand_in.base}/web/20241101000000/{STORY_URL}"
    status, _, err = await linkwright(
        "lookup", STORY_URL, home=tmp_path / "home", LINKWRIGHT_ARCHIVE_URLS="arquivo.pt"
    )
    assert status == 2
    assert "'arquivo.pt' should be NAME=URL" in err


async def test_a_public_save_needs_a_key(tmp_path: Path) -> None:
    status, _, err = await linkwright("archive", "http://example.org/", "--save", home=tmp_path / "home")
    assert status == 2
    assert "--save needs LINKWRIGHT_SPN_KEY" in err


async def test_a_page_is_saved_in_public_too(stand_in: ArchiveStandIn, tmp_path: Path) -> None:
    async with LoopbackWeb() as web:
        web.page("/story", Page(GOOD))
        status, out, _ = await linkwright(
            "archive", web.url("/story"), "--save",
            home=tmp_path / "home",
            LINKWRIGHT_ALLOW_NETWORKS="127.0.0.0/8",
            LINKWRIGHT_WAYBACK_URL=stand_in.base,
            LINKWRIGHT_SPN_URL=stand_in.base,
            LINKWRIGHT_SPN_KEY="access:secret",
        )  # fmt: skip
        story = web.url("/story")
    assert status == 0
    assert out.splitlines()[0] == f"captured      {story}"
    assert out.splitlines()[2].strip() == f"public save: saved {stand_in.base}/web/20261123100000/{story}"


def _warcs(home: Path) -> list[Path]:
    return sorted((home / "captures").glob("*.warc.gz"))
