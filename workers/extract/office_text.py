"""The paragraphs of an office document: their text, the hyperlinks on it, and where both stand in a part."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from workers.extract.dates import read_date
from workers.extract.finding import NO_BASE, Base
from workers.extract.passage import Hyperlink, Labelled, read_passage
from workers.model import Kind

MAX_HEADLINE = 300
DATE_PARAGRAPHS = 8
DATE_LENGTH = 160


@dataclass(slots=True)
class Paragraph:
    """One paragraph while it is read: pieces of text with their offsets in the part, and hyperlinks.

    `style` is the name of its style, lower case. `part` names the part; offsets count code points in it.
    """

    part: str
    at: int
    style: str = ""
    hyperlinks: list[Hyperlink] = field(default_factory=list)
    _texts: list[str] = field(default_factory=list)
    _offsets: list[int] = field(default_factory=list)
    _places: list[int] = field(default_factory=list)
    _length: int = 0

    def add(self, text: str, at: int) -> None:
        """Take a piece of text that stands at offset `at` of the part."""
        self._texts.append(text)
        self._offsets.append(self._length)
        self._places.append(at)
        self._length += len(text)

    def __len__(self) -> int:
        return self._length

    @property
    def text(self) -> str:
        """Return the text so far."""
        return "".join(self._texts)

    @property
    def pieces(self) -> Sequence[tuple[str, int]]:
        """Return the pieces of text in order, each with its offset in the part."""
        return tuple(zip(self._texts, self._places, strict=True))

    def link(
        self, start: int, target: str, at: int, *, kind: Kind = Kind.LINK, anchor: str | None = None
    ) -> None:
        """Take a hyperlink over the text from `start` to here, written at offset `at` of the part."""
        self.hyperlinks.append(
            Hyperlink(
                start=start,
                end=self._length,
                target=target,
                locator=f"{self.part}#char={at}",
                kind=kind,
                anchor=anchor,
            )
        )

    def locate(self, start: int, _end: int) -> str:
        """Return the locator of the text at `start`."""
        index = bisect_right(self._offsets, start) - 1
        at = self._places[index] + start - self._offsets[index] if index >= 0 else self.at
        return f"{self.part}#char={at}"


def read_paragraphs(paragraphs: Iterable[Paragraph], base: Base = NO_BASE) -> list[Labelled]:
    """Return the findings of paragraphs in their order; no address runs from one into the next."""
    links: list[Labelled] = []
    before = ""
    for paragraph in paragraphs:
        text = paragraph.text
        if text or paragraph.hyperlinks:
            links += read_passage(
                text, paragraph.hyperlinks, locate=paragraph.locate, base=base, before=before
            )
        before = text or before
    return links


def headline_of(paragraphs: Sequence[Paragraph], *styles: str) -> str | None:
    """Return the first paragraph set in one of `styles` (tried in turn), or the title-like first one."""
    for style in styles:
        for paragraph in paragraphs:
            if paragraph.style == style and (text := paragraph.text.strip()):
                return text[:MAX_HEADLINE]
    return None


def first_line(paragraphs: Sequence[Paragraph]) -> str | None:
    """Return the first paragraph that is not empty where it looks like a headline, else None."""
    text = next((text for paragraph in paragraphs if (text := paragraph.text.strip())), "")
    return text if 0 < len(text) <= MAX_HEADLINE and text[-1] not in ".,:;" and "://" not in text else None


def date_of(paragraphs: Sequence[Paragraph]) -> datetime | None:
    """Return the date stated in one of the first short paragraphs."""
    texts = [text for paragraph in paragraphs[: 4 * DATE_PARAGRAPHS] if (text := paragraph.text.strip())]
    for text in texts[:DATE_PARAGRAPHS]:
        if len(text) <= DATE_LENGTH and (found := read_date(text)) is not None:
            return found
    return None
