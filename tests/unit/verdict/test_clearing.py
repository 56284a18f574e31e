# ruff: noqa: E501, ISC004, RUF001 - pages a line each, in their own letters
"""A host that refuses what it lacks clears a page that has more to say than that something is missing."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe

REFUSED = "<title>404</title><h1>404</h1><p>No such page.</p>"
LIVE = [
    (
        "ferry/vanished-timetable",
        "<title>The vanished timetable</title><h1>Timetable not found</h1><p>Clerks of the ferry company looked for the "
        "vanished timetable of 1911 in four cellars. A copy hung in a barber's shop all along, behind the mirror.</p>",
        "the timetable of 1911",
    ),
    (
        "objects/77",
        "<title>Lost and not found</title><h1>Objects</h1><p>Woodcut by an unknown hand, 1903. Paper, 20 × 31 cm. Gift of a sailor.</p>",
        "a woodcut",
    ),
    (
        "thread/kettle-does-not-boil",
        "<title>Kettle does not boil</title><h1>Kettle does not boil</h1><p>Mine clicks twice and stops. What now?</p>"
        "<p>Clean the plate with vinegar, then wait a night.</p><p>This topic is closed.</p>",
        "a thread on kettles",
    ),
    (
        "ads/5512",
        "<title>Hobelbank, Buche</title><h1>Hobelbank, Buche</h1><p>Zwei Meter lang, Zange läuft leicht. Abholung am Wochenende. "
        "Der Schlüssel wurde nicht gefunden.</p>",
        "die Anzeige der Hobelbank",
    ),
    (
        "talk/9",
        "<title>Rozmowa 9</title><h1>Rozmowa 9</h1><p>[nagranie niedostępne]</p><p>Streszczenie: latarnik opowiada o sztormie i o psie.</p>",
        "rozmowa z latarnikiem",
    ),
    (
        "papers/12",
        "<title>Paper 12</title><h1>Paper 12</h1><p>This paper has been withdrawn and replaced by paper 31.</p><p>Summary: "
        "herring came later to the northern bays in each of the nine winters that were counted.</p>",
        "a paper on herring in northern bays",
    ),
]
DEAD = [
    ("ads/5513", "<title>Markt</title><h1>Diese Anzeige wurde gelöscht</h1><p>Vielleicht gefällt dir etwas anderes aus unserem Angebot, "
     "wir haben noch viele schöne Stücke für dich.</p>", "eine Hobelbank"),
    ("news/8812", "<title>Gazette</title><h1>This article has been removed</h1><p>It was taken down at the request of those who are "
     "named in it. We ask for your understanding.</p>", "the inquiry into the quarry"),
    ("wiki/Weir", "<title>Weir</title><h1>Weir</h1><p>This page was deleted. The log is shown below: 4 May 2019, 12:01, by an admin.</p>", "an entry on mills"),
    ("watch/q7", "<title>Tubes</title><h1>Tubes</h1><p>This video is no longer available.</p><p>Sign up to get the newest ones of those "
     "that you like.</p>", "the clip of the launch"),
]  # fmt: skip


@pytest.fixture
def asked(judge, observation, page):
    """Return a function that judges a page beside what its host answers for an address that cannot exist."""

    def judged(path: str, html: str, anchor: str, *, sibling: str = REFUSED, status: int = 404):
        other = observation(sibling.encode(), url="https://a.example/x/zubdap-90112", status=status)
        probe = Probe(observation=other, page=page(sibling, url=other.url))
        return judge(html, url=f"https://a.example/{path}", context=Context(anchors=(anchor,), probe=probe))

    return judged


@pytest.mark.parametrize(("path", "html", "anchor"), LIVE)
def test_a_page_with_a_subject_of_its_own_is_ok_on_a_host_that_refuses(asked, path, html, anchor):
    assert asked(path, html, anchor).outcome is Outcome.OK


@pytest.mark.parametrize(("path", "html", "anchor"), LIVE)
def test_a_page_that_no_other_address_shows_is_ok_too(asked, path, html, anchor):
    soft = "<title>Oh</title><h1>Nothing at this address</h1><p>Look at our front page.</p>"
    assert asked(path, html, anchor, sibling=soft, status=200).outcome is Outcome.OK


@pytest.mark.parametrize(("path", "html", "anchor"), DEAD)
def test_a_removed_item_on_such_a_host_stays_a_soft_404(asked, path, html, anchor):
    assert asked(path, html, anchor).outcome is Outcome.SOFT_404


ADVERT = LIVE[3]


def test_help_that_the_refusal_has_too_is_nothing_of_its_own(asked):
    path, html, anchor = ADVERT
    help_lines = html.partition("</h1>")[2]
    assert asked(path, html, anchor, sibling=REFUSED + help_lines).outcome is Outcome.SOFT_404


@pytest.mark.parametrize("status", [403, 500, 503])
def test_a_sibling_that_tells_nothing_clears_nothing(asked, status):
    assert asked(*ADVERT, status=status).outcome is Outcome.SOFT_404


def test_a_host_that_says_so_for_any_address_clears_nothing(asked):
    path, html, anchor = ADVERT
    other = html.replace("Hobelbank, Buche", "Markt").replace("am Wochenende", "nach Absprache an jedem Tag")
    assert asked(path, html, anchor, sibling=other, status=200).outcome is Outcome.SOFT_404


LOST_BELL = (
    "<title>{}</title><main><h1>Kella ei leitud</h1><p>Talveööl kadus kirikukell. Külarahvas otsis jõeni välja, kuid lumel "
    "polnud ainsatki jälge.</p></main>"
)


def test_a_title_of_its_own_stands_for_a_word_of_an_anchor_in_another_language(asked):
    assert asked("lugu/4", LOST_BELL.format("Kadunud kell"), "our report").outcome is Outcome.OK


@pytest.mark.parametrize("title", ["404", "A", "Kella ei leitud"])
def test_a_title_of_loss_or_of_the_site_is_none_of_its_own(asked, title):
    assert asked("lugu/4", LOST_BELL.format(title), "our report").outcome is Outcome.SOFT_404


def test_another_sentence_of_loss_on_the_sibling_is_not_this_one(asked):
    html = (
        "<title>Not found: my missing starter</title><h1>Not found: my missing starter</h1>"
        "<p>It was behind the flour on Sunday. Nobody here will admit to anything, and the oven is cold.</p>"
    )
    other = "<title>Hearth</title><h1>Recipe not found</h1><p>Maybe it was eaten.</p>"
    assert asked("bread/sad-loaf", html, "her bread", sibling=other, status=200).outcome is Outcome.OK


def test_a_headline_about_error_pages_is_a_title_of_its_own(asked):
    html = (
        "<title>Custom 404 page shows twice</title><main><h1>Issue 41</h1><p>Visitors read: page not found.</p>"
        "<p>The default text is still put below the answer of the handler. Mended in release two.</p></main>"
    )
    assert asked("issues/41", html, "our report").outcome is Outcome.OK
