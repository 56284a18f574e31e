"""Every fixture of the other formats, told apart by itself, against findings checked by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workers.extract.find import find_links
from workers.extract.source import Source

FOLDER = Path(__file__).parents[2] / "fixtures" / "extract" / "formats"
EXPECTED = {
    record["file"]: record
    for record in map(json.loads, (FOLDER / "expected.jsonl").read_text("utf-8").splitlines())
}


def test_every_fixture_has_its_expectation():
    assert {path.name for path in FOLDER.iterdir()} - {"expected.jsonl"} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_findings_of_a_fixture_are_those_checked_by_hand(name):
    document = find_links(Source(name=name, data=(FOLDER / name).read_bytes()))
    expected = EXPECTED[name]
    assert document.format == expected["format"]
    assert document.headline == expected["headline"]
    assert (document.published and document.published.isoformat()) == expected["published"]
    assert dict(document.skipped) == expected["skipped"]
    assert [
        [link.line, link.column, link.kind, link.target, link.resolved, link.anchor, link.locator]
        for link in document.links
    ] == expected["citations"]


@pytest.mark.parametrize("name", EXPECTED)
def test_raw_is_the_slice_of_the_source(name):
    document = find_links(Source(name=name, data=(FOLDER / name).read_bytes()))
    text = (FOLDER / name).read_bytes().decode()
    assert document.text == text
    assert all(link.raw == text[link.start : link.end] for link in document.links)


def test_the_command_lists_them_in_one_run():
    paths = [str(FOLDER / name) for name in EXPECTED]
    command = Path(sys.executable).parent / "linkwright"
    done = subprocess.run(
        [command, "extract", *paths], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    listed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(line["source"]).name, line["target"]) for line in listed] == [
        (name, citation[3]) for name, record in EXPECTED.items() for citation in record["citations"]
    ]
