"""What follows an answer: the next hop, a further attempt, a rest of the host, or the end.

Redirects to another host and further attempts go back through the queue of their host, so that the limits
are exact as the server sees them, and no deadline runs while a link waits.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final, Generic

from workers.fetch.answer import Answer, Phase
from workers.fetch.guard import Guard
from workers.fetch.hosts import Host, Job, Schedule
from workers.fetch.policy import FetchPolicy
from workers.fetch.retry import FIRST_WAIT_S, LONGEST_WAIT_S, RetryTable, asks_for_rest, is_passing
from workers.fetch.retry_after import retry_after_s
from workers.fetch.target import Target, read_target
from workers.fetch.terms import Terms
from workers.fetch.walk import Stop, Walk
from workers.model import Failure, Observation

_UNREACHED: Final = frozenset({Failure.TIMEOUT, Failure.UNREACHABLE, Failure.NXDOMAIN, Failure.SERVFAIL})
_GOOD_BELOW: Final = int(HTTPStatus.BAD_REQUEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequel(Generic[Job]):
    """Decides under one policy; what is to be asked further goes into `schedule`."""

    policy: FetchPolicy
    guard: Guard
    terms: Terms
    schedule: Schedule[Job]
    retries: RetryTable

    def turned_away(self, host: Host[Job], *, now: float) -> Stop | None:
        """Return why a host is not to be asked at all for now, None when it may be."""
        rest_s = host.held_until - now
        if rest_s > self.policy.retry_after_max_s:
            reason = f"not asked: {host.key} asked to be left alone for another {rest_s:.0f} s"
            return Stop(Failure.CANCELLED, reason)
        if host.is_dead and host.failure is not None:
            failure, reason = host.failure
            return Stop(failure, f"{reason}; told from earlier tries at {host.key} in this run")
        return None

    def note(self, host: Host[Job], answer: Answer) -> None:
        """Take note of what an answer says of its host."""
        if answer.phase is not Phase.CONNECT:
            host.note_reached()
        elif answer.failure in _UNREACHED:
            host.note_unreached(answer.failure, answer.failure_reason or "")
        if answer.status is not None and answer.status < _GOOD_BELOW:
            host.backoffs = 0

    def go_on(
        self, host: Host[Job], job: Job, walk: Walk, answer: Answer, *, now: float
    ) -> Observation | None:
        """Queue the next hop or attempt of a job and return None, or return what came of it."""
        walk.take(answer)
        following = walk.next_hop(answer, guard=self.guard, policy=self.policy)
        if isinstance(following, Target):
            if self.terms.is_time_up(walk):
                late = Stop(Failure.TIMEOUT, f"no time left after {walk.hop_count} redirects")
                return walk.observation(answer, late)
            walk.go(following)
            self.schedule.put(following.key, job, first=True)
            return None
        if following is None and not answer.is_good and self._is_retried(host, job, walk, answer, now=now):
            return None
        return walk.observation(answer, following)

    def _is_retried(self, host: Host[Job], job: Job, walk: Walk, answer: Answer, *, now: float) -> bool:
        """Queue a further attempt if one is due; a rest that a host asks for holds for all of it."""
        wait_s = self.retries.wait_s(answer, attempt=walk.attempts)
        rest_s = self._rest_s(host, answer)
        if rest_s is not None:
            host.hold(now + rest_s)
        is_too_long = rest_s is not None and rest_s > self.policy.retry_after_max_s
        first = read_target(walk.request.url)
        if wait_s is None or is_too_long or first is None:
            return False
        walk.restart(first)
        if rest_s is None:
            self.schedule.put_later(first.key, job, when=now + wait_s)
        else:
            self.schedule.put(first.key, job, first=True)
        return True

    def _rest_s(self, host: Host[Job], answer: Answer) -> float | None:
        """Return how long a host is to be left alone after `answer`, None when it did not ask for it."""
        if answer.status is None or answer.status < _GOOD_BELOW:
            return None
        asked_s = retry_after_s(answer.header("retry-after"), now=datetime.now(UTC))
        if asked_s is not None and is_passing(answer):
            return asked_s
        if not asks_for_rest(answer):
            return None
        host.backoffs += 1
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (host.backoffs - 1))
