"""robots.txt: read, matched, and obeyed by a fetcher that walks a site.

Sources: RFC 9309 (groups, longest match, `*` and `$`, what a missing or failing file means), and the
Crawl-delay line that many files carry besides.
"""

import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, Protocol

from workers.fetch.target import Target, read_target
from workers.fetch.waiting import Waiting, gather
from workers.fetch.walk import Stop, refused_unasked
from workers.model import Failure, Observation
from workers.protocols import Fetcher, FetchRequest

MOST_BYTES: Final = 500 * 1024
"""What is read of one robots.txt, as the RFC asks for at least."""
AGENT: Final = "linkwright"
_LONGEST_DELAY_S: Final = 60.0
KEPT_S: Final = 24 * 3600.0
"""How long a robots.txt is believed (RFC 9309, 2.4: not above a day)."""

FAILED_KEPT_S: Final = 3600.0
"""How long a host that could not tell is left alone before it is asked again."""

MOST_KNOWN: Final = 4096


@dataclass(frozen=True, slots=True)
class PathPattern:
    """The pieces of a path between its stars, the first at its start; `is_whole` where `$` ends it.

    Each piece is looked for once, behind the one before: a host's rules cost no more than their length.
    """

    pieces: tuple[str, ...]
    is_whole: bool = False

    def fits(self, path: str) -> bool:
        """Whether a path is as the pattern says."""
        first, *others = self.pieces
        if not path.startswith(first):
            return False
        at = len(first)
        if not others:
            return at == len(path) or not self.is_whole
        for piece in others[:-1] if self.is_whole else others:
            found = path.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return not self.is_whole or path.endswith(others[-1], at)


@dataclass(frozen=True, slots=True)
class Rule:
    """One Allow or Disallow line; a longer `length` wins, Allow wins a draw."""

    pattern: PathPattern
    length: int
    allows: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotRules:
    """What one robots.txt says to us; no rules allow everything. `delay_s` is its Crawl-delay."""

    rules: tuple[Rule, ...] = ()
    delay_s: float | None = None

    def allow(self, path: str) -> bool:
        """Whether a path with its query may be asked for."""
        fitting = [rule for rule in self.rules if rule.pattern.fits(path)]
        best = max(fitting, key=lambda rule: (rule.length, rule.allows), default=None)
        return best is None or best.allows


ALLOW_ALL: Final = RobotRules()
FORBID_ALL: Final = RobotRules(rules=(Rule(PathPattern(("",)), 0, False),))


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


def _pattern(value: str) -> PathPattern:
    pieces = re.sub(r"\*+", "*", value.removesuffix("$")).split("*")
    return PathPattern(tuple(pieces), is_whole=value.endswith("$"))


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
    """A `Fetcher` that asks each host's robots.txt first, once a day, through the same queue.

    `is_bound` says of a request whether robots.txt decides over it; without it, of every one. `clock` gives
    seconds that only grow.
    """

    def __init__(
        self,
        inner: SlowFetcher,
        is_bound: Callable[[FetchRequest], bool] | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._is_bound = is_bound or (lambda _request: True)
        self._clock = clock
        self._known: OrderedDict[str, tuple[float, RobotRules]] = OrderedDict()

    async def observe(self, request: FetchRequest) -> Observation:
        """Ask for one address if its host's robots.txt lets us."""
        stop = await self._forbidden(request) if self._is_bound(request) else None
        return refused_unasked(request, stop) if stop else await self._inner.observe(request)

    async def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Ask for many addresses; what is forbidden comes first."""
        wanted = await gather(requests)
        if any(map(self._is_bound, wanted)):
            await self._learn(filter(self._is_bound, wanted))
            asked, wanted = wanted, Waiting()
            for request in asked:
                if self._is_bound(request) and (stop := await self._forbidden(request)):
                    yield request, refused_unasked(request, stop)
                else:
                    wanted.append(request)
        async for answered in self._inner.observe_many(wanted):
            yield answered

    async def rules(self, url: str) -> RobotRules:
        """Return what the host of `url` lets us do."""
        target = read_target(url)
        if target is None:
            return ALLOW_ALL
        where = robots_url(target)
        known = self._believed(where)
        if known is None:
            await self._learn([FetchRequest(url=url)])
            known = self._believed(where)
        return FORBID_ALL if known is None else known

    def _believed(self, where: str) -> RobotRules | None:
        """Return what is known of one robots.txt, None where that is nothing, or too long ago."""
        until, rules = self._known.get(where, (0.0, None))
        return rules if rules is not None and self._clock() < until else None

    async def _learn(self, requests: Iterable[FetchRequest]) -> None:
        targets = [read_target(request.url) for request in requests]
        places = {robots_url(target) for target in targets if target}
        wanted = sorted(where for where in places if self._believed(where) is None)
        asked = [FetchRequest(url=url, max_body_bytes=MOST_BYTES) for url in wanted]
        async for request, seen in self._inner.observe_many(asked):
            rules = robots_meaning(seen)
            kept_s = FAILED_KEPT_S if rules is FORBID_ALL else KEPT_S
            self._known[request.url] = (self._clock() + kept_s, rules)
            self._known.move_to_end(request.url)
            if len(self._known) > MOST_KNOWN:
                self._known.popitem(last=False)
            if rules.delay_s:
                self._inner.slow_down(request.url, rules.delay_s)

    async def _forbidden(self, request: FetchRequest) -> Stop | None:
        rules = await self.rules(request.url)
        target = read_target(request.url)
        if target is None or rules.allow(target.path):
            return None
        return Stop(Failure.POLICY, f"robots.txt of {target.authority} asks us not to")
