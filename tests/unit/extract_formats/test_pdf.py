"""PDF files: annotations and text as one, addresses broken over lines, and files that cannot be read."""

from datetime import UTC, datetime

import pytest
from build_pdf import Annotation, Line, Page, PdfFile, build_locked_pdf, build_pdf, paragraph, uri

from workers.errors import UnreadableDocument
from workers.extract import pdf
from workers.extract.pdf_facts import read_pdf_date
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(data: bytes) -> Document:
    return pdf.read(Source(name="a.pdf", data=data))


def _objects(*bodies: str) -> bytes:
    file = PdfFile()
    for body in bodies:
        file.add(body)
    return file.serialise()


def _over(row: int, *, width: float = 400, text_x: float = 72) -> tuple[float, float, float, float]:
    """Return a rectangle over the given row of `paragraph`."""
    baseline = 700 - 14 * row
    return (text_x, baseline - 3, text_x + width, baseline + 11)


def test_an_annotation_and_the_address_it_shows_are_one_finding():
    page = Page(
        lines=paragraph("https://example.org/a"),
        annotations=(Annotation(rect=_over(0), action=uri("https://example.org/a")),),
    )
    (link,) = _read(build_pdf(page)).links
    assert (link.kind, link.target, link.anchor) == (
        Kind.LINK,
        "https://example.org/a",
        "https://example.org/a",
    )
    assert link.locator == "page=1&rect=72.0,697.0,472.0,711.0"
    assert (link.start, link.end, link.line, link.column) == (None, None, None, None)


def test_an_address_shown_without_its_scheme_is_the_same_finding():
    page = Page(
        lines=paragraph("www.example.org/a"),
        annotations=(Annotation(rect=_over(0), action=uri("https://www.example.org/a")),),
    )
    assert [link.target for link in _read(build_pdf(page)).links] == ["https://www.example.org/a"]


def test_two_annotations_over_two_lines_of_one_address_are_one_finding_with_both_rectangles():
    target = "https://example.org/long/a-mid-path"
    page = Page(
        lines=paragraph("https://example.org/long/a-", "mid-path"),
        annotations=tuple(Annotation(rect=_over(row), action=uri(target)) for row in (0, 1)),
    )
    (link,) = _read(build_pdf(page)).links
    assert link.anchor == "https://example.org/long/a-mid-path"
    assert link.locator == "page=1&rect=72.0,697.0,472.0,711.0&rect=72.0,683.0,472.0,697.0"


def test_the_same_words_linked_to_one_address_twice_are_two_findings():
    page = Page(
        lines=paragraph("[link]", "[link]"),
        annotations=tuple(Annotation(rect=_over(row), action=uri("https://example.org/")) for row in (0, 1)),
    )
    assert [link.anchor for link in _read(build_pdf(page)).links] == ["[link]", "[link]"]


def test_an_address_hyphenated_at_a_line_end_keeps_the_hyphen_and_offers_both_readings():
    (link,) = _read(build_pdf(Page(lines=paragraph("See https://example.org/a-", "mid/x.")))).links
    assert link.raw == "https://example.org/a-\nmid/x"
    assert "\ufffe" not in link.raw + link.context
    assert link.readings[:2] == ("https://example.org/a-mid/x", "https://example.org/amid/x")
    assert {Defect.LINE_BREAK, Defect.HYPHEN_AT_BREAK} <= set(link.defects)
    assert link.locator is not None
    assert link.locator.count("rect=") == 2


def test_a_ligature_in_an_address_is_read_as_its_letters():
    lines = paragraph("https://example.org/of\x01ce/\x02ow")
    assert [link.raw for link in _read(build_pdf(Page(lines=lines))).links] == [
        "https://example.org/office/flow"
    ]


def test_an_identifier_in_the_text_is_read_with_its_place():
    (link,) = _read(build_pdf(Page(lines=paragraph("as in doi:10.1000/182.")))).links
    assert (link.kind, link.resolved) == (Kind.IDENTIFIER, "https://doi.org/10.1000/182")
    assert link.locator is not None
    assert link.locator.startswith("page=1&rect=")


def test_a_file_locked_only_against_changes_is_read():
    (link,) = _read(build_locked_pdf("see https://example.org/a")).links
    assert link.raw == "https://example.org/a"


def test_two_addresses_on_two_lines_stay_two():
    lines = paragraph("https://example.org/a", "https://example.net/b")
    assert [link.raw for link in _read(build_pdf(Page(lines=lines))).links] == [
        "https://example.org/a",
        "https://example.net/b",
    ]


def test_an_address_is_never_joined_over_two_pages():
    pages = Page(lines=paragraph("https://example.org/a-")), Page(lines=paragraph("mid/x"))
    assert [link.readings for link in _read(build_pdf(*pages)).links] == [()]


def test_a_stripped_link_is_a_placeholder_with_its_anchor():
    page = Page(lines=paragraph("reported"), annotations=(Annotation(rect=_over(0), action=uri("#")),))
    (link,) = _read(build_pdf(page)).links
    assert (link.target, link.resolved, link.anchor) == ("#", None, "reported")
    assert link.defects == (Defect.FRAGMENT_ONLY,)


def test_a_link_to_another_page_is_counted_and_not_listed():
    page = Page(
        lines=paragraph("see page 2"),
        annotations=(Annotation(rect=_over(0), action="/S /GoTo /D [0 /Fit]"),),
    )
    document = _read(build_pdf(page))
    assert document.links == ()
    assert document.skipped == {"links inside the file": 1}


def test_a_page_without_text_still_gives_its_links():
    page = Page(annotations=(Annotation(rect=(0, 0, 9, 9), action=uri("https://example.org/")),))
    document = _read(build_pdf(page))
    assert [link.target for link in document.links] == ["https://example.org/"]
    assert document.skipped == {"pages without text": 1}


def test_an_address_in_another_script_keeps_its_place():
    page = Page(
        lines=paragraph("naïve “quotes” € https://example.org/ü tail", "text"),
        annotations=(Annotation(rect=_over(1), action=uri("https://example.org/caf\u00e9")),),
    )
    assert [link.target for link in _read(build_pdf(page)).links] == [
        "https://example.org/ü",
        "https://example.org/café",
    ]


def test_findings_stand_in_the_order_of_the_text():
    page = Page(
        lines=paragraph("https://a.example/1", "words", "https://c.example/3"),
        annotations=(Annotation(rect=_over(1), action=uri("https://b.example/2")),),
    )
    assert [link.target for link in _read(build_pdf(page)).links] == [
        "https://a.example/1",
        "https://b.example/2",
        "https://c.example/3",
    ]


def test_the_headline_is_the_title_unless_that_is_a_file_name():
    page = Page(lines=(Line(text="Set Large", y=740, size=24), *paragraph("22 October 2024", "Body text.")))
    assert _read(build_pdf(page, info="/Title (The Title)")).headline == "The Title"
    assert _read(build_pdf(page, info="/Title (Microsoft Word - draft.docx)")).headline == "Set Large"


def test_the_date_in_the_text_is_preferred_to_that_of_the_file():
    info = "/CreationDate (D:20200102030405+01'00')"
    dated = _read(build_pdf(Page(lines=paragraph("22 October 2024", "Body")), info=info))
    assert (dated.published, dated.published_source) == (datetime(2024, 10, 22, tzinfo=UTC), "text")
    silent = _read(build_pdf(Page(lines=paragraph("Body")), info=info))
    assert silent.published == datetime(2020, 1, 2, 2, 4, 5, tzinfo=UTC)
    assert silent.published_source == "pdf:CreationDate"


def test_the_language_is_that_of_the_catalog():
    assert _read(build_pdf(Page(lines=paragraph("x")), catalog="/Lang (de-CH)")).language == "de-CH"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("D:2024", datetime(2024, 1, 1, tzinfo=UTC)),
        ("D:20241022101112Z", datetime(2024, 10, 22, 10, 11, 12, tzinfo=UTC)),
        ("20241022101112-0530", datetime(2024, 10, 22, 15, 41, 12, tzinfo=UTC)),
        ("D:00000000", None),
        ("D:20241399", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_a_pdf_date_is_read_in_utc_or_not_at_all(written, expected):
    assert read_pdf_date(written) == expected


CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"<html><p>Not found</p></html>", "is not a PDF file"),
        (b"%PDF-1.7\n" + b"x" * 500, "is damaged or cut off: no PDF structure can be read"),
        (
            build_pdf(Page(lines=paragraph("x")))[:300],
            "is damaged or cut off: no PDF structure can be read",
        ),
        (
            _objects(CATALOG, "<< /Type /Pages /Kids [2 0 R] /Count 32767 >>"),
            "has no readable page: its page tree is damaged or loops",
        ),
        (
            _objects(
                CATALOG,
                "<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 32767 >>",
                "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 16000 >>",
            ),
            "has no readable page: its page tree is damaged or loops",
        ),
        (build_locked_pdf("secret", user_password=b"secret"), "is encrypted and needs a password"),
    ],
    ids=["empty", "html", "junk", "cut", "self-loop", "two-node-loop", "encrypted"],
)
def test_what_cannot_be_read_is_one_error_with_the_name_of_the_file(data, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _read(data)
    assert str(raised.value) == f"a.pdf: {reason}"
