"""A small web on loopback to time link checkers on: one address a host, behaviours by path, seeded.

    python -m bench.world HOSTS PORT    plays it until it is ended; prints `ready`

A path is `/KIND/NUMBER/words-of-its-title`. `/figures` on the first host answers the most requests that were
in flight at one host, and begins to count anew.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Iterator

WORDS = ("council", "harbour", "ferry", "budget", "school", "river", "market", "election", "bridge")
MIXED = {"live": 70, "slow": 6, "moved": 8, "gone": 8, "once": 4, "lost": 4}
"""The kinds of a mixed world, in percent: `once` fails once, `lost` says not found with a status of 200."""
_LATENCY_S = 0.03
_SLOW_S = 0.6


def address(number: int) -> str:
    """Return the loopback address of one host."""
    return f"127.0.1.{number + 1}"


def flat_links(count: int, hosts: int, port: int) -> Iterator[str]:
    """Yield links to quick pages, spread evenly."""
    for number in range(count):
        yield f"http://{address(number % hosts)}:{port}/quick/{number}/{_slug(number)}"


def mixed_links(count: int, hosts: int, port: int) -> Iterator[str]:
    """Yield links of all kinds, a third of them on the first hosts, as articles cite."""
    chance = random.Random(7)
    kinds = chance.choices(list(MIXED), list(MIXED.values()), k=count)
    weights = [1 / (number + 1) for number in range(hosts)]
    for number, host in enumerate(chance.choices(range(hosts), weights, k=count)):
        yield f"http://{address(host)}:{port}/{kinds[number]}/{number}/{_slug(number)}"


def _slug(number: int) -> str:
    return "-".join(random.Random(number).choices(WORDS, k=6))


class _Web:
    """The web as it plays: what was asked once already, and what is in flight."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._in_flight: Counter[int] = Counter()
        self._most = 0

    async def serve(self, host: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection, one after the other."""
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                path = request.split(b" ", 2)[1].decode()
                self._in_flight[host] += path != "/figures"
                self._most = max(self._most, self._in_flight[host])
                try:
                    writer.write(await self._answer(path))
                finally:
                    self._in_flight[host] -= path != "/figures"
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, path: str) -> bytes:
        kind = path.split("/")[1]
        if kind == "figures":
            most, self._most = self._most, 0
            self._seen.clear()
            return _answer(200, str(most))
        if kind != "quick":
            await asyncio.sleep(_SLOW_S if kind == "slow" else _LATENCY_S)
        is_first, _ = path not in self._seen, self._seen.add(path)
        title = path.rpartition("/")[2].replace("-", " ").capitalize()
        match kind:
            case "moved":
                return _answer(301, "", f"Location: {path.replace('/moved/', '/live/')}\r\n")
            case "gone":
                return _answer(404, _page("Page not found", 2))
            case "lost":
                return _answer(200, _page("Sorry, this page does not exist", 1))
            case "once" if is_first:
                return _answer(503, "busy")
            case _:
                return _answer(200, _page(title, 30))


def _page(title: str, paragraphs: int) -> str:
    chance = random.Random(title)
    text = "".join(f"<p>{' '.join(chance.choices(WORDS, k=20))}.</p>" for _ in range(paragraphs))
    return f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}</main></body></html>"


def _answer(status: int, body: str, more: str = "") -> bytes:
    head = f"HTTP/1.1 {status} Status\r\nContent-Type: text/html; charset=utf-8\r\n{more}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


async def play(hosts: int, port: int) -> None:
    """Play all hosts until killed."""
    web = _Web()
    servers = [
        await asyncio.start_server(lambda r, w, host=n: web.serve(host, r, w), address(n), port)
        for n in range(hosts)
    ]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    asyncio.run(play(int(sys.argv[1]), int(sys.argv[2])))
