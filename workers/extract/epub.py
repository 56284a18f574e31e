"""Reads EPUB books: every chapter in reading order through the HTML reader, facts from the package."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from workers.errors import UnreadableDocument
from workers.extract import html
from workers.extract.dates import read_date
from workers.extract.finding import SCHEME, resolve
from workers.extract.passage import within_part
from workers.extract.source import Source, decode
from workers.extract.xml_parts import XmlLeaves, parse_part
from workers.extract.zip_parts import ZipParts, open_office_zip
from workers.model import Document, Format, FoundLink, Kind

CONTAINER = "META-INF/container.xml"
ENCRYPTION = "META-INF/encryption.xml"
RIGHTS = "META-INF/rights.xml"
FONT_ONLY = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
# XHTML may write these as empty elements; HTML would take all that follows for their content.
RAW_AND_EMPTY = re.compile(
    r"<(title|script|style|textarea|iframe|noscript|noframes|xmp)((?:\s[^<>]{0,2000})?/>)", re.IGNORECASE
)
MARKUP = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"})


class _Package:
    """Collects a package's manifest, spine, metadata and links while its elements end."""

    def __init__(self) -> None:
        self.items: dict[str, tuple[str, str]] = {}
        self.spine: list[str] = []
        self.metadata = XmlLeaves()
        self.links: list[str] = []
        self._in_metadata = False

    def start(self, tag: str, attributes: Mapping[str, str], at: int) -> None:
        """Take the start of an element."""
        name = tag.rpartition(" ")[2]
        if name == "item":
            self.items[attributes.get("id", "")] = (
                attributes.get("href", ""),
                attributes.get("media-type", ""),
            )
        elif name == "itemref":
            self.spine.append(attributes.get("idref", ""))
        elif name == "link" and "href" in attributes:
            self.links.append(attributes["href"])
        elif name == "metadata":
            self._in_metadata = True
        self.metadata.start(tag, attributes, at)

    def end(self, tag: str, at: int) -> None:
        """Take the end of an element."""
        if self._in_metadata:
            self.metadata.end(tag, at)
        if tag.rpartition(" ")[2] == "metadata":
            self._in_metadata = False

    def text(self, text: str, at: int) -> None:
        """Take character data."""
        self.metadata.text(text, at)

    def parts(self, root: str) -> list[str]:
        """Return the parts with text in reading order, then those outside of it; `root` is the package's."""
        ordered = [self.items[key] for key in self.spine if key in self.items]
        every = [*ordered, *self.items.values()]
        folder = posixpath.dirname(root)
        found = (posixpath.join(folder, unquote(href)) for href, media_type in every if media_type in MARKUP)
        return list(dict.fromkeys(map(posixpath.normpath, found)))


class _Roots:
    """Collects the package paths that a container names."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def start(self, tag: str, attributes: Mapping[str, str], _at: int) -> None:
        """Take the start of an element."""
        if tag.rpartition(" ")[2] == "rootfile" and "full-path" in attributes:
            self.paths.append(attributes["full-path"])

    def end(self, _tag: str, _at: int) -> None:
        """Take nothing: paths are attributes."""

    def text(self, _text: str, _at: int) -> None:
        """Take nothing: paths are attributes."""


def read(source: Source) -> Document:
    """Return the findings and facts of a book; `locator` is `part#char=offset`.

    Links from one part to another are counted, not listed.

    Raises:
        UnreadableDocument: it is no book, is encrypted or damaged, or unpacks beyond the caps.
    """
    parts = open_office_zip(source, "an EPUB book")
    if CONTAINER not in parts:
        raise UnreadableDocument(source.name, f"is not an EPUB book: it has no part {CONTAINER}")
    if RIGHTS in parts or _locks_text(parts.get(ENCRYPTION) or b""):
        raise UnreadableDocument(source.name, "is encrypted (digital rights management)")
    root = _package_path(source, parts)
    package = _Package()
    parse_part(source.name, root, parts.read(root), package)
    skipped: Counter[str] = Counter()
    links = [*_package_links(package, root), *_chapters(source, parts, package.parts(root), skipped)]
    facts = package.metadata.values
    published = read_date(facts.get("date", ""))
    return Document(
        source=source.name,
        format=Format.EPUB,
        text=None,
        links=tuple(links),
        headline=" ".join(facts.get("title", "").split()) or None,
        published=published,
        published_source="epub:date" if published else None,
        language=facts.get("language"),
        own_url=next((link.target for link in links if link.kind == Kind.ORIGINAL_URL), None),
        skipped=dict(skipped),
    )


def _locks_text(encryption: bytes) -> bool:
    """Whether an encryption part covers more than fonts, which are only disguised."""
    methods = encryption.count(b"EncryptionMethod ") or encryption.count(b"EncryptionMethod")
    fonts = sum(encryption.count(f'Algorithm="{method}"'.encode()) for method in FONT_ONLY)
    return methods > fonts


def _package_path(source: Source, parts: ZipParts) -> str:
    roots = _Roots()
    parse_part(source.name, CONTAINER, parts.read(CONTAINER), roots)
    for path in roots.paths:
        if path in parts:
            return path
    raise UnreadableDocument(source.name, "is not an EPUB book: its container names no package")


def _package_links(package: _Package, root: str) -> list[FoundLink]:
    """Return the addresses that the package itself gives: linked records, its source and identifier."""
    facts = package.metadata.values
    named = [facts.get(name, "") for name in ("source", "identifier", "relation", "rights")]
    written = [*package.links, *(text for text in named if text.startswith(("http://", "https://")))]
    links = []
    for target in written:
        resolved, defects = resolve(target)
        if resolved is not None:
            links.append(
                FoundLink(
                    raw=target,
                    target=target,
                    kind=Kind.METADATA,
                    resolved=resolved,
                    locator=root,
                    defects=defects,
                )
            )
    return links


def _chapters(
    source: Source, parts: ZipParts, names: Iterable[str], skipped: Counter[str]
) -> Iterator[FoundLink]:
    for part in names:
        if part in parts:
            yield from _chapter(source, part, parts.read(part), skipped)
        else:
            skipped["missing parts"] += 1


def _chapter(source: Source, part: str, data: bytes, skipped: Counter[str]) -> list[FoundLink]:
    if not data.strip():
        skipped["empty parts"] += 1
        return []
    try:
        text = decode(Source(name=source.name, data=data), meta=True).text
        document = html.read(Source(name=source.name, text=RAW_AND_EMPTY.sub(_renamed, text)))
    except UnreadableDocument:
        skipped["unreadable parts"] += 1
        return []
    return within_part(_outside(document.links, skipped), part)


def _renamed(tag: re.Match[str]) -> str:
    """Return an empty element under a name that HTML does not read on after, of the same length."""
    return f"<{'x' * len(tag[1])}{tag[2]}"


def _outside(links: Iterable[FoundLink], skipped: Counter[str]) -> list[FoundLink]:
    """Return the links that lead out of the book, or nowhere (`#`, empty, a script)."""
    kept = []
    for link in links:
        target = link.target.strip()
        if link.resolved is None and target not in {"", "#"} and SCHEME.match(target) is None:
            skipped["links inside the file"] += 1
        else:
            kept.append(link)
    return kept
