"""Jobs: how far the work behind a 202 has come, whatever it works on."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url
from service.api.context import DATABASE, SETTINGS
from service.api.fields import View
from service.api.operation import Answer, Resource
from service.api.problem import not_found
from service.store.articles import get_article
from service.store.audits import get_audit
from service.store.paging import MAX_ID
from workers.ledger import ArticleState, AuditState

jobs = Resource("jobs", "Work that was asked for.")

JOB_ID = r"^(article|audit)-[1-9][0-9]{0,18}$"


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


class JobView(View):
    """One job; `resource` is the address of what it works on."""

    id: str
    state: JobState
    reason: str | None = Field(description="Why it failed.")
    resource: str
    created_at: datetime


class JobPath(BaseModel):
    """The path of one job."""

    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(pattern=JOB_ID, description="`article-` or `audit-`, then the id of that.")]


@jobs.get("/v1/jobs/{id}", answers={200: Answer(description="The job.", model=JobView)})
async def show_job(request: web.Request, *, path: JobPath) -> web.StreamResponse:
    """Say how far a job has come."""
    kind, _, digits = path.id.partition("-")
    found = await _find(request, kind, int(digits)) if int(digits) <= MAX_ID else None
    if found is None:
        raise not_found("job", path.id)
    state, reason, created_at = found
    resource = public_url(request, request.app[SETTINGS].public_url, f"/v1/{kind}s/{digits}")
    return answer(
        request, JobView(id=path.id, state=state, reason=reason, resource=resource, created_at=created_at)
    )


async def _find(
    request: web.Request, kind: str, identity: int
) -> tuple[JobState, str | None, datetime] | None:
    database = request.app[DATABASE]
    if kind == "article":
        article = await get_article(database, identity)
        return (
            None if article is None else (ARTICLE_STATES[article.state], article.reason, article.created_at)
        )
    audit = await get_audit(database, identity)
    return None if audit is None else (AUDIT_STATES[audit.state], audit.reason, audit.created_at)
