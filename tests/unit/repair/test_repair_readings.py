"""Breaks, hyphens and headlines: which words are one and which are two."""

import pytest

from workers.model import Decision
from workers.repair.context import Context
from workers.repair.headline import Witness
from workers.repair.junction import judge
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings

SITE = "https://news.example.org/2024/"


def best(url, headline=None, **beside):
    return propose(url, Surroundings(headline=headline, **beside)).best.url


@pytest.mark.parametrize(
    ("broken", "meant"),
    [
        ("council-approves-build-\ning-of-new-bridge", "council-approves-building-of-new-bridge"),
        ("council-approves-new-\nbridge-over-river", "council-approves-new-bridge-over-river"),
        ("council-approves-new-\r\n    bridge-over-river", "council-approves-new-bridge-over-river"),
        ("council-approves-new - bridge-over-river", "council-approves-new-bridge-over-river"),
        ("council-approves-new\n-bridge-over-river", "council-approves-new-bridge-over-river"),
        ("council-approves-new-\u00a0bridge-over-river", "council-approves-new-bridge-over-river"),
        ("council-appr\noves-new-bridge", "council-approves-new-bridge"),
        ("council-approves-new-bridge-\u20282024", "council-approves-new-bridge-2024"),
        ("coun-\ncil-approves-new-\nbridge", "council-approves-new-bridge"),
        ("council approves/story.html", "council-approves/story.html"),
    ],
)
def test_a_break_is_read_by_the_words_on_both_sides(broken, meant):
    assert best(SITE + broken) == SITE + meant


def test_a_break_in_the_host_is_no_place_for_a_cut():
    assert best("https://news.\nexample.org/one") == "https://news.example.org/one"


def test_white_space_in_the_scheme_is_taken_out():
    assert best("http:/ /news.example.org/one-\ntwo") == "http://news.example.org/one-two"


def test_prose_after_an_address_is_cut_off():
    proposed = propose("https://a.example/story as the paper said last week")
    assert (proposed.best.url, proposed.best.rule) == ("https://a.example/story", "cut_at_space")


def test_the_headline_outweighs_the_words():
    url = SITE + "deep-\nfreeze-hits-south"
    assert best(url, "A deepfreeze hits the South") == SITE + "deepfreeze-hits-south"
    assert best(url, "A deep freeze hits the South") == SITE + "deep-freeze-hits-south"


def test_another_reading_of_a_broken_span_is_judged_by_its_words():
    kept, dropped = SITE + "council-build-ing-bridge", SITE + "council-building-bridge"
    assert best(kept, readings=[kept, dropped]) == dropped
    assert best(SITE + "newbridge-opens", "New bridge opens", readings=[SITE + "new-bridge-opens"]) == (
        SITE + "new-bridge-opens"
    )


def test_an_inner_hyphen_goes_only_with_the_headline_and_a_live_check():
    url = SITE + "talks-stall-a-mid-new-strikes-a86767"
    with_headline = propose(url, Surroundings(headline="Talks stall amid new strikes"))
    assert with_headline.decision is Decision.NEEDS_LIVE
    assert with_headline.best.url == SITE + "talks-stall-amid-new-strikes-a86767"
    assert with_headline.best.evidence == ("headline has 'amid' as one word",)


def test_without_a_headline_an_inner_hyphen_between_words_stays():
    url = SITE + "talks-stall-a-mid-new-strikes-a86767"
    proposed = propose(url)
    assert (proposed.decision, proposed.best.url) == (Decision.KEEP, url)
    assert SITE + "talks-stall-amid-new-strikes-a86767" in [one.url for one in proposed.candidates]


def test_the_anchor_stands_in_for_a_missing_headline():
    proposed = propose(SITE + "talks-stall-a-mid-strikes", Surroundings(anchor="Talks stall amid strikes"))
    assert proposed.best.evidence == ("anchor has 'amid' as one word",)


def test_a_fragment_of_a_word_is_suggested_even_without_a_headline():
    proposed = propose(SITE + "council-fin-ally-approves-bridge")
    assert (proposed.decision, proposed.best.url) == (
        Decision.SUGGEST,
        SITE + "council-finally-approves-bridge",
    )


@pytest.mark.parametrize(
    ("slug", "headline"),
    [
        ("sprint-and-t-mobile-merge", "Sprint and TMobile merge"),
        ("what-s-in-a-browser", "Whats in a browser"),
        ("we-ll-be-back", "Well be back"),
        ("u-s-stocks-rise", "US stocks rise"),
        ("new-bean-counter", "New bean counter"),
        ("a-day-in-a-life", "A day in a life"),
        ("nasdaqurbn-falls", "NASDAQ:URBN falls"),
        ("lunrjs-and-jekyll", "Lunr.js and Jekyll"),
        ("550e8400-e29b-41d4-a716-446655440000", None),
        ("cafe-babe-dead-beef", None),
    ],
)
def test_a_slug_may_write_words_in_its_own_way(slug, headline):
    assert propose(SITE + slug, Surroundings(headline=headline)).decision is Decision.KEEP


def test_a_lost_hyphen_is_a_suggestion_of_the_headline():
    proposed = propose(SITE + "dawn-ofblack-holes", Surroundings(headline="Dawn of black holes"))
    assert (proposed.decision, proposed.best.url) == (Decision.SUGGEST, SITE + "dawn-of-black-holes")


def test_a_witness_folds_accents_apostrophes_and_case():
    said = Witness("Köln\u2019s \u201cGroße\u201d T-Mobile café")
    assert {"koln", "koelns", "kolns", "grosse", "cafe"} <= set(said.words)
    assert said.pairs["t", "mobile"] == "-"
    assert said.apart["mobilecafe"] == len("mobile")


def test_the_language_of_the_page_counts():
    german = Context("https://a.example/x", headline="Die Gemeinde und der Landtag stimmen für das Gesetz")
    assert german.language == "de"
    assert judge("Landt", "ag", german).witnessed is True
    assert judge("Bürger", "meister", german).odds > 0 > judge("und", "der", german).odds


def test_the_country_of_the_host_counts_where_no_headline_does():
    assert Context("https://zeitung.example.de/wechsel-beim-sender").language == "de"
    assert Context("https://paper.example.de/the-end-of-the-affair").language == "en"


def test_words_nearby_count_as_known():
    slug = SITE + "mayor-zor-\nblatt-resigns"
    assert best(slug, text=f"Mayor Zorblatt resigned, see {slug}.") == SITE + "mayor-zorblatt-resigns"


def test_a_headline_word_of_the_same_stem_is_a_weaker_witness():
    proposed = propose(SITE + "the-sbar-\nros-of-town", Surroundings(headline="Sbarro opens in town"))
    assert proposed.best.url == SITE + "the-sbarros-of-town"
    assert proposed.best.evidence == ("a break put a hyphen into a word; headline has 'Sbarro'",)


def test_unknown_words_glued_in_a_slug_are_split_where_the_headline_has_both():
    proposed = propose(
        SITE + "arnault-lvmhlouvre-chardin",
        Surroundings(headline="Arnault's LVMH gives the Louvre a Chardin"),
    )
    assert (proposed.decision, proposed.best.url) == (Decision.SUGGEST, SITE + "arnault-lvmh-louvre-chardin")


def test_a_split_that_only_the_words_speak_for_stays_behind_the_written_form():
    url = SITE + "anwar-kerrpregnant-girl"
    proposed = propose(url)
    assert (proposed.decision, proposed.best.url) == (Decision.KEEP, url)
    assert SITE + "anwar-kerr-pregnant-girl" in [one.url for one in proposed.candidates]


def test_a_reading_that_differs_otherwise_is_only_offered():
    proposed = propose(SITE + "one", Surroundings(readings=[SITE + "one", SITE + "two"]))
    assert (proposed.decision, proposed.best.url) == (Decision.KEEP, SITE + "one")
    assert SITE + "two" in [one.url for one in proposed.candidates]


@pytest.mark.parametrize("end", ["s", "ll", "re", "ve", "t"])
def test_the_end_of_a_contraction_is_never_joined(end):
    proposed = propose(f"{SITE}what-they-{end}-got", Surroundings(headline=f"What they{end} got"))
    assert proposed.best.url == f"{SITE}what-they-{end}-got"


def test_headline_and_anchor_are_both_heard():
    proposed = propose(
        SITE + "talks-stall-a-mid-new-strikes",
        Surroundings(headline="Peace far off", anchor="stall amid strikes"),
    )
    assert proposed.best.evidence == ("anchor has 'amid' as one word",)
    proposed = propose(
        SITE + "talks-stall-a-mid-new-strikes",
        Surroundings(headline="Talks amid strikes", anchor="read more"),
    )
    assert proposed.best.evidence == ("headline has 'amid' as one word",)


def test_an_anchor_that_only_shows_the_address_says_nothing():
    url = SITE + "council-fin-ally-approves-bridge"
    assert propose(url, Surroundings(anchor=url)) == propose(url)
    assert propose(url, Surroundings(anchor=url[:-5] + "\u2026")) == propose(url)
    assert (
        propose(url, Surroundings(anchor=url.replace("fin-ally", "finally"))).decision is Decision.NEEDS_LIVE
    )


def test_a_region_of_a_language_does_not_matter():
    assert Context("https://a.example/x", language="de-AT").language == "de"
