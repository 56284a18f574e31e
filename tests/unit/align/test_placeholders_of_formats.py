"""The same two stripped links in every format that can hold them, found on one page."""

import pytest

from tests.unit.extract_formats.build_office import build_docx
from workers.align.match import recover_links
from workers.align.page_text import read_page_text
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Decision, FoundOn

WIRE, BOARD = "https://wire.example/2024/money", "https://board.example/minutes/31"
PAGE = f"""<main><p>The regional wire <a href="{WIRE}">reported</a> on Tuesday that money had been found.</p>
<p>Fishing crews have asked for a decision since the storm broke the northern pier.</p>
<p>A spokesman for the harbour board <a href="{BOARD}">said</a> that no tender had been opened.</p></main>"""
TEXTS = (
    ("The regional wire ", "reported", " on Tuesday that money had been found."),
    ("Fishing crews have asked for a decision since the storm broke the northern pier.", "", ""),
    ("A spokesman for the harbour board ", "said", " that no tender had been opened."),
)


def markdown(target: str) -> bytes:
    return "\n\n".join(f"{a}[{b}]({target}){c}" if b else a for a, b, c in TEXTS).encode()


def html(target: str) -> bytes:
    link = f'<a class="x" href="{target}"><b>{{}}</b></a>'
    return "".join(f"<p>{a}{link.format(b) if b else ''}{c}</p>" for a, b, c in TEXTS).encode()


def rst(target: str) -> bytes:
    return "\n\n".join(f"{a}`{b} <{target}>`__{c}" if b else a for a, b, c in TEXTS).encode()


def docx(target: str) -> bytes:
    body = "".join(
        f'<w:p><w:r><w:t xml:space="preserve">{a}</w:t></w:r><w:hyperlink r:id="h1"><w:r><w:t>{b}</w:t></w:r>'
        f'</w:hyperlink><w:r><w:t xml:space="preserve">{c}</w:t></w:r></w:p>'
        for a, b, c in TEXTS
    )
    return build_docx(body, outside={"h1": target})


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("copy.md", markdown("#")),
        ("copy.md", markdown("")),
        ("copy.md", markdown("javascript:void(0)")),
        ("copy.html", html("#")),
        ("copy.html", html("")),
        ("copy.html", html("javascript:void(0);")),
        ("copy.rst", rst("#")),
        ("copy.docx", docx("#")),
    ],
)
def test_both_links_are_found_whatever_the_format(name: str, data: bytes) -> None:
    document = find_links(Source(name=name, data=data))
    page = read_page_text(PAGE.encode(), url="https://paper.example/a", charset="utf-8")
    live = FoundOn(kind="live", url=page.url)
    found = recover_links(document, page, found_on=live)
    sure = [found[number].best for number in sorted(found) if found[number].decision is Decision.AUTO]
    assert sure == [WIRE, BOARD]
