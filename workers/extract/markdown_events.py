"""Collects from the parser's events what a Markdown document holds: links, ranges that are no prose, HTML."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyromark
from pyromark import Options
from pyromark.event import BrokenLink, Range

from workers.extract.source_map import SourceMap

OPTIONS = (
    Options.ENABLE_TABLES | Options.ENABLE_FOOTNOTES | Options.ENABLE_STRIKETHROUGH | Options.ENABLE_TASKLISTS
)  # front matter is ours to read: the parser takes any two rules in the middle of an article for it
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


def render(text: str) -> str:
    """Return the page that `text` makes."""
    return pyromark.html(text, options=OPTIONS)


def without_front_matter(text: str, end: int) -> str:
    """Return `text` with blank lines for what stands before `end`, as many as that has bytes."""
    return "\n" * len(text[:end].encode("utf-8", "replace")) + text[end:] if end else text


def collect(text: str, source_map: SourceMap) -> Collected:
    """Return what the parser finds in `text`."""
    collector = _Collector(source_map)
    handlers = collector.handlers()
    events: Iterator[tuple[Any, Range]] = pyromark.events_with_range(
        text, options=OPTIONS, broken_link_callback=collector.undefined
    )
    for event, span in events:
        if event.__class__ is str:
            collector.take_break()
            continue
        for name in event:
            if (handler := handlers.get(name)) is not None:
                handler(event[name], span)
    return collector.collected


class _Collector:
    """Takes events one by one; spans are converted only where they are kept."""

    def __init__(self, source_map: SourceMap) -> None:
        self.collected = Collected()
        self._at = source_map.from_byte
        self._open: list[LinkEvent] = []
        self._footnotes = 0
        self._in_code = False

    def handlers(self) -> Mapping[str, Callable[[Any, Range], None]]:
        """Return what takes each kind of event that matters here."""
        return {
            "Text": self.take_text,
            "Code": self.take_code,
            "Start": self.begin,
            "End": self.end,
            "InlineHtml": self.take_tag,
            "FootnoteReference": self.take_footnote_mark,
        }

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

    def take_text(self, words: str, span: Range) -> None:
        """Take a piece of text: part of an anchor, or of a block of code."""
        if self._open:
            for link in self._open:
                link.words.append(words)
            self._open[-1].text_end = self._at(span["end"])
        if self._in_code:
            self._skip_code(words)

    def take_code(self, words: str, span: Range) -> None:
        """Take a code span, which is no prose."""
        for link in self._open:
            link.words.append(words)
        self._inside(span)
        self._hole(span)
        self._skip_code(words)

    def take_tag(self, _: str, span: Range) -> None:
        """Take an inline tag of HTML."""
        self._inside(span)
        self.collected.tags.append(self._hole(span))

    def take_footnote_mark(self, _: str, span: Range) -> None:
        """Take the mark of a footnote."""
        self._inside(span)
        self._hole(span)

    def _skip_code(self, words: str) -> None:
        if addresses := words.count("://"):
            self.collected.skipped["code"] += addresses

    def _hole(self, span: Range) -> tuple[int, int]:
        place = (self._at(span["start"]), self._at(span["end"]))
        self.collected.holes.append(place)
        return place

    def _inside(self, span: Range) -> None:
        if self._open:
            self._open[-1].text_end = self._at(span["end"])

    def begin(self, value: Any, span: Range) -> None:  # noqa: ANN401 - the parser's union of events
        """Take the start of a block or link."""
        if value.__class__ is str:
            if value == "HtmlBlock":
                self.collected.html.append(self._hole(span))
            return
        for name, details in value.items():
            if name in {"Link", "Image"}:
                self._begin_link(details, span, is_image=name == "Image")
            elif name == "CodeBlock":
                self._in_code = True
                self._hole(span)
            elif name == "FootnoteDefinition":
                self._footnotes += 1
                self.collected.footnotes.append((self._at(span["start"]), self._at(span["end"])))

    def _begin_link(self, details: Mapping[str, str], span: Range, *, is_image: bool) -> None:
        start, end = self._hole(span)
        link = LinkEvent(
            start=start,
            end=end,
            style=details["link_type"],
            target=details["dest_url"],
            label=details["id"],
            is_image=is_image,
            text_end=start + 1 + is_image,
            in_footnote=self._footnotes > 0,
        )
        if any(around.is_image for around in self._open):
            self.collected.skipped["inside alternative text"] += 1
        else:
            self.collected.links.append(link)
        self._open.append(link)

    def end(self, value: Any, _: Range) -> None:  # noqa: ANN401
        """Take the end of a block or link."""
        if value.__class__ is not str:
            return
        if value in {"Link", "Image"}:
            closed = self._open.pop()
            if self._open:
                self._open[-1].text_end = closed.end
        elif value == "CodeBlock":
            self._in_code = False
        elif value == "FootnoteDefinition":
            self._footnotes -= 1
