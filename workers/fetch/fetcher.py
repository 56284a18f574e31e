"""The only door to the web: requests in, observations out, every host treated with care.

One scheduler is the only gate. A link holds a turn only while a hop is under way; redirects to another
host and further attempts go back through the queue of their host, so that the limits are exact as the
server sees them, and no deadline runs while a link waits.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace

from workers.fetch.exchange import SETTLE_S, exchange
from workers.fetch.guard import AddressInfo, Guard, plain_socket, written_fault
from workers.fetch.hosts import Host, HostState, Manners, Schedule
from workers.fetch.policy import FetchPolicy
from workers.fetch.pool import WebPool, make_pool
from workers.fetch.resolver import Names
from workers.fetch.retry import RetryTable
from workers.fetch.robots import ObeyingFetcher
from workers.fetch.sequel import Sequel
from workers.fetch.sinks import Single, Sink, Stream
from workers.fetch.target import host_key, plain_target, read_target
from workers.fetch.terms import Terms
from workers.fetch.turns import Turns
from workers.fetch.waiting import Lot, gather
from workers.fetch.walk import Stop, Walk, refused_unasked
from workers.model import Failure, Observation
from workers.protocols import FetchRequest


class _Job:
    """One link that waits or is under way; `walk` is there from its first turn on."""

    __slots__ = ("request", "sink", "walk")

    def __init__(self, request: FetchRequest, sink: Sink) -> None:
        self.request = request
        self.sink = sink
        self.walk: Walk | None = None

    def deliver(self, observation: Observation) -> None:
        """Hand over what came of it."""
        self.sink.accept(self.request, observation)


def _jobs(lot: Lot, sink: Sink) -> Iterator[_Job]:
    """Yield the jobs of requests that wait, each made when it is the next of its host."""
    while lot:
        yield _Job(lot.take(), sink)


class WebFetcher:
    """Implements `Fetcher` of workers/protocols.py on aiohttp; made by `open_fetcher`."""

    def __init__(self, policy: FetchPolicy, guard: Guard, pool: WebPool) -> None:
        self._keeps_secrets = bool(policy.hosts)
        self._guard = guard
        self._pool = pool
        self._terms = Terms(policy)
        self._loop = asyncio.get_running_loop()
        self._sinks: set[Sink] = set()
        self._schedule: Schedule[_Job] = Schedule(
            self._terms.manners, lambda job: job.sink.is_open, longest_rest_s=policy.retry_after_max_s
        )
        self._sequel = Sequel(
            policy=policy,
            guard=guard,
            terms=self._terms,
            schedule=self._schedule,
            retries=RetryTable(policy),
        )
        self._turns = Turns(self._schedule, self._take_turn, most=policy.concurrency)

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address, before links that merely wait in the same host's queue."""
        sink = Single()
        self._sinks.add(sink)
        try:
            self._schedule.put(host_key(request.url), _Job(request, sink), first=True)
            self._turns.start()
            return await sink.future
        finally:
            self._sinks.discard(sink)

    async def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses in the order that ends soonest; answers come as they are made."""
        stream = Stream(self._turns.reopen)
        self._sinks.add(stream)
        try:
            waiting = await gather(requests)
            stream.expected = len(waiting)
            for key, lot in waiting.lots.items():
                self._schedule.put_lot(key, _jobs(lot, stream), count=len(lot))
            self._turns.start()
            while stream.expected:
                yield await stream.read()
        finally:
            self._sinks.discard(stream)
            stream.close()
            self._turns.reopen()

    def slow_down(self, url: str, gap_s: float) -> None:
        """Ask the host of `url` one request at a time, with at least so long between two starts."""
        host = self._schedule.host(host_key(url))
        host.manners = Manners(per_host=1, gap_s=max(gap_s, host.manners.gap_s))

    def host_states(self) -> list[HostState]:
        """Return which hosts asked to be left alone, for the worker that takes over."""
        return list(self._schedule.states(self._loop.time()))

    def restore(self, states: Iterable[HostState]) -> None:
        """Take over what another worker knew of hosts."""
        self._schedule.restore(states, self._loop.time())

    async def close(self) -> None:
        """End what is under way or waits for its turn, and close all connections."""
        await self._turns.close()
        for sink in self._sinks:
            sink.fail(asyncio.CancelledError())
        await self._pool.close()

    async def _take_turn(self, host: Host[_Job], job: _Job) -> float | None:
        """Make one hop of a job; return how long it took, None when nothing was asked."""
        if not job.sink.is_wanted:
            return None
        try:
            walk = job.walk = job.walk or self._begin(job)
            if walk is None:
                return None
            stop = self._sequel.turned_away(host, now=self._loop.time())
            if stop is not None:
                job.deliver(walk.observation(None, stop))
                return None
            return await self._make_hop(host, job, walk)
        except BaseException as error:
            job.sink.fail(error)
            raise

    def _begin(self, job: _Job) -> Walk | None:
        """Return the walk of a job, or None when it was refused and delivered."""
        url = job.request.url
        target = plain_target(url)
        why = None
        if target is None:
            target, why = read_target(url), written_fault(url)
        if why is None and target is not None:
            why = self._guard.refuse_target(target)
        if why is None and target is not None:
            return Walk(job.request, target)
        stop = Stop(Failure.POLICY, why) if why else Stop(Failure.INVALID_URL, "not an http or https address")
        job.deliver(refused_unasked(job.request, stop))
        return None

    async def _make_hop(self, host: Host[_Job], job: _Job, walk: Walk) -> float:
        target, head, limits = walk.target, self._terms.head(walk), self._terms.limits(walk)
        started = self._loop.time()
        answer = await exchange(self._pool, target, head=head, limits=limits, keep=lambda: host.waiting > 0)
        if answer.record is not None and self._keeps_secrets:
            public = replace(answer.record, request_head=self._terms.public_head(walk))
            answer = replace(answer, record=public)
        took_s = self._loop.time() - started
        if answer.was_broken_off:
            await asyncio.sleep(SETTLE_S)
        walk.spent_s += took_s
        walk.total_s += took_s
        self._sequel.note(host, answer)
        observation = self._sequel.go_on(host, job, walk, answer, now=self._loop.time())
        if observation is not None:
            job.deliver(observation)
        if not host.waiting:
            self._pool.close_idle(target)
        return took_s


class _Free:
    """The plain ways of a fetcher, whatever it has put before them."""

    def __init__(self, fetcher: WebFetcher) -> None:
        self._fetcher = fetcher

    async def observe(self, request: FetchRequest) -> Observation:
        return await WebFetcher.observe(self._fetcher, request)

    def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        return WebFetcher.observe_many(self._fetcher, requests)

    def slow_down(self, url: str, gap_s: float) -> None:
        self._fetcher.slow_down(url, gap_s)


class RobotsFetcher(WebFetcher):
    """A fetcher that obeys robots.txt where a site is walked, and for every link where the policy says so."""

    def __init__(self, policy: FetchPolicy, guard: Guard, pool: WebPool) -> None:
        super().__init__(policy, guard, pool)
        self._obeying = ObeyingFetcher(_Free(self), lambda request: policy.robots or request.walks)

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address, if its host's robots.txt lets us where that counts."""
        return await self._obeying.observe(request)

    def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses; what robots.txt forbids comes first, as refused."""
        return self._obeying.observe_many(requests)


@asynccontextmanager
async def open_fetcher(
    policy: FetchPolicy,
    *,
    names: Names | None = None,
    make_socket: Callable[[AddressInfo], socket.socket] = plain_socket,
) -> AsyncIterator[WebFetcher]:
    """Open the fetcher of a process for the time of a block.

    `names` stands in for the machine's name system and `make_socket` opens the sockets that the guard
    allowed: with both, tests play the public internet on loopback.

    Raises:
        InvalidSetting: the certificate bundle of the policy cannot be used.
    """
    guard = Guard(policy, make_socket=make_socket)
    fetcher = RobotsFetcher(policy, guard, make_pool(policy, guard=guard, names=names))
    try:
        yield fetcher
    finally:
        await fetcher.close()
