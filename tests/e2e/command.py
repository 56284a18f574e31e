"""The installed command, run as a person runs it."""

import asyncio
import os
import sys
from pathlib import Path

COMMAND = Path(sys.executable).with_name("linkwright")
COMMAND_S = 60


async def linkwright(*args: str, **environment: str) -> tuple[int, str, str]:
    """Run the command and return its exit status, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(
        str(COMMAND),
        *args,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment},
    )
    async with asyncio.timeout(COMMAND_S):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()
