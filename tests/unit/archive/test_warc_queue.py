"""Pages that wait for one writer: the fault of one is none of those beside it."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

import pytest

from workers.archive.captures import LocalCapture
from workers.archive.warc import WarcWriter
from workers.archive.warc_queue import Page, PageQueue, Written
from workers.errors import CaptureFailed

WAIT_S = 60.0


class Writer:
    """A writer whose first page waits for a word; pages named in `faults` raise."""

    def __init__(self, faults: dict[str, Exception] | None = None) -> None:
        self.faults = faults or {}
        self.may_go = threading.Event()
        self.rechecked = False

    def write(self, page: Any) -> Written:
        """Write a page, which is its name here."""
        assert self.may_go.wait(WAIT_S)
        if page in self.faults:
            raise self.faults[page]
        return cast("tuple[LocalCapture, ...]", (page,))

    def recheck_later(self) -> None:
        """Note that the file is to be read over."""
        self.rechecked = True


def start(queue: PageQueue, *names: str) -> list[asyncio.Task[Written]]:
    return [asyncio.create_task(queue.write(cast("Page", name))) for name in names]


async def test_a_fault_of_one_page_leaves_the_others_written() -> None:
    writer = Writer({"b": OSError("the disk is full"), "c": MemoryError()})
    with ThreadPoolExecutor(1) as thread:
        writes = start(PageQueue(cast("WarcWriter", writer), thread), "a", "b", "c", "d")
        await asyncio.sleep(0)
        writer.may_go.set()
        told = await asyncio.gather(*writes, return_exceptions=True)
    assert [told[0], told[3]] == [("a",), ("d",)]
    assert [str(told[1]), str(told[2])] == [
        "captures: OSError: the disk is full",
        "captures: MemoryError: ",
    ]
    assert all(isinstance(each, CaptureFailed) for each in told[1:3])
    assert writer.rechecked


async def test_a_cancelled_waiter_takes_nobody_with_it() -> None:
    writer = Writer()
    with ThreadPoolExecutor(1) as thread:
        writes = start(PageQueue(cast("WarcWriter", writer), thread), "a", "b", "c")
        await asyncio.sleep(0)
        writes[0].cancel()
        writes[1].cancel()
        await asyncio.sleep(0)
        writer.may_go.set()
        told = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(each) for each in told[:2]] == [asyncio.CancelledError] * 2
    assert told[2] == ("c",)


async def test_pages_after_the_end_of_the_thread_are_told_so() -> None:
    writer = Writer()
    writer.may_go.set()
    with ThreadPoolExecutor(1) as thread:
        queue = PageQueue(cast("WarcWriter", writer), thread)
        assert await queue.write(cast("Page", "a")) == ("a",)
    for _ in range(2):
        with pytest.raises(CaptureFailed, match="after shutdown"):
            await queue.write(cast("Page", "b"))
