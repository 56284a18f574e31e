"""Time `linkwright check` over loopback links against lychee and a plain aiohttp loop, in one run.

    python -m bench.pipeline [--links 2000] [--hosts 20] [--rounds 3]

The web is a child process on loopback addresses, one a host; every tool gets the same list, the same bound
a host and no gap. Prints the medians as ratios to the plain loop: carry those, not the seconds.
"""

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

PER_HOST = 6
WORDS = ("council", "harbour", "ferry", "budget", "school", "river", "market", "election", "bridge")
BIN = Path(sys.executable).parent


def answer_to(path: str) -> bytes:
    """Return a page of its own for each path, as a site has them, with its response header."""
    words = random.Random(path)
    text = "".join(f"<p>{' '.join(words.choices(WORDS, k=18))}.</p>" for _ in range(30))
    title = f"{' '.join(words.choices(WORDS, k=6))} {path}"
    page = f"<html><head><title>{title}</title></head><body><main><h1>{title}</h1>{text}</main></body></html>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(page)}\r\n\r\n"
    return (head + page).encode()


async def play_web(hosts: int, port: int) -> None:
    """Answer every path of every host with its own page, keep-alive, until killed."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                writer.write(answer_to(request.split(b" ", 2)[1].decode()))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    servers = [await asyncio.start_server(answer, f"127.0.1.{n + 1}", port) for n in range(hosts)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(*(server.serve_forever() for server in servers))


def linkwright(links: Path) -> Sequence[str]:
    """Return the project's own command."""
    flags = ["--format", "json", "--no-archive", "--no-recover", "--retries", "0", "--gap", "0"]
    flags += ["--allow-network", "127.0.0.0/8"]
    flags += ["--allow-network", "127.0.0.0/8"]
    return [str(BIN / "linkwright"), "check", *flags, "--per-host", str(PER_HOST), str(links)]


def lychee(links: Path) -> Sequence[str]:
    """Return lychee with the same bound a host."""
    flags = ["--format", "json", "--no-progress", "--max-retries", "0", "--host-request-interval", "0ms"]
    return [str(BIN / "lychee"), *flags, "--host-concurrency", str(PER_HOST), str(links)]


def plain(links: Path) -> Sequence[str]:
    """Return the baseline: aiohttp, a semaphore a host, every body read."""
    return [sys.executable, "-m", "bench.plain_loop", str(links), str(PER_HOST)]


TOOLS: dict[str, Callable[[Path], Sequence[str]]] = {
    "plain": plain,
    "linkwright": linkwright,
    "lychee": lychee,
}


def measure(command: Sequence[str]) -> tuple[float, float]:
    """Return wall and CPU seconds of one run of a command; its findings do not matter, its errors do."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, capture_output=True, check=False)
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{command[0]} failed: {done.stderr.decode(errors='replace')[-500:]}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run all tools in turn and print medians as ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--links", type=int, default=2000)
    parser.add_argument("--hosts", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=18331)
    parser.add_argument("--serve", action="store_true")
    given = parser.parse_args()
    if given.serve:
        asyncio.run(play_web(given.hosts, given.port))
        return
    with tempfile.TemporaryDirectory() as folder:
        links = Path(folder) / "links.txt"
        links.write_text(
            "".join(f"http://127.0.1.{n % given.hosts + 1}:{given.port}/{n}\n" for n in range(given.links))
        )
        arguments = ["--serve", "--hosts", str(given.hosts), "--port", str(given.port)]
        with subprocess.Popen(
            [sys.executable, "-m", "bench.pipeline", *arguments], stdout=subprocess.PIPE
        ) as web:
            try:
                web.stdout.readline()  # type: ignore[union-attr]
                runs = {
                    name: [measure(tool(links)) for _ in range(given.rounds)] for name, tool in TOOLS.items()
                }
            finally:
                web.terminate()
    medians = {
        name: [statistics.median(figures) for figures in zip(*r, strict=True)] for name, r in runs.items()
    }
    for name, (wall, cpu) in medians.items():
        row = {
            "wall_s": wall,
            "wall_ratio": wall / medians["plain"][0],
            "cpu_ratio": cpu / medians["plain"][1],
        }
        row["cpu_us_a_link"] = cpu / given.links * 1e6
        print(name, json.dumps({key: round(value, 2) for key, value in row.items()}))


if __name__ == "__main__":
    main()
