"""`linkwright serve`, `web`, `work` and `migrate`: the service and its parts."""

import asyncio
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.logging import configure_logging
from service.settings import load_settings
from workers.errors import UnreadableDocument
from workers.on_demand import on_demand

if TYPE_CHECKING:
    from service.cli import job_wiring, processes
else:
    # All of the service: a second, which the help of these commands need not take.
    job_wiring = on_demand("service.cli.job_wiring")
    processes = on_demand("service.cli.processes")

MEDIA_TYPES = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".html": "text/html",
    ".htm": "text/html",
}
SUBMIT_TIMEOUT_S = 60

host_option = click.option("--host", metavar="ADDRESS", help="Address to listen on (127.0.0.1).")
port_option = click.option("--port", type=click.IntRange(0, 65535), help="Port (8080); 0 takes a free one.")


@click.command()
@host_option
@port_option
@click.option(
    "--submit", multiple=True, type=click.Path(path_type=Path), help="Submit this article at start."
)
def serve(host: str | None, port: int | None, submit: tuple[Path, ...]) -> None:
    """Run everything in one process: web, workers, scheduler."""
    configure_logging()
    settings = load_settings(host=host, port=port)

    def submit_all(base: str) -> None:
        for path in submit:
            click.echo(f"  submitted     {base}{submit_article(base, path)}/citations   {path}")

    asyncio.run(processes.serve_all(settings, announce=tell_where, after_start=submit_all))


@click.command()
@host_option
@port_option
def web(host: str | None, port: int | None) -> None:
    """Run the web side alone; workers are other processes on the same databases."""
    configure_logging()
    asyncio.run(processes.serve_web(load_settings(host=host, port=port), announce=tell_where))


@click.command()
def work() -> None:
    """Run one worker of a fleet, until it is told to stop."""
    configure_logging()
    asyncio.run(processes.work(load_settings(), announce=click.echo))


@click.command()
def migrate() -> None:
    """Bring the databases to this release's schema; safe to repeat."""
    before, after = asyncio.run(job_wiring.migrate_all(load_settings()))
    click.echo(f"schema is at {after}" + ("" if before == after else f" (was {before or 'empty'})"))


def tell_where(base: str) -> None:
    """Print where people and programs find the service."""
    click.echo(f"Linkwright is at {base}/")
    click.echo(f"  articles      {base}/v1/articles")
    click.echo(f"  documentation {base}/docs")
    sys.stdout.flush()


def submit_article(base: str, path: Path) -> str:
    """Submit one file through the API as anybody would; returns the path of the article.

    Raises:
        UnreadableDocument: it cannot be read, or the service refuses it.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(str(path), (error.strerror or str(error)).lower()) from error
    request = urllib.request.Request(  # noqa: S310 - our own address, http by construction
        f"{base}/v1/articles?source={urllib.parse.quote(path.name)}",
        data=body,
        headers={"Content-Type": MEDIA_TYPES.get(path.suffix.lower(), "text/plain")},
    )
    try:
        with urllib.request.urlopen(request, timeout=SUBMIT_TIMEOUT_S) as answer:  # noqa: S310
            return urllib.parse.urlsplit(str(answer.headers["Location"])).path
    except urllib.error.HTTPError as error:
        raise UnreadableDocument(str(path), error.read().decode(errors="replace")) from error
