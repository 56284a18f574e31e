"""`linkwright check`: extract, repair and check the links of articles."""

import asyncio
import gc
import sys
from collections.abc import Coroutine, Iterable
from typing import Any

import click

from service.cli.check_run import CheckPlan, run_check
from service.cli.exits import CLEAN, FINDINGS, USAGE_OR_RUN_ERROR
from service.cli.options import filter_options, judgement_options, network_options, settings_of
from service.reports import FORMATS, renderer
from workers.fetch.loop import loop_factory
from workers.model import Outcome
from workers.report import FINDINGS as FAILING
from workers.report import RunReport, is_finding

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
@click.option("--record", is_flag=True, help="Store articles, links and captures in the database.")
def check(inputs: tuple[str, ...], output: str, **options: Any) -> None:  # noqa: ANN401 - click's own options
    """Extract, repair and check the links of articles.

    Exits 0 when nothing has to be mended, 1 with findings, 2 when an input could not be read.
    """
    plan = CheckPlan(
        inputs=inputs,
        lookups=options.pop("archive"),
        recover=options.pop("recover"),
        record=options.pop("record"),
    )
    settings = settings_of(options)
    fail_on = frozenset(Outcome(word) for word in settings.fail_on) or FAILING
    # What start-up made lives as long as the process: the collector need not look at it again and again.
    gc.freeze()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runs: list[RunReport] = []
        runner.run(_keep(run_check(plan, settings), runs))
    (run,) = runs
    write_out(renderer(output)(run, fail_on))
    sys.exit(exit_status(run, fail_on))


async def _keep(run: Coroutine[None, None, RunReport], runs: list[RunReport]) -> None:
    """Put the report into a list: a runner spells out its task's result, however long, at its end."""
    runs.append(await run)


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
    """Return the exit status of a run; every input that failed is named on standard error."""
    failed = [article.error for article in run.articles if article.error is not None]
    for error in failed:
        click.echo(f"linkwright: {error}", err=True)
    if failed or not run.complete:
        return USAGE_OR_RUN_ERROR
    found = any(is_finding(each, fail_on) for article in run.articles for each in article.citations)
    return FINDINGS if found else CLEAN
