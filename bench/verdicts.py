"""Measure verdicts: precision and recall on the rebuilt pages, titles wrongly read, and time a page.

    python bench/verdicts.py [--wrong] [--titles ../shared/data/repair/dev.jsonl]

`--wrong` lists every page judged otherwise than a reader would. `--titles` counts not-found sentences
in the titles of real live pages (a JSONL with a `title` a line); the default is read where it is there.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "fixtures" / "pages")]

from page_cases import SETS, Case  # noqa: E402
from page_judge import judge_all  # noqa: E402

from workers.verdict.page import read_page  # noqa: E402
from workers.verdict.phrases import find_missing_title  # noqa: E402

DEAD = {"soft_404", "parked"}
ROUNDS = 30


def score(name: str, cases: Sequence[Case], *, is_wrong_listed: bool) -> None:
    """Print precision and recall of one set for soft 404 and parked together, and the rules that fired."""
    pairs: Counter[tuple[bool, bool]] = Counter()
    rules: Counter[str] = Counter()
    for case, verdict in judge_all(cases):
        pairs[case.expected in DEAD, verdict.outcome in DEAD] += 1
        rules[verdict.rule] += 1
        if is_wrong_listed and case.expected != verdict.outcome:
            print(
                f"  {case.expected} read as {verdict.outcome} ({verdict.rule}): {case.url} {verdict.evidence}"
            )
    right = pairs[True, True]
    print(f"{name:10} {pairs.total()} pages")
    print(f"precision  {right / (right + pairs[False, True]):.3f}")
    print(f"recall     {right / (right + pairs[True, False]):.3f}")
    print("rules      " + ", ".join(f"{rule} {count}" for rule, count in rules.most_common()))


def count_titles(path: Path) -> None:
    """Print how many titles of live pages would be read as those of error pages."""
    titles = {json.loads(line).get("title") or "" for line in path.open(encoding="utf-8")}
    wrong = [title for title in titles if title and find_missing_title(title)]
    print(f"titles     {len(wrong)} of {len(titles)} real titles read as missing")


def time_pages() -> None:
    """Print the best time to read a page of 1.5 kB and of 50 kB, in milliseconds."""
    line = "<p>The council said on Tuesday that the plan would go ahead. <a href=/more>more</a></p>"
    for size in (1_500, 50_000):
        body = (f"<title>A plan</title><h1>A plan</h1>{line * (size // len(line))}").encode()
        best = min(_timed(body) for _ in range(ROUNDS))
        print(f"read_page  {best * 1000:.2f} ms for {len(body)} bytes")


def _timed(body: bytes) -> float:
    began = time.perf_counter()
    read_page(body, media_type="text/html", charset="utf-8", url="https://a.example/plan")
    return time.perf_counter() - began


def main() -> None:
    """Read the flags and print the figures."""
    data = Path(os.environ.get("LINKWRIGHT_TEST_DATA", ROOT / "../shared/data"))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="list the pages judged wrongly")
    parser.add_argument("--titles", type=Path, default=data / "repair" / "dev.jsonl")
    flags = parser.parse_args()
    for name, cases in SETS.items():
        score(name, cases, is_wrong_listed=flags.wrong)
    if flags.titles.exists():
        count_titles(flags.titles)
    time_pages()


if __name__ == "__main__":
    main()
