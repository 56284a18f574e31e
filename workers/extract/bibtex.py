"""Reads BibTeX and BibLaTeX: address and identifier fields, and addresses in all other fields."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from workers.extract.bibtex_entries import Entry, Value, entries
from workers.extract.finding import NO_BASE, Base, Found, placed
from workers.extract.identifiers import identifier_in_field
from workers.extract.latex import address_in_tex, read_tex, tex_links
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.tex_syntax import TexSource, plain_tex, unescape_tex
from workers.model import Document, Format, FoundLink, Kind

ADDRESS_FIELD = re.compile(r"url|bdsk-url-\d+|link|ee|href|archiveurl|urlalt|website")
STRING_NAME = re.compile(r"[A-Za-z][\w-]*")
LOCAL_FIELD = re.compile(r"file|bdsk-file-\d+|local-url")
WRAPPED = re.compile(r"\s*\\(?:url|path|nolinkurl)\s*\{([^{}]*)\}\s*")
MAX_TITLE = 500
WITHOUT_ADDRESS = frozenset({"author", "editor", "year", "month", "pages", "volume", "number", "key"})


class _Bibliography:
    """Reads the entries of one bibliography."""

    def __init__(self, text: str, base: Base) -> None:
        self._text = text
        self._tex = TexSource(text)
        self._map = SourceMap(text)
        self._base = base
        self.skipped: Counter[str] = Counter()

    def links(self, found: Iterable[Entry]) -> list[FoundLink]:
        """Return the findings of all entries in the order of the source."""
        links: list[FoundLink] = []
        at = 0
        for entry in found:
            self._count_between(at, entry.start)
            title = next((self._plain(value) for value in entry.values if value.name == "title"), "")
            for value in entry.values:
                locator = f"{entry.key}/{value.name}"
                links += [replace(link, locator=locator) for link in self._value(value, title)]
            at = entry.end
        self._count_between(at, len(self._text))
        return links

    def _count_between(self, start: int, end: int) -> None:
        """Count addresses between entries: BibTeX takes everything there for a comment."""
        if count := self._text.count("://", start, end):
            self.skipped["addresses in comments"] += count

    def _plain(self, value: Value) -> str:
        return plain_tex(self._text[value.start : min(value.end, value.start + MAX_TITLE)])

    def _value(self, value: Value, title: str) -> list[FoundLink]:
        if LOCAL_FIELD.fullmatch(value.name):
            self.skipped["files on the author's machine"] += 1
            return []
        if self._text[value.start - 1 : value.start] not in {"{", '"'} and STRING_NAME.fullmatch(
            self._text, value.start, value.end
        ):
            return []  # the name of a string, which stands where it is defined
        if ADDRESS_FIELD.fullmatch(value.name) and self._text.count("://", value.start, value.end) <= 1:
            return [self._address(value, title)]
        if value.name in WITHOUT_ADDRESS:
            return []
        if (identified := self._identifier(value, title)) is not None:
            return [identified]
        tex = read_tex(self._tex, value.start, value.end)
        return tex_links(tex, self._map, self._base)

    def _identifier(self, value: Value, title: str) -> FoundLink | None:
        """Return the identifier in a field for one, which needs no label there as it does in text."""
        written = self._text[value.start : value.end].strip()
        target = unescape_tex(written)
        mention = identifier_in_field(value.name, target) if "\\url" not in written else None
        if mention is None:
            return None
        start = self._text.index(written[0], value.start)
        found = Found(
            start=start,
            end=start + len(written),
            kind=Kind.IDENTIFIER,
            target=target,
            anchor=title,
            context=title,
            defects=mention.defects,
            identifier=mention.identifier,
        )
        return placed(found, self._map, self._base)

    def _address(self, value: Value, title: str) -> FoundLink:
        start, end = value.start, value.end
        if wrapped := WRAPPED.fullmatch(self._text, start, end):
            start, end = wrapped.span(1)
        found = address_in_tex(self._text, (start, end), (start, end), Kind.LINK, title)
        return placed(replace(found, context=title, seen_at=None), self._map, self._base)


def read(source: Source) -> Document:
    """Return the findings of a bibliography; `locator` is `key/field`."""
    text = decode(source).text
    reader = _Bibliography(text, Base(url=source.base, source="given") if source.base else NO_BASE)
    links = reader.links(entries(text))
    return Document(
        source=source.name,
        format=Format.BIBTEX,
        text=text,
        links=tuple(sorted(links, key=lambda link: (link.start or 0, link.end or 0))),
        skipped=dict(reader.skipped),
    )
