"""Storing a run of `check` into the database, as an audit that anybody can look up later."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from service.cli.inputs import ReadInput
from service.cli.wiring import utc_now
from service.settings import Settings
from service.store.articles import submit_article
from service.store.database import Database, open_database
from service.store.ledger import StoreLedger
from service.store.schema import migrate
from service.store.values import NewArticle
from workers.ledger import ArticleState, Cause, Scope
from workers.model import Document, LinkReport, Recovery
from workers.reading import plan_reading
from workers.recover_article import assign_recoveries
from workers.url import is_fetchable

ByArticle = Mapping[int, tuple[Document, Mapping[int, Recovery]]]


@asynccontextmanager
async def open_records(settings: Settings) -> AsyncIterator[Database]:
    """Open the records with the schema up to date."""
    async with open_database(settings.records_url) as database:
        await migrate(database)
        yield database


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorder:
    """The open records of one run."""

    database: Database

    async def record(
        self, read: Sequence[ReadInput], reports: Mapping[str, LinkReport], recovered: ByArticle, *, key: str
    ) -> int | None:
        """Store what the run showed; see `record_run`."""
        return await record_run(self.database, read, reports, recovered, key=key)


@asynccontextmanager
async def open_recorder(settings: Settings) -> AsyncIterator[Recorder]:
    """Open the records for one run of `check`."""
    async with open_records(settings) as database:
        yield Recorder(database=database)


async def record_run(
    database: Database,
    read: Sequence[ReadInput],
    reports: Mapping[str, LinkReport],
    recovered: ByArticle,
    *,
    key: str,
) -> int | None:
    """Store articles and what checking their links showed; returns the audit's id, None for no articles.

    `reports` are keyed by written address, `recovered` by the identity of the input; `key` names the run,
    so that storing it twice is storing it once.
    """
    ledger = StoreLedger(database)
    ids = tuple([await _keep(database, ledger, each) for each in read])
    for article_id, each in zip(ids, read, strict=True):
        if id(each) in recovered:
            await _keep_recovered(ledger, article_id, *recovered[id(each)])
    if not ids:
        return None
    audit_id = await ledger.open_audit(Scope(article_ids=ids), Cause.REQUEST, key=key)
    planned = await ledger.plan_audit(audit_id, now=utc_now())
    tasks = await ledger.load_tasks(audit_id, [link.link_id for link in planned])
    # A citation repaired in an earlier run stands for its original by now.
    known = {report.original: report for report in reports.values()} | dict(reports)
    made = [(link_id, known[task.written]) for link_id, task in tasks if task.written in known]
    await ledger.store_reports(audit_id, made, now=utc_now())
    await ledger.finish_audit(audit_id, now=utc_now())
    return audit_id


async def _keep_recovered(
    ledger: StoreLedger, article_id: int, document: Document, recovered: Mapping[int, Recovery]
) -> None:
    """Keep what was found again for an article's stripped links; what a person decided stays."""
    lost = await ledger.load_recoverable(article_id)
    if lost is not None:
        await ledger.store_recoveries(assign_recoveries(document, lost[1], recovered))


async def _keep(database: Database, ledger: StoreLedger, read: ReadInput) -> int:
    """Keep one article with its citations; returns its id."""
    source = read.source
    address = source.name if is_fetchable(source.name) else None
    name = source.name if address else str(Path(source.name))
    stored, _ = await submit_article(
        database,
        NewArticle(
            source=name,
            url=source.base or address,
            format=read.document.format,
            media_type=source.media_type,
            charset=source.charset,
            content=source.data,
        ),
    )
    if stored.state is ArticleState.QUEUED:
        await ledger.store_reading(stored.id, plan_reading(read.document))
    return stored.id
