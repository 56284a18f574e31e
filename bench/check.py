"""Time the fetcher alone over a list of links, and say what it cost.

    python bench/check.py LINKS.txt [--per-host 6] [--timeout 5] [--ca-bundle FILE] [--uvloop]

Prints one JSON line: links, wall_s (from the first request to the last answer), cpu_us (a link, over the
same time), start_s (imports and opening), peak_mb, worst_stall_ms (the longest the event loop did not
turn), and the answers counted by status or failure.
"""

import argparse
import asyncio
import collections
import contextlib
import gc
import json
import resource
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from workers.fetch.fetcher import WebFetcher, open_fetcher
from workers.fetch.policy import FetchPolicy, parse_allowed_network
from workers.protocols import FetchRequest

_TICK_S = 0.01


class StallMeter:
    """Measures how late a callback comes that is due every 10 ms."""

    def __init__(self) -> None:
        self.worst_s = 0.0
        self._loop = asyncio.get_running_loop()
        self._due = self._loop.time()
        self._tick()

    def _tick(self) -> None:
        self.worst_s = max(self.worst_s, self._loop.time() - self._due)
        self._due = self._loop.time() + _TICK_S
        self._handle = self._loop.call_at(self._due, self._tick)

    def stop(self) -> float:
        """Stop; return the longest delay in milliseconds."""
        self._handle.cancel()
        return round(self.worst_s * 1000, 1)


def _requests(path: Path) -> Iterator[FetchRequest]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield FetchRequest(url=line.strip())


async def _drive(fetcher: WebFetcher, path: Path, out: TextIO | None) -> dict[str, object]:
    counts: collections.Counter[str] = collections.Counter()
    most_received = 0
    meter, wall, cpu = StallMeter(), time.perf_counter(), time.process_time()
    async for _, seen in fetcher.observe_many(_requests(path)):
        counts[seen.failure or str(seen.status)] += 1
        most_received = max(most_received, seen.received_bytes)
        if out is not None:
            said = (seen.status, seen.failure, seen.failure_reason)
            out.write(json.dumps((seen.url, *said, seen.received_bytes, seen.attempts)) + "\n")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    total = sum(counts.values())
    return {
        "links": total,
        "wall_s": round(wall, 3),
        "cpu_us": round(cpu / max(1, total) * 1e6, 1),
        "worst_stall_ms": meter.stop(),
        "most_received_kb": round(most_received / 1024, 1),
        "answers": dict(counts.most_common()),
    }


async def _run(options: argparse.Namespace) -> dict[str, object]:
    policy = FetchPolicy(
        timeout_s=options.timeout,
        per_host=options.per_host,
        gap_ms=0,
        retries=1,
        allow_networks=(parse_allowed_network("127.0.0.0/8"),),
        ca_bundle=options.ca_bundle,
    )
    async with open_fetcher(policy) as fetcher:
        gc.collect()
        gc.freeze()
        started = time.process_time()
        with contextlib.ExitStack() as stack:
            out = stack.enter_context(options.out.open("w", encoding="utf-8")) if options.out else None
            figures = await _drive(fetcher, options.links, out)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**figures, "start_s": round(started, 3), "peak_mb": round(peak_mb, 1)}


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("links", type=Path)
    parser.add_argument("--per-host", type=int, default=6)
    parser.add_argument("--timeout", type=float, default=5.0)
    parser.add_argument("--ca-bundle")
    parser.add_argument("--uvloop", action="store_true")
    parser.add_argument("--out", type=Path, help="write a line of facts a link")
    options = parser.parse_args()
    factory = None
    if options.uvloop:
        import uvloop  # noqa: PLC0415  # only where it is asked for

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        print(json.dumps(runner.run(_run(options))))


if __name__ == "__main__":
    main()
