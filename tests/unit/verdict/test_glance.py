"""The first look: what it calls plain, all the rules call ok, and for every doubt it steps aside."""

import pytest
from page_cases import CASES, SETS
from page_judge import body_of, judge, observe

from workers.model import Observation, Outcome
from workers.verdict.context import Context
from workers.verdict.glance import glance
from workers.verdict.outcome import decide, decide_plain
from workers.verdict.page import open_page

URL = "https://news.example/2024/05/harbour-council-approves-new-ferry-timetable"
TITLE = "Harbour council approves new ferry timetable"
LINE = "<p>The council said the plan would go ahead, although farmers and the rail union {} had a say.</p>"
TEXT = "".join(LINE.format(number) for number in range(10))


def seen(html: str, *, url: str = URL, final: str | None = None, status: int = 200) -> Observation:
    observation, _ = observe(CASES[0], url=url, final=final or url, status=status, body=html.encode())
    return observation


def page(
    *,
    head: str = "",
    title: str = "Harbour council approves new ferry timetable",
    heading: str = "",
    body: str = TEXT,
) -> str:
    return f"<title>{title}</title>{head}<main><h1>{heading or title}</h1>{body}</main>"


def is_plain(observation: Observation) -> bool:
    opened = open_page(
        observation.body,
        media_type=observation.media_type,
        charset=observation.charset,
        url=observation.final_url,
    )
    return glance(observation, opened) > 0


def test_a_piece_under_its_own_title_is_plain_and_ok() -> None:
    observation = seen(page())
    assert is_plain(observation)
    assert decide_plain(observation).outcome is Outcome.OK


def test_the_glance_says_what_all_rules_say() -> None:
    observation = seen(page())
    opened = open_page(observation.body, media_type="text/html", charset="utf-8", url=URL)
    assert decide_plain(observation) == decide(observation, page=opened.read(), context=Context())


@pytest.mark.parametrize(
    "html",
    [
        page(heading="Page not found"),
        page(title="Home"),
        page(title=f"{TITLE} - page not found"),
        page(body="<p>Sorry, this article is no longer available.</p>" + TEXT),
        page(body="<div>This page does not exist.</div>" + TEXT),
        page(body=LINE.format(1)),
        page(body=f"<div class='related-articles'>{TEXT}</div>"),
        page(body=f"<nav>{TEXT}</nav>"),
        page(body=f"<h2>More news</h2>{TEXT}"),
        page(body=TEXT.replace("<p>", "<p><a href=/x>").replace("</p>", "</a></p>")),
        page(body=TEXT + "<p>Subscribe to continue reading.</p>"),
        page(head="<link rel=canonical href=/>"),
        page(head="<meta property=og:url content=https://news.example/404>"),
        page() + "<h1>Another</h1>",
        "<body class=error-404>" + page(),
        page(head='<script>{"statusCode": 404}</script>'),
        "",
    ],
)
def test_every_doubt_goes_through_all_rules(html: str) -> None:
    assert not is_plain(seen(html))


def test_a_landing_place_or_another_status_is_never_plain() -> None:
    assert not is_plain(seen(page(), final="https://news.example/"))
    assert not is_plain(seen(page(), status=404))


@pytest.mark.parametrize(
    "case", [case for cases in SETS.values() for case in cases], ids=lambda case: case.url
)
def test_no_page_of_the_set_is_plain_that_is_not_ok(case: object) -> None:
    observation, _ = observe(
        case,
        url=case.url,
        final=case.final or case.url,
        status=case.status,
        body=body_of(case),  # type: ignore[attr-defined, arg-type]
    )
    if is_plain(observation):
        assert judge(case).outcome is Outcome.OK  # type: ignore[arg-type]
