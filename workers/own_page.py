"""An article's own page: live where it still shows the article, else its best memento.

Only a page that has the article's text is its page: walls, error pages, home pages and other articles
are not, and what could not be asked is told apart from what is not there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Final

from workers.align.cited import article_words
from workers.align.page_text import MAX_PAGE_BYTES, PageText, read_page_text
from workers.align.sameness import Sameness, compare
from workers.align.unwrap import distinct, original_of
from workers.archive.choose import order
from workers.archive.timestamps import timestamp_14
from workers.archive.verify import as_captured
from workers.errors import LinkwrightError
from workers.judge import Judge, page_of
from workers.model import (
    Decision,
    Document,
    FoundOn,
    Kind,
    LinkTask,
    Lookup,
    LookupState,
    Memento,
    Observation,
    Outcome,
)
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.repair.propose import propose
from workers.repair.surroundings import Surroundings
from workers.threads import OwnThreads
from workers.url import is_fetchable
from workers.verdict.page import Page

MAX_ADDRESSES: Final = 3
MAX_CANDIDATES: Final = 4
MAX_MEMENTOS: Final = 5
OWN_KINDS: Final = (Kind.ORIGINAL_URL, Kind.CANONICAL)
_COULD_NOT_TELL = frozenset({Outcome.DOWN, Outcome.BLOCKED, Outcome.REFUSED})
_GOOD = range(200, 300)
# Statuses with which an archive says that it has nothing of this, rather than that it cannot answer.
_NOT_HELD = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A page that shows the article, and where it was found; `is_partial` where it shows the beginning.

    `asked` is the address it was asked for under: of a capture its original's.
    """

    text: PageText
    found_on: FoundOn
    is_partial: bool
    asked: str

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses that the page has: asked for, answered at, and its capture's."""
        return self.asked, self.text.url, self.found_on.url


@dataclass(slots=True)
class Search:
    """What looking for a page came to: the page, and what could not be asked on the way."""

    page: OwnPage | None = None
    doubts: list[str] = field(default_factory=list)


def own_addresses(document: Document, *given: str | None) -> list[str]:
    """Return the addresses an article has by its own word and by what is known of it, best first.

    `given` come first; an archive's address counts as the one inside it.
    """
    named = [found for kind in OWN_KINDS for found in document.links if found.kind is kind]
    written = (*given, *(found.resolved or found.target for found in named), document.own_url)
    return [url for url in distinct(original_of(url) for url in written if url) if is_fetchable(url)]


class PageFinder:
    """Finds the pages of articles over the two seams; `archive` is None where none is asked.

    Pages are read in `threads`.
    """

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        archive: Archive | None,
        clock: Callable[[], datetime],
        threads: OwnThreads,
    ) -> None:
        self._fetcher = fetcher
        self._archive = archive
        self._threads = threads
        self._judge = Judge(fetcher, clock=clock)

    async def find_live(self, document: Document, addresses: Sequence[str]) -> Search:
        """Return the first of these addresses that shows the article today."""
        search = Search()
        for address in addresses[:MAX_ADDRESSES]:
            request = FetchRequest(url=address, max_body_bytes=MAX_PAGE_BYTES)
            seen = await self._fetcher.observe(request)
            found = FoundOn(kind="live", url=seen.final_url)
            search.page = await self._shown(document, seen, found, stamp=None)
            if search.page is not None:
                return search
            search.doubts += await self._doubts(document, address, seen)
        return search

    async def find_memento(self, document: Document, addresses: Sequence[str]) -> Search:
        """Return the capture nearest the article's date that shows it, of these or repaired addresses."""
        if self._archive is None:
            return Search(doubts=["archives are not asked in this run"])
        search = Search()
        for address in _with_candidates(document, addresses):
            lookups = await self._archive.lookup(address, near=document.published)
            if not lookups:
                search.doubts.append("no archive is configured")
                break
            unknown = [each for each in lookups if each.state is LookupState.UNKNOWN]
            search.doubts += [f"{each.archive}: {each.reason or 'no answer'}" for each in unknown]
            await self._look_at(document, address, lookups, search)
            if search.page is not None or (unknown and len(unknown) == len(lookups)):
                break
        return search

    async def _look_at(
        self, document: Document, address: str, lookups: Sequence[Lookup], search: Search
    ) -> None:
        """Read the captures of one address until one shows the article."""
        mementos = [memento for lookup in lookups for memento in lookup.mementos]
        looked: set[str] = set()
        for memento in order(mementos, original=address, near=document.published):
            if memento.digest in looked or len(looked) >= MAX_MEMENTOS:
                continue
            looked.add(memento.digest or memento.uri_m)
            answer, doubt = await self._read(memento)
            if doubt is not None:
                search.doubts.append(doubt)
                continue
            at = memento.memento_datetime
            found = FoundOn(kind="memento", url=memento.uri_m, memento_datetime=at)
            seen = as_captured(memento, answer)
            search.page = await self._shown(document, seen, found, stamp=timestamp_14(at))
            if search.page is not None:
                return

    async def _read(self, memento: Memento) -> tuple[Observation, str | None]:
        """Return a capture as captured, else as replayed, and why it could not be read (None: it was)."""
        if self._archive is None:
            raise AssertionError("captures are read of archives that were asked")
        try:
            answer = await self._archive.read(memento)
            if answer.status in _NOT_HELD and is_fetchable(memento.uri_m):
                answer = await self._archive.read(memento, raw=False)
        except LinkwrightError as error:
            return _nothing(memento), str(error)
        if answer.status is None:
            return answer, f"{memento.uri_m}: {answer.failure_reason or answer.failure}"
        is_answer = answer.status in _GOOD or answer.status in _NOT_HELD
        return answer, None if is_answer else f"{memento.uri_m}: status {answer.status}"

    async def _shown(
        self, document: Document, seen: Observation, found: FoundOn, *, stamp: str | None
    ) -> OwnPage | None:
        """Return the page of an answer where it shows the article."""
        if seen.status not in _GOOD or not seen.body:
            return None
        return await self._threads.run(_own_page, document, seen, found, stamp)

    async def _doubts(self, document: Document, address: str, seen: Observation) -> list[str]:
        """Return why an answer that does not show the article leaves it open; empty where it does not."""
        task = LinkTask(written=address, headline=document.headline, published=document.published)
        judged = await self._judge.judge(task, seen)
        if judged.verdict.outcome in _COULD_NOT_TELL:
            return [f"{address}: {judged.verdict.outcome}: {'; '.join(judged.verdict.evidence[:1])}"]
        if judged.page is not None and judged.page.is_shell:
            return [f"{address}: it shows nothing before its scripts run"]
        return []


def _own_page(document: Document, seen: Observation, found: FoundOn, stamp: str | None) -> OwnPage | None:
    """Read one answer and compare it with the article; slow on long pages, so run in a thread."""
    page = page_of(seen)
    if page is None or not page.is_html:
        return None
    text = read_page_text(seen.body, url=seen.final_url, charset=seen.charset, stamp=stamp)
    same = _compare(document, text, page)
    if not same.is_same:
        return None
    return OwnPage(text=text, found_on=found, is_partial=same.is_partial, asked=seen.url)


def _compare(document: Document, text: PageText, page: Page) -> Sameness:
    titles = [title for title in (page.main_heading, page.og_title, page.title) if title]
    return compare(article_words(document), document.headline, text, titles)


def _with_candidates(document: Document, addresses: Sequence[str]) -> Iterator[str]:
    """Yield the addresses, then the forms they may have had before they were damaged."""
    known = list(addresses[:MAX_ADDRESSES])
    yield from known
    for address in addresses[:MAX_ADDRESSES]:
        repair = propose(address, Surroundings(headline=document.headline, language=document.language))
        if repair.decision is Decision.KEEP:
            continue
        for candidate in repair.candidates[: MAX_CANDIDATES + 1]:
            if candidate.url not in known and is_fetchable(candidate.url):
                known.append(candidate.url)
                yield candidate.url


def _nothing(memento: Memento) -> Observation:
    return Observation(url=memento.original, observed_at=memento.memento_datetime, final_url=memento.original)
