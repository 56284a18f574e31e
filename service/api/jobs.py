"""Jobs: how far the work behind a 202 has come, whatever it works on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url
from service.api.context import DATABASE, SETTINGS
from service.api.fields import View
from service.api.operation import Answer, Resource
from service.api.problem import not_found
from service.store.articles import get_article
from service.store.audits import get_audit
from service.store.database import Database
from service.store.errands import StoredErrand, get_errand
from service.store.paging import MAX_ID
from workers.errands import ErrandState
from workers.ledger import ArticleState, AuditState

jobs = Resource("jobs", "Work that was asked for.")

JOB_ID = r"^(article|audit|capture|lookup)-[1-9][0-9]{0,18}$"


class JobState(StrEnum):
    """How far a job has come."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


ARTICLE_STATES = {
    ArticleState.QUEUED: JobState.QUEUED,
    ArticleState.READY: JobState.DONE,
    ArticleState.FAILED: JobState.FAILED,
}
AUDIT_STATES = {
    AuditState.QUEUED: JobState.QUEUED,
    AuditState.RUNNING: JobState.RUNNING,
    AuditState.DONE: JobState.DONE,
    AuditState.FAILED: JobState.FAILED,
}


ERRAND_STATES = {
    ErrandState.QUEUED: JobState.QUEUED,
    ErrandState.RUNNING: JobState.RUNNING,
    ErrandState.DONE: JobState.DONE,
    ErrandState.FAILED: JobState.FAILED,
}


class JobView(View):
    """One job; `resource` is the address of what it works on."""

    id: str
    state: JobState
    reason: str | None = Field(description="Why it failed; of a capture also what is missing in it.")
    resource: str
    created_at: datetime


class JobPath(BaseModel):
    """The path of one job."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[
        str,
        Field(
            pattern=JOB_ID,
            description="What it works on (`article audit capture lookup`), a hyphen, the id of that.",
        ),
    ]


@jobs.get("/v1/jobs/{id}", answers={200: Answer(description="The job.", model=JobView)})
async def show_job(request: web.Request, *, path: JobPath) -> web.StreamResponse:
    """Say how far a job has come."""
    kind, _, digits = path.id.partition("-")
    view = await _find(request, kind, int(digits)) if int(digits) <= MAX_ID else None
    if view is None:
        raise not_found("job", path.id)
    return answer(request, view)


def errand_view(request: web.Request, errand: StoredErrand) -> JobView:
    """Return what is shown of an errand; its resource is the list of captures that it adds to."""
    return JobView(
        id=f"{errand.kind}-{errand.id}",
        state=ERRAND_STATES[errand.state],
        reason=errand.reason,
        resource=_address(request, f"/v1/captures?url={quote(errand.url, safe='')}"),
        created_at=errand.created_at,
    )


async def _find(request: web.Request, kind: str, identity: int) -> JobView | None:
    if kind in {"article", "audit"}:
        return await _find_audit(request, kind, identity)
    errand = await get_errand(request.app[DATABASE], identity)
    return None if errand is None or errand.kind != kind else errand_view(request, errand)


async def _find_audit(request: web.Request, kind: str, identity: int) -> JobView | None:
    """Return the job of an article or of an audit, which is that itself."""
    state_of = _article_state if kind == "article" else _audit_state
    found = await state_of(request.app[DATABASE], identity)
    if found is None:
        return None
    state, reason, created_at = found
    return JobView(
        id=f"{kind}-{identity}",
        state=state,
        reason=reason,
        resource=_address(request, f"/v1/{kind}s/{identity}"),
        created_at=created_at,
    )


Stated = tuple[JobState, str | None, datetime]


async def _article_state(database: Database, identity: int) -> Stated | None:
    article = await get_article(database, identity)
    return None if article is None else (ARTICLE_STATES[article.state], article.reason, article.created_at)


async def _audit_state(database: Database, identity: int) -> Stated | None:
    audit = await get_audit(database, identity)
    return None if audit is None else (AUDIT_STATES[audit.state], audit.reason, audit.created_at)


def _address(request: web.Request, path: str) -> str:
    return public_url(request, request.app[SETTINGS].public_url, path)
