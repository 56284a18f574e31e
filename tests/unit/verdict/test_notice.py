"""A page that speaks of itself, and of nothing that was asked for, is a removed one in whatever words."""

import pytest

from workers.model import Outcome
from workers.verdict.context import Context, Probe

URL = "https://gazette.example/n/5512"
# Verbs that stand in no list, as none can hold all that editors find to say.
NOTICES = [
    "This article sleeps in a drawer now",
    "Dieser Artikel ruht auf Wunsch der Redaktion",
    "Cet article dort désormais au fond d'un tiroir",
    "Este artículo descansa en un cajón",
    "Denna artikel vilar i en låda",
    "Ten artykuł śpi w szufladzie",
    "Tento článek odpočívá v šuplíku",
    "Bu makale çekmecede dinleniyor",
    "Эта статья отдыхает в ящике стола",
    "הכתבה הזו נחה במגירה",
    "この記事は引き出しで眠っています",
    "这篇文章在抽屉里睡觉",
    "บทความนี้พักอยู่ในลิ้นชัก",
]


def page_of(heading: str, text: str = "", title: str = "Gazette") -> str:
    return f"<title>{title}</title><main><h1>{heading}</h1><p>{text}</p></main>"


@pytest.fixture
def cited(judge, observation):
    """Return a function that judges a page cited for the quarry, on a host that refuses what it lacks."""

    def judged(html: str, *, anchors: tuple[str, ...] = ("the story of the quarry",), status: int = 404):
        other = observation(b"", url="https://gazette.example/n/90012345", status=status)
        context = Context(anchors=anchors, probe=Probe(observation=other, page=None))
        return judge(html, url=URL, context=context)

    return judged


@pytest.mark.parametrize("notice", NOTICES)
def test_a_page_that_speaks_only_of_itself_is_a_soft_404(cited, notice):
    verdict = cited(page_of(notice))
    assert (verdict.outcome, verdict.rule) == (Outcome.SOFT_404, "soft404/notice")
    assert verdict.evidence == (
        f"it speaks of itself: {notice}",
        "nothing there names what the link was about",
    )


def test_the_first_text_under_a_brand_is_heard_too(cited):
    assert cited(page_of("Gazette", "This article sleeps in a drawer now.")).rule == "soft404/notice"


@pytest.mark.parametrize(
    "html",
    [
        page_of("This article sleeps in a drawer now", "The quarry of Hob Lane was dug by hand."),
        page_of("This article sleeps in a drawer now", title="The quarry of Hob Lane - Gazette"),
        page_of(
            "This article sleeps in a drawer now",
            "Herring came later to the northern bays in each winter. " * 5,
        ),
        page_of("This article sleeps in a drawer now", "Oak, 31 cm, made in 1802."),
        page_of("Is this article asleep?"),
        page_of("Sleep in eels", "This article was taken back by those who wrote it."),
        page_of("What this old sleepy northern town thinks of an article"),
    ],
    ids=[
        "a text on it",
        "a title on it",
        "more text",
        "figures",
        "a question",
        "a heading",
        "another subject",
    ],
)
def test_anything_of_its_own_keeps_a_page_alive(cited, html):
    assert cited(html).outcome is Outcome.OK


@pytest.mark.parametrize(
    "notice",
    ["This article is for subscribers only", "This account is private", "This page is under construction"],
)
def test_what_is_held_back_or_not_yet_there_is_no_loss(cited, notice):
    assert cited(page_of(notice)).outcome is not Outcome.SOFT_404


def test_where_nothing_was_named_nothing_is_amiss(cited):
    assert cited(page_of(NOTICES[0]), anchors=()).outcome is Outcome.OK


def test_on_a_host_that_does_not_tell_it_proves_nothing(cited):
    assert cited(page_of(NOTICES[0]), status=403).outcome is Outcome.OK


def test_a_kind_of_page_in_the_address_is_no_subject(judge, observation):
    other = observation(b"", url="https://gazette.example/angebot/90012345", status=404)
    context = Context(anchors=("the flat by the mill",), probe=Probe(observation=other, page=None))
    html = page_of("Dieses Angebot ruht nun")
    assert judge(html, url="https://gazette.example/angebot/331", context=context).rule == "soft404/notice"
