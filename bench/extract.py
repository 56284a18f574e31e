"""Print how extraction stands against `lychee --dump`, and that its time and memory stay in proportion.

    python -m bench.extract [--files 10000] [--rounds 3] [--quick]

Seeded articles are made in a temporary folder and read by one command a tool, in turn; the figures are
megabytes a CPU second (user and system, start-up included), medians of the rounds. `addresses` is
`linkwright extract --addresses`, which lists what can be fetched, as lychee does; `findings` is
`linkwright extract`, which gives every citation its place, anchor, sentence and defects as JSON. Then
hostile texts at n against 2n, start-up, and peak memory over a tenth and over all of the files.
"""

import argparse
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Format

LYCHEE = Path(sys.executable).with_name("lychee")
LINKWRIGHT = Path(sys.executable).with_name("linkwright")
TENTHS = 10
CHUNK = 1024 * 1024
WORDS = (
    *("summit", "trade", "water", "health", "harbor", "peace", "farm", "deal", "worker", "case", "river"),
    *("flood", "army", "wheat", "council", "climate", "budget", "leader", "border", "port", "strike"),
    *("inquiry", "west", "law", "party", "vote", "crisis", "tax", "north", "sea", "media", "police", "oil"),
)
MARKS = {"md": 1.2, "html": 1.4}
HOSTILE = (
    "http://a.com/((((",
    "x.com/((",
    "http://a.com/......",
    "http://a.com/b- ",
    "a.",
    "[",
    "[a](",
    "<div>",
    "<a href='",
    "http://",
    "a@",
    "10.1234/",
)
MOST_GROWTH = 3.0
MOST_MEMORY = 1.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One tool over one folder: CPU seconds, peak memory in MB and how many it listed."""

    cpu_s: float
    peak_mb: float
    count: int


def make(folder: Path, files: int) -> None:
    """Write `files` articles of each kind, the same ones every time."""
    rng = random.Random(11)
    for kind in MARKS:
        for tenth in range(TENTHS):
            (folder / kind / str(tenth)).mkdir(parents=True)
    for number in range(files):
        tenth = number * TENTHS // files
        for kind, text in zip(MARKS, article(rng, number), strict=True):
            (folder / kind / str(tenth) / f"{number:05}.{kind}").write_text(text, encoding="utf-8")


def article(rng: random.Random, number: int) -> tuple[str, str]:
    """Return one article as Markdown and as a page with navigation round it."""

    def words(least: int, most: int) -> str:
        return " ".join(rng.choices(WORDS, k=rng.randint(least, most)))

    markdown, html = [f"# {words(4, 10)}\n"], []
    for _ in range(rng.randint(8, 30)):
        text = f"{words(20, 60)}. {words(10, 30).capitalize()}."
        markdown.append(text)
        html.append(f"<p>{text}</p>")
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            slug = words(3, 9).replace(" ", "-")
            url = f"https://host{rng.randint(1, 900)}.newsrig/{slug}-a{rng.randint(1, 10**6)}"
            before, anchor, after = words(1, 1), words(1, 3), words(1, 1)
            markdown.append(f"{before} [{anchor}]({url}) {after}")
            link = f'<a class="link" href="{url}" target="_blank">{anchor}</a>'
            html.append(f'<p class="b">{before} {link} {after}</p>')
    markdown.append(f"Original url:\n\n<https://origin.newsrig/{number}>")
    chrome = "".join(f'<li><a href="https://site.newsrig/s/{place}">s{place}</a></li>' for place in range(20))
    page = (
        f"<!doctype html><html><head><meta charset=utf-8><title>{number}</title></head><body><nav><ul>"
        f"{chrome}</ul></nav><article>{''.join(html)}</article>"
        f"<script>var a='https://no.newsrig/';</script></body></html>"
    )
    return "\n\n".join(markdown) + "\n", page


def run(command: list[str]) -> Run:
    """Run one tool and return what it used, its children included; what it prints is counted by lines.

    Nothing of it is kept: a child's peak begins at that of the process which starts it.
    """
    lines = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        while process.stdout and (piece := process.stdout.read(CHUNK)):
            lines += piece.count(b"\n")
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[:4]} ended with {process.returncode}")
    return Run(cpu_s=used.ru_utime + used.ru_stime, peak_mb=used.ru_maxrss / 1024, count=lines)


def ours(folder: Path, *options: str) -> Run:
    """Return what our own command used over a folder."""
    return run([str(LINKWRIGHT), "extract", *options, str(folder)])


def lychee(folder: Path, kind: str) -> Run:
    """Return what `lychee --dump` used over a folder."""
    return run([str(LYCHEE), "--dump", f"{folder}/*/*.{kind}"])


def size_mb(folder: Path) -> float:
    """Return the size of all files under a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*.*")) / 1e6


def against_lychee(folder: Path, kind: str, rounds: int) -> None:
    """Print the ratio of megabytes a CPU second to lychee's, of the list and of the findings."""
    every = folder / kind
    some = every / "0"  # the findings take longer, and their figure is as steady over a tenth
    peers, lists, findings = [], [], []
    for _ in range(rounds):
        peers.append(lychee(every, kind))
        lists.append(ours(every, "--addresses"))
        findings.append(ours(some))
    peer = statistics.median(size_mb(every) / turn.cpu_s for turn in peers)
    print(f"{kind:5} lychee --dump {peer:7.1f} MB a CPU s, {peers[0].count} addresses")
    ratios = sorted(one.cpu_s / other.cpu_s for one, other in zip(peers, lists, strict=True))
    ratio = statistics.median(ratios)
    held = "held" if ratio >= MARKS[kind] else "NOT held"
    equal = "equal" if lists[0].count == peers[0].count else "NOT equal"
    verdict = f"{ratios[0]:.2f} to {ratios[-1]:.2f}, mark {MARKS[kind]} {held}, counts {equal}"
    print(f"      addresses     {peer * ratio:7.1f}, {ratio:.2f} x lychee, {verdict}")
    own = statistics.median(size_mb(some) / turn.cpu_s for turn in findings)
    print(f"      findings      {own:7.1f}, {own / peer:.2f} x lychee, {findings[0].count} in a tenth")


def seconds(text: str, form: Format) -> float:
    """Return the least CPU time of three readings."""
    taken = []
    for _ in range(3):
        started = time.process_time()
        find_links(Source(name="hostile", text=text), format=form)
        taken.append(time.process_time() - started)
    return min(taken)


def hostile(length: int) -> None:
    """Print how time grows from n to 2n on texts made to hurt."""
    for form in (Format.TEXT, Format.MARKDOWN, Format.HTML):
        for unit in HOSTILE:
            once, twice = (seconds(unit * (size // len(unit)), form) for size in (length, 2 * length))
            growth = twice / max(once, 1e-4)
            held = "" if growth < MOST_GROWTH else "  NOT below 3"
            print(f"{form:9} {unit!r:24} {once * 1e3:8.1f} ms  {twice * 1e3:8.1f} ms  x {growth:.2f}{held}")


def memory(folder: Path, files: int) -> None:
    """Print peak memory over a tenth and over all of the files."""
    for kind in MARKS:
        few, every = ours(folder / kind / "0"), ours(folder / kind)
        ratio = every.peak_mb / few.peak_mb
        held = "flat" if ratio <= MOST_MEMORY else "NOT flat"
        peaks = f"{few.peak_mb:.0f} MB over {files // TENTHS} files, {every.peak_mb:.0f} MB over all"
        print(f"{kind:5} peak {peaks}: {held}")


def start_up(folder: Path) -> None:
    """Print the CPU time of the command over one short article, and that of the interpreter alone."""
    article = folder / "one.md"
    article.write_text("[a](https://a.newsrig/x)\n", encoding="utf-8")
    bare = min(run([sys.executable, "-c", ""]).cpu_s for _ in range(3))
    for options in (("--addresses",), ()):
        taken = min(ours(article, *options).cpu_s for _ in range(3))
        name = " ".join(options) or "findings"
        print(f"start-up {name:12} {taken * 1e3:.0f} ms, of it the interpreter {bare * 1e3:.0f} ms")


def main() -> None:
    """Make the articles, run everything and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="a tenth of the files, one round")
    asked = parser.parse_args()
    files, rounds = (asked.files // 10, 1) if asked.quick else (asked.files, asked.rounds)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        make(folder, files)
        if LYCHEE.exists():
            for kind in MARKS:
                against_lychee(folder, kind, rounds)
        else:
            print("lychee is not installed: no ratios")
        start_up(folder)
        memory(folder, files)
    hostile(20_000 if asked.quick else 100_000)
    print(f"this process peaked at {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
