"""The `repair` command as outside programs drive it: JSONL in, JSONL out, one process."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("LINKWRIGHT_TEST_DATA", ROOT / "../shared/data")) / "repair" / "dev.jsonl"
COMMAND = [sys.executable, "-c", "from service.cli.main import main; main()", "repair"]
UNDECIDABLE_OFFLINE = {"http_for_https", "truncated", "path_case", "hyphen_lost"}


def run(*arguments, stdin=b"", **environment):
    return subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, cwd=ROOT, env={**os.environ, **environment},
        timeout=60, check=False,
    )  # fmt: skip


def batch(*lines):
    done = run("--batch", stdin=b"\n".join(lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_batch_answers_every_line_in_order():
    answers = batch(
        b'{"id": "a", "url": "https://a.example/talks-a-mid-strikes", "headline": "Talks amid strikes"}',
        b'{"id": 2, "url": "hxxps://a[.]example/one", "text": "seen at hxxps://a[.]example/one", "more": []}',
        b'{"id": null, "url": "https://a.example/one"}',
    )
    assert answers == [
        {
            "id": "a",
            "decision": "needs_live",
            "best": "https://a.example/talks-amid-strikes",
            "candidates": [
                {
                    "url": "https://a.example/talks-amid-strikes",
                    "rule": "hyphen_in_word",
                    "score": 0.998499,
                    "evidence": ["headline has 'amid' as one word"],
                },
                {
                    "url": "https://a.example/talks-a-mid-strikes",
                    "rule": "as_written",
                    "score": 0.001501,
                    "evidence": ["the address as written"],
                },
            ],
        },
        {
            "id": 2,
            "decision": "auto",
            "best": "https://a.example/one",
            "candidates": [
                {
                    "url": "https://a.example/one",
                    "rule": "defanged+bad_scheme",
                    "score": 0.999999,
                    "evidence": ["dots or colons stood in brackets", "'hxxps://' stood for https://"],
                },
                {
                    "url": "hxxps://a[.]example/one",
                    "rule": "as_written",
                    "score": 1e-06,
                    "evidence": ["the address as written"],
                },
            ],
        },
        {
            "id": None,
            "decision": "keep",
            "best": "https://a.example/one",
            "candidates": [
                {
                    "url": "https://a.example/one",
                    "rule": "as_written",
                    "score": 1.0,
                    "evidence": ["the address as written"],
                }
            ],
        },
    ]


def test_a_bad_line_is_named_and_the_rest_goes_on():
    answers = batch(
        b"not json", b'{"id": 7}', b"[1]", b'{"id": 8, "url": 5}', b'{"id": 9, "url": "x", "headline": []}',
        b"\xff\xfe", b"", b"[" * 100_000, b'{"id": 10, "url": "https://a.example/\\ud800"}',
    )  # fmt: skip
    assert [answer["id"] for answer in answers] == [None, 7, None, 8, 9, None, None, 10]
    assert [answer.get("error") for answer in answers][1:5] == [
        "line 2: 'url' is missing",
        "line 3: a line must hold a JSON object",
        "line 4: 'url' must be a text",
        "line 5: 'headline' must be a text",
    ]
    assert all("error" in answer for answer in answers[:7])
    assert "error" not in answers[7]


def test_output_is_utf8_whatever_the_terminal():
    done = run("--batch", stdin='{"id":1,"url":"„https://a.example/é“"}'.encode(), LC_ALL="C", PYTHONUTF8="0")
    assert json.loads(done.stdout)["best"] == "https://a.example/é"


def test_a_broken_pipe_ends_it_quietly(tmp_path):
    lines = tmp_path / "lines.jsonl"
    lines.write_bytes(b'{"id":1,"url":"http:/a.example/one"}\n' * 20_000)
    with (
        lines.open("rb") as stdin,
        subprocess.Popen(
            [*COMMAND, "--batch"], cwd=ROOT, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
    ):
        process.stdout.close()
        assert process.stderr.read() == b""


def test_addresses_may_be_given_as_arguments():
    kept, damaged = "https://a.example/one", "https:/a.example/two"
    assert run(kept).returncode == 0
    done = run(kept, damaged)
    assert done.returncode == 1
    assert [json.loads(line)["best"] for line in done.stdout.splitlines()] == [kept, "https://a.example/two"]


def test_neither_or_both_inputs_is_a_usage_error():
    assert run().returncode == 2
    assert run("--batch", "https://a.example/").returncode == 2


def test_help_loads_no_words():
    program = (
        "import sys\nfrom service.cli.main import linkwright\n"
        "try:\n    linkwright(['--help'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('wordfreq', 'msgpack', 'workers.repair'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.skipif(not DATA.exists(), reason="the measuring set is not here")
def test_the_marks_are_met_on_the_measuring_set():
    cases = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
    lines = [
        json.dumps({"id": case["id"], "url": case["damaged"], "headline": case["title"]}).encode()
        for case in cases
    ]
    answers = {answer["id"]: answer for answer in batch(*lines)}
    counts: Counter[str] = Counter()
    for case in cases:
        answer, right = answers[case["id"]], {case["truth"], *case["accept"]}
        if case["kind"].startswith("clean_"):
            counts["clean"] += 1
            counts["clean changed"] += answer["decision"] == "auto"
        if case["kind"] not in UNDECIDABLE_OFFLINE:
            counts["cases"] += 1
            counts["top1"] += answer["best"] in right
            counts["top3"] += any(one["url"] in right for one in answer["candidates"][:3])
            counts["wrong"] += answer["decision"] == "auto" and answer["best"] not in right
    assert counts["top1"] >= 0.93 * counts["cases"]
    assert counts["top3"] >= 0.97 * counts["cases"]
    assert counts["wrong"] <= 0.01 * counts["cases"]
    assert counts["clean changed"] <= 0.01 * counts["clean"]
