"""`linkwright check`: extract, repair and check the links of articles."""

import asyncio
import gc
import os
import sys
from collections.abc import Coroutine, Iterable
from pathlib import Path
from typing import Any

import click

from service.cli.baseline import mark_known, read_baseline
from service.cli.check_run import CheckPlan, run_check
from service.cli.exits import CLEAN, FINDINGS, INTERRUPTED, USAGE_OR_RUN_ERROR
from service.cli.interrupts import forget_interruption, stop_on_signals
from service.cli.options import fail_on_of, filter_options, judgement_options, network_options, settings_of
from service.cli.progress import progress_for
from service.reports import FORMATS, renderer
from workers.fetch.loop import loop_factory
from workers.large_blocks import hand_back_large_blocks
from workers.listed import WalkBounds
from workers.model import Outcome
from workers.report import RunReport, has_finding

WRITTEN_AT_ONCE = 65_536


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="PATH|URL…|-")
@click.option("--format", "output", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@network_options
@filter_options
@judgement_options
@click.option("--archive/--no-archive", default=True, help="Look up captures of dead links.")
@click.option(
    "--recover/--no-recover",
    default=True,
    help="Look for the targets of stripped links on the article's own page and its captures.",
)
@click.option("--walk", is_flag=True, help="Read the pages too that sitemaps and feeds list…")
@click.option(
    "--max-articles",
    type=click.IntRange(min=1),
    default=WalkBounds().pages,
    show_default=True,
    metavar="N",
    help="…at most so many, as robots.txt allows.",
)
@click.option("--record", is_flag=True, help="Store articles, links and captures in the database.")
@click.option("--save", is_flag=True, help="Also ask public archives to save live links (needs a key).")
@click.option("--cache", "cache_file", metavar="FILE", help="Keep good results there, and ask them no more…")
@click.option("--cache-age", "cache_age_h", type=float, metavar="HOURS", help="…for so long (24).")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="JSON report of an earlier run: only what it does not have is a finding.",
)
@click.option("--quiet", "-q", is_flag=True, help="No progress on the terminal.")
def check(inputs: tuple[str, ...], output: str, **options: Any) -> None:  # noqa: ANN401 - click's own options
    """Extract, repair and check the links of articles.

    Exits 0 when nothing has to be mended, 1 with findings, 2 when an input could not be read or the run was
    interrupted: then what was found so far is told. A second Ctrl-C ends it at once.
    """
    walks, most_pages = options.pop("walk"), options.pop("max_articles")
    plan = CheckPlan(
        inputs=inputs,
        walk=WalkBounds(pages=most_pages) if walks else None,
        lookups=options.pop("archive"),
        recover=options.pop("recover"),
        record=options.pop("record"),
        save=options.pop("save"),
    )
    baseline_file, quiet = options.pop("baseline"), options.pop("quiet")
    settings = settings_of(options)
    fail_on = fail_on_of(settings)
    baseline = None if baseline_file is None else read_baseline(baseline_file, fail_on)
    hand_back_large_blocks()
    gc.freeze()  # as in main: the settings too last as long as the process
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runs: list[RunReport] = []
        runner.run(_keep(run_check(plan, settings, progress=progress_for(quiet=quiet)), runs))
        if not runs:
            os._exit(INTERRUPTED)
        (run,) = runs
        run = run if baseline is None else mark_known(run, baseline, fail_on)
        write_out(renderer(output)(run, fail_on))
        status = exit_status(run, fail_on)
        if not run.complete:
            click.echo("linkwright: interrupted; this is what was found so far", err=True)
            # Threads that wait for standard input or an archive would hold up the end.
            os._exit(status)
    sys.exit(status)


async def _keep(run: Coroutine[None, None, RunReport], runs: list[RunReport]) -> None:
    """Put the report into a list: a runner spells out its task's result, however long, at its end.

    The list stays empty where the run was interrupted before it had begun.
    """
    with stop_on_signals():
        try:
            runs.append(await run)
        except asyncio.CancelledError:
            forget_interruption()


def write_out(chunks: Iterable[str]) -> None:
    """Write to standard output in large pieces: unbuffered it would take a system call a piece."""
    gathered, size = [], 0
    for chunk in chunks:
        gathered.append(chunk)
        size += len(chunk)
        if size >= WRITTEN_AT_ONCE:
            sys.stdout.write("".join(gathered))
            gathered, size = [], 0
    sys.stdout.write("".join(gathered))
    sys.stdout.flush()


def exit_status(run: RunReport, fail_on: frozenset[Outcome]) -> int:
    """Return the exit status of a run; every input that failed is named on standard error.

    A page that only a list names and that cannot be read is a finding as its link is, not a fault of the run.
    """
    failed = [article for article in run.articles if article.error is not None]
    for article in failed:
        click.echo(f"linkwright: {article.error}", err=True)
    for name, count in run.passed_over.items():
        click.echo(f"linkwright: {name}: {count} listed pages were not read (--max-articles)", err=True)
    if not run.complete or not all(article.is_walked for article in failed):
        return USAGE_OR_RUN_ERROR
    return FINDINGS if has_finding(run, fail_on) else CLEAN
