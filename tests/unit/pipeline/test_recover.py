"""Stripped links found again, over a web and an archive in memory: which page counts, and what is told."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from tests.fakes import NOW, Answer, FakeArchive, FakeWeb
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Decision, Document, Failure, Memento, Observation, Recovery, RecoveryReason
from workers.protocols import FetchRequest
from workers.recover import LinkRecoverer
from workers.threads import OwnThreads

OWN = "https://paper.example/2024/03/10/harbour-walls-a12"
HEADLINE = "Harbour Walls Will Be Rebuilt After a Decade of Delay"
FILLER = (
    "The council met for the third time this year to discuss the future of the harbour walls. ",
    "Fishing crews have asked for a decision since the storm of 2014 broke the northern pier. ",
    "Engineers expect the work to last two summers and to cost nine million in total. ",
    "A second contract for the lighthouse road is to be signed before the end of the month. ",
)
SENTENCES = (
    "The regional wire {0} on Tuesday that the money had been found at last.",
    "A spokesman for the harbour board {0} that no tender had been opened so far.",
)
WIRE, BOARD = "https://wire.example/2024/money-found", "https://board.example/minutes/31"
RELATED = "Crews Refuse to Sail From the Broken Northern Pier"
RELATED_URL = "https://paper.example/2024/02/01/crews-refuse-to-sail-from-the-broken-northern-pier-a9"


def article(*, own: str = f"Original url:\n\n<{OWN}>\n", related: bool = False) -> str:
    """Return the copy as Markdown, with two stripped links and perhaps a stripped title."""
    lines = [SENTENCES[0].format("[reported](#)"), FILLER[0], FILLER[1], SENTENCES[1].format("[said](#)")]
    if related:
        lines.append(f"**Related article:** [{RELATED}](#)")
    text = "\n\n".join((*lines, FILLER[2], FILLER[3]))
    return f"# {HEADLINE}\n\nMarch 10, 2024\n\n{text}\n\n{own}"


def page(*, first: str = WIRE, second: str = BOARD, title: str = HEADLINE, more: str = "") -> bytes:
    """Return the original page; an empty address leaves the words unlinked."""
    links = [
        f'<a href="{url}">{word}</a>' if url else word
        for url, word in ((first, "reported"), (second, "said"))
    ]
    text = (SENTENCES[0].format(links[0]), *FILLER[:2], SENTENCES[1].format(links[1]), *FILLER[2:])
    paragraphs = "".join(f"<p>{each}</p>" for each in text)
    menu = '<nav><a href="/">Home</a> <a href="/said">said</a></nav>'
    return (
        f"<html><head><title>{title}</title></head><body>{menu}<main><h1>{title}</h1>{paragraphs}</main>"
        f"{more}</body></html>"
    ).encode()


def read(text: str | bytes, name: str = "copy.md", base: str | None = None) -> Document:
    """Return a document as read."""
    data = text if isinstance(text, bytes) else text.encode()
    return find_links(Source(name=name, data=data, base=base))


def memento(url: str, uri_m: str) -> Memento:
    """Return a capture in the archive in memory."""
    at = datetime(2024, 3, 11, 9, 30, tzinfo=UTC)
    return Memento(original=url, archive="fake", memento_datetime=at, uri_m=uri_m, status=200)


async def recover(
    document: Document, web: FakeWeb, archive: FakeArchive | None, **more: object
) -> list[Recovery]:
    """Return what is found for the stripped links of a document, in order."""
    with OwnThreads("recover", threads=1) as threads:
        recoverer = LinkRecoverer(fetcher=web, archive=archive, clock=lambda: NOW, threads=threads)
        found = await recoverer.recover(document, **more)  # type: ignore[arg-type]
    return [found[number] for number in sorted(found)]


def told(found: list[Recovery]) -> list[tuple[str, str | None]]:
    """Return the reasons and addresses."""
    return [(each.reason, each.best) for each in found]


async def test_both_links_are_found_on_the_live_page() -> None:
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, page())}), FakeArchive())
    assert told(found) == [("matched", WIRE), ("matched", BOARD)]
    assert {each.decision for each in found} == {Decision.AUTO}
    assert found[0].found_on is not None
    assert (found[0].found_on.kind, found[0].found_on.url) == ("live", OWN)


async def test_a_link_that_the_page_does_not_have_is_no_link() -> None:
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, page(second=""))}), FakeArchive())
    assert told(found) == [("matched", WIRE), ("no_link", None)]
    assert found[1].decision is Decision.ABSTAIN


async def test_a_page_without_any_link_gives_no_link() -> None:
    bare = page(first="", second="").replace(b"<nav>", b"<nav hidden>")
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, bare)}), FakeArchive())
    assert told(found) == [("no_link", None)] * 2


async def test_a_sentence_that_the_page_does_not_have_is_no_place() -> None:
    shown = page().replace(SENTENCES[1].format(f'<a href="{BOARD}">said</a>').encode(), b"")
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, shown)}), FakeArchive())
    assert told(found) == [("matched", WIRE), ("no_place", None)]


async def test_the_same_words_twice_are_ambiguous_and_only_suggested() -> None:
    sentence = f"<p>{SENTENCES[1].format('<a href=%s>said</a>')}</p>"
    text = FILLER[2]
    twice = page().replace(
        b"</main>", (f"<p>{text}</p>{sentence % 'https://other.example/2'}</main>").encode()
    )
    copy = article().replace(FILLER[0], "").replace(FILLER[1], "")
    found = await recover(read(copy), FakeWeb({OWN: Answer(200, twice)}), FakeArchive())
    assert found[1].reason is RecoveryReason.AMBIGUOUS
    assert found[1].decision is Decision.SUGGEST
    assert {each.url for each in found[1].candidates} >= {BOARD, "https://other.example/2"}


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Answer(404), "no_page"),
        (Answer(410), "no_page"),
        (Answer(200, page(title="Page not found").replace(b"<p>", b"<p hidden>")), "no_page"),
        (Answer(200, b"<title>Paper</title><h1>Paper</h1><p>Latest news from the coast.</p>" * 9), "no_page"),
        (Answer(503), "unknown"),
        (Answer(403), "unknown"),
        (Answer(429), "unknown"),
        (Answer(None, failure=Failure.TIMEOUT), "unknown"),
        (Answer(None, failure=Failure.POLICY), "unknown"),
        (
            Answer(
                403,
                b"<title>Just a moment...</title><script src=/cdn-cgi/challenge-platform/x.js></script>",
            ),
            "unknown",
        ),
        (Answer(200, b"<title>Paper</title><script src=/app.js></script><div id=root></div>"), "unknown"),
    ],
)
async def test_a_page_that_is_not_the_article_gives_nothing(answer: Answer, reason: str) -> None:
    found = await recover(read(article()), FakeWeb({OWN: answer}), FakeArchive())
    assert told(found) == [(reason, None)] * 2


async def test_another_article_under_the_same_address_is_no_page() -> None:
    words = "The orchestra said that its season opens with works reported to be lost for a century. "
    other = f"<title>Season</title><h1>An Orchestra Opens Its Season</h1><p>{words * 20}<a href=/x>said</a>"
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, other.encode())}), FakeArchive())
    assert told(found) == [("no_page", None)] * 2


async def test_a_redirect_to_the_home_page_is_no_page() -> None:
    home = "".join(f"<h2><a href=/{n}>Story number {n} reported</a></h2>" for n in range(30))
    web = FakeWeb({OWN: Answer(200, home.encode(), to="https://paper.example/")})
    assert told(await recover(read(article()), web, FakeArchive())) == [("no_page", None)] * 2


async def test_an_archive_that_cannot_be_asked_is_unknown_and_never_no_page() -> None:
    found = await recover(read(article()), FakeWeb(), FakeArchive(failing=True))
    assert told(found) == [("unknown", None)] * 2


async def test_an_article_without_an_address_is_no_page_and_nobody_is_asked() -> None:
    web, archive = FakeWeb(), FakeArchive()
    assert told(await recover(read(article(own="")), web, archive)) == [("no_page", None)] * 2
    assert (web.asked, archive.looked_up) == ([], [])


async def test_an_address_that_is_not_wanted_is_not_asked_and_leaves_it_unknown() -> None:
    web = FakeWeb({OWN: Answer(200, page())})
    found = await recover(read(article()), web, FakeArchive(), is_wanted=lambda _: False)
    assert told(found) == [("unknown", None)] * 2
    assert web.asked == []


async def test_a_memento_gives_what_the_live_page_lost() -> None:
    archive = FakeArchive(held={OWN: memento(OWN, "https://archive.example/m")})
    archive.pages["https://archive.example/m"] = page()
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, page(second=""))}), archive)
    assert told(found) == [("matched", WIRE), ("matched", BOARD)]
    kinds = [each.found_on.kind for each in found if each.found_on is not None]
    assert kinds == ["live", "memento"]


async def test_what_a_whole_live_page_says_stands_where_the_archive_fails() -> None:
    web = FakeWeb({OWN: Answer(200, page(second=""))})
    found = await recover(read(article()), web, FakeArchive(failing=True))
    assert told(found) == [("matched", WIRE), ("no_link", None)]


async def test_of_the_beginning_that_a_paywall_shows_the_rest_is_unknown_without_an_archive() -> None:
    beginning = SENTENCES[0].format(f'<a href="{WIRE}">reported</a>')
    shown = f"<title>{HEADLINE}</title><h1>{HEADLINE}</h1><p>{beginning}</p><p>{FILLER[0]}</p>"
    web = FakeWeb({OWN: Answer(200, shown.encode())})
    found = await recover(read(article()), web, FakeArchive(failing=True))
    assert told(found) == [("matched", WIRE), ("unknown", None)]


async def test_a_capture_that_only_replays_is_read_as_replayed() -> None:
    replayed = page(
        first=f"/web/20240311093000/{WIRE}",
        second=f"https://web.archive.org/web/20190101000000/{BOARD}",
    )
    uri_m = f"https://archive.example/web/20240311093000/{OWN}"
    web, archive = FakeWeb(), FakeArchive(held={OWN: memento(OWN, uri_m)}, replayed={uri_m: replayed})
    found = await recover(read(article()), web, archive)
    # The second is a capture that the author cited: its time is not that of this replay.
    assert told(found) == [
        ("matched", WIRE),
        ("matched", f"https://web.archive.org/web/20190101000000/{BOARD}"),
    ]
    # The archive's own way leads there, with its limits; the web is asked for live pages only.
    assert uri_m not in web.asked


async def test_a_damaged_own_address_is_asked_of_the_archives_in_its_repaired_forms() -> None:
    damaged = OWN.replace("harbour", "har-bour")
    archive = FakeArchive(held={OWN: memento(OWN, "https://archive.example/m")})
    archive.pages["https://archive.example/m"] = page()
    document = read(article(own=f"Original url:\n\n<{damaged}>\n"))
    assert told(await recover(document, FakeWeb(), archive)) == [("matched", WIRE), ("matched", BOARD)]


async def test_an_address_known_by_now_is_asked_in_place_of_the_written_one() -> None:
    damaged = OWN.replace("harbour", "har-bour")
    document = read(article(own=f"Original url:\n\n<{damaged}>\n"))
    web = FakeWeb({OWN: Answer(200, page())})
    found = await recover(document, web, None, known={damaged: OWN})
    assert told(found) == [("matched", WIRE), ("matched", BOARD)]
    assert web.asked[0] == OWN


@pytest.mark.parametrize("written", ["#", "", "javascript:void(0)", "javascript:void(0);", "javascript:;"])
@pytest.mark.parametrize("own", ["canonical", "given"])
async def test_placeholders_of_html_are_found_on_the_page_it_names(written: str, own: str) -> None:
    copy = page(first="https://to-be-lost.example/", second="https://to-be-lost.example/")
    copy = copy.replace(b"https://to-be-lost.example/", written.encode()).replace(b"<nav>", b"<nav hidden>")
    if own == "canonical":
        copy = copy.replace(b"</head>", f'<link rel="canonical" href="{OWN}"></head>'.encode())
    given = [OWN] if own == "given" else []
    web = FakeWeb({OWN: Answer(200, page())})
    found = await recover(read(copy, "copy.html"), web, None, given=given)
    assert told(found) == [("matched", WIRE), ("matched", BOARD)]


async def test_a_title_is_found_wherever_the_page_links_it() -> None:
    box = f'<aside class="more"><a href="{RELATED_URL}"><h3>{RELATED}</h3><p>By our staff</p></a></aside>'
    web = FakeWeb({OWN: Answer(200, page(more=box))})
    found = await recover(read(article(related=True)), web, None)
    assert told(found)[2] == ("matched", RELATED_URL)


async def test_a_title_is_found_by_the_words_of_an_address() -> None:
    box = f'<div class="pictures"><a href="{RELATED_URL}"><img src="/p.jpg" alt="A pier"></a></div>'
    web = FakeWeb({OWN: Answer(200, page(more=box))})
    found = await recover(read(article(related=True)), web, None)
    assert told(found)[2] == ("matched", RELATED_URL)


async def test_a_title_that_the_page_lost_is_looked_for_in_the_archives_lists() -> None:
    archive = FakeArchive(held={RELATED_URL: memento(RELATED_URL, "https://archive.example/r")})
    archive.pages["https://archive.example/r"] = (
        f"<title>{RELATED}</title><h1>{RELATED}</h1><p>{FILLER[1] * 12}</p>".encode()
    )
    web = FakeWeb({OWN: Answer(200, page())})
    found = await recover(read(article(related=True)), web, archive)
    assert told(found)[2] == ("matched", RELATED_URL)
    assert found[2].found_on is not None
    assert (found[2].found_on.kind, found[2].found_on.url) == ("memento", "https://archive.example/r")
    assert archive.searched[0] == "https://paper.example/2024/03/10/"


async def test_a_listed_address_that_nothing_proves_is_only_suggested() -> None:
    archive = FakeArchive(held={RELATED_URL: memento(RELATED_URL, "https://archive.example/r")})
    found = await recover(read(article(related=True)), FakeWeb({OWN: Answer(200, page())}), archive)
    assert (found[2].decision, found[2].best) == (Decision.SUGGEST, RELATED_URL)


class _NoThreads(ThreadPoolExecutor):
    """A default pool that must not be used."""

    def submit(self, *_: object, **__: object) -> Future:  # type: ignore[override,type-arg]
        raise AssertionError("the loop's own pool was used")


async def test_texts_are_not_aligned_in_the_pool_of_the_loop() -> None:
    asyncio.get_running_loop().set_default_executor(_NoThreads())
    archive = FakeArchive(held={OWN: memento(OWN, "https://archive.example/m")})
    archive.pages["https://archive.example/m"] = page()
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, page(second=""))}), archive)
    assert told(found) == [("matched", WIRE), ("matched", BOARD)]


@dataclass
class _Silent:
    """A web that never answers."""

    observe_many: Callable[..., object] = NotImplemented

    async def observe(self, request: FetchRequest) -> Observation:
        await asyncio.Event().wait()
        raise AssertionError(request)


async def test_a_deadline_leaves_what_was_not_asked_unknown() -> None:
    with OwnThreads("recover", threads=1) as threads:
        recoverer = LinkRecoverer(
            fetcher=_Silent(),  # type: ignore[arg-type]
            archive=None,
            clock=lambda: NOW,
            threads=threads,
            deadline_s=0.01,
        )
        found = await recoverer.recover(read(article()))
    assert told(list(found.values())) == [("unknown", None)] * 2


async def test_an_article_without_stripped_links_asks_nobody() -> None:
    web = FakeWeb()
    assert await recover(read(f"# {HEADLINE}\n\n[a](https://a.example/) <{OWN}>\n"), web, FakeArchive()) == []
    assert web.asked == []
