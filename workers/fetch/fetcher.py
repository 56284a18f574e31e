"""The only door to the web: requests in, observations out, every host treated with care.

One scheduler is the only gate. A link holds a turn only while a hop is under way; redirects to another
host and further attempts go back through the queue of their host, so that the limits are exact as the
server sees them, and no deadline runs while a link waits.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final

from workers.fetch.exchange import Answer, Limits, Phase, exchange
from workers.fetch.guard import AddressInfo, Guard, plain_socket, written_fault
from workers.fetch.hosts import Host, HostState, Manners, Schedule
from workers.fetch.policy import FetchPolicy, HostRules
from workers.fetch.pool import WebPool, make_pool
from workers.fetch.request_head import RequestHeads
from workers.fetch.resolver import Names
from workers.fetch.retry import FIRST_WAIT_S, LONGEST_WAIT_S, RetryTable, asks_for_rest, is_passing
from workers.fetch.retry_after import retry_after_s
from workers.fetch.robots import ObeyingFetcher
from workers.fetch.sinks import Single, Sink, Stream
from workers.fetch.target import Target, host_key, plain_target, read_target
from workers.fetch.waiting import gather
from workers.fetch.walk import Stop, Walk, refused_unasked
from workers.model import Failure, Observation
from workers.protocols import FetchRequest

_STARTED_AT_ONCE: Final = 8
"""So many workers may begin in one turn of the event loop, as each takes its time to connect."""
_SHORTEST_HOP_S: Final = 0.05
_SETTLE_S: Final = 0.02
"""How long a turn is kept after a request was broken off, so that the server learns of it before the next."""
_UNREACHED: Final = frozenset({Failure.TIMEOUT, Failure.UNREACHABLE, Failure.NXDOMAIN, Failure.SERVFAIL})


class _Job:
    """One link that waits or is under way; `walk` is there from its first turn on."""

    __slots__ = ("request", "sink", "walk")

    def __init__(self, request: FetchRequest, sink: Sink) -> None:
        self.request = request
        self.sink = sink
        self.walk: Walk | None = None


class WebFetcher:
    """Implements `Fetcher` of workers/protocols.py on aiohttp; made by `open_fetcher`."""

    def __init__(self, policy: FetchPolicy, guard: Guard, pool: WebPool) -> None:
        self._policy = policy
        self._guard = guard
        self._pool = pool
        self._heads = RequestHeads(policy)
        self._retries = RetryTable(policy)
        self._usual_limits = Limits(
            total_s=policy.timeout_s,
            connect_s=policy.connect_timeout_s,
            head_s=policy.head_timeout_s or policy.timeout_s,
            body_s=policy.body_limit_s,
            body_bytes=policy.max_body_bytes,
        )
        self._loop = asyncio.get_running_loop()
        self._schedule: Schedule[_Job] = Schedule(
            self._manners, lambda job: job.sink.is_open, longest_rest_s=policy.retry_after_max_s
        )
        self._workers: set[asyncio.Task[None]] = set()
        self._starting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._alarm_at = 0.0

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address, before links that merely wait in the same host's queue."""
        sink = Single()
        self._schedule.put(host_key(request.url), _Job(request, sink), first=True)
        self._pump()
        return await sink.future

    async def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses in the order that ends soonest; answers come as they are made."""
        stream = Stream(self._reopen)
        try:
            waiting = await gather(requests)
            stream.expected = len(waiting)
            for key, places in waiting.by_host.items():
                jobs = (_Job(waiting[place], stream) for place in places)
                self._schedule.put_lot(key, jobs, count=len(places))
            self._pump()
            while stream.expected:
                yield await stream.read()
        finally:
            stream.close()
            self._reopen()

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
        """End what is under way and close all connections."""
        if self._timer is not None:
            self._timer.cancel()
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self._pool.close()

    def _manners(self, key: str) -> Manners:
        policy = self._policy
        rules = self._rules(key)
        per_host = rules.per_host if rules and rules.per_host is not None else policy.per_host
        gap_ms = rules.gap_ms if rules and rules.gap_ms is not None else policy.gap_ms
        return Manners(per_host=max(1, per_host), gap_s=gap_ms / 1000)

    # ------------------------------------------------------------ workers

    def _reopen(self) -> None:
        self._schedule.reopen()
        self._pump()

    def _pump(self) -> None:
        """Start as many workers as there are hosts ready, within the bound, and set the alarm for others."""
        now = self._loop.time()
        free = self._policy.concurrency - len(self._workers)
        due = self._schedule.count_ready(now, free + self._starting) - self._starting
        for _ in range(min(due, _STARTED_AT_ONCE - self._starting)):
            self._starting += 1
            worker = self._loop.create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._ended)
        self._set_alarm()

    def _set_alarm(self) -> None:
        when = self._schedule.wake_at()
        if when is None or (self._timer is not None and self._alarm_at <= when):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._alarm_at = when
        self._timer = self._loop.call_at(when, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._pump()

    def _ended(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        if not worker.cancelled():
            worker.exception()  # raised already where the observation is awaited

    async def _work(self) -> None:
        """Take jobs for as long as there are some that may start."""
        self._starting -= 1
        while (taken := self._schedule.take(self._loop.time())) is not None:
            host, job = taken
            took_s = None
            try:
                self._pump()
                took_s = await self._turn(host, job)
            except BaseException as error:
                job.sink.fail(error)
                raise
            finally:
                self._schedule.done(host, took_s)
        self._set_alarm()

    # ------------------------------------------------------------ one turn

    async def _turn(self, host: Host[_Job], job: _Job) -> float | None:
        """Make one hop of a job; return how long it took, None when nothing was asked."""
        if not job.sink.is_wanted:
            return None
        walk = job.walk = job.walk or self._begin(job)
        stop = self._turned_away(host)
        if walk is None or stop is not None:
            if walk is not None and stop is not None:
                self._deliver(job, walk.observation(None, stop))
            return None
        target = walk.target
        head = self._head(walk, is_trusted=not walk.is_downgraded)
        limits = self._limits(walk)
        started = self._loop.time()
        answer = await exchange(self._pool, target, head=head, limits=limits, keep=lambda: host.waiting > 0)
        if answer.record is not None and self._policy.hosts:
            public = replace(answer.record, request_head=self._head(walk, is_trusted=False))
            answer = replace(answer, record=public)
        took_s = self._loop.time() - started
        if answer.was_broken_off:
            await asyncio.sleep(_SETTLE_S)
        walk.spent_s += took_s
        walk.total_s += took_s
        self._note(host, answer)
        self._go_on(host, job, walk, answer)
        if not host.waiting:
            self._pool.close_idle(target)
        return took_s

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
        self._deliver(job, refused_unasked(job.request, stop))
        return None

    def _turned_away(self, host: Host[_Job]) -> Stop | None:
        rest_s = host.held_until - self._loop.time()
        if rest_s > self._policy.retry_after_max_s:
            reason = f"not asked: {host.key} asked to be left alone for another {rest_s:.0f} s"
            return Stop(Failure.CANCELLED, reason)
        if host.is_dead and host.failure is not None:
            failure, reason = host.failure
            return Stop(failure, f"{reason}; told from earlier tries at {host.key} in this run")
        return None

    def _head(self, walk: Walk, *, is_trusted: bool) -> bytes:
        """Return the request of the next hop; what is kept of it leaves out a host's own headers."""
        extra, cookie = self._extra(walk), walk.cookie_header
        return self._heads.head(walk.target, extra=extra, cookie=cookie, is_trusted=is_trusted)

    def _timeout_s(self, walk: Walk) -> float:
        """Return the deadline of the whole exchange, that of the host that was asked for first."""
        rules = self._rules(host_key(walk.request.url)) if self._policy.hosts else None
        return self._policy.timeout_s if rules is None or rules.timeout_s is None else rules.timeout_s

    def _rules(self, key: str) -> HostRules | None:
        """Return the settings of a politeness key; both standard ports share the key of the bare name."""
        names = (key, key.partition(":")[0], f"{key}:443", f"{key}:80")
        return next((rules for name in names if (rules := self._policy.hosts.get(name))), None)

    def _extra(self, walk: Walk) -> tuple[tuple[str, str], ...]:
        """A caller's headers go to the host that was asked for, validators to the address itself."""
        request = walk.request
        if walk.is_on_first_hop:
            return (*request.headers, *request.validators.headers) if request.validators else request.headers
        return request.headers if walk.target.key == host_key(request.url) else ()

    def _limits(self, walk: Walk) -> Limits:
        policy, request = self._policy, walk.request
        is_usual = not (walk.spent_s or request.record or policy.hosts)
        if is_usual and request.max_body_bytes is None:
            return self._usual_limits
        total_s = max(_SHORTEST_HOP_S, self._timeout_s(walk) - walk.spent_s)
        return Limits(
            total_s=total_s,
            connect_s=policy.connect_timeout_s,
            head_s=policy.head_timeout_s or total_s,
            body_s=total_s if request.record else policy.body_limit_s,
            body_bytes=policy.max_body_bytes if request.max_body_bytes is None else request.max_body_bytes,
            capture_bytes=policy.capture_max_bytes if request.record else 0,
        )

    def _note(self, host: Host[_Job], answer: Answer) -> None:
        if answer.phase is not Phase.CONNECT:
            host.note_reached()
        elif answer.failure in _UNREACHED:
            host.note_unreached(answer.failure, answer.failure_reason or "")
        if answer.status is not None and answer.status < HTTPStatus.BAD_REQUEST:
            host.backoffs = 0

    def _go_on(self, host: Host[_Job], job: _Job, walk: Walk, answer: Answer) -> None:
        """Queue the next hop or attempt of a job, or deliver what came of it."""
        walk.take(answer)
        following = walk.next_hop(answer, guard=self._guard, policy=self._policy)
        if isinstance(following, Target):
            if walk.spent_s >= self._timeout_s(walk):
                late = Stop(Failure.TIMEOUT, f"no time left after {walk.hop_count} redirects")
                self._deliver(job, walk.observation(answer, late))
                return
            walk.go(following)
            self._schedule.put(following.key, job, first=True)
            return
        if following is None and self._is_retried(host, job, walk, answer):
            return
        self._deliver(job, walk.observation(answer, following))

    def _is_retried(self, host: Host[_Job], job: _Job, walk: Walk, answer: Answer) -> bool:
        """Queue a further attempt if one is due; a rest that a host asks for holds for all of it."""
        if answer.is_good:
            return False
        wait_s = self._retries.wait_s(answer, attempt=walk.attempts)
        rest_s = self._rest_s(host, answer)
        now = self._loop.time()
        if rest_s is not None:
            host.hold(now + rest_s)
        is_too_long = rest_s is not None and rest_s > self._policy.retry_after_max_s
        first = read_target(walk.request.url)
        if wait_s is None or is_too_long or first is None:
            return False
        walk.restart(first)
        if rest_s is None:
            self._schedule.put_later(first.key, job, when=now + wait_s)
        else:
            self._schedule.put(first.key, job, first=True)
        return True

    def _rest_s(self, host: Host[_Job], answer: Answer) -> float | None:
        """Return how long a host is to be left alone after `answer`, None when it did not ask for it."""
        if answer.status is None or answer.status < HTTPStatus.BAD_REQUEST:
            return None
        asked_s = retry_after_s(answer.header("retry-after"), now=datetime.now(UTC))
        if asked_s is not None and is_passing(answer):
            return asked_s
        if not asks_for_rest(answer):
            return None
        host.backoffs += 1
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (host.backoffs - 1))

    def _deliver(self, job: _Job, observation: Observation) -> None:
        job.sink.accept(job.request, observation)


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
