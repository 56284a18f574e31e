"""One address on its way: from hop to hop and from attempt to attempt, until there is an observation.

The walk knows nothing of queues or sockets. It says which target is next and takes the answer; what it
returns says whether to go on, to wait, or that it is over.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from workers.fetch.answer import REDIRECTS, Answer
from workers.fetch.charset import read_content_type
from workers.fetch.cookies import CookieJar
from workers.fetch.guard import Guard
from workers.fetch.policy import FetchPolicy
from workers.fetch.target import Target, read_target
from workers.model import Exchange, Failure, Hop, Observation, TlsFacts
from workers.protocols import FetchRequest
from workers.regex import regex

_SLASHLESS: Final = regex(r"https?:(?!//)", re.IGNORECASE)
_WITH_SCHEME: Final = regex(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_LONGEST_NOTE: Final = 200
_MOST_ON_THE_WAY_BYTES: Final = 128 * 1024
"""So much may all redirects of an attempt hold, unless they are recorded."""

Deliver = Callable[[Observation], None]


@dataclass(frozen=True, slots=True)
class Stop:
    """The walk is over without a further hop: a failure of its own, with the reason."""

    failure: Failure
    reason: str


class Walk:
    """The state of one request: where it stands, what it has seen, what it has spent."""

    __slots__ = (
        "_exchanges",
        "_hops",
        "_jar",
        "_received_bytes",
        "_seen",
        "_tls",
        "_way_bytes",
        "attempts",
        "request",
        "spent_s",
        "target",
        "total_s",
    )

    def __init__(self, request: FetchRequest, target: Target) -> None:
        self.request = request
        self.target = target
        self.attempts = 1
        self.spent_s = 0.0
        self.total_s = 0.0
        self._hops: tuple[Hop, ...] = ()
        self._seen: set[tuple[str, int]] = set()
        self._jar: CookieJar | None = None
        self._exchanges: tuple[Exchange, ...] = ()
        self._received_bytes = 0
        self._way_bytes = 0
        self._tls: TlsFacts | None = None

    @property
    def cookie_header(self) -> str:
        """The Cookie header for the target that is next."""
        return self._jar.header(self.target) if self._jar else ""

    @property
    def is_downgraded(self) -> bool:
        """Whether an encrypted address was asked for and the target is not encrypted."""
        return not self.target.is_tls and self.request.url[:6].lower() == "https:"

    @property
    def is_on_first_hop(self) -> bool:
        """Whether the target is the address that was asked for."""
        return not self._hops

    @property
    def hop_count(self) -> int:
        """How many answers there were in this attempt."""
        return len(self._hops)

    def take(self, answer: Answer) -> None:
        """Take note of what one hop brought."""
        self._received_bytes += answer.received_bytes
        self._way_bytes += answer.received_bytes
        self._tls = answer.tls
        if answer.record is not None:
            self._exchanges += (answer.record,)
        if answer.status is not None:
            self._hops += (Hop(url=self.target.url, status=answer.status, reason=answer.reason),)
            self._seen.add((self.target.url, self._jar.version if self._jar else 0))

    def next_hop(self, answer: Answer, *, guard: Guard, policy: FetchPolicy) -> Target | Stop | None:
        """Return where `answer` sends us, why that cannot be followed, or None when it is the last."""
        if answer.status not in REDIRECTS:
            return None
        locations = {value.strip() for value in answer.headers("location")}
        if not locations:
            return None
        if len(locations) > 1:
            return Stop(Failure.BAD_REDIRECT, "two different Location headers")
        self._take_cookies(answer)
        target = self._resolve(locations.pop(), guard)
        if isinstance(target, Stop):
            return target
        return self._endless(target, policy) or target

    def _endless(self, target: Target, policy: FetchPolicy) -> Stop | None:
        if (target.url, self._jar.version if self._jar else 0) in self._seen:
            return Stop(Failure.REDIRECT_LOOP, f"redirected in a circle at {target.url[:_LONGEST_NOTE]}")
        if len(self._hops) > policy.max_redirects:
            return Stop(Failure.TOO_MANY_REDIRECTS, f"more than {policy.max_redirects} redirects")
        if self._way_bytes > _MOST_ON_THE_WAY_BYTES and not self.request.record:
            return Stop(Failure.TOO_MANY_REDIRECTS, "more than 128 kB of redirects")
        return None

    def go(self, target: Target) -> None:
        """Make `target` the next one; a fragment holds on if it has none (RFC 9110, 10.2.2)."""
        self.target = target if target.fragment else replace(target, fragment=self.target.fragment)

    def restart(self, target: Target) -> None:
        """Begin a further attempt at the address that was asked for."""
        self.attempts += 1
        self.target = target
        self.spent_s = 0.0
        self._way_bytes = 0
        self._hops, self._exchanges = (), ()
        self._seen.clear()
        self._jar = None

    def _take_cookies(self, answer: Answer) -> None:
        for value in answer.headers("set-cookie"):
            self._jar = self._jar or CookieJar()
            self._jar.take(value, self.target)

    def _resolve(self, location: str, guard: Guard) -> Target | Stop:
        shown = location[:_LONGEST_NOTE]
        scheme = _WITH_SCHEME.match(location)
        if scheme and scheme[1].lower() not in {"http", "https"}:
            return Stop(Failure.POLICY, f"redirect to {scheme[1]}: is not followed")
        target = None if _SLASHLESS.match(location) else read_target(location, self.target.url)
        if target is None:
            return Stop(Failure.BAD_REDIRECT, f"a Location that is no address: {shown!r}")
        why = guard.refuse_target(target)
        return Stop(Failure.POLICY, f"redirect to {shown}: {why}") if why else target

    def observation(self, answer: Answer | None, stop: Stop | None = None) -> Observation:
        """Return what came of it: the last `answer`, and `stop` where the walk ended before its goal."""
        answer = answer or Answer()
        media_type, charset = read_content_type(answer.header("content-type"), answer.body)
        has_digest = answer.is_complete and answer.body
        digest = f"sha256:{hashlib.sha256(answer.body).hexdigest()}" if has_digest else None
        return Observation(
            url=self.request.url,
            observed_at=datetime.now(UTC),
            final_url=self.target.url + self.target.fragment,
            status=answer.status,
            hops=self._hops,
            failure=stop.failure if stop else answer.failure,
            failure_reason=stop.reason if stop else answer.failure_reason or answer.cut,
            headers=answer.joined,
            media_type=media_type,
            charset=charset,
            body=answer.body,
            body_complete=answer.is_complete,
            received_bytes=self._received_bytes,
            digest=digest,
            tls=self._tls,
            attempts=self.attempts,
            elapsed_ms=round(self.total_s * 1000),
            exchanges=self._exchanges,
        )


def refused_unasked(request: FetchRequest, stop: Stop) -> Observation:
    """Return the observation of a request that no hop was made for."""
    return Observation(
        url=request.url,
        observed_at=datetime.now(UTC),
        final_url=request.url,
        failure=stop.failure,
        failure_reason=stop.reason,
        attempts=0,
    )
