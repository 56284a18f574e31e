"""From citations to links and back."""

import pytest

from workers.model import Decision, Defect, Document, Format, FoundLink, Kind, Outcome
from workers.plan import MAX_ANCHORS, Planner, plan
from workers.written import verdict_as_written


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


def test_a_link_of_a_footer_keeps_the_first_anchors_and_contexts() -> None:
    address = "https://example.org/a"
    cited = [found(address, resolved=address, anchor=f"a{n}", context=f"c{n}") for n in range(40)]
    (task,) = plan([document(*cited)])
    assert task.anchors == tuple(f"a{n}" for n in range(MAX_ANCHORS))
    assert task.contexts == ("c0", "c1", "c2")


def test_tasks_are_numbered_in_the_order_first_cited() -> None:
    a, b = "https://example.org/a", "https://example.org/b"
    tasks = plan([document(found(b, resolved=b), found(a, resolved=a), found(b, resolved=b))])
    assert [(task.written, task.number) for task in tasks] == [(b, 0), (a, 1)]
    assert [task.written for task in tasks[1:]] == [a]


def test_addresses_are_found_again_after_they_were_forgotten() -> None:
    a, b, c = (f"https://example.org/{name}" for name in "abc")
    planner = Planner()
    article = document()
    assert [planner.add(found(url, resolved=url), article, is_listed=False) for url in (a, b, a)] == [0, 1, 0]
    planner.forget_addresses()
    assert [planner.add(found(url, resolved=url), article, is_listed=False) for url in (b, c, a)] == [1, 2, 0]
    assert [task.written for task in planner.tasks([2, 0])] == [c, a]


def test_addresses_with_one_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.plan.hash", lambda _: 7, raising=False)
    urls = [f"https://example.org/{name}" for name in "abcab"]
    planner = Planner()
    assert [planner.add(found(url, resolved=url), document(), is_listed=False) for url in urls] == [
        0,
        1,
        2,
        0,
        1,
    ]
    planner.forget_addresses()
    assert [planner.add(found(url, resolved=url), document(), is_listed=False) for url in reversed(urls)] == [
        1,
        0,
        2,
        1,
        0,
    ]
