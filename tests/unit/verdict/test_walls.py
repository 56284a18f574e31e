"""What keeps a reader from a piece, and what only speaks of it or lies above it."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context

URL = "http://harbour.example/gear/lamp-x2"
LONG = "We and our partners keep cookies on your device to measure what is read. " * 6
BANNER = (
    f"<div id=cookie-box role=dialog><h2>We value your privacy</h2><p>{LONG}</p><button>OK</button></div>"
)


def test_a_banner_above_a_short_piece_holds_nothing_back(judge):
    html = f"<title>Lamp X2</title>{BANNER}<main><h1>Lamp X2</h1><p>Bright, and no longer made.</p></main>"
    assert judge(html, url=URL).outcome is Outcome.OK


def test_a_question_for_consent_and_nothing_else_is_a_wall(judge):
    html = "<title>Harbour</title><h1>Before you continue</h1><p>Accept cookies to read on.</p>"
    verdict = judge(html, url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "wall/consent")


@pytest.mark.parametrize(
    "html",
    [
        "<title>Афиша</title><h1>Концерт</h1><p>18:00, клуб. Вход свободный.</p>",
        "<title>Lamp X2</title><h1>Lamp X2</h1><p>Two kilos, brass, with a hook.</p><p>Log in to comment</p>",
    ],
    ids=["free entry", "a line below a piece"],
)
def test_a_word_of_a_login_by_the_way_is_no_wall(judge, html):
    assert judge(html, url=URL).outcome is Outcome.OK


@pytest.mark.parametrize(
    "html",
    [
        "<title>Log in</title><h1>Log in</h1><form><input name=u><input type=password></form>",
        "<title>Harbour</title><h1>Sign in to continue</h1><p>This page is for members.</p>",
        "<title>Harbour</title><h1>登录</h1><form><input type=password></form>",
    ],
)
def test_a_page_that_is_a_login_is_a_wall(judge, html):
    verdict = judge(html, url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "wall/login")


def test_a_page_under_its_own_title_that_speaks_of_challenges_is_ok(judge):
    html = "<title>Just a moment: on bot walls</title><h1>Just a moment: on bot walls</h1><p>Some notes.</p>"
    url = "http://harbour.example/notes/moment-bot-walls"
    assert judge(html, url=url).outcome is Outcome.OK
    assert judge(html, url=URL).outcome is Outcome.BLOCKED


def test_two_lines_of_a_piece_above_a_paywall_are_its_beginning(judge):
    shown = "<p>The price of brass has doubled since the spring, and nobody in the yard knows why.</p>"
    pay = "<p>Subscribe to continue reading</p>"
    assert judge(f"<title>Brass</title><h1>Brass</h1>{shown}{pay}", url=URL).outcome is Outcome.OK
    verdict = judge(f"<title>Brass</title><h1>Brass</h1>{pay}", url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, "wall/paywall")


@pytest.mark.parametrize(
    ("title", "heading", "rule"),
    [
        ("Are you over 18?", "Are you of legal drinking age?", "wall/age"),
        ("Keller", "Bist du über 18?", "wall/age"),
        ("年齢確認", "あなたは20歳以上ですか", "wall/age"),
        ("Harbour TV", "This video is not available from your region", "wall/region"),
        ("Порт", "Сайт недоступен из вашего региона", "wall/region"),
    ],
)
def test_a_gate_for_an_age_or_a_region_is_a_wall(judge, title, heading, rule):
    verdict = judge(f"<title>{title}</title><h1>{heading}</h1><button>OK</button>", url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.BLOCKED, rule)


def test_a_piece_about_age_checks_is_ok(judge):
    html = "<title>Are you over 18? How shops ask</title><h1>Are you over 18? How shops ask</h1><p>Badly.</p>"
    context = Context(anchors=("Are you over 18? How shops ask",))
    assert judge(html, url="http://harbour.example/age/how-shops-ask", context=context).outcome is Outcome.OK


@pytest.mark.parametrize(
    ("html", "outcome"),
    [
        (
            "<h1>Brass lamp</h1><p>By Ann</p><h3>Log in to read</h3><form><input type=password></form>",
            Outcome.BLOCKED,
        ),
        ("<form>Log in <input type=password></form><h1>Brass lamp</h1><p>Brass, £40.</p>", Outcome.OK),
    ],
    ids=["below the heading", "a box above it"],
)
def test_a_login_form_holds_back_a_piece_where_it_stands_in_its_place(judge, html, outcome):
    context = Context(anchors=("the brass lamp",))
    assert (
        judge(
            f"<title>Brass lamp</title>{html}", url="http://harbour.example/gear/lamps", context=context
        ).outcome
        is outcome
    )


@pytest.mark.parametrize(
    ("line", "outcome"),
    [
        ("订阅简报 · 联系我们 · 关于我们 · 隐私政策", Outcome.OK),
        ("Jetzt abonnieren | Kontakt | Impressum", Outcome.OK),
        ("订阅后可阅读全文", Outcome.BLOCKED),
        ("Jetzt abonnieren und weiterlesen", Outcome.BLOCKED),
    ],
    ids=["footer in Chinese", "footer in German", "paywall in Chinese", "paywall in German"],
)
def test_a_footer_that_offers_a_subscription_is_no_paywall(judge, line, outcome):
    html = f"<title>Obj 44</title><h1>Obj 44</h1><p>Kupfer, 1904.</p><div>{line}</div>"
    assert judge(html, url="https://museum.example/sp/9").outcome is outcome
