"""Reads Word documents (DOCX): every story's hyperlinks, field codes, linked pictures and addresses."""

import posixpath
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from workers.errors import UnreadableDocument
from workers.extract.dates import read_date
from workers.extract.docx_story import Story
from workers.extract.finding import NO_BASE, Base
from workers.extract.office_text import Paragraph, date_of, first_line, headline_of, read_paragraphs
from workers.extract.passage import name_own
from workers.extract.source import Source
from workers.extract.source_map import SourceMap
from workers.extract.xml_parts import XmlLeaves, parse_part, parse_xml, part_text
from workers.extract.zip_parts import ZipParts, open_office_zip
from workers.model import Document, Format, Kind

STORIES = ("header", "footer", "footnotes", "endnotes", "comments")
MAX_BASE = 8_192
MAIN_PART = "word/document.xml"


@dataclass(slots=True)
class _Relationships:
    """The relationships of one part: addresses outside by id, and other parts by type."""

    outside: dict[str, str] = field(default_factory=dict)
    parts: list[tuple[str, str]] = field(default_factory=list)

    def start(self, tag: str, attributes: Mapping[str, str], _at: int) -> None:
        """Take one relationship."""
        if tag.rpartition(" ")[2] != "Relationship":
            return
        target = attributes.get("Target", "")
        if attributes.get("TargetMode") == "External":
            self.outside[attributes.get("Id", "")] = target
        else:
            self.parts.append((attributes.get("Type", "").rpartition("/")[2], target))

    def end(self, _tag: str, _at: int) -> None:
        """Take nothing: relationships have no content."""

    def text(self, _text: str, _at: int) -> None:
        """Take nothing: relationships have no content."""


def read(source: Source) -> Document:
    """Return the findings and facts of a Word document; `locator` is `part#char=offset`.

    Raises:
        UnreadableDocument: it is no Word document, is encrypted or damaged, or unpacks beyond the caps.
    """
    parts = open_office_zip(source, "a Word document (DOCX)")
    main = _main_part(source, parts)
    properties = _leaves(source, parts, "docProps/core.xml")
    hyperlink_base = _leaves(source, parts, "docProps/app.xml").get("HyperlinkBase", "")
    base = _base(source, hyperlink_base)
    skipped: Counter[str] = Counter()
    body = _story(source, parts, main, skipped)
    labelled = read_paragraphs(body, base)
    for part in _other_stories(source, parts, main):
        labelled += read_paragraphs(_story(source, parts, part, skipped), base)
    links = tuple(name_own(labelled))
    _name_styles(source, parts, main, body)
    stated, created = date_of(body), read_date(properties.get("created", ""))
    return Document(
        source=source.name,
        format=Format.DOCX,
        text=None,
        links=links,
        headline=headline_of(body, "title", "heading 1") or properties.get("title") or first_line(body),
        published=stated or created,
        published_source="text" if stated else "docx:created" if created else None,
        language=properties.get("language") or None,
        own_url=next((link.target for link in links if link.kind == Kind.ORIGINAL_URL), None),
        skipped=dict(skipped),
    )


def _base(source: Source, hyperlink_base: str) -> Base:
    if 0 < len(hyperlink_base) <= MAX_BASE:
        return Base(url=hyperlink_base, source="hyperlink base")
    return Base(url=source.base, source="given") if source.base else NO_BASE


def _main_part(source: Source, parts: ZipParts) -> str:
    for kind, target in _relationships(source, parts, "").parts:
        part = target.lstrip("/")
        if kind == "officeDocument" and part in parts:
            return part
    if MAIN_PART not in parts:
        raise UnreadableDocument(source.name, f"is not a Word document: it has no part {MAIN_PART}")
    return MAIN_PART


def _relationships(source: Source, parts: ZipParts, part: str) -> _Relationships:
    folder, name = posixpath.split(part)
    found = _Relationships()
    data = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"))
    if data is not None:
        parse_part(source.name, part, data, found)
    return found


def _other_stories(source: Source, parts: ZipParts, main: str) -> list[str]:
    """Return the parts that hold headers, footers, notes and comments, each once."""
    folder = posixpath.dirname(main)
    found = [
        posixpath.normpath(posixpath.join(folder, target)).lstrip("/")
        for kind, target in _relationships(source, parts, main).parts
        if kind in STORIES
    ]
    return [part for part in dict.fromkeys(found) if part in parts]


def _story(source: Source, parts: ZipParts, part: str, skipped: Counter[str]) -> list[Paragraph]:
    text = part_text(source.name, part, parts.read(part))
    story = Story(part, _relationships(source, parts, part).outside, SourceMap(text).from_byte)
    parse_xml(source.name, text, story, part=part)
    skipped.update(story.skipped)
    return story.paragraphs


def _name_styles(source: Source, parts: ZipParts, main: str, body: list[Paragraph]) -> None:
    """Replace the paragraphs' style ids, which are localised, by the styles' names, which are not."""
    names = _StyleNames()
    data = parts.get(posixpath.join(posixpath.dirname(main), "styles.xml"))
    if data is not None:
        parse_part(source.name, "styles.xml", data, names)
    for paragraph in body:
        paragraph.style = names.by_id.get(paragraph.style, paragraph.style).lower()


@dataclass(slots=True)
class _StyleNames:
    """The names of styles by their ids."""

    by_id: dict[str, str] = field(default_factory=dict)
    _style: str = ""

    def start(self, tag: str, attributes: Mapping[str, str], _at: int) -> None:
        """Take a style or its name."""
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        name = tag.rpartition(" ")[2]
        if name == "style":
            self._style = values.get("styleId", "")
        elif name == "name" and self._style:
            self.by_id[self._style] = values.get("val", "")

    def end(self, _tag: str, _at: int) -> None:
        """Take nothing: names are attributes."""

    def text(self, _text: str, _at: int) -> None:
        """Take nothing: names are attributes."""


def _leaves(source: Source, parts: ZipParts, part: str) -> Mapping[str, str]:
    """Return the texts of a flat part by local name, none where there is no such part."""
    leaves = XmlLeaves()
    data = parts.get(part)
    if data is not None:
        parse_part(source.name, part, data, leaves)
    return leaves.values
