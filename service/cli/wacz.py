"""`linkwright wacz`: an article's captures as one file, out and in again."""

import asyncio
import sys
from pathlib import Path

import click

from service.cli.exits import CLEAN, FINDINGS, USAGE_OR_RUN_ERROR
from service.cli.record import open_records
from service.cli.wiring import utc_now
from service.settings import Settings, load_settings
from service.store.article_captures import list_article_captures
from service.store.articles import get_article
from service.store.captures import StoreCaptureIndex
from workers.archive.wacz import WaczFacts, write_wacz
from workers.archive.wacz_import import import_wacz
from workers.errors import LinkwrightError, UnreadableDocument


@click.group()
def wacz() -> None:
    """Move an article's captures as a WACZ file, which other archives' tools read too."""


@wacz.command("export")
@click.argument("article_id", type=click.IntRange(1), metavar="ARTICLE")
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="File to write (article-ID.wacz)."
)
def export_article(article_id: int, output: Path | None) -> None:
    """Write the local captures of an article's links into one WACZ file.

    Exits 1 when there are none.
    """
    path = output or Path(f"article-{article_id}.wacz")
    count = asyncio.run(export_captures(load_settings(), article_id, path))
    click.echo(f"{path}: {count} captures" if count else f"article {article_id} has no local captures")
    sys.exit(CLEAN if count else FINDINGS)


@wacz.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
def import_files(files: tuple[Path, ...]) -> None:
    """Take the captures of WACZ files in; what is known already is left out.

    A file that cannot be used is named, and the rest goes on; then it exits 2.
    """
    sys.exit(asyncio.run(import_captures(load_settings(), files)))


async def export_captures(settings: Settings, article_id: int, path: Path) -> int:
    """Write the captures of an article to `path` and return how many; 0 writes nothing.

    Raises:
        LinkwrightError: there is no such article, or the file cannot be written.
    """
    async with open_records(settings) as database:
        article = await get_article(database, article_id)
        if article is None:
            raise LinkwrightError(f"there is no article {article_id}")
        captures = await list_article_captures(database, article_id)
    if not captures:
        return 0
    facts = WaczFacts(title=article.headline or article.source, created=utc_now())
    try:
        return write_wacz(path, captures, home=settings.captures_folder, facts=facts)
    except OSError as error:
        raise LinkwrightError(f"{path}: {error.strerror or error}") from error


async def import_captures(settings: Settings, files: tuple[Path, ...]) -> int:
    """Take captures in, tell of each file, and return the exit status."""
    status = CLEAN
    async with open_records(settings) as database:
        for path in files:
            try:
                new = await import_wacz(
                    path, home=settings.captures_folder, index=StoreCaptureIndex(database)
                )
                click.echo(f"{path}: {new} new captures")
            except UnreadableDocument as error:
                click.echo(f"linkwright: {error}", err=True)
                status = USAGE_OR_RUN_ERROR
            except OSError as error:
                click.echo(f"linkwright: {path}: {error.strerror or error}", err=True)
                status = USAGE_OR_RUN_ERROR
    return status
