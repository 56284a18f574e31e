"""Which of several writings can stand together: all at once where that reads back, else by halves."""

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Wanted = TypeVar("Wanted")
Way = TypeVar("Way")

MAX_READINGS = 400
MIN_READINGS = 12
MAX_READ = 256 * 1024 * 1024  # bytes or code points, over all readings
NOT_FOUND_BACK = "written there, it would not be read as the new address"
TOO_MANY = "too many changes did not read back; make fewer at a time"


class Settler(Generic[Wanted, Way]):
    """Settles what is wanted with as few readings of the document as it allows.

    `ways` gives the ways to write one thing, best first; `reads_back` says whether a document with
    these writings reads as it should. `failed` holds what could not be written, with the reason.
    """

    def __init__(
        self,
        ways: Callable[[Wanted], Iterable[Way]],
        reads_back: Callable[[Sequence[tuple[Wanted, Way]]], bool],
        *,
        size: int,
    ) -> None:
        """Take the size of the document, which bounds how often it is read."""
        self.failed: list[tuple[Wanted, str]] = []
        self._ways = ways
        self._reads_back = reads_back
        self._left = max(MIN_READINGS, min(MAX_READINGS, MAX_READ // max(size, 1)))

    def settle(
        self, wanted: Sequence[Wanted], kept: Sequence[tuple[Wanted, Way]] = ()
    ) -> list[tuple[Wanted, Way]]:
        """Return `kept` with as many of `wanted` as read back beside it, each in its best way."""
        if not wanted:
            return list(kept)
        attempt = [(each, way) for each in wanted for way in self._first(each)]
        if len(attempt) == len(wanted) and self._stands([*kept, *attempt]):
            return [*kept, *attempt]
        if len(wanted) == 1:
            return self._settle_one(wanted[0], list(kept))
        middle = len(wanted) // 2
        return self.settle(wanted[middle:], self.settle(wanted[:middle], kept))

    def _first(self, wanted: Wanted) -> list[Way]:
        return [way for _, way in zip(range(1), self._ways(wanted), strict=False)]

    def _settle_one(self, wanted: Wanted, kept: list[tuple[Wanted, Way]]) -> list[tuple[Wanted, Way]]:
        for way in self._ways(wanted):
            if self._stands([*kept, (wanted, way)]):
                return [*kept, (wanted, way)]
        self.failed.append((wanted, NOT_FOUND_BACK if self._left > 0 else TOO_MANY))
        return kept

    def _stands(self, attempt: Sequence[tuple[Wanted, Way]]) -> bool:
        if self._left <= 0:
            return False
        self._left -= 1
        return self._reads_back(attempt)
