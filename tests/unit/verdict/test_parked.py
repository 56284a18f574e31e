"""Names that ran out, and names taken over by another trade in another script."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context

URL = "http://parish.example/2011/03/spring-newsletter"
CASINO = "<title>首页-永利国际</title><h1>永利国际</h1><p>足球投注 电子游艺 棋牌游戏 注册即送</p>"


@pytest.mark.parametrize(
    "notice",
    [
        "weir.example expired on 02/03/2021 and is pending renewal or deletion.",
        "weir.example wartet auf Verlängerung.",
        "This domain will be deleted unless it is renewed.",
        "weir.example ожидает продления.",
    ],
)
def test_a_name_that_ran_out_is_parked_even_under_another_name(judge, notice):
    verdict = judge(f"<title>weir.example</title><p>{notice}</p>", url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.PARKED, "parked/for-sale")


def test_a_pending_renewal_that_names_no_domain_is_ok(judge):
    html = (
        "<title>Spring newsletter</title><h1>Spring newsletter</h1><p>My library card is pending renewal.</p>"
    )
    assert judge(html, url=URL).outcome is Outcome.OK


def test_a_trade_in_another_script_than_all_that_cited_it_is_known_by_its_first_lines(judge):
    context = Context(anchors=("Spring newsletter",))
    verdict = judge(CASINO, url=URL, context=context)
    assert (verdict.outcome, verdict.rule) == (Outcome.PARKED, "parked/hijacked")


def test_a_trade_cited_in_its_own_script_is_ok(judge):
    assert judge(CASINO, url=URL, context=Context(anchors=("永利国际的网站",))).outcome is Outcome.OK


def test_letters_of_one_term_are_not_counted_for_another(judge):
    html = "<title>พนันออนไลน์</title><h1>ตำรวจจับพนันออนไลน์</h1><p>ข่าววันนี้</p>"
    assert judge(html, url=URL).outcome is Outcome.OK


def test_an_official_lottery_with_one_word_of_the_trade_is_ok(judge):
    html = "<title>福利彩票</title><h1>福利彩票</h1><p>今日开奖公告和历史数据查询</p>"
    assert judge(html, url="http://lottery.example/kaijiang/shuju").outcome is Outcome.OK


@pytest.mark.parametrize(
    "html",
    [
        "<title>parish-choir.org</title><h1>parish-choir.org</h1><p>The owner is open to offers.</p>",
        "<title>NamePlace</title><h1>parish-choir.org</h1><p>Buy now for $1,200 or $99 a month.</p>",
        "<title>parish-choir.org</title><div>Related searches</div><a href=/?q=1>Singing lessons</a>",
        "<title>Zpěv</title><h1>Doména parish-choir.org je zaregistrovaná</h1><p>Zatím bez webu.</p>",
    ],
    ids=["offers", "a price", "links in its place", "a registrar"],
)
def test_a_bare_name_and_what_is_offered_beside_it_is_parked(judge, html):
    context = Context(anchors=("The Parish Choir on singing",))
    verdict = judge(html, url="http://www.parish-choir.org/2011/03/on-singing", context=context)
    assert (verdict.outcome, verdict.rule) == (Outcome.PARKED, "parked/for-sale")


def test_a_frame_of_a_marketplace_and_no_text_is_parked(judge):
    html = "<title>a</title><frameset rows=100%><frame src='http://www.sedoparking.com/a.org'></frameset>"
    verdict = judge(html, url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.PARKED, "parked/lander")


@pytest.mark.parametrize("name", ["README.md", "budget.xlsx", "plan.final"])
def test_a_file_name_as_heading_is_no_domain(judge, name):
    assert (
        judge(f"<title>{name}</title><h1>{name}</h1><p>Buy now, pay later.</p>", url=URL).outcome
        is Outcome.OK
    )


def test_a_teaser_about_a_name_for_sale_is_no_statement_of_the_page(judge):
    teaser = "<aside><h3><a href=/x>This domain is for sale: a life in names</a></h3></aside>"
    html = f"<title>Spring</title><h1>Spring fair</h1><p>On the green at ten.</p>{teaser}"
    assert judge(html, url=URL).outcome is Outcome.OK


def test_a_trade_named_in_the_heading_and_offered_in_the_text_is_known(judge):
    html = (
        "<title>Online Casino ohne Limit</title><h1>Online Casino ohne Limit</h1><p>Willkommensbonus und "
        "Freispiele. Spielautomaten, Roulette und Blackjack: jetzt registrieren.</p>"
    )
    verdict = judge(html, url=URL)
    assert (verdict.outcome, verdict.rule) == (Outcome.PARKED, "parked/hijacked")


def test_news_of_that_trade_cited_as_such_is_ok(judge):
    html = (
        "<title>Regulator closes casino</title><h1>Regulator closes casino</h1><p>The online casino kept "
        "the deposits of its players. Roulette and blackjack tables were sold.</p>"
    )
    assert judge(html, url="http://paper.example/2011/03/casino-closed").outcome is Outcome.OK
