"""Print how the command stands against a quick link checker, on the worlds of a measuring rig.

    LINKWRIGHT_RIG=FOLDER python bench/table.py [--worlds flat,real,single,wide] [--rounds 3] [--keep FOLDER]

The rig is a folder with `world.py`, `bound.py` and `measure.py`; it is not part of this repository. Each
world is made afresh and played on loopback, the checkers run in turn on one server, and every figure is
the median of the rounds. Take the ratios, not the seconds, and stop other work first.
"""

import argparse
import compileall
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

RUNS = {
    "flat": ("linkwright-c6", "lychee-c6"),
    "real": ("linkwright-c2", "linkwright-c6", "lychee-c6"),
    "single": ("linkwright-c6", "lychee-c6"),
    "wide": ("linkwright-c6", "lychee-c6"),
}
"""The checkers by world; each world's ours come before the one they are held against."""
_PEER = "lychee-c6"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A figure, what it was held against, and the most it may be."""

    what: str
    figure: float
    most: float

    def line(self) -> str:
        """Return the mark as a line of the table."""
        verdict = "met" if self.figure <= self.most else "MISSED"
        return f"| {self.what} | {self.figure:.3g} | {self.most:g} | {verdict} |"


def _rig() -> Path:
    folder = os.environ.get("LINKWRIGHT_RIG", "")
    if not (Path(folder) / "measure.py").is_file():
        sys.exit("LINKWRIGHT_RIG must name the folder of the measuring rig (with measure.py)")
    return Path(folder).resolve()


def _python(*command: object) -> str:
    """Run a script of the rig; its output stands on stderr too, as it comes."""
    finished = subprocess.run(
        [sys.executable, *map(str, command)], check=True, text=True, stdout=subprocess.PIPE
    )
    sys.stderr.write(finished.stdout)
    return finished.stdout


def _measure(rig: Path, world: str, folder: Path, rounds: int) -> dict[str, dict[str, float]]:
    """Return the medians of one world: a row of figures by checker."""
    _python(rig / "world.py", world, folder / world)
    results = folder / f"{world}.jsonl"
    _python(rig / "measure.py", folder / world, results, ",".join(RUNS[world]), "--rounds", rounds)
    rows: dict[str, list[dict[str, float]]] = defaultdict(list)
    for line in results.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        rows[row["tool"]].append({key: value for key, value in row.items() if isinstance(value, int | float)})
    return {tool: _medians(each) for tool, each in rows.items()}


def _medians(rows: list[dict[str, float]]) -> dict[str, float]:
    shared = set.intersection(*(set(row) for row in rows))
    return {key: statistics.median(row[key] for row in rows) for key in sorted(shared)}


def _start_up() -> dict[str, float]:
    """Return wall and CPU seconds of a run over no links, to be taken off."""
    command = [Path(os.environ.get("RIG_BIN", Path(sys.executable).parent)) / "linkwright", "check", "-"]
    before, timed = os.times(), []
    for _ in range(3):
        start = os.times().elapsed
        subprocess.run(command, input="", text=True, check=False, capture_output=True)
        timed.append(os.times().elapsed - start)
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return {"wall": statistics.median(timed), "cpu": used / 3}


def _marks(world: str, rows: dict[str, dict[str, float]], rig: Path, folder: Path) -> list[Mark]:
    ours, peer = rows["linkwright-c6"], rows[_PEER]
    links = ours["wall"] * ours["links_s"]
    beside = ours["wall"] / peer["wall"]
    if world == "flat":
        start = _start_up()
        return [
            Mark(
                what="flat: wall net of start-up / lychee",
                figure=(ours["wall"] - start["wall"]) / peer["wall"],
                most=1.6,
            ),
            Mark(
                what="flat: CPU us a link net of start-up",
                figure=(ours["cpu"] - start["cpu"]) / links * 1e6,
                most=300,
            ),
        ]
    if world == "wide":
        return [
            Mark(what="wide: CPU ms a link", figure=ours["cpu"] / links * 1e3, most=2.0),
            Mark(what="wide: wall / lychee", figure=beside, most=1.8),
            Mark(what="wide: memory MB", figure=ours["peak_mb"], most=130),
        ]
    bounds = json.loads(_python(rig / "bound.py", folder / world, "--c", 2, 6))["bound_s"]
    if world == "single":
        return [
            Mark(what="single: wall / bound", figure=ours["wall"] / bounds["6"], most=1.08),
            Mark(what="single: wall / lychee", figure=beside, most=1.05),
        ]
    return [
        Mark(
            what="real, 2 a host: wall / bound", figure=rows["linkwright-c2"]["wall"] / bounds["2"], most=1.10
        ),
        Mark(what="real, 6 a host: wall / bound", figure=ours["wall"] / bounds["6"], most=1.10),
        Mark(what="real, 6 a host: wall / lychee", figure=beside, most=0.80),
        Mark(what="real, 6 a host: most in flight at a host", figure=ours["peak_inflight"], most=6),
        Mark(what="real: memory MB", figure=ours["peak_mb"], most=100),
        Mark(what="real: wrong verdicts", figure=ours.get("wrong", float("inf")), most=3),
        Mark(what="real: false deads", figure=ours.get("false_dead", float("inf")), most=0),
    ]


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", default=",".join(RUNS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keep", type=Path, help="a folder for the worlds and results")
    options = parser.parse_args()
    rig = _rig()
    os.environ.setdefault("RIG_BIN", str(Path(sys.executable).parent))
    for package in ("service", "workers"):  # where no bytecode is written, each run would compile them anew
        compileall.compile_dir(Path(__file__).parent.parent / package, quiet=1)
    with tempfile.TemporaryDirectory() as passing:
        folder = options.keep or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        marks = []
        for world in options.worlds.split(","):
            marks += _marks(world, _measure(rig, world, folder, options.rounds), rig, folder)
    print("| what | figure | mark | |\n|---|---|---|---|")
    print("\n".join(mark.line() for mark in marks))


if __name__ == "__main__":
    main()
