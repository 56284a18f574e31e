"""Which rechecks ask only what changed, and what an answer of 304 counts for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import NOW, Answer, FakeArchive, FakeWeb, page
from workers.audit import Auditor
from workers.model import (
    Candidate,
    Decision,
    Hop,
    Kept,
    LinkReport,
    LinkTask,
    Memento,
    Observation,
    Outcome,
    Repair,
    Validators,
)
from workers.recheck import MAX_AGE, Checked, validators_of

URL = "https://news.example/2024/10/22/harbour-council-votes"
KNOWN = Validators(etag='"7"', compared_with="/memento/1")
CAPTURE = Memento(original=URL, archive="local", memento_datetime=NOW, uri_m="/memento/1")
BEST = Candidate(url=URL + "-x", rule="test", score=0.9)
SEEN = Observation(
    url=URL,
    final_url=URL,
    observed_at=NOW,
    status=200,
    hops=(Hop(url=URL, status=200),),
    headers={"etag": '"7"', "last-modified": "Mon, 02 Feb 2026 10:00:00 GMT"},
)
GOOD = Checked(outcome=Outcome.OK, observation=SEEN)
SAME = Checked(outcome=Outcome.OK, observation=replace(SEEN, status=304))


async def check(web: FakeWeb, task: LinkTask) -> LinkReport:
    auditor = Auditor(fetcher=web, archive=FakeArchive(), clock=lambda: NOW)
    (report,) = [report async for _, report in auditor.check([task])]
    return report


@pytest.mark.parametrize("kept", [None, Kept(memento=CAPTURE)], ids=["no capture", "compared"])
async def test_a_304_that_was_asked_for_is_ok_and_ends_the_check(kept: Kept | None) -> None:
    web = FakeWeb({URL: Answer(304)})
    report = await check(web, LinkTask(written=URL, validators=KNOWN, kept=kept))
    assert (report.verdict.outcome, report.verdict.rule) == (Outcome.OK, "status/304")
    assert report.verdict.evidence == ("unchanged since the last check",)
    assert (report.drift, web.asked, web.conditional) == (None, [URL], [URL])


@pytest.mark.parametrize(
    "wanted",
    [
        {"capture": True},
        {"kept": Kept(memento=replace(CAPTURE, uri_m="/memento/2"))},
        {"hard_defect": True},
        {"repair": Repair(decision=Decision.NEEDS_LIVE, best=BEST, candidates=(BEST,))},
        {"written": f"{URL}#results"},
    ],
    ids=["capture", "another capture", "hard defect", "repairs", "fragment"],
)
async def test_where_the_page_itself_is_wanted_nothing_is_conditional(wanted: dict[str, object]) -> None:
    task = replace(LinkTask(written=URL, validators=KNOWN), **wanted)  # type: ignore[arg-type]
    web = FakeWeb({task.written: Answer(200, page("Harbour council votes"))})
    assert (await check(web, task)).verdict.outcome is Outcome.OK
    assert web.conditional == []


async def test_the_repairs_of_a_recheck_that_failed_are_asked_without_validators() -> None:
    headline = "Seoul May Send Staff to Kyiv Amid Suspected Deployments"
    meant = "https://news.example/2024/10/22/seoul-may-send-staff-to-kyiv-amid-suspected-deployments-a86767"
    written = meant.replace("amid", "a-mid")
    web = FakeWeb({meant: Answer(200, page(headline))})
    report = await check(web, LinkTask(written=written, headline=headline, validators=KNOWN))
    assert (report.original, report.verdict.outcome) == (meant, Outcome.OK)
    assert (web.conditional, web.asked[:2]) == ([written], [written, meant])


@pytest.mark.parametrize(
    ("validators", "answer"),
    [(None, Answer(304)), (KNOWN, Answer(304, to="https://other.example/"))],
    ids=["unasked", "after a redirect"],
)
async def test_a_304_that_nobody_asked_for_is_a_broken_answer(
    validators: Validators | None, answer: Answer
) -> None:
    report = await check(FakeWeb({URL: answer}), LinkTask(written=URL, validators=validators))
    assert (report.verdict.outcome, report.verdict.rule) == (Outcome.DOWN, "status/304")
    assert "unchanged since the last check" not in report.verdict.evidence


@pytest.mark.parametrize(
    ("history", "etag"),
    [
        ([], None),
        ([GOOD], '"7"'),
        ([SAME, GOOD], '"7"'),
        ([SAME, SAME, GOOD], None),
        ([SAME], None),
        ([replace(GOOD, outcome=Outcome.SOFT_404), GOOD], None),
        ([replace(GOOD, tried_others=True)], None),
        ([replace(GOOD, observation=None)], None),
        ([replace(GOOD, observation=replace(SEEN, status=203))], None),
        ([replace(GOOD, observation=replace(SEEN, hops=SEEN.hops * 2))], None),
        ([replace(GOOD, observation=replace(SEEN, headers={}))], None),
        ([replace(GOOD, observation=replace(SEEN, observed_at=NOW - MAX_AGE))], '"7"'),
        ([replace(GOOD, observation=replace(SEEN, observed_at=NOW - MAX_AGE - timedelta(1)))], None),
    ],
)
def test_validators_are_those_of_a_whole_good_answer_not_long_ago(
    history: list[Checked], etag: str | None
) -> None:
    found = validators_of(history, now=NOW)
    assert (found and found.etag) == etag


@given(st.text(), st.text())
def test_what_a_host_made_up_never_breaks_a_request(etag: str, last_modified: str) -> None:
    seen = replace(SEEN, headers={"etag": etag, "last-modified": last_modified})
    found = validators_of([replace(GOOD, observation=seen)], now=NOW)
    for _, value in found.headers if found else ():
        assert value.isascii()
        assert value.isprintable()
        assert value in (etag, last_modified)


@pytest.mark.parametrize(
    ("etag", "kept"),
    [('"a"', True), ('W/"a"', True), ('""', True), ("a", False), ('"a", "b"', False), ('"a\r\nX: 1"', False)],
)
def test_only_an_etag_of_its_form_is_sent_back(etag: str, kept: bool) -> None:
    seen = replace(SEEN, headers={"etag": etag})
    found = validators_of([replace(GOOD, observation=seen)], now=NOW)
    assert (found is not None and found.headers == (("If-None-Match", etag),)) is kept
