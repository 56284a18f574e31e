"""Problem details: the one shape in which the service says what is wrong with a request (RFC 9457)."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from workers.errors import LinkwrightError

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:linkwright:problem:"

SERVER_ERRORS = 500
_KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")


class Flaw(BaseModel):
    """One part of a request that cannot be used, with its place."""

    model_config = ConfigDict(frozen=True)

    detail: str = Field(description="What is wrong, in words for a person.")
    pointer: str | None = Field(
        default=None, description="JSON Pointer into the request body, as a URI fragment (`#/url`)."
    )
    parameter: str | None = Field(default=None, description="Name of the path or query parameter.")
    header: str | None = Field(default=None, description="Name of the request header.")


class Problem(BaseModel):
    """What is wrong with a request, as RFC 9457 writes it."""

    model_config = ConfigDict(frozen=True)

    type: str = Field(description="A stable name of this kind of problem.")
    title: str = Field(description="The kind of problem in a few words; always the same for one type.")
    status: int = Field(description="The HTTP status of this answer.")
    detail: str = Field(description="What is wrong with this very request.")
    request_id: str | None = Field(default=None, description="Quote it when asking the operator.")
    errors: tuple[Flaw, ...] = Field(default=(), description="The parts of the request that are at fault.")


class RequestProblem(LinkwrightError):
    """A request that cannot be served; the problem middleware turns it into an answer.

    `kind` becomes the last part of the problem's type, its words the title.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        *,
        detail: str,
        errors: Sequence[Flaw] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    @property
    def title(self) -> str:
        """The words of its kind."""
        return self.kind.replace("-", " ").capitalize()


def not_found(what: str, identity: object) -> RequestProblem:
    """Return the problem of a resource that does not exist; `what` is its word, such as 'article'."""
    return RequestProblem(404, "not-found", detail=f"There is no {what} {str(identity)[:200]!r}.")


def problem_answer(problem: RequestProblem, *, request_id: str | None = None) -> web.Response:
    """Return the answer that tells of `problem`."""
    body = Problem(
        type=TYPE_PREFIX + problem.kind,
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        request_id=request_id,
        errors=problem.errors,
    )
    return web.Response(
        status=problem.status,
        body=body.model_dump_json(exclude_none=True).encode(),
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": "no-store", **problem.headers},
    )


_KINDS_OF_STATUS = {
    400: "bad-request",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    408: "request-timeout",
    413: "content-too-large",
    415: "unsupported-media-type",
    417: "expectation-failed",
}


def from_http_exception(error: web.HTTPException, request: web.Request) -> RequestProblem:
    """Return aiohttp's own error (404, 405, 413 …) as a problem, `Allow` and `Retry-After` kept."""
    kind = _KINDS_OF_STATUS.get(
        error.status, "internal-error" if error.status >= SERVER_ERRORS else "bad-request"
    )
    details = {
        404: f"There is nothing at {request.path[:200]!r}.",
        405: f"{request.method} is not allowed here; Allow names what is.",
        413: "The request body is larger than this service takes.",
    }
    headers = {name: error.headers[name] for name in _KEPT_HEADERS if name in error.headers}
    return RequestProblem(error.status, kind, detail=details.get(error.status, error.reason), headers=headers)
