"""Bulk look-up: captures of many addresses, one line each as it is found."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from aiohttp import hdrs, web
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from service.api.captures import (
    CaptureView,
    job_url,
    known_captures,
    moment_in_body,
    nearest_of,
    start_errands,
)
from service.api.context import DATABASE, SETTINGS
from service.api.fields import Address, BodyFlag, Given, View, given, json_whole_number
from service.api.jobs import errand_view
from service.api.operation import Answer, Resource
from service.api.problem import RequestProblem
from service.api.slots import LOOKUP_SLOTS, send
from service.settings import Settings
from service.store.errands import Order, StoredErrand, list_ended
from service.store.mementos import KnownAnswer, list_answers
from service.store.timeline import measure
from workers.archive.settings import LOCAL
from workers.errands import ErrandKind
from workers.model import LookupState
from workers.url import is_fetchable

lookups = Resource("lookups", "Captures of many addresses at once.")

NDJSON = "application/x-ndjson"
MAX_URLS = 1_000
MAX_WAIT_S = 600
POLL_S = 0.5
NOT_AN_ADDRESS = "not an http or https address"
WaitS = Annotated[int, Field(ge=0, le=MAX_WAIT_S), BeforeValidator(json_whole_number)]


class BulkLookup(BaseModel):
    """The addresses to look up."""

    model_config = ConfigDict(frozen=True)

    urls: Annotated[list[Address], Field(min_length=1, max_length=MAX_URLS)]
    at: Given[str] = given(
        "The captures nearest to this time; left out, the latest.", max_length=64, form="moment"
    )
    refresh: Given[BodyFlag] = given("Ask the archives anew for addresses that are known, too.")
    wait_s: WaitS = Field(default=60, description="How long to wait for archives, in seconds.")


class ArchiveAnswer(View):
    """The last answer of one archive."""

    archive: str
    state: LookupState
    reason: str | None
    asked_at: datetime
    expires_at: datetime = Field(description="Until when it holds; then the archive is asked again.")


class LookupLine(View):
    """What is known of one address."""

    url: str
    state: LookupState = Field(description="`none` only where every archive that was asked says so.")
    total: int
    nearest: CaptureView | None = None
    archives: tuple[ArchiveAnswer, ...] = ()
    reason: str | None = Field(default=None, description="Why it could not be told.")
    job: str | None = Field(
        default=None, description="The job that asks the archives, where it has not ended yet."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is asked of every address of one request; `at` is None where the latest captures are wanted."""

    request: web.Request
    at: datetime | None
    now: datetime
    refresh: bool


@lookups.post(
    "/v1/captures/lookup",
    answers={
        200: Answer(description="One `LookupLine` a line, as found.", media_types=(NDJSON,)),
        503: Answer(description="Too many look-ups are answered already.", problem=True),
    },
)
async def look_up_captures(request: web.Request, *, body: BulkLookup) -> web.StreamResponse:
    """Look up captures of up to 1,000 addresses; each is answered once, as soon as it is found.

    What is known is answered at once. Archives are asked by jobs for the rest, at the pace that they
    allow; what they have not answered within `wait_s` is `unknown`, and its line names the job.
    """
    now = datetime.now(UTC)
    asked = Asked(request=request, at=moment_in_body(body.at), now=now, refresh=bool(body.refresh))
    with request.app[LOOKUP_SLOTS].taken():
        response = web.StreamResponse(headers={hdrs.CONTENT_TYPE: NDJSON, hdrs.CACHE_CONTROL: "no-store"})
        await response.prepare(request)
        unknown: list[LookupLine] = []
        for url in dict.fromkeys(body.urls):
            line = await _line(asked, url)
            if is_fetchable(url) and (asked.refresh or line.state is LookupState.UNKNOWN):
                unknown.append(line)
            else:
                await _write(response, line)
        waiting, refused = await _order(asked, unknown)
        for line in refused:
            await _write(response, line)
        async for line in _as_found(asked, waiting, wait_s=body.wait_s):
            await _write(response, line)
        await response.write_eof()
    return response


async def _order(
    asked: Asked, lines: Sequence[LookupLine]
) -> tuple[dict[int, StoredErrand], Sequence[LookupLine]]:
    """Have the archives asked for addresses, all or none: the errands by id, or the lines with the reason."""
    if not lines or _has_left(asked.request):
        return {}, ()
    orders = [Order(kind=ErrandKind.LOOKUP, url=line.url, at=asked.at) for line in lines]
    try:
        errands = await start_errands(asked.request, orders)
    except RequestProblem as problem:
        return {}, [line.model_copy(update={"reason": problem.detail}) for line in lines]
    return {errand.id: errand for errand in errands}, ()


def _has_left(request: web.Request) -> bool:
    """Whether the client went away: then nothing more is asked or read for it."""
    return request.transport is None or request.transport.is_closing()


async def _as_found(
    asked: Asked, waiting: dict[int, StoredErrand], *, wait_s: int
) -> AsyncIterator[LookupLine]:
    """Yield the lines of errands as these end, and of the rest when the time is up.

    None more once the client has left; the jobs go on.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + wait_s
    while waiting and loop.time() < deadline:
        await asyncio.sleep(min(POLL_S, max(0.0, deadline - loop.time())))
        if _has_left(asked.request):
            return
        for errand in await list_ended(asked.request.app[DATABASE], list(waiting)):
            del waiting[errand.id]
            yield await _line(asked, errand.url, reason=errand.reason)
    for errand in waiting.values():
        job = job_url(asked.request, errand_view(asked.request, errand).id)
        yield await _line(asked, errand.url, reason="the archives are still being asked", job=job)


async def _line(asked: Asked, url: str, *, reason: str | None = None, job: str | None = None) -> LookupLine:
    """Return what is known of one address now."""
    if not is_fetchable(url):
        return LookupLine(url=url, state=LookupState.UNKNOWN, total=0, reason=NOT_AN_ADDRESS)
    database = asked.request.app[DATABASE]
    span = await measure(database, url)
    answers = await list_answers(database, url)
    nearest = None
    if span is not None:
        at = asked.at or asked.now
        nearest = nearest_of(await known_captures(asked.request, url, at=at, limit=1), at)
    state = (
        LookupState.FOUND
        if span is not None
        else _state(answers, reason, asked.now, asked.request.app[SETTINGS])
    )
    return LookupLine(
        url=url,
        state=state,
        total=0 if span is None else span.count,
        nearest=nearest,
        archives=tuple(ArchiveAnswer.model_validate(each) for each in answers),
        reason=reason,
        job=job,
    )


def _state(
    answers: Sequence[KnownAnswer], reason: str | None, now: datetime, settings: Settings
) -> LookupState:
    """Return `none` where every archive that is asked said so last, and that still holds.

    Our own captures hold nothing then, or the address would be found; what they say proves nothing of others.
    """
    if reason is not None:
        return LookupState.UNKNOWN
    none = {each.archive for each in answers if each.state is LookupState.NONE and each.expires_at > now}
    asked = {*settings.asked_archives} or {LOCAL}
    return LookupState.NONE if asked <= none else LookupState.UNKNOWN


async def _write(response: web.StreamResponse, line: LookupLine) -> None:
    await send(response, line.model_dump_json().encode() + b"\n")
