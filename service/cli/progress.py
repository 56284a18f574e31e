"""How far a run has come, for people at a terminal; pipes and `--quiet` get nothing."""

import os
import sys
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Protocol

from workers.model import LinkReport, LinkTask


class Progress(Protocol):
    """What is told on the way of a run."""

    def shown(self) -> AbstractAsyncContextManager[None]:
        """Show the progress for the time of a block."""
        ...

    def begin(self, tasks: Sequence[LinkTask]) -> None:
        """Add links that are to be checked."""
        ...

    def note(self, task: LinkTask, report: LinkReport) -> None:
        """Take note of one link that is done."""
        ...


class Silent:
    """Tells nothing."""

    def shown(self) -> AbstractAsyncContextManager[None]:
        """Show nothing."""
        return nullcontext()

    def begin(self, tasks: Sequence[LinkTask]) -> None:
        """Take no note."""

    def note(self, task: LinkTask, report: LinkReport) -> None:
        """Take no note."""


def progress_for(*, quiet: bool) -> Progress:
    """Return the display that fits where standard error goes."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return Silent()
    # Only a terminal pays for rich.
    from service.cli.live_progress import LiveProgress

    return LiveProgress()
