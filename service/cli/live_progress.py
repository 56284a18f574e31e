"""Progress on a terminal: a bar, counts by outcome, and the hosts that will take longest."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from workers.model import LinkReport, LinkTask, Outcome
from workers.url import host_of

REFRESH_S = 0.2
SLOWEST = 3
BAR_WIDTH = 32
_FIRST_MEAN_S = 0.5
_NEWEST_SHARE = 0.3
_STYLES = {
    Outcome.OK: "green",
    Outcome.MOVED: "cyan",
    Outcome.BLOCKED: "yellow",
    Outcome.REFUSED: "yellow",
}


@dataclass(slots=True)
class _Pace:
    """What is left at one host, and how long a link took there lately."""

    left: int = 0
    mean_s: float = _FIRST_MEAN_S

    @property
    def rest_s(self) -> float:
        return self.left * self.mean_s


class LiveProgress:
    """Draws on standard error and leaves nothing behind."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True)
        self._outcomes: Counter[Outcome] = Counter()
        self._hosts: dict[str, _Pace] = {}
        self._total = 0
        self._started = time.monotonic()

    @asynccontextmanager
    async def shown(self) -> AsyncIterator[None]:
        """Show the progress for the time of a block, drawn anew five times a second."""
        with Live(console=self._console, auto_refresh=False, transient=True) as live:
            drawing = asyncio.create_task(self._draw(live))
            try:
                yield
            finally:
                drawing.cancel()
                await asyncio.gather(drawing, return_exceptions=True)

    async def _draw(self, live: Live) -> None:
        while True:
            live.update(self.picture(), refresh=True)
            await asyncio.sleep(REFRESH_S)

    def begin(self, tasks: Sequence[LinkTask]) -> None:
        """Add links that are to be checked."""
        self._total += len(tasks)
        for task in tasks:
            self._hosts.setdefault(host_of(task.written), _Pace()).left += 1

    def note(self, task: LinkTask, report: LinkReport) -> None:
        """Take note of one link that is done."""
        self._outcomes[report.verdict.outcome] += 1
        pace = self._hosts.setdefault(host_of(task.written), _Pace(left=1))
        pace.left -= 1
        if report.observation is not None:
            pace.mean_s += _NEWEST_SHARE * (report.observation.elapsed_ms / 1000 - pace.mean_s)

    def picture(self) -> Group:
        """Return what is shown now."""
        if not self._total:
            return Group(Text("Reading articles"))
        done = self._outcomes.total()
        line = Table.grid(padding=(0, 1))
        spent_s = round(time.monotonic() - self._started)
        bar = ProgressBar(total=self._total, completed=done, width=BAR_WIDTH)
        line.add_row("Checking links", bar, f"{done}/{self._total}", f"{spent_s // 60}:{spent_s % 60:02}")
        return Group(line, self._counts(), *self._slowest())

    def _counts(self) -> Text:
        text = Text()
        for outcome, count in self._outcomes.most_common():
            text.append(f"{count} {outcome}  ", style=_STYLES.get(outcome, "red"))
        return text

    def _slowest(self) -> list[Text]:
        waiting = sorted(
            ((pace.rest_s, host) for host, pace in self._hosts.items() if pace.left > 0), reverse=True
        )
        return [
            Text(
                f"  {host or '(no host)'}: {self._hosts[host].left} left, "
                f"{self._hosts[host].mean_s:.1f} s each",
                style="dim",
                no_wrap=True,
                overflow="ellipsis",
            )
            for _, host in waiting[:SLOWEST]
        ]
