"""From an observation to a verdict, with a sibling address asked where a weak sign needs a second look."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from workers.model import ALIVE, LinkTask, Observation, Outcome, Verdict
from workers.protocols import Fetcher, FetchRequest
from workers.recheck import is_unchanged
from workers.siblings import Siblings
from workers.url import parse
from workers.verdict.acceptance import Acceptance
from workers.verdict.context import Context, Probe
from workers.verdict.fragments import missing_place
from workers.verdict.glance import glance
from workers.verdict.one_page import may_be_one_page
from workers.verdict.outcome import decide, decide_plain
from workers.verdict.page import OpenPage, Page, open_page
from workers.verdict.probe import directory_of, probe_url
from workers.verdict.soft404 import may_turn
from workers.verdict.suspicion import needs_probe

_UNDECIDED = Verdict(outcome=Outcome.DOWN, rule="undecided", evidence=())
PROBE_KEPT = timedelta(days=1)
MAX_PROBES = 4096
NOTHING_MORE = Acceptance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One observation with its page and its verdict.

    `page` is None where it brought no text, and where a first glance was enough. `notes` are what a good
    verdict is to tell besides. `needs_sibling` says that
    the answer of an address that cannot exist may change the verdict, `may_turn` that what other links of
    the host show may.
    """

    observation: Observation
    page: Page | None
    verdict: Verdict
    notes: tuple[str, ...] = ()
    needs_sibling: bool = False
    may_turn: bool = False


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
        """Return the verdict on one observation of `task` with its page, a sibling asked where it matters."""
        opened = open_answer(observation)
        judged = self._judged(task, observation, opened)
        return await self.with_sibling(task, judged) if judged.needs_sibling else judged

    def look(self, task: LinkTask, observation: Observation) -> Judged:
        """Return the verdict on one observation of `task`, at once.

        What it showed counts for its siblings too. Where it `needs_sibling`, the verdict of `with_sibling` is
        the one that counts.
        """
        opened = open_answer(observation)
        # A written form that shows damage is compared with its repairs, for which all of its page is needed.
        is_simple = opened is not None and not (
            task.hard_defect or self._acceptance.statuses_of(observation.url)
        )
        words = glance(observation, opened) if opened is not None and is_simple else 0
        if not words:
            return self._judged(task, observation, opened)
        self._siblings.add_plain(observation, words)
        return Judged(observation=observation, page=None, verdict=decide_plain(observation))

    async def with_sibling(self, task: LinkTask, judged: Judged) -> Judged:
        """Return the verdict anew, knowing what an address that cannot exist is answered with."""
        observation, page = judged.observation, judged.page
        probe = await self._probe(observation.url)
        context = replace(self._context(task, judged, is_counted=True), probe=probe)
        if page is not None and may_be_one_page(observation, page, context):
            context = replace(context, front=await self._front(observation.url))
        return self._decided(judged, context)

    def judge_again(self, task: LinkTask, judged: Judged) -> Judged:
        """Return a verdict anew with what siblings have shown since."""
        return self._decided(judged, self._context(task, judged, is_counted=True))

    async def ask_sibling(self, task: LinkTask, url: str) -> Judged:
        """Return the verdict on an address beside `url` that cannot exist, asked for once a day."""
        probe = await self._probe(url)
        judged = Judged(observation=probe.observation, page=probe.page, verdict=_UNDECIDED)
        context = self._context(task, judged, is_counted=False)
        verdict = decide(probe.observation, page=probe.page, context=context)
        return replace(judged, verdict=verdict)

    def _judged(self, task: LinkTask, observation: Observation, opened: OpenPage | None) -> Judged:
        page = opened.read() if opened else None
        missing = missing_place(observation, opened)
        notes = (missing,) if missing else ()
        blank = Judged(observation=observation, page=page, verdict=_UNDECIDED, notes=notes)
        context = self._context(task, blank, is_counted=False)
        self._siblings.add(observation, page)
        return self._decided(blank, context)

    def _decided(self, judged: Judged, context: Context) -> Judged:
        observation, page = judged.observation, judged.page
        verdict = decide(observation, page=page, context=context)
        is_good = verdict.outcome in ALIVE
        if is_good and judged.notes:
            verdict = replace(verdict, evidence=verdict.evidence + judged.notes)
        return replace(
            judged,
            verdict=verdict,
            needs_sibling=needs_probe(observation, page, verdict, context),
            may_turn=verdict.outcome in ALIVE and page is not None and may_turn(observation, page, context),
        )

    def _context(self, task: LinkTask, judged: Judged, *, is_counted: bool) -> Context:
        return Context(
            anchors=task.anchors,
            headline=task.headline,
            host=self._siblings.facts(judged.observation, judged.page, is_counted=is_counted),
            accepted_statuses=self._acceptance.statuses_of(judged.observation.url),
            is_unchanged=is_unchanged(task, judged.observation),
        )

    async def _probe(self, url: str) -> Probe:
        """Return what an address that cannot exist beside `url` is answered with, asked once a day."""
        return await self._ask_once(directory_of(url), probe_url(url, seed=self._seed))

    async def _front(self, url: str) -> Probe | None:
        """Return what the front page of the host of `url` is answered with, asked once a day."""
        parsed = parse(url)
        if parsed is None:
            return None
        return await self._ask_once(f"front page of {parsed.origin}", f"{parsed.origin}/")

    async def _ask_once(self, place: str, url: str) -> Probe:
        held = self._probes.get(place)
        if held is None or self._clock() - held[0] > PROBE_KEPT:
            asking = asyncio.create_task(self._ask(url))
            self._probes[place] = held = (self._clock(), asking)
            asking.add_done_callback(partial(self._forget_broken, place))
            if len(self._probes) > MAX_PROBES:
                self._probes.popitem(last=False)
        # A link that is cancelled must not take the answer away from its siblings.
        return await asyncio.shield(held[1])

    def _forget_broken(self, place: str, asking: "asyncio.Task[Probe]") -> None:
        """Drop a probe that was cut off or broke: the next link there asks again."""
        is_broken = asking.cancelled() or asking.exception() is not None
        if is_broken and self._probes.get(place, (None, None))[1] is asking:
            del self._probes[place]

    async def _ask(self, url: str) -> Probe:
        observation = await self._fetcher.observe(FetchRequest(url=url))
        return Probe(observation=replace(observation, body=b""), page=page_of(observation))


def open_answer(observation: Observation) -> OpenPage | None:
    """Return the page an observation brought, decoded and parsed, or None where it brought no body."""
    if observation.status is None or not observation.body:
        return None
    return open_page(
        observation.body,
        media_type=observation.media_type,
        charset=observation.charset,
        url=observation.final_url,
    )


def page_of(observation: Observation) -> Page | None:
    """Return the page an observation brought, or None where it brought no body."""
    opened = open_answer(observation)
    return opened.read() if opened else None
