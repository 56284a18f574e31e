"""How a citation of a Word document is written in its part: by relationship, in a field code, as text."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workers.extract.docx_fields import ARGUMENT, CODE, WITH_ARGUMENT
from workers.extract.docx_story import Story
from workers.extract.office_text import Paragraph
from workers.extract.passage import Hyperlink
from workers.extract.source_map import SourceMap
from workers.extract.xml_elements import ATTRIBUTE, TAG_NAME
from workers.extract.xml_parts import parse_xml
from workers.mend.runs import Run, runs_in
from workers.model import FoundLink

TAG = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)")
FIELD_TAG = re.compile(r"<(?:[\w.-]+:)?(fldChar|instrText)\b([^>]*)>")
FIELD_KIND = re.compile(r"fldCharType\s*=\s*[\"'](\w+)")
# The attribute by which each element names its relationship, as `workers/extract/docx_story.py` reads it.
RELATED = {"hyperlink": ("id",), "hlinkClick": ("id",), "blip": ("link",), "imagedata": ("href", "id")}


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanUse:
    """An address that is part of some runs' text, `start` to `end`; `before` and `after` go around a new one.

    `drop` is a span (the switch for a place in the page) that goes when the address is replaced.
    """

    runs: Sequence[Run]
    start: int
    end: int
    before: str = ""
    after: str = ""
    drop: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedUse:
    """An element that names a relationship: the key, the span of the attribute value that holds it.

    `place` is what the element adds to the address as a fragment, written in the attribute at `drop`.
    `shown` is the text of the link where it shows the very address.
    """

    key: str
    span: tuple[int, int]
    place: str = ""
    drop: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """How one citation is written, and the text of the link where that shows the very address."""

    target: SpanUse | RelatedUse
    shown: SpanUse | None = None


class PartReader:
    """Finds how the citations of one part are written; `text` is the part's XML."""

    def __init__(self, source_name: str, part: str, text: str, outside: Mapping[str, str]) -> None:
        self._text = text
        self._outside = outside
        story = Story(part, outside, SourceMap(text).from_byte)
        parse_xml(source_name, text, story, part=part)
        self._runs: list[Run] = []
        self._owners: list[tuple[Paragraph, int]] = []
        self._links: dict[str, list[tuple[Paragraph, Hyperlink]]] = {}
        for paragraph in story.paragraphs:
            self._index(paragraph)
        self._order = sorted(range(len(self._runs)), key=lambda index: self._runs[index].start)
        self._places = [self._runs[index].start for index in self._order]

    def _index(self, paragraph: Paragraph) -> None:
        """Note where the runs of a paragraph stand, and its hyperlinks by their locators."""
        offset = 0
        for run in self._runs_of(paragraph):
            self._runs.append(run)
            self._owners.append((paragraph, offset))
            offset += len(run.text)
        for link in paragraph.hyperlinks:
            self._links.setdefault(link.locator, []).append((paragraph, link))

    def use_of(self, found: FoundLink, at: int) -> Use | None:
        """Return how the citation that is written at offset `at` of the part is, None where unknown."""
        tag = TAG.match(self._text, at)
        name = tag[1] if tag else ""
        target = self._element(name, at) if tag else None
        if target is not None:
            return Use(target=target, shown=self._shown(found))
        literal = self._literal(found.raw, at)
        return None if literal is None else Use(target=literal)

    def _element(self, name: str, at: int) -> SpanUse | RelatedUse | None:
        if name == "fldChar":
            return code_use(self._code_runs(at))
        attributes = self._attributes(at)
        if name == "fldSimple" and "instr" in attributes:
            return code_use(list(runs_in(self._text, *attributes["instr"])))
        for attribute in RELATED.get(name, ()):
            span = attributes.get(attribute)
            if span is not None and self._text[slice(*span)] in self._outside:
                return self._related(span, attributes.get("anchor"))
        if name not in RELATED and "href" in attributes:
            runs = list(runs_in(self._text, *attributes["href"]))
            return SpanUse(runs=runs, start=0, end=sum(len(run.text) for run in runs))
        return None

    def _related(self, span: tuple[int, int], place: tuple[int, int] | None) -> RelatedUse:
        key = self._text[slice(*span)]
        if place is None or place[0] == place[1]:
            return RelatedUse(key=key, span=span)
        # From the white space before the attribute's name to its closing quote.
        begin = self._text.rfind("=", 0, place[0])
        begin = max(self._text.rfind(space, 0, begin) for space in " \t\r\n")
        return RelatedUse(key=key, span=span, place=self._text[slice(*place)], drop=(begin, place[1] + 1))

    def _attributes(self, at: int) -> dict[str, tuple[int, int]]:
        """Return the spans of the attribute values of the tag at `at`, by local name."""
        found: dict[str, tuple[int, int]] = {}
        name = TAG_NAME.match(self._text, at)
        at = at if name is None else name.end()
        while match := ATTRIBUTE.match(self._text, at):
            at = match.end()
            found[match[1].rpartition(":")[2]] = match.span(2 if match[2] is not None else 3)
        return found

    def _code_runs(self, at: int) -> list[Run]:
        """Return the code of the field that begins at `at`, up to what it shows."""
        runs: list[Run] = []
        depth = 0
        for tag in FIELD_TAG.finditer(self._text, at):
            if tag[1] == "instrText":
                if depth == 1 and not tag[2].endswith("/"):
                    runs += runs_in(self._text, tag.end(), self._text.find("</", tag.end()))
                continue
            kind = FIELD_KIND.search(tag[2])
            depth += 1 if kind and kind[1] == "begin" else -1 if kind and kind[1] == "end" else 0
            if depth == 0 or (depth == 1 and kind and kind[1] == "separate"):
                break
        return runs

    def _shown(self, found: FoundLink) -> SpanUse | None:
        """Return the text of a hyperlink that shows its own address, None where it shows something else."""
        for paragraph, link in self._links.get(found.locator or "", ()):
            shown = paragraph.text[link.start : link.end]
            if link.anchor is None and found.target and shown.strip() == found.target == link.target:
                start = link.start + len(shown) - len(shown.lstrip())
                return SpanUse(runs=self._runs_of(paragraph), start=start, end=start + len(found.target))
        return None

    def _literal(self, raw: str, at: int) -> SpanUse | None:
        """Return the text in a paragraph that an address without a hyperlink is."""
        place = bisect_right(self._places, at) - 1
        if place < 0 or at >= self._runs[self._order[place]].end:
            return None
        run = self._runs[self._order[place]]
        paragraph, offset = self._owners[self._order[place]]
        start = offset + (at - run.start if run.is_verbatim else 0)
        if paragraph.text[start : start + len(raw)] != raw:
            return None
        return SpanUse(runs=self._runs_of(paragraph), start=start, end=start + len(raw))

    def _runs_of(self, paragraph: Paragraph) -> list[Run]:
        return [Run(text, at, self._end_of(text, at)) for text, at in paragraph.pieces]

    def _end_of(self, text: str, at: int) -> int:
        """Return where a piece of a paragraph ends: a reference, an element such as a tab, or its text."""
        if self._text[at : at + 1] == "&":
            return self._text.index(";", at) + 1
        if self._text[at : at + 1] == "<":
            return self._text.index(">", at) + 1
        return at + (2 if text == "\n" and self._text.startswith("\r\n", at) else len(text))


def code_use(runs: Sequence[Run]) -> SpanUse | None:
    """Return where a field's code writes its address; None for a field of another kind."""
    code = "".join(run.text for run in runs)
    match = CODE.match(code)
    if match is None:
        return None
    span: tuple[int, int] | None = None
    drop: tuple[int, int] | None = None
    switch, switch_at = "", 0
    quote = '"'
    for argument in ARGUMENT.finditer(code, match.end()):
        if argument[2]:
            switch, switch_at = argument[2].lower(), argument.start()
            continue
        if switch == "l":
            drop = (switch_at, argument.end())
        elif switch not in WITH_ARGUMENT and span is None:
            span = argument.span(1 if argument[1] is not None else 3)
            quote = "" if argument[1] is not None else '"'
        switch = ""
    if span is None:
        return SpanUse(runs=runs, start=match.end(), end=match.end(), before=' "', after='"', drop=drop)
    return SpanUse(runs=runs, start=span[0], end=span[1], before=quote, after=quote, drop=drop)
