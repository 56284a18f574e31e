"""Schedules: cron lines that open audits by themselves."""

from datetime import datetime
from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url
from service.api.audits import AuditRequest, ScopeView, require_known
from service.api.context import DATABASE, SETTINGS
from service.api.fields import IdPath, PageQuery, View
from service.api.lists import Listing, listing
from service.api.operation import Answer, Resource
from service.api.problem import RequestProblem, not_found
from service.store.schedules import create_schedule, get_schedule, list_schedules, remove_schedule
from service.store.values import StoredSchedule
from workers.cron import LONGEST_LINE, InvalidCron, next_time

schedules = Resource("schedules", "Cron lines that open audits by themselves.")

LONGEST_NAME = 200
_ANY_TIME = datetime.fromisoformat("2026-01-01T00:00:00+00:00")


def _cron_line(value: str) -> str:
    try:
        next_time(value, after=_ANY_TIME)
    except InvalidCron as error:
        raise ValueError(f"Is no {error}") from None
    return value


class ScheduleView(View):
    """One schedule."""

    id: int
    name: str
    cron: str = Field(description="Minute, hour, day, month, weekday; in UTC.")
    scope: ScopeView
    enabled: bool
    created_at: datetime
    next_at: datetime | None = Field(description="When it opens its next audit.")
    last_at: datetime | None


class ScheduleRequest(BaseModel):
    """A schedule to keep: a name, when, and what is audited then."""

    model_config = ConfigDict(frozen=True)

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]+$")]
    cron: Annotated[
        str,
        Field(
            min_length=9,
            max_length=LONGEST_LINE,
            description="Minute, hour, day, month, weekday; in UTC.",
            json_schema_extra={"format": "cron"},
        ),
        AfterValidator(_cron_line),
    ]
    audit: AuditRequest = Field(description="What each audit covers.")


@schedules.get(
    "/v1/schedules", answers={200: Answer(description="A page of schedules.", model=Listing[ScheduleView])}
)
async def list_all_schedules(request: web.Request, *, query: PageQuery) -> web.StreamResponse:
    """List schedules, oldest first."""
    page = await list_schedules(request.app[DATABASE], cursor=query.cursor, limit=query.limit)
    return listing(request, page, shape=ScheduleView.model_validate, model=Listing[ScheduleView])


@schedules.get("/v1/schedules/{id}", answers={200: Answer(description="The schedule.", model=ScheduleView)})
async def show_schedule(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Show one schedule."""
    stored = await get_schedule(request.app[DATABASE], path.id)
    if stored is None:
        raise not_found("schedule", path.id)
    return answer(request, ScheduleView.model_validate(stored))


@schedules.post(
    "/v1/schedules",
    answers={
        201: Answer(
            description="The schedule is kept.",
            model=ScheduleView,
            headers={"Location": "The schedule."},
            links={
                "schedule": ("show_schedule", {"id": "$response.body#/id"}),
                "remove": ("forget_schedule", {"id": "$response.body#/id"}),
            },
        ),
        200: Answer(description="The same schedule was kept already.", model=ScheduleView),
        409: Answer(description="The name stands for another schedule.", problem=True),
    },
)
async def keep_schedule(request: web.Request, *, body: ScheduleRequest) -> web.StreamResponse:
    """Keep a schedule; the same one sent again is one schedule.

    A time that was missed while the service was off is caught up once.
    """
    await require_known(request, body.audit, pointer="#/audit/")
    scope = body.audit.scope()
    stored, is_new = await create_schedule(request.app[DATABASE], body.name, cron=body.cron, scope=scope)
    if not is_new and (stored.cron, stored.scope) != (body.cron, scope):
        raise RequestProblem(
            409, "name-taken", detail=f"Schedule {stored.id} has this name and another time or scope."
        )
    return _made(request, stored, is_new=is_new)


@schedules.delete(
    "/v1/schedules/{id}", answers={204: Answer(description="It is gone; the audits it opened stay.")}
)
async def forget_schedule(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Remove a schedule."""
    if not await remove_schedule(request.app[DATABASE], path.id):
        raise not_found("schedule", path.id)
    return web.Response(status=204)


def _made(request: web.Request, stored: StoredSchedule, *, is_new: bool) -> web.StreamResponse:
    location = public_url(request, request.app[SETTINGS].public_url, f"/v1/schedules/{stored.id}")
    return answer(
        request,
        ScheduleView.model_validate(stored),
        status=201 if is_new else 200,
        headers={"Location": location},
    )
