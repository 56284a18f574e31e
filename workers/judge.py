"""From an observation to a verdict, with a sibling address asked where a weak sign needs a second look."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from workers.model import LinkTask, Observation, Verdict
from workers.protocols import Fetcher, FetchRequest
from workers.siblings import Siblings
from workers.url import parse
from workers.verdict.acceptance import Acceptance
from workers.verdict.context import Context, Probe
from workers.verdict.outcome import decide
from workers.verdict.page import Page, read_page
from workers.verdict.probe import needs_probe, probe_url

PROBE_KEPT = timedelta(days=1)
MAX_PROBES = 4096
NOTHING_MORE = Acceptance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One observation with its page (None where it brought no text) and its verdict."""

    observation: Observation
    page: Page | None
    verdict: Verdict


class Judge:
    """Judges observations of one run; probes are kept for a day by host and directory.

    `seed` makes the probe addresses; `clock` gives the time, aware, in UTC.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        *,
        clock: Callable[[], datetime],
        acceptance: Acceptance = NOTHING_MORE,
        seed: str = "linkwright",
    ) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._acceptance = acceptance
        self._seed = seed
        self._siblings = Siblings()
        self._probes: OrderedDict[str, tuple[datetime, asyncio.Task[Probe]]] = OrderedDict()

    async def judge(self, task: LinkTask, observation: Observation) -> Judged:
        """Return the verdict on one observation of `task`; what it showed counts for its siblings too."""
        page = page_of(observation)
        context = self._context(task, observation, page, is_counted=False)
        self._siblings.add(observation, page)
        if needs_probe(observation, page):
            context = replace(context, probe=await self._probe(observation.url))
        return Judged(
            observation=observation, page=page, verdict=decide(observation, page=page, context=context)
        )

    def judge_again(self, task: LinkTask, judged: Judged) -> Judged:
        """Return a verdict anew with what siblings have shown since."""
        context = self._context(task, judged.observation, judged.page, is_counted=True)
        return replace(judged, verdict=decide(judged.observation, page=judged.page, context=context))

    async def ask_sibling(self, task: LinkTask, url: str) -> Judged:
        """Return the verdict on an address beside `url` that cannot exist, asked for once a day."""
        probe = await self._probe(url)
        context = self._context(task, probe.observation, probe.page, is_counted=False)
        verdict = decide(probe.observation, page=probe.page, context=context)
        return Judged(observation=probe.observation, page=probe.page, verdict=verdict)

    def _context(
        self, task: LinkTask, observation: Observation, page: Page | None, *, is_counted: bool
    ) -> Context:
        return Context(
            anchors=task.anchors,
            headline=task.headline,
            host=self._siblings.facts(observation, page, is_counted=is_counted),
            accepted_statuses=self._acceptance.statuses_of(observation.url),
        )

    async def _probe(self, url: str) -> Probe:
        """Return what an address that cannot exist beside `url` is answered with, asked once a day."""
        directory = directory_of(url)
        held = self._probes.get(directory)
        if held is None or self._clock() - held[0] > PROBE_KEPT:
            asking = asyncio.create_task(self._ask_probe(url))
            self._probes[directory] = held = (self._clock(), asking)
            if len(self._probes) > MAX_PROBES:
                self._probes.popitem(last=False)
        # A link that is cancelled must not take the answer away from its siblings.
        return await asyncio.shield(held[1])

    async def _ask_probe(self, url: str) -> Probe:
        observation = await self._fetcher.observe(FetchRequest(url=probe_url(url, seed=self._seed)))
        return Probe(observation=replace(observation, body=b""), page=page_of(observation))


def page_of(observation: Observation) -> Page | None:
    """Return the page an observation brought, or None where it brought no body."""
    if observation.status is None or not observation.body:
        return None
    return read_page(
        observation.body,
        media_type=observation.media_type,
        charset=observation.charset,
        url=observation.final_url,
    )


def directory_of(url: str) -> str:
    """Return scheme, host and directory of an address: what a probe beside it speaks for."""
    parsed = parse(url)
    return url if parsed is None else f"{parsed.origin}{parsed.pathname.rpartition('/')[0]}/"
