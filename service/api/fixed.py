"""Articles written anew: the article with its links mended, the patch, and the list of changes."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer, with_etag
from service.api.context import DATABASE, SETTINGS
from service.api.fields import IdPath, View
from service.api.operation import Answer, Resource
from service.api.problem import RequestProblem, not_found
from service.api.reading import READING_ROOM, busy
from service.mending import FixedArticle, fix_stored, load_state
from service.reports.changes import is_patch, patch_of
from service.store.articles import get_article
from service.store.values import StoredArticle
from workers.errors import CannotMend, UnreadableDocument
from workers.extract.detect import BY_EXTENSION, BY_MEDIA_TYPE
from workers.ledger import ArticleState
from workers.mend.change import Change, Ground
from workers.mend.mend import can_mend
from workers.model import Format

fixes = Resource("fixes", "Articles written anew, with their links mended.")

DIFF = "text/x-diff"
LIST = "text/plain"
OCTETS = "application/octet-stream"
# The first name of a format is its usual one.
MEDIA_TYPES: Mapping[Format, str] = {fmt: name for name, fmt in reversed(tuple(BY_MEDIA_TYPE.items()))} | {
    Format.TEXT: "text/plain",
    Format.SITEMAP: "application/xml",
    Format.FEED: "application/xml",
}
EXTENSIONS: Mapping[Format, str] = {fmt: name for name, fmt in reversed(tuple(BY_EXTENSION.items()))}
# What strangers wrote comes from this origin: nothing of it may run, were it ever shown and not kept.
INERT = "sandbox; default-src 'none'; frame-ancestors 'none'"
PROBLEMS = {
    409: Answer(description="It is not read yet, or cannot be written back byte for byte.", problem=True),
    415: Answer(description="Its format is only read, not written.", problem=True),
    503: Answer(description="Too many articles are being read.", problem=True),
}
WRITTEN_TYPES = [name for name, fmt in BY_MEDIA_TYPE.items() if can_mend(fmt)]
FIXED_TYPES = tuple(dict.fromkeys([*WRITTEN_TYPES, *MEDIA_TYPES.values(), LIST, DIFF, OCTETS]))


class FixedQuery(BaseModel):
    """In which form the mended article is wanted."""

    model_config = ConfigDict(frozen=True)

    diff: Literal["false", "0", "true", "1"] = Field(
        default="false", description="The changes as a patch, and not the article."
    )

    @property
    def wants_patch(self) -> bool:
        """Whether the patch is asked for."""
        return self.diff in {"true", "1"}


class ChangeView(View):
    """One address that is, or is not, changed in the mended article."""

    citation_id: int
    ground: Ground = Field(description="Why it changes.")
    rule: str
    evidence: tuple[str, ...]
    written: str = Field(description="What stands in the article.")
    address: str = Field(description="What stands in the mended one, as a reader takes it.")
    refused: str | None = Field(description="Why it was not changed after all; null where it was.")


class ChangesView(View):
    """What is changed in the mended article, in the order of its source."""

    items: tuple[ChangeView, ...]


@fixes.get(
    "/v1/articles/{id}/fixed",
    answers={
        200: Answer(
            description="The article in its own format, or the patch.",
            media_types=FIXED_TYPES,
            headers={"Content-Disposition": "Names the file."},
        ),
        304: Answer(description="Not changed since the ETag that was named."),
        **PROBLEMS,
    },
)
async def show_fixed(request: web.Request, *, path: IdPath, query: FixedQuery) -> web.StreamResponse:
    """Give the article with accepted repairs, recovered targets, captures of dead links and decisions.

    Nothing else of it changes. With `diff`, or `Accept: text/x-diff`, the changes as a patch for `patch -p1`;
    for formats that are no text as a list for people.
    """
    stored, fixed = await _fixed(request, path.id)
    name = _file_name(stored)
    if query.wants_patch or DIFF in request.headers.get("Accept", ""):
        body = patch_of(name, fixed.source, fixed.document, fixed.mended)
        media_type = DIFF if is_patch(fixed.source, fixed.mended) else f"{LIST}; charset=utf-8"
        name += ".diff" if media_type == DIFF else ".txt"
    else:
        body, media_type = fixed.mended.data, _media_type(stored)
    response = web.Response(body=body)
    response.headers["Content-Type"] = media_type
    response.headers["Content-Disposition"] = _attachment(name)
    response.headers["Content-Security-Policy"] = INERT
    response.headers["Vary"] = "Accept"
    return with_etag(request, response, body)


@fixes.get(
    "/v1/articles/{id}/changes",
    answers={200: Answer(description="The changes.", model=ChangesView), **PROBLEMS},
)
async def list_article_changes(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """List what is changed in the mended article and why, and what was refused."""
    _, fixed = await _fixed(request, path.id)
    shown = [(each.change, _shown(fixed, each.change, each.address, None)) for each in fixed.mended.applied]
    shown += [
        (each.change, _shown(fixed, each.change, each.change.address, each.reason))
        for each in fixed.mended.refused
    ]
    shown.sort(key=lambda item: item[0].position)
    return answer(request, ChangesView(items=tuple(view for _, view in shown)))


def _shown(fixed: FixedArticle, change: Change, address: str, refused: str | None) -> ChangeView:
    citation = fixed.citations[change.position]
    return ChangeView(
        citation_id=citation.id,
        ground=change.ground,
        rule=change.rule,
        evidence=change.evidence,
        written=citation.found.target,
        address=address,
        refused=refused,
    )


async def _fixed(request: web.Request, article_id: int) -> tuple[StoredArticle, FixedArticle]:
    """Return a stored article written anew.

    Raises:
        RequestProblem: 404 unknown, 409 not read or not written back, 415 a format that is only read,
            503 where all slots for reading stay taken.
    """
    database = request.app[DATABASE]
    stored = await get_article(database, article_id)
    if stored is None:
        raise not_found("article", article_id)
    _require_writable(stored)
    public = bool(request.app[SETTINGS].public_url)
    state = await load_state(database, stored, has_public_url=public)
    if state is None:
        raise RequestProblem(409, "article-not-read", detail="Its content is not there yet.")
    try:
        return stored, await request.app[READING_ROOM].do(lambda reader: fix_stored(state, reader))
    except (CannotMend, UnreadableDocument) as error:
        raise RequestProblem(409, "article-not-written", detail=f"{error}.") from None
    except TimeoutError:
        raise busy() from None


def _require_writable(stored: StoredArticle) -> None:
    if stored.state is not ArticleState.READY or stored.format is None:
        reason = f": {stored.reason}" if stored.reason else ""
        raise RequestProblem(409, "article-not-read", detail=f"The article is {stored.state}{reason}.")
    if not can_mend(stored.format):
        detail = f"Articles of format {stored.format} are read, and not written."
        raise RequestProblem(415, "format-not-written", detail=detail)


def _media_type(stored: StoredArticle) -> str:
    """Return the media type it came with where that fits its format, else the format's usual one."""
    if stored.media_type is not None and BY_MEDIA_TYPE.get(stored.media_type) is stored.format:
        return stored.media_type
    return OCTETS if stored.format is None else MEDIA_TYPES.get(stored.format, OCTETS)


def _file_name(stored: StoredArticle) -> str:
    """Return a name for the article as a file: the last step of its source, with a suffix."""
    step = PurePosixPath(stored.source.partition("?")[0].rstrip("/")).name
    name = (
        "".join(sign for sign in step if sign.isprintable() and sign not in '/\\":*?<>|')[:150] or "article"
    )
    suffix = EXTENSIONS.get(stored.format, "") if stored.format else ""
    return name if PurePosixPath(name).suffix.lower() in BY_EXTENSION else name + suffix


def _attachment(name: str) -> str:
    """Return a Content-Disposition that names a file (RFC 6266), letters outside ASCII too."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
