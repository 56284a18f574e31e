"""The alignment in parts: words of every script, the heaviest way, local alignment, and what always holds."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from tests.made_pages import Recipe, make
from tests.made_words import KNOWN
from workers.align.local import align_locally
from workers.align.match import THRESHOLD, recover_links
from workers.align.order import Step, heaviest_way
from workers.align.page_text import MAX_LINKS, MAX_WORDS, read_page_text
from workers.align.wording import alike, words_of
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Decision, FoundOn, Recovery

LIVE = FoundOn(kind="live", url="https://a.example/")


def found_in(copy: str, page: str) -> list[Recovery]:
    document = find_links(Source(name="copy.md", data=copy.encode()))
    text = read_page_text(page.encode(), url=LIVE.url, charset="utf-8")
    found = recover_links(document, text, found_on=LIVE)
    return [found[number] for number in sorted(found)]


def test_words_are_the_same_whatever_their_accents_points_and_case() -> None:
    assert words_of("Île, ÎLE") == ("ile", "ile")
    assert words_of("Ёлка ёлка") == ("елка", "елка")
    assert words_of("مُحَمَّد محـــمد") == ("محمد", "محمد")
    assert words_of("新桥 opened") == ("新", "桥", "opened")
    assert words_of("soft\u00adly") == ("softly",)


def test_words_that_begin_alike_are_nearly_the_same() -> None:
    assert alike(("warning",), ("warned",)) == 0.8
    assert alike(("said",), ("sailed",)) == 0.0
    assert alike(("a", "b"), ("a", "b")) == 1.0


def test_the_heaviest_way_never_goes_back() -> None:
    steps = [Step(0, 5, 1.0), Step(1, 1, 2.0), Step(2, 2, 2.0), Step(3, 6, 1.0), Step(1, 6, 9.0)]
    assert heaviest_way(steps) == [Step(0, 5, 1.0), Step(1, 6, 9.0)]
    assert heaviest_way([]) == []


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 9)), max_size=9))
def test_the_heaviest_way_is_as_heavy_as_the_best_of_all(pairs: list[tuple[int, int, int]]) -> None:
    steps = [Step(cited, link, float(weight)) for cited, link, weight in pairs]
    best = 0.0
    for size in range(1, len(steps) + 1):
        for chosen in itertools.combinations(sorted(steps, key=lambda s: (s.cited, s.link)), size):
            if all(a.cited < b.cited and a.link < b.link for a, b in itertools.pairwise(chosen)):
                best = max(best, sum(step.weight for step in chosen))
    way = heaviest_way(steps)
    assert all(a.cited < b.cited and a.link < b.link for a, b in itertools.pairwise(way))
    assert sum(step.weight for step in way) == best


def test_words_that_stand_together_win_over_the_same_words_scattered() -> None:
    page = [
        "a",
        "x",
        "x",
        "x",
        "x",
        "b",
        "x",
        "x",
        "x",
        "x",
        "x",
        "c",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "x",
        "a",
        "b",
        "c",
    ]
    assert align_locally(["a", "b", "c"], page, lambda _: 1.0) == [(0, 27), (1, 28), (2, 29)]


@given(st.lists(st.sampled_from("abcd"), max_size=12), st.lists(st.sampled_from("abcd"), max_size=20))
def test_a_local_alignment_rises_on_equal_words(said: list[str], page: list[str]) -> None:
    pairs = align_locally(said, page, lambda _: 1.0)
    assert all(said[here] == page[there] for here, there in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in itertools.pairwise(pairs))


@given(st.integers(0, 10_000))
def test_every_recovery_is_whole(seed: int) -> None:
    made = make(seed, Recipe(tongues=KNOWN, doubled=0.5))
    found = found_in(made.copy, made.page)
    assert len(found) == len(made.truth)
    for each in found:
        assert all(0 <= candidate.score <= 1 and candidate.evidence for candidate in each.candidates)
        assert each.best == (each.candidates[0].url if each.candidates else None)
        if each.decision is Decision.AUTO:
            assert each.candidates[0].score >= THRESHOLD
            assert each.best is not None
            assert each.best.startswith("https://")


def test_a_link_stands_for_one_citation_only() -> None:
    sentence = "The northern harbour was closed by the storm, the wire [reported](#) at noon."
    copy = f"{sentence}\n\nNobody was hurt, and trains ran.\n\n{sentence}\n"
    page = (
        "<p>The northern harbour was closed by the storm, the wire <a href='https://w.example/1'>reported</a>"
        " at noon.</p><p>Nobody was hurt, and trains ran.</p>"
    )
    assert sum(each.decision is Decision.AUTO for each in found_in(copy, page)) <= 1


def test_a_known_link_is_not_given_away() -> None:
    copy = (
        "The wire [reported](https://w.example/1) a flood on the coast, and the board [reported](#) none.\n"
    )
    page = (
        "<p>The wire <a href='https://w.example/1'>reported</a> a flood on the coast, and the board"
        " <a href='https://b.example/2'>reported</a> none.</p>"
    )
    assert [each.best for each in found_in(copy, page)] == ["https://b.example/2"]


def test_two_same_anchors_of_one_sentence_keep_their_order() -> None:
    copy = "The wire [reported](#) a flood on the coast, and the harbour board [reported](#) none at all.\n"
    page = (
        "<p>The wire <a href='https://w.example/1'>reported</a> a flood on the coast, and the harbour board"
        " <a href='https://b.example/2'>reported</a> none at all.</p>"
    )
    found = found_in(copy, page)
    assert [each.best for each in found] == ["https://w.example/1", "https://b.example/2"]
    assert {each.decision for each in found} == {Decision.AUTO}


def test_a_page_that_says_in_few_words_what_the_copy_says_in_many_is_enough() -> None:
    copy = (
        "South Korea may soon deploy personnel to monitor troops said to be fighting there, the Yonhap news"
        " agency [reported](#) Tuesday, citing an anonymous government source in the capital.\n"
    )
    page = "<p>The Yonhap news agency <a href='https://w.example/1'>reported</a> Tuesday.</p>"
    (found,) = found_in(copy, page)
    assert (found.decision, found.best) == (Decision.AUTO, "https://w.example/1")


def test_a_page_without_end_is_read_to_its_bounds() -> None:
    text = read_page_text(b"<p><a href='/x'>reported</a> " * 200_000, url=LIVE.url)
    assert len(text.links) <= MAX_LINKS
    assert len(text.words) <= 2 * MAX_WORDS


def test_a_page_nested_beyond_reason_is_read() -> None:
    text = read_page_text(b"<div>" * 50_000 + b"<a href='https://x.example/'>reported</a>", url=LIVE.url)
    assert text.words in ((), ("reported",))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_page(body: bytes) -> None:
    text = read_page_text(b"<p>" + body, url=LIVE.url)
    assert all(0 <= link.start <= link.end <= len(text.words) for link in text.links)
