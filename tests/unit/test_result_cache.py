"""Good results of earlier runs: what is kept, for how long, and what a damaged file does."""

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from service.cli.result_cache import FORMAT, MAX_RESULTS, ResultCache
from workers.model import Candidate, Hop, LinkReport, LinkTask, Observation, Outcome, Verdict

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
URL = "https://a.example/page"
OLD = "https://a.example/old"
TASK = LinkTask(written=URL)


def report(outcome: Outcome = Outcome.OK, *, url: str = URL, rule: str = "status/200") -> LinkReport:
    seen = Observation(
        url=url,
        observed_at=NOW,
        final_url=url + "/",
        status=200,
        hops=(Hop(url=url, status=301), Hop(url=url + "/", status=200)),
        elapsed_ms=120,
    )
    verdict = Verdict(outcome=outcome, rule=rule, evidence=("200 OK",))
    return LinkReport(written=url, original=url, verdict=verdict, observation=seen)


def opened(path: Path, *, now: datetime = NOW, version: str = "1.0", age_h: float = 24) -> ResultCache:
    return ResultCache(path, age=timedelta(hours=age_h), version=version, now=now)


def kept_in(path: Path, *reports: LinkReport) -> Path:
    cache = opened(path)
    for each in reports:
        cache.keep(LinkTask(written=each.written), each)
    cache.save()
    return path


def test_a_good_result_comes_back_and_says_where_it_is_from(tmp_path: Path) -> None:
    path = kept_in(tmp_path / "deep" / "cache.json", report(Outcome.MOVED))
    kept = opened(path, now=NOW + timedelta(hours=1)).recall(TASK)
    assert kept is not None
    assert kept.verdict == Verdict(
        outcome=Outcome.MOVED,
        rule="status/200",
        evidence=("200 OK", "kept from 2026-01-02T03:04:05Z, not asked again in this run"),
    )
    assert kept.observation == report().observation


@pytest.mark.parametrize("outcome", set(Outcome) - {Outcome.OK, Outcome.MOVED})
def test_no_failure_is_ever_kept_and_one_drops_what_was(tmp_path: Path, outcome: Outcome) -> None:
    path = kept_in(tmp_path / "cache.json", report(), report(outcome))
    assert opened(path).recall(TASK) is None


def test_what_a_person_accepted_and_what_was_repaired_is_asked_again(tmp_path: Path) -> None:
    repaired = replace(report(), accepted=Candidate(url=OLD, rule="join_hyphen", score=1.0), original=OLD)
    path = kept_in(
        tmp_path / "cache.json", report(rule="policy/accepted", url=OLD), replace(repaired, written=URL)
    )
    assert not path.exists()


def test_a_link_to_be_captured_is_asked_again(tmp_path: Path) -> None:
    path = kept_in(tmp_path / "cache.json", report())
    assert opened(path).recall(replace(TASK, capture=True)) is None


@pytest.mark.parametrize(
    ("now", "version", "is_there"),
    [
        (NOW + timedelta(hours=23), "1.0", True),
        (NOW + timedelta(hours=24), "1.0", False),
        (NOW - timedelta(minutes=1), "1.0", False),
        (NOW, "1.1", False),
    ],
)
def test_a_result_counts_for_its_age_and_its_release(
    tmp_path: Path, now: datetime, version: str, is_there: bool
) -> None:
    path = kept_in(tmp_path / "cache.json", report())
    assert (opened(path, now=now, version=version).recall(TASK) is not None) is is_there


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"format": "other/1", "results": {}}',
        "[" * 100_000,
        "\x00\xff",
        '{"format": "linkwright-cache/1", "version": "1.0", "results": []}',
        '{"format": "linkwright-cache/1", "version": "1.0", "results": {"https://a.example/page": 3}}',
        '{"format": "linkwright-cache/1", "version": "1.0", "results": {"https://a.example/page": {}}}',
    ],
)
def test_a_damaged_file_is_begun_anew(tmp_path: Path, text: str) -> None:
    path = tmp_path / "cache.json"
    path.write_text(text, encoding="utf-8")
    cache = opened(path)
    assert cache.recall(TASK) is None
    cache.keep(TASK, report())
    cache.save()
    assert opened(path).recall(TASK) is not None


def test_one_damaged_result_leaves_the_others(tmp_path: Path) -> None:
    path = kept_in(tmp_path / "cache.json", report(), report(url=OLD))
    document = json.loads(path.read_text())
    document["results"][OLD]["outcome"] = "gone"
    path.write_text(json.dumps(document))
    cache = opened(path)
    assert cache.recall(TASK) is not None
    assert cache.recall(LinkTask(written=OLD)) is None


def test_a_file_that_cannot_be_written_is_only_warned_of(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blocking = tmp_path / "file"
    blocking.write_text("no folder")
    cache = opened(blocking / "cache.json")
    cache.keep(TASK, report())
    with caplog.at_level(logging.WARNING):
        cache.save()
    assert "cannot be written" in caplog.text


def test_the_file_holds_the_newest_results_at_most(tmp_path: Path) -> None:
    cache = opened(tmp_path / "cache.json")
    seen = report().observation
    assert seen is not None
    for number in range(MAX_RESULTS + 3):
        at = NOW - timedelta(minutes=1) + timedelta(milliseconds=number)
        each = replace(report(url=f"https://a.example/{number}"), observation=replace(seen, observed_at=at))
        cache.keep(LinkTask(written=each.written), each)
    cache.save()
    document = json.loads((tmp_path / "cache.json").read_text())
    assert (document["format"], len(document["results"])) == (FORMAT, MAX_RESULTS)
    assert f"https://a.example/{MAX_RESULTS + 2}" in document["results"]
    assert [each.name for each in tmp_path.iterdir()] == ["cache.json"]
