"""The web application, put together from settings, database and job queue."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from service.api import context
from service.api.articles import articles
from service.api.audits import audits
from service.api.documentation import OPENAPI, documentation, openapi_document
from service.api.health import health
from service.api.idempotency import SEEN_KEYS, SeenKeys
from service.api.intake import bind
from service.api.jobs import jobs
from service.api.links import links
from service.api.middleware import add_security_headers, limit_body, refuse_other_sites, tell_problems, watch
from service.api.operation import Resource
from service.api.reading import READING_ROOM, ReadingRoom
from service.metrics import Metrics
from service.pages.routes import add_pages
from service.settings import Settings
from service.store.database import Database
from workers.ledger import JobQueue

RESOURCES: tuple[Resource, ...] = (articles, links, audits, jobs, health, documentation)


def make_app(
    settings: Settings,
    *,
    database: Database,
    jobs: JobQueue,
    readiness: Mapping[str, context.ReadinessCheck] | None = None,
) -> web.Application:
    """Return the application; it opens nothing of its own but the threads that read articles.

    `readiness` names checks of /readyz beside those of the database, such as `jobs`.
    """
    metrics = Metrics()
    app = web.Application(
        middlewares=[
            watch(metrics),
            tell_problems,
            refuse_other_sites,
            limit_body(settings.max_article_bytes),
        ],
        client_max_size=settings.max_article_bytes,
    )
    app[context.SETTINGS] = settings
    app[context.DATABASE] = database
    app[context.JOBS] = jobs
    app[context.METRICS] = metrics
    app[context.READINESS] = dict(readiness or {})
    app[SEEN_KEYS] = SeenKeys()
    app[OPENAPI] = openapi_document(RESOURCES)
    app.cleanup_ctx.append(_reading_room)
    app.on_response_prepare.append(add_security_headers)
    for resource in RESOURCES:
        for operation in resource.operations:
            app.router.add_route(operation.method, operation.path, bind(operation), name=operation.name)
    add_pages(app)
    return app


async def _reading_room(app: web.Application) -> AsyncIterator[None]:
    """Keep the threads in which articles are read."""
    room = app[READING_ROOM] = ReadingRoom()
    yield
    await asyncio.to_thread(room.close)
