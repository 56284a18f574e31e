"""The stripped links of a stored article, looked for as jobs do: read again, then recovered."""

import asyncio
from collections.abc import Mapping, Sequence

from workers.align.match import nothing_found
from workers.errors import UnreadableDocument
from workers.extract.source import Source
from workers.ingest import FindLinks
from workers.ledger import ArticleInput, Recoverable
from workers.model import Document, FoundLink, Recovery, RecoveryReason
from workers.recover import LinkRecoverer

Place = tuple[str | int | None, ...]


class ArticleRecoverer:
    """Recovers the links of articles as they are kept; implements `workers.ledger.Recoverer`.

    `find_links` parses, apart from the event loop and within its own limits.
    """

    def __init__(self, recoverer: LinkRecoverer, find_links: FindLinks) -> None:
        self._recoverer = recoverer
        self._find_links = find_links

    async def recover(
        self, article: ArticleInput, lost: Sequence[Recoverable]
    ) -> Sequence[tuple[int, Recovery]]:
        """Look for the targets of stripped links; returns (citation id, recovery) for each of `lost`.

        An article that cannot be read any more leaves them `unknown`.
        """
        source = Source(
            name=article.source, data=article.content or b"", media_type=article.media_type, base=article.url
        )
        try:
            document = await asyncio.to_thread(self._find_links, source, article.format)
        except UnreadableDocument:
            return [(each.citation_id, nothing_found(RecoveryReason.UNKNOWN)) for each in lost]
        given = [article.url] if article.url is not None else []
        return assign_recoveries(document, lost, await self._recoverer.recover(document, given=given))


def assign_recoveries(
    document: Document, lost: Sequence[Recoverable], recoveries: Mapping[int, Recovery]
) -> list[tuple[int, Recovery]]:
    """Return (citation id, recovery) for the stored citations that stand where the document's links do.

    `recoveries` are keyed by the number of the link in `document`.
    """
    numbers = {_place(found): number for number, found in enumerate(document.links)}
    return [
        (each.citation_id, recoveries[number])
        for each in lost
        if (number := numbers.get(_place(each.found))) is not None and number in recoveries
    ]


def _place(found: FoundLink) -> Place:
    return (found.start, found.end, found.locator, found.raw)
