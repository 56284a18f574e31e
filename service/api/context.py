"""What every request can reach: the settings, the database, the job queue, the metrics."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from service.metrics import Metrics
from service.settings import Settings
from service.store.database import Database
from workers.ledger import JobQueue

ReadinessCheck = Callable[[], Awaitable[str | None]]

SETTINGS = web.AppKey("settings", Settings)
DATABASE = web.AppKey("database", Database)
JOBS = web.AppKey("jobs", JobQueue)
METRICS = web.AppKey("metrics", Metrics)
READINESS = web.AppKey("readiness", dict[str, ReadinessCheck])
