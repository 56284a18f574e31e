"""The processes as people start them: migrate, serve, web and work, killed and stopped."""

import asyncio
import hashlib
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.loopback import LoopbackWeb, Page

ROOT = Path(__file__).parents[3]
COMMAND = (sys.executable, "-c", "from service.cli.main import main; main()")
WAIT_S = 90
PAGES = 36


class Service:
    """Processes over one set of settings."""

    def __init__(self, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LINKWRIGHT_")}
        self.environment = kept | settings | {"PYTHONPATH": str(ROOT)}

    async def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command to its end; returns exit status, standard output and standard error."""
        process = await self._start(*arguments, stderr=PIPE)
        async with asyncio.timeout(WAIT_S):
            out, err = await process.communicate()
        return process.returncode or 0, out.decode(), err.decode()

    @asynccontextmanager
    async def running(self, *arguments: str, says: str) -> AsyncIterator[tuple[Process, str]]:
        """Start a command and wait for the line that matches `says`; gives the process and the match."""
        process = await self._start(*arguments, stderr=None)
        try:
            assert process.stdout is not None
            async with asyncio.timeout(WAIT_S):
                async for line in process.stdout:
                    if found := re.search(says, line.decode()):
                        break
                else:
                    raise AssertionError(f"{arguments} ended with {await process.wait()}")
            yield process, found[0]
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def _start(self, *arguments: str, stderr: int | None) -> Process:
        return await asyncio.create_subprocess_exec(
            *COMMAND, *arguments, env=self.environment, stdout=PIPE, stderr=stderr, cwd="/"
        )


async def _ask(url: str, body: bytes | None = None) -> Any:
    request = ClientSession(headers={"Content-Type": "text/markdown"})
    async with request as session, session.request("POST" if body else "GET", url, data=body) as answer:
        return await answer.json()


async def _audit_when(base: str, claim: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(WAIT_S):
        while True:
            items = (await _ask(f"{base}/v1/audits"))["items"]
            if items and claim(items[0]):
                return items[0]
            await asyncio.sleep(0.1)


def _page(number: int) -> Page:
    """Return a page unlike the others: pages that are all alike would be taken for error pages."""
    words = " ".join(hashlib.sha256(f"{number} {n}".encode()).hexdigest()[:7] for n in range(60))
    return Page(f"<title>Page {number}</title><h1>Page {number}</h1><p>{words}</p>".encode())


@pytest.fixture
async def web() -> AsyncIterator[LoopbackWeb]:
    async with LoopbackWeb() as web:
        for number in range(PAGES):
            web.page(f"/page/{number}", _page(number))
        yield web


@pytest.fixture
def settings(web: LoopbackWeb, tmp_path: Path) -> dict[str, str]:
    hosts = [f"site{number}.test" for number in range(6)]
    return {
        "LINKWRIGHT_HOME": str(tmp_path / "home"),
        "LINKWRIGHT_ARCHIVES": "",
        "LINKWRIGHT_GAP_MS": "100",
        "LINKWRIGHT_PORT": "0",
        "LINKWRIGHT_LEASE_S": "2",
        "LINKWRIGHT_LEASE_BEAT_S": "0.5",
        "LINKWRIGHT_RESOLVE": ",".join(f"{host}:80:127.0.0.1:{web.port}" for host in hosts),
    }


ARTICLE = "# Many links\n\n" + "".join(
    f"A [page {number}](http://site{number % 6}.test/page/{number}).\n" for number in range(PAGES)
)
HERE = r"http://127\.0\.0\.1:\d+"


async def _end(process: Process) -> int:
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(WAIT_S):
        return await process.wait()


async def test_everything_in_one_process_goes_on_after_a_kill(settings: dict[str, str]) -> None:
    service = Service(**settings)
    async with service.running("serve", says=HERE) as (process, base):
        await _ask(f"{base}/v1/articles", ARTICLE.encode())
        await _audit_when(base, lambda audit: audit["state"] == "running")
        process.kill()
        await process.wait()
    async with service.running("serve", says=HERE) as (process, base):
        audit = await _audit_when(base, lambda audit: audit["state"] == "done")
        assert audit["progress"]["planned"] == audit["progress"]["stored"] == PAGES
        assert audit["progress"]["by_outcome"] == {"ok": PAGES}
        refused = await service.run("serve")
        assert (refused[0], refused[1]) == (2, "")
        assert "is in use by process" in refused[2]
        assert await _end(process) == 0


async def test_web_and_work_are_two_processes_on_postgresql(
    settings: dict[str, str], request: pytest.FixtureRequest
) -> None:
    server = request.getfixturevalue("postgres")
    name = server.create()
    service = Service(**settings, LINKWRIGHT_DATABASE_URL=server.url(name))
    early = await service.run("work")
    assert early[0] == 2
    assert "run `linkwright migrate`" in early[2]
    status, said, _ = await service.run("migrate")
    assert status == 0
    assert re.fullmatch(r"schema is at \d{4} \(was empty\)\n", said)
    async with (
        service.running("web", says=HERE) as (front, base),
        service.running("work", says="worker started") as (worker, _),
    ):
        await _ask(f"{base}/v1/articles", ARTICLE.encode())
        audit = await _audit_when(base, lambda audit: audit["state"] == "done")
        assert audit["progress"]["by_outcome"] == {"ok": PAGES}
        assert await asyncio.gather(_end(front), _end(worker)) == [0, 0]
    server.drop(name)


async def test_a_worker_alone_on_sqlite_is_refused(settings: dict[str, str]) -> None:
    status, out, err = await Service(**settings).run("work")
    assert (status, out) == (2, "")
    assert "work needs PostgreSQL (LINKWRIGHT_DATABASE_URL)" in err
