"""The seed article: five stripped links and its own address, from every name it may come under."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Defect, Document, Format

SEED = Path(__file__).parents[2] / "fixtures" / "000_533c888864824563.txt"
OWN = (
    "https://www.themoscowtimes.com/2024/10/22/south-korea-may-send-military-personnel-to-ukraine-a-mid-"
    "suspected-north-korean-deployments-yonhap-a86767"
)


@pytest.fixture(params=["article.txt", "article.md", "article"])
def seed(request: pytest.FixtureRequest) -> Document:
    return find_links(Source(name=request.param, data=SEED.read_bytes()))


def test_the_seed_has_five_placeholders_and_its_own_address(seed: Document) -> None:
    assert [link.target for link in seed.links] == ["#", "#", "#", "#", "#", OWN]
    assert [link.kind for link in seed.links] == ["link"] * 5 + ["original-url"]


def test_the_anchors_of_the_seed_are_plain_text(seed: Document) -> None:
    assert [link.anchor for link in seed.links[:5]] == [
        "Uwe Brodrecht (CC BY-SA 2.0)",
        "reported",
        "North Koreans Fighting for Russia Put Warm Words into Practice",
        "warning",
        "posted",
    ]


def test_the_links_of_the_seed_stand_where_they_were_measured(seed: Document) -> None:
    # Columns count code points; in bytes the fourth stands at 110, behind two curly quotes.
    assert [(link.line, link.column) for link in seed.links] == [
        (9, 24),
        (11, 161),
        (21, 22),
        (25, 106),
        (33, 62),
        (39, 1),
    ]


def test_every_raw_of_the_seed_is_its_slice(seed: Document) -> None:
    assert seed.text is not None
    assert [seed.text[link.start : link.end] for link in seed.links] == [link.raw for link in seed.links]


def test_a_hash_link_has_no_target(seed: Document) -> None:
    assert seed.links[0].resolved is None
    assert seed.links[0].defects == (Defect.FRAGMENT_ONLY,)


def test_headline_and_date_of_the_seed_are_read(seed: Document) -> None:
    assert seed.headline is not None
    assert seed.headline.startswith("South Korea May Send Military Personnel to Ukraine Amid")
    assert seed.published == datetime(2024, 10, 22, tzinfo=UTC)
    assert seed.published_source == "dateline"
    assert seed.own_url == OWN


def test_the_sentence_around_a_link_is_plain_text(seed: Document) -> None:
    assert seed.links[4].context == (
        "Yonhap also reported Tuesday that a pro-war Telegram account posted a photo showing the Russian "
        "and North Korean flags waving side by side on a Ukrainian battlefield."
    )


def test_the_seed_forced_to_markdown_reads_the_same() -> None:
    as_text = find_links(Source(name="a", data=SEED.read_bytes()), format=Format.TEXT)
    as_markdown = find_links(Source(name="a", data=SEED.read_bytes()), format=Format.MARKDOWN)
    assert as_text.links == as_markdown.links
