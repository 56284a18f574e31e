"""The three seams of the pipeline: the web, the archives and the record of what was seen.

Each has a real implementation (`workers/fetch`, `workers/archive`, `service/store`) and an in-memory
twin in `tests/fakes.py`; both run the same contract tests.
"""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from workers.model import Exchange, Lookup, Memento, Observation, Validators


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One address to ask for.

    `max_body_bytes` bounds the decoded body that comes back; None means the fetcher's setting.
    `record` asks for the raw exchanges, with whole bodies up to the capture bound. `walks` says that the
    address is one of a site that is walked, so that the site's robots.txt decides first.
    `validators` make the first hop conditional; after a redirect they are not sent. `number` is the asker's
    own: it comes back with the answer.
    """

    url: str
    max_body_bytes: int | None = None
    record: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    walks: bool = False
    validators: Validators | None = None
    number: int = 0


class Fetcher(Protocol):
    """The only door to the web; it never raises for what the web does."""

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address, redirects followed, within the deadline; politeness is kept inside."""
        ...

    def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses in the order that ends soonest; answers come as they are made."""
        ...


class Archive(Protocol):
    """All configured archives behind one door; a fault of one is an `unknown` answer, never an exception."""

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        """Ask every configured archive for captures of `url`, nearest to `near` preferred."""
        ...

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        """Return what is handed out for a capture as it was captured; faults are in the observation.

        `raw` False asks for the capture as an archive replays it to readers, rewritten and with its banner,
        for archives that hand out nothing else; our own captures are always as captured.

        Raises:
            LinkwrightError: a part of our own failed.
        """
        ...

    async def search(self, prefix: str, *, containing: Sequence[str]) -> Sequence[Lookup]:
        """Ask the archives that list addresses for those under `prefix` that hold these words in a row.

        One capture an address; an archive may list addresses without the words as well.
        """
        ...

    async def capture(self, exchanges: Sequence[Exchange]) -> Memento | None:
        """Write one live page into the local WARC files.

        Returns None when local captures are off.

        Raises:
            CaptureFailed: it could not be written whole.
        """
        ...
