"""The live decision on a repair: candidates are asked in score order until a live page confirms one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from workers.judge import Judge, Judged
from workers.model import ALIVE, Candidate, Decision, Failure, LinkTask, Outcome, Repair
from workers.on_demand import on_demand
from workers.protocols import Fetcher, FetchRequest
from workers.url import host_of, is_fetchable, parse
from workers.verdict.address import read_address
from workers.verdict.matches import Answer, Confirmation, Sought, confirm, is_doubtful

if TYPE_CHECKING:
    from workers.repair import normalise as mending
else:
    mending = on_demand("workers.repair.normalise")

MAX_ASKED = 5
_FORBIDDEN = 403
_FAR_BELOW = 0.5
_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])?$")
_NAMED = "the page shown for what is written names it as its own address"
# The name itself leads nowhere: no other path, and no other port, will.
NAME_FAILURES = frozenset({Failure.NXDOMAIN, Failure.NO_ADDRESS, Failure.SERVFAIL})
# Where the host does not answer, another path of it will not either; the other of http and https may.
HOST_FAILURES = NAME_FAILURES | {
    Failure.REFUSED,
    Failure.UNREACHABLE,
    Failure.TIMEOUT,
    Failure.TLS,
    Failure.POLICY,
    Failure.CANCELLED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What asking for candidates showed: the accepted one with its live page, if any, and all that was asked.

    `repair` is None where nothing was wrong with the link; its candidates carry what asking showed of each.
    """

    repair: Repair | None
    accepted: Candidate | None = None
    judged: Judged | None = None
    asked: tuple[Judged, ...] = ()


def needs_trial(task: LinkTask, judged: Judged | None) -> bool:
    """Whether the answer to the written form leaves open that another address was meant.

    A good one may belong to another address; a 403 is also what some hosts say of what they lack, and
    a form with damage to see is likely lacking.
    """
    if judged is None:
        return False
    if is_barred(judged):
        return task.repair is not None or not mending.is_clean(task.written)
    return is_doubtful(answer_of(judged), anchors=task.anchors, headline=task.headline)


def is_barred(judged: Judged) -> bool:
    """Whether a 403 was answered, a challenge's or the host's own."""
    return judged.verdict.outcome is Outcome.BLOCKED and judged.observation.status == _FORBIDDEN


async def try_candidates(
    task: LinkTask, repair: Repair, written: Judged | None, *, fetcher: Fetcher, judge: Judge
) -> Trial:
    """Ask for at most `MAX_ASKED` candidates, best first, and accept the first that a live page confirms.

    `written` is the verdict on the written form, None where it could not be asked.
    """
    asked: list[Judged] = []
    repair = with_named(task, repair, written)
    for candidate in candidates_to_ask(task, repair):
        if candidate.url == task.written:
            judged = written
        elif is_out_of_reach(candidate.url, written):
            continue
        else:
            observation = await fetcher.observe(FetchRequest(url=candidate.url, record=task.capture))
            judged = await judge.judge(task, observation)
            asked.append(_light(judged))
        if judged is None:
            continue
        is_best = candidate.url == repair.best.url
        if is_best and judged is written and repair.decision is Decision.AUTO and _stands(task, written):
            proof = Confirmation(is_right=True, evidence=("what is written leads there as it is",))
        else:
            sought = _sought(task, repair, candidate, None if judged is written else written)
            proof = await _proof(task, judged, sought, judge=judge)
        repair = with_evidence(repair, candidate.url, proof.evidence)
        if proof.is_right:
            best = next(each for each in repair.candidates if each.url == candidate.url)
            return Trial(
                repair=confirmed(repair, best), accepted=best, judged=_light(judged), asked=tuple(asked)
            )
    return Trial(repair=repair, asked=tuple(asked))


def with_named(task: LinkTask, repair: Repair, written: Judged | None) -> Repair:
    """Return the repairs of a damaged link with the address that its page names as its own asked first.

    Hosts that find a piece by its id show it for a damaged slug too, and say what it should have been.
    """
    page = None if written is None else written.page
    if not task.hard_defect or written is None or page is None:
        return repair
    asked = read_address(written.observation.url)
    for named in (page.canonical, page.og_url):
        address = read_address(named) if named else None
        ids = {each for each in asked.ids if not _DATE.match(each)}
        if named and address and address.host == asked.host and ids and ids <= address.ids:
            known = next((each for each in repair.candidates if each.url == named), None)
            first = known or Candidate(url=named, rule="named_by_page", score=0.0, evidence=(_NAMED,))
            others = tuple(each for each in repair.candidates if each.url != named)
            return replace(repair, candidates=(first, *others))
    return repair


async def _proof(task: LinkTask, judged: Judged, sought: Sought, *, judge: Judge) -> Confirmation:
    """Return whether an answer proves a candidate; a sibling is asked where its answer could settle it."""
    if judged.verdict.outcome not in ALIVE:
        told = (f"asked: {judged.verdict.outcome}", *judged.verdict.evidence)
        return Confirmation(is_right=False, evidence=told)
    proof = confirm(judged.page, judged.observation, sought)
    if not proof.is_open:
        return proof
    sibling = await judge.ask_sibling(task, sought.url)
    return confirm(judged.page, judged.observation, replace(sought, sibling=answer_of(sibling)))


def _sought(task: LinkTask, repair: Repair, candidate: Candidate, written: Judged | None) -> Sought:
    as_written = (each.score for each in repair.candidates if each.url == task.written)
    return Sought(
        url=candidate.url,
        rule=candidate.rule,
        is_best=candidate.url == repair.best.url,
        is_unlikely=candidate.score < max(as_written, default=0.0) - _FAR_BELOW,
        headline=task.headline,
        anchors=task.anchors,
        contexts=task.contexts,
        written=None if written is None else answer_of(written),
    )


def _stands(task: LinkTask, written: Judged) -> bool:
    """Whether the written form is answered well, with nothing that points to another address."""
    return written.verdict.outcome in ALIVE and written.page is not None and not needs_trial(task, written)


def answer_of(judged: Judged) -> Answer:
    """Return a verdict as what one address was answered with."""
    return Answer(observation=judged.observation, page=judged.page, outcome=judged.verdict.outcome)


def confirmed(repair: Repair, best: Candidate) -> Repair:
    """Return the repair with one of its candidates proved: first, and certain."""
    others = tuple(each for each in repair.candidates if each.url != best.url)
    return Repair(decision=Decision.AUTO, best=best, candidates=(best, *others))


def with_evidence(repair: Repair, url: str, evidence: tuple[str, ...]) -> Repair:
    """Return the repair with what asking for one candidate showed beside its own evidence."""
    told = tuple(
        replace(each, evidence=tuple(dict.fromkeys((*each.evidence, *evidence)))) if each.url == url else each
        for each in repair.candidates
    )
    best = next((each for each in told if each.url == repair.best.url), repair.best)
    return replace(repair, best=best, candidates=told)


def candidates_to_ask(task: LinkTask, repair: Repair) -> Iterator[Candidate]:
    """Yield at most `MAX_ASKED` candidates, best first; the written form only where it cannot stand."""
    left = MAX_ASKED
    for candidate in repair.candidates:
        is_written = candidate.rule == "as_written" or (
            candidate.url == task.written and not task.hard_defect
        )
        if is_written or not is_fetchable(candidate.url):
            continue
        yield candidate
        left -= candidate.url != task.written
        if not left:
            return


def is_out_of_reach(url: str, written: Judged | None) -> bool:
    """Whether the written form's failure tells already that this address will not answer."""
    failure = written.observation.failure if written is not None else None
    if written is None or failure not in HOST_FAILURES or host_of(url) != host_of(written.observation.url):
        return False
    return failure in NAME_FAILURES or _origin(url) == _origin(written.observation.url)


def _origin(url: str) -> str:
    parsed = parse(url)
    return url if parsed is None else parsed.origin


def _light(judged: Judged) -> Judged:
    return replace(judged, observation=replace(judged.observation, body=b""))
