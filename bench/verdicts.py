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
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import turbohtml

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "fixtures" / "pages")]

from page_cases import SETS, Case  # noqa: E402
from page_judge import judge_all  # noqa: E402

from workers.judge import open_answer  # noqa: E402
from workers.model import Observation  # noqa: E402
from workers.verdict.context import Context  # noqa: E402
from workers.verdict.glance import glance  # noqa: E402
from workers.verdict.outcome import decide  # noqa: E402
from workers.verdict.phrases import find_missing, find_missing_title  # noqa: E402
from workers.verdict.similarity import fold  # noqa: E402

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
    """Print what judging a page costs, by kind, and how many times that is its bare parse, in one run."""
    for name, (status, html) in timed_pages().items():
        observation = _answer(status, html.encode())
        judging = min(_timed(lambda seen=observation: _judge(seen)) for _ in range(ROUNDS))
        parsing = min(_timed(lambda text=html: turbohtml.parse(text)) for _ in range(ROUNDS))
        size, ratio = len(observation.body), judging / parsing
        print(f"{name:20} {judging * 1e6:7.0f} us for {size:6} bytes, {ratio:5.1f} x its parse")


def timed_pages() -> dict[str, tuple[int, str]]:
    """Return pages of the kinds that runs meet, by name, each with its status."""
    line = "<p>{}. The council said that the plan would go ahead, although farmers {}. <a href=/>more</a></p>"
    accents = "\u00e9taient oppos\u00e9s \u2013 d\u00e9j\u00e0 l\u2019ann\u00e9e derni\u00e8re"
    english = "and the rail union had asked for more time to read it"
    return {
        "clean": (HTTPStatus.OK, _page("".join(line.format(n, english) for n in range(8)))),
        "clean, long": (HTTPStatus.OK, _page("".join(line.format(n, english) for n in range(290)))),
        "clean, accents": (HTTPStatus.OK, _page("".join(line.format(n, accents) for n in range(8)))),
        "soft 404": (HTTPStatus.OK, _page("<p>Sorry, this page does not exist.</p>", title="Page not found")),
        "honest 404": (HTTPStatus.NOT_FOUND, _page("<p>Try our search.</p>", title="404 Not Found")),
        "hostile, deep": (HTTPStatus.OK, _page("<div><p>a" * 7000)),
        "hostile, hidden": (HTTPStatus.OK, _page("<b><i hidden>x</i>" * 3500)),
    }


def _page(body: str, title: str = "Council approves new ferry timetable") -> str:
    return f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1>{body}"


def _answer(status: int, body: bytes) -> Observation:
    url = "https://news.example/2024/05/council-approves-new-ferry-timetable"
    return Observation(
        url=url,
        observed_at=datetime(2026, 1, 5, tzinfo=UTC),
        final_url=url,
        status=status,
        media_type="text/html",
        charset="utf-8",
        body=body,
        body_complete=True,
    )


def _judge(observation: Observation) -> None:
    opened = open_answer(observation)
    if opened is not None and not glance(observation, opened):
        decide(observation, page=opened.read(), context=Context())


def _timed(work: Callable[[], object]) -> float:
    find_missing.cache_clear()
    fold.cache_clear()
    began = time.perf_counter()
    work()
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
