"""Aliases of dead links, over a web and an archive in memory: a part that fails is told and ends nothing."""

from collections.abc import Sequence

from tests.fakes import NOW, FakeArchive, FakeWeb
from workers.audit import Auditor
from workers.errors import StoreUnavailable
from workers.model import LinkTask, Outcome
from workers.repair.moves import Move

DEAD = "https://news.example/2019/pier-closed-123456.html"


class SilentMoves:
    """A record of moves in a database that does not answer."""

    async def moves_of(self, host: str) -> Sequence[Move]:
        raise StoreUnavailable("the database does not answer")


async def test_a_record_of_moves_that_does_not_answer_is_told_and_ends_nothing() -> None:
    archive = FakeArchive()
    auditing = Auditor(fetcher=FakeWeb(), archive=archive, clock=lambda: NOW, known_moves=SilentMoves())
    (report,) = [report async for _, report in auditing.check([LinkTask(written=DEAD)])]
    assert (report.verdict.outcome, report.aliases) == (Outcome.GONE, ())
    told = "earlier moves of the site could not be read: the database does not answer"
    assert told in report.verdict.evidence
    assert archive.searched == ["https://news.example/"]
