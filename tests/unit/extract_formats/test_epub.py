"""EPUB books: chapters in reading order, and links that stay inside."""

from datetime import UTC, datetime

import pytest
from build_office import build_epub, build_zip

from workers.errors import UnreadableDocument
from workers.extract.epub import read
from workers.extract.source import Source
from workers.model import Document


def _read(data: bytes) -> Document:
    return read(Source(name="a.epub", data=data))


def _chapter(body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml">'
        f"<head><title>é</title></head><body>{body}</body></html>"
    )


def test_chapters_are_read_in_reading_order_with_part_and_offset():
    one = _chapter('<p>See <a href="https://example.org/1">one</a>.</p>')
    two = _chapter("<p>https://example.org/2</p>")
    links = _read(build_epub({"b%20c.xhtml": "", "text/one.xhtml": one, "two.xhtml": two})).links
    assert [(link.target, link.anchor, link.locator, link.start) for link in links] == [
        (
            "https://example.org/1",
            "one",
            f"OEBPS/text/one.xhtml#char={one.index('https://example.org/1')}",
            None,
        ),
        (
            "https://example.org/2",
            "",
            f"OEBPS/two.xhtml#char={two.index('https://example.org/2')}",
            None,
        ),
    ]


def test_an_empty_script_or_title_does_not_swallow_the_chapter():
    chapter = (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="a.js" /></head><body>'
        '<a href="https://example.org/">é</a></body></html>'
    )
    (link,) = _read(build_epub({"one.xhtml": chapter})).links
    assert link.locator == f"OEBPS/one.xhtml#char={chapter.index('https://example.org/')}"


def test_links_between_parts_are_counted_and_stripped_ones_listed():
    targets = ("two.xhtml", "#note", "#", "mailto:a@example.org")
    body = "".join(f'<a href="{target}">x</a>' for target in targets)
    document = _read(build_epub({"one.xhtml": _chapter(body)}))
    assert [link.target for link in document.links] == ["#", "mailto:a@example.org"]
    assert document.skipped == {"links inside the file": 2}


def test_the_package_says_the_facts():
    metadata = (
        "<dc:title>The\n Book</dc:title><dc:date>2024-10-22</dc:date><dc:language>nl</dc:language>"
        "<dc:source>https://example.org/print</dc:source><dc:identifier>urn:isbn:1</dc:identifier>"
    )
    document = _read(build_epub({"one.xhtml": _chapter("x")}, metadata=metadata))
    assert (document.headline, document.language) == ("The Book", "nl")
    assert document.published == datetime(2024, 10, 22, tzinfo=UTC)
    assert [(link.kind, link.target) for link in document.links] == [
        ("metadata", "https://example.org/print")
    ]


def test_disguised_fonts_do_not_lock_a_book():
    encryption = (
        '<encryption><EncryptedData><EncryptionMethod Algorithm="http://www.idpf.org/2008/embedding"/>'
        "</EncryptedData></encryption>"
    )
    data = build_epub(
        {"one.xhtml": _chapter("https://example.org/")}, more={"META-INF/encryption.xml": encryption}
    )
    assert len(_read(data).links) == 1


ENCRYPTED = (
    '<encryption><EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></encryption>'
)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (build_zip({"mimetype": "x"}), "is not an EPUB book: it has no part META-INF/container.xml"),
        (
            build_zip({"META-INF/container.xml": "<container/>"}),
            "is not an EPUB book: its container names no package",
        ),
        (
            build_epub({"a.xhtml": "x"}, more={"META-INF/encryption.xml": ENCRYPTED}),
            "is encrypted (digital rights management)",
        ),
        (
            build_epub({"a.xhtml": "x"}, more={"META-INF/rights.xml": "<rights/>"}),
            "is encrypted (digital rights management)",
        ),
    ],
    ids=["empty", "other-zip", "no-package", "encrypted", "rights"],
)
def test_what_cannot_be_read_is_one_error_with_the_name_of_the_file(data, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _read(data)
    assert str(raised.value) == f"a.epub: {reason}"
