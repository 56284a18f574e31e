"""From citations to links and back."""

import pytest

from workers.model import Decision, Defect, Document, Format, FoundLink, Kind, LinkReport, Outcome, Verdict
from workers.plan import distinct_links, plan, report_article, verdict_as_written


def found(target: str, **more: object) -> FoundLink:
    return FoundLink(raw=target, target=target, kind=Kind.LINK, **more)  # type: ignore[arg-type]


def document(*links: FoundLink, source: str = "a.md", headline: str | None = "A headline") -> Document:
    return Document(source=source, format=Format.MARKDOWN, text="", links=links, headline=headline)


@pytest.mark.parametrize(
    "target", ["#", "", " ", "javascript:void(0)", "JavaScript: void( 0 );", "javascript:;"]
)
def test_a_stripped_target_is_a_placeholder(target: str) -> None:
    verdict = verdict_as_written(found(target, defects=(Defect.FRAGMENT_ONLY,)))
    assert verdict is not None
    assert verdict.outcome is Outcome.PLACEHOLDER


@pytest.mark.parametrize(
    ("target", "defect"),
    [
        ("mailto:desk@example.org", Defect.UNSUPPORTED_SCHEME),
        ("javascript:openGallery(3)", Defect.SCRIPT),
        ("data:text/plain,hi", Defect.UNSUPPORTED_SCHEME),
    ],
)
def test_a_scheme_that_is_not_fetched_is_unsupported(target: str, defect: Defect) -> None:
    verdict = verdict_as_written(found(target, defects=(defect,)))
    assert verdict is not None
    assert verdict.outcome is Outcome.UNSUPPORTED
    assert verdict.evidence[0].endswith("is not fetched")


def test_a_place_in_the_article_and_a_relative_link_have_nothing_to_fetch() -> None:
    assert verdict_as_written(found("#notes", defects=(Defect.FRAGMENT_ONLY,))).rule == "written/fragment"  # type: ignore[union-attr]
    assert verdict_as_written(found("../about")).rule == "written/relative"  # type: ignore[union-attr]


def test_a_broken_address_is_still_asked_for_by_its_repairs() -> None:
    assert verdict_as_written(found("htp//example.org", defects=(Defect.BAD_SCHEME,))) is None


@pytest.mark.parametrize(
    "target",
    ["http//example.org/a", "http;//example.org/a", "example.org/2024/piece", "www.example.org/piece/1"],
)
def test_an_address_that_reads_as_a_path_is_asked_for_by_its_repairs(target: str) -> None:
    (task,) = plan([document(found(target))])
    assert (task.written, task.hard_defect) == (target, True)
    assert task.repair is not None
    assert task.repair.best.url.endswith(target.rpartition("example.org")[2])


@pytest.mark.parametrize("target", ["../about", "README.md", "setup.py/x", "docs/v1.2/read", "./a.com/b/c"])
def test_a_path_is_no_address(target: str) -> None:
    assert verdict_as_written(found(target)).rule == "written/relative"  # type: ignore[union-attr]


def test_repairs_are_made_of_what_is_written_not_of_what_was_read_into_it() -> None:
    written = "https://example.org/yellow\u2010jackets-\ufb01nale"
    (task,) = plan(
        [document(found(written, resolved="https://example.org/x", defects=(Defect.UNICODE_DASH,)))]
    )
    assert task.repair is not None
    assert task.repair.best.url == "https://example.org/yellow-jackets-finale"


def test_an_address_that_dots_followed_is_not_taken_as_whole() -> None:
    url = "https://example.org/2024/rivers-rise-in-the"
    (task,) = plan([document(found(url, resolved=url, defects=(Defect.ELLIPSIS,)))])
    assert task.repair is not None
    assert task.repair.decision is Decision.ABSTAIN


def test_one_address_cited_twice_is_one_task_with_both_anchors() -> None:
    address = "https://example.org/a"
    tasks = plan(
        [
            document(found(address, resolved=address, anchor="first")),
            document(found(address, resolved=address, anchor="second"), source="b.md", headline="Other"),
        ]
    )
    assert [(t.written, t.anchors, t.headline) for t in tasks] == [
        (address, ("first", "second"), "A headline")
    ]


def test_a_line_break_in_one_citation_makes_the_defect_hard() -> None:
    address = "https://example.org/a"
    broken = found(
        address, resolved=address, defects=(Defect.LINE_BREAK,), readings=("https://example.org/b",)
    )
    (task,) = plan([document(broken)])
    assert task.hard_defect
    assert task.readings == ("https://example.org/b",)


def report(written: str, original: str, outcome: Outcome = Outcome.OK) -> LinkReport:
    return LinkReport(
        written=written, original=original, verdict=Verdict(outcome=outcome, rule="test"), observation=None
    )


def test_a_citation_takes_the_original_of_its_link() -> None:
    written, repaired = "https://example.org/a-mid", "https://example.org/amid"
    article = report_article(
        document(found(written, resolved=written), found("#", defects=(Defect.FRAGMENT_ONLY,))),
        {written: report(written, repaired)},
    )
    assert [(c.original, c.outcome) for c in article.citations] == [
        (repaired, Outcome.OK),
        (None, Outcome.PLACEHOLDER),
    ]


def test_a_malformed_citation_has_no_original() -> None:
    link = found("htp//x", defects=(Defect.BAD_SCHEME,))
    article = report_article(document(link), {"htp//x": report("htp//x", "htp//x", Outcome.MALFORMED)})
    assert article.citations[0].original is None


def test_a_repair_that_leads_to_a_cited_link_does_not_list_it_twice() -> None:
    own = report("https://example.org/amid", "https://example.org/amid")
    through_repair = report("https://example.org/a-mid", "https://example.org/amid")
    assert distinct_links([through_repair, own]) == (own,)
