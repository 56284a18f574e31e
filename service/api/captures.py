"""Captures: what archives and our own files are known to hold of a resource."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from aiohttp import web
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url
from service.api.context import DATABASE, SETTINGS
from service.api.fields import Limit, View, WebAddress
from service.api.moments import parse_moment
from service.api.operation import Answer, Resource
from service.store.captures import StoreCaptureIndex
from service.store.mementos import list_mementos
from workers.archive.captures import LocalCapture
from workers.model import Memento, Quality
from workers.url import lookup_key

captures = Resource("captures", "What archives and our own files hold of a resource.")

LOCAL = "local"


def _readable(text: str) -> str:
    parse_moment(text)
    return text


class CaptureQuery(BaseModel):
    """Which captures."""

    model_config = ConfigDict(frozen=True)

    url: WebAddress = Field(description="The original resource; scheme and `www.` do not count.")
    at: Annotated[str, AfterValidator(_readable)] | None = Field(
        default=None,
        max_length=64,
        description="The captures nearest to this time; left out, the latest. A date or RFC 3339.",
        json_schema_extra={"format": "moment"},
    )
    limit: Limit = 50


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


@captures.get("/v1/captures", answers={200: Answer(description="The captures.", model=CapturesView)})
async def list_captures(request: web.Request, *, query: CaptureQuery) -> web.StreamResponse:
    """List the known captures of a resource, those nearest to a time.

    Only what is known here already; no archive is asked within the request.
    """
    database = request.app[DATABASE]
    local = await StoreCaptureIndex(database).list(lookup_key(query.url))
    known = _merged(request, local, await list_mementos(database, query.url))
    at = datetime.now(UTC) if query.at is None else parse_moment(query.at)
    nearest = sorted(known, key=lambda each: abs(each.memento_datetime - at))[: query.limit]
    view = CapturesView(
        original=query.url,
        total=len(known),
        nearest=nearest[0] if nearest else None,
        items=tuple(sorted(nearest, key=_order)),
    )
    return answer(request, view)


def _merged(
    request: web.Request, local: Sequence[LocalCapture], mementos: Sequence[Memento]
) -> list[CaptureView]:
    """Return all captures once each; a local one that was judged keeps its quality."""
    shown = {(m.archive, m.original, m.memento_datetime.replace(microsecond=0)): _known(m) for m in mementos}
    for capture in local:
        place = (LOCAL, capture.original, capture.memento_datetime.replace(microsecond=0))
        shown.setdefault(place, _local(request, capture))
    return list(shown.values())


def _known(memento: Memento) -> CaptureView:
    return CaptureView(
        original=memento.original,
        archive=memento.archive,
        memento_datetime=memento.memento_datetime,
        uri=memento.uri_m,
        status=memento.status,
        media_type=memento.media_type,
        digest=memento.digest,
        quality=memento.quality,
        reasons=memento.reasons,
    )


def _local(request: web.Request, capture: LocalCapture) -> CaptureView:
    path = f"/memento/{capture.memento_datetime:%Y%m%d%H%M%S}/{capture.original}"
    return CaptureView(
        original=capture.original,
        archive=LOCAL,
        memento_datetime=capture.memento_datetime,
        uri=public_url(request, request.app[SETTINGS].public_url, path),
        status=capture.status,
        media_type=capture.media_type,
        digest=capture.payload_digest,
        quality=Quality.UNVERIFIED,
        reasons=(),
    )


def _order(capture: CaptureView) -> tuple[datetime, bool, str]:
    return (capture.memento_datetime, capture.archive != LOCAL, capture.uri)
