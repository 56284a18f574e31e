"""How one process takes part in the jobs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """Times and bounds of one worker process; times are in seconds.

    `worker` is its executor id, never used by two processes at once: unique in a fleet, fixed where one
    process does everything, so that it finds its own jobs again. `in_fleet` says whether others may be
    there: then leases are kept. `poll_s` is how often a queue is looked at, `sweep_s` how often what no
    job covers is, `flush_s` how often a batch under way stores what it has.
    """

    worker: str
    in_fleet: bool
    batches: int = 32
    audits: int = 64
    articles: int = 2
    errands: int = 8
    threads: int = 16
    lease_s: float = 30.0
    beat_s: float = 10.0
    poll_s: float = 0.2
    sweep_s: float = 15.0
    wait_s: float = 30.0
    flush_s: float = 5.0
    stop_grace_s: int = 20
    keep_days: float = 7.0
    notify_s: float = 1.0
