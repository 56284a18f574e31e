"""Captures: what archives and our own files are known to hold of a resource, and asking for more."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from service.api.answers import accepted, answer, public_url
from service.api.context import DATABASE, JOBS, SETTINGS
from service.api.fields import BodyFlag, Given, Limit, View, WebAddress, given
from service.api.idempotency import SEEN_KEYS, IdempotencyHeader
from service.api.jobs import JobView, errand_view
from service.api.moments import parse_moment
from service.api.operation import Answer, Resource
from service.api.problem import Flaw, RequestProblem
from service.store.errands import Order, StoredErrand, TooManyErrands, open_errands
from service.store.mementos import list_read_locals
from service.store.timeline import Entry, list_nearest, measure
from workers.archive.timestamps import timestamp_14
from workers.errands import ErrandKind
from workers.model import Memento, Quality

captures = Resource("captures", "What archives and our own files hold of a resource.")

MAX_MOMENT = 64
BUSY_S = 60
_FLAGS = {"1": True, "0": False, "true": True, "false": False}


def _readable(text: str) -> str:
    parse_moment(text)
    return text


def _flag(value: object) -> object:
    if isinstance(value, str) and value not in _FLAGS:
        raise ValueError("Should be 1, 0, true or false")
    return _FLAGS[value] if isinstance(value, str) else value


class CaptureQuery(BaseModel):
    """Which captures."""

    model_config = ConfigDict(frozen=True)

    url: WebAddress = Field(description="The original resource; scheme and `www.` do not count.")
    at: Annotated[str, AfterValidator(_readable)] | None = Field(
        default=None,
        max_length=MAX_MOMENT,
        description="The captures nearest to this time; left out, the latest. A date or RFC 3339.",
        json_schema_extra={"format": "moment"},
    )
    limit: Limit = 50
    refresh: Annotated[bool, BeforeValidator(_flag)] = Field(
        default=False, description="Also have the archives asked anew, by a job."
    )


class CaptureView(View):
    """One capture."""

    original: str
    archive: str = Field(description="Id of the archive; `local` for our own WARC files.")
    memento_datetime: datetime
    uri: str = Field(description="Where the capture is read.")
    status: int | None
    media_type: str | None
    digest: str | None
    quality: Quality
    reasons: tuple[str, ...]


class CapturesView(View):
    """The captures of one resource that are known without asking anybody."""

    original: str
    total: int = Field(description="How many are known; `items` holds the nearest of them.")
    nearest: CaptureView | None
    items: tuple[CaptureView, ...] = Field(description="Oldest first; of two at one time the local one.")
    job: str | None = Field(default=None, description="The job that asks the archives anew.")


class CaptureRequest(BaseModel):
    """A page to capture."""

    model_config = ConfigDict(frozen=True)

    url: WebAddress
    at: Given[str] = given(
        "Also look for captures of archives nearest to this time; a date or RFC 3339.",
        max_length=MAX_MOMENT,
        form="moment",
    )
    public: Given[BodyFlag] = given("Also ask a public archive to save the page (needs a key).")


@captures.get("/v1/captures", answers={200: Answer(description="The captures.", model=CapturesView)})
async def list_captures(request: web.Request, *, query: CaptureQuery) -> web.StreamResponse:
    """List the known captures of a resource, those nearest to a time.

    Only what is known here already; no archive is asked within the request. With `refresh` they are
    asked by a job, which the answer names.
    """
    at = None if query.at is None else parse_moment(query.at)
    job = None
    if query.refresh:
        order = Order(kind=ErrandKind.LOOKUP, url=query.url, at=at)
        job = errand_view(request, (await start_errands(request, [order]))[0])
    items = await known_captures(request, query.url, at=at or datetime.now(UTC), limit=query.limit)
    span = await measure(request.app[DATABASE], query.url)
    view = CapturesView(
        original=query.url,
        total=0 if span is None else span.count,
        nearest=nearest_of(items, at or datetime.now(UTC)),
        items=tuple(items),
        job=None if job is None else job_url(request, job.id),
    )
    return answer(request, view)


@captures.post(
    "/v1/captures",
    answers={
        202: Answer(
            description="The page will be captured by a job.",
            model=JobView,
            headers={"Location": "The job."},
            links={"job": ("show_job", {"id": "$response.body#/id"})},
        ),
        409: Answer(description="The Idempotency-Key stands for another request.", problem=True),
        503: Answer(description="Too many errands wait.", problem=True),
    },
)
async def capture_page(
    request: web.Request, *, headers: IdempotencyHeader, body: CaptureRequest
) -> web.StreamResponse:
    """Capture a page as it answers now, into the local WARC files.

    A job does it; when it is done the capture stands in the TimeMap. While one waits for the same page,
    asking again gives that one.
    """
    request.app[SEEN_KEYS].check(headers.key, b"capture " + await request.read())
    order = Order(kind=ErrandKind.CAPTURE, url=body.url, at=moment_in_body(body.at), public=bool(body.public))
    view = errand_view(request, (await start_errands(request, [order]))[0])
    return accepted(request, view, path=f"/v1/jobs/{view.id}")


async def start_errands(request: web.Request, orders: Sequence[Order]) -> Sequence[StoredErrand]:
    """Keep errands and ask for their jobs.

    Raises:
        RequestProblem: 503, too many wait.
    """
    try:
        kept = await open_errands(request.app[DATABASE], orders, now=datetime.now(UTC))
    except TooManyErrands as error:
        headers = {"Retry-After": str(BUSY_S)}
        raise RequestProblem(503, "busy", detail=f"{error}; try again later.", headers=headers) from None
    for errand in kept:
        await request.app[JOBS].enqueue_errand(errand.id)
    return kept


def moment_in_body(text: str | None) -> datetime | None:
    """Return the time that `at` of a body names.

    Raises:
        RequestProblem: 400, it names none.
    """
    try:
        return None if text is None else parse_moment(text)
    except ValueError as error:
        flaw = Flaw(detail=f"{error}.", pointer="#/at")
        detail = f"{text[:MAX_MOMENT]!r} names no time: {error}." if text else f"{error}."
        raise RequestProblem(400, "invalid-moment", detail=detail, errors=[flaw]) from None


async def known_captures(request: web.Request, url: str, *, at: datetime, limit: int) -> list[CaptureView]:
    """Return the captures nearest to a time, oldest first; a local one that was read has its quality."""
    database = request.app[DATABASE]
    read = {
        (each.original, timestamp_14(each.memento_datetime)): each
        for each in await list_read_locals(database, url)
    }
    return [
        _view(request, entry, read.get((entry.original, timestamp_14(entry.at))) if entry.is_local else None)
        for entry in await list_nearest(database, url, at=at, limit=limit)
    ]


def nearest_of(items: Sequence[CaptureView], at: datetime) -> CaptureView | None:
    """Return the capture nearest to a time, the older of two as near; None where there is none."""
    return min(items, key=lambda each: abs(each.memento_datetime - at), default=None)


def job_url(request: web.Request, job_id: str) -> str:
    """Return the absolute address of a job."""
    return public_url(request, request.app[SETTINGS].public_url, f"/v1/jobs/{job_id}")


def _view(request: web.Request, entry: Entry, read: Memento | None) -> CaptureView:
    return CaptureView(
        original=entry.original,
        archive=entry.archive,
        memento_datetime=entry.exact,
        uri=entry.uri_m or public_url(request, request.app[SETTINGS].public_url, entry.path),
        status=entry.status,
        media_type=entry.media_type,
        digest=entry.digest,
        quality=entry.quality if read is None else read.quality,
        reasons=entry.reasons if read is None else read.reasons,
    )
