"""How a site changed its addresses is learned from three links that moved alike, and from no fewer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.repair.moves import foretold, learn

SITE = "https://news.example"
NAMES = ("storm-warnings", "ferry-strike", "harbour-fire", "winter-budget")


def moves(old: str, new: str, names=NAMES[:3], start: int = 1):
    """Return moves made of two forms, each with its own name and number."""
    return [
        (old.format(name=name, n=start + number * 111), new.format(name=name, n=start + number * 111))
        for number, name in enumerate(names)
    ]


@pytest.mark.parametrize(
    ("old", "new", "dead", "expected"),
    [
        ("/{n}/{name}.html", "/archive/{name}/", "/2014/river-rise.html", "/archive/river-rise/"),
        ("/news/{name}-{n}", "/world/{n}/{name}", "/news/river-rise-777", "/world/777/river-rise"),
        ("/story.php?slug={name}", "/story/{name}", "/story.php?slug=river-rise", "/story/river-rise"),
        ("/s.php?s={name}-{n}", "/story/{name}/{n}", "/s.php?s=2014-777", "/story/2014/777"),
        ("/a/{name}", "/b/{name}", "/a/2014/river-rise", "/b/2014/river-rise"),
        ("/{name}.aspx", "/{name}", "/river-rise.aspx", "/river-rise"),
        ("/en/{name}", "/{name}?lang=en", "/en/river-rise", "/river-rise?lang=en"),
    ],
)
def test_three_moves_alike_foretell_a_fourth(old: str, new: str, dead: str, expected: str) -> None:
    rules = learn(moves(SITE + old, SITE + new))
    assert [made for made, _ in foretold(SITE + dead, rules)] == [SITE + expected]
    assert rules[0].agreeing == 3


def test_a_new_host_is_a_move_too() -> None:
    rules = learn(moves("http://old.example/a/{name}", "https://www.new.example/a/{name}"))
    assert [made for made, _ in foretold("http://old.example/b/x-y?z=1", rules)] == [
        "https://www.new.example/b/x-y?z=1"
    ]


def test_two_moves_alike_foretell_nothing() -> None:
    assert learn(moves(f"{SITE}/a/{{name}}", f"{SITE}/b/{{name}}", NAMES[:2])) == ()
    assert learn(moves(f"{SITE}/a/{{name}}", f"{SITE}/b/{{name}}", (NAMES[0],) * 5)[:1] * 5) == ()


def test_moves_to_one_page_are_no_rule() -> None:
    assert learn(moves(f"{SITE}/a/{{name}}", f"{SITE}/")) == ()
    assert learn(moves(f"{SITE}/a/{{name}}", f"{SITE}/sorry")) == ()


def test_new_numbers_that_nobody_can_know_are_no_rule() -> None:
    made = [
        (f"{SITE}/a/{name}", f"{SITE}/b/{name}-{number}")
        for number, name in ((7, "x-y"), (9, "u-v"), (4, "p-q"))
    ]
    assert learn(made) == ()


def test_a_rule_that_most_moves_gainsay_is_dropped() -> None:
    alike = moves(f"{SITE}/a/{{name}}", f"{SITE}/b/{{name}}")
    others = [(f"{SITE}/a/odd-{letter}", f"{SITE}/{letter * 3}/odd-{letter}") for letter in "cdef"]
    assert learn(alike + others) == ()


def test_addresses_of_other_hosts_and_other_shapes_are_left_alone() -> None:
    rules = learn(moves(f"{SITE}/a/{{name}}.html", f"{SITE}/b/{{name}}"))
    assert list(foretold("https://other.example/a/x-y.html", rules)) == []
    assert list(foretold(f"{SITE}/c/x-y.html", rules)) == []
    assert list(foretold(f"{SITE}/a/x-y.pdf", rules)) == []


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=8), st.text(max_size=40))
def test_learning_is_total_on_any_text(pairs, url) -> None:
    made = [(f"{SITE}/{old}", f"{SITE}/{new}") for old, new in pairs]
    assert all(new != f"{SITE}/{url}" for new, _ in foretold(f"{SITE}/{url}", learn(made)))
