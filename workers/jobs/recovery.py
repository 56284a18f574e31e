"""Jobs of workers that died: handed out again, each once.

The open-source engine looks only for jobs of its own executor id, and only when it starts. What it has
for others is private; it is called here and nowhere else.
"""

import asyncio
import logging
from collections.abc import Sequence

from dbos import DBOS

from workers.errors import LinkwrightError
from workers.jobs import names

log = logging.getLogger(__name__)

MOST_PENDING = 10_000


class EngineChanged(LinkwrightError):
    """The job engine lacks what recovery needs; another version of it is installed than was tested."""


def require_recovery() -> None:
    """Make sure that jobs of dead workers can be recovered, before any job is taken.

    Raises:
        EngineChanged: the installed engine cannot do it.
    """
    if not callable(getattr(DBOS, "_recover_pending_workflows", None)):
        raise EngineChanged("the installed dbos has no _recover_pending_workflows: use >=3.4,<4")


async def recover_workers(workers: Sequence[str]) -> int:
    """Queue the unfinished jobs of dead workers again; returns how many there were.

    May be called twice for one worker: a job that runs elsewhere by then is left alone.
    """
    recovered = await asyncio.to_thread(
        DBOS._recover_pending_workflows,  # noqa: SLF001 - the one place; see the module's words
        list(workers),
    )
    if recovered:
        log.warning("%d jobs of dead workers %s run again", len(recovered), ", ".join(workers))
    return len(recovered)


async def list_executors() -> set[str]:
    """Return the ids of all workers that jobs are said to run at."""
    pending = await DBOS.list_workflows_async(
        status="PENDING",
        application_name=names.APPLICATION,
        load_input=False,
        load_output=False,
        limit=MOST_PENDING,
    )
    return {job.executor_id for job in pending if job.executor_id}
