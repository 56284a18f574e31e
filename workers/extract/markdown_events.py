"""Collects from the parser's events what a Markdown document holds: links, ranges that are no prose, HTML."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyromark
from pyromark import Options
from pyromark.event import BrokenLink

from workers.extract.source_map import SourceMap

OPTIONS = (
    Options.ENABLE_TABLES
    | Options.ENABLE_FOOTNOTES
    | Options.ENABLE_STRIKETHROUGH
    | Options.ENABLE_TASKLISTS
    | Options.ENABLE_YAML_STYLE_METADATA_BLOCKS
    | Options.ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS
)
NAMED = frozenset({"Reference", "Collapsed", "Shortcut"})


@dataclass(slots=True)
class LinkEvent:
    """One link or image as the parser sees it; offsets are code points of the source.

    `text_end` is where the last piece inside the brackets ends. `label` names the definition of a
    reference link.
    """

    start: int
    end: int
    style: str
    target: str
    label: str
    is_image: bool
    text_end: int
    in_footnote: bool
    words: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Collected:
    """Everything of interest in a document, in source order.

    `undefined` holds spans and labels of references whose definition is missing; `tags` and `html`
    the spans of inline tags and of whole blocks of HTML; `holes` what is no prose.
    """

    links: list[LinkEvent] = field(default_factory=list)
    holes: list[tuple[int, int]] = field(default_factory=list)
    tags: list[tuple[int, int]] = field(default_factory=list)
    html: list[tuple[int, int]] = field(default_factory=list)
    footnotes: list[tuple[int, int]] = field(default_factory=list)
    undefined: list[tuple[int, int, str, str]] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def collect(text: str, source_map: SourceMap) -> Collected:
    """Return what the parser finds in `text`."""
    collector = _Collector(text, source_map)
    for event, span in pyromark.events_with_range(
        text, options=OPTIONS, broken_link_callback=collector.undefined
    ):
        if isinstance(event, dict):
            for name, value in event.items():
                collector.take(name, value, span["start"], span["end"])
        else:
            collector.take_break()
    return collector.collected


class _Collector:
    """Takes events one by one; spans are converted only where they are kept."""

    def __init__(self, text: str, source_map: SourceMap) -> None:
        self.collected = Collected()
        self._text = text
        self._at = source_map.from_byte
        self._open: list[LinkEvent] = []
        self._footnotes = 0
        self._in_code = False

    def undefined(self, broken: BrokenLink) -> None:
        """Note a reference without a definition; the parser keeps it as text."""
        style, span = broken["link_type"], broken["span"]
        if style in {"Reference", "Collapsed"}:
            place = (self._at(span["start"]), self._at(span["end"]))
            self.collected.undefined.append((*place, style, broken["reference"]))

    def take_break(self) -> None:
        """Take a line break, which is a space in an anchor."""
        for link in self._open:
            link.words.append(" ")

    def take(self, name: str, value: object, start: int, end: int) -> None:
        """Take one event with its byte range."""
        if name in {"Text", "Code"}:
            self._take_words(name, str(value), start, end)
        elif name == "Start":
            self._begin(value, start, end)
        elif name == "End":
            self._end(value)
        elif name == "InlineHtml":
            self._inside(end)
            self.collected.tags.append(self._hole(start, end))
        elif name == "FootnoteReference":
            self._inside(end)
            self._hole(start, end)

    def _hole(self, start: int, end: int) -> tuple[int, int]:
        span = (self._at(start), self._at(end))
        self.collected.holes.append(span)
        return span

    def _inside(self, end: int) -> None:
        if self._open:
            self._open[-1].text_end = self._at(end)

    def _take_words(self, name: str, words: str, start: int, end: int) -> None:
        for link in self._open:
            link.words.append(words)
        self._inside(end)
        if name == "Code" or self._in_code:
            self._hole(start, end)
            self.collected.skipped["code"] += words.count("://")

    def _begin(self, value: object, start: int, end: int) -> None:
        if isinstance(value, dict):
            for name, details in value.items():
                if name in {"Link", "Image"}:
                    self._begin_link(details, start, end, is_image=name == "Image")
                elif name == "CodeBlock":
                    self._in_code = True
                    self._hole(start, end)
                elif name == "FootnoteDefinition":
                    self._footnotes += 1
                    self.collected.footnotes.append((self._at(start), self._at(end)))
                elif name == "MetadataBlock":
                    self._hole(start, end)
        elif value == "HtmlBlock":
            self.collected.html.append(self._hole(start, end))

    def _begin_link(self, details: dict[str, str], start: int, end: int, *, is_image: bool) -> None:
        span = self._hole(start, end)
        link = LinkEvent(
            start=span[0],
            end=span[1],
            style=details["link_type"],
            target=details["dest_url"],
            label=details["id"],
            is_image=is_image,
            text_end=span[0] + 1 + is_image,
            in_footnote=self._footnotes > 0,
        )
        if any(around.is_image for around in self._open):
            self.collected.skipped["inside alternative text"] += 1
        else:
            self.collected.links.append(link)
        self._open.append(link)

    def _end(self, value: object) -> None:
        if value in {"Link", "Image"} if isinstance(value, str) else False:
            closed = self._open.pop()
            if self._open:
                self._open[-1].text_end = closed.end
        elif value == "CodeBlock":
            self._in_code = False
        elif value == "FootnoteDefinition":
            self._footnotes -= 1


def anchors(links: list[LinkEvent]) -> Iterator[str]:
    """Yield the plain text of each link, whitespace collapsed."""
    return (" ".join("".join(link.words).split()) for link in links)
