"""Requests that wait for their turn, kept in little more than the bytes of their addresses."""

import asyncio
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, overload

from workers.fetch.target import host_key
from workers.protocols import FetchRequest

_ADDED_AT_ONCE: Final = 256


class Waiting(Sequence[FetchRequest]):
    """Requests in the order they came; each is made again, equal to what it was, when it is asked for.

    Tens of thousands wait at a time while a hundred are under way. What asks for more than an address is
    kept as it is. `by_host` holds the places of the requests of each host.
    """

    __slots__ = ("_addresses", "_ends", "_numbers", "_places", "_walks", "_whole")

    def __init__(self) -> None:
        self._addresses = bytearray()
        self._ends = array("Q", (0,))
        self._numbers = array("q")
        self._walks = bytearray()
        self._whole: dict[int, FetchRequest] = {}
        self._places: dict[str, array[int]] = {}

    @property
    def by_host(self) -> Mapping[str, Sequence[int]]:
        """The places of the requests by the key of their host."""
        return self._places

    def append(self, request: FetchRequest) -> None:
        """Let one more request wait."""
        if _is_plain(request):
            self._addresses += request.url.encode("utf-8", "surrogatepass")
        else:
            self._whole[len(self)] = request
        self._places.setdefault(host_key(request.url), array("Q")).append(len(self))
        self._ends.append(len(self._addresses))
        self._numbers.append(request.number)
        self._walks.append(request.walks)

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> FetchRequest: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[FetchRequest]: ...

    def __getitem__(self, place: int | slice) -> FetchRequest | Sequence[FetchRequest]:
        """Return the request at a place, counted from 0."""
        if isinstance(place, slice):
            return [self._at(each) for each in range(*place.indices(len(self)))]
        return self._at(range(len(self))[place])

    def __iter__(self) -> Iterator[FetchRequest]:
        """Yield all requests in order."""
        return map(self._at, range(len(self)))

    def _at(self, place: int) -> FetchRequest:
        if place in self._whole:
            return self._whole[place]
        address = self._addresses[self._ends[place] : self._ends[place + 1]]
        return FetchRequest(
            url=address.decode("utf-8", "surrogatepass"),
            walks=bool(self._walks[place]),
            number=self._numbers[place],
        )


def _is_plain(request: FetchRequest) -> bool:
    """Whether a request asks for nothing that an address and a number do not tell."""
    has_more = request.headers or request.validators is not None or request.max_body_bytes is not None
    return not (has_more or request.record)


async def gather(requests: Iterable[FetchRequest]) -> Waiting:
    """Return requests as they wait; the event loop turns while they are gathered."""
    if isinstance(requests, Waiting):
        return requests
    waiting = Waiting()
    for request in requests:
        waiting.append(request)
        if len(waiting) % _ADDED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return waiting
