"""Audits: runs over articles or links, started on request and followed here."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.answers import accepted, answer
from service.api.context import DATABASE, JOBS
from service.api.fields import BodyId, Given, IdPath, PageQuery, View, given
from service.api.idempotency import IdempotencyHeader, reused_key
from service.api.lists import Listing, listing
from service.api.operation import Answer, Resource
from service.api.problem import Flaw, RequestProblem, not_found
from service.store.articles import get_article
from service.store.audits import create_audit, get_audit, list_audits
from service.store.links import get_link
from service.store.values import StoredAudit
from workers.ledger import AuditState, Cause, Scope
from workers.model import Outcome

audits = Resource("audits", "Runs over articles or links.")

SCOPES = ("article_id", "link_id", "due", "all")


class ScopeView(View):
    """What an audit covers; all empty means every link."""

    article_ids: tuple[int, ...]
    link_ids: tuple[int, ...]
    only_due: bool


class ProgressView(View):
    """How far an audit has come, in links."""

    planned: int | None = Field(description="Links to check; null until the plan is made.")
    stored: int = Field(description="Links with a stored observation.")
    by_outcome: Mapping[Outcome, int]


class AuditView(View):
    """One audit."""

    id: int
    cause: Cause
    scope: ScopeView
    state: AuditState
    reason: str | None = Field(description="Why it failed.")
    progress: ProgressView
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class AuditQuery(PageQuery):
    """Which audits, and which page of them."""

    state: AuditState | None = None


class AuditRequest(BaseModel):
    """What to audit: exactly one of its fields."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "oneOf": [
                {"required": ["article_id"]},
                {"required": ["link_id"]},
                {"required": ["due"]},
                {"required": ["all"]},
            ]
        },
    )

    article_id: Given[BodyId] = given("The links of one article.")
    link_id: Given[BodyId] = given("One link.")
    due: Given[Literal[True]] = given("Every link whose next check has come.")
    all: Given[Literal[True]] = given("Every link known.")

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"Exactly one of {', '.join(SCOPES)} is needed")
        return self

    def scope(self) -> Scope:
        """Return the scope that is asked for."""
        return Scope(
            article_ids=(self.article_id,) if self.article_id else (),
            link_ids=(self.link_id,) if self.link_id else (),
            only_due=bool(self.due),
        )


def audit_view(stored: StoredAudit) -> AuditView:
    """Return what is shown of an audit."""
    return AuditView.model_validate(stored)


@audits.get("/v1/audits", answers={200: Answer(description="A page of audits.", model=Listing[AuditView])})
async def list_all_audits(request: web.Request, *, query: AuditQuery) -> web.StreamResponse:
    """List audits, the newest first."""
    page = await list_audits(request.app[DATABASE], cursor=query.cursor, limit=query.limit, state=query.state)
    return listing(request, page, shape=audit_view, model=Listing[AuditView])


@audits.get("/v1/audits/{id}", answers={200: Answer(description="The audit.", model=AuditView)})
async def show_audit(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Show one audit with its progress.

    `by_outcome` is its summary: how many links showed what.
    """
    stored = await get_audit(request.app[DATABASE], path.id)
    if stored is None:
        raise not_found("audit", path.id)
    return answer(request, audit_view(stored))


@audits.post(
    "/v1/audits",
    answers={
        202: Answer(
            description="The audit is queued.",
            model=AuditView,
            headers={"Location": "The audit."},
            links={"audit": ("show_audit", {"id": "$response.body#/id"})},
        ),
        409: Answer(description="The Idempotency-Key stands for another request.", problem=True),
    },
)
async def start_audit(
    request: web.Request, *, headers: IdempotencyHeader, body: AuditRequest
) -> web.StreamResponse:
    """Start an audit of an article, of a link, of what is due, or of everything.

    The links are checked by jobs; follow the audit at its Location.
    """
    await require_known(request, body)
    key = f"request:{headers.key}" if headers.key else f"once:{uuid.uuid4().hex}"
    stored, _ = await create_audit(request.app[DATABASE], body.scope(), cause=Cause.REQUEST, key=key)
    if stored.scope != body.scope():
        raise reused_key()
    await enqueue_audit(request, stored)
    return accepted(request, audit_view(stored), path=f"/v1/audits/{stored.id}")


async def enqueue_audit(request: web.Request, stored: StoredAudit) -> None:
    """Ask for a queued audit to be run; one that runs or has ended is left alone."""
    if stored.state is AuditState.QUEUED:
        await request.app[JOBS].enqueue_audit(stored.id)


async def require_known(request: web.Request, body: AuditRequest, *, pointer: str = "#/") -> None:
    """Refuse an article or a link that there is not; `pointer` is the place of `body` in the request."""
    database = request.app[DATABASE]
    if body.article_id and await get_article(database, body.article_id) is None:
        raise _unknown(f"{pointer}article_id", body.article_id)
    if body.link_id and await get_link(database, body.link_id) is None:
        raise _unknown(f"{pointer}link_id", body.link_id)


def _unknown(pointer: str, identity: int) -> RequestProblem:
    flaw = Flaw(detail=f"There is none of id {identity}.", pointer=pointer)
    return RequestProblem(422, "invalid-body", detail=f"Cannot be used: {pointer}.", errors=[flaw])
