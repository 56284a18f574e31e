"""Aliases of dead links, over a web and an archive in memory: a part that fails is told and ends nothing."""

from collections.abc import Sequence

import pytest

from tests.fakes import NOW, FakeArchive, FakeWeb
from workers.audit import Auditor
from workers.errors import StoreUnavailable
from workers.model import LinkTask, Memento, Observation, Outcome
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


class SilentArchive(FakeArchive):
    """An archive whose captures are listed and cannot be read, as our own part that fails."""

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        raise StoreUnavailable("the database does not answer")


class EmptyArchive(FakeArchive):
    """An archive that lists captures and answers 503 for each."""

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        return Observation(url=memento.uri_m, observed_at=NOW, final_url=memento.uri_m, status=503)


@pytest.mark.parametrize(
    ("archive", "status", "why"),
    [
        (SilentArchive(), 200, "the database does not answer"),
        (EmptyArchive(), 200, "not handed out: status 503"),
        (EmptyArchive(), 301, "not handed out: status 503"),
    ],
    ids=["part of our own", "last capture", "redirect"],
)
async def test_a_capture_that_cannot_be_read_is_told_once(
    archive: FakeArchive, status: int, why: str
) -> None:
    archive.held[DEAD] = Memento(
        original=DEAD, archive="fake", memento_datetime=NOW, uri_m="https://archive.example/m", status=status
    )
    auditing = Auditor(fetcher=FakeWeb(), archive=archive, clock=lambda: NOW)
    (report,) = [report async for _, report in auditing.check([LinkTask(written=DEAD)])]
    assert (report.verdict.outcome, report.aliases) == (Outcome.GONE, ())
    told = [each for each in report.verdict.evidence if "could not be read" in each]
    assert told == [f"the capture of 2026-01-02 at fake could not be read: {why}"]
