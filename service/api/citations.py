"""Citations: single ones, and what people decide about them."""

from datetime import datetime
from typing import Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.answers import answer
from service.api.audits import enqueue_audit
from service.api.context import DATABASE
from service.api.fields import Given, IdPath, PageQuery, View, WebAddress, given
from service.api.lists import Listing, listing
from service.api.operation import Answer, Resource
from service.api.problem import Flaw, RequestProblem, not_found
from service.api.views import CitationView, citation_view
from service.store.articles import get_article
from service.store.audits import create_audit
from service.store.citations import get_citation
from service.store.decisions import NothingProposed, decide_citation, list_decisions
from service.store.values import Decided, NewDecision, StoredCitation
from workers.ledger import Cause, Scope

citations = Resource("citations", "Places in articles where links stand, and what people decide about them.")

MAX_NOTE = 2_000
MAX_NAME = 200


class DecisionRequest(BaseModel):
    """What a person decides about one citation."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "oneOf": [
                {"properties": {"choice": {"const": "set"}}, "required": ["url"]},
                {"properties": {"choice": {"const": "accept"}}},
                {"properties": {"choice": {"enum": ["reject", "withdraw"]}, "url": False}},
            ]
        },
    )

    choice: Decided = Field(
        description="`accept` what is proposed, `reject` it (the written form stands), `set` an address, or "
        "`withdraw` an earlier decision."
    )
    url: Given[WebAddress] = given(
        "The address to set; with `accept` the proposal that is meant, left out for the best one."
    )
    note: Given[str] = given("Why, in the person's words.", min_length=1, max_length=MAX_NOTE)
    by: Given[str] = given("Who decides.", min_length=1, max_length=MAX_NAME)

    @model_validator(mode="after")
    def _an_address_where_one_is_meant(self) -> Self:
        if self.choice is Decided.SET and self.url is None:
            raise ValueError("url is needed to set an address")
        if self.choice in {Decided.REJECT, Decided.WITHDRAW} and self.url is not None:
            raise ValueError(f"url means nothing with {self.choice}")
        return self


class KeptDecisionView(View):
    """One decision as it was kept; the last one counts."""

    id: int
    citation_id: int
    choice: Decided
    url: str | None = Field(description="The address that the citation stood for from then on.")
    note: str | None
    made_by: str | None
    at: datetime


@citations.get("/v1/citations/{id}", answers={200: Answer(description="The citation.", model=CitationView)})
async def show_citation(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Show one citation."""
    return answer(request, await _view(request, await _citation(request, path.id)))


@citations.get(
    "/v1/citations/{id}/decisions",
    answers={200: Answer(description="A page of decisions.", model=Listing[KeptDecisionView])},
)
async def list_citation_decisions(
    request: web.Request, *, path: IdPath, query: PageQuery
) -> web.StreamResponse:
    """List what people decided about a citation, the newest first; nothing is ever removed."""
    stored = await _citation(request, path.id)
    page = await list_decisions(request.app[DATABASE], stored.id, cursor=query.cursor, limit=query.limit)
    return listing(request, page, shape=KeptDecisionView.model_validate, model=Listing[KeptDecisionView])


@citations.post(
    "/v1/citations/{id}/decision",
    answers={
        200: Answer(description="The decision is kept; the citation as it stands now.", model=CitationView),
        409: Answer(description="There is nothing to accept.", problem=True),
    },
)
async def decide(request: web.Request, *, path: IdPath, body: DecisionRequest) -> web.StreamResponse:
    """Accept, reject or set the address of a citation.

    The decision outlives later audits. A new address becomes a link and is checked by a queued audit.
    """
    return answer(request, await _view(request, await keep_decision(request, path.id, body)))


async def keep_decision(request: web.Request, citation_id: int, body: DecisionRequest) -> StoredCitation:
    """Keep a decision and have its address checked where nobody did yet.

    Raises:
        RequestProblem: 404 for an unknown citation, 409 where nothing is proposed, 422 where the proposal
            that is named is not among them.
    """
    database = request.app[DATABASE]
    new = NewDecision(choice=body.choice, url=body.url, note=body.note, made_by=body.by)
    try:
        stored = await decide_citation(database, citation_id, new)
    except NothingProposed as error:
        if body.url is None:
            raise RequestProblem(409, "nothing-proposed", detail=f"{error}.") from None
        flaw = Flaw(detail=f"{error}.", pointer="#/url")
        raise RequestProblem(422, "invalid-body", detail="Cannot be used: #/url.", errors=[flaw]) from None
    if stored is None:
        raise not_found("citation", citation_id)
    if stored.link_id is not None and stored.outcome is None:
        # One audit a link, however often people come back to it before it is checked.
        scope = Scope(link_ids=(stored.link_id,))
        audit, _ = await create_audit(
            database, scope, cause=Cause.REQUEST, key=f"decision:link:{stored.link_id}"
        )
        await enqueue_audit(request, audit)
    return stored


async def _citation(request: web.Request, citation_id: int) -> StoredCitation:
    stored = await get_citation(request.app[DATABASE], citation_id)
    if stored is None:
        raise not_found("citation", citation_id)
    return stored


async def _view(request: web.Request, stored: StoredCitation) -> CitationView:
    article = await get_article(request.app[DATABASE], stored.article_id)
    return citation_view(stored, article.source if article else "")
