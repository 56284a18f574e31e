"""Siblings stand in the same directory, cannot exist, and are asked for only on a suspicion."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model import Outcome
from workers.url import is_fetchable, parse
from workers.verdict.context import Context, Probe
from workers.verdict.outcome import decide
from workers.verdict.probe import directory_of, probe_url
from workers.verdict.suspicion import is_suspect, needs_probe


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("https://a.example/2019/03/04/pier-closed-a86767", "/2019/03/04"),
        ("https://a.example/news/pier.html", "/news"),
        ("https://a.example/pier", "/"),
        ("https://a.example/news/pier/", "/news"),
    ],
)
def test_a_sibling_stands_in_the_same_directory(url, directory):
    sibling = parse(probe_url(url, seed="x"))
    assert sibling.host == "a.example"
    assert str(PurePosixPath(sibling.pathname).parent) == directory
    assert "pier" not in sibling.pathname


def test_slug_and_id_both_differ():
    sibling = probe_url("https://a.example/n/pier-closed-a86767", seed="x")
    assert "86767" not in sibling
    assert "closed" not in sibling


def test_an_id_in_the_directory_differs_too():
    sibling = probe_url("https://a.example/questions/4455667/how-to-moor", seed="x")
    assert "4455667" not in sibling
    assert sibling.startswith("https://a.example/questions/9")


def test_a_short_number_before_a_slug_differs_too():
    sibling = probe_url("https://a.example/word/44/not-found", seed="x")
    assert "/44/" not in sibling
    assert sibling.startswith("https://a.example/word/9")


@pytest.mark.parametrize(
    "path", ["/2019/03/04/pier", "/2019/44/pier", "/44/pier", "/news/44/5", "/tag/7/8-boats"]
)
def test_numbers_of_dates_and_shelves_stay(path):
    sibling = parse(probe_url(f"https://a.example{path}", seed="x"))
    assert sibling.pathname.rpartition("/")[0] == path.rpartition("/")[0]


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("https://a.example/news/pier", "https://a.example/news/"),
        ("https://a.example/news/pier/", "https://a.example/news/"),
        ("https://a.example/news/pier.html", "https://a.example/news/.html"),
        ("https://a.example/word/44/not-found", "https://a.example/word/*/"),
        ("https://a.example/questions/4455667/how-to-moor", "https://a.example/questions/*/"),
        ("https://a.example/view.php?id=5512&lang=en", "https://a.example/view.php?id&lang"),
        ("https://a.example/?p=7", "https://a.example/?p"),
        ("not a url", "not a url"),
    ],
)
def test_a_sibling_speaks_for_its_directory_and_way_of_picking(url, directory):
    assert directory_of(url) == directory


@pytest.mark.parametrize("url", ["https://a.example/photo/9", "https://a.example/p.php?id=16"])
def test_a_short_number_gives_way_to_one_that_the_host_cannot_have_come_to(url):
    number = probe_url(url, seed="x").partition("id=")[2] or probe_url(url, seed="x").rpartition("/")[2]
    assert number.isdigit()
    assert len(number) == 8


def test_a_query_that_picks_the_item_changes_and_its_script_stays():
    sibling = probe_url("https://a.example/view.php?id=5512&lang=en", seed="x")
    assert sibling.startswith("https://a.example/view.php?id=9")
    assert sibling.endswith("&lang=en")


def test_the_ending_stays():
    assert probe_url("https://a.example/news/pier.html", seed="x").endswith(".html")


def test_the_seed_decides():
    url = "https://a.example/news/pier-1"
    assert probe_url(url, seed="x") == probe_url(url, seed="x")
    assert probe_url(url, seed="x") != probe_url(url, seed="y")


@given(path=st.text(max_size=40), query=st.text(max_size=20), seed=st.text(max_size=5))
def test_a_sibling_is_another_address_that_can_be_fetched(path, query, seed):
    url = f"https://a.example/{path}?{query}"
    sibling = probe_url(url, seed=seed)
    assert is_fetchable(sibling)
    assert sibling != parse(url).href


def test_a_string_that_is_no_url_comes_back():
    assert probe_url("not a url", seed="x") == "not a url"


PIECE = (
    "<title>Eastern pier closed</title><h1>Eastern pier closed</h1><p>"
    + "Engineers replace the old piles. " * 30
)


def test_an_ordinary_page_needs_no_sibling(observation, page):
    assert not is_suspect(observation(PIECE.encode()), page(PIECE))


@pytest.mark.parametrize(
    "html",
    [
        "<title>Page not found</title><h1>Eastern pier closed</h1><p>"
        + "Engineers replace the old piles. " * 30,
        "<title>Eastern pier closed</title><h1>Eastern pier closed</h1><p>Short.",
        "<title>Studio</title><h1>We make pictures</h1><p>" + "Engineers replace the old piles. " * 30,
        PIECE + '<link rel=canonical href="https://daily.example/">',
    ],
)
def test_a_page_with_a_weak_sign_needs_a_sibling(observation, page, html):
    assert is_suspect(observation(html.encode()), page(html))


def test_a_front_page_a_shell_and_a_404_need_none(observation, page):
    short = "<title>Studio</title><p>Hello."
    assert not is_suspect(observation(short.encode(), url="https://a.example/"), page(short))
    shell = '<title>App</title><div id=root></div><script src="/a.js"></script>'
    assert not is_suspect(observation(shell.encode()), page(shell))
    assert not is_suspect(observation(short.encode(), status=404), page(short))
    assert not is_suspect(observation(b""), None)


def test_a_page_that_says_nothing_but_that_it_is_missing_needs_none(observation, page):
    html = "<title>Page not found</title><h1>Page not found</h1>"
    seen, shown = observation(html.encode()), page(html)
    verdict = decide(seen, page=shown, context=Context())
    assert verdict.outcome is Outcome.SOFT_404
    assert not needs_probe(seen, shown, verdict)


def test_a_page_that_a_refusal_would_clear_needs_one_and_no_second(observation, page):
    html = (
        "<title>Thread 44</title><h1>Thread 44</h1><p>Mine clicks twice and stops.</p>"
        "<p>Clean it with vinegar.</p><p>This topic has been closed.</p>"
    )
    seen, shown = observation(html.encode(), url="https://a.example/thread/44"), page(html)
    verdict = decide(seen, page=shown, context=Context())
    assert verdict.outcome is Outcome.SOFT_404
    assert needs_probe(seen, shown, verdict)
    asked = Probe(
        observation=observation(b"", url="https://a.example/thread/90099123", status=404), page=None
    )
    assert not needs_probe(seen, shown, verdict, Context(probe=asked))


def test_few_words_of_a_cut_body_are_no_suspicion(observation, page):
    html = "<title>Eastern pier closed</title><h1>Eastern pier closed</h1><p>Short."
    assert not is_suspect(observation(html.encode(), complete=False), page(html))


def test_a_higher_landing_place_needs_a_sibling_unless_it_keeps_the_slug(observation, page):
    seen = observation(PIECE.encode(), url="https://a.example/news/2024/eastern-pier-closed")
    kept = replace(seen, final_url="https://a.example/2024/eastern-pier-closed")
    lost = replace(seen, final_url="https://a.example/2024/")
    assert not is_suspect(kept, page(PIECE))
    assert is_suspect(lost, page(PIECE))
