"""Whether the service lives and is ready, and its metrics."""

import asyncio
from collections.abc import Mapping

import structlog
from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer
from service.api.context import METRICS, READINESS, ReadinessCheck
from service.api.operation import Answer, Resource
from workers.errors import LinkwrightError

CHECK_TIMEOUT_S = 5.0

health = Resource("health", "Probes for operators and their tools.")
log = structlog.stdlib.get_logger(__name__)


class Liveness(BaseModel):
    """That the process answers."""

    model_config = ConfigDict(frozen=True)

    status: str = Field(description="Always `ok`.")


class Readiness(BaseModel):
    """Whether each part that requests need works."""

    model_config = ConfigDict(frozen=True)

    status: str = Field(description="`ready`, or `not ready` when any check failed.")
    checks: Mapping[str, str] = Field(description="Each part by name: `ok`, or why it is not.")


@health.get("/healthz", answers={200: Answer(description="The process is alive.", model=Liveness)})
async def get_liveness(request: web.Request) -> web.StreamResponse:
    """Say that the process is alive.

    Asks nothing of the database: a restart would not mend that.
    """
    return answer(request, Liveness(status="ok"))


@health.get(
    "/readyz",
    answers={
        200: Answer(description="Every part works.", model=Readiness),
        503: Answer(description="A part does not work; `checks` says which.", model=Readiness),
    },
)
async def get_readiness(request: web.Request) -> web.StreamResponse:
    """Say whether database, schema and jobs work."""
    checks = request.app[READINESS]
    reasons = await asyncio.gather(*(_reason(name, check) for name, check in checks.items()))
    failed = any(reason is not None for reason in reasons)
    readiness = Readiness(
        status="not ready" if failed else "ready",
        checks={name: reason or "ok" for name, reason in zip(checks, reasons, strict=True)},
    )
    return answer(request, readiness, status=503 if failed else 200)


async def _reason(name: str, check: ReadinessCheck) -> str | None:
    """Return why a part does not work, or None; a check that fails or hangs is a reason too."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_S):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT_S:g} s"
    except LinkwrightError as error:
        log.warning("readiness check failed", check=name, reason=str(error))
        return "failed; the log has the reason"


@health.get("/metrics", answers={200: Answer(description="Prometheus text format.", media_type="text/plain")})
async def get_metrics(request: web.Request) -> web.StreamResponse:
    """Return counters for Prometheus.

    Routes are labelled by pattern; no address, host or title ever becomes a label.
    """
    metrics = request.app[METRICS]
    return web.Response(
        body=metrics.exposition(), headers={"Content-Type": metrics.content_type, "Cache-Control": "no-store"}
    )
