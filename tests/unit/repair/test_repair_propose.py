"""The whole proposal: decisions, bounds, and what holds for any text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model import Decision
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings

SEED = (
    "https://www.themoscowtimes.com/2024/10/22/south-korea-may-send-military-personnel-to-ukraine-"
    "a-mid-suspected-north-korean-deployments-yonhap-a86767"
)
MENDED = SEED.replace("a-mid", "amid")
HEADLINE = (
    "South Korea May Send Military Personnel to Ukraine Amid Suspected North Korean Deployments \u2013 Yonhap"
)
LINEAR_S = 10.0  # generous: what is not linear takes minutes


def test_the_seed_is_repaired_by_its_headline():
    proposed = propose(SEED, Surroundings(headline=HEADLINE))
    assert proposed.decision is Decision.NEEDS_LIVE
    assert [one.url for one in proposed.candidates] == [MENDED, SEED]
    assert proposed.best.evidence == ("headline has 'Amid' as one word",)


def test_the_seed_stays_as_written_without_its_headline():
    proposed = propose(SEED)
    assert (proposed.decision, proposed.best.url) == (Decision.KEEP, SEED)
    assert MENDED in [one.url for one in proposed.candidates]


def test_two_faults_at_once_are_both_named():
    proposed = propose(f"\u201c{SEED}\u201d", Surroundings(headline=HEADLINE))
    assert (proposed.best.url, proposed.best.rule) == (MENDED, "edge+hyphen_in_word")


def test_a_certain_repair_is_not_held_back_by_a_guess():
    proposed = propose("hxxps://a[.]example/the-build-ing-site")
    assert proposed.decision is Decision.AUTO
    assert proposed.best.url == "https://a.example/the-build-ing-site"


def test_a_missing_scheme_offers_both():
    urls = [one.url for one in propose("www.example.org/one").candidates]
    assert urls == ["https://www.example.org/one", "http://www.example.org/one", "www.example.org/one"]


@pytest.mark.parametrize("mark", ["\u2026", "...", "[\u2026]", "(...)", "\u22ef", "%E2%80%A6", "&hellip;"])
def test_an_address_that_was_cut_short_is_flagged_and_left(mark):
    url = f"https://a.example/council-approves{mark}"
    proposed = propose(url, Surroundings(headline="Council approves bridge"))
    assert (proposed.decision, proposed.best.url) == (Decision.ABSTAIN, url)
    assert "https://a.example/council-approves" in [one.url for one in proposed.candidates]


@pytest.mark.parametrize("url", ["", " ", "#", "#top", "javascript:void(0)", "no address", "docs/readme.md"])
def test_nothing_is_made_of_what_is_no_address(url):
    proposed = propose(url)
    assert (proposed.decision, proposed.best.url) == (Decision.ABSTAIN, url)


@pytest.mark.parametrize("url", ["mailto:a@b.example", "ftp://a.example/x", "tel:+4930", "data:,x"])
def test_other_schemes_are_kept(url):
    assert propose(url).decision is Decision.KEEP


def test_a_relative_address_is_resolved_against_its_base():
    proposed = propose("/one/two", Surroundings(base="https://a.example/home/"))
    assert (proposed.decision, proposed.best.url) == (Decision.AUTO, "https://a.example/one/two")
    assert propose("#top", Surroundings(base="https://a.example/")).decision is Decision.ABSTAIN


pieces = st.lists(
    st.sampled_from(
        [*"-_./:?=&%#'()[] \n\u200b\u2026\u00ad", "http://", "https://", "www.", "a.example", "amid", "a-mid",
         "-the-", "%3A", "%2F", "&amp;", "utm_source=", "/amp", ".html", "url=", "said", "The"]
    ),
    max_size=16,
).map("".join)  # fmt: skip


@given(
    pieces | st.text(max_size=60), st.sampled_from([None, "", "Amid the strikes", "A mid-size \u0000 the"])
)
def test_any_text_has_a_bounded_proposal_that_holds_the_written_form(url, headline):
    proposed = propose(url, Surroundings(headline=headline))
    urls = [one.url for one in proposed.candidates]
    assert url in urls
    assert len(urls) == len(set(urls)) <= 12
    assert proposed.best == proposed.candidates[0]
    assert all(0.0 <= one.score <= 1.0 and one.evidence and one.rule for one in proposed.candidates)
    scores = [one.score for one in proposed.candidates]
    assert scores == sorted(scores, reverse=True)
    if proposed.decision in {Decision.KEEP, Decision.ABSTAIN}:
        assert proposed.best.url == url
    assert propose(url, Surroundings(headline=headline)) == proposed


@pytest.mark.parametrize(
    "unit",
    ["-", "%", "%25", ".", "&amp;", "&", " a", "/", ":", "(", ")", "a-", "a", "\u200b", "\\", '"', "\u2014a",
     "http://", "http%253A%252F%252F", "\ufb01", "*", "?a=http%3A%2F%2Fx&", "www.", "\u2026", "[.]", "[ ",
     "a-\n"],
)  # fmt: skip
@pytest.mark.parametrize("start", ["", "https://a.example/"])
@pytest.mark.parametrize("size", [2_000, 100_000])
def test_hostile_input_takes_linear_time(start, unit, size):
    url = (start + unit * size)[:size]
    started = time.process_time()
    assert url in [one.url for one in propose(url, Surroundings(headline="A b " * 500)).candidates]
    assert time.process_time() - started < LINEAR_S


def test_a_written_port_is_asked_under_its_own_scheme_only():
    asked = {candidate.url for candidate in propose("http://news.example:8080/harbour/plan").candidates}
    assert "https://news.example:8080/harbour/plan" not in asked
    asked = {candidate.url for candidate in propose("http://news.example:80/harbour/plan").candidates}
    assert "https://news.example:80/harbour/plan" not in asked


@pytest.mark.parametrize("written", ["http://[::", "http://", "https://:80/x", "http:foo"])
def test_what_no_reading_makes_an_address_of_is_left_broken(written: str):
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.ABSTAIN, written)


def test_a_masked_host_of_numbers_is_put_back():
    repair = propose("hxxp://192[.]0[.]2[.]7:8080/a/b")
    assert (repair.decision, repair.best.url) == (Decision.AUTO, "http://192.0.2.7:8080/a/b")
