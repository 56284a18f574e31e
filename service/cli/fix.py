"""`linkwright fix`: an article with its links mended, in its own format and nothing else changed."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from service.cli.exits import CLEAN, FINDINGS, INTERRUPTED
from service.cli.fix_run import Fixed, FixPlan, fix_as_read, run_fix
from service.cli.inputs import STANDARD_INPUT
from service.cli.interrupts import forget_interruption, stop_on_signals
from service.cli.options import filter_options, judgement_options, network_options, settings_of
from service.cli.whole_file import write_whole
from service.reports.changes import change_lines, patch_of
from service.settings import Settings
from workers.errors import CannotMend
from workers.fetch.loop import loop_factory


@click.command()
@click.argument("path", metavar="PATH|-")
@click.option("--output", "-o", metavar="FILE", help="Write the article there, whole or not at all.")
@click.option("--diff", "as_diff", is_flag=True, help="Print a patch instead of the article.")
@click.option("--offline", is_flag=True, help="Ask nobody: make only repairs that are certain by themselves.")
@network_options
@filter_options
@judgement_options
@click.option("--archive/--no-archive", default=True, help="Put captures in the place of dead links.")
@click.option("--recover/--no-recover", default=True, help="Look for the targets of stripped links.")
@click.option("--moved", is_flag=True, help="Follow permanent redirects: write where they lead.")
def fix(path: str, output: str | None, as_diff: bool, **options: Any) -> None:  # noqa: ANN401 - click's own options
    """Write an article with its damaged, stripped and dead links mended, nothing else changed.

    The article goes to standard output, what was changed and why to standard error.

    Exits 0 when nothing is left to mend, 1 when something is, 2 when it cannot be read or written.
    """
    if output is not None and as_diff:
        raise click.UsageError("give either --output or --diff")
    if output is not None:
        check_output(path, output)
    offline = options.pop("offline")
    plan = FixPlan(
        path=path,
        lookups=options.pop("archive"),
        recover=options.pop("recover"),
        moved=options.pop("moved"),
    )
    settings = settings_of(options)
    fixed = fix_as_read(plan) if offline else fix_by_web(plan, settings)
    if as_diff:
        sys.stdout.buffer.write(patch_of(patch_name(path), fixed.source, fixed.document, fixed.mended))
    elif output is not None:
        write_article(Path(output), fixed.mended.data)
    else:
        print_article(fixed)
    sys.stdout.buffer.flush()
    tell(fixed)
    sys.exit(exit_status(fixed))


def write_article(target: Path, data: bytes) -> None:
    """Write the article, whole or not at all.

    Raises:
        CannotMend: it cannot be written.
    """
    try:
        write_whole(target, data)
    except OSError as error:
        raise CannotMend(f"{target}: cannot be written: {error.strerror or error}") from error


def fix_by_web(plan: FixPlan, settings: Settings) -> Fixed:
    """Return the article as the web and the archives say it is to be mended.

    Half a check mends half an article, so an interruption ends the process and writes nothing.
    """
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        fixed = runner.run(_until_stopped(plan, settings))
        if fixed is None:
            click.echo("linkwright: interrupted; nothing was written", err=True)
            sys.stderr.flush()
            # Threads that wait for standard input or an archive would hold up the end.
            os._exit(INTERRUPTED)
    return fixed


async def _until_stopped(plan: FixPlan, settings: Settings) -> Fixed | None:
    with stop_on_signals():
        try:
            return await run_fix(plan, settings)
        except asyncio.CancelledError:
            forget_interruption()
            return None


def check_output(path: str, output: str) -> None:
    """Refuse an output that cannot be written, before anything is asked for.

    Raises:
        click.UsageError: it is the article itself, a folder, or in no folder that can be written to.
    """
    target = Path(output)
    if target.is_dir():
        raise click.UsageError(f"--output: {output} is a folder")
    if path != STANDARD_INPUT and target.exists() and Path(path).exists() and target.samefile(path):
        raise click.UsageError(f"--output: {output} is the article itself; write it to another file")
    if not target.parent.is_dir():
        raise click.UsageError(f"--output: there is no folder {target.parent}")
    if not os.access(target.parent, os.W_OK) or (target.exists() and not os.access(target, os.W_OK)):
        raise click.UsageError(f"--output: {output} may not be written (permission denied)")


def print_article(fixed: Fixed) -> None:
    """Print the article as it is; a packed one not to a terminal.

    Raises:
        click.UsageError: standard output is a terminal and the article is binary.
    """
    if fixed.mended.edits is None and sys.stdout.isatty():
        raise click.UsageError("the article is binary; name a file with --output, or pipe it")
    sys.stdout.buffer.write(fixed.mended.data)


def patch_name(path: str) -> str:
    """Return the name of the article in a patch: relative, as `patch -p1` takes it."""
    if path == STANDARD_INPUT:
        return "article"
    relative = os.path.relpath(path)
    return os.path.abspath(path).lstrip(os.sep) if relative.startswith("..") else relative  # noqa: PTH100 - no links followed


def tell(fixed: Fixed) -> None:
    """Say on standard error what was changed, what was refused, and what is left."""
    lines: Sequence[str] = [*change_lines(fixed.document, fixed.mended), *fixed.left]
    for line in lines:
        click.echo(f"linkwright: {line}", err=True)
    refused = len(fixed.mended.refused)
    counts = (len(fixed.mended.applied), refused, len(fixed.left) + refused)
    click.echo(
        "linkwright: {}: {} changed, {} refused, {} left to mend".format(fixed.document.source, *counts),
        err=True,
    )


def exit_status(fixed: Fixed) -> int:
    """Return the exit status: 1 where an editor still has something to mend."""
    return FINDINGS if fixed.left or fixed.mended.refused else CLEAN
