"""The stripped links of a stored article, looked for as jobs do: read again, then recovered."""

from collections.abc import Mapping, Sequence

from workers.align.match import nothing_found
from workers.errors import UnreadableDocument
from workers.extract.entries import article_named
from workers.extract.source import Source
from workers.ingest import FindLinks
from workers.ledger import ArticleInput, Recoverable
from workers.model import Document, Recovery, RecoveryReason
from workers.read_again import ReadAgain, find_places, kept_sources, read_again
from workers.recover import LinkRecoverer
from workers.threads import OwnThreads


class ArticleRecoverer:
    """Recovers the links of articles as they are kept; implements `workers.ledger.Recoverer`.

    `find_links` parses, in one of `threads` and within its own limits.
    """

    def __init__(self, recoverer: LinkRecoverer, find_links: FindLinks, threads: OwnThreads) -> None:
        self._recoverer = recoverer
        self._find_links = find_links
        self._threads = threads

    async def recover(
        self, article: ArticleInput, lost: Sequence[Recoverable]
    ) -> Sequence[tuple[int, Recovery]]:
        """Look for the targets of stripped links; returns (citation id, recovery) for each of `lost`.

        An article that cannot be read any more, or reads otherwise now, leaves them `unknown`; of one in
        which none of them is found nothing is asked.
        """
        try:
            again = await self._threads.run(self._read, article, lost)
        except UnreadableDocument:
            again = None
        if again is None or not again.positions:
            return [(each.citation_id, nothing_found(RecoveryReason.UNKNOWN)) for each in lost]
        given = [article.url] if article.url is not None else []
        recoveries = await self._recoverer.recover(again.document, given=given)
        return _assigned(again.positions, lost, recoveries)

    def _read(self, article: ArticleInput, lost: Sequence[Recoverable]) -> ReadAgain | None:
        sources = kept_sources(
            name=article.source,
            content=article.content or b"",
            media_type=article.media_type,
            charset=article.charset,
            base=article.url,
        )

        def find_links(source: Source) -> Document:
            return article_named(self._find_links(source, article.format), article.source)

        return read_again(sources, [each.found for each in lost], find_links)


def assign_recoveries(
    document: Document, lost: Sequence[Recoverable], recoveries: Mapping[int, Recovery]
) -> list[tuple[int, Recovery]]:
    """Return (citation id, recovery) for each stored citation; `unknown` where the document has it not.

    `recoveries` are keyed by the number of the link in `document`.
    """
    return _assigned(find_places(document, [each.found for each in lost]), lost, recoveries)


def _assigned(
    positions: Mapping[int, int], lost: Sequence[Recoverable], recoveries: Mapping[int, Recovery]
) -> list[tuple[int, Recovery]]:
    unknown = nothing_found(RecoveryReason.UNKNOWN)
    return [
        (each.citation_id, recoveries.get(positions.get(number, -1), unknown))
        for number, each in enumerate(lost)
    ]
