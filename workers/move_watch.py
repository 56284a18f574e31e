"""Dead links held back until the other links of their host have shown how the site moved."""

from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from workers.model import LOST, LinkReport, LinkTask, Outcome
from workers.on_demand import on_demand
from workers.url import host_of

if TYPE_CHECKING:
    from workers.repair import moves as learning
else:
    learning = on_demand("workers.repair.moves")

MOST_HELD = 200


class MoveWatch:
    """What the links of one run show of moves, by host.

    At most `MOST_READ` moves a host are kept, and `MOST_HELD` dead links of a run held back; further ones
    are told at once.
    """

    def __init__(self, tasks: Iterable[LinkTask]) -> None:
        self._tasks = tasks
        self._moves: dict[str, list[learning.Move]] = {}
        self._learned: dict[str, tuple[int, tuple[learning.Learned, ...]]] = {}
        self._held = 0

    @cached_property
    def _crowd(self) -> Counter[str]:
        """How many links there are of each host: counted once, and only where a link is dead."""
        return Counter(host_of(task.written) for task in self._tasks)

    def note(self, report: LinkReport) -> None:
        """Remember a link that was moved for good."""
        seen = report.observation
        if report.verdict.outcome is Outcome.MOVED and seen is not None:
            moves = self._moves.setdefault(host_of(seen.url), [])
            if len(moves) < learning.MOST_READ:
                moves.append((seen.url, seen.final_url))

    def holds_back(self, report: LinkReport) -> bool:
        """Whether a dead link has to wait: links enough of its host may yet tell where it went."""
        if report.verdict.outcome not in LOST or report.aliases or self._held == MOST_HELD:
            return False
        holds = self._crowd[host_of(report.original)] > learning.LEAST_AGREEING
        self._held += holds
        return holds

    def rules_for(self, report: LinkReport) -> "tuple[learning.Learned, ...]":
        """Return how the links of a dead link's host moved; empty where three did not agree."""
        host = host_of(report.original)
        moves = self._moves.get(host, [])
        if len(moves) < learning.LEAST_AGREEING:
            return ()
        known = self._learned.get(host)
        if known is None or known[0] != len(moves):
            known = self._learned[host] = len(moves), learning.learn(moves)
        return known[1]
