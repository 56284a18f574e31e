"""Every report format on one run that holds all that is awkward."""

import csv
import io
import json
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.reports import FORMATS, renderer
from workers.model import (
    Candidate,
    Decision,
    Defect,
    FoundLink,
    Hop,
    Kind,
    LinkReport,
    Observation,
    Outcome,
    Repair,
    Verdict,
)
from workers.report import FINDINGS, ArticleReport, CitationReport, RunReport, has_finding

STARTED = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
AMID = Candidate(url="https://example.org/amid", rule="join_hyphen", score=0.98, evidence=("Amid",))
A_MID = Candidate(url="https://example.org/a-mid", rule="as_written", score=0.02)


def citation(target: str, outcome: Outcome, **more: object) -> CitationReport:
    found = FoundLink(
        raw=target, target=target, kind=Kind.LINK, anchor="=cmd|' /C calc'!A0\x1b[31m", line=3, column=7,
        start=10, end=10 + len(target), defects=(Defect.FRAGMENT_ONLY,) if target == "#" else (),
    )  # fmt: skip
    return CitationReport(found=found, outcome=outcome, **({"original": target} | more))  # type: ignore[arg-type]


@pytest.fixture
def run() -> RunReport:
    repaired = citation(
        "https://example.org/a-mid",
        Outcome.OK,
        original="https://example.org/amid",
        repair=Repair(decision=Decision.AUTO, best=AMID, candidates=(AMID, A_MID)),
        repaired=True,
    )
    observed = Observation(
        url="https://example.org/amid",
        final_url="https://example.org/amid",
        observed_at=STARTED,
        status=200,
        hops=(Hop(url="https://example.org/amid", status=200),),
    )
    link = LinkReport(
        written="https://example.org/a-mid",
        original="https://example.org/amid",
        verdict=Verdict(outcome=Outcome.OK, rule="status/200", evidence=("200",)),
        observation=observed,
        accepted=AMID,
    )
    article = ArticleReport(
        source="a,b:c.md",
        headline="<script>alert(1)</script> | *bold*",
        citations=(
            repaired,
            citation("#", Outcome.PLACEHOLDER, original=None, evidence=("no target\n::error::forged",)),
            citation("https://wall.example/", Outcome.BLOCKED, evidence=("403",)),
        ),
    )
    broken = ArticleReport(source="bad.pdf", error="bad.pdf: is encrypted\x00")
    return RunReport(
        version="0.1.0",
        started=STARTED,
        finished=STARTED,
        articles=(article, broken),
        links=(link,),
        cited_by=(1,),
        summary={"blocked": 1, "ok": 1, "placeholder": 1},
    )


def text_of(run: RunReport, name: str) -> str:
    return "".join(renderer(name)(run, FINDINGS))


def test_json_holds_the_contract(run: RunReport) -> None:
    document = json.loads(text_of(run, "json"))
    assert document["summary"] == {"blocked": 1, "ok": 1, "placeholder": 1}
    assert document["started"] == "2026-01-02T03:04:05Z"
    assert document["articles"][1] == {
        "source": "bad.pdf", "headline": None, "published": None, "citations": [],
        "error": "bad.pdf: is encrypted\x00",
    }  # fmt: skip
    first = document["articles"][0]["citations"][0]
    assert first["repair"]["best"]["url"] == "https://example.org/amid"
    assert first["recovery"] is None
    (link,) = document["links"]
    assert link["cited_by"] == 1
    assert link["hops"] == [{"url": "https://example.org/amid", "status": 200}]


def test_ndjson_is_one_object_a_line(run: RunReport) -> None:
    kinds = [json.loads(line)["type"] for line in text_of(run, "ndjson").splitlines()]
    assert kinds == ["citation", "citation", "citation", "article", "link", "summary"]


def test_csv_cells_are_never_formulas(run: RunReport) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(run, "csv"))))
    assert rows[0]["anchor"].startswith("'=cmd")
    assert rows[3] == dict.fromkeys(rows[0], "") | {
        "source": "bad.pdf",
        "evidence": "bad.pdf: is encrypted\x00",
    }


def test_junit_is_xml_that_counts_failures(run: RunReport) -> None:
    root = ET.fromstring(text_of(run, "junit"))  # noqa: S314 - our own output
    suites = [(s.get("tests"), s.get("failures"), s.get("skipped"), s.get("errors")) for s in root]
    assert suites == [("3", "2", "1", "0"), ("1", "0", "0", "1")]


def test_sarif_names_rule_and_place(run: RunReport) -> None:
    (result, other) = json.loads(text_of(run, "sarif"))["runs"][0]["results"]
    assert (result["ruleId"], other["ruleId"]) == ("ok", "placeholder")
    place = result["locations"][0]["physicalLocation"]
    assert place["region"] == {"startLine": 3, "startColumn": 7}
    assert place["artifactLocation"]["uri"] == "a%2Cb:c.md"


def test_markdown_lets_nothing_through_as_markup(run: RunReport) -> None:
    text = text_of(run, "markdown")
    assert "<script>" not in text
    assert "\\<script\\>alert" in text


def test_github_annotations_cannot_be_forged(run: RunReport) -> None:
    lines = text_of(run, "github").splitlines()
    assert [line.split(" ")[0] for line in lines] == ["::error", "::error", "::warning", "::error"]
    assert lines[0].startswith("::error file=a%2Cb%3Ac.md,line=3,col=7,title=ok::")


def test_text_says_the_repair_and_hides_terminal_codes(run: RunReport) -> None:
    text = text_of(run, "text")
    assert "repaired: https://example.org/amid" in text
    assert "\x1b" not in text
    assert text.endswith("3 citations, 1 links: 1 blocked, 1 ok, 1 placeholder\n")


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"github"}))
def test_a_run_over_nothing_is_still_a_document(name: str) -> None:
    empty = RunReport(
        version="0.1.0",
        started=STARTED,
        finished=STARTED,
        articles=(),
        links=(),
        cited_by=(),
        summary={},
    )
    assert text_of(empty, name)


def test_a_run_has_a_finding_where_an_outcome_fails_or_an_address_was_mended(run: RunReport) -> None:
    calm = replace(run, summary={"ok": 3}, has_mended=False)
    assert has_finding(run)
    assert not has_finding(calm)
    assert has_finding(replace(calm, has_mended=True))
    assert has_finding(replace(calm, summary={"ok": 2, "placeholder": 1}))
    assert not has_finding(replace(calm, summary={"ok": 2, "placeholder": 1}), frozenset({Outcome.GONE}))
