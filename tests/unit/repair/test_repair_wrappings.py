"""Addresses inside another one: link guards, caches, translators, proxies, base64."""

import pytest

from workers.model import Decision
from workers.repair.propose import propose

PAGE = "https://www.valley-paper.com/news/flood-plan"
CODED = "https%3A%2F%2Fwww.valley-paper.com%2Fnews%2Fflood-plan"
BASE64 = "aHR0cHM6Ly93d3cudmFsbGV5LXBhcGVyLmNvbS9uZXdzL2Zsb29kLXBsYW4"


@pytest.mark.parametrize(
    "written",
    [
        f"http://webcache.googleusercontent.com/search?q=cache:Zx9kQ2aBcD0J:{PAGE}+flood&cd=1&hl=en&ct=clnk",
        f"https://webcache.googleusercontent.com/search?q=cache:{CODED}&hl=de",
        "https://webcache.googleusercontent.com/search?q=cache:www.valley-paper.com/news/flood-plan&strip=1",
        f"https://l.facebook.com/l.php?u={CODED}%3Ffbclid%3DIwAR0&h=AT0&__tn__=-UK-R&c[0]=AT1",
        f"https://out.reddit.com/t3_kx1?url={CODED}&token=AQ&app_name=web2x",
        f"https://t.umblr.com/redirect?z={CODED}&t=NmYx&m=1",
        f"https://href.li/?{PAGE}",
        f"https://www.nullrefer.com/?{CODED}",
        f"https://eur03.safelinks.protection.outlook.com/?url={CODED}&data=04%7C01&sdata=q%3D&reserved=0",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.valley-2Dpaper.com_news_flood-2Dplan&d=DwMFaQ",
        f"https://urldefense.com/v3/__{PAGE}__;!!AbC123!xyz$",
        f"https://duckduckgo.com/l/?uddg={CODED}&rut=0a1b",
        f"https://www.bing.com/ck/a?!&&p=0a1b&u=a1{BASE64}&ntb=1",
        f"https://www.google.co.uk/url?sa=t&q=&url={CODED}&usg=AOv",
        f"https://links.example.net/e/c/{BASE64}/77",
        f"https://ab1.r.us-east-1.awstrack.me/L0/https:{CODED[8:]}/1/0100-bc/xYz=123",
        f"https://deref-mail.com/mail/client/abc/dereferrer/?redirectUrl={CODED}",
        "https://cdn.ampproject.org/c/s/www.valley-paper.com/news/flood-plan?usqp=mq331&amp_js_v=0.1",
        "https://www.google.com/amp/s/www.valley-paper.com/news/flood-plan",
    ],
)
def test_what_is_wrapped_is_taken_out(written: str) -> None:
    repair = propose(written)
    assert (repair.decision, repair.best.url) == (Decision.AUTO, PAGE)


def test_a_link_guards_left_out_characters_are_put_back() -> None:
    written = "https://urldefense.com/v3/__https://a.example/view*id=1**Bx__;Pz8jIyM!!AbC!x$"
    assert propose("https://urldefense.com/v3/__https://a.example/view*id=1__;Pw!!AbC!x$").best.url == (
        "https://a.example/view?id=1"
    )
    assert propose(written).best.url == "https://a.example/view?id=1?##x"


def test_an_address_in_a_message_of_a_news_reader_is_read_as_far_as_its_length_says() -> None:
    message = "CBMiLGh0dHBzOi8vd3d3LnZhbGxleS1wYXBlci5jb20vbmV3cy9mbG9vZC1wbGFu0gEA"
    assert propose(f"https://news.google.com/rss/articles/{message}?oc=5").best.url == PAGE


def test_what_a_news_reader_keeps_to_itself_stays() -> None:
    url = "https://news.google.com/rss/articles/CBMiWkFVX3lxTE1MC41NjE0NTIzNjcwNzUx?oc=5"
    assert propose(url).decision is Decision.KEEP


def test_a_translated_page_may_be_what_is_cited() -> None:
    written = "https://www-valley--paper-com.translate.goog/news/flood-plan?_x_tr_sl=de&_x_tr_tl=en"
    repair = propose(written)
    assert repair.decision is Decision.KEEP
    assert repair.candidates[1].url == PAGE


@pytest.mark.parametrize(
    "host", ["www.valley-paper.com.ezproxy.lib.example.edu", "www-valley--paper-com.proxy.example.edu"]
)
def test_a_librarys_proxy_is_left_out(host: str) -> None:
    assert propose(f"https://{host}/news/flood-plan").best.url == PAGE


def test_parameters_behind_an_address_written_plainly_may_be_its_own() -> None:
    repair = propose("https://login.proxy.example.edu/login?url=https://a.example/view?id=1&page=2")
    assert [each.url for each in repair.candidates[:2]] == [
        "https://a.example/view?id=1&page=2",
        "https://a.example/view?id=1",
    ]
    assert repair.decision is Decision.NEEDS_LIVE


@pytest.mark.parametrize(
    "query",
    ["__cft__[0]=AZX&__tn__=-UK-R", "__cft__%5B0%5D=AZX&__cft__%5B1%5D=AZY&__tn__=R", "__xts__[0]=68.ARB"],
)
def test_parameters_of_tracking_in_brackets_are_taken_off(query: str) -> None:
    assert propose(f"{PAGE}?{query}").best.url == PAGE
