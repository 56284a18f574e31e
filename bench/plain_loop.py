"""The baseline of `bench.pipeline`: a plain aiohttp loop with a semaphore a host."""

import asyncio
import sys
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp


async def main(links: list[str], per_host: int) -> None:
    """Ask for every link and read every body."""
    slots: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(per_host))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

        async def ask(url: str) -> None:
            async with slots[urlsplit(url).netloc], session.get(url) as answer:
                await answer.read()

        await asyncio.gather(*map(ask, links))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]).read_text().split(), int(sys.argv[2])))
