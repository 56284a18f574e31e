"""WACZ files: what we pack, the wacz tool accepts and pywb replays; what others pack is taken in."""

# ruff: noqa: ASYNC240  small local files

import gzip
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.integration.archive.pages import PAGE, exchange
from tests.integration.archive.pywb_peer import needs_peers, read, replaying, run_peer
from workers.archive.captures import LocalCapture, MemoryCaptureIndex
from workers.archive.cdxj import cdxj_line, sorted_lines, surt_key
from workers.archive.local import open_local
from workers.archive.settings import ArchiveSettings
from workers.archive.wacz import WaczFacts, gather, write_wacz
from workers.archive.wacz_import import import_wacz
from workers.archive.warc_reader import read_answer
from workers.errors import UnreadableDocument
from workers.url import lookup_key

URL = "http://example.org/voyager"
FACTS = WaczFacts(title="Links of Voyager", created=datetime(2026, 11, 23, 12, 0, tzinfo=UTC))
KEYS = {
    "http://example.org/": "org,example)/",
    "https://www.Example.org/A/B/?z=1&a=2": "org,example)/a/b?a=2&z=1",
    "http://www2.example.org:8080/x?sid=9&b": "org,example:8080)/x?b&sid=9",
    "http://xn--bcher-kva.example/%C3%A4%20b?q=a+b&Q=%2F": "example,xn--bcher-kva)/%c3%a4%20b?q=/&q=a+b",
    "http://192.0.2.7/x/": "7,2,0,192)/x",
    "http://example.org//double//slash/../up": "org,example)/double/up",
    "http://[2001:db8::1]/v6": "2001:db8::1)/v6",
    "https://example.org:443/?": "org,example)/",
    "http://example.org/a?b=&c&a=1&a=0": "org,example)/a?a=0&a=1&b=&c",
    "http://example.org/A%2fB": "org,example)/a/b",
    "http://example.org/?u=x&PHPSESSID=0123456789abcdef0123456789abcdef": "org,example)/?&u=x",
    "http://www.com/": "com)/",
    "http://example.org/~user/'(x)'!*|^{}": "org,example)/~user/'(x)'!*|^{}",
    "http://example.org/100%25": "org,example)/100%25",
}


async def captured(home: Path, index: MemoryCaptureIndex) -> list[LocalCapture]:
    """Capture a redirect to a page, a copy of it elsewhere and a page of another article."""
    moved = exchange("http://example.org/old", b"", status="301 Moved", headers=(("Location", "/voyager"),))
    async with open_local(home, index, settings=ArchiveSettings()) as local:
        await local.capture([moved, exchange(after_s=1)])
        await local.capture([exchange("http://mirror.example/copy", after_s=2)])
        await local.capture([exchange("http://other.example/", b"another article", after_s=3)])
    old = await index.list(lookup_key("http://example.org/old"))
    copy = await index.list(lookup_key("http://mirror.example/copy"))
    return [*old, *copy]


async def packed(folder: Path) -> Path:
    """Return a WACZ file of an article that cites the redirect and the copy."""
    index = MemoryCaptureIndex()
    cited = await captured(folder / "warc", index)
    out = folder / "article.wacz"
    assert write_wacz(out, await gather(cited, index), home=folder / "warc", facts=FACTS) == 3
    return out


@pytest.mark.parametrize(("url", "key"), KEYS.items())
def test_a_key_has_one_spelling_for_one_resource(url: str, key: str) -> None:
    assert surt_key(url) == key


async def test_a_package_holds_what_replay_needs_and_no_more(tmp_path: Path) -> None:
    with zipfile.ZipFile(await packed(tmp_path)) as package:
        assert sorted(package.namelist()) == [
            "archive/data.warc.gz",
            "datapackage-digest.json",
            "datapackage.json",
            "indexes/index.cdx",
            "pages/pages.jsonl",
        ]
        index = package.read("indexes/index.cdx").decode().splitlines()
        pages = [json.loads(line) for line in package.read("pages/pages.jsonl").splitlines()]
        described = json.loads(package.read("datapackage.json"))
    assert [line.split(" ")[:2] for line in index] == [
        ["example,mirror)/copy", "20261123100002"],
        ["org,example)/old", "20261123100000"],
        ["org,example)/voyager", "20261123100001"],
    ]
    assert json.loads(index[0].split(" ", 2)[2])["mime"] == "warc/revisit"
    assert [page["url"] for page in pages[1:]] == [URL, "http://mirror.example/copy"]
    assert (described["title"], described["wacz_version"]) == ("Links of Voyager", "1.1.1")


@needs_peers
async def test_the_wacz_tool_accepts_and_pywb_replays_a_package(tmp_path: Path) -> None:
    out = await packed(tmp_path)
    status, printed = await run_peer("wacz", "validate", "-f", str(out), cwd=tmp_path)
    assert (status, "Validation succeeded" in printed) == (0, True), printed
    (tmp_path / "pywb").mkdir()
    async with replaying(tmp_path / "pywb", [out]) as base:
        for stamp, url in (("20261123100001", URL), ("20261123100002", "http://mirror.example/copy")):
            assert (await read(f"{base}/{stamp}id_/{url}"))[::2] == (200, PAGE)


@needs_peers
async def test_our_index_says_what_the_indexer_of_others_says(tmp_path: Path) -> None:
    index, home = MemoryCaptureIndex(), tmp_path / "warc"
    async with open_local(home, index, settings=ArchiveSettings()) as local:
        for number, url in enumerate(KEYS):
            await local.capture([exchange(url, PAGE + bytes([number]), after_s=number)])
        await local.capture([exchange("http://example.org/", PAGE + bytes([0]), after_s=100)])
    captures = [capture for url in KEYS for capture in await index.list(lookup_key(url))]
    (path,) = home.glob("*.warc.gz")
    status, printed = await run_peer("cdxj-indexer", "--sort", str(path), cwd=tmp_path)
    assert status == 0
    theirs = [line for line in printed.splitlines() if " {" in line]
    ours = sorted_lines({cdxj_line(capture) for capture in captures}).decode().splitlines()
    assert [_comparable(line) for line in ours] == [_comparable(line) for line in theirs]


async def test_a_package_is_taken_in_once(tmp_path: Path) -> None:
    out = await packed(tmp_path)
    index, home = MemoryCaptureIndex(), tmp_path / "elsewhere"
    assert await import_wacz(out, home=home, index=index) == 3
    assert await import_wacz(out, home=home, index=index) == 0
    assert len(list(home.iterdir())) == 1
    (capture,) = await index.list(lookup_key(URL))
    answer = read_answer(home, capture, max_bytes=1000)
    assert answer is not None
    assert answer.body == PAGE


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("no zip", "no readable WACZ file"),
        ("no description", "datapackage.json is missing or cannot be read"),
        ("another digest", "is not what datapackage.json says"),
        ("cut", "is cut or damaged"),
        ("too large", "unpacks to more than 100 bytes"),
        ("no records", "no WARC records"),
    ],
)
async def test_a_damaged_package_is_named_and_leaves_nothing(tmp_path: Path, damage: str, told: str) -> None:
    broken = _damaged(await packed(tmp_path), tmp_path / "broken.wacz", damage)
    index, home = MemoryCaptureIndex(), tmp_path / "elsewhere"
    max_bytes = 100 if damage == "too large" else 10**9
    with pytest.raises(UnreadableDocument, match=r"broken\.wacz") as raised:
        await import_wacz(broken, home=home, index=index, max_bytes=max_bytes)
    assert told in raised.value.reason
    assert not home.exists() or list(home.iterdir()) == []


async def test_a_member_cannot_choose_where_it_is_put(tmp_path: Path) -> None:
    with zipfile.ZipFile(await packed(tmp_path)) as good:
        data = good.read("archive/data.warc.gz")
    evil = tmp_path / "evil.wacz"
    with zipfile.ZipFile(evil, "w") as package:
        package.writestr("archive/../../../evil.warc.gz", data)
        package.writestr("datapackage.json", '{"resources": []}')
    home = tmp_path / "deep" / "er" / "home"
    assert await import_wacz(evil, home=home, index=MemoryCaptureIndex()) == 3
    assert [path.parent for path in tmp_path.rglob("imported-*")] == [home]


def _comparable(line: str) -> tuple[str, str, dict[str, str]]:
    key, stamp, facts = line.split(" ", 2)
    return key, stamp, json.loads(facts)


def _damaged(good: Path, out: Path, damage: str) -> Path:
    if damage == "no zip":
        out.write_bytes(b"PK\x03\x04 not really")
        return out
    with zipfile.ZipFile(good) as package:
        members = {name: package.read(name) for name in package.namelist()}
    data = members["archive/data.warc.gz"]
    if damage == "no description":
        del members["datapackage.json"]
    if damage == "another digest":
        members["archive/data.warc.gz"] = data + data
    if damage in {"cut", "no records"}:
        members["archive/data.warc.gz"] = (
            data[:-5] if damage == "cut" else gzip.compress(b"no WARC at all\r\n\r\n")
        )
        members["datapackage.json"] = b'{"resources": []}'
    with zipfile.ZipFile(out, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return out
