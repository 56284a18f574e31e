"""Public archives that save pages on request: Save Page Now, and those that other packages bring.

A package brings one by an entry point in the group `linkwright.savers`: a function that takes
`SaverParts` and returns an asynchronous context manager of a `Saver` (`workers/archive/saves.py`).
"""

import importlib.metadata
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from workers.archive.savepagenow import Looks, SavePageNow
from workers.archive.saves import SaveLog, Saver, SaveRecord, SaveState
from workers.archive.settings import ArchiveSettings
from workers.archive.spn_client import open_spn_client
from workers.archive.throttle import Gate
from workers.errors import InvalidSetting
from workers.protocols import Fetcher

GROUP: Final = "linkwright.savers"
SPN: Final = "spn"
TAKEN: Final = frozenset({SaveState.SUBMITTED, SaveState.PENDING, SaveState.SAVED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SaverParts:
    """What a saver works with.

    `gate` gives the way to a service by its name and its limit a minute, shared by all workers; `log` is
    the saver's own, in which one loss is submitted once. `looks` finds captures in the Wayback Machine.
    `fetcher` is None in a run that fetches nothing.
    """

    settings: ArchiveSettings
    gate: Callable[[str, float], Gate]
    log: SaveLog
    looks: Looks
    tls: ssl.SSLContext
    fetcher: Fetcher | None


OpenSaver = Callable[[SaverParts], AbstractAsyncContextManager[Saver]]


class FirstOf:
    """Several savers as one: a page goes to the first that takes it."""

    def __init__(self, savers: Sequence[Saver]) -> None:
        self._savers = tuple(savers)

    async def save(self, url: str) -> SaveRecord:
        """Have `url` saved by the first saver that takes it; return what came of that, else of the last."""
        record = await self._savers[0].save(url)
        for saver in self._savers[1:]:
            if record.state in TAKEN:
                break
            record = await saver.save(url)
        return record


def find_savers(settings: ArchiveSettings) -> dict[str, OpenSaver]:
    """Return how the configured savers are opened, in their order; `spn` only with its key and base.

    Raises:
        InvalidSetting: no installed package brings a saver of that name.
    """
    brought = {point.name: point for point in importlib.metadata.entry_points(group=GROUP)}
    found: dict[str, OpenSaver] = {}
    for name in settings.savers:
        if name == SPN:
            if settings.spn_key and settings.spn_url:
                found[name] = open_spn
        elif name in brought:
            found[name] = brought[name].load()
        else:
            known = ", ".join([SPN, *sorted(brought)])
            raise InvalidSetting(f"savers: no saver is called {name!r}; there are {known}")
    return found


@asynccontextmanager
async def open_spn(parts: SaverParts) -> AsyncIterator[Saver]:
    """Open Save Page Now."""
    async with open_spn_client(parts.settings, parts.tls) as client:
        yield SavePageNow(
            client,
            gate=parts.gate(SPN, parts.settings.spn_per_minute),
            log=parts.log,
            looks=parts.looks,
            settings=parts.settings,
        )
