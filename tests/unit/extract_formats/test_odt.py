"""OpenDocument texts: links, notes, comments, headers and what is not shown."""

from datetime import UTC, datetime

import pytest
from build_office import ODF, build_odt, build_zip

from workers.errors import UnreadableDocument
from workers.extract.odt import read
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(data: bytes) -> Document:
    return read(Source(name="a.odt", data=data))


def test_a_hyperlink_is_read_with_its_anchor_sentence_and_place():
    body = '<text:p>é we <text:a xlink:href="https://example.org/?a=1&amp;b=2">repor<text:span>ted</text:span></text:a>.</text:p>'
    (link,) = _read(build_odt(body)).links
    assert (link.target, link.anchor) == ("https://example.org/?a=1&b=2", "reported")
    assert link.context == "é we reported."
    part = f"<office:document-content {ODF}><office:body><office:text>{body}"
    assert link.locator == f"content.xml#char={part.index('<text:a')}"


def test_a_stripped_link_is_a_placeholder_and_one_inside_the_file_is_counted():
    body = (
        '<text:p><text:a xlink:href="#">gone</text:a><text:a xlink:href="#part|outline">in</text:a></text:p>'
    )
    document = _read(build_odt(body))
    assert [(link.target, link.defects) for link in document.links] == [("#", (Defect.FRAGMENT_ONLY,))]
    assert document.skipped == {"links inside the file": 1}


def test_a_note_and_a_comment_are_passages_of_their_own():
    body = (
        "<text:p>See https://example.org/a<text:note><text:note-citation>1</text:note-citation><text:note-body>"
        "<text:p>https://example.org/note</text:p></text:note-body></text:note> and"
        "<office:annotation><dc:creator>https://author.example/</dc:creator>"
        "<text:p>https://example.org/comment</text:p></office:annotation> more</text:p>"
    )
    assert [link.target for link in _read(build_odt(body)).links] == [
        "https://example.org/a",
        "https://example.org/note",
        "https://example.org/comment",
    ]


def test_spaces_tabs_and_line_breaks_end_an_address():
    body = "<text:p>https://example.org/a<text:s text:c='2'/>b<text:tab/>https://example.org/c<text:line-break/>https://example.org/d</text:p>"
    assert [link.raw for link in _read(build_odt(body)).links] == [
        "https://example.org/a",
        "https://example.org/c",
        "https://example.org/d",
    ]


def test_a_linked_picture_outside_and_a_link_around_a_frame_are_read():
    body = (
        '<text:p><draw:frame draw:name="Map"><draw:image xlink:href="https://example.org/m.png"/></draw:frame>'
        '<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame></text:p>'
        '<draw:a xlink:href="https://example.org/around"><draw:frame/></draw:a>'
    )
    assert [(link.kind, link.target, link.anchor) for link in _read(build_odt(body)).links] == [
        (Kind.IMAGE, "https://example.org/m.png", "Map"),
        (Kind.LINK, "https://example.org/around", ""),
    ]


def test_deleted_text_is_not_read():
    body = "<text:tracked-changes><text:p>https://deleted.example/</text:p></text:tracked-changes><text:p>x</text:p>"
    assert _read(build_odt(body)).links == ()


def test_headers_are_read_from_the_styles():
    styles = f"<office:document-styles {ODF}><style:header><text:p>https://example.org/head</text:p></style:header></office:document-styles>"
    (link,) = _read(build_odt("<text:p>x</text:p>", more={"styles.xml": styles})).links
    assert link.locator is not None
    assert link.locator.startswith("styles.xml#char=")


def test_headline_date_and_language_are_read():
    meta = (
        f"<office:document-meta {ODF}><office:meta><dc:title>T</dc:title><dc:language>uk</dc:language>"
        "<meta:creation-date>2020-01-02T03:04:05</meta:creation-date></office:meta></office:document-meta>"
    )
    document = _read(build_odt('<text:h text:outline-level="1">Head</text:h>', more={"meta.xml": meta}))
    assert (document.headline, document.language) == ("Head", "uk")
    assert document.published == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert document.published_source == "odt:created"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<xml/>", "is not a ZIP container, or is cut off"),
        (build_zip({"a.txt": "x"}), "is not an OpenDocument text: it has no part content.xml"),
        (
            build_odt("", more={"META-INF/manifest.xml": "<m:encryption-data/>"}),
            "is encrypted and needs a password",
        ),
        (build_zip({"content.xml": b"\xff\xfe\xff"}), "has a part that is not Unicode: content.xml"),
    ],
    ids=["empty", "xml", "other-zip", "encrypted", "not-unicode"],
)
def test_what_cannot_be_read_is_one_error_with_the_name_of_the_file(data, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _read(data)
    assert str(raised.value) == f"a.odt: {reason}"
