"""Robust Links as HTML: what is written is escaped, and only web addresses become links."""

from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.reports.robust_links import RobustLink, anchor, document

AT = datetime(2024, 10, 22, 8, tzinfo=UTC)
CAPTURE = "https://web.archive.org/web/20241022080000/https://example.org/a?x=1&y=2"


class _Reader(HTMLParser):
    """Reads the links and the texts of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "a":
            self.links.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def link(**facts: object) -> RobustLink:
    given: dict[str, object] = {
        "original": "https://example.org/a?x=1&y=2",
        "text": "A story",
        "is_dead": False,
    }
    return RobustLink(**given | facts)  # type: ignore[arg-type]


def test_a_live_link_carries_its_capture() -> None:
    assert anchor(link(version_url=CAPTURE, version_at=AT)) == (
        '<a href="https://example.org/a?x=1&amp;y=2" data-originalurl="https://example.org/a?x=1&amp;y=2" '
        'data-versionurl="https://web.archive.org/web/20241022080000/https://example.org/a?x=1&amp;y=2" '
        'data-versiondate="2024-10-22">A story</a>'
    )


def test_a_dead_link_leads_to_its_capture() -> None:
    (shown,) = read(anchor(link(is_dead=True, version_url=CAPTURE, version_at=AT))).links
    assert (shown["href"], shown["data-originalurl"]) == (CAPTURE, "https://example.org/a?x=1&y=2")


def test_a_dead_link_without_a_capture_stays_as_it_is() -> None:
    assert read(anchor(link(is_dead=True))).links == [
        {"href": "https://example.org/a?x=1&y=2", "data-originalurl": "https://example.org/a?x=1&y=2"}
    ]


@pytest.mark.parametrize("original", ["javascript:alert(1)", "mailto:a@example.org", "data:text/html,x", ""])
def test_what_is_no_web_address_is_refused(original: str) -> None:
    with pytest.raises(ValueError, match="not a web address"):
        anchor(link(original=original))


@given(st.text(max_size=80), st.text(alphabet="\"<>'& ?=#\\x00é", max_size=30))
def test_nothing_breaks_out_of_a_link(text: str, odd: str) -> None:
    original = f"https://example.org/{odd}"
    html = document([link(text=text, original=original)], title=text, script="/assets/robustlinks.js")
    reader = read(html)
    assert reader.tags == ["html", "head", "meta", "title", "script", "body", "h1", "ul", "li", "a"]
    assert [each["data-originalurl"] for each in reader.links] == [original]
