"""What the links of a host have shown so far, kept small: where they land, what text they show."""

from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workers.model import Observation
from workers.on_demand import on_demand
from workers.url import host_of, lookup_key
from workers.verdict.context import HostFacts
from workers.verdict.page import Page
from workers.verdict.similarity import text_digest

if TYPE_CHECKING:
    import statistics
else:
    statistics = on_demand("statistics")

MAX_HOSTS = 4096
MAX_ENTRIES_A_HOST = 512
MIN_PAGES_FOR_MEDIAN = 5


@dataclass(slots=True)
class _Host:
    final_urls: Counter[str] = field(default_factory=Counter)
    text_digests: Counter[str] = field(default_factory=Counter)
    main_words: list[int] = field(default_factory=list)


class Siblings:
    """Counts by host, for at most `MAX_HOSTS` hosts; the host that was silent longest is forgotten first."""

    def __init__(self) -> None:
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    def add(self, observation: Observation, page: Page | None) -> None:
        """Count one answered link: its landing place if it was sent elsewhere, its text if it has one."""
        if observation.status is None:
            return
        host = self._host(host_of(observation.url))
        landed = lookup_key(observation.final_url)
        if landed != lookup_key(observation.url) and len(host.final_urls) < MAX_ENTRIES_A_HOST:
            host.final_urls[landed] += 1
        if page is not None and page.main_words and len(host.main_words) < MAX_ENTRIES_A_HOST:
            host.text_digests[text_digest(page.main_text)] += 1
            host.main_words.append(page.main_words)

    def add_plain(self, observation: Observation, main_words: int) -> None:
        """Count one page that is plainly the piece asked for: its length tells what is thin on its host."""
        host = self._host(host_of(observation.url))
        if len(host.main_words) < MAX_ENTRIES_A_HOST:
            host.main_words.append(main_words)

    def facts(self, observation: Observation, page: Page | None, *, is_counted: bool) -> HostFacts:
        """Return what the other links of an observation's host showed; empty for a host not seen yet.

        `is_counted` says that the observation itself was added, and is to be left out.
        """
        host = self._hosts.get(host_of(observation.url))
        if host is None:
            return HostFacts()
        landings, digests = host.final_urls, host.text_digests
        if is_counted:
            landings = landings - Counter({lookup_key(observation.final_url): 1})
            digests = digests - Counter({text_digest(page.main_text): 1} if page and page.main_words else {})
        enough = len(host.main_words) >= MIN_PAGES_FOR_MEDIAN
        return HostFacts(
            final_urls=landings,
            text_digests=digests,
            median_main_words=statistics.median(host.main_words) if enough else None,
        )

    def _host(self, name: str) -> _Host:
        host = self._hosts.setdefault(name, _Host())
        self._hosts.move_to_end(name)
        if len(self._hosts) > MAX_HOSTS:
            self._hosts.popitem(last=False)
        return host
