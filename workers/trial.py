"""The live decision on a repair: candidates are asked in score order until a live page confirms one."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from workers.judge import Judge, Judged
from workers.model import Candidate, Decision, Failure, LinkTask, Observation, Outcome, Repair
from workers.protocols import Fetcher, FetchRequest
from workers.url import host_of, is_fetchable
from workers.verdict.matches import confirms

MAX_ASKED = 5
ALIVE = frozenset({Outcome.OK, Outcome.MOVED})
# Where the host itself does not answer, another path of it will not either.
HOST_FAILURES = frozenset(
    {
        Failure.NXDOMAIN,
        Failure.NO_ADDRESS,
        Failure.SERVFAIL,
        Failure.REFUSED,
        Failure.UNREACHABLE,
        Failure.TIMEOUT,
        Failure.TLS,
        Failure.POLICY,
        Failure.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What asking for candidates showed: the accepted one with its live page, if any, and all that was asked.

    `repair` is None where nothing was wrong with the link.
    """

    repair: Repair | None
    accepted: Candidate | None = None
    judged: Judged | None = None
    asked: tuple[Judged, ...] = ()


async def try_candidates(
    task: LinkTask, repair: Repair, written: Observation | None, *, fetcher: Fetcher, judge: Judge
) -> Trial:
    """Ask for at most `MAX_ASKED` candidates, best first, and accept the first that a live page confirms.

    `written` is what the written form was answered with, None where it could not be asked.
    """
    asked: list[Judged] = []
    for candidate in _worth_asking(task, repair, written):
        observation = await fetcher.observe(FetchRequest(url=candidate.url, record=task.capture))
        judged = await judge.judge(task, observation)
        asked.append(replace(judged, observation=replace(judged.observation, body=b"")))
        if judged.verdict.outcome not in ALIVE or judged.page is None:
            continue
        is_right, evidence = confirms(
            judged.page, observation, url=candidate.url, headline=task.headline, anchors=task.anchors
        )
        if is_right:
            return Trial(
                repair=confirmed(repair, candidate, evidence),
                accepted=replace(candidate, evidence=candidate.evidence + evidence),
                judged=asked[-1],
                asked=tuple(asked),
            )
    return Trial(repair=repair, asked=tuple(asked))


def confirmed(repair: Repair, candidate: Candidate, evidence: tuple[str, ...]) -> Repair:
    """Return the repair with one candidate proved: first, certain, and with the proof beside its evidence."""
    best = replace(candidate, evidence=candidate.evidence + evidence)
    others = tuple(each for each in repair.candidates if each.url != candidate.url)
    return Repair(decision=Decision.AUTO, best=best, candidates=(best, *others))


def _worth_asking(task: LinkTask, repair: Repair, written: Observation | None) -> Iterator[Candidate]:
    """Yield the candidates to ask for: fetchable, not the written form, not on a host that fails as such."""
    failed_host = host_of(task.written) if written is not None and written.failure in HOST_FAILURES else None
    left = MAX_ASKED
    for candidate in repair.candidates:
        if candidate.url == task.written or not is_fetchable(candidate.url):
            continue
        if failed_host is not None and host_of(candidate.url) == failed_host:
            continue
        yield candidate
        left -= 1
        if not left:
            return
