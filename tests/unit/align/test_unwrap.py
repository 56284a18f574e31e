"""Addresses taken out of an archive's rewriting, and captures that an author cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.align.unwrap import Rewriting, find_rewriting, original_of

STAMP = "20240311093000"
TARGET = "https://wire.example/2024/a?b=1&c=http://d.example/"
OURS = Rewriting(frozenset({STAMP}))


@pytest.mark.parametrize(
    "written",
    [
        f"https://web.archive.org/web/{STAMP}/{TARGET}",
        f"https://web.archive.org/web/{STAMP}id_/{TARGET}",
        f"http://127.0.0.1:8080/web/{STAMP}im_/{TARGET}",
        f"/web/{STAMP}/{TARGET}",
        f"//web.archive.org/web/{STAMP}/{TARGET}",
        f"https://arquivo.pt/wayback/{STAMP}mp_/{TARGET}",
        f"https://replay.example/all/{STAMP}mp_/{TARGET}",
        f"/all/mp_/{TARGET}",
        f"/o/aB3dE/{TARGET}",
        f"/web/{STAMP}/{TARGET.replace('https://', 'https:/')}",
    ],
)
def test_what_a_replay_put_before_an_address_is_taken_away(written: str) -> None:
    assert OURS.unwrap(written) == TARGET


def test_an_address_that_was_encoded_is_decoded() -> None:
    assert OURS.unwrap(f"/web/{STAMP}/https%3A%2F%2Fwire.example%2Fa") == "https://wire.example/a"


@pytest.mark.parametrize(
    "written",
    [
        "https://web.archive.org/web/20190101000000/https://wire.example/a",
        "https://archive.ph/2019.01.01-000000/https://wire.example/a",
        "https://wire.example/2024/https-explained",
        "/out/12345/https://wire.example/a",
        "https://share.example/?u=https://wire.example/a",
        "#top",
        "",
    ],
)
def test_what_the_author_wrote_stays_whole(written: str) -> None:
    assert OURS.unwrap(written) == written


def test_a_cited_capture_that_was_rewritten_loses_one_layer() -> None:
    cited = "https://web.archive.org/web/20190101000000/https://wire.example/a"
    assert OURS.unwrap(f"https://web.archive.org/web/{STAMP}/{cited}") == cited


def test_a_stamp_that_most_links_carry_is_the_pages_own() -> None:
    other = "20200202020202"
    addresses = [f"https://a.example/web/{other}/https://x.example/{n}" for n in range(4)]
    rewriting = find_rewriting(addresses, stamp=STAMP)
    assert rewriting.unwrap(addresses[0]) == "https://x.example/0"
    assert rewriting.stamps == {STAMP, other}


def test_one_capture_among_many_links_is_the_authors() -> None:
    cited = "https://web.archive.org/web/20190101000000/https://wire.example/a"
    rewriting = find_rewriting([cited, *(f"https://x.example/{n}" for n in range(9))])
    assert rewriting.unwrap(cited) == cited


def test_a_capture_given_as_an_articles_address_names_its_original() -> None:
    assert original_of("https://web.archive.org/web/2019/https://a.example/b") == "https://a.example/b"
    assert original_of("https://a.example/b") == "https://a.example/b"


@given(st.text(max_size=200))
def test_any_text_is_answered(text: str) -> None:
    assert isinstance(OURS.unwrap(text), str)


@given(st.from_regex(r"https://[a-z]{1,9}\.example/[a-z0-9/-]{0,30}", fullmatch=True))
def test_wrapping_and_unwrapping_gives_the_same(url: str) -> None:
    assert OURS.unwrap(f"https://web.archive.org/web/{STAMP}/{url}") == url
