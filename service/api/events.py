"""Events: what changed for links, in the order it was seen, for programs that keep up."""

from datetime import datetime

from aiohttp import web

from service.api.context import DATABASE
from service.api.fields import Id, PageQuery, View
from service.api.lists import Listing, listing
from service.api.operation import Answer, Resource
from service.store.events import list_events
from workers.verdict.standing import EventKind

events = Resource("events", "Changes worth telling, in the order they were seen.")


class EventView(View):
    """One change: of a link's standing, of its capture, or by a person's decision."""

    id: int
    kind: EventKind
    at: datetime
    link_id: int | None
    article_id: int | None
    audit_id: int | None
    detail: str


class EventQuery(PageQuery):
    """Which events, and which page of them."""

    link_id: Id | None = None


@events.get("/v1/events", answers={200: Answer(description="A page of events.", model=Listing[EventView])})
async def list_all_events(request: web.Request, *, query: EventQuery) -> web.StreamResponse:
    """List events, oldest first; a reader who keeps the cursor of the last full page misses none."""
    page = await list_events(
        request.app[DATABASE], link_id=query.link_id, cursor=query.cursor, limit=query.limit
    )
    return listing(request, page, shape=EventView.model_validate, model=Listing[EventView])
