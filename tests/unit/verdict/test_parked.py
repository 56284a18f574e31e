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
