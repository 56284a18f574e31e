"""What is asked again, and when: one table, with tenacity's policies for the wait and the stop.

Only what can mend is asked again. A timeout is left to a later run unless the policy says otherwise: asked
again at once it costs the whole deadline twice and hardly ever mends (docs/decisions/0041).
"""

from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from workers.fetch.answer import Answer
from workers.fetch.policy import FetchPolicy
from workers.model import Failure
from workers.on_demand import on_demand

if TYPE_CHECKING:
    import tenacity
else:
    tenacity = on_demand("tenacity")  # most answers need not be asked for again

FIRST_WAIT_S: Final = 0.5
LONGEST_WAIT_S: Final = 30.0
JITTER_S: Final = 0.1

_STATUSES: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.INTERNAL_SERVER_ERROR,
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
        *range(520, 531),
    }
)
_FAILURES: Final = frozenset({Failure.RESET, Failure.REFUSED, Failure.SERVFAIL})


def can_mend(answer: Answer, policy: FetchPolicy) -> bool:
    """Whether asking again may bring another answer."""
    if answer.failure is Failure.TIMEOUT:
        return policy.retry_timeouts
    if answer.failure is not None:
        return answer.failure in _FAILURES
    return answer.status in _STATUSES or answer.cut_off


def is_passing(answer: Answer) -> bool:
    """Whether the status says that the trouble will pass."""
    return answer.status in _STATUSES


def asks_for_rest(answer: Answer) -> bool:
    """Whether the answer says that the whole host is asked too much, even without naming a time."""
    return answer.status == HTTPStatus.TOO_MANY_REQUESTS


class RetryTable:
    """How often and after which wait one exchange is repeated under a policy."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy

    @cached_property
    def _retrying(self) -> "tenacity.AsyncRetrying":
        return tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(self._policy.retries + 1),
            wait=tenacity.wait_exponential_jitter(
                multiplier=FIRST_WAIT_S, max=LONGEST_WAIT_S, jitter=JITTER_S
            ),
        )

    def wait_s(self, answer: Answer, *, attempt: int) -> float | None:
        """Return the wait before attempt `attempt` + 1, in seconds; None when it is not to be made."""
        if not can_mend(answer, self._policy):
            return None
        state = tenacity.RetryCallState(self._retrying, None, (), {})
        state.attempt_number = attempt
        if self._retrying.stop(state):
            return None
        return float(self._retrying.wait(state))
