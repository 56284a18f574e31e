"""Word documents: every way in which a link can be written into one."""

from datetime import UTC, datetime

import pytest
from build_office import build_docx, build_zip, paragraphs, relationships, story

from workers.errors import UnreadableDocument
from workers.extract.docx import read
from workers.extract.docx_fields import field_target
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(data: bytes) -> Document:
    return read(Source(name="a.docx", data=data))


def _field(code: str, shown: str, *, split_at: int) -> str:
    return (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code[:split_at]}</w:instrText></w:r>'
        f"<w:r><w:instrText>{code[split_at:]}</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'<w:r><w:t>{shown}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def _hyperlink(key: str, *shown: str) -> str:
    runs = "".join(map(_run, shown))
    return f'<w:hyperlink r:id="{key}">{runs}</w:hyperlink>'


def test_a_hyperlink_split_over_runs_is_one_link_with_its_anchor_and_sentence():
    body = f"<w:p>{_run('As we ')}{_hyperlink('r1', 'repor', 'ted')}{_run(' before.')}</w:p>"
    document = _read(build_docx(body, outside={"r1": "https://example.org/a?b=1&c=2"}))
    (link,) = document.links
    assert link.target == "https://example.org/a?b=1&c=2"
    assert link.kind is Kind.LINK
    assert link.anchor == "reported"
    assert link.context == "As we reported before."
    assert (link.start, link.end, link.line, link.column) == (None, None, None, None)


def test_a_locator_names_the_part_and_the_code_point_of_the_element():
    body = paragraphs("é 😀") + f"<w:p>{_hyperlink('r1', 'x')}</w:p>"
    data = build_docx(body, outside={"r1": "https://example.org/"})
    (link,) = _read(data).links
    written = story("document", f"<w:body>{body}</w:body>")
    assert link.locator == f"word/document.xml#char={written.index('<w:hyperlink')}"


def test_a_stripped_hyperlink_is_a_placeholder():
    body = f"<w:p>{_hyperlink('r1', 'reported')}</w:p>"
    (link,) = _read(build_docx(body, outside={"r1": "#"})).links
    assert link.target == "#"
    assert link.resolved is None
    assert link.defects == (Defect.FRAGMENT_ONLY,)


@pytest.mark.parametrize(
    ("hyperlink", "outside"),
    [
        (_hyperlink("r1", "told"), {"r1": ""}),
        (_hyperlink("lost", "told"), {}),
        (f"<w:hyperlink>{_run('told')}</w:hyperlink>", {}),
    ],
    ids=["an empty target", "a relationship that is not there", "no target at all"],
)
def test_a_hyperlink_that_lost_its_target_is_found_as_empty(hyperlink: str, outside: dict[str, str]):
    (link,) = _read(build_docx(f"<w:p>{hyperlink}</w:p>", outside=outside)).links
    assert (link.target, link.anchor, link.resolved) == ("", "told", None)
    assert link.defects == (Defect.EMPTY,)


def test_a_field_code_split_over_runs_is_a_link():
    body = _field(' HYPERLINK "https://example.org/long" \\o "tip" ', "the report", split_at=20)
    (link,) = _read(build_docx(body)).links
    assert (link.target, link.anchor) == ("https://example.org/long", "the report")


def test_a_simple_field_is_a_link():
    body = '<w:p><w:fldSimple w:instr="HYPERLINK &quot;https://example.org/s&quot;"><w:r><w:t>s</w:t></w:r></w:fldSimple></w:p>'
    (link,) = _read(build_docx(body)).links
    assert (link.target, link.anchor) == ("https://example.org/s", "s")


def test_a_field_that_ends_in_another_paragraph_keeps_what_its_first_one_shows():
    body = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        "<w:r><w:instrText>HYPERLINK https://example.org/two</w:instrText></w:r>"
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>first</w:t></w:r></w:p>'
        '<w:p><w:r><w:t>second</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    (link,) = _read(build_docx(body)).links
    assert (link.target, link.anchor) == ("https://example.org/two", "first")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('HYPERLINK "https://a.example/"', ("HYPERLINK", "https://a.example/")),
        ("HYPERLINK https://a.example/x", ("HYPERLINK", "https://a.example/x")),
        ("HYPERLINK “https://a.example/q”", ("HYPERLINK", "https://a.example/q")),
        ('HYPERLINK \\t "_blank" "https://a.example/t"', ("HYPERLINK", "https://a.example/t")),
        ('HYPERLINK "https://a.example/" \\l "part" \\n', ("HYPERLINK", "https://a.example/#part")),
        ('HYPERLINK \\l "_Toc1"', ("HYPERLINK", "#_Toc1")),
        ('hyperlink "https://a.example/unclosed', ("HYPERLINK", "https://a.example/unclosed")),
        ('INCLUDEPICTURE "https://a.example/p.png" \\d', ("INCLUDEPICTURE", "https://a.example/p.png")),
        ('HYPERLINK ""', ("HYPERLINK", "")),
        ("PAGEREF _Toc1 \\h", None),
    ],
)
def test_a_field_code_says_what_it_points_at(code, expected):
    assert field_target(code) == expected


def test_an_address_shown_by_its_own_hyperlink_is_one_finding():
    body = f"<w:p>{_hyperlink('r1', 'https://example.org/a')}<w:r><w:t>.</w:t></w:r></w:p>"
    (link,) = _read(build_docx(body, outside={"r1": "https://example.org/a"})).links
    assert link.kind is Kind.LINK


def test_a_hyperlink_cut_short_of_its_text_leaves_the_whole_address_as_a_second_finding():
    body = f"<w:p>{_hyperlink('r1', 'https://example.org/a')}<w:r><w:t>-long/tail</w:t></w:r></w:p>"
    links = _read(build_docx(body, outside={"r1": "https://example.org/a"})).links
    assert [(link.kind, link.target) for link in links] == [
        (Kind.LINK, "https://example.org/a"),
        (Kind.BARE, "https://example.org/a-long/tail"),
    ]


def test_an_address_split_over_runs_is_found_whole():
    body = f"<w:p>{_run('see https://exam')}{_run('ple.org/pa')}{_run('th now')}</w:p>"
    (link,) = _read(build_docx(body)).links
    assert (link.raw, link.kind) == ("https://example.org/path", Kind.BARE)


def test_addresses_of_two_paragraphs_are_never_joined():
    links = _read(build_docx(paragraphs("https://example.org/a-", "b/c"))).links
    assert [link.readings for link in links] == [()]
    assert [link.raw.rstrip("-") for link in links] == ["https://example.org/a"]


def test_every_story_is_read_after_the_body():
    stories = ("header", "footer", "footnotes", "endnotes", "comments")
    more = {f"word/{name}1.xml": story(name, paragraphs(f"https://{name}.example/")) for name in stories}
    more["word/_rels/footnotes1.xml.rels"] = relationships({"r9": "https://note.example/"})
    more["word/footnotes1.xml"] = story("footnotes", f"<w:p>{_hyperlink('r9', 'note')}</w:p>")
    data = build_docx(
        paragraphs("https://body.example/"), inside={name: f"{name}1.xml" for name in stories}, more=more
    )
    assert [(link.target, link.locator.split("#")[0]) for link in _read(data).links] == [
        ("https://body.example/", "word/document.xml"),
        ("https://header.example/", "word/header1.xml"),
        ("https://footer.example/", "word/footer1.xml"),
        ("https://note.example/", "word/footnotes1.xml"),
        ("https://endnotes.example/", "word/endnotes1.xml"),
        ("https://comments.example/", "word/comments1.xml"),
    ]


def test_deleted_text_and_the_fallback_of_a_drawing_are_not_read():
    body = (
        "<w:p><w:del><w:r><w:delText>https://deleted.example/</w:delText></w:r></w:del></w:p>"
        "<w:p><mc:AlternateContent><mc:Choice><w:r><w:t>https://box.example/</w:t></w:r></mc:Choice>"
        "<mc:Fallback><w:r><w:t>https://box.example/</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>"
    )
    assert [link.target for link in _read(build_docx(body)).links] == ["https://box.example/"]


def test_a_linked_picture_is_a_link_with_its_description_and_an_image():
    body = (
        '<w:p><w:r><w:drawing><wp:docPr descr="A map"><a:hlinkClick r:id="r1"/></wp:docPr>'
        '<a:hlinkClick r:id="r1"/><a:blip r:link="r2"/></w:drawing></w:r></w:p>'
    )
    links = _read(
        build_docx(body, outside={"r1": "https://example.org/map", "r2": "https://example.org/m.png"})
    ).links
    assert [(link.kind, link.target, link.anchor) for link in links] == [
        (Kind.LINK, "https://example.org/map", "A map"),
        (Kind.IMAGE, "https://example.org/m.png", "A map"),
    ]


def test_links_inside_the_file_are_counted_and_not_listed():
    body = '<w:p><w:hyperlink w:anchor="_Toc1"><w:r><w:t>Chapter</w:t></w:r></w:hyperlink></w:p>'
    document = _read(build_docx(body))
    assert document.links == ()
    assert document.skipped == {"links inside the file": 1}


def test_an_own_address_stands_under_its_label_in_the_paragraph_above():
    document = _read(build_docx(paragraphs("Original url:", "https://example.org/own")))
    assert [link.kind for link in document.links] == [Kind.ORIGINAL_URL]
    assert document.own_url == "https://example.org/own"


@pytest.mark.parametrize("label", ["Source:", "Fuente:", "Источник:", "المصدر:", "出典:"])
def test_a_weak_label_counts_where_one_address_alone_carries_it(label: str):
    own = f"<w:p>{_hyperlink('r1', 'example.org')}</w:p>"
    other = f"<w:p>{_hyperlink('r2', 'elsewhere')}</w:p>"
    outside = {"r1": "https://example.org/a", "r2": "https://example.net/b"}
    one = _read(build_docx(paragraphs(label) + own + other, outside=outside))
    assert [link.kind for link in one.links] == [Kind.ORIGINAL_URL, Kind.LINK]
    assert one.own_url == "https://example.org/a"
    two = _read(build_docx(paragraphs(label) + own + paragraphs(label) + other, outside=outside))
    assert [link.kind for link in two.links] == [Kind.LINK, Kind.LINK]


def test_headline_and_date_come_from_the_text_whatever_the_language_of_the_styles():
    title = '<w:p><w:pPr><w:pStyle w:val="Titre"/></w:pPr><w:r><w:t>The headline</w:t></w:r></w:p>'
    styles = story("styles", '<w:style w:styleId="Titre"><w:name w:val="Title"/></w:style>')
    core = "<cp xmlns:dc='d'><dc:title>Template</dc:title><created>2020-01-01T00:00:00Z</created></cp>"
    document = _read(
        build_docx(
            paragraphs("Kicker") + title + paragraphs("22 October 2024"),
            more={"word/styles.xml": styles, "docProps/core.xml": core},
        )
    )
    assert document.headline == "The headline"
    assert document.published == datetime(2024, 10, 22, tzinfo=UTC)
    assert document.published_source == "text"


def test_properties_speak_where_the_text_is_silent():
    core = "<p><title>From it</title><created>2020-01-02T03:04:05Z</created><language>de-DE</language></p>"
    document = _read(
        build_docx(paragraphs("A long story begins here: and goes on."), more={"docProps/core.xml": core})
    )
    assert document.headline == "From it"
    assert document.published == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert document.published_source == "docx:created"
    assert document.language == "de-DE"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"plain words", "is not a ZIP container, or is cut off"),
        (build_docx(paragraphs("x"))[:-40], "is not a ZIP container, or is cut off"),
        (build_zip({"other.txt": "x"}), "is not a Word document: it has no part word/document.xml"),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "is encrypted and needs a password, not a Word document (DOCX) that can be read",
        ),
        (
            bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600,
            "is an older binary office file, not a Word document (DOCX) that can be read",
        ),
        (
            build_zip({"word/document.xml": "<a><b></a>"}),
            "is not well-formed XML: mismatched tag (word/document.xml, line 1)",
        ),
        (
            build_zip({"word/document.xml": "<!DOCTYPE a [<!ENTITY e 'eeee'>]><a>&e;</a>"}),
            "declares its own XML entities or DTD, which are refused",
        ),
    ],
    ids=["empty", "words", "cut", "other-zip", "encrypted", "binary-doc", "ill-formed", "entities"],
)
def test_what_cannot_be_read_is_one_error_with_the_name_of_the_file(data, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _read(data)
    assert str(raised.value) == f"a.docx: {reason}"
