"""robots.txt: read, matched, and obeyed by a fetcher that walks a site.

Sources: RFC 9309 (groups, longest match, `*` and `$`, what a missing or failing file means), and the
Crawl-delay line that many files carry besides.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol

from workers.fetch.target import Target, read_target
from workers.fetch.walk import Stop, refused_unasked
from workers.model import Failure, Observation
from workers.protocols import Fetcher, FetchRequest

MOST_BYTES: Final = 500 * 1024
"""What is read of one robots.txt, as the RFC asks for at least."""
AGENT: Final = "linkwright"
_LONGEST_DELAY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line; a longer `length` wins, Allow wins a draw."""

    pattern: re.Pattern[str]
    length: int
    allows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotRules:
    """What one robots.txt says to us; no rules allow everything. `delay_s` is its Crawl-delay."""

    rules: tuple[Rule, ...] = ()
    delay_s: float | None = None

    def allow(self, path: str) -> bool:
        """Whether a path with its query may be asked for."""
        fitting = [rule for rule in self.rules if rule.pattern.match(path)]
        best = max(fitting, key=lambda rule: (rule.length, rule.allows), default=None)
        return best is None or best.allows


ALLOW_ALL: Final = RobotRules()
FORBID_ALL: Final = RobotRules(rules=(Rule(re.compile(""), 0, False),))


def read_robots(text: str, agent: str = AGENT) -> RobotRules:
    """Return what a robots.txt says to `agent`: the groups that name it, else those for everyone."""
    groups: dict[str, list[tuple[str, str]]] = {}
    names: list[str] = []
    is_naming = False
    for line in text.removeprefix("\ufeff").splitlines():
        field, found, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if not found:
            continue
        if field == "user-agent":
            names = [*names, value.lower()] if is_naming else [value.lower()]
            groups.setdefault(value.lower(), [])
            is_naming = True
        elif field in {"allow", "disallow", "crawl-delay"}:
            is_naming = False
            for name in names:
                groups[name].append((field, value))
    return _rules(groups.get(agent, groups.get("*", [])))


def _rules(lines: Iterable[tuple[str, str]]) -> RobotRules:
    rules: list[Rule] = []
    delay_s = None
    for field, value in lines:
        if field == "crawl-delay":
            delay_s = _delay_s(value)
        elif value:
            rules.append(Rule(_pattern(value), len(value), field == "allow"))
    return RobotRules(rules=tuple(rules), delay_s=delay_s)


def _delay_s(value: str) -> float | None:
    try:
        return min(_LONGEST_DELAY_S, max(0.0, float(value)))
    except ValueError:
        return None


def _pattern(value: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in re.sub(r"\*+", "*", value.removesuffix("$")).split("*")]
    return re.compile(".*?".join(parts) + (r"\Z" if value.endswith("$") else ""), re.DOTALL)


def robots_url(target: Target) -> str:
    """Return where the robots.txt for a target is."""
    return f"{target.scheme}://{target.authority}/robots.txt"


def robots_meaning(seen: Observation) -> RobotRules:
    """Return what the answer for a robots.txt means: none forbids nothing, a failing host forbids all."""
    if seen.status is not None and seen.failure is None:
        if seen.status < HTTPStatus.MULTIPLE_CHOICES:
            return read_robots(seen.body.decode("utf-8", "replace"))
        if seen.status < HTTPStatus.INTERNAL_SERVER_ERROR and seen.status != HTTPStatus.TOO_MANY_REQUESTS:
            return ALLOW_ALL
    return FORBID_ALL


class SlowFetcher(Fetcher, Protocol):
    """A fetcher that can be told to ask one host more slowly."""

    def slow_down(self, url: str, gap_s: float) -> None:
        """Ask the host of `url` one request at a time, with at least so long between two starts."""
        ...


class ObeyingFetcher:
    """A `Fetcher` that asks each host's robots.txt first, once, through the same queue.

    `is_bound` says of a request whether robots.txt decides over it; without it, of every one.
    """

    def __init__(self, inner: SlowFetcher, is_bound: Callable[[FetchRequest], bool] | None = None) -> None:
        self._inner = inner
        self._is_bound = is_bound or (lambda _request: True)
        self._known: dict[str, RobotRules] = {}

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address if its host's robots.txt lets us."""
        stop = await self._forbidden(request) if self._is_bound(request) else None
        return refused_unasked(request, stop) if stop else await self._inner.observe(request)

    def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses; what is forbidden comes first."""
        wanted = list(requests)
        if any(map(self._is_bound, wanted)):
            return self._observe_allowed(wanted)
        return self._inner.observe_many(wanted)

    async def _observe_allowed(
        self, requests: list[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        await self._learn(filter(self._is_bound, requests))
        allowed = []
        for request in requests:
            if self._is_bound(request) and (stop := await self._forbidden(request)):
                yield request, refused_unasked(request, stop)
            else:
                allowed.append(request)
        async for answered in self._inner.observe_many(allowed):
            yield answered

    async def rules(self, url: str) -> RobotRules:
        """Return what the host of `url` lets us do."""
        target = read_target(url)
        if target is None:
            return ALLOW_ALL
        where = robots_url(target)
        if where not in self._known:
            await self._learn([FetchRequest(url=url)])
        return self._known[where]

    async def _learn(self, requests: Iterable[FetchRequest]) -> None:
        targets = [read_target(request.url) for request in requests]
        wanted = {robots_url(target) for target in targets if target} - self._known.keys()
        asked = [FetchRequest(url=url, max_body_bytes=MOST_BYTES) for url in sorted(wanted)]
        async for request, seen in self._inner.observe_many(asked):
            rules = self._known[request.url] = robots_meaning(seen)
            if rules.delay_s:
                self._inner.slow_down(request.url, rules.delay_s)

    async def _forbidden(self, request: FetchRequest) -> Stop | None:
        rules = await self.rules(request.url)
        target = read_target(request.url)
        if target is None or rules.allow(target.path):
            return None
        return Stop(Failure.POLICY, f"robots.txt of {target.authority} asks us not to")
