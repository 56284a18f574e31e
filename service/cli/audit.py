"""`linkwright audit`: run an audit now, in the running service or in this process."""

import asyncio
import json
import sys
import uuid
from contextlib import AsyncExitStack
from typing import Any

import click

from service.cli.exits import CLEAN, FINDINGS, USAGE_OR_RUN_ERROR
from service.cli.job_wiring import is_fleet, migrate_all, open_job_client, open_worker, require_schema
from service.cli.scopes import read_scope, scope_options
from service.settings import Settings, load_settings
from service.store.articles import get_article
from service.store.audits import create_audit, get_audit
from service.store.database import Database, open_database
from service.store.links import get_link
from service.store.values import StoredAudit
from workers.errors import LinkwrightError
from workers.jobs.lock import AlreadyRunning, hold_folder
from workers.ledger import AuditState, JobQueue, Scope
from workers.report import FINDINGS as FAILING

POLL_S = 0.5
ENDED = frozenset({AuditState.DONE, AuditState.FAILED})


class NothingToAudit(LinkwrightError):
    """An article or link that is not in the records."""


@click.command()
@scope_options
@click.option("--wait/--no-wait", default=True, help="Hold until the audit has ended.")
@click.option("--timeout", "timeout_s", type=float, default=86_400, show_default=True, metavar="S")
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def audit(wait: bool, timeout_s: float, output: str, **scope_given: Any) -> None:  # noqa: ANN401 - click's own options
    """Check what is in the records again.

    A running service does the work; where none runs on the data folder, this process does. Exits 0 when
    all links are whole, 1 with findings, 2 where the audit failed or did not end in time.
    """
    scope = read_scope(**scope_given)
    shown = asyncio.run(run_audit(load_settings(), scope, wait=wait, timeout_s=timeout_s))
    click.echo(json.dumps(as_json(shown), ensure_ascii=False) if output == "json" else as_text(shown))
    sys.exit(exit_status(shown, wait=wait))


async def run_audit(settings: Settings, scope: Scope, *, wait: bool, timeout_s: float) -> StoredAudit:
    """Open an audit, have it run, and return it as it stands at the end.

    Raises:
        NothingToAudit: an article or link of the scope is unknown.
        StoreUnavailable: a database does not answer, or has not this release's schema.
    """
    async with AsyncExitStack() as stack:
        works_here = not is_fleet(settings) and _take_folder(stack, settings)
        if works_here:
            await migrate_all(settings)
        database = await stack.enter_async_context(open_database(settings.records_url))
        await require_schema(database)
        await _require_known(database, scope)
        jobs: JobQueue
        if works_here and wait:
            jobs = (await stack.enter_async_context(open_worker(settings, database))).jobs
        else:
            jobs = await stack.enter_async_context(open_job_client(settings))
        opened, _ = await create_audit(database, scope, key=f"command:{uuid.uuid4().hex}")
        await jobs.enqueue_audit(opened.id)
        return await _followed(database, opened, timeout_s=timeout_s) if wait else opened


def _take_folder(stack: AsyncExitStack, settings: Settings) -> bool:
    """Hold the data folder until the stack ends; False where a service holds it."""
    try:
        stack.enter_context(hold_folder(settings.home))
    except AlreadyRunning:
        return False
    return True


async def _require_known(database: Database, scope: Scope) -> None:
    for identity in scope.article_ids:
        if await get_article(database, identity) is None:
            raise NothingToAudit(f"there is no article {identity}")
    for identity in scope.link_ids:
        if await get_link(database, identity) is None:
            raise NothingToAudit(f"there is no link {identity}")


async def _followed(database: Database, audit: StoredAudit, *, timeout_s: float) -> StoredAudit:
    """Return the audit once it has ended, or as it stands when the time is over."""
    try:
        async with asyncio.timeout(timeout_s):
            while audit.state not in ENDED:
                await asyncio.sleep(POLL_S)
                audit = await get_audit(database, audit.id) or audit
    except TimeoutError:
        pass
    return audit


def exit_status(audit: StoredAudit, *, wait: bool) -> int:
    """Return the exit status that an audit stands for."""
    if not wait:
        return CLEAN
    if audit.state is not AuditState.DONE:
        return USAGE_OR_RUN_ERROR
    return FINDINGS if FAILING & audit.progress.by_outcome.keys() else CLEAN


def as_json(audit: StoredAudit) -> dict[str, object]:
    """Return an audit as plain values."""
    return {
        "id": audit.id,
        "state": audit.state,
        "reason": audit.reason,
        "planned": audit.progress.planned,
        "stored": audit.progress.stored,
        "by_outcome": dict(audit.progress.by_outcome),
    }


def as_text(audit: StoredAudit) -> str:
    """Return an audit in a line for a person."""
    counts = sorted(audit.progress.by_outcome.items(), key=lambda item: -item[1])
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts) or "no links"
    line = f"audit {audit.id} {audit.state}: {told}"
    return f"{line} ({audit.reason})" if audit.reason else line
