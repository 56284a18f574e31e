"""The pages for people: their templates, their assets and the headers they go out with."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import web

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
    app.router.add_static("/assets/swagger-ui", HERE / "vendor" / "swagger-ui", append_version=True)
    app.router.add_static("/assets", HERE / "assets", append_version=True)


def page(
    request: web.Request, template: str, values: Mapping[str, object] | None = None, *, status: int = 200
) -> web.Response:
    """Return one page made from `template`, under the pages' content policy."""
    response = aiohttp_jinja2.render_template(template, request, dict(values or {}), status=status)
    response.headers["Content-Security-Policy"] = PAGE_CONTENT_POLICY
    response.headers["Cache-Control"] = "no-cache"
    return response


def _moment(value: datetime | None) -> str:
    """Return a moment as people read it, in UTC; nothing where there is none."""
    return "" if value is None else value.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
