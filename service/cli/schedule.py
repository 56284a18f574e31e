"""`linkwright schedule`: the cron lines that open audits by themselves."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from service.cli.exits import USAGE_OR_RUN_ERROR
from service.cli.record import open_records
from service.cli.scopes import read_scope, scope_options
from service.settings import load_settings
from service.store.database import Database
from service.store.paging import DEFAULT_LIMIT
from service.store.schedules import create_schedule, list_schedules, remove_schedule
from service.store.values import StoredSchedule
from workers.ledger import Scope

Result = TypeVar("Result")


@click.group()
def schedule() -> None:
    """Keep, list and remove scheduled audits; the running service opens them at their time."""


@schedule.command()
@click.argument("name")
@click.argument("cron", metavar='"MIN HOUR DAY MONTH WEEKDAY"')
@scope_options
def add(
    name: str, cron: str, articles: tuple[int, ...], links: tuple[int, ...], due: bool, every: bool
) -> None:
    """Keep a schedule: a cron line in UTC, and what each audit covers."""
    scope = read_scope(articles=articles, links=links, due=due, every=every)
    kept, is_new = _with_records(lambda db: create_schedule(db, name, cron=cron, scope=scope))
    if not is_new and (kept.cron, kept.scope) != (cron, scope):
        click.echo(f"linkwright: schedule {kept.id} has the name {name!r} already", err=True)
        sys.exit(USAGE_OR_RUN_ERROR)
    click.echo(as_text(kept))


@schedule.command("list")
def list_all() -> None:
    """List all schedules, oldest first."""
    for kept in _with_records(_all_schedules):
        click.echo(as_text(kept))


@schedule.command()
@click.argument("schedule_id", type=click.IntRange(1), metavar="ID")
def remove(schedule_id: int) -> None:
    """Remove a schedule; the audits that it opened stay."""
    if not _with_records(lambda db: remove_schedule(db, schedule_id)):
        click.echo(f"linkwright: there is no schedule {schedule_id}", err=True)
        sys.exit(USAGE_OR_RUN_ERROR)


def _with_records(use: Callable[[Database], Awaitable[Result]]) -> Result:
    async def run() -> Result:
        async with open_records(load_settings()) as database:
            return await use(database)

    return asyncio.run(run())


async def _all_schedules(database: Database) -> list[StoredSchedule]:
    found: list[StoredSchedule] = []
    cursor: str | None = None
    while True:
        page = await list_schedules(database, cursor=cursor, limit=DEFAULT_LIMIT)
        found.extend(page.items)
        if (cursor := page.next_cursor) is None:
            return found


def as_text(kept: StoredSchedule) -> str:
    """Return one schedule in a line for a person."""
    coming = kept.next_at.isoformat(timespec="minutes") if kept.next_at else "never"
    return f"{kept.id:4}  {kept.cron:16} {kept.name}: {scope_in_words(kept.scope)}; next {coming}"


def scope_in_words(scope: Scope) -> str:
    """Return what an audit covers, for a person."""
    if scope.article_ids:
        return "articles " + ", ".join(map(str, scope.article_ids))
    if scope.link_ids:
        return "links " + ", ".join(map(str, scope.link_ids))
    return "links that are due" if scope.only_due else "every link"
