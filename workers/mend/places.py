"""Which changes fall on which span of the text, and those that cannot be made together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workers.mend.change import Change, Refused
from workers.model import Defect, Document, FoundLink, Kind
from workers.url import is_fetchable

OVERLAPS = "it overlaps another change"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedChange:
    """One span and the changes of the citations that are written there: all to one address.

    Several links of Markdown or reStructuredText may share one definition. `is_inline`: the definition
    stays for others, and the address is written into the one link itself.
    """

    start: int
    end: int
    changes: tuple[Change, ...]
    is_inline: bool = False

    @property
    def address(self) -> str:
        """The new address."""
        return self.changes[0].address


def placed_changes(document: Document, changes: Sequence[Change]) -> tuple[list[PlacedChange], list[Refused]]:
    """Return the changes by their spans, in the order of the text, and those that cannot be made.

    Raises:
        IndexError: a change names a citation that there is not.
    """
    refused: list[Refused] = []
    wanted: dict[tuple[int, int], list[Change]] = {}
    for change in changes:
        found = document.links[change.position]
        reason = unfit(found, change)
        if reason is not None:
            refused.append(Refused(change=change, reason=reason))
        elif found.start is not None and found.end is not None:
            wanted.setdefault((found.start, found.end), []).append(change)
    sharers = _sharers(document)
    placed: list[PlacedChange] = []
    for span, alike in sorted(wanted.items()):
        previous = placed[-1] if placed else None
        if previous is not None and span[0] < previous.end and not previous.is_inline:
            refused += [Refused(change=change, reason=OVERLAPS) for change in alike]
        else:
            placed += _shared(span, alike, sharers[span])
    return placed, refused


def _shared(span: tuple[int, int], changes: Sequence[Change], sharers: int) -> Iterator[PlacedChange]:
    """Yield the changes of the links that share one span.

    Where not all of them get one address, most keep the definition, which the others do without; one that
    a link without a change needs stays as it is.
    """
    by_address: dict[str, list[Change]] = {}
    for change in changes:
        by_address.setdefault(change.address, []).append(change)
    groups = sorted(by_address.values(), key=len, reverse=True)
    if len(changes) == sharers:
        yield PlacedChange(start=span[0], end=span[1], changes=tuple(groups.pop(0)))
    for change in (change for group in groups for change in group):
        yield PlacedChange(start=span[0], end=span[1], changes=(change,), is_inline=True)


def unfit(found: FoundLink, change: Change) -> str | None:
    """Return why a change can be made in no format, None where it can."""
    if not is_fetchable(change.address):
        return "the new address is no absolute http or https address"
    if Defect.UNDEFINED_REFERENCE in found.defects:
        return "a reference that is defined nowhere has no place for an address"
    if Defect.BARE_TITLE in found.defects:
        return "a title without a link has no place for an address: make it a link first"
    if found.kind is Kind.IDENTIFIER:
        return "an identifier is no address; its resolver is asked"
    return None


def _sharers(document: Document) -> dict[tuple[int | None, int | None], int]:
    """Return how many citations are written at each span."""
    counts: dict[tuple[int | None, int | None], int] = {}
    for found in document.links:
        span = (found.start, found.end)
        counts[span] = counts.get(span, 0) + 1
    return counts
