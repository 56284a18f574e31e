"""The first look against all the rules, on pages made of what fools either: never another verdict."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_cases import CASES
from page_judge import body_of, observe

from workers.verdict.context import Context
from workers.verdict.glance import glance
from workers.verdict.lexicon import missing_entries, phrase_lists
from workers.verdict.outcome import decide, decide_plain
from workers.verdict.page import Page, open_page
from workers.verdict.soft404 import may_turn
from workers.verdict.suspicion import is_suspect

SLUG = "harbour-council-approves-new-ferry-timetable"
TITLE = "Harbour council approves new ferry timetable"
LINE = (
    "The council said the plan would go ahead, although farmers and the rail union number {} had a long say."
)
ENGLISH = missing_entries()[0]
TELLING = [
    *(phrase for entry in missing_entries() for phrase in (*entry.missing, *entry.whole)),
    *phrase_lists()["paywall"],
    *phrase_lists()["no_results"],
    *("404", "Error 404", "410 gone", "The 404 bus", "1404", "Subscribe"),
]
# What stands inside a word or a phrase, before its second part `{}`.
JOINTS = [
    "{}",
    "<b>{}</b>",
    "<br>{}",
    "<a href=/z>{}</a>",
    "<i hidden>x</i>{}",
    "<script>y</script>{}",
    "<svg><title>z</title></svg>{}",
    "<!-- c -->{}",
    "<em style='display:none'>q</em>{}",
    "<div>{}</div>",
    "(really) {}",
    "\u201cso it <b>says</b>\u201d {}",
]
PARTS = [
    "<p>{}</p>",
    "{}",
    "<div>{}</div>",
    "<p><b>{}</b></p>",
    "<li>{}</li>",
    "<span>{}</span>",
    "<h2>{}</h2>",
    "<h3><a href=/q>{}</a></h3>",
    "<nav>{}</nav>",
    "<div class=related>{}</div>",
    "<div hidden>{}</div>",
    "<p><a href=/x>{}</a></p>",
    "<script>{}</script>",
    "<noscript>{}</noscript>",
    "<footer>{}</footer>",
    "<form>{}</form>",
    "<label>{}</label>",
]
PARAGRAPHS = [
    "<p>{}</p>",
    "<p>{}</p>",
    "<p>{} <a href=/more>more</a></p>",
    "<p>By <a href=/john>John Smith Brown</a></p><p>{}</p>",
    "<p><a href=/a>{}</a></p>",
    "<p class=share>{}</p>",
    "<p><span class=share>Now:</span> {}</p>",
    "<p><span hidden>{}</span></p>",
    "<p><a href=/t>Read more about that</a></p><p>{}</p>",
    "<div><a href=/t>Read more about that</a></div><p>{}</p>",
    "<p>Now.<script>var a='{}'</script></p>",
    "<a href=/t><p>{}</p></a>",
    "<h1><p>{}</p></h1>",
]
WRAPPERS = ["<main>{}</main>", "{}", "<div>{}</div>", "<header>{}</header>", "<div class=comments>{}</div>"]
HEADS = [
    "",
    "<meta property=og:site_name content='The Daily'>",
    "<link rel=canonical href=/>",
    f"<meta property=og:site_name content='{TITLE}'>",
    '<script>{"isAccessibleForFree": false}</script>',
    f'<script>{{"articleBody": "{LINE.format(1)}"}}</script>',
    "<meta name=robots content=noindex>",
]
BEFORE = ["", "<nav><a href=/>Home</a></nav>", "<div>x</div>" * 7, "<div>The Daily</div>"]
FOLDERS = ["2024/05/", "errors/", "missing/", ""]
ENDINGS = ["", "/", ".html", ".pdf", "-404", "-1.2", ".html/"]


def mostly(first: str, others: list[str]) -> st.SearchStrategy[str]:
    return st.integers(0, 7).flatmap(lambda number: st.sampled_from(others) if not number else st.just(first))


@st.composite
def sentences(draw: st.DrawFn) -> str:
    """A telling phrase, alone or of a noun, cut in two by something."""
    noun = draw(st.sampled_from(["", "This page ", "The article "]))
    phrase = noun + draw(st.sampled_from(TELLING))
    at = draw(st.integers(0, len(phrase)))
    return phrase[:at] + draw(mostly("{}", JOINTS)).format(phrase[at:])


@st.composite
def pages(draw: st.DrawFn) -> str:
    count = draw(st.sampled_from([6, 8, 9, 12, 30]))
    parts = [draw(mostly("<p>{}</p>", PARAGRAPHS)).format(LINE.format(number)) for number in range(count)]
    for _ in range(draw(st.integers(0, 2))):
        telling = draw(st.sampled_from(PARTS)).format(draw(sentences()))
        parts.insert(draw(st.integers(0, len(parts))), telling)
    if draw(st.integers(0, 5)) == 0:
        body = body_of(draw(st.sampled_from(CASES))).decode()
        begin = draw(st.integers(0, len(body)))
        parts.insert(draw(st.integers(0, len(parts))), body[begin : begin + 2000])
    title = draw(
        mostly(TITLE, [f"{TITLE} | The Daily", "The Daily", f"{TITLE} \u2013 Caf\u00e9", "Page not found"])
    )
    heading = draw(
        mostly(TITLE, [f"<a href=/h>{TITLE}</a>", f"<span hidden>{TITLE}</span>", "<img>", "Sorry"])
    )
    before = draw(st.sampled_from(BEFORE)) + draw(mostly("", [LINE.format(77), "<p>Not found</p>"]))
    body = draw(mostly("<main>{}</main>", WRAPPERS)).format(f"<h1>{heading}</h1>{''.join(parts)}")
    return f"<title>{title}</title>{draw(mostly('', HEADS))}{before}{body}"


def is_clean(page: Page, url: str, body: bytes) -> bool:
    """Whether all the rules say what the first look says, with no sibling to be asked now or later."""
    observation, _ = observe(CASES[0], url=url, final=url, status=200, body=body)
    context = Context()
    is_open = is_suspect(observation, page) or may_turn(observation, page, context)
    return decide(observation, page=page, context=context) == decide_plain(observation) and not is_open


def look(html: str, url: str) -> tuple[int, Page]:
    body = html.encode()
    observation, page = observe(CASES[0], url=url, final=url, status=200, body=body)
    opened = open_page(body, media_type="text/html", charset="utf-8", url=url)
    return glance(observation, opened), page


@given(pages(), mostly(FOLDERS[0], FOLDERS), mostly("", ENDINGS))
def test_what_is_plain_has_no_objection_by_any_rule(html: str, folder: str, ending: str) -> None:
    url = f"https://news.example/{folder}{SLUG}{ending}"
    words, page = look(html, url)
    if words:
        assert is_clean(page, url, html.encode())
        assert page.main_words >= words


@pytest.mark.parametrize(
    "part",
    [
        "<p>This page was re<b>mov</b>ed</p>",
        "<div>Title</div><div>Introuvable</div>",
        "<p>Page not<br>found</p>",
        "<p>Page not <i hidden>really</i>found</p>",
        "<p>Page not <svg><title>icon</title></svg>found</p>",
        "<p>Error 4<b>04</b></p>",
        "<p>This page was (as we said) removed</p>",
        "<p>This page could \"alas\" not be 'so to say' found</p>",
        "<p>No re<em>sul</em>ts</p>",
    ],
)
def test_no_markup_hides_a_phrase_from_the_first_look(part: str) -> None:
    paragraphs = "".join(f"<p>{LINE.format(number)}</p>" for number in range(10))
    html = f"<title>{TITLE}</title>{part}<main><h1>{TITLE}</h1>{paragraphs}</main>"
    assert look(html, f"https://news.example/2024/{SLUG}")[0] == 0


@pytest.mark.parametrize(
    "page",
    [
        "<main><h1>{title}</h1>{text}</main>",
        "<nav><a href=/>Home</a><a href=/n>News</a></nav><main><h1>{title}</h1>{text}</main><footer/>",
        "<script>var a = 'not found'</script><article><h1><a href=/h>{title}</a></h1>{text}</article>",
        "<div hidden>Menu</div><p>By <a href=/j>John Smith Brown</a></p><h1>{title}</h1>{text}",
        "<h1>{title}</h1><p>By <a href=/j>John Smith Brown</a></p>{text}<h2>More</h2><a href=/1>News</a>",
        "<h1>{title}</h1><div class=share><a href=/s>Share this piece now</a></div>{text}",
        "<svg><title>logo</title></svg><h1>{title}</h1>{text}{text}{text}{text}",
        "<h1>{title}</h1><p>Caf\u00e9, d\u00e9j\u00e0 \u2013 vu</p>{text}",
    ],
)
def test_pieces_of_common_layouts_are_plain(page: str) -> None:
    text = "".join(f"<p>{LINE.format(n)} <a href=/x>more</a> <em>of it</em></p>" for n in range(9))
    html = f"<title>{TITLE} - The Daily</title>{page.format(title=TITLE, text=text)}"
    assert look(html, f"https://news.example/2024/{SLUG}")[0] >= 150


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 6000 + "<p>a",
        "<div><p>a" * 6000,
        "<svg><title>x</title></svg>" * 2500,
        "<b><i hidden>x</i>" * 3000,
        "<p><a href=/x>a</a>" * 3000,
        "<nav>" + "<a href=/x>one two three</a>" * 2000,
    ],
)
def test_hostile_pages_of_64_kb_go_through_all_rules(html: str) -> None:
    page = f"<title>{TITLE}</title><h1>{TITLE}</h1>{html}"
    assert look(page, f"https://news.example/{SLUG}")[0] == 0
