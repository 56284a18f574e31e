"""How a capture ends: well where the page was captured, whatever archives and savers say besides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tests.fakes import NOW
from workers.archive.fresh import Fresh
from workers.archive.saves import SaveRecord, SaveState
from workers.archive.verify import Expected
from workers.errands import Errand, ErrandKind, run_errand
from workers.model import Choice, Lookup, LookupState, Memento

URL = "https://news.example/story"
HERE = Memento(original=URL, archive="local", memento_datetime=NOW, uri_m="/memento/1")
ELSEWHERE = Memento(original=URL, archive="wayback", memento_datetime=NOW, uri_m="https://archive.example/1")


@dataclass
class Archives:
    """Archives of fixed answers."""

    made: Fresh
    held: Lookup
    saved: SaveRecord | None = None

    async def fresh(self, url: str) -> Fresh:
        return self.made

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        return [self.held]

    async def choose(self, lookups: Sequence[Lookup], expected: Expected, *, near: datetime | None) -> Choice:
        return Choice(memento=ELSEWHERE, near=near, rule="pick/1")

    async def save(self, url: str) -> SaveRecord | None:
        return self.saved


def held(*mementos: Memento) -> Lookup:
    state = LookupState.FOUND if mementos else LookupState.UNKNOWN
    reason = None if mementos else "throttled"
    return Lookup(
        archive="wayback", original=URL, state=state, asked_at=NOW, mementos=mementos, reason=reason
    )


def errand(*, at: datetime | None = NOW, public: bool = False) -> Errand:
    expected = Expected(original=URL, anchors=(), headline=None)
    return Errand(id=1, kind=ErrandKind.CAPTURE, url=URL, expected=expected, at=at, public=public)


async def test_a_page_that_fails_is_not_done_because_archives_hold_it() -> None:
    archives = Archives(Fresh(memento=None, reason="it answers with status 500"), held(ELSEWHERE))
    result = await run_errand(errand(), archives)
    assert result.reason == "it answers with status 500"
    assert result.mementos == (ELSEWHERE,)
    assert result.choice is not None


async def test_a_public_save_that_fails_leaves_the_local_capture_done() -> None:
    failed = SaveRecord(
        key="k", url=URL, submitted_at=NOW, state=SaveState.FAILED, reason="too many saves today"
    )
    archives = Archives(Fresh(memento=HERE), held(ELSEWHERE), failed)
    result = await run_errand(errand(at=None, public=True), archives)
    assert (result.reason, result.mementos) == (None, (HERE,))
    assert result.note == "captured here; the public save is failed: too many saves today"


async def test_no_public_archive_leaves_the_local_capture_done() -> None:
    result = await run_errand(errand(at=None, public=True), Archives(Fresh(memento=HERE), held()))
    assert result.reason is None
    assert result.note == "captured here; no public archive is configured to save it"


async def test_a_capture_tells_which_archives_could_not_be_asked() -> None:
    result = await run_errand(errand(), Archives(Fresh(memento=HERE, reason="the body was cut"), held()))
    assert (result.reason, result.mementos) == (None, (HERE,))
    assert result.note == "the body was cut; captures elsewhere: wayback: throttled"
