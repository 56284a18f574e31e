"""Wrapping, tracking, variants, glued words, capitals and leftovers: each family on made-up addresses."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose

PAGE = "https://www.example.org/2024/a-small-step"
QUOTED = "https%3A%2F%2Fwww.example.org%2F2024%2Fa-small-step"


@pytest.mark.parametrize(
    "wrapped",
    [
        f"https://search.example.com/url?sa=t&q=&url={QUOTED}&usg=AOvVaw",
        f"https://mail.example.com/?url={QUOTED}&data=05%7C01&reserved=0",
        f"https://social.example.com/l.php?u={QUOTED}%3Ffbclid%3DIwAR1&h=AT2",
        f"https://blog.example.com/redirect?z={QUOTED}&t=7c8a",
        f"https://go.example.net/jump?x={QUOTED}",
        f"https://exit.example.net/{QUOTED}",
        f"https://proxy.example.edu/login?url={PAGE}",
        f"https://reader.example.net/{PAGE}",
        "https://cache.example.com/amp/s/www.example.org/2024/a-small-step",
        "https://www-example-org.cache.example.net/c/s/www.example.org/2024/a-small-step",
        "https://guard.example.com/v2/url?u=https-3A__www.example.org_2024_a-2Dsmall-2Dstep&d=DwMF&c=x",
        f"https://guard.example.com/v3/__{PAGE}__;!!AbC!xY$",
        "https://find.example.com/ck/a?!&p=9f&u=a1aHR0cHM6Ly93d3cuZXhhbXBsZS5vcmcvMjAyNC9hLXNtYWxsLXN0ZXA&ntb=1",
        f"https://hide.example.net/?{PAGE}",
        f"https://mail.example.net/CL0/{QUOTED}/1/0100018f-a/x=2",
        f"https://go.example.net/out.html#url={QUOTED}",
        f"https://r.search.example.com/_ylt=A0/RV=2/RU={QUOTED}/RK=2/RS=x-",
    ],
)
def test_a_wrapped_address_is_taken_out(wrapped):
    proposed = propose(wrapped)
    assert proposed.best.url == PAGE
    assert proposed.best.rule.startswith("wrapped")
    assert proposed.decision in {Decision.AUTO, Decision.NEEDS_LIVE}


@pytest.mark.parametrize(
    "url",
    [
        f"https://video.example.com/watch?v=Cqww8jmizug&eurl={QUOTED}&feature=player",
        f"https://social.example.com/sharer.php?u={QUOTED}",
        f"https://shop.example.com/login?return={QUOTED}",
        f"https://validator.example.com/check?uri={QUOTED}",
        "https://www.example.org/login?next=https%3A%2F%2Fwww.example.org%2Fhome",
        "https://web.archive.example/web/20200101000000/https://www.example.org/2024/a-small-step",
        f"https://www.example.com/what-we-know-about-it?source={QUOTED}",
    ],
)
def test_an_address_that_only_mentions_another_is_kept(url):
    assert propose(url).decision is Decision.KEEP


def test_a_capture_of_an_archive_offers_its_original():
    proposed = propose(f"https://web.archive.example/web/20200101000000/{PAGE}")
    assert proposed.decision is Decision.KEEP
    assert PAGE in [one.url for one in proposed.candidates]


@pytest.mark.parametrize(
    ("tracked", "plain"),
    [
        (f"{PAGE}?utm_source=a&utm_medium=b", PAGE),
        (f"{PAGE}?page=2&fbclid=Iw-1&msclkid=9", f"{PAGE}?page=2"),
        (f"{PAGE}?mc_cid=1&mc_eid=2#top", f"{PAGE}#top"),
        (f"{PAGE}#utm_source=rss", PAGE),
    ],
)
def test_tracking_parameters_go_and_the_others_stay(tracked, plain):
    proposed = propose(tracked)
    assert (proposed.decision, proposed.best.url, proposed.best.rule) == (Decision.AUTO, plain, "tracking")


@pytest.mark.parametrize("query", ["?id=7", "?ref=home", "?source=a", "?s=utm_source", "?q=clid", "?medium"])
def test_parameters_that_name_a_resource_stay(query):
    assert propose(PAGE + query).decision is Decision.KEEP


@pytest.mark.parametrize(
    ("variant", "page"),
    [
        ("https://m.example.org/2024/a-small-step", PAGE),
        ("https://mobile.example.org/2024/a-small-step", PAGE),
        ("https://en.m.example.org/wiki/Step", "https://en.example.org/wiki/Step"),
        ("https://amp.example.co.uk/a-small-step", "https://www.example.co.uk/a-small-step"),
        (f"{PAGE}/amp", PAGE),
        (f"{PAGE}/amp/", PAGE),
        (f"{PAGE}?amp=1", PAGE),
        (f"{PAGE}?outputType=amp&page=2", f"{PAGE}?page=2"),
        ("https://www.example.org/amp/2024/a-small-step", PAGE),
    ],
)
def test_a_telephone_variant_asks_the_web_before_it_goes(variant, page):
    proposed = propose(variant)
    assert (proposed.decision, proposed.best.url) == (Decision.NEEDS_LIVE, page)


@pytest.mark.parametrize(
    ("glued", "page"),
    [
        ("https://a.example/story.htmlsaid", "https://a.example/story.html"),
        ("https://a.example/story.phpThe", "https://a.example/story.php"),
        (
            "https://a.example/2024/11/tax-cut-in-floridaSource",
            "https://a.example/2024/11/tax-cut-in-florida",
        ),
        ("https://a.example/a-tax-cut-in-florida/The", "https://a.example/a-tax-cut-in-florida/"),
        ("https://a.example/a-tax-cut-in-florida/and", "https://a.example/a-tax-cut-in-florida/"),
        ("https://a.example/a-tax-cut-4982732said", "https://a.example/a-tax-cut-4982732"),
        ("https://a.example/on-rising-popularityand", "https://a.example/on-rising-popularity"),
        ("https://a.example/x?single_page=trueand", "https://a.example/x?single_page=true"),
    ],
)
def test_a_word_of_the_text_is_taken_off_the_end(glued, page):
    assert propose(glued).best.url == page


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/about",
        "https://a.example/2024/one",
        "https://a.example/a-long-story-of-bridges/comments",
        "https://a.example/wiki/JavaScript",
        "https://a.example/learn-JavaScript",
        "https://a.example/reviews/story-Md9pgO5K2LlLlmMfVfOvLO",
        "https://a.example/how-to-use-it/958fb25d58da",
        "https://a.example/files/report.docx",
        "https://a.example/what-we-stand-for",
    ],
)
def test_the_end_of_a_sound_address_stays(url):
    assert propose(url).best.url == url


def test_a_path_in_capitals_is_a_suggestion():
    proposed = propose("https://a.example/NEWS/2024/COUNCIL-APPROVES-BRIDGE.HTML")
    assert (proposed.decision, proposed.best.url) == (
        Decision.SUGGEST,
        "https://a.example/news/2024/council-approves-bridge.html",
    )


@pytest.mark.parametrize("path", ["Council-Approves-Bridge", "ABC", "News/council-approves-bridge"])
def test_capitals_that_a_site_may_use_stay(path):
    assert propose(f"https://a.example/{path}").decision is Decision.KEEP


def test_http_is_never_turned_into_https_offline():
    proposed = propose("http://a.example/one")
    assert proposed.decision is Decision.KEEP
    assert [one.url for one in proposed.candidates] == ["http://a.example/one", "https://a.example/one"]


def test_a_path_encoded_twice_asks_the_web():
    proposed = propose("https://a.example/caf%25C3%25A9")
    assert (proposed.decision, proposed.best.url) == (Decision.NEEDS_LIVE, "https://a.example/caf%C3%A9")


def test_encoded_invisible_characters_ask_the_web():
    proposed = propose("https://a.example/one%E2%80%8Btwo")
    assert (proposed.decision, proposed.best.url) == (Decision.NEEDS_LIVE, "https://a.example/onetwo")
