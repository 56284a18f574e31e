"""Politeness as a data structure: a queue a host, and the host whose turn it is.

The free slot goes to the host that is expected to need the longest for what is left (waiting jobs times its
mean time), because nothing ends before its slowest host does. No clock, no socket: `now` is given, in
seconds of a monotonic clock. Each step costs O(log n) in the number of hosts.
"""

import heapq
import itertools
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from workers.model import Failure

Job = TypeVar("Job")

FIRST_MEAN_S: Final = 0.2
"""What a request is expected to take on a host nothing is known of."""
_NEWEST_SHARE: Final = 0.3
_LEVEL_S: Final = 0.05
"""Hosts whose expected rest differs by less are served in turn, the one that just answered first."""
_RESORT_ABOVE: Final = 1.25
_DEAD_STREAK: Final = 3
"""After so many connections in a row that came to nothing, and none that did, a host is not asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostState:
    """What a worker hands to the next about one host: how long to leave it alone, and how quick it is.

    `rest_s` is counted from the moment of the hand-over.
    """

    key: str
    rest_s: float
    mean_s: float
    backoffs: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How one host is to be treated: requests at once, and seconds between two starts."""

    per_host: int
    gap_s: float


class Host(Generic[Job]):
    """One host: its jobs, `waiting` of them and `active` ones, and when it may be asked again."""

    __slots__ = (
        "_lots",
        "_queue",
        "active",
        "backoffs",
        "dead_streak",
        "failure",
        "held_until",
        "is_timed",
        "key",
        "manners",
        "mean_s",
        "next_start",
        "offer",
        "offered_rest_s",
        "waiting",
        "was_reached",
    )

    def __init__(self, key: str, manners: Manners) -> None:
        self.key = key
        self.manners = manners
        self._queue: deque[Job] = deque()
        self._lots: deque[Iterator[Job]] = deque()
        self.waiting = 0
        self.active = 0
        self.mean_s = FIRST_MEAN_S
        self.next_start = 0.0
        self.held_until = 0.0
        self.backoffs = 0
        self.dead_streak = 0
        self.was_reached = False
        self.failure: tuple[Failure, str] | None = None
        self.offer = 0
        self.offered_rest_s = 0.0
        self.is_timed = False

    @property
    def rest_s(self) -> float:
        """How long what waits is expected to take."""
        return self.waiting * self.mean_s / self.manners.per_host

    def put(self, job: Job, *, first: bool) -> None:
        """Let a job wait, before all others when `first`, else behind those that are made already."""
        if first:
            self._queue.appendleft(job)
        else:
            self._queue.append(job)
        self.waiting += 1

    def put_lot(self, jobs: Iterator[Job], count: int) -> None:
        """Let `count` jobs wait that are made one by one, each when it is the next."""
        self._lots.append(jobs)
        self.waiting += count

    def next_job(self) -> Job:
        """Return the job that is the next; it goes on waiting.

        Raises:
            IndexError: none waits.
        """
        while not self._queue:
            job = next(self._lots[0], None)
            if job is None:
                self._lots.popleft()
            else:
                self._queue.append(job)
        return self._queue[0]

    def take(self) -> Job:
        """Return the next job, which waits no more.

        Raises:
            IndexError: none waits.
        """
        job = self.next_job()
        self._queue.popleft()
        self.waiting -= 1
        return job

    @property
    def ready_at(self) -> float:
        """When the next request may start, apart from those under way."""
        return max(self.next_start, self.held_until)

    @property
    def is_dead(self) -> bool:
        """Whether it could not be reached so often that asking on is no use."""
        return not self.was_reached and self.dead_streak >= _DEAD_STREAK

    def note_time(self, took_s: float) -> None:
        """Take note of how long a request took."""
        self.mean_s += _NEWEST_SHARE * (took_s - self.mean_s)

    def note_reached(self) -> None:
        """Take note that a connection came about."""
        self.was_reached = True
        self.dead_streak = 0

    def note_unreached(self, failure: Failure, reason: str) -> None:
        """Take note that no connection came about, and why."""
        self.dead_streak += 1
        self.failure = failure, reason

    def hold(self, until: float) -> None:
        """Leave the host alone until then; an earlier end never shortens a later one."""
        self.held_until = max(self.held_until, until)


class Schedule(Generic[Job]):
    """All waiting jobs.

    `is_open` says of a job whether it may start now at all (its reader may be behind). A host that asked
    for more rest than `longest_rest_s` hands out its jobs at once, for the caller to turn away.
    """

    def __init__(
        self, manners: Callable[[str], Manners], is_open: Callable[[Job], bool], *, longest_rest_s: float
    ) -> None:
        self._manners = manners
        self._longest_rest_s = longest_rest_s
        self._is_open = is_open
        self._hosts: dict[str, Host[Job]] = {}
        self._ready: list[tuple[float, int, Host[Job]]] = []
        self._timed: list[tuple[float, int, Host[Job]]] = []
        self._later: list[tuple[float, int, str, Job]] = []
        self._shut: list[Host[Job]] = []
        self._count = itertools.count(1)

    def host(self, key: str) -> Host[Job]:
        """Return the host of that key, made when it is new."""
        found = self._hosts.get(key)
        if found is None:
            found = self._hosts[key] = Host(key, self._manners(key))
        return found

    def put(self, key: str, job: Job, *, first: bool = False) -> None:
        """Let `job` wait for a turn at a host, at the head of its queue when `first`."""
        host = self.host(key)
        host.put(job, first=first)
        self._offer(host)

    def put_lot(self, key: str, jobs: Iterator[Job], *, count: int) -> None:
        """Let `count` jobs wait at a host that are made one by one, each when it is the next."""
        host = self.host(key)
        host.put_lot(jobs, count)
        self._offer(host)

    def put_later(self, key: str, job: Job, *, when: float) -> None:
        """Let `job` wait until `when`, then for a turn before others of its host."""
        heapq.heappush(self._later, (when, next(self._count), key, job))

    def take(self, now: float) -> tuple[Host[Job], Job] | None:
        """Start the next job: its host's turn is used. None when nothing may start now."""
        self.ripen(now)
        while self._ready:
            before, offer, host = heapq.heappop(self._ready)
            if offer != host.offer:
                continue
            host.offer = 0
            if not self._may_start(host, now):
                continue
            level = -(host.rest_s // _LEVEL_S)
            if level > before and self._ready and self._ready[0][0] < level:
                self._offer(host)
                continue
            job = host.take()
            host.active += 1
            host.next_start = now + host.manners.gap_s
            self._offer(host)
            return host, job
        return None

    def done(self, host: Host[Job], took_s: float | None) -> None:
        """Give a turn back; `took_s` None when nothing was asked: what comes next needs no gap."""
        host.active -= 1
        if took_s is None:
            host.next_start = 0.0
        else:
            host.note_time(took_s)
        # Before its equals: it has a connection to spare, and to go round would open one to each of them.
        if not host.is_timed:
            host.offer = 0
            self._offer(host, first=True)

    def reopen(self) -> None:
        """Look again at jobs that `is_open` turned away."""
        shut, self._shut = self._shut, []
        for host in shut:
            self._offer(host)

    @property
    def has_ready(self) -> bool:
        """Whether a host seems ready to start a job; stale offers count."""
        return bool(self._ready)

    def count_ready(self, now: float, most: int) -> int:
        """Return how many hosts seem ready to start a job, at most `most`; stale offers count."""
        self.ripen(now)
        return min(len(self._ready), most)

    def wake_at(self) -> float | None:
        """Return when something that waits for time may start, or None."""
        if not (self._timed or self._later):
            return None
        return min(heap[0][0] for heap in (self._timed, self._later) if heap)

    def _may_start(self, host: Host[Job], now: float) -> bool:
        if not host.waiting or host.active >= host.manners.per_host:
            return False
        if now < host.ready_at and host.held_until <= now + self._longest_rest_s:
            host.offer, host.is_timed = next(self._count), True
            heapq.heappush(self._timed, (host.ready_at, host.offer, host))
            return False
        if not self._is_open(host.next_job()):
            self._shut.append(host)
            return False
        return True

    def _offer(self, host: Host[Job], *, first: bool = False) -> None:
        """Note that a host may have a job to start, before its equals when `first`.

        An offer grown out of date is replaced.
        """
        if not host.waiting or host.active >= host.manners.per_host:
            return
        rest_s = host.rest_s
        if host.offer and (host.is_timed or rest_s < _RESORT_ABOVE * host.offered_rest_s):
            return
        number = next(self._count)
        host.offer, host.offered_rest_s = -number if first else number, rest_s
        heapq.heappush(self._ready, (-(rest_s // _LEVEL_S), host.offer, host))

    def ripen(self, now: float) -> None:
        """Let what waited for a time that has come wait for its turn."""
        while self._later and self._later[0][0] <= now:
            _, _, key, job = heapq.heappop(self._later)
            self.put(key, job, first=True)
        while self._timed and self._timed[0][0] <= now:
            _, offer, host = heapq.heappop(self._timed)
            if offer == host.offer:
                host.offer, host.is_timed = 0, False
                self._offer(host)

    def states(self, now: float) -> Iterator[HostState]:
        """Return what is worth handing over: hosts that asked to be left alone."""
        for host in self._hosts.values():
            if host.held_until > now or host.backoffs:
                rest_s = max(0.0, host.held_until - now)
                yield HostState(key=host.key, rest_s=rest_s, mean_s=host.mean_s, backoffs=host.backoffs)

    def restore(self, states: Iterable[HostState], now: float) -> None:
        """Take over what another worker knew."""
        for state in states:
            host = self.host(state.key)
            host.hold(now + state.rest_s)
            host.mean_s = state.mean_s
            host.backoffs = max(host.backoffs, state.backoffs)
