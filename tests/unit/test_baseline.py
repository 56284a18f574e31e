"""Findings against an earlier run: known as often as that run has them, however the link failed."""

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from service.cli.baseline import mark_known, read_baseline
from service.reports import FORMATS, renderer
from workers.errors import InvalidSetting
from workers.model import FoundLink, Kind, Outcome
from workers.report import FINDINGS, ArticleReport, CitationReport, RunReport, is_finding

AT = datetime(2026, 1, 2, tzinfo=UTC)


def run(*citations: tuple[str, Outcome], source: str = "a.md") -> RunReport:
    told = tuple(
        CitationReport(
            found=FoundLink(raw=target, target=target, kind=Kind.LINK, line=number, column=1),
            outcome=outcome,
            original=None if target == "#" else target,
        )
        for number, (target, outcome) in enumerate(citations, start=1)
    )
    return run_of(ArticleReport(source=source, citations=told))


def run_of(article: ArticleReport) -> RunReport:
    return RunReport(
        version="1", started=AT, finished=AT, articles=(article,), links=(), cited_by=(), summary={}
    )


def written(folder: Path, report: RunReport) -> Path:
    path = folder / "last.json"
    path.write_text("".join(renderer("json")(report, FINDINGS)), encoding="utf-8")
    return path


def new_ones(report: RunReport) -> list[tuple[str, int | None]]:
    return [
        (each.found.target, each.found.line)
        for article in report.articles
        for each in article.citations
        if is_finding(each)
    ]


def test_only_what_the_last_run_did_not_have_is_a_finding(tmp_path: Path) -> None:
    last = run(("https://a/", Outcome.DOWN), ("https://b/", Outcome.OK), ("#", Outcome.PLACEHOLDER))
    now = run(
        ("#", Outcome.PLACEHOLDER),
        ("https://a/", Outcome.GONE),
        ("https://b/", Outcome.GONE),
        ("#", Outcome.PLACEHOLDER),
    )
    baseline = read_baseline(written(tmp_path, last), FINDINGS)
    assert baseline == Counter({("a.md", "https://a/"): 1, ("a.md", "#"): 1})
    marked = mark_known(now, baseline, FINDINGS)
    assert new_ones(marked) == [("https://b/", 3), ("#", 4)]
    assert new_ones(mark_known(last, baseline, FINDINGS)) == []


def test_another_article_has_findings_of_its_own(tmp_path: Path) -> None:
    last = run(("https://a/", Outcome.GONE))
    baseline = read_baseline(written(tmp_path, last), FINDINGS)
    assert new_ones(mark_known(run(("https://a/", Outcome.GONE), source="b.md"), baseline, FINDINGS)) == [
        ("https://a/", 1)
    ]


@pytest.mark.parametrize("output", FORMATS)
def test_every_report_tells_known_from_new(tmp_path: Path, output: str) -> None:
    last = run(("https://known.example/", Outcome.GONE))
    now = run(("https://known.example/", Outcome.GONE), ("https://new.example/", Outcome.GONE))
    marked = mark_known(now, read_baseline(written(tmp_path, last), FINDINGS), FINDINGS)
    text = "".join(renderer(output)(marked, FINDINGS))
    assert "https://new.example/" in text
    match output:
        case "json":
            told = [each["known"] for each in json.loads(text)["articles"][0]["citations"]]
            assert told == [True, False]
        case "sarif":
            assert len(json.loads(text)["runs"][0]["results"]) == 1
        case "text" | "github":
            assert "known from the baseline" in text
        case "junit":
            assert 'failures="1"' in text


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"articles": 3}', '{"articles": [{"source": "a", "citations": {}}]}', "[" * 100_000],
)
def test_a_file_that_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "last.json"
    path.write_text(text)
    with pytest.raises(InvalidSetting, match="is no report"):
        read_baseline(path, FINDINGS)


def test_an_article_that_failed_in_the_last_run_has_no_findings(tmp_path: Path) -> None:
    failed = run_of(ArticleReport(source="a", error="is empty"))
    assert read_baseline(written(tmp_path, failed), FINDINGS) == Counter()
