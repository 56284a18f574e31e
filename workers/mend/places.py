"""Which changes fall on which span of the text, and those that cannot be made together."""

from collections.abc import Sequence
from dataclasses import dataclass

from workers.mend.change import Change, Refused
from workers.model import Defect, Document, FoundLink, Kind
from workers.url import is_fetchable


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedChange:
    """One span and the changes of the citations that are written there: all to one address.

    Several links of Markdown or reStructuredText may share one definition.
    """

    start: int
    end: int
    changes: tuple[Change, ...]

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
        reason = _why_apart(alike, sharers[span], placed[-1] if placed else None, span)
        if reason is not None:
            refused += [Refused(change=change, reason=reason) for change in alike]
        else:
            placed.append(PlacedChange(start=span[0], end=span[1], changes=tuple(alike)))
    return placed, refused


def unfit(found: FoundLink, change: Change) -> str | None:
    """Return why a change can be made in no format, None where it can."""
    if not is_fetchable(change.address):
        return "the new address is no absolute http or https address"
    if Defect.UNDEFINED_REFERENCE in found.defects:
        return "a reference that is defined nowhere has no place for an address"
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


def _why_apart(
    alike: Sequence[Change], sharers: int, previous: PlacedChange | None, span: tuple[int, int]
) -> str | None:
    """Return why the changes at one span cannot be made, None where they can."""
    if len({change.address for change in alike}) > 1:
        return "links that share one definition would get different addresses"
    if len(alike) < sharers:
        return "it shares its definition with a link that is not to change"
    if previous is not None and (span[0] < previous.end or span == (previous.start, previous.end)):
        return "it overlaps another change"
    return None
