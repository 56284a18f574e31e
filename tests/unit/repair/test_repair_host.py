"""Hosts that are broken, mistyped or written with marks that no host has."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose


@pytest.mark.parametrize("break_", ["-\n", "-\r\n", "- \n", "-\n   "])
def test_a_host_broken_after_a_hyphen_has_two_readings_and_asks_the_web(break_: str) -> None:
    repair = propose(f"https://www.valley{break_}paper.com/x")
    assert repair.decision is Decision.NEEDS_LIVE
    assert {each.url for each in repair.candidates[:2]} == {
        "https://www.valley-paper.com/x",
        "https://www.valleypaper.com/x",
    }


def test_words_on_both_sides_of_a_hosts_hyphen_put_the_hyphen_first() -> None:
    assert propose("https://www.valley-\npaper.com/x").best.url == "https://www.valley-paper.com/x"


def test_a_word_that_a_hosts_hyphen_cuts_puts_the_word_first() -> None:
    assert propose("https://www.obser-\nver.com/x").best.url == "https://www.observer.com/x"


@pytest.mark.parametrize(
    "written",
    [
        "https://www,example.org/x",
        "https://www;example.org/x",
        "https://www,example,org/x",
        "https://www..example.org/x",
        "https://www:example.org/x",
        "https://www/.example.org/x",
        "https://www\u3002example\uff0eorg/x",
        "https://\uff57\uff57\uff57\uff0e\uff45\uff58\uff41\uff4d\uff50\uff4c\uff45\uff0e\uff4f\uff52\uff47/x",
        "https://www.example.org:/x",
        "https://www%2Eexample%2Eorg/x",
    ],
)
def test_marks_that_no_host_has_are_dots(written: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.AUTO, "https://www.example.org/x")


@pytest.mark.parametrize(
    "written", ["https://ww.example.org/x", "https://wwww.example.org/x", "https://www.ex\u0430mple.org/x"]
)
def test_a_host_that_may_exist_as_it_is_written_asks_the_web(written: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.NEEDS_LIVE, "https://www.example.org/x")


@pytest.mark.parametrize(
    "url",
    [
        "https://m\u00fcnchen-blatt.de/x",
        "https://\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444/x",
        "http://192.0.2.10:8080/x",
    ],
)
def test_hosts_in_other_alphabets_stay(url: str) -> None:
    assert propose(url).decision is Decision.KEEP


def test_a_host_broken_without_a_hyphen_has_had_none() -> None:
    assert (
        propose("https://www.the\ndestin.net/news/state").best.url == "https://www.thedestin.net/news/state"
    )
