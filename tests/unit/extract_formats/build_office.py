"""Tiny office documents and books for tests, made of the XML that each test writes out."""

import io
import zipfile
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
DRAWING = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
OFFICE_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ODF = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in (
        ("office", "office"),
        ("text", "text"),
        ("style", "style"),
        ("draw", "drawing"),
        ("meta", "meta"),
        ("svg", "svg-compatible"),
    )
)
ODF += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'


def build_zip(members: Mapping[str, str | bytes], *, stored_first: bool = False) -> bytes:
    """Return a ZIP container of `members`; `stored_first` keeps the first uncompressed, as books must."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for index, (name, content) in enumerate(members.items()):
            how = zipfile.ZIP_STORED if stored_first and index == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=how)
    return out.getvalue()


def paragraphs(*texts: str) -> str:
    """Return Word paragraphs of one run each."""
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def relationships(outside: Mapping[str, str], inside: Mapping[str, str] | None = None) -> str:
    """Return a relationships part: addresses outside by id, parts inside by type."""
    lines = [
        f'<Relationship Id="{key}" Type="{OFFICE_TYPE}/hyperlink" Target={quoteattr(target)} '
        'TargetMode="External"/>'
        for key, target in outside.items()
    ]
    lines += [
        f'<Relationship Id="in{number}" Type="{OFFICE_TYPE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate((inside or {}).items())
    ]
    xmlns = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{xmlns}">{"".join(lines)}</Relationships>'


def story(root: str, body: str) -> str:
    """Return a Word part with a root element of that name."""
    return f'<?xml version="1.0" encoding="UTF-8"?><w:{root} {W} {R} {DRAWING}>{body}</w:{root}>'


def build_docx(
    body: str,
    *,
    outside: Mapping[str, str] | None = None,
    inside: Mapping[str, str] | None = None,
    more: Mapping[str, str | bytes] | None = None,
) -> bytes:
    """Return a Word document: the XML of its body, its links outside, other stories by type."""
    return build_zip(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relationships({}, {"officeDocument": "word/document.xml"}),
            "word/document.xml": story("document", f"<w:body>{body}</w:body>"),
            "word/_rels/document.xml.rels": relationships(outside or {}, inside),
            **(more or {}),
        }
    )


def build_odt(body: str, *, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return an OpenDocument text of the XML of its body."""
    return build_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {ODF}><office:body><office:text>{body}"
            "</office:text></office:body></office:document-content>",
            **(more or {}),
        },
        stored_first=True,
    )


def build_epub(
    chapters: Mapping[str, str], *, metadata: str = "", more: Mapping[str, str | bytes] | None = None
) -> bytes:
    """Return an EPUB of chapters (file names and their XHTML), in reading order."""
    items = "".join(
        f'<item id="c{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{number}"/>' for number in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    return build_zip(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": container,
            "OEBPS/book.opf": package,
            **{f"OEBPS/{name}": text for name, text in chapters.items()},
            **(more or {}),
        },
        stored_first=True,
    )
