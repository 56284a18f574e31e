"""Time `linkwright check` against lychee and a plain aiohttp loop, on two small worlds, in one run.

    python -m bench.pipeline [--links 2000] [--hosts 20] [--rounds 3]

`flat` is quick pages: what a link costs. `mixed` has slow, moved, gone and failing links: what waiting
costs. Every tool gets the same list, bound a host and number of retries (the plain loop has none), and no
gap. Prints a table of medians: carry the ratios to lychee, not the seconds, and stop other work first.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.world import address, flat_links, mixed_links

PER_HOST = 6
RETRIES = "1"
BIN = Path(sys.executable).parent
WORLDS = {"flat": flat_links, "mixed": mixed_links}


def linkwright(links: Path) -> Sequence[str]:
    """Return the project's own command."""
    flags = ["--format", "json", "--no-archive", "--no-recover", "--retries", RETRIES, "--gap", "0"]
    flags += ["--timeout", "5", "--allow-network", "127.0.0.0/8", "--per-host", str(PER_HOST)]
    return [str(BIN / "linkwright"), "check", *flags, str(links)]


def lychee(links: Path) -> Sequence[str]:
    """Return lychee with the same bound a host and as many retries."""
    flags = ["--format", "json", "--no-progress", "--max-retries", RETRIES, "--retry-wait-time", "1"]
    flags += ["--timeout", "5", "--host-request-interval", "0ms", "--host-concurrency", str(PER_HOST)]
    return [str(BIN / "lychee"), *flags, str(links)]


def plain(links: Path) -> Sequence[str]:
    """Return the baseline: aiohttp, a semaphore a host, every body read."""
    return [sys.executable, "-m", "bench.plain_loop", str(links), str(PER_HOST)]


TOOLS: dict[str, Callable[[Path], Sequence[str]]] = {
    "lychee": lychee,
    "linkwright": linkwright,
    "plain": plain,
}
_PEER = "lychee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run of a command took; `most_at_once` is what the web saw in flight at one host."""

    wall_s: float
    cpu_s: float
    peak_mb: float
    most_at_once: int


def measure(command: Sequence[str], port: int) -> Run:
    """Run a command; its findings do not matter, its errors do."""
    _figures(port)
    started = time.monotonic()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        told.seek(0)
        words = told.read().decode(errors="replace")
    if code not in {0, 1, 2} or (code == 2 and command[0].endswith("linkwright")):
        raise SystemExit(f"{command[0]} failed: {words[-500:]}")
    return Run(
        wall_s=time.monotonic() - started,
        cpu_s=used.ru_utime + used.ru_stime,
        peak_mb=used.ru_maxrss / 1024,
        most_at_once=_figures(port),
    )


def _figures(port: int) -> int:
    with urllib.request.urlopen(f"http://{address(0)}:{port}/figures", timeout=10) as answer:
        return int(answer.read())


@contextmanager
def played(hosts: int, port: int) -> Iterator[None]:
    """Play the web in a process of its own for the time of a block."""
    command = [sys.executable, "-m", "bench.world", str(hosts), str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as web:
        try:
            if web.stdout is not None:
                web.stdout.readline()
            yield
        finally:
            web.terminate()


def rows(world: str, runs: dict[str, list[Run]], links: int) -> Iterator[str]:
    """Yield the lines of one world."""

    def median(tool: str, figure: str) -> float:
        return statistics.median(getattr(run, figure) for run in runs[tool])

    for tool, each in runs.items():
        wall = median(tool, "wall_s")
        figures = (
            f"{wall:.2f}",
            f"{wall / median(_PEER, 'wall_s'):.2f}",
            f"{median(tool, 'cpu_s') / links * 1e6:.0f}",
            f"{median(tool, 'peak_mb'):.0f}",
            str(max(run.most_at_once for run in each)),
        )
        yield f"| {world} | {tool} | {' | '.join(figures)} |"


def main() -> None:
    """Run all tools in turn on each world and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=18331)
    given = parser.parse_args()
    print(f"| world | tool | wall s | / {_PEER} | CPU us a link | MB | at once |")
    print("|---|---|---|---|---|---|---|", flush=True)
    with played(given.hosts, given.port), tempfile.TemporaryDirectory() as folder:
        for world, links_of in WORLDS.items():
            links = Path(folder) / f"{world}.txt"
            links.write_text("\n".join(links_of(given.links, given.hosts, given.port)) + "\n")
            runs: dict[str, list[Run]] = {tool: [] for tool in TOOLS}
            for _ in range(given.rounds):
                for tool, command in TOOLS.items():
                    runs[tool].append(measure(command(links), given.port))
            print("\n".join(rows(world, runs, given.links)), flush=True)


if __name__ == "__main__":
    main()
