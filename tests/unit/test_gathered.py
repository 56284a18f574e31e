"""What a run gathers is told as it was found: citations, links, counts, and what is not known yet."""

import pytest

from workers.gathered import Gathered
from workers.model import (
    Candidate,
    Decision,
    Defect,
    Document,
    Format,
    FoundLink,
    Kind,
    LinkReport,
    Outcome,
    Recovery,
    RecoveryReason,
    Verdict,
)


@pytest.fixture(autouse=True, params=[0, 1, 2048], ids=["all packed", "one held", "all held"])
def held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many values a run holds as they are makes no difference."""
    monkeypatch.setattr("workers.spill.HELD", request.param)


A, B, C = (f"https://example.org/{name}" for name in "abc")


def found(target: str, **more: object) -> FoundLink:
    resolved = target if target.startswith("https:") else None
    return FoundLink(raw=target, target=target, kind=Kind.LINK, resolved=resolved, **more)  # type: ignore[arg-type]


def document(*targets: str, source: str = "a.md") -> Document:
    links = tuple(found(target) for target in targets)
    return Document(source=source, format=Format.MARKDOWN, text="", links=links, headline="A headline")


def gathered(*documents: Document) -> Gathered:
    run = Gathered()
    for each in documents:
        run.add(each)
    return run


def answer(run: Gathered, outcomes: dict[str, Outcome], originals: dict[str, str] | None = None) -> None:
    """Note a report for each link that `outcomes` names."""
    for task in run.tasks():
        if task.written in outcomes:
            run.note(task.number, report(task.written, (originals or {}).get(task.written), outcomes))


def report(written: str, original: str | None, outcomes: dict[str, Outcome]) -> LinkReport:
    led = original or written
    return LinkReport(
        written=written,
        original=led,
        verdict=Verdict(outcome=outcomes[written], rule="test"),
        observation=None,
        accepted=None if led == written else Candidate(url=led, rule="test", score=1.0),
    )


def told(run: Gathered) -> list[list[tuple[str, str | None, str]]]:
    """Return target, original and outcome of every citation, by article."""
    return [
        [(each.found.target, each.original, str(each.outcome)) for each in article.citations]
        for article in run.articles()
    ]


def listed(run: Gathered) -> list[tuple[str, str, int]]:
    """Return written form, original and citations of every link that is shown."""
    links, cited_by = run.links()
    return [(link.written, link.original, count) for link, count in zip(links, cited_by, strict=True)]


def test_citations_stand_in_source_order_and_links_in_the_order_first_cited() -> None:
    run = gathered(document(B, "#", A), document(A, source="b.md"))
    answer(run, {A: Outcome.GONE, B: Outcome.OK})
    assert told(run) == [
        [(B, B, "ok"), ("#", None, "placeholder"), (A, A, "gone")],
        [(A, A, "gone")],
    ]
    assert listed(run) == [(B, B, 1), (A, A, 2)]
    assert dict(run.summary()) == {"gone": 2, "ok": 1, "placeholder": 1}
    assert [article.headline for article in run.articles()] == ["A headline", "A headline"]


def test_links_without_a_report_are_left_out_and_still_to_be_asked() -> None:
    run = gathered(document(A, B, "#"))
    answer(run, {B: Outcome.OK})
    assert told(run) == [[(B, B, "ok"), ("#", None, "placeholder")]]
    assert listed(run) == [(B, B, 1)]
    assert dict(run.summary()) == {"ok": 1, "placeholder": 1}
    assert [task.written for task in run.tasks()] == [A]
    assert not run.has_mended()


def test_an_article_that_cannot_be_read_keeps_its_place() -> None:
    run = gathered(document(A))
    run.add_unreadable("b.pdf", "b.pdf: is empty", is_walked=True)
    first, second = run.articles()
    assert (first.error, second.error, second.is_walked) == (None, "b.pdf: is empty", True)
    assert list(second.citations) == []


def test_a_malformed_citation_has_no_original() -> None:
    run = Gathered()
    broken = FoundLink(raw="htp//x", target="htp//x", kind=Kind.LINK, defects=(Defect.BAD_SCHEME,))
    run.add(Document(source="a", format=Format.TEXT, text="", links=(broken,)))
    answer(run, {"htp//x": Outcome.MALFORMED})
    assert told(run) == [[("htp//x", None, "malformed")]]
    assert listed(run) == [("htp//x", "htp//x", 0)]


def test_a_repair_that_leads_to_a_cited_link_does_not_list_it_twice() -> None:
    outcomes = dict.fromkeys((A, B, C), Outcome.OK)
    run = gathered(document(A, B, C))
    answer(run, outcomes, {A: C})
    assert listed(run) == [(C, C, 2), (B, B, 1)]
    run = gathered(document(C, B, A))
    answer(run, outcomes, {A: C})
    assert listed(run) == [(C, C, 2), (B, B, 1)]
    assert told(run) == [[(C, C, "ok"), (B, B, "ok"), (A, C, "ok")]]


def test_two_repairs_that_lead_to_one_address_are_one_link() -> None:
    run = gathered(document(A, B))
    answer(run, dict.fromkeys((A, B), Outcome.OK), {A: C, B: C})
    assert listed(run) == [(A, C, 2)]
    assert run.has_mended()


def recovery(best: str | None) -> Recovery:
    decision = Decision.ABSTAIN if best is None else Decision.AUTO
    reason = RecoveryReason.NO_LINK if best is None else RecoveryReason.MATCHED
    return Recovery(decision=decision, best=best, candidates=(), found_on=None, reason=reason)


def test_a_stripped_link_that_was_found_again_has_the_outcome_of_its_target() -> None:
    cited = document("#", A, "#", "#")
    run = gathered(document(B), cited)
    answer(run, {A: Outcome.OK, B: Outcome.GONE})
    found_again = {0: recovery(C), 2: recovery(B), 3: recovery(None)}
    run.add_recovered(1, cited, found_again, is_wanted=lambda _: True)
    assert [(task.written, task.headline) for task in run.tasks()] == [(C, "A headline")]
    assert dict(run.summary()) == {"gone": 2, "ok": 1, "placeholder": 2}
    answer(run, {C: Outcome.MOVED})
    assert told(run)[1] == [
        ("#", C, "moved"),
        (A, A, "ok"),
        ("#", B, "gone"),
        ("#", None, "placeholder"),
    ]
    assert listed(run) == [(B, B, 2), (A, A, 1), (C, C, 1)]
    assert dict(run.summary()) == {"gone": 2, "moved": 1, "ok": 1, "placeholder": 1}
    assert run.has_mended()
    recovered = run.articles()[1].citations
    assert [each.recovery for each in recovered] == [found_again[0], None, found_again[2], found_again[3]]


def test_a_target_that_is_not_wanted_is_told_and_not_asked() -> None:
    cited = document("#")
    run = gathered(cited)
    run.add_recovered(0, cited, {0: recovery(C)}, is_wanted=lambda _: False)
    assert list(run.tasks()) == []
    (citation,) = run.articles()[0].citations
    assert (citation.original, citation.outcome) == (C, Outcome.PLACEHOLDER)
    assert citation.evidence == ("no target", "found again, and not checked in this run")


def test_a_report_in_place_of_another_counts_alone() -> None:
    run = gathered(document(A))
    answer(run, {A: Outcome.OK})
    run.note(0, report(A, None, {A: Outcome.MOVED}))
    assert told(run) == [[(A, A, "moved")]]
    assert dict(run.summary()) == {"moved": 1}
    assert {written: each.verdict.outcome for written, each in run.by_address().items()} == {A: "moved"}
