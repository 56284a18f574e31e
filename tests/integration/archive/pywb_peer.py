"""pywb, warcio and the wacz tool from their own virtual environment, as judges of what we write."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).parents[3]
PEERS = ROOT / ".venv-replay" / "bin"

needs_peers = pytest.mark.skipif(
    not (PEERS / "wayback").exists(),
    reason="pywb and the wacz tool live in .venv-replay, which `make setup-dev` installs",
)


async def run_peer(*command: str, cwd: Path) -> tuple[int, str]:
    """Run a tool of that environment and return its exit status with everything it printed."""
    process = await asyncio.create_subprocess_exec(
        str(PEERS / command[0]),
        *command[1:],
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode("utf-8", "replace")


async def assert_passes_warcio_check(files: Sequence[Path]) -> None:
    """Fail unless `warcio check` finds nothing wrong with the files."""
    status, printed = await run_peer("warcio", "check", *map(str, files), cwd=files[0].parent)
    assert (status, printed) == (0, "")


@contextlib.asynccontextmanager
async def replaying(folder: Path, files: Sequence[Path]) -> AsyncIterator[str]:
    """Serve WARC or WACZ files by pywb from an empty folder; give the base address of the collection."""
    status, printed = await run_peer("wb-manager", "init", "kept", cwd=folder)
    assert status == 0, printed
    status, printed = await run_peer(
        "wb-manager", "add", "--unpack-wacz", "kept", *map(str, files), cwd=folder
    )
    assert status == 0, printed
    (folder / "config.yaml").write_text("framed_replay: false\nredirect_to_exact: true\n", encoding="utf-8")
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        str(PEERS / "wayback"),
        *("-p", str(port), "-b", "127.0.0.1", "-t", "2"),
        cwd=folder,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _listening(port, process)
        yield f"http://127.0.0.1:{port}/kept"
    finally:
        process.terminate()
        await process.wait()


async def read(url: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers (names lower-case) and body of one address, redirects not followed."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, allow_redirects=False, headers=headers) as answer,
    ):
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, await answer.read()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _listening(port: int, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(60):
        while process.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                await writer.wait_closed()
                return
            await asyncio.sleep(0.1)
    raise AssertionError("pywb ended before it listened")
