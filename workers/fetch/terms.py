"""The terms of one hop: how gently, how long, how much, and the words it is asked in.

All of it follows from the policy, the settings of single hosts and what a request asks for itself.
"""

from typing import Final

from workers.fetch.exchange import Limits
from workers.fetch.hosts import Manners
from workers.fetch.policy import FetchPolicy, HostRules
from workers.fetch.request_head import RequestHeads
from workers.fetch.target import host_key
from workers.fetch.walk import Walk

_SHORTEST_HOP_S: Final = 0.05


class Terms:
    """The terms under one policy."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._heads = RequestHeads(policy)
        self._usual_limits = Limits(
            total_s=policy.timeout_s,
            connect_s=policy.connect_timeout_s,
            head_s=policy.head_timeout_s or policy.timeout_s,
            body_s=policy.body_limit_s,
            body_bytes=policy.max_body_bytes,
        )

    def manners(self, key: str) -> Manners:
        """Return how the host of a politeness key is to be treated."""
        policy = self._policy
        rules = self._rules(key)
        per_host = rules.per_host if rules and rules.per_host is not None else policy.per_host
        gap_ms = rules.gap_ms if rules and rules.gap_ms is not None else policy.gap_ms
        return Manners(per_host=max(1, per_host), gap_s=gap_ms / 1000)

    def head(self, walk: Walk) -> bytes:
        """Return the request of the next hop."""
        return self._head(walk, is_trusted=not walk.is_downgraded)

    def public_head(self, walk: Walk) -> bytes:
        """Return what is kept of the request of the next hop: it leaves out a host's own headers."""
        return self._head(walk, is_trusted=False)

    def limits(self, walk: Walk) -> Limits:
        """Return the bounds of the next hop."""
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

    def is_time_up(self, walk: Walk) -> bool:
        """Whether the whole exchange has used up its deadline."""
        return walk.spent_s >= self._timeout_s(walk)

    def _head(self, walk: Walk, *, is_trusted: bool) -> bytes:
        extra, cookie = self._extra(walk), walk.cookie_header
        return self._heads.head(walk.target, extra=extra, cookie=cookie, is_trusted=is_trusted)

    def _extra(self, walk: Walk) -> tuple[tuple[str, str], ...]:
        """A caller's headers go to the host that was asked for, validators to the address itself."""
        request = walk.request
        if walk.is_on_first_hop:
            return (*request.headers, *request.validators.headers) if request.validators else request.headers
        return request.headers if walk.target.key == host_key(request.url) else ()

    def _timeout_s(self, walk: Walk) -> float:
        """Return the deadline of the whole exchange, that of the host that was asked for first."""
        rules = self._rules(host_key(walk.request.url)) if self._policy.hosts else None
        return self._policy.timeout_s if rules is None or rules.timeout_s is None else rules.timeout_s

    def _rules(self, key: str) -> HostRules | None:
        """Return the settings of a politeness key; both standard ports share the key of the bare name."""
        names = (key, key.partition(":")[0], f"{key}:443", f"{key}:80")
        return next((rules for name in names if (rules := self._policy.hosts.get(name))), None)
