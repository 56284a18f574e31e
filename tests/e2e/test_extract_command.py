"""`linkwright extract` as a person and a program run it: JSONL out, errors named, the rest goes on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("linkwright")
FIELDS = [
    "source",
    "raw",
    "target",
    "resolved",
    "kind",
    "anchor",
    "context",
    "start",
    "end",
    "line",
    "column",
    "defects",
    "identifier",
]


def extract(*args: str, given: bytes = b"") -> tuple[int, list[dict[str, object]], str]:
    """Run the command and return its exit status, the objects it printed and its diagnostics."""
    ended = subprocess.run(
        [COMMAND, "extract", *args], input=given, capture_output=True, timeout=60, check=False
    )
    return ended.returncode, [json.loads(line) for line in ended.stdout.splitlines()], ended.stderr.decode()


def test_the_seed_is_listed_as_the_contract_says(seed_path: Path) -> None:
    status, citations, diagnostics = extract(str(seed_path))
    assert (status, diagnostics) == (0, "")
    assert [citation["kind"] for citation in citations] == ["link"] * 5 + ["original-url"]
    assert list(citations[0])[: len(FIELDS)] == FIELDS
    text = seed_path.read_bytes().decode()
    for citation in citations:
        assert citation["source"] == str(seed_path)
        assert text[citation["start"] : citation["end"]] == citation["raw"]  # type: ignore[misc]
    assert citations[0]["resolved"] is None
    assert citations[0]["identifier"] is None


def test_standard_input_is_an_input_like_any_other() -> None:
    status, citations, _ = extract("--format", "markdown", "-", given=b"[a](https://x.org/b) doi:10.1000/182")
    assert status == 0
    assert [(citation["source"], citation["raw"]) for citation in citations] == [
        ("-", "https://x.org/b"),
        ("-", "doi:10.1000/182"),
    ]
    assert citations[1]["identifier"] == {
        "scheme": "doi",
        "value": "10.1000/182",
        "normal": "10.1000/182",
        "resolver": "https://doi.org/10.1000/182",
    }


def test_every_bad_input_is_one_line_with_its_name_and_the_rest_goes_on(tmp_path: Path) -> None:
    bad = {
        "empty.md": b"",
        "binary.txt": b"\x00\x01\x02\x03" * 64,
        "large.html": b"a" * (20 * 1024 * 1024),
        "mislabelled.pdf": b"no portable document",
    }
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_bytes("wrong charset \xe9 https://x.org/a".encode("latin-1"))
    names = [str(tmp_path / name) for name in (*bad, "missing.md", "good.txt")]
    status, citations, diagnostics = extract(*names)
    assert status == 2
    assert [citation["raw"] for citation in citations] == ["https://x.org/a"]
    lines = diagnostics.splitlines()
    assert [line.split(": ")[1] for line in lines] == names[:-1]
    assert "Traceback" not in diagnostics


def test_a_folder_is_walked_article_by_article(tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("[a](https://x.org/b)")
    (tmp_path / "a.html").write_text("<a href=https://x.org/a>a</a>")
    status, citations, _ = extract(str(tmp_path))
    assert status == 0
    assert [citation["raw"] for citation in citations] == ["https://x.org/a", "https://x.org/b"]


def test_an_empty_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    status, citations, diagnostics = extract(str(tmp_path))
    assert (status, citations) == (2, [])
    assert str(tmp_path) in diagnostics


def test_batch_answers_every_line_in_order_and_an_error_in_its_place() -> None:
    requests = [
        {"id": 1, "text": "# A title\n\n[a](b)", "format": "markdown", "base": "https://x.org/c/"},
        {"id": "two", "text": "see https://x.org/a-\nb-c", "format": "text"},
        {"id": 3, "text": ""},
        {"id": 4, "format": "text"},
        {"id": 5, "text": "x", "format": "word"},
        {"id": 6, "text": "<a href=/x>y</a>", "format": "html", "unknown": True},
    ]
    given = "\n".join([*map(json.dumps, requests), "not json", "[]"]).encode()
    status, answers, diagnostics = extract("--batch", given=given)
    assert (status, diagnostics) == (0, "")
    assert [answer["id"] for answer in answers] == [1, "two", 3, 4, 5, 6, None, None]
    assert [sorted(answer)[:2] == ["error", "id"] for answer in answers] == [
        False, False, True, True, True, False, True, True,
    ]  # fmt: skip
    assert answers[0]["headline"] == "A title"
    assert answers[0]["citations"][0]["resolved"] == "https://x.org/c/b"  # type: ignore[index]
    assert answers[1]["citations"][0]["readings"] == [  # type: ignore[index]
        "https://x.org/a-b-c",
        "https://x.org/ab-c",
        "https://x.org/a-",
    ]


@pytest.mark.parametrize("args", [[], ["--batch", "a.md"], ["--format", "word", "a.md"]])
def test_wrong_usage_ends_with_2(args: list[str]) -> None:
    assert extract(*args)[0] == 2


def test_a_closed_pipe_ends_the_command_quietly(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("https://x.org/a\n" * 20_000)
    read_end, write_end = os.pipe()
    process = subprocess.Popen(
        [COMMAND, "extract", str(tmp_path / "a.txt")], stdout=write_end, stderr=subprocess.PIPE
    )
    os.close(write_end)
    os.read(read_end, 100)
    os.close(read_end)
    assert process.communicate(timeout=60)[1] == b""
