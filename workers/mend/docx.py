"""Word documents (DOCX): relationships, field codes and text get new addresses, all else is copied.

Members that need no change are copied byte for byte, packed as they were. A relationship that other
links use too is left to them: the changed link gets one of its own.
"""

import codecs
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from workers.errors import UnreadableDocument
from workers.extract.source import Source
from workers.extract.xml_parts import part_text
from workers.extract.zip_parts import open_office_zip
from workers.mend.change import Applied, Change, Mended, Refused
from workers.mend.docx_uses import PartReader, RelatedUse, SpanUse, Use
from workers.mend.forms import forms_of
from workers.mend.places import unfit
from workers.mend.relationships import Relationships
from workers.mend.runs import replaced
from workers.mend.settle import Settler
from workers.mend.source_bytes import TextEdit
from workers.mend.zip_copy import with_members
from workers.model import Document, Format

Read = Callable[[Source, Format], Document]
NO_PLACE = "how it is written in the document is not understood"
LOCATOR = "#char="
QUOTED = re.compile(r"=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A change, the part it falls in, and how its citation is written there."""

    change: Change
    part: str
    use: Use


Written = Sequence[tuple[_Placed, str]]


def mend_docx(source: Source, document: Document, changes: Sequence[Change], *, read: Read) -> Mended:
    """Return a Word document with `changes` made; see `workers/mend/mend.py`.

    Raises:
        CannotMend: its container cannot be written back.
    """
    writer = _Writer(source, document, read)
    wanted, refused = writer.placed(changes)
    settler: Settler[_Placed, str] = Settler(
        lambda each: forms_of(each.change.address), writer.reads_back, size=len(source.data)
    )
    written = settler.settle(wanted)
    refused += [Refused(change=each.change, reason=reason) for each, reason in settler.failed]
    applied = [Applied(change=each.change, address=form) for each, form in written]
    return Mended(
        data=writer.data_with(written) if written else source.data,
        applied=tuple(sorted(applied, key=lambda item: item.change.position)),
        refused=tuple(sorted(refused, key=lambda item: item.change.position)),
        edits=None,
    )


class _Writer:
    """Writes one document with new addresses, and reads it again."""

    def __init__(self, source: Source, document: Document, read: Read) -> None:
        self._source = source
        self._document = document
        self._read = read
        self._zip = open_office_zip(source, "a Word document (DOCX)")
        self._texts: dict[str, str] = {}
        self._readers: dict[str, PartReader] = {}
        self._used: dict[str, Counter[str]] = {}

    def placed(self, changes: Sequence[Change]) -> tuple[list[_Placed], list[Refused]]:
        """Return how the citations of `changes` are written, and those changes that cannot be made."""
        placed: list[_Placed] = []
        refused: list[Refused] = []
        for change in changes:
            found = self._document.links[change.position]
            part, _, at = (found.locator or "").rpartition(LOCATOR)
            reason = unfit(found, change)
            use = self._reader(part).use_of(found, int(at)) if part in self._zip and at.isdigit() else None
            if reason is None and use is not None:
                placed.append(_Placed(change=change, part=part, use=use))
            else:
                refused.append(Refused(change=change, reason=reason or NO_PLACE))
        return placed, refused

    def reads_back(self, written: Written) -> bool:
        """Whether the document with these addresses reads as it should, citation by citation."""
        try:
            after = self._read(replace(self._source, data=self.data_with(written)), Format.DOCX)
        except UnreadableDocument:
            return False
        meant = {each.change.position: form for each, form in written}
        before = self._document.links
        return len(before) == len(after.links) and all(
            new.target == meant[index] if index in meant else (new.target, new.kind) == (old.target, old.kind)
            for index, (old, new) in enumerate(zip(before, after.links, strict=True))
        )

    def data_with(self, written: Written) -> bytes:
        """Return the document with these addresses."""
        members: dict[str, bytes] = {}
        for part in dict.fromkeys(each.part for each, _ in written):
            links = self._relationships(part)
            here = [(each.use, form) for each, form in written if each.part == part]
            edits = _edits(self._uses(part), here, links)
            members[part] = self._encoded(part, edits)
            if links.edits:
                members[_relationships_part(part)] = self._encoded(_relationships_part(part), links.edits)
        return with_members(self._source.name, self._source.data, members)

    def _text(self, part: str) -> str:
        if part not in self._texts:
            self._texts[part] = part_text(self._source.name, part, self._zip.read(part))
        return self._texts[part]

    def _reader(self, part: str) -> PartReader:
        if part not in self._readers:
            outside = self._relationships(part).outside
            self._readers[part] = PartReader(self._source.name, part, self._text(part), outside)
        return self._readers[part]

    def _uses(self, part: str) -> Mapping[str, int]:
        """Return how often each quoted value stands in a part: a relationship's key, most of all."""
        if part not in self._used:
            self._used[part] = Counter(match[1] or match[2] for match in QUOTED.finditer(self._text(part)))
        return self._used[part]

    def _relationships(self, part: str) -> Relationships:
        name = _relationships_part(part)
        return Relationships.read(self._text(name)) if name in self._zip else Relationships("")

    def _encoded(self, part: str, edits: Sequence[TextEdit]) -> bytes:
        """Return a part with edits made, in its own encoding and with its byte order mark."""
        data, text = self._zip.read(part), edited(self._text(part), edits)
        for mark, charset in (
            (codecs.BOM_UTF16_LE, "utf-16-le"),
            (codecs.BOM_UTF16_BE, "utf-16-be"),
            (codecs.BOM_UTF8, "utf-8"),
        ):
            if data.startswith(mark):
                return mark + text.encode(charset)
        return text.encode("utf-8")


def _relationships_part(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def edited(text: str, edits: Sequence[TextEdit]) -> str:
    """Return `text` with edits made; those at one place in the order given."""
    pieces, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += [text[at : edit.start], edit.text]
        at = max(at, edit.end)
    return "".join([*pieces, text[at:]])


def _edits(uses: Mapping[str, int], here: Sequence[tuple[Use, str]], links: Relationships) -> list[TextEdit]:
    """Return the edits of a part's text; those of its relationships are left with `links`.

    `uses` says how often each key is used in the part.
    """
    edits: list[TextEdit] = []
    wanted = _addresses_by_key(here)
    for use, form in here:
        target = use.target
        if isinstance(target, SpanUse):
            edits += _span_edits(target, form)
        else:
            edits += _related_edits(target, form, links, is_shared=_is_shared(uses, target.key, wanted))
        if use.shown is not None:
            edits += _span_edits(use.shown, form)
    return edits


def _addresses_by_key(here: Sequence[tuple[Use, str]]) -> Mapping[str, list[str]]:
    wanted: dict[str, list[str]] = {}
    for use, form in here:
        if isinstance(use.target, RelatedUse):
            wanted.setdefault(use.target.key, []).append(_without_place(form, use.target.place))
    return wanted


def _is_shared(uses: Mapping[str, int], key: str, wanted: Mapping[str, list[str]]) -> bool:
    """Whether a relationship is used by what does not change, or changes to another address."""
    return uses[key] > len(wanted[key]) or len(set(wanted[key])) > 1


def _span_edits(use: SpanUse, form: str) -> list[TextEdit]:
    edits = replaced(use.runs, use.start, use.end, f"{use.before}{form}{use.after}")
    return edits + (replaced(use.runs, *use.drop, "") if use.drop else [])


def _related_edits(use: RelatedUse, form: str, links: Relationships, *, is_shared: bool) -> list[TextEdit]:
    address = _without_place(form, use.place)
    edits: list[TextEdit] = []
    if use.drop is not None and address == form:
        edits.append(TextEdit(start=use.drop[0], end=use.drop[1], text=""))
    if not is_shared:
        links.change(use.key, address)
    elif (key := links.add(use.key, address)) is not None:
        edits.append(TextEdit(start=use.span[0], end=use.span[1], text=key))
    return edits


def _without_place(form: str, place: str) -> str:
    """Return an address without the fragment that its element adds to it."""
    return form.removesuffix(f"#{place}") if place else form
