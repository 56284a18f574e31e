"""Requests that wait for their turn, host by host, in little more than the bytes of their addresses."""

import asyncio
from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from workers.fetch.target import host_key
from workers.protocols import FetchRequest

_ADDED_AT_ONCE: Final = 256


class Lot:
    """The requests of one host in the order they came; each is made again, equal to what it was.

    What asks for more than an address is kept as it is.
    """

    __slots__ = ("_addresses", "_lengths", "_numbers", "_taken", "_walks", "_whole")

    def __init__(self) -> None:
        self._addresses = bytearray()
        self._lengths = array("I")
        self._numbers = array("q")
        self._walks = bytearray()
        self._whole: dict[int, FetchRequest] = {}
        self._taken = 0

    def append(self, request: FetchRequest) -> None:
        """Let one more request wait."""
        address = b""
        if _is_plain(request):
            address = request.url.encode("utf-8", "surrogatepass")
            self._addresses += address
        else:
            self._whole[len(self._numbers)] = request
        self._lengths.append(len(address))
        self._numbers.append(request.number)
        self._walks.append(request.walks)

    def __len__(self) -> int:
        """Return how many wait."""
        return len(self._numbers) - self._taken

    def __iter__(self) -> Iterator[FetchRequest]:
        """Yield all that wait; they go on waiting."""
        at = 0
        for place in range(self._taken, len(self._numbers)):
            yield self._made(place, at)
            at += self._lengths[place]

    def take(self) -> FetchRequest:
        """Return the next request, which waits no more and takes no more memory.

        Raises:
            IndexError: none waits.
        """
        place = self._taken
        request = self._made(place, 0)
        self._taken += 1
        del self._addresses[: self._lengths[place]]
        return request

    def _made(self, place: int, at: int) -> FetchRequest:
        number = self._numbers[place]
        if place in self._whole:
            return self._whole[place]
        address = self._addresses[at : at + self._lengths[place]]
        return FetchRequest(
            url=address.decode("utf-8", "surrogatepass"), walks=bool(self._walks[place]), number=number
        )


def _is_plain(request: FetchRequest) -> bool:
    """Whether a request asks for no more than its address."""
    is_bare = request.validators is None and request.max_body_bytes is None
    return is_bare and not request.record and not request.headers


class Waiting:
    """Requests of many hosts; tens of thousands wait at a time while a hundred are under way."""

    def __init__(self) -> None:
        self._lots: dict[str, Lot] = {}

    @property
    def lots(self) -> Mapping[str, Lot]:
        """The requests by the key of their host."""
        return self._lots

    def append(self, request: FetchRequest) -> None:
        """Let one more request wait, behind those of its host."""
        key = host_key(request.url)
        lot = self._lots.get(key)
        if lot is None:
            lot = self._lots[key] = Lot()
        lot.append(request)

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._lots.values()))

    def __iter__(self) -> Iterator[FetchRequest]:
        """Yield all that wait, host by host; they go on waiting."""
        return (request for lot in self._lots.values() for request in lot)


async def gather(requests: Iterable[FetchRequest]) -> Waiting:
    """Return requests as they wait; the event loop turns while they are gathered."""
    if isinstance(requests, Waiting):
        return requests
    waiting = Waiting()
    for count, request in enumerate(requests, start=1):
        waiting.append(request)
        if count % _ADDED_AT_ONCE == 0:
            await asyncio.sleep(0)
    return waiting
