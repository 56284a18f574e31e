"""Time how long commands take to start, against the bare interpreter and aiohttp alone, in one run.

    python -m bench.start [--rounds 10]

Every command is run in turn, its modules compiled before. Prints medians of user CPU and of wall time, and
the user CPU as a ratio to `import aiohttp`, which every command that asks the web has to pay: carry the
ratios, and stop other work first.
"""

import argparse
import compileall
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.pipeline import BIN, played
from bench.world import flat_links

_PEER = "import aiohttp"
_ARTICLE = "# Ferry\n\nSee [the council]({link}), https://news.example/a and http//news.example/broken/b.\n"
_CHECK = ("check", "--no-archive", "--no-recover", "--allow-network", "127.0.0.0/8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one run of a command took."""

    user_s: float
    wall_s: float


def commands(folder: Path, link: str) -> Mapping[str, Sequence[str]]:
    """Return the commands by what the table calls them."""
    links, article = folder / "links.txt", folder / "article.md"
    links.write_text(f"{link}\n", encoding="utf-8")
    article.write_text(_ARTICLE.format(link=link), encoding="utf-8")
    ours = str(BIN / "linkwright")
    return {
        "python": (sys.executable, "-c", "pass"),
        _PEER: (sys.executable, "-c", "import aiohttp"),
        "--help": (ours, "--help"),
        "extract": (ours, "extract", str(article)),
        "repair": (ours, "repair", "http//news.example/broken/b"),
        "check --help": (ours, "check", "--help"),
        "check, one link": (ours, *_CHECK, str(links)),
        "lookup --help": (ours, "lookup", "--help"),
        "fix --help": (ours, "fix", "--help"),
        "serve --help": (ours, "serve", "--help"),
    }


def run(command: Sequence[str]) -> Start:
    """Run one command to its end, output thrown away."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1}:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}")
    return Start(user_s=used.ru_utime, wall_s=wall_s)


def main() -> None:
    """Run all commands in turn and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--port", type=int, default=18332)
    given = parser.parse_args()
    for package in ("service", "workers"):
        compileall.compile_dir(Path(__file__).parent.parent / package, quiet=1)
    with played(1, given.port), tempfile.TemporaryDirectory() as folder:
        listed = commands(Path(folder), next(flat_links(1, 1, given.port)))
        starts: dict[str, list[Start]] = {name: [] for name in listed}
        for _ in range(given.rounds):
            for name, command in listed.items():
                starts[name].append(run(command))
    user_s = {name: statistics.median(each.user_s for each in runs) for name, runs in starts.items()}
    print(f"| command | user CPU ms | / {_PEER} | wall ms |\n|---|---|---|---|")
    for name, runs in starts.items():
        wall_s = statistics.median(each.wall_s for each in runs)
        print(
            f"| {name} | {user_s[name] * 1e3:.0f} | {user_s[name] / user_s[_PEER]:.2f} | {wall_s * 1e3:.0f} |"
        )


if __name__ == "__main__":
    main()
