"""The web application, put together from settings, database and job queue."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web

from service.api import context
from service.api.documentation import OPENAPI, documentation, openapi_document
from service.api.health import health
from service.api.intake import bind
from service.api.middleware import add_security_headers, limit_body, refuse_other_sites, tell_problems, watch
from service.api.operation import Resource
from service.metrics import Metrics
from service.pages.routes import add_pages
from service.settings import Settings
from service.store.database import Database
from workers.ledger import JobQueue

RESOURCES: tuple[Resource, ...] = (health, documentation)
READING_THREADS = 2


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
    app[OPENAPI] = openapi_document(RESOURCES)
    app.cleanup_ctx.append(_reading_pool)
    app.on_response_prepare.append(add_security_headers)
    for resource in RESOURCES:
        for operation in resource.operations:
            app.router.add_route(operation.method, operation.path, bind(operation), name=operation.name)
    add_pages(app)
    return app


async def _reading_pool(app: web.Application) -> AsyncIterator[None]:
    """Keep the threads in which articles are read, and as many slots, so that no queue grows behind them."""
    with ThreadPoolExecutor(READING_THREADS, thread_name_prefix="reading") as pool:
        app[context.READING_POOL] = pool
        app[context.READING_SLOTS] = asyncio.Semaphore(READING_THREADS)
        yield
