"""Reads Jupyter notebooks: Markdown cells, comments and strings in code, and outputs."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from workers.errors import UnreadableDocument
from workers.extract import html, markdown
from workers.extract.embedded import EmbeddedText, carry_back
from workers.extract.finding import NO_BASE, Base
from workers.extract.json_strings import JsonString, Path, load, strings, value_at
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.text import links_in_text
from workers.model import Document, Format, FoundLink

MARKDOWN = "markdown"
HTML = "html"
PLAIN = "plain"
# How the text of an output is read, by its media type; other data is pictures and code for browsers.
MEDIA = {"text/plain": PLAIN, "text/markdown": MARKDOWN, "text/html": HTML, "text/latex": PLAIN}
OUTPUT_DEPTH = 4  # cells/N/outputs/M


class _Notebook:
    """Reads the texts of one notebook."""

    def __init__(self, source: Source, text: str) -> None:
        self._source = source
        self._map = SourceMap(text)
        self._loaded: Any = load(source.name, text)
        cells = self._loaded.get("cells") if isinstance(self._loaded, dict) else None
        if not isinstance(cells, list):
            raise UnreadableDocument(source.name, "is not a Jupyter notebook: it has no list of cells")
        self.skipped: Counter[str] = Counter()
        self.headline: str | None = None

    def links(self) -> Iterator[FoundLink]:
        """Yield the findings of all cells in the order of the source."""
        values = (string for string in strings(self._map.text) if not string.is_key)
        for path, lines in groupby(values, key=_text_path):
            how = self._reading(path)
            text = EmbeddedText(piece for line in lines for piece in line.value.pieces)
            if how is None:
                self.skipped["addresses in metadata and data"] += text.text.count("://")
            elif text.text.strip():
                yield from carry_back(self._read(text.text, how), text, self._map, locator=_pointer(path))

    def _reading(self, path: Path) -> str | None:
        """Return how the text at a path is read, None where it is no text for people."""
        if len(path) < 3 or path[0] != "cells":  # noqa: PLR2004 - cells/N/source
            return None
        if path[2:] == ("source",):
            kind = value_at(self._loaded, (*path[:2], "cell_type"))
            return MARKDOWN if kind == "markdown" else PLAIN
        if path[2] != "outputs" or len(path) <= OUTPUT_DEPTH:
            return None
        if path[OUTPUT_DEPTH] == "data":
            return MEDIA.get(str(path[-1]))
        return PLAIN if path[OUTPUT_DEPTH] in {"text", "traceback"} else None

    def _read(self, text: str, how: str) -> list[FoundLink]:
        base = Base(url=self._source.base, source="given") if self._source.base else NO_BASE
        inner = Source(name=self._source.name, text=text, base=self._source.base)
        if how == MARKDOWN:
            document = markdown.read(inner)
            self.headline = self.headline or document.headline
            return list(document.links)
        if how == HTML:
            return list(html.read(inner).links)
        return links_in_text(text, base=base)


def _text_path(string: JsonString) -> Path:
    """Return the path of a text that may be written as a list of lines."""
    return string.path[:-1] if string.path and isinstance(string.path[-1], int) else string.path


def _pointer(path: Path) -> str | None:
    return JsonString(path=path, value=EmbeddedText(())).pointer


def read(source: Source) -> Document:
    """Return the findings of a notebook; `locator` is the JSON Pointer of the cell's or output's text.

    Raises:
        UnreadableDocument: it is no valid JSON, or has no cells.
    """
    text = decode(source).text
    notebook = _Notebook(source, text)
    links = tuple(notebook.links())
    return Document(
        source=source.name,
        format=Format.NOTEBOOK,
        text=text,
        links=links,
        headline=notebook.headline,
        skipped={reason: count for reason, count in notebook.skipped.items() if count},
    )
