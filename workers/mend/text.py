"""Formats that are text: spans give way to new addresses, and the result is read again."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from workers.errors import UnreadableDocument
from workers.extract.source import Source
from workers.extract.source_map import SourceMap
from workers.mend.change import Applied, Change, Mended, Refused
from workers.mend.places import PlacedChange, placed_changes
from workers.mend.references import inline_ways
from workers.mend.settle import Settler
from workers.mend.source_bytes import SourceBytes, TextEdit, spliced
from workers.mend.spelling import Spelling, place_of, spellings
from workers.model import Document, Format, FoundLink

Read = Callable[[Source, Format], Document]
Written = Sequence[tuple[PlacedChange, Spelling]]
MAX_SPELLINGS = 8


def mend_text(source: Source, document: Document, changes: Sequence[Change], *, read: Read) -> Mended:
    """Return a text document with `changes` made; see `workers/mend/mend.py`.

    Raises:
        CannotMend: its bytes cannot be written back.
    """
    writer = _Writer(source, document, read)
    wanted, refused = placed_changes(document, changes)
    settler = Settler(writer.spellings, writer.reads_back, size=len(document.text or ""))
    written = settler.settle(wanted)
    refused += [
        Refused(change=change, reason=reason) for each, reason in settler.failed for change in each.changes
    ]
    edits = writer.bytes.carried([spelling.edit for _, spelling in written])
    applied = [
        Applied(change=change, address=spelling.address)
        for each, spelling in written
        for change in each.changes
    ]
    return Mended(
        data=spliced(writer.bytes.data, edits),
        applied=tuple(sorted(applied, key=position)),
        refused=tuple(sorted(refused, key=position)),
        edits=edits,
    )


def position(item: Applied | Refused) -> int:
    """Return the position of the citation that a change is of."""
    return item.change.position


class _Writer:
    """Writes one document with edits, and reads it again."""

    def __init__(self, source: Source, document: Document, read: Read) -> None:
        self.bytes = SourceBytes(source, document.text or "")
        self._source = source
        self._document = document
        self._read = read
        self._map = SourceMap(document.text or "")

    def spellings(self, wanted: PlacedChange) -> Iterable[Spelling]:
        """Return the spellings of a place that its charset can hold."""
        found = self._document.links[wanted.changes[0].position]
        if wanted.is_inline:
            ways = self._inline(found, wanted.address)
        else:
            place = place_of(self._document.text or "", found)
            ways = spellings(self._document.format, place, wanted.address)
        return islice((way for way in ways if self.bytes.knows(way.edit.text)), MAX_SPELLINGS)

    def _inline(self, found: FoundLink, address: str) -> Iterator[Spelling]:
        """Yield the spellings of a link that is written out on its own."""
        if found.line is None or found.column is None:
            return
        at = self._map.offset(found.line, found.column)
        for way in inline_ways(self._document.format, self._map.text, at, address):
            edit = TextEdit(start=way.start, end=way.end, text=way.text)
            yield Spelling(edit=edit, address=way.address)

    def reads_back(self, written: Written) -> bool:
        """Whether the document with these edits reads as it should: read again, citation by citation."""
        try:
            after = self._read(self._with(written), self._document.format)
        except UnreadableDocument:
            return False
        return is_as_meant(self._document, after, written)

    def _with(self, written: Written) -> Source:
        edits = self.bytes.carried([spelling.edit for _, spelling in written])
        data = spliced(self.bytes.data, edits)
        if self._source.text is not None:
            return replace(self._source, text=data.decode("utf-8"))
        return replace(self._source, data=data)


def is_as_meant(before: Document, after: Document, written: Written) -> bool:
    """Whether every changed citation has its new target, and every other one is where and what it was."""
    if len(before.links) != len(after.links):
        return False
    meant = {change.position: spelling for each, spelling in written for change in each.changes}
    edits = sorted((spelling.edit for _, spelling in written), key=lambda edit: edit.start)
    order = sorted(range(len(before.links)), key=lambda index: before.links[index].start or 0)
    moved, made = 0, 0
    for index in order:
        old, new = before.links[index], after.links[index]
        start = old.start or 0
        if index in meant:
            if new.target != meant[index].address:
                return False
            continue
        while made < len(edits) and edits[made].end <= start:
            moved += len(edits[made].text) - (edits[made].end - edits[made].start)
            made += 1
        if (new.target, new.raw, new.start) != (old.target, old.raw, start + moved):
            return False
    return True
