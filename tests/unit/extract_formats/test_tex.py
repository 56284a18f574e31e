"""LaTeX and BibTeX: commands, fields, comments, and what TeX writes around the signs of an address."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.extract import bibtex, latex
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(text: str, *, bib: bool = False) -> Document:
    reader = bibtex if bib else latex
    document = reader.read(Source(name="a.tex", data=text.encode(), text=text))
    assert document.text is not None
    for link in document.links:
        assert document.text[link.start : link.end] == link.raw
    return document


def test_href_is_a_link_with_its_text_and_sentence():
    (link,) = _read(r"é See \href{https://example.org/a\_b\%20c\#d}{the \textbf{report}} of today.").links
    assert link.raw == r"https://example.org/a\_b\%20c\#d"
    assert link.target == "https://example.org/a_b%20c#d"
    assert (link.kind, link.anchor) == (Kind.LINK, "the report")
    assert link.context == "é See the report of today."
    assert (link.line, link.column) == (1, 7)


@pytest.mark.parametrize(
    ("text", "target"),
    [
        (r"\url{https://example.org/a_b%20c}", "https://example.org/a_b%20c"),
        (r"\url|https://example.org/{a}|", "https://example.org/{a}"),
        (r"\nolinkurl{https://example.org/n}", "https://example.org/n"),
        (r"\url{https://example.org/{a}/b}", "https://example.org/{a}/b"),
        (r"\url{ https://example.org/s }", "https://example.org/s"),
        (r"\href[page=2]{https://example.org/o}{x}", "https://example.org/o"),
        (r"\url{https://example.org/\textasciitilde{}me}", "https://example.org/~me"),
        (r"\verb|https://example.org/v|", "https://example.org/v"),
        (r"\textit{https://example.org/it}", "https://example.org/it"),
        (r"https://example.org/a\_b\\", "https://example.org/a_b"),
        (r"\footnote{https://example.org/f}", "https://example.org/f"),
    ],
)
def test_every_way_of_writing_an_address_is_read_once(text, target):
    assert [link.target for link in _read(text).links] == [target]


def test_an_address_broken_over_lines_has_its_joined_reading():
    (link,) = _read("\\url{https://example.org/a-\n  b}").links
    assert link.raw == "https://example.org/a-\n  b"
    assert link.readings == ("https://example.org/a-b",)
    assert Defect.LINE_BREAK in link.defects


def test_a_stripped_href_is_a_placeholder():
    (link,) = _read(r"\href{\#}{gone}").links
    assert (link.target, link.resolved, link.anchor) == ("#", None, "gone")


def test_comments_are_left_out_and_counted():
    document = _read("50\\% of https://example.org/a % https://example.org/b\nnext")
    assert [link.target for link in document.links] == ["https://example.org/a"]
    assert document.skipped == {"comments": 1}


def test_names_of_files_and_places_are_no_addresses():
    text = r"\includegraphics{img.example.com/a.png}\input{a.tex}\ref{www.example.org}\cite{b.com/x}"
    assert _read(text).links == ()


def test_title_and_date_are_read():
    document = _read("\\title[Short]{The \\emph{Long} Title}\\date{22 October 2024}")
    assert document.headline == "The Long Title"
    assert document.published == datetime(2024, 10, 22, tzinfo=UTC)


def test_a_brace_that_is_never_closed_is_no_argument():
    assert [link.target for link in _read("\\url{https://example.org/a and so on").links] == [
        "https://example.org/a"
    ]


def test_an_address_field_is_a_link_under_the_title_of_its_entry():
    text = '@article{k1, title = {The {Big} Title},\n url = "https://example.org/a\\_b" }'
    (link,) = _read(text, bib=True).links
    assert (link.raw, link.target) == ("https://example.org/a\\_b", "https://example.org/a_b")
    assert (link.kind, link.anchor, link.locator) == (Kind.LINK, "The Big Title", "k1/url")
    assert (link.line, link.column) == (2, 9)


def test_addresses_in_other_fields_and_commands_are_read():
    text = (
        "@misc(k2, howpublished={\\url{https://example.org/h}}, year = 2020,\n"
        'note = "see https://example.org/n" # jan, file = {C:/a.pdf})'
    )
    document = _read(text, bib=True)
    assert [(link.target, link.locator) for link in document.links] == [
        ("https://example.org/h", "k2/howpublished"),
        ("https://example.org/n", "k2/note"),
    ]
    assert document.skipped == {"files on the author's machine": 1}


@pytest.mark.parametrize(
    ("field", "scheme", "normal"),
    [
        ("doi={10.1000/182\\_X}", "doi", "10.1000/182_x"),
        ("doi={doi:10.1000/182}", "doi", "10.1000/182"),
        ("eprint={2101.00001}", "arxiv", "2101.00001"),
        ("eprint={hep-th/9901001}", "arxiv", "hep-th/9901001"),
        ("pmid={12345}", "pmid", "12345"),
        ("pmcid={PMC12345}", "pmcid", "PMC12345"),
        ("isbn={978-3-16-148410-0}", "isbn", "9783161484100"),
        ("issn={0378-5955}", "issn", "0378-5955"),
    ],
)
def test_a_field_for_an_identifier_needs_no_label(field, scheme, normal):
    (link,) = _read(f"@misc{{k, title={{T}}, {field}}}", bib=True).links
    assert (link.kind, link.anchor) == (Kind.IDENTIFIER, "T")
    assert link.identifier is not None
    assert (link.identifier.scheme, link.identifier.normal) == (scheme, normal)


def test_a_wrong_check_digit_is_reported():
    (link,) = _read("@misc{k, isbn={978-3-16-148410-1}}", bib=True).links
    assert link.defects == (Defect.BAD_CHECK_DIGIT,)


def test_an_empty_and_a_stripped_address_field_are_placeholders():
    links = _read("@misc{a, url={}}\n@misc{b, url={#}}", bib=True).links
    assert [(link.target, link.defects) for link in links] == [
        ("", (Defect.EMPTY,)),
        ("#", (Defect.FRAGMENT_ONLY,)),
    ]


def test_two_addresses_in_one_field_are_two():
    links = _read("@misc{a, url={https://example.org/1 https://example.org/2}}", bib=True).links
    assert [link.target for link in links] == ["https://example.org/1", "https://example.org/2"]


def test_text_between_entries_is_a_comment():
    document = _read("see https://example.org/c\n@comment{x}\n@misc{a, url={https://example.org/}}", bib=True)
    assert [link.target for link in document.links] == ["https://example.org/"]
    assert document.skipped == {"addresses in comments": 1}


def test_a_value_that_is_never_closed_runs_to_the_end():
    links = _read(
        "@misc{a, note={https://example.org/1\n@misc{b, url={https://example.org/2}", bib=True
    ).links
    assert [link.target for link in links] == ["https://example.org/1", "https://example.org/2"]


TEX = st.lists(
    st.sampled_from(
        [
            "\\url{",
            "\\href{",
            "}",
            "{",
            "%",
            "\n",
            "\\%",
            "\\",
            "|",
            "\\verb",
            "https://example.org/a",
            "é",
            " ",
            "@misc{a,",
            "url=",
            '"',
            "title={x},",
            "#",
            ",",
        ]
    ),
    max_size=25,
).map("".join)


@given(TEX, st.booleans())
def test_any_tex_is_read_with_findings_that_are_slices_in_order(text, bib):
    if not text:
        return
    links = _read(text, bib=bib).links
    assert [link.start for link in links] == sorted(link.start or 0 for link in links)


def test_the_name_of_a_string_is_no_address():
    text = '@string{u = "https://example.org/s"}\n@misc{a, url = u, note = {https://example.org/n}}'
    assert [link.raw for link in _read(text, bib=True).links] == [
        "https://example.org/s",
        "https://example.org/n",
    ]
