"""Addresses that were cut short, completed by what archives list and a live page or a capture confirms."""

from dataclasses import replace

from workers.judge import Judge, Judged
from workers.model import Decision, LinkTask, LookupState, Repair
from workers.protocols import Archive, Fetcher
from workers.repair.completion import completions, is_long_enough
from workers.trial import Trial, try_candidates, with_evidence
from workers.url import is_fetchable

_CUT = "truncated"


def stub_of(repair: Repair | None) -> str | None:
    """Return what is left of an address that was cut short, None where none was or too little is left."""
    if repair is None or repair.decision is not Decision.ABSTAIN:
        return None
    cut = next((each.url for each in repair.candidates if each.rule.endswith(_CUT)), repair.best.url)
    return cut if is_fetchable(cut) and is_long_enough(cut) else None


async def try_completions(
    task: LinkTask, trial: Trial, written: Judged | None, *, archive: Archive, fetcher: Fetcher, judge: Judge
) -> Trial:
    """Return the trial with the addresses that archives list under the stub tried live.

    Without a stub, or where nothing is listed, the trial comes back as it was, with what was said.
    """
    repair = trial.repair
    stub = stub_of(repair)
    if repair is None or stub is None or trial.accepted is not None:
        return trial
    answers = await archive.search(stub, containing=())
    listed = [memento.original for each in answers for memento in each.mementos]
    said = (task.headline or "", *task.anchors, *task.contexts)
    made = completions(stub, listed, said=said)
    told = tuple(
        f"{each.archive} lists {len(each.mementos)} addresses that begin so"
        if each.state is not LookupState.UNKNOWN
        else f"{each.archive} could not be asked: {each.reason}"
        for each in answers
    )
    repair = with_evidence(repair, repair.best.url, told)
    if not made:
        return replace(trial, repair=repair)
    wider = Repair(decision=Decision.SUGGEST, best=made[0], candidates=(*made, *repair.candidates))
    tried = await try_candidates(task, wider, written, fetcher=fetcher, judge=judge)
    return replace(tried, asked=(*trial.asked, *tried.asked))
