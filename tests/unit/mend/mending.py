"""What the tests of mending share: reading, changing by position, and what must hold of every result."""

from collections.abc import Mapping, Sequence

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.mend.change import Change, Ground, Mended
from workers.mend.mend import mend
from workers.model import Document, Format


def read(source: Source, fmt: Format) -> Document:
    return find_links(source, format=fmt)


def change(position: int, address: str) -> Change:
    return Change(position=position, address=address, ground=Ground.REPAIR, rule="test")


def mended(data: str | bytes, fmt: Format, addresses: Mapping[int, str] | Sequence[str]) -> Mended:
    """Return the document with new addresses by position (a list: from 0 on)."""
    source = Source(name="article", data=data.encode() if isinstance(data, str) else data)
    wanted = dict(addresses if isinstance(addresses, Mapping) else enumerate(addresses))
    changes = [change(position, address) for position, address in wanted.items()]
    return mend(source, read(source, fmt), changes, read=read)


def text_of(result: Mended) -> str:
    """Return a result that must be whole: nothing refused."""
    assert result.refused == ()
    return result.data.decode()


def assert_only_spans_changed(before: bytes, document: Document, result: Mended) -> None:
    """Assert from the two documents that nothing but the targets of the changed citations differs."""
    after = read(Source(name="article", data=result.data), document.format)
    changed = {applied.change.position: applied.address for applied in result.applied}
    assert [changed.get(i, link.target) for i, link in enumerate(document.links)] == [
        link.target for link in after.links
    ]
    at_old = at_new = 0
    for edit in result.edits or ():
        kept = edit.start - at_old
        assert result.data[at_new : at_new + kept] == before[at_old : edit.start]
        at_old, at_new = edit.end, at_new + kept + len(edit.data)
        assert result.data[at_new - len(edit.data) : at_new] == edit.data
    assert result.data[at_new:] == before[at_old:]
    spans = {(document.links[position].start, document.links[position].end) for position in changed}
    # A shared definition is one edit for all; links that leave it have one each.
    assert len(spans) <= len(result.edits or ()) <= len(changed)
