"""One story of a Word document (body, footnotes, comments, a header …) as paragraphs with hyperlinks.

Names are compared without their namespace, so that the transitional and the strict form both read.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workers.extract.docx_fields import field_target
from workers.extract.office_text import Paragraph
from workers.model import Kind

# Text that Word does not show: deleted, moved away, or the second form of the same drawing.
HIDDEN = frozenset({"del", "moveFrom", "Fallback"})
MAX_OPEN_FIELDS = 100  # each paragraph's end looks at every field that is open
SPACES: Mapping[str, str] = {
    "tab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "\xad",
}


@dataclass(slots=True)
class _Field:
    """A complex field while it is read: its code, then the text it shows from `start` on."""

    at: int
    code: list[str] = field(default_factory=list)
    paragraph: Paragraph | None = None
    start: int = 0
    shows: bool = False


class Story:
    """Collects the paragraphs of one part, in the order in which they begin."""

    def __init__(self, part: str, relationships: Mapping[str, str], point: Callable[[int], int]) -> None:
        """Take the part's external relationships by id; `point` turns byte offsets into code points."""
        self.paragraphs: list[Paragraph] = []
        self.skipped: Counter[str] = Counter()
        self._part = part
        self._relationships = relationships
        self._point = point
        self._open: list[Paragraph] = []
        self._links: list[tuple[int, str, int] | None] = []
        self._fields: list[_Field] = []
        self._hidden = 0
        self._properties = 0
        self._taking = ""
        self._description: str | None = None
        self._drawn: set[str] = set()

    def start(self, tag: str, attributes: Mapping[str, str], at: int) -> None:
        """Take the start of an element."""
        name = tag.rpartition(" ")[2]
        if self._hidden or name in HIDDEN:
            self._hidden += 1
            return
        values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        if name == "p":
            self._open.append(Paragraph(part=self._part, at=self._point(at)))
            self.paragraphs.append(self._open[-1])
        elif name == "pPr":
            self._properties += 1
        elif self._properties:
            if name == "pStyle" and self._open:
                self._open[-1].style = values.get("val", "")
        elif self._open:
            self._start_in_paragraph(name, values, at)

    def _start_in_paragraph(self, name: str, values: Mapping[str, str], at: int) -> None:
        if name in {"t", "instrText"}:
            self._taking = name
        elif name in SPACES:
            self._open[-1].add(SPACES[name], self._point(at))
        elif name == "hyperlink":
            self._start_hyperlink(values, at)
        elif name == "fldSimple":
            self._start_simple_field(values, at)
        elif name == "fldChar":
            self._field_character(values.get("fldCharType", ""), at)
        else:
            self._drawing(name, values, at)

    def end(self, tag: str, _at: int) -> None:
        """Take the end of an element."""
        name = tag.rpartition(" ")[2]
        if self._hidden:
            self._hidden -= 1
        elif name == "p" and self._open:
            paragraph = self._open.pop()
            for open_field in self._fields:
                self._show(open_field, paragraph)
        elif name == "pPr":
            self._properties -= 1
        elif name in {"t", "instrText"}:
            self._taking = ""
        elif name in {"hyperlink", "fldSimple"} and self._links:
            link = self._links.pop()
            if link and self._open:
                self._open[-1].link(*link)

    def text(self, text: str, at: int) -> None:
        """Take character data: shown text, or the code of a field."""
        if self._taking == "t" and self._open and not self._hidden:
            self._open[-1].add(text, self._point(at))
        elif self._taking == "instrText" and self._fields and not self._hidden:
            self._fields[-1].code.append(text)

    def _start_hyperlink(self, values: Mapping[str, str], at: int) -> None:
        target, place = self._relationships.get(values.get("id", ""), ""), values.get("anchor", "")
        if place and not target:
            self.skipped["links inside the file"] += 1
            self._links.append(None)
            return
        # One without any target lost it on the way: it is found as empty.
        joined = target + (f"#{place}" if place else "")
        self._links.append((len(self._open[-1]), joined, self._point(at)))

    def _start_simple_field(self, values: Mapping[str, str], at: int) -> None:
        target = field_target(values.get("instr", ""))
        is_link = target is not None and self._is_outside(target[1])
        self._links.append((len(self._open[-1]), target[1], self._point(at)) if target and is_link else None)

    def _is_outside(self, target: str) -> bool:
        """Whether a field's target leads out of the file; `#` and nothing at all are stripped targets."""
        inside = target.startswith("#") and len(target) > 1
        if inside:
            self.skipped["links inside the file"] += 1
        return not inside

    def _field_character(self, kind: str, at: int) -> None:
        if kind == "begin" and len(self._fields) < MAX_OPEN_FIELDS:
            self._fields.append(_Field(at=self._point(at)))
        elif kind == "separate" and self._fields:
            self._fields[-1].paragraph, self._fields[-1].start = self._open[-1], len(self._open[-1])
            self._fields[-1].shows = True
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            if not ended.shows and ended.paragraph is None:
                ended.paragraph, ended.start, ended.shows = self._open[-1], len(self._open[-1]), True
            if ended.paragraph is not None:
                self._show(ended, ended.paragraph)

    def _show(self, ended: _Field, paragraph: Paragraph) -> None:
        """Give a field's hyperlink to the paragraph in which its text began, once."""
        if not ended.shows or ended.paragraph is not paragraph:
            return
        ended.shows = False
        target = field_target("".join(ended.code))
        if target and self._is_outside(target[1]):
            kind = Kind.IMAGE if target[0] == "INCLUDEPICTURE" else Kind.LINK
            paragraph.link(ended.start, target[1], ended.at, kind=kind)

    def _drawing(self, name: str, values: Mapping[str, str], at: int) -> None:
        """Take links on and of pictures: `hlinkClick`, linked `blip`s, the `href` of VML shapes."""
        if name in {"drawing", "pict"}:
            self._description, self._drawn = None, set()
        elif name == "docPr":
            self._description = values.get("descr") or values.get("title")
        elif name == "hlinkClick":
            self._draw(self._relationships.get(values.get("id", ""), ""), Kind.LINK, at)
        elif name == "blip":
            self._draw(self._relationships.get(values.get("link", ""), ""), Kind.IMAGE, at)
        elif name == "imagedata":
            self._draw(self._relationships.get(values.get("href", values.get("id", "")), ""), Kind.IMAGE, at)
        elif "href" in values:
            self._draw(values["href"], Kind.LINK, at)

    def _draw(self, target: str, kind: Kind, at: int) -> None:
        if not target or f"{kind} {target}" in self._drawn:
            return
        self._drawn.add(f"{kind} {target}")
        paragraph = self._open[-1]
        paragraph.link(len(paragraph), target, self._point(at), kind=kind, anchor=self._description or "")
