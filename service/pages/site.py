"""The pages for people: their templates, their assets and the headers they go out with."""

import functools
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web
from aiohttp.typedefs import Handler

from service.api.problem import RequestProblem, not_found
from service.store.paging import MAX_ID, InvalidCursor
from workers.url import is_fetchable

HERE = Path(__file__).parent
# Swagger UI draws icons from data: addresses and asks this origin for the description.
PAGE_CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def set_up_site(app: web.Application) -> None:
    """Add templates and assets to `app`; whatever a template shows is escaped."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = _moment
    # Escaping does not stop `javascript:` in an href; only what this says yes to becomes a link.
    environment.tests["web_address"] = is_fetchable
    app.router.add_static("/assets/swagger-ui", HERE / "vendor" / "swagger-ui")
    app.router.add_static("/assets", HERE / "assets")


def page(
    request: web.Request, template: str, values: Mapping[str, object] | None = None, *, status: int = 200
) -> web.Response:
    """Return one page made from `template`, under the pages' content policy."""
    response = aiohttp_jinja2.render_template(template, request, dict(values or {}), status=status)
    response.headers["Content-Security-Policy"] = PAGE_CONTENT_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


def told_as_page(handler: Handler) -> Handler:
    """Return `handler` with the problems it raises shown as a page, for a person is looking."""

    @functools.wraps(handler)
    async def told(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except RequestProblem as problem:
            values = {"title": problem.title, "detail": problem.detail}
            return page(request, "problem.html", values, status=problem.status)
        except InvalidCursor as error:
            values = {"title": "No such page", "detail": f"The {error}."}
            return page(request, "problem.html", values, status=400)

    return told


def id_of(request: web.Request) -> int:
    """Return the id in the path, which the route lets be digits only.

    Raises:
        RequestProblem: it is larger than any id.
    """
    identity = int(request.match_info["id"])
    if not 0 < identity <= MAX_ID:
        raise not_found("page", request.match_info["id"])
    return identity


def cursor_of(request: web.Request) -> str | None:
    """Return the cursor of the page that is asked for, None for the first."""
    return request.query.get("cursor")


def _moment(value: datetime | None) -> str:
    """Return a moment as people read it, in UTC; nothing where there is none."""
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
