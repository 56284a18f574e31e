"""The report of one link, made of what asking showed, and fit to be kept by the thousand."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from workers.judge import Judged
from workers.model import LinkReport, LinkTask, Observation, Outcome, Verdict
from workers.trial import Trial

MALFORMED = Verdict(
    outcome=Outcome.MALFORMED, rule="written/malformed", evidence=("as written it is no address",)
)
KEPT_HEADERS = frozenset({"etag", "last-modified"})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def report_of(task: LinkTask, judged: Judged | None, trial: Trial) -> LinkReport:
    """Return what asking showed; the accepted candidate's answer counts, else the written form's."""
    counted = trial.judged or judged
    asked = (*([judged] if judged else []), *trial.asked)
    return LinkReport(
        written=task.written,
        original=trial.accepted.url if trial.accepted else task.written,
        verdict=counted.verdict if counted else MALFORMED,
        observation=counted.observation if counted else None,
        repair=trial.repair,
        accepted=trial.accepted,
        asked=tuple((each.observation, each.verdict) for each in asked),
    )


def report_of_first(task: LinkTask, judged: Judged) -> LinkReport:
    """Return the report of a link that its first answer ends, as `light` leaves it: most links are such."""
    seen = without_bodies(judged.observation)
    return LinkReport(
        written=task.written,
        original=task.written,
        verdict=judged.verdict,
        observation=seen,
        repair=task.repair,
        asked=((seen, judged.verdict),),
    )


def by_witness(report: LinkReport) -> LinkReport:
    """Return the report of a link that is dead, and whose repaired form the archives bear out."""
    told = f"no live page, but the archives know {report.original} as what was cited"
    verdict = replace(report.verdict, evidence=(told, *report.verdict.evidence))
    return replace(report, verdict=verdict)


def light(report: LinkReport) -> LinkReport:
    """Return the report without bodies and raw exchanges, fit to be kept by the thousand."""
    counted = report.observation and without_bodies(report.observation)
    asked = tuple(
        (counted if counted and seen is report.observation else without_bodies(seen), verdict)
        for seen, verdict in report.asked
    )
    return replace(report, observation=counted, asked=asked)


def without_bodies(observation: Observation) -> Observation:
    """Return the observation without body and raw exchanges, of its headers what a recheck needs."""
    if not (observation.body or observation.exchanges or observation.headers):
        return observation
    kept = {name: value for name, value in observation.headers.items() if name in KEPT_HEADERS}
    return replace(observation, body=b"", exchanges=(), headers=kept or NO_HEADERS)
