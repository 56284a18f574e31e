"""What a sibling that cannot exist and the front page say for a page whose words could mean two things."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe
from workers.verdict.neighbours import is_shown_for_any
from workers.verdict.suspicion import needs_probe

URL = "http://mill.example/notes/4410"
SIBLING, FRONT = "http://mill.example/notes/90211734-havuk", "http://mill.example/"
MISSING = "<title>Old Mill</title><h1>No such note</h1>"
MENU = (
    "<a href=/a>Our flour and bread</a> <a href=/b>How to find the mill</a> <a href=/c>When we are open</a>"
)
HOME = "<title>Old Mill</title><h1>Old Mill</h1><p>Notes on wheels, stones and sluices.</p>"

STATUS_ITEM = (
    "<title>Scheduled maintenance</title><h1>Scheduled maintenance</h1>"
    "<p>We will move the ledger to new disks on 4 June from 01:00 to 02:00. Nothing can be entered.</p>"
    "<p>Completed: all went as planned, and the ledger is open again.</p>"
)
NAME_STORY = (
    "<title>The choir that lost its address</title><h1>The choir that lost its address</h1>"
    "<p>For a week all who came read that the domain has expired. The treasurer had moved house.</p>"
    "<p>A neighbour bought the name and gave it back for a cake.</p>"
)
BOT_POLICY = (
    "<title>For robots</title><h1>For robots</h1>"
    "<p>Programs that ask more than ten times a minute are asked to verify that they are human. "
    "Access denied messages carry a number; send it to us.</p>"
)


@pytest.fixture
def beside(observation, page):
    """Give a context in which the sibling and the front page show what is said."""

    def seen(url: str, html: str, status: int) -> Probe:
        return Probe(observation=observation(html.encode(), url=url, status=status), page=page(html, url=url))

    def context(html: str, *, status: int = 200, front: str | None = None) -> Context:
        return Context(
            probe=seen(SIBLING, html, status), front=None if front is None else seen(FRONT, front, 200)
        )

    return context


@pytest.mark.parametrize(
    ("html", "by_words"),
    [(STATUS_ITEM, Outcome.DOWN), (NAME_STORY, Outcome.PARKED), (BOT_POLICY, Outcome.BLOCKED)],
    ids=["outage", "expired name", "bot wall"],
)
def test_a_page_that_treats_of_it_is_ok_where_the_host_refuses_what_it_lacks(
    judge, observation, page, beside, html, by_words
):
    alone = judge(html, url=URL)
    assert alone.outcome is by_words
    assert needs_probe(observation(url=URL), page(html, url=URL), alone)
    assert judge(html, url=URL, context=beside(MISSING, status=404)).outcome is Outcome.OK
    assert judge(html, url=URL, context=beside(html)).outcome is not Outcome.OK


def test_a_notice_that_is_all_of_a_single_page_stays_one(judge, beside):
    html = "<title>Shop</title><h1>The shop is down for maintenance</h1><p>Back on Monday.</p>"
    assert judge(html, url=URL, context=beside(MISSING, status=404)).outcome is Outcome.DOWN


@pytest.mark.parametrize(
    ("html", "outcome", "rule"),
    [
        (
            "<title>Mill</title><h1>Gone fishing</h1><p>The wheel needs grease.</p>",
            Outcome.DOWN,
            "down/one-page",
        ),
        ("<title>Muela</title><p>Xewin sorak teluva mirin dasok.</p>", Outcome.DOWN, "down/one-page"),
        (
            "<title>Mill</title><h2>Which of the two?</h2><button>I agree</button><button>Leave</button>",
            Outcome.BLOCKED,
            "wall/one-page",
        ),
        (
            "<title>Muela</title><h2>Xewin sorak teluva mirin?</h2><button>Ha</button><button>Nu</button>",
            Outcome.BLOCKED,
            "wall/one-page",
        ),
        (
            "<title>Muela</title><p>Sorak teluva: mirin index.html dasok.</p>",
            Outcome.PARKED,
            "parked/one-page",
        ),
        (
            "<title>Welcome</title><p>mill.example - a new name at NamesRUs</p>",
            Outcome.PARKED,
            "parked/one-page",
        ),
    ],
)
def test_one_short_page_for_every_address_and_the_front_page_is_no_loss_of_one_piece(
    judge, beside, html, outcome, rule
):
    assert judge(html, url=URL, context=beside(html)).outcome is Outcome.SOFT_404
    assert judge(html, url=URL, context=beside(html, front=HOME)).outcome is Outcome.SOFT_404
    verdict = judge(html, url=URL, context=beside(html, front=html))
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert verdict.evidence[0] == "an address that cannot exist and the front page show it too"


@pytest.mark.parametrize(
    "html",
    [
        "<title>Mill</title><h1>Old Mill</h1><p>The society was dissolved, thanks to all.</p>",
        "<title>Mill</title><h1>Old Mill</h1><p>Seven rooms by the weir, from 80 € a night.</p>",
        "<title>Mill</title><h1>Old Mill</h1><p>Flour and bread.</p><p>Call 0331 445 16 90.</p>",
        f"<title>Mill</title><nav>{MENU}</nav><h1>Old Mill</h1><p>Flour since 1788.</p>",
        f"<title>Mill</title><h1>Old Mill</h1><p>{'Flour from our own wheel, milled each day. ' * 9}</p>",
    ],
    ids=["a farewell", "a price", "a visiting card", "a menu", "a text"],
)
def test_a_front_page_shown_for_every_address_is_a_soft_404(judge, beside, html):
    assert judge(html, url=URL, context=beside(html, front=html)).outcome is Outcome.SOFT_404


def test_short_pieces_under_one_long_text_of_the_site_are_not_the_same(observation, page, beside):
    note = "<title>{0} - Mill</title><h1>{0}</h1><p>{1}</p><p>" + "Notes are given as they were found. " * 20
    html = note.format("Sluice", "A gate.")
    seen, shown = observation(url=URL), page(html, url=URL)
    assert is_shown_for_any(seen, shown, beside(html))
    assert not is_shown_for_any(seen, shown, beside(note.format("Cog", "A tooth.")))


def test_what_a_program_prints_as_it_breaks_is_down_whatever_file_it_misses(judge):
    html = "<title>Error</title><pre>PDOException: SQLSTATE[HY000] [2002] No such file or directory</pre>"
    verdict = judge(html, url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.DOWN, "down/notice")


def test_sentences_that_a_refusal_has_too_are_none_of_the_pages_own(judge, beside):
    furniture = (
        "The union of millers has asked for more time to read each plan of the council and the river board."
    )
    lost = "Sorry, the page does not exist."
    html = f"<title>Page not found</title><h1>Page not found</h1><p>{lost} {furniture}</p>"
    refusal = beside(f"<h1>404</h1><p>{furniture}</p>", status=404)
    url = "http://mill.example/2019/07/20/union-plan-for-the-river"
    assert judge(html, url=url, context=refusal).outcome is Outcome.SOFT_404
