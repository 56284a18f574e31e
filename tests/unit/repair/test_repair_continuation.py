"""A slug that was cut short goes on as its title does, as something for the live web to tell."""

from workers.model import Decision
from workers.repair.continuation import continuations
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings

STUB = "http://news.example/2014/03/rivers-rise-in-the-no"
TITLE = "Storm: Rivers Rise in the North's 2.5m Homes | The Daily"


def made(stub: str, *titles: str) -> list[str]:
    return [url for url, _ in continuations(stub, titles)]


def test_the_rest_of_the_title_follows_in_the_endings_that_sites_use() -> None:
    whole = "http://news.example/2014/03/rivers-rise-in-the-norths-25m-homes"
    assert made(STUB, TITLE) == [
        f"{whole}/", f"{whole}-the-daily/", whole, f"{whole}-the-daily",
        f"{whole}.html", f"{whole}-the-daily.html",
    ]  # fmt: skip


def test_words_are_written_as_slugs_write_them() -> None:
    assert made("https://z.example/behorden-melden-uber", "Behörden melden Überschwemmung")[1] == (
        "https://z.example/behorden-melden-uberschwemmung"
    )


def test_a_title_that_goes_another_way_or_ends_before_says_nothing() -> None:
    assert made(STUB, "Rivers fall in the north") == []
    assert made(STUB, "Rivers rise in the") == []
    assert made("http://news.example/", TITLE) == []


def test_what_was_cut_is_still_left_as_written_and_only_tried() -> None:
    repair = propose(f"{STUB}…", Surroundings(headline=TITLE))
    assert (repair.decision, repair.best.url) == (Decision.ABSTAIN, f"{STUB}…")
    assert repair.candidates[1].rule == "truncated+continued"
    assert len(repair.candidates) <= 7
