"""Print how repair fares by kind of damage: on the measuring set, and on variants it was not made for.

    python -m bench.repair [--data FILE] [--half tune|verify] [--unseen] [--misses KIND]

`--half` takes the domains of one half only (split by a digest of the domain): what was tuned on one is
confirmed on the other. `--unseen` damages the set's sound addresses anew, see damage.py. Columns: cases,
top-1, top-3, wrong (applied, and wrong), and the decisions. Ends with links a CPU second and peak memory.
"""

import argparse
import collections
import hashlib
import json
import os
import random
import resource
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.damage import MAKERS
from workers.model import Decision, Repair
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings

DATA = Path(os.environ.get("LINKWRIGHT_TEST_DATA", Path(__file__).parents[1] / "../shared/data"))
UNDECIDABLE_OFFLINE = frozenset({"http_for_https", "truncated", "path_case", "hyphen_lost", "cut short"})
_SEED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One damaged address, the right answers, and the headline it came with."""

    kind: str
    domain: str
    damaged: str
    right: frozenset[str]
    headline: str | None


def read_cases(path: Path) -> Iterator[Case]:
    """Yield the cases of the measuring set."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            right = frozenset((row["truth"], *row["accept"]))
            yield Case(
                kind=row["kind"],
                domain=row["domain"],
                damaged=row["damaged"],
                right=right,
                headline=row["title"] or None,
            )


def unseen(cases: Iterable[Case]) -> Iterator[Case]:
    """Yield the sound addresses of the set, each damaged by one maker in turn."""
    chance = random.Random(_SEED)
    sound = [case for case in cases if case.kind.startswith("clean_")]
    for kind, make in MAKERS.items():
        for case in chance.sample(sound, min(len(sound), 200)):
            damaged = make(case.damaged, chance)
            if damaged and damaged != case.damaged:
                bare = case.damaged.replace("://www.", "://")
                right = {case.damaged, case.damaged.rstrip("/"), bare, bare.rstrip("/")}
                if kind in {"scheme", "space"}:
                    right |= {one.replace("https://", "http://") for one in right}
                yield Case(
                    kind=kind,
                    domain=case.domain,
                    damaged=damaged,
                    right=frozenset(right),
                    headline=case.headline,
                )


def in_half(domain: str, half: str | None) -> bool:
    """Whether a domain is in the half asked for; every one is where none is."""
    parity = hashlib.sha256(domain.encode()).digest()[0] % 2
    return half is None or parity == ("tune", "verify").index(half)


def count(case: Case, repair: Repair, into: collections.Counter[str]) -> bool:
    """Count one answer; return whether its first candidate is right."""
    as_written = repair.decision in {Decision.KEEP, Decision.ABSTAIN}
    right = (case.damaged if as_written else repair.best.url) in case.right
    into["cases"] += 1
    into["top1"] += right
    into["top3"] += any(one.url in case.right for one in repair.candidates[:3])
    into["wrong"] += repair.decision is Decision.AUTO and not right
    into[repair.decision] += 1
    return right


def show(name: str, counts: collections.Counter[str]) -> None:
    """Print one row of the table."""
    cases = max(counts["cases"], 1)
    decisions = " ".join(f"{word} {counts[word]}" for word in Decision if counts[word])
    shares = f"{counts['top1'] / cases:7.3f}{counts['top3'] / cases:7.3f}{counts['wrong']:6}"
    print(f"{name:24}{counts['cases']:6}{shares}   {decisions}")


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA / "repair" / "dev.jsonl")
    parser.add_argument("--half", choices=("tune", "verify"))
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--misses", metavar="KIND", help="print what went wrong with one kind")
    asked = parser.parse_args()
    cases = [case for case in read_cases(asked.data) if in_half(case.domain, asked.half)]
    if asked.unseen:
        cases = list(unseen(cases))
    table: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    started = time.process_time()
    answers = [(case, propose(case.damaged, Surroundings(headline=case.headline))) for case in cases]
    spent_s = time.process_time() - started
    for case, repair in answers:
        if not count(case, repair, table[case.kind]) and case.kind == asked.misses:
            print(ascii(case.damaged), "\n   wanted", min(case.right), "\n   ", repair.decision, repair.best)
    print(f"{'kind':24}{'cases':>6}{'top-1':>7}{'top-3':>7}{'wrong':>6}   decisions")
    for kind in sorted(table):
        show(kind, table[kind])
    for name, kinds in (
        ("all that can be decided", set(table) - UNDECIDABLE_OFFLINE),
        ("clean", {kind for kind in table if kind.startswith("clean_")}),
    ):
        show(name, sum((table[kind] for kind in kinds), collections.Counter()))
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{len(cases) / spent_s:.0f} links a CPU second, word lists loaded once; peak {peak_mb:.0f} MB")


if __name__ == "__main__":
    main()
