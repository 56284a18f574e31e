"""Links: one row an original, with the observations that speak for its standing."""

from datetime import datetime
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url
from service.api.context import DATABASE, SETTINGS
from service.api.fields import Address, Given, IdPath, PageQuery, View, given
from service.api.lists import Listing, listing
from service.api.operation import Answer, Resource
from service.api.problem import not_found
from service.api.views import ObservationView, observation_view
from service.store.drifts import StoredDrift, list_drifts
from service.store.links import get_link, hold_link, list_links
from service.store.observations import list_observations
from service.store.values import StoredLink
from workers.model import Outcome, Standing

links = Resource("links", "Distinct originals, however often they are cited.")

MAX_REASON = 2_000


class LinkView(View):
    """One link with what is known of it now."""

    id: int
    original: str = Field(description="The address that is checked and archived.")
    host: str
    standing: Standing = Field(description="What all observations together say.")
    standing_rule: str | None
    standing_since: datetime | None
    standing_reasons: tuple[str, ...]
    hold: Standing | None = Field(description="A person's override of the standing.")
    hold_reason: str | None
    outcome: Outcome | None = Field(description="What the last check showed.")
    status: int | None
    first_seen_at: datetime
    last_checked_at: datetime | None
    next_check_at: datetime | None
    cited_by: int = Field(description="How many citations stand for it.")


class LinkQuery(PageQuery):
    """Which links, and which page of them."""

    url: Address | None = Field(
        default=None, description="Links that name this resource; scheme and `www.` do not count."
    )
    standing: Standing | None = None
    host: str | None = Field(default=None, min_length=1, max_length=255)


def link_view(stored: StoredLink) -> LinkView:
    """Return what is shown of a link."""
    return LinkView.model_validate(stored)


@links.get("/v1/links", answers={200: Answer(description="A page of links.", model=Listing[LinkView])})
async def list_all_links(request: web.Request, *, query: LinkQuery) -> web.StreamResponse:
    """List links, the oldest first; with `url` those of one resource."""
    page = await list_links(
        request.app[DATABASE],
        url=query.url,
        standing=query.standing,
        host=query.host,
        cursor=query.cursor,
        limit=query.limit,
    )
    return listing(request, page, shape=link_view, model=Listing[LinkView])


@links.get("/v1/links/{id}", answers={200: Answer(description="The link.", model=LinkView)})
async def show_link(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Show one link."""
    return answer(request, link_view(await _link(request, path.id)))


@links.get(
    "/v1/links/{id}/observations",
    answers={200: Answer(description="A page of observations.", model=Listing[ObservationView])},
)
async def list_link_observations(
    request: web.Request, *, path: IdPath, query: PageQuery
) -> web.StreamResponse:
    """List what each check of a link showed, the newest first."""
    stored = await _link(request, path.id)
    page = await list_observations(
        request.app[DATABASE], link_id=stored.id, cursor=query.cursor, limit=query.limit
    )
    return listing(request, page, shape=observation_view, model=Listing[ObservationView])


class HoldRequest(BaseModel):
    """A person's override of a link's standing."""

    model_config = ConfigDict(frozen=True)

    hold: Literal[Standing.HELD_ALIVE, Standing.HELD_DEAD] = Field(description="How the link is to stand.")
    reason: Given[str] = given("Why, in the person's words.", min_length=1, max_length=MAX_REASON)


@links.post(
    "/v1/links/{id}/hold", answers={200: Answer(description="The link as it stands now.", model=LinkView)}
)
async def hold(request: web.Request, *, path: IdPath, body: HoldRequest) -> web.StreamResponse:
    """Hold a link as alive or as dead, whatever its checks show, until that is lifted."""
    return answer(request, link_view(await keep_hold(request, path.id, body.hold, body.reason)))


@links.delete(
    "/v1/links/{id}/hold", answers={200: Answer(description="The link as it stands now.", model=LinkView)}
)
async def release(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Lift the override of a link's standing; its observations count again."""
    return answer(request, link_view(await keep_hold(request, path.id, None, None)))


async def keep_hold(
    request: web.Request, link_id: int, hold: Standing | None, reason: str | None
) -> StoredLink:
    """Set or lift (None) the override of a link's standing.

    Raises:
        RequestProblem: 404, there is no such link.
    """
    stored = await hold_link(request.app[DATABASE], link_id, hold=hold, reason=reason)
    if stored is None:
        raise not_found("link", link_id)
    return stored


class DriftView(View):
    """How alike a page was, when it was checked, to the capture nearest to its article's date."""

    id: int
    audit_id: int | None
    at: datetime
    rule: str
    similarity: float = Field(description="0 (nothing in common) to 1 (the same text).")
    archive: str
    memento_datetime: datetime
    uri: str = Field(description="The capture that it was compared with.")


@links.get(
    "/v1/links/{id}/drift",
    answers={200: Answer(description="A page of measurements.", model=Listing[DriftView])},
)
async def list_link_drift(request: web.Request, *, path: IdPath, query: PageQuery) -> web.StreamResponse:
    """List how far the page of a link has moved from its capture, the newest first."""
    stored = await _link(request, path.id)
    page = await list_drifts(request.app[DATABASE], stored.id, cursor=query.cursor, limit=query.limit)
    return listing(request, page, shape=lambda each: _drift_view(request, each), model=Listing[DriftView])


def _drift_view(request: web.Request, stored: StoredDrift) -> DriftView:
    is_ours = stored.uri_m.startswith("/")
    uri = public_url(request, request.app[SETTINGS].public_url, stored.uri_m) if is_ours else stored.uri_m
    return DriftView(
        id=stored.id,
        audit_id=stored.audit_id,
        at=stored.at,
        rule=stored.rule,
        similarity=stored.similarity,
        archive=stored.archive,
        memento_datetime=stored.memento_datetime,
        uri=uri,
    )


async def _link(request: web.Request, link_id: int) -> StoredLink:
    stored = await get_link(request.app[DATABASE], link_id)
    if stored is None:
        raise not_found("link", link_id)
    return stored
