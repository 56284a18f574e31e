"""The web application, put together from settings, database and job queue."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from functools import partial

from aiohttp import hdrs, web

from service.api import context
from service.api.articles import articles
from service.api.audits import audits
from service.api.bulk_lookup import lookups
from service.api.captures import captures
from service.api.citations import citations
from service.api.documentation import OPENAPI, documentation, openapi_document
from service.api.events import events
from service.api.fixed import fixes
from service.api.health import health
from service.api.idempotency import SEEN_KEYS, SeenKeys
from service.api.intake import bind
from service.api.jobs import jobs
from service.api.links import links
from service.api.middleware import add_security_headers, limit_body, refuse_other_sites, tell_problems, watch
from service.api.operation import Operation, Resource
from service.api.package_room import PACKAGE_ROOM, PackageRoom
from service.api.reading import READING_ROOM, ReadingRoom
from service.api.robust_links import robust_links
from service.api.schedules import schedules
from service.api.slots import LOOKUP_SLOTS, LOOKUPS, Slots
from service.api.wacz import wacz
from service.memento.endpoints import add_memento
from service.metrics import Metrics
from service.pages.routes import add_pages
from service.settings import Settings
from service.store.database import Database
from service.store.schema import head_revision, schema_revision
from workers.ledger import JobQueue

# An address of 8,192 characters outside ASCII takes twelve bytes for each in a query.
MAX_LINE_BYTES = 131_072
RESOURCES: tuple[Resource, ...] = (
    articles,
    fixes,
    citations,
    links,
    audits,
    schedules,
    events,
    captures,
    lookups,
    robust_links,
    wacz,
    jobs,
    health,
    documentation,
)


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
    app[context.READINESS] = _readiness(database, readiness or {})
    app[SEEN_KEYS] = SeenKeys()
    app[LOOKUP_SLOTS] = Slots(LOOKUPS, what="bulk look-ups")
    app[OPENAPI] = openapi_document(RESOURCES)
    app.cleanup_ctx.extend((_reading_room, _package_room))
    app.on_response_prepare.append(add_security_headers)
    for resource in RESOURCES:
        for operation in resource.operations:
            _add_route(app, operation)
    add_memento(app)
    add_pages(app)
    return app


def _readiness(
    database: Database, more: Mapping[str, context.ReadinessCheck]
) -> dict[str, context.ReadinessCheck]:
    """Return the checks of /readyz by their names."""
    checks: dict[str, context.ReadinessCheck] = {
        "database": partial(_database_fault, database),
        "schema": partial(_schema_fault, database, head_revision()),
    }
    return checks | dict(more)


def _add_route(app: web.Application, operation: Operation) -> None:
    """Add one operation; HEAD goes with GET."""
    if operation.method == hdrs.METH_GET:
        app.router.add_get(operation.path, bind(operation), allow_head=True)
    else:
        app.router.add_route(operation.method, operation.path, bind(operation))


async def _database_fault(database: Database) -> str | None:
    """Return None where the database answers.

    Raises:
        StoreUnavailable: it does not.
    """
    await schema_revision(database)
    return None


async def _schema_fault(database: Database, head: str) -> str | None:
    """Return None where the schema is the one that this release needs."""
    found = await schema_revision(database)
    return None if found == head else f"at {found or 'no revision'}, {head} is needed: linkwright migrate"


def make_runner(app: web.Application, *, shutdown_timeout_s: float = 10) -> web.AppRunner:
    """Return the runner to serve `app` with: a request line holds any address, percent-encoded.

    aiohttp's own access log stays off, for it writes raw paths; ours is written by a middleware.
    """
    return web.AppRunner(
        app, access_log=None, max_line_size=MAX_LINE_BYTES, shutdown_timeout=shutdown_timeout_s
    )


async def _reading_room(app: web.Application) -> AsyncIterator[None]:
    """Keep the threads in which articles are read."""
    room = app[READING_ROOM] = ReadingRoom()
    yield
    await asyncio.to_thread(room.close)


async def _package_room(app: web.Application) -> AsyncIterator[None]:
    """Keep the threads in which WACZ files are built."""
    room = app[PACKAGE_ROOM] = PackageRoom()
    yield
    await room.close()
