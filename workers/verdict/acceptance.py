"""Which statuses count as ok for which addresses: everywhere, by pattern and by host."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from workers.errors import InvalidSetting
from workers.url import host_of, host_with_port

_LOWEST, _HIGHEST = 100, 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What an editor said is good enough, whatever the status usually means.

    `by_pattern` pairs a regular expression, searched for in the address, with statuses; `by_host` has
    canonical `HOST` or `HOST:PORT` as keys, and what stands for a port holds in place of what the name has.
    """

    everywhere: frozenset[int] = frozenset()
    by_pattern: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = ()
    by_host: Mapping[str, frozenset[int]] = field(default_factory=dict)

    def statuses_of(self, url: str) -> frozenset[int]:
        """Return the statuses that count as ok for `url`."""
        if not self.by_pattern and not self.by_host:
            return self.everywhere
        accepted = self.everywhere | self._statuses_of_host(url)
        return accepted.union(*(statuses for pattern, statuses in self.by_pattern if pattern.search(url)))

    def _statuses_of_host(self, url: str) -> frozenset[int]:
        if not self.by_host:
            return frozenset()
        exact = self.by_host.get(host_with_port(url))
        return self.by_host.get(host_of(url), frozenset()) if exact is None else exact


def read_statuses(text: str) -> frozenset[int]:
    """Read a comma list of statuses and ranges such as `403,500-599`.

    Raises:
        InvalidSetting: a part is no status (100 to 999) or a range runs backwards; the message names it.
    """
    statuses: set[int] = set()
    for part in text.split(","):
        if not part.strip():
            continue
        low, to, high = part.strip().partition("-")
        numbers = [int(each) for each in (low, high if to else low) if each.isascii() and each.isdigit()]
        if len(numbers) < 2 or not _LOWEST <= numbers[0] <= numbers[1] <= _HIGHEST:  # noqa: PLR2004 - both ends
            raise InvalidSetting(f"{part.strip()!r} is no status, nor a range of them")
        statuses.update(range(numbers[0], numbers[1] + 1))
    return frozenset(statuses)


def read_accepted_for(text: str) -> tuple[re.Pattern[str], frozenset[int]]:
    """Read `REGEX=STATUS,…`: what stands before the last equals sign is the pattern.

    Raises:
        InvalidSetting: the text has another form; the message names it.
    """
    pattern, sign, statuses = text.rpartition("=")
    if not sign or not pattern or not read_statuses(statuses):
        raise InvalidSetting(f"accept-for: {text!r} is not REGEX=STATUS,…")
    return compile_patterns("accept-for", [pattern])[0], read_statuses(statuses)


def compile_patterns(name: str, patterns: Iterable[str]) -> list[re.Pattern[str]]:
    """Return the regular expressions of an option.

    Raises:
        InvalidSetting: one is none; the message names the option and the pattern.
    """
    try:
        return [re.compile(pattern) for pattern in patterns]
    except re.error as error:
        raise InvalidSetting(f"--{name}: {error.pattern!r} is no regular expression: {error}") from None
