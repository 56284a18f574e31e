"""Where the piece at a dead address stands now: aliases, each looked at live before it is offered.

They come from archived redirects, from the canonical address of the last good capture, from the way other
links of the site did move, and from archived addresses with the same id. Everything asked is bounded, and
an archive that could not be asked is no reason to believe that there is none.
"""

import re
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from workers.archive.choose import USABLE
from workers.archive.verify import Shown, not_handed_out, shown_by
from workers.errors import LinkwrightError
from workers.judge import Judge
from workers.model import ALIVE, Candidate, LinkReport, LinkTask, LookupState, Memento, Outcome
from workers.protocols import Archive, Fetcher, FetchRequest
from workers.repair.moves import Learned, Move, foretold, learn
from workers.url import host_of, is_fetchable, lookup_key, parse, registrable_domain
from workers.verdict.context import Context
from workers.verdict.outcome import decide
from workers.verdict.same_piece import Lost, sameness

MAX_ASKED: Final = 5
MAX_OFFERED: Final = 3
MAX_READ: Final = 2
SURE: Final = 0.85
REDIRECTS: Final = range(300, 400)
_ID: Final = re.compile(r"(?<![0-9a-zA-Z])[a-z]?\d{5,}(?![0-9a-zA-Z])")


class KnownMoves(Protocol):
    """The record of links that did move, as earlier checks stored it; real in `service/store/moves.py`."""

    async def moves_of(self, host: str) -> Sequence[Move]:
        """Return addresses of a host and where each was moved to for good, the latest first, bounded."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Moves:
    """What looks for aliases works with; `archive` and `known` are None where there is none to ask."""

    fetcher: Fetcher
    judge: Judge
    archive: Archive | None
    known: KnownMoves | None

    async def look_for(self, task: LinkTask, report: LinkReport) -> LinkReport:
        """Return the report of a dead link with the live addresses that its piece stands at now.

        An archive that could not be asked for them is named in the evidence, and so are a capture and a
        record of earlier moves that could not be read.
        """
        captures = _Captures(archive=self.archive, mementos=report.mementos)
        last_good = await captures.last_good()
        proposed = self._proposed(report.original, captures, last_good)
        aliases = await self._verified(task, _lost(task, report, last_good), proposed)
        return _told(report, aliases, captures.silent)

    async def by_rules(self, task: LinkTask, report: LinkReport, rules: Sequence[Learned]) -> LinkReport:
        """Return the report of a dead link with the live addresses that other links' moves foretell."""
        made = list(_by_rules(report.original, rules))
        if not made:
            return report
        captures = _Captures(archive=self.archive, mementos=report.mementos)
        last_good = await captures.last_good()

        async def proposed() -> AsyncIterator[Candidate]:
            for each in made:
                yield each

        aliases = await self._verified(task, _lost(task, report, last_good), proposed())
        return _told(report, aliases, captures.silent)

    async def _proposed(
        self, url: str, captures: "_Captures", last_good: Shown | None
    ) -> AsyncIterator[Candidate]:
        """Yield what may be asked for, what is surest first; later ones are worked out only if needed."""
        async for target, memento in captures.redirects():
            told = f"{memento.archive} captured a redirect there on {memento.memento_datetime:%Y-%m-%d}"
            yield Candidate(url=target, rule="archived_redirect", score=0.0, evidence=(told,))
        page = None if last_good is None else last_good.page
        for named in (page.canonical, page.og_url) if page else ():
            if named is not None:
                told = "the last good capture names it as its own address"
                yield Candidate(url=named, rule="canonical_of_capture", score=0.0, evidence=(told,))
        for each in _by_rules(url, learn(await self._known_moves(url, captures))):
            yield each
        for each in await captures.with_same_id(url):
            yield each

    async def _known_moves(self, url: str, captures: "_Captures") -> Sequence[Move]:
        """Return how links of the site moved before; a record that cannot be read is told, and none."""
        if self.known is None:
            return ()
        try:
            return await self.known.moves_of(host_of(url))
        except LinkwrightError as error:
            captures.silent += (f"earlier moves of the site could not be read: {error}",)
            return ()

    async def _verified(
        self, task: LinkTask, lost: Lost, proposed: AsyncIterator[Candidate]
    ) -> tuple[Candidate, ...]:
        """Ask for proposed addresses until one surely is the piece; at most five are asked for."""
        offered: list[Candidate] = []
        seen = {lookup_key(lost.url)}
        asked = 0
        async for candidate in proposed:
            if asked == MAX_ASKED or any(each.score >= SURE for each in offered):
                break
            if lookup_key(candidate.url) in seen or not is_fetchable(candidate.url):
                continue
            seen.add(lookup_key(candidate.url))
            asked += 1
            verified = await self._look(task, lost, candidate)
            if verified is not None and all(verified.url != each.url for each in offered):
                offered.append(verified)
        return tuple(sorted(offered, key=lambda each: -each.score)[:MAX_OFFERED])

    async def _look(self, task: LinkTask, lost: Lost, candidate: Candidate) -> Candidate | None:
        """Return the candidate with what its live page shows, None where it is not the piece."""
        observation = await self.fetcher.observe(FetchRequest(url=candidate.url))
        judged = await self.judge.judge(task, observation)
        if judged.verdict.outcome not in ALIVE or lookup_key(observation.final_url) == lookup_key(lost.url):
            return None
        same = sameness(judged.page, observation, lost)
        if not same.score:
            return None
        landed = observation.final_url if judged.verdict.outcome is Outcome.MOVED else candidate.url
        return Candidate(
            url=landed,
            rule=candidate.rule,
            score=same.score,
            evidence=(*candidate.evidence, *same.evidence),
        )


@dataclass(slots=True, kw_only=True)
class _Captures:
    """The captures of one dead link, read as they are needed; `silent` tells what could not be asked."""

    archive: Archive | None
    mementos: tuple[Memento, ...]
    silent: tuple[str, ...] = ()

    async def last_good(self) -> Shown | None:
        """Return the newest capture that shows a page, among the two newest that may; None without one."""
        usable = [each for each in self.mementos if each.status is None or each.status in USABLE]
        for memento in _newest(usable):
            shown = await self._read(memento)
            if shown is not None and _is_good(shown):
                return shown
        return None

    async def redirects(self) -> AsyncIterator[tuple[str, Memento]]:
        """Yield where captured redirects led, the newest first."""
        for memento in _newest([each for each in self.mementos if each.status in REDIRECTS]):
            shown = await self._read(memento)
            if shown is None:
                continue
            target = shown.observation.final_url
            if lookup_key(target) != lookup_key(memento.original) and not _is_root(target):
                yield target, memento

    async def with_same_id(self, url: str) -> list[Candidate]:
        """Return other captured addresses of the site that hold the id of this one."""
        ids = _ID.findall(_path_of(url))
        parsed = parse(url)
        if self.archive is None or not ids or parsed is None:
            return []
        answers = await self.archive.search(f"{parsed.origin}/", containing=(ids[-1].lower(),))
        self.silent += tuple(
            f"{each.archive} could not be asked for other addresses: {each.reason}"
            for each in answers
            if each.state is LookupState.UNKNOWN
        )
        listed = dict.fromkeys(memento.original for each in answers for memento in each.mementos)
        domain = registrable_domain(host_of(url))
        told = f"an archived address of the site with the same id {ids[-1]}"
        return [
            Candidate(url=each, rule="same_id", score=0.0, evidence=(told,))
            for each in listed
            if ids[-1] in _ID.findall(_path_of(each)) and registrable_domain(host_of(each)) == domain
        ]

    async def _read(self, memento: Memento) -> Shown | None:
        """Return what a capture shows; one that could not be read is told, and None."""
        if self.archive is None:
            return None
        try:
            answer = await self.archive.read(memento)
            failed = not_handed_out(memento, answer)
        except LinkwrightError as error:
            failed = str(error)
        if failed is not None:
            at = f"{memento.memento_datetime:%Y-%m-%d}"
            self.silent += (f"the capture of {at} at {memento.archive} could not be read: {failed}",)
            return None
        return shown_by(memento, answer)


def _is_good(shown: Shown) -> bool:
    if shown.page is None or shown.observation.status not in USABLE:
        return False
    return decide(shown.observation, page=shown.page, context=Context()).outcome in ALIVE


def _told(report: LinkReport, aliases: tuple[Candidate, ...], silent: Sequence[str]) -> LinkReport:
    """Return the report with these aliases, and what could not be asked or read in its evidence, once."""
    evidence = tuple(dict.fromkeys((*report.verdict.evidence, *silent)))
    return replace(report, aliases=aliases, verdict=replace(report.verdict, evidence=evidence))


def _by_rules(url: str, rules: Sequence[Learned]) -> Iterator[Candidate]:
    for made, learned in foretold(url, rules):
        told = f"{learned.agreeing} other links of the site moved alike"
        yield Candidate(url=made, rule="path_change", score=0.0, evidence=(told,))


def _lost(task: LinkTask, report: LinkReport, last_good: Shown | None) -> Lost:
    return Lost(
        url=report.original,
        headline=task.headline,
        anchors=task.anchors,
        last_good=None if last_good is None else last_good.page,
    )


def _newest(mementos: Sequence[Memento]) -> list[Memento]:
    return sorted(mementos, key=lambda each: each.memento_datetime, reverse=True)[:MAX_READ]


def _path_of(url: str) -> str:
    parsed = parse(url)
    return "" if parsed is None else parsed.pathname + parsed.search


def _is_root(url: str) -> bool:
    return _path_of(url) in {"", "/"}
