"""What `fix` changed in an article, line by line for a person, and as a patch."""

from collections.abc import Iterator

from service.reports.wording import one_line, place
from workers.extract.source import Source
from workers.mend.change import Change, Mended
from workers.mend.patch import unified_patch
from workers.model import Document, FoundLink

SHOWN_EVIDENCE = 3


def change_lines(document: Document, mended: Mended) -> Iterator[str]:
    """Yield one line a change that was made or refused, in the order of the article.

    The first word is the ground (`repair`, `recovery`, `capture`, `moved`, `person`) or `refused`.
    """
    told = [(applied.change, _applied(applied.change, applied.address)) for applied in mended.applied]
    told += [(refused.change, f"refused: {refused.reason}") for refused in mended.refused]
    for change, line in sorted(told, key=lambda item: item[0].position):
        found = document.links[change.position]
        yield f"{place(found)} {line.replace('{}', _written(found))}"


def _applied(change: Change, address: str) -> str:
    evidence = "; ".join(one_line(each) for each in change.evidence[:SHOWN_EVIDENCE])
    return f"{change.ground}: {{}} -> {address} ({change.rule}{': ' if evidence else ''}{evidence})"


def _written(found: FoundLink) -> str:
    return one_line(found.target) or "(empty)"


def patch_of(name: str, source: Source, document: Document, mended: Mended) -> bytes:
    """Return the changes as a unified patch; for what no patch can hold, as a list for people.

    That are formats which are no text, and UTF-16 and UTF-32, which patch tools take for binary.
    """
    before = source.data if source.text is None else source.text.encode()
    if mended.edits is not None and b"\x00" not in before:
        return unified_patch(name, before, mended.edits)
    return "".join(f"{line}\n" for line in change_lines(document, mended)).encode()


def is_patch(source: Source, mended: Mended) -> bool:
    """Whether `patch_of` gives a patch, and not a list for people."""
    return mended.edits is not None and b"\x00" not in source.data
