"""Stripped links found again: on the article's own page, live or archived, or by their title.

Works over the Protocols of `workers/protocols.py`. Aligning the texts is the pure part of
`workers/align`; here pages are asked for, and what could not be asked is kept apart from what is not there.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from workers.align.cited import is_lost, read_cited
from workers.align.itself import own_keys, without_itself
from workers.align.match import nothing_found, recover_links
from workers.align.titles import is_bare_title
from workers.model import Decision, Document, Recovery, RecoveryReason
from workers.own_page import OwnPage, PageFinder, own_addresses
from workers.protocols import Archive, Fetcher
from workers.threads import OwnThreads
from workers.title_search import TitleSearch

DEADLINE_S: Final = 180.0
THREADS: Final = 2
Recoveries = dict[int, Recovery]

# What tells more about a link that was not found wins over what tells less.
_TELLING: Final = {
    RecoveryReason.MATCHED: 5,
    RecoveryReason.AMBIGUOUS: 4,
    RecoveryReason.NO_LINK: 3,
    RecoveryReason.NO_PLACE: 2,
    RecoveryReason.UNKNOWN: 1,
    RecoveryReason.NO_PAGE: 0,
}


class _Own:
    """One article, and where its own page may be asked for."""

    def __init__(
        self,
        *,
        document: Document,
        known: Mapping[str, str],
        given: Sequence[str],
        is_wanted: Callable[[str], bool],
    ) -> None:
        named = own_addresses(document, *given)
        every = own_addresses(document, *(known.get(url, url) for url in named))
        self.document = document
        self.known = known
        self.is_wanted = is_wanted
        self.addresses = [url for url in every if is_wanted(url)]
        self.keys = own_keys((*named, *every))
        self.is_held_back = len(self.addresses) < len(every)


class LinkRecoverer:
    """Looks for the stripped links of articles; one object serves a whole process.

    `archive` is None where no archive is asked. `clock` gives the time in UTC. Texts are read and aligned
    in `threads`, so that a page made to be slow holds up other recoveries only.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        archive: Archive | None,
        clock: Callable[[], datetime],
        threads: OwnThreads,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._threads = threads
        self._pages = PageFinder(fetcher=fetcher, archive=archive, clock=clock, threads=threads)
        self._titles = TitleSearch(fetcher=fetcher, archive=archive, clock=clock)
        self._deadline_s = deadline_s

    async def recover(
        self,
        document: Document,
        *,
        known: Mapping[str, str] | None = None,
        given: Sequence[str] = (),
        is_wanted: Callable[[str], bool] = lambda _: True,
    ) -> Recoveries:
        """Return what was found for each stripped link, by its number among the document's citations.

        `known` maps addresses as written to what stands for them now; `given` are further addresses of
        the article itself; `is_wanted` says which addresses may be asked for. Ends within the deadline;
        what was not asked by then is `unknown`.
        """
        lost = [number for number, found in enumerate(document.links) if is_lost(found)]
        found: Recoveries = {}
        if not lost:
            return found
        own = _Own(document=document, known=known or {}, given=given, is_wanted=is_wanted)
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._look(own, found)
        except TimeoutError:
            pass
        unknown = nothing_found(RecoveryReason.UNKNOWN)
        return {number: found.get(number, unknown) for number in lost}

    async def _look(self, own: _Own, found: Recoveries) -> None:
        """Fill `found` from the live page, then a memento, then by title."""
        live = await self._pages.find_live(own.document, own.addresses)
        if live.page is not None:
            await self._align(own, live.page, found)
        if own.addresses and _open(own.document, found):
            await self._look_in_archives(own, live.page, found)
        doubts = bool(live.doubts) or own.is_held_back
        reason = RecoveryReason.UNKNOWN if doubts else RecoveryReason.NO_PAGE
        for number in _open(own.document, found):
            found.setdefault(number, nothing_found(reason))
        await self._look_for_titles(own, found)

    async def _look_for_titles(self, own: _Own, found: Recoveries) -> None:
        """Look for bare titles that no page linked surely where the archives list the publisher's pages."""
        document = own.document
        bare = {each.number for each in read_cited(document, {}) if is_bare_title(each)}
        titles = {number: document.links[number] for number in _open(document, found) if number in bare}
        if not titles or not own.addresses:
            return
        for number, new in (await self._titles.look(titles, own.addresses[0], own.is_wanted)).items():
            held = without_itself(new, own.keys)
            if found[number].best is None or held.decision is Decision.AUTO:
                found[number] = held

    async def _look_in_archives(self, own: _Own, live: OwnPage | None, found: Recoveries) -> None:
        """Look for what the live page does not have in a memento of it."""
        archived = await self._pages.find_memento(own.document, own.addresses)
        if archived.page is not None:
            await self._align(own, archived.page, found)
        elif archived.doubts and (live is None or live.is_partial):
            # What a whole live page says stands; of a beginning, or of no page at all, nothing is known.
            for number in _open(own.document, found):
                held = found.get(number)
                if held is None or held.reason is RecoveryReason.NO_PLACE:
                    found[number] = nothing_found(RecoveryReason.UNKNOWN)

    async def _align(self, own: _Own, page: OwnPage, found: Recoveries) -> None:
        """Add what one page says of the links that are still open."""
        said = await self._threads.run(
            recover_links, own.document, page.text, found_on=page.found_on, known=own.known
        )
        own_and_page = own.keys | own_keys(page.addresses)
        for number in _open(own.document, found):
            held, new = found.get(number), said.get(number)
            new = None if new is None else without_itself(new, own_and_page)
            if new is not None and (held is None or _TELLING[new.reason] > _TELLING[held.reason]):
                found[number] = new


def _open(document: Document, found: Mapping[int, Recovery]) -> list[int]:
    """Return the numbers of the stripped links that no page answered surely yet."""
    return [
        number
        for number, link in enumerate(document.links)
        if is_lost(link) and (number not in found or found[number].decision is not Decision.AUTO)
    ]
