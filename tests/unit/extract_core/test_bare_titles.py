"""Titles behind 'Related article:' whose link was lost are citations without a target."""

import pytest

from service.reports.shapes import found_link
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Defect, Document, Kind

TITLE = "North Koreans put warm words into practice"


def read(text: str, name: str) -> Document:
    return find_links(Source(name=name, data=text.encode()))


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize(
    "line",
    [
        f"Related article: {TITLE}",
        f"**Related article:** {TITLE}",
        f"- Related story: “{TITLE}”",
        f"> RELATED COVERAGE: {TITLE}.",
        f"Read also: {TITLE}\r",
        "Читайте также: Совет города одобрил план",
        "関連記事\uff1a市議会が洪水対策計画を承認",
    ],
)
def test_a_title_behind_a_strong_label_is_a_citation_without_a_target(line: str, name: str) -> None:
    (link,) = read(f"Before it.\n\n{line}\n\nAfter it.\n", name).links
    assert (link.kind, link.target, link.resolved) == (Kind.LINK, "", None)
    assert link.defects == (Defect.BARE_TITLE,)
    assert link.raw == link.anchor
    assert found_link(link, name)["target"] is None


@pytest.mark.parametrize("name", ["a.md", "a.txt"])
@pytest.mark.parametrize(
    "text",
    [
        f"Related article: [{TITLE}](https://a.example/x)",
        f"Related article: {TITLE} https://a.example/x",
        f"A related article: {TITLE}",
        f"The related article said: {TITLE}",
        "Related article: too short",
        "Related articles:",
        f"Related: {TITLE}",
        f"More: {TITLE}",
        f"Source: {TITLE}",
        f"See also the following:\n{TITLE}",
    ],
)
def test_nothing_else_is_taken_for_a_lost_link(text: str, name: str) -> None:
    found = read(text + "\n", name).links
    assert [link for link in found if Defect.BARE_TITLE in link.defects] == []


def test_a_label_in_code_is_no_citation() -> None:
    assert read(f"```\nRelated article: {TITLE}\n```\n", "a.md").links == ()


def test_its_place_is_that_of_the_title() -> None:
    text = f"One https://a.example/1 here.\nRelated article: {TITLE}\nTwo https://a.example/2 here.\n"
    links = read(text, "a.txt").links
    assert [link.target for link in links] == ["https://a.example/1", "", "https://a.example/2"]
    assert text[links[1].start : links[1].end] == TITLE
