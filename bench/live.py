"""Play damaged addresses to `linkwright check` on a loopback web, and count the links it gets right.

    python -m bench.live [--data FILE | --made] [--cases 300] [--seed 7] [--headline all|self] [--misses]

FILE is a measuring set such as `repair/dev.jsonl`. The cases are drawn over all kinds in proportion. What
is written fails, the right address shows its article, half of the hosts answer 200 to any path and some
send every path home (see repair_world.py). A link is right when its citation's `original` is one of
the right addresses; a clean one when it is exactly as written. `--headline self` gives the headline only
where the link is the article's own address.
"""

import argparse
import asyncio
import collections
import json
import os
import random
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.made_cases import made_cases
from bench.repair_world import Played, RepairWorld, open_world, run_command, write_articles
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings
from workers.url import host_of

DATA = Path(os.environ.get("LINKWRIGHT_TEST_DATA", Path(__file__).parents[1] / "../shared/data"))
COMMAND = Path(sys.executable).with_name("linkwright")
GENTLE = (
    "--format",
    "json",
    "--gap",
    "0",
    "--retries",
    "0",
    "--no-archive",
    "--no-recover",
    "--per-host",
    "6",
)


def read_cases(path: Path, *, count: int, seed: int, headline: str) -> list[Played]:
    """Return `count` cases of a measuring set, drawn over its kinds in proportion."""
    with path.open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    random.Random(seed).shuffle(rows)
    rows.sort(key=lambda row: row["kind"])
    step = max(1.0, len(rows) / count)
    drawn = [rows[int(index * step)] for index in range(min(count, len(rows)))]
    return [_played(row, headline) for row in drawn]


def _played(row: Mapping[str, Any], headline: str) -> Played:
    told = row["title"] and (headline == "all" or row["context"] == "self")
    text = f"# {row['title']}\n\n{row['text']}" if told else row["text"]
    right = (row["truth"], *row["accept"])
    return Played(
        name=row["id"], kind=row["kind"], damaged=row["damaged"], right=right, title=row["title"], text=text
    )


def other_hosts(cases: Sequence[Played]) -> set[str]:
    """Return the hosts that candidates of the cases lead to."""
    return {
        host_of(each.url)
        for case in cases
        for each in propose(case.damaged, Surroundings(headline=case.title or None)).candidates
    }


def is_right(case: Played, originals: Sequence[str | None]) -> bool:
    """Whether one of an article's links came out as it should; a clean one exactly as it is written."""
    return (case.damaged in originals) if case.is_clean else any(one in case.right for one in originals)


async def play(cases: Sequence[Played], *, seed: int, misses: bool) -> dict[str, collections.Counter[str]]:
    """Check every case in one run of the command and return counts by kind."""
    table: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder) / "articles"
        articles.mkdir()
        paths = write_articles(cases, articles)
        world = RepairWorld(cases, seed=seed)
        async with open_world(world, Path(folder), more_hosts=other_hosts(cases)) as flags:
            command = [str(COMMAND), "check", *GENTLE, *flags, *paths]
            status, out, err = await run_command(command)
        if status not in {0, 1}:
            raise SystemExit(err.decode()[-2000:])
        run = json.loads(out)
    by_written = {link["written"]: link for link in run["links"]}
    for article in run["articles"]:
        case = paths[article["source"]]
        originals = [citation["original"] for citation in article["citations"]]
        right = is_right(case, originals)
        counts = table[case.kind]
        counts["cases"] += 1
        counts["right"] += right
        counts["wrong"] += not right and any(citation["repaired"] for citation in article["citations"])
        if misses and not right:
            _tell(case, article, by_written, world)
    return table


def _tell(case: Played, article: Mapping[str, Any], links: Mapping[str, Any], world: RepairWorld) -> None:
    print(f"\n{case.kind} {case.name}: {case.damaged!a}\n   wanted {case.right[0]}  title {case.title!a}")
    print(f"   host: {world.manner_of(host_of(case.right[0]))}")
    for citation in article["citations"]:
        print(f"   original {citation['original']!a} {citation['outcome']} {citation['evidence']}")
        for asked in links.get(citation["resolved"] or citation["target"], {}).get("asked", ()):
            answer = asked["status"] or asked["failure"]
            print(f"      {answer} {asked['outcome']} {asked['url']!a} {asked['evidence']}")


def show(name: str, counts: Mapping[str, int]) -> None:
    """Print one row of the table."""
    share = counts["right"] / max(counts["cases"], 1)
    print(f"{name:24}{counts['cases']:6}{share:8.3f}{counts['wrong']:6}")


def main() -> None:
    """Play and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, default=DATA / "repair" / "dev.jsonl")
    parser.add_argument("--made", action="store_true", help="made-up publishers in place of FILE")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--headline", choices=("all", "self"), default="all")
    parser.add_argument("--misses", action="store_true", help="tell each link that came out wrong")
    asked = parser.parse_args()
    if asked.made:
        cases = made_cases(asked.cases, seed=asked.seed)
    else:
        cases = read_cases(asked.data, count=asked.cases, seed=asked.seed, headline=asked.headline)
    table = asyncio.run(play(cases, seed=asked.seed, misses=asked.misses))
    print(f"{'kind':24}{'cases':>6}{'right':>8}{'wrong':>6}")
    for kind in sorted(table):
        show(kind, table[kind])
    clean = {kind for kind in table if kind.startswith("clean")}
    for name, kinds in (("clean", clean), ("all", set(table))):
        show(name, sum((table[kind] for kind in kinds), collections.Counter()))


if __name__ == "__main__":
    main()
