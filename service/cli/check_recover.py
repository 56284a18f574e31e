"""The stripped links of a run of `check`, looked for on the pages that its articles were taken from."""

import asyncio
from collections.abc import Mapping, Sequence

from service.cli.inputs import ReadInput
from service.cli.selection import Selection
from service.cli.wiring import Parts, utc_now
from workers.model import Recovery
from workers.threads import OwnThreads

AT_ONCE = 4


async def recover_articles(
    parts: Parts,
    lost: Sequence[ReadInput],
    known: Mapping[str, str],
    *,
    selection: Selection,
    ask_archives: bool,
) -> list[Mapping[int, Recovery]]:
    """Return what was found of the stripped links of inputs, looked for a few at a time.

    It is by the number of the link among those that the selection leaves. `known` maps addresses as written
    to what stands for them now.
    """
    if not lost:
        return []
    # What aligns texts takes a tenth of the start-up time, and most articles have lost nothing.
    from workers.recover import THREADS, LinkRecoverer

    archive = parts.archives if ask_archives else None
    free = asyncio.Semaphore(AT_ONCE)

    async def look(read: ReadInput) -> Mapping[int, Recovery]:
        document = selection.select(read.document)
        given = [read.source.base] if read.source.base else []
        async with free:
            return await recoverer.recover(
                document,
                known=known,
                given=given,
                is_wanted=lambda url: selection.wants(document.part_of or document.source, url),
            )

    with OwnThreads("recover", threads=THREADS) as threads:
        recoverer = LinkRecoverer(fetcher=parts.fetcher, archive=archive, clock=utc_now, threads=threads)
        async with asyncio.TaskGroup() as group:
            looks = [group.create_task(look(read)) for read in lost]
    return [each.result() for each in looks]
