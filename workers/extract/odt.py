"""Reads OpenDocument texts (ODT): hyperlinks, linked pictures, notes, comments, headers and addresses."""

from collections import Counter
from collections.abc import Callable, Mapping

from workers.errors import UnreadableDocument
from workers.extract.dates import read_date
from workers.extract.finding import NO_BASE, Base
from workers.extract.office_text import Paragraph, date_of, first_line, headline_of, read_paragraphs
from workers.extract.passage import name_own
from workers.extract.source import Source
from workers.extract.source_map import SourceMap
from workers.extract.xml_parts import XmlLeaves, parse_part, parse_xml, part_text
from workers.extract.zip_parts import ZipParts, open_office_zip
from workers.model import Document, Format, Kind

CONTENT = "content.xml"
STYLES = "styles.xml"  # headers and footers stand here
MANIFEST = "META-INF/manifest.xml"
ENCRYPTION = b"encryption-data"
PARAGRAPHS = frozenset({"p", "h"})
# Deleted text, the number of a note, and what a comment says of its author.
HIDDEN = frozenset(
    {
        "tracked-changes",
        "note-citation",
        "creator",
        "date",
        "date-string",
        "initials",
        "creator-initials",
    }
)
MAX_SPACES = 1_000
WEB = ("http:", "https:", "//", "ftp:")


class _Content:
    """Collects the paragraphs of one part, those of notes too, in the order in which they begin."""

    def __init__(self, part: str, point: Callable[[int], int]) -> None:
        """`point` turns byte offsets into code points."""
        self.paragraphs: list[Paragraph] = []
        self.skipped: Counter[str] = Counter()
        self._part = part
        self._point = point
        self._open: list[Paragraph] = []
        self._links: list[tuple[Paragraph, int, str, int] | None] = []
        self._hidden = 0
        self._frame_title = ""

    def start(self, tag: str, attributes: Mapping[str, str], at: int) -> None:
        """Take the start of an element."""
        name = tag.rpartition(" ")[2]
        if self._hidden or name in HIDDEN:
            self._hidden += 1
            return
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name in PARAGRAPHS:
            style = "heading 1" if name == "h" and values.get("outline-level", "1") == "1" else ""
            style = "title" if values.get("style-name", "").lower() == "title" else style
            self._open.append(Paragraph(part=self._part, at=self._point(at), style=style))
            self.paragraphs.append(self._open[-1])
        elif name == "a":
            self._start_link(values, at)
        elif self._open:
            self._start_in_paragraph(name, values, at)

    def _start_in_paragraph(self, name: str, values: Mapping[str, str], at: int) -> None:
        paragraph, place = self._open[-1], self._point(at)
        if name == "s":
            count = values.get("c", "1")
            paragraph.add(" " * min(int(count) if count.isdecimal() else 1, MAX_SPACES), place)
        elif name == "tab":
            paragraph.add("\t", place)
        elif name == "line-break":
            paragraph.add("\n", place)
        elif name == "frame":
            self._frame_title = values.get("name", "")
        elif name in {"image", "object", "plugin"} and values.get("href", "").startswith(WEB):
            kind = Kind.IMAGE if name == "image" else Kind.MEDIA
            paragraph.link(len(paragraph), values["href"], place, kind=kind, anchor=self._frame_title)
        elif name == "bibliography-mark" and values.get("url"):
            paragraph.link(len(paragraph), values["url"], place, anchor=values.get("title", ""))

    def end(self, tag: str, _at: int) -> None:
        """Take the end of an element."""
        name = tag.rpartition(" ")[2]
        if self._hidden:
            self._hidden -= 1
        elif name in PARAGRAPHS and self._open:
            self._open.pop()
        elif name == "a" and self._links:
            link = self._links.pop()
            if link is not None:
                paragraph, start, target, place = link
                paragraph.link(start, target, place)

    def text(self, text: str, at: int) -> None:
        """Take character data; outside of paragraphs it is layout."""
        if self._open and not self._hidden:
            self._open[-1].add(text.replace("\n", " "), self._point(at))

    def _start_link(self, values: Mapping[str, str], at: int) -> None:
        """Take a hyperlink; one around a frame may stand outside of all paragraphs."""
        target, place = values.get("href", ""), self._point(at)
        if target.startswith("#") and len(target) > 1:
            self.skipped["links inside the file"] += 1
            self._links.append(None)
            return
        if not self._open:
            self.paragraphs.append(Paragraph(part=self._part, at=place))
        paragraph = self._open[-1] if self._open else self.paragraphs[-1]
        self._links.append((paragraph, len(paragraph), target, place))


def read(source: Source) -> Document:
    """Return the findings and facts of an OpenDocument text; `locator` is `part#char=offset`.

    Raises:
        UnreadableDocument: it is no such text, is encrypted or damaged, or unpacks beyond the caps.
    """
    parts = open_office_zip(source, "an OpenDocument text (ODT)")
    if ENCRYPTION in (parts.get(MANIFEST) or b""):
        raise UnreadableDocument(source.name, "is encrypted and needs a password")
    if CONTENT not in parts:
        raise UnreadableDocument(source.name, f"is not an OpenDocument text: it has no part {CONTENT}")
    base = Base(url=source.base, source="given") if source.base else NO_BASE
    skipped: Counter[str] = Counter()
    body = _paragraphs(source, parts, CONTENT, skipped)
    labelled = read_paragraphs(body, base)
    if STYLES in parts:
        labelled += read_paragraphs(_paragraphs(source, parts, STYLES, skipped), base)
    links = tuple(name_own(labelled))
    meta = XmlLeaves()
    if (data := parts.get("meta.xml")) is not None:
        parse_part(source.name, "meta.xml", data, meta)
    stated = date_of(body)
    created = read_date(meta.values.get("creation-date") or meta.values.get("date") or "")
    return Document(
        source=source.name,
        format=Format.ODT,
        text=None,
        links=links,
        headline=headline_of(body, "title", "heading 1") or meta.values.get("title") or first_line(body),
        published=stated or created,
        published_source="text" if stated else "odt:created" if created else None,
        language=meta.values.get("language"),
        own_url=next((link.target for link in links if link.kind == Kind.ORIGINAL_URL), None),
        skipped=dict(skipped),
    )


def _paragraphs(source: Source, parts: ZipParts, part: str, skipped: Counter[str]) -> list[Paragraph]:
    text = part_text(source.name, part, parts.read(part))
    content = _Content(part, SourceMap(text).from_byte)
    parse_xml(source.name, text, content, part=part)
    skipped.update(content.skipped)
    return content.paragraphs
