"""A link of the article's page to the page itself is never taken for a stripped link, live or captured."""

import pytest

from tests.fakes import Answer, FakeArchive, FakeWeb
from tests.unit.pipeline.test_recover import (
    BOARD,
    FILLER,
    HEADLINE,
    OWN,
    WIRE,
    article,
    memento,
    page,
    read,
    recover,
    told,
)
from workers.model import Decision, Recovery

URI_M = f"https://archive.example/web/20240311093000/{OWN}"
OWN_PATH = OWN.removeprefix("https://paper.example")
SELF = [
    OWN,
    f"{OWN}#comments",
    f"{OWN}/",
    f"http://www.paper.example{OWN_PATH}?utm_source=page#top",
    OWN_PATH,
    f"{OWN_PATH}#comments",
]


def assert_only_shown(found: list[Recovery]) -> None:
    """Assert that the first link is sure, and that of the second the article itself is shown to people."""
    assert told(found)[0] == ("matched", WIRE)
    assert (found[1].decision, found[1].reason) == (Decision.SUGGEST, "ambiguous")
    assert found[1].candidates[0].evidence[-1] == "it is the article's own address"


@pytest.mark.parametrize("written", SELF)
async def test_a_live_page_that_links_itself_is_only_shown(written: str) -> None:
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, page(second=written))}), FakeArchive())
    assert_only_shown(found)


async def test_the_address_that_a_live_page_moved_to_is_its_own() -> None:
    moved = "https://paper.example/harbour-walls"
    for written in (moved, OWN):
        web = FakeWeb({OWN: Answer(200, page(second=f"{written}#top"), to=moved)})
        assert_only_shown(await recover(read(article()), web, FakeArchive()))


@pytest.mark.parametrize("written", SELF)
async def test_a_capture_as_captured_that_links_itself_is_only_shown(written: str) -> None:
    archive = FakeArchive(held={OWN: memento(OWN, URI_M)}, pages={URI_M: page(second=written)})
    assert_only_shown(await recover(read(article()), FakeWeb(), archive))


@pytest.mark.parametrize(
    "written",
    [
        f"/web/20240311093000/{OWN}",
        f"/web/20240311093000/{OWN}#comments",
        f"https://archive.example/web/20240311093000/{OWN}#comments",
        f"https://web.archive.org/web/20240312080000/{OWN}#comments",
        f"https://web.archive.org/web/20240312080000/http://www.paper.example{OWN_PATH}/",
        URI_M,
    ],
)
async def test_a_capture_as_replayed_that_links_itself_is_only_shown(written: str) -> None:
    replayed = page(first=f"/web/20240311093000/{WIRE}", second=written)
    archive = FakeArchive(held={OWN: memento(OWN, URI_M)}, replayed={URI_M: replayed})
    assert_only_shown(await recover(read(article()), FakeWeb(), archive))


async def test_the_original_of_a_capture_is_its_own_address_whatever_the_capture_is_called() -> None:
    uri_m = "https://archive.example/m"
    damaged = OWN.replace("harbour", "har-bour")
    archive = FakeArchive(held={OWN: memento(OWN, uri_m)}, pages={uri_m: page(second=f"{OWN}#comments")})
    document = read(article(own=f"Original url:\n\n<{damaged}>\n"))
    assert_only_shown(await recover(document, FakeWeb(), archive))


async def test_what_the_live_page_has_as_a_link_to_itself_is_looked_for_in_its_capture() -> None:
    archive = FakeArchive(held={OWN: memento(OWN, URI_M)}, pages={URI_M: page()})
    found = await recover(read(article()), FakeWeb({OWN: Answer(200, page(second=OWN))}), archive)
    assert told(found) == [("matched", WIRE), ("matched", BOARD)]


async def test_a_title_that_the_archives_list_for_the_article_itself_is_not_taken() -> None:
    copy = article().replace(FILLER[2], f"**Related article:** [{HEADLINE}](#)\n\n{FILLER[2]}")
    own = OWN.replace("harbour-walls-a12", "harbour-walls-will-be-rebuilt-after-a-decade-of-delay-a12")
    copy = copy.replace(OWN, own)
    archive = FakeArchive(held={own: memento(own, "https://archive.example/m")})
    found = await recover(read(copy), FakeWeb({own: Answer(200, page())}), archive)
    assert found[2].decision is not Decision.AUTO
