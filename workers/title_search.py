"""Titles looked for in the archives' lists of a publisher's addresses, and proved by the page itself."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from workers.align.match import THRESHOLD
from workers.align.titles import as_slug
from workers.align.wording import words_of
from workers.archive.verify import as_captured
from workers.errors import LinkwrightError
from workers.judge import page_of
from workers.model import (
    Candidate,
    Decision,
    FoundLink,
    FoundOn,
    LookupState,
    Memento,
    Recovery,
    RecoveryReason,
)
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.url import host_of, parse, registrable_domain
from workers.verdict.matches import Sought, confirm

MAX_TITLES: Final = 4
MAX_LISTS: Final = 3
MAX_PROVED: Final = 2
SLUG_WORDS: Final = 4
_PROVED_LIVE, _PROVED_ARCHIVED = 0.95, 0.9
_NUMBER = re.compile(r"\d+")


IsWanted = Callable[[str], bool]


class _CouldNotAsk(Exception):
    """No archive said whether it lists anything."""


class TitleSearch:
    """Finds the pages that titles name, on the publisher of the article that names them."""

    def __init__(self, *, fetcher: Fetcher, archive: Archive | None, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._archive = archive
        self._clock = clock

    async def look(
        self, titles: Mapping[int, FoundLink], address: str, is_wanted: IsWanted
    ) -> dict[int, Recovery]:
        """Return what the archives list for bare titles, by their numbers; none where nothing is listed.

        `address` is the article's own. An archive that could not be asked once is not asked again.
        """
        found: dict[int, Recovery] = {}
        if self._archive is None:
            return found
        for number, link in list(titles.items())[:MAX_TITLES]:
            try:
                recovery = await self._find(self._archive, link, address, is_wanted)
            except _CouldNotAsk:
                break
            if recovery is not None:
                found[number] = recovery
        return found

    async def _find(
        self, archive: Archive, found: FoundLink, address: str, is_wanted: IsWanted
    ) -> Recovery | None:
        """Return what is listed under one title, None where nothing is.

        Raises:
            _CouldNotAsk: no archive answered.
        """
        title = words_of(found.anchor)
        listed: dict[str, tuple[float, Memento]] = {}
        for prefix in _prefixes(address):
            lookups = await archive.search(prefix, containing=title[:SLUG_WORDS])
            if all(lookup.state is LookupState.UNKNOWN for lookup in lookups):
                raise _CouldNotAsk
            for memento in (memento for lookup in lookups for memento in lookup.mementos):
                score = as_slug(title, memento.original)
                is_ours = _domain(memento.original) == _domain(address) and is_wanted(memento.original)
                if score and is_ours:
                    listed.setdefault(memento.original, (score, memento))
            if listed:
                break
        if not listed:
            return None
        best = sorted(listed.items(), key=lambda item: -item[1][0])[:MAX_PROVED]
        proved = [await self._proved(archive, found.anchor, *entry) for _, entry in best]
        return _recovery(sorted(proved, key=lambda pair: -pair[0].score))

    async def _proved(
        self, archive: Archive, title: str, score: float, memento: Memento
    ) -> tuple[Candidate, Memento]:
        """Return one listed address with what its live page, or else its capture, shows of the title."""
        url = memento.original
        listed = "an archive lists an address of this publisher that is made of the title's words"
        seen = await self._fetcher.observe(FetchRequest(url=url))
        sought = Sought(url=url, anchors=(title,))
        live = confirm(page_of(seen), seen, sought)
        if live.is_right:
            return _candidate(url, _PROVED_LIVE, listed, *live.evidence), memento
        try:
            captured = as_captured(memento, await archive.read(memento))
        except LinkwrightError as error:
            return _candidate(url, score, listed, str(error)), memento
        kept = confirm(page_of(captured), captured, sought)
        sure = _PROVED_ARCHIVED if kept.is_right else min(score, THRESHOLD - 0.05)
        return _candidate(url, sure, listed, *kept.evidence), memento


def _candidate(url: str, score: float, *evidence: str) -> Candidate:
    return Candidate(url=url, rule="title-listed", score=score, evidence=evidence)


def _recovery(proved: Sequence[tuple[Candidate, Memento]]) -> Recovery:
    (best, memento), others = proved[0], proved[1:]
    is_sure = best.score >= THRESHOLD and all(each.score < best.score for each, _ in others)
    return Recovery(
        decision=Decision.AUTO if is_sure else Decision.SUGGEST,
        best=best.url,
        candidates=tuple(each for each, _ in proved),
        found_on=FoundOn(kind="memento", url=memento.uri_m, memento_datetime=memento.memento_datetime),
        reason=RecoveryReason.MATCHED if is_sure else RecoveryReason.AMBIGUOUS,
    )


def _prefixes(address: str) -> Iterator[str]:
    """Yield where a publisher's pieces are listed: beside the article, above it, in its section."""
    parsed = parse(address)
    if parsed is None:
        return
    segments = parsed.pathname.split("/")[1:-1]
    section = list(segments)
    while section and _NUMBER.fullmatch(section[-1]):
        section.pop()
    paths = dict.fromkeys((tuple(segments), tuple(segments[:-1]), tuple(section)))
    for path in list(paths)[:MAX_LISTS]:
        yield f"{parsed.origin}/{''.join(f'{part}/' for part in path)}"


def _domain(url: str) -> str:
    return registrable_domain(host_of(url))
