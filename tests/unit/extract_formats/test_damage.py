"""Damaged files of every format: read as far as they make sense, or one error; never another exception."""

import random
from pathlib import Path

import pytest
from build_office import build_docx, build_epub, build_odt, build_zip, paragraphs
from build_pdf import Annotation, Page, build_pdf, paragraph, uri

from workers.errors import UnreadableDocument
from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Format

FOLDER = Path(__file__).parents[2] / "fixtures" / "extract" / "formats"
TIMES = 60
SIGNS = (b"<", b">", b'"', b"{", b"}", b"`", b"\\", b"&", b"\x00", b"_", b"%", b"\xff")
DOCX = {
    "word/document.xml": b'<w:document xmlns:w="w" xmlns:r="r"><w:p><w:hyperlink r:id="a"><w:t>x</w:t>'
    b'</w:hyperlink><w:fldSimple w:instr="HYPERLINK &quot;https://example.org/&quot;"/></w:p></w:document>',
    "word/_rels/document.xml.rels": b'<Relationships><Relationship Id="a" TargetMode="External" '
    b'Target="https://example.org/"/></Relationships>',
}
FILES: dict[str, tuple[bytes, Format | None]] = {
    **{path.name: (path.read_bytes(), None) for path in sorted(FOLDER.iterdir()) if path.suffix != ".jsonl"},
    "a.docx": (build_docx(paragraphs("https://example.org/")), Format.DOCX),
    "a.odt": (build_odt("<text:p>https://example.org/</text:p>"), Format.ODT),
    "a.epub": (build_epub({"a.xhtml": "<a href='https://example.org/'>x</a>"}), Format.EPUB),
    "a.pdf": (
        build_pdf(
            Page(
                lines=paragraph("See https://example.org/a-", "mid"),
                annotations=(Annotation(rect=(72, 690, 300, 712), action=uri("https://example.org/")),),
            )
        ),
        Format.PDF,
    ),
}


def _damaged(data: bytes, rng: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(len(changed) or 1)
        match rng.randrange(4):
            case 0:
                changed[at : at + 1] = bytes([rng.randrange(256)])
            case 1:
                del changed[at : at + rng.randrange(1, 20)]
            case 2:
                changed[at:at] = rng.choice(SIGNS)
            case _:
                changed[at:at] = changed[: rng.randrange(40)]
    return bytes(changed)


def _read(name: str, data: bytes, format_: Format | None) -> None:
    try:
        document = find_links(Source(name=name, data=data), format=format_)
    except UnreadableDocument:
        return
    if document.text is not None:
        assert all(document.text[link.start : link.end] == link.raw for link in document.links)


@pytest.mark.parametrize("name", FILES)
def test_a_damaged_file_is_read_or_refused(name):
    data, format_ = FILES[name]
    rng = random.Random(name)  # noqa: S311 - only to vary the damage
    for _ in range(TIMES):
        _read(name, _damaged(data, rng), format_)


@pytest.mark.parametrize("part", DOCX)
def test_a_damaged_part_of_a_document_is_read_or_refused(part):
    rng = random.Random(part)  # noqa: S311
    for _ in range(TIMES):
        _read("a.docx", build_zip({**DOCX, part: _damaged(DOCX[part], rng)}), Format.DOCX)
