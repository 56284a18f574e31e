"""One link to check, and what checking it showed."""

from dataclasses import dataclass
from datetime import datetime

from workers.model.captures import Choice, Drift, Kept, Lookup, Memento
from workers.model.exchanges import Observation, Validators
from workers.model.outcomes import Verdict
from workers.model.repairs import Candidate, Repair


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTask:
    """One link to check: the address as written and what its article knows about it.

    `repair` holds the forms to try when the written one fails; None means that none were proposed yet
    and that the pipeline may propose them itself when it needs them. `readings` are further readings of
    a written form that was broken over lines. `anchors` are the distinct anchor texts it is cited under,
    `contexts` the first few sentences around it.
    `kept` is the capture to compare a live page with, None where there is none yet.
    `walks` says that only lists of a site's own pages (a sitemap, a feed) name it. `validators` are those of
    its last good answer, None where the whole page is to be seen. `number` is the asker's own.
    """

    written: str
    headline: str | None = None
    published: datetime | None = None
    anchors: tuple[str, ...] = ()
    contexts: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    repair: Repair | None = None
    hard_defect: bool = False
    capture: bool = False
    kept: Kept | None = None
    walks: bool = False
    validators: Validators | None = None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """What checking one link showed.

    `original` is the address that stands for the link from now on: `written`, or the accepted
    candidate. `asked` holds every observation made, in order, with its verdict; the one that counts is
    `observation` with `verdict`. Bodies are dropped, reasons kept. `aliases` are live addresses that the
    piece of a dead link stands at now, the surest first; they are offered and never taken by themselves.
    `choice` is the capture that stands for a failed link, where one was looked for; `drift` compares a live
    page with its capture.
    """

    written: str
    original: str
    verdict: Verdict
    observation: Observation | None
    repair: Repair | None = None
    accepted: Candidate | None = None
    asked: tuple[tuple[Observation, Verdict], ...] = ()
    mementos: tuple[Memento, ...] = ()
    lookups: tuple[Lookup, ...] = ()
    aliases: tuple[Candidate, ...] = ()
    choice: Choice | None = None
    drift: Drift | None = None
