# ruff: noqa: E501, RUF001 - pages a line each, sentences in their own letters
"""Error pages of common systems are known by what they say, whatever lists stand below them."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe
from workers.verdict.suspicion import is_suspect

TEXT = "The harbour authority will close the eastern pier for two months while engineers replace the timber. "
TEASERS = "".join(
    f"<div><a href=/p/{n}>Quiet walk number {n} near the coast</a></div><p>A walk of some hours with views of the "
    "sea, two inns on the way and a ferry back in the evening if the weather holds.</p>"
    for n in range(7)
)
ERROR_PAGES = [
    ("Site", "", "There is currently no text in this page. You can search for its title in other pages."),
    ("404 - Article not found", "404", "Article not found"),
    ("Shop", "404 Page Not Found", "The page you requested does not exist. Click here to continue shopping."),
    ("Site", "There's nothing here.", "Whatever you were looking for is not at this address."),
    ("Forum", "Message", "Invalid Thread specified. If you followed a valid link, please tell us."),
    (
        "Board",
        "An Error Has Occurred!",
        "The topic you are looking for appears to be either missing or off limits.",
    ),
    ("The resource cannot be found.", "Server Error in '/' Application.", "The resource cannot be found."),
    ("Object not found!", "Object not found!", "The requested URL was not found on this server."),
    ("", "", "No input file specified."),
    ("Error", "", "Cannot GET /2019/03/04/eastern-pier-closed"),
    ("Site", "Dead end", "Sorry, we could not locate this page."),
    ("Uni", "Seite nicht verfügbar", "Die von Ihnen aufgerufene Seite ist nicht (mehr) verfügbar."),
    ("Site", "Désolé !", "Cette page n’est plus disponible"),
    ("Sitio", "¡Ups!", "No pudimos encontrar esta página"),
    ("サイト", "", "ご指定のページが見つかりません。トップページへお戻りください。"),
    ("网站", "", "该内容已被发布者删除"),
    ("Сайт", "Ой!", "Кажется, такой страницы не существует"),
]


@pytest.mark.parametrize(("title", "heading", "said"), ERROR_PAGES)
@pytest.mark.parametrize("below", ["", TEASERS], ids=["alone", "with teasers"])
def test_an_error_page_is_a_soft_404(judge, title, heading, said, below):
    verdict = judge(
        f"<title>{title}</title><nav><a href=/>Home</a></nav><h1>{heading}</h1><p>{said}</p>{below}"
    )
    assert verdict.outcome is Outcome.SOFT_404


@pytest.mark.parametrize(
    ("url", "html"),
    [
        (
            "jobs/harbour-engineer-991",
            f"<h1>Harbour engineer</h1><p>This job is no longer listed.</p><p>{TEXT * 4}",
        ),
        (
            "help/faq",
            f"<h1>Questions</h1><h2>Why is my page not found?</h2><p>{TEXT}<h2>Who moved it?</h2><p>{TEXT}",
        ),
        ("ticket/991", f"<title>Ticket 991</title><h1>File not found error when saving</h1><p>{TEXT * 2}"),
        ("wiki/Not_Found_(album)", f"<title>Not Found (album)</title><h1>Not Found</h1><p>{TEXT * 2}"),
        (
            "contact",
            "<title>Contact</title><h1>Contact</h1><p>Our old address no longer exists; write to us.",
        ),
        (
            "boots/yellow-rubber-boots",
            f"<h1>Yellow rubber boots</h1><p>Currently not available.</p><p>{TEXT}",
        ),
        ("exhibitions/new", f"<title>Museum</title><h1>Coming soon: new exhibition</h1><p>{TEXT}"),
        ("login", "<title>Sign in</title><h1>Sign in</h1><form><input type=password></form>"),
    ],
)
def test_a_live_page_with_such_words_is_ok(judge, url, html):
    assert judge(html, url=f"https://daily.example/{url}").outcome is Outcome.OK


def test_removed_words_alone_on_a_page_with_its_title_are_a_soft_404(judge):
    html = (
        "<title>Blue kettle</title><h1>Blue enamel kettle</h1><p>This product has been discontinued.</p>"
        + TEASERS
    )
    assert judge(html, url="https://s.example/p/blue-enamel-kettle-991").rule == "soft404/sentence"


def sibling(observation, page, html: str, **facts: object) -> Context:
    seen = observation(html.encode(), url="https://daily.example/2019/03/04/other-zz-9", **facts)
    return Context(probe=Probe(observation=seen, page=page(html, url=seen.final_url)))


def test_the_same_page_for_an_address_that_cannot_exist_is_a_soft_404(judge, observation, page):
    html = f"<title>Studio</title><h1>We make pictures</h1><p>{TEXT * 4}"
    verdict = judge(html, context=sibling(observation, page, html.replace("two", "six", 1)))
    assert verdict.rule == "soft404/sibling"


def test_an_honest_404_for_it_clears_the_page(judge, observation, page):
    html = f"<title>Studio</title><h1>We make pictures</h1><p>{TEXT * 4}"
    assert judge(html, context=sibling(observation, page, html, status=404)).outcome is Outcome.OK


def test_a_title_of_its_own_clears_a_page_whose_template_is_the_same(judge, observation, page):
    html = (
        "<title>{}</title><h1>Player</h1><p>Turn on sound. Share this clip with your friends and family now."
    )
    own = html.format("Eastern pier closed")
    assert judge(own, context=sibling(observation, page, html.format("Clips"))).outcome is Outcome.OK


def test_a_shell_for_every_path_cannot_be_judged(judge, observation, page):
    html = '<title>App</title><div id=root></div><script src="/a.js"></script>'
    assert judge(html, context=sibling(observation, page, html)).outcome is Outcome.OK


def test_a_discussion_of_suspended_accounts_is_no_suspended_account(judge):
    text = "<p>" + "My hosting account has been suspended and the host asks for proof. " * 6 + "</p>"
    title = "Account suspended after a complaint about spam - Net Admins"
    assert judge(f"<title>{title}</title><h1>{title}</h1>{text}").outcome == "ok"
    brief = "<title>Suspended</title><h1>Account suspended</h1><p>Contact your hosting provider.</p>"
    assert judge(brief).rule == "parked/suspended"


LOOKED_FOR = (
    "<title>Search results for {0} - Gazette</title><main><h1>Search results for {0}</h1>"
    "<p>Your search for {0} returned no results.</p><p>Try fewer words, or browse our sections below, where the "
    "latest pieces on the harbour, the council and the schools are listed by date.</p></main>"
)
ASKED = "https://gazette.example/harbour/ferry-crews-vote-on-contract"


def test_a_host_that_looks_for_the_words_of_any_address_is_a_soft_404(judge, observation, page):
    other = "https://gazette.example/harbour/bavod-dutik-92311"
    html = LOOKED_FOR.format("bavod dutik 92311")
    probe = Probe(observation=observation(html.encode(), url=other), page=page(html, url=other))
    verdict = judge(
        LOOKED_FOR.format("ferry crews vote on contract"), url=ASKED, context=Context(probe=probe)
    )
    assert verdict.rule == "soft404/sibling"
    assert "finds nothing either" in verdict.evidence[0]


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/search/ferry+crews",
        "https://gazette.example/?s=ferry+crews",
        "https://gazette.example/index.php?q=ferry+crews",
        "https://gazette.example/suche?suchbegriff=ferry+crews",
        "https://gazette.example/tag/ferry-crews",
    ],
)
def test_a_search_that_was_asked_for_may_find_nothing(judge, observation, page, url):
    html = LOOKED_FOR.format("bavod dutik")
    other = url.replace("ferry", "bavod").replace("crews", "dutik")
    probe = Probe(observation=observation(html.encode(), url=other), page=page(html, url=other))
    verdict = judge(LOOKED_FOR.format("ferry crews"), url=url, context=Context(probe=probe))
    assert verdict.outcome is Outcome.OK


def test_a_piece_that_speaks_of_no_results_is_not_one(judge, observation, page):
    html = f"<title>{{0}}</title><h1>{{0}}</h1><p>The search gave no results.</p><p>{TEXT * 4}"
    own, other = html.format("Ferry crews vote on contract"), "<title>Gazette</title><p>Nothing found.</p>"
    context = sibling(observation, page, other)
    assert judge(own, url=ASKED, context=context).outcome is Outcome.OK


def test_a_page_that_names_only_its_site_deserves_a_sibling(observation, page):
    url = "https://harbour-portal.example/item/88123"
    plain = f"<title>Harbour Portal</title><h1>Harbour Portal</h1><p>{TEXT * 12}"
    own = f'<link rel=canonical href="{url}">' + plain
    titled = plain.replace("<h1>Harbour Portal", "<h1>Ferry crews vote")
    asked = observation(b"x", url=url)
    assert is_suspect(asked, page(plain, url=url))
    assert not is_suspect(asked, page(own, url=url))
    assert not is_suspect(asked, page(titled, url=url))


def test_a_document_of_error_messages_is_no_error_page(judge):
    sections = "".join(
        f"<h2>{name}</h2><p>Check the spelling, then try again.</p>"
        for name in ("No such file", "Access denied", "Page not found", "Topic missing")
    )
    assert judge(f"<title>Messages</title><main><h1>Messages</h1>{sections}</main>").outcome is Outcome.OK


def test_opening_hours_are_no_missing_page(judge):
    html = "<title>Kontakt</title><h1>Kontakt</h1><p>Mühlenweg 3, Telefon 551. Montags nicht erreichbar.</p>"
    assert judge(html, url="https://verein.example/kontakt.html").outcome is Outcome.OK


def test_code_under_a_heading_is_shown_and_not_said(judge):
    code = "<pre>mill grind [--fine]\nmill stop\n  error: page not found: STONE</pre>"
    html = f"<title>Command line</title><h1>Command line</h1>{code}"
    assert judge(html, url="https://mill.example/docs/cli.html").outcome is Outcome.OK


def test_a_servers_whole_answer_in_code_is_said(judge):
    html = "<title>Error</title><pre>Cannot GET /docs/cli.html</pre>"
    assert judge(html, url="https://mill.example/docs/cli.html").outcome is Outcome.SOFT_404
