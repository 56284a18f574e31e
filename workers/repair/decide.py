"""What may be done with the best form: apply it, ask the web first, suggest it, or leave all as written."""

from collections.abc import Iterable

from workers.model import Candidate, Decision, Repair
from workers.repair.edits import Form, Warrant
from workers.repair.score import shares

MOST_CANDIDATES = 12
_SURE = 0.97  # share of belief above which a reading of visible damage needs no witness
_AS_WRITTEN = "as_written"


def decide(written: Form, forms: Iterable[Form]) -> Repair:
    """Rank the forms, the written one among them, and say what may be done with the first."""
    ranked = _ranked(written, forms)
    scores = shares(ranked)
    candidates = tuple(_candidate(form, score) for form, score in zip(ranked, scores, strict=True))
    return Repair(decision=_decision(ranked[0], scores[0]), best=candidates[0], candidates=candidates)


def keep(written: Form) -> Repair:
    """Leave an address as it is written that is none of ours to repair, such as mailto:."""
    return decide(written, ())


def abstain(written: Form, forms: Iterable[Form]) -> Repair:
    """Leave broken what cannot be made whole from here; the forms go along as things to try.

    The written form comes first, for nothing better is known.
    """
    ranked = [written, *dict.fromkeys(form for form in forms if form.url != written.url)]
    scores = sorted(shares(ranked), reverse=True)
    candidates = tuple(_candidate(form, score) for form, score in zip(ranked, scores, strict=True))
    return Repair(decision=Decision.ABSTAIN, best=candidates[0], candidates=candidates)


def _ranked(written: Form, forms: Iterable[Form]) -> list[Form]:
    best_by_url: dict[str, Form] = {written.url: written}
    for form in forms:
        known = best_by_url.get(form.url)
        if known is None or (form.odds > known.odds and known is not written):
            best_by_url[form.url] = form
    ranked = sorted(best_by_url.values(), key=lambda form: -form.odds)[:MOST_CANDIDATES]
    if written not in ranked:
        ranked[-1] = written
    return ranked


def _decision(best: Form, share: float) -> Decision:
    if not best.edits:
        return Decision.KEEP
    match min(edit.warrant for edit in best.edits):
        case Warrant.CERTAIN:
            return Decision.AUTO
        case Warrant.VISIBLE:
            return Decision.AUTO if share >= _SURE else Decision.NEEDS_LIVE
        case Warrant.WITNESSED:
            return Decision.NEEDS_LIVE
        case _:
            return Decision.SUGGEST


def _candidate(form: Form, score: float) -> Candidate:
    if not form.edits:
        return Candidate(
            url=form.url, rule=_AS_WRITTEN, score=round(score, 6), evidence=("the address as written",)
        )
    rules = dict.fromkeys(edit.rule for edit in form.edits)
    evidence = tuple(dict.fromkeys(edit.evidence for edit in form.edits))
    return Candidate(url=form.url, rule="+".join(rules), score=round(score, 6), evidence=evidence)
