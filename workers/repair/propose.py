"""The one entry of repair: an address in, its candidates with rule, score and evidence out."""

import math
from collections.abc import Sequence

from workers.model import Candidate, Decision, Repair
from workers.repair.breaks import readings as read_breaks
from workers.repair.edges import is_cut_short
from workers.repair.edits import Edit, Form, Warrant
from workers.repair.headline import Witness, witness
from workers.repair.language import detect
from workers.repair.normalise import mended
from workers.repair.slug import joins
from workers.repair.words import Lexicon, lexicon
from workers.url import is_fetchable

MOST_CANDIDATES = 12
# How far the best reading must lead, in log-odds, to be applied without a live page.
LEAD = 3.0


def propose(
    url: str,
    *,
    headline: str | None = None,
    anchor: str | None = None,
    text: str | None = None,
    language: str | None = None,
    readings: Sequence[str] = (),
) -> Repair:
    """Return what a written address may have been, best first, the written form always among it.

    `headline`, `anchor` and `text` bear witness to its words; `language` (two letters) is told from
    them where it is not given. `readings` are forms that extraction found for the same place.
    """
    said = witness(" \n ".join(part for part in (headline, anchor, text) if part))
    words = lexicon(language or detect(said.words)) if _needs_words(url) else None
    forms = _forms(url, said, words, readings)
    candidates = _candidates(url, forms)
    decision = _decide(url, forms, candidates)
    if decision in {Decision.KEEP, Decision.ABSTAIN}:
        written = next(each for each in candidates if each.url == url)
        candidates = (written, *(each for each in candidates if each is not written))
    return Repair(decision=decision, best=candidates[0], candidates=candidates)


def _needs_words(url: str) -> bool:
    return "-" in url or any(char.isspace() for char in url)


def _forms(url: str, said: Witness, words: Lexicon | None, readings: Sequence[str]) -> list[Form]:
    """Return every form worth a candidate, each address once, the likeliest first."""
    made = read_breaks(mended(url), said, words)
    known = {each.url for each in made}
    told = Edit(
        rule="reading", evidence="another reading of the same place", warrant=Warrant.VISIBLE, odds=0.0
    )
    made += [Form(each, (told,)) for each in readings if each not in known and each != url]
    joined = [form.then(joint, edit) for form in made[:3] for joint, edit in joins(form.url, said, words)]
    by_address: dict[str, Form] = {}
    for form in sorted([*made, *joined], key=lambda each: -each.odds):
        by_address.setdefault(form.url, form)
    return list(by_address.values())


def _candidates(url: str, forms: Sequence[Form]) -> tuple[Candidate, ...]:
    """Return the forms as candidates, fetchable ones first, the written one among them."""
    made = [_candidate(form) for form in forms if is_fetchable(form.url) or form.url == url]
    made = made[:MOST_CANDIDATES]
    if all(each.url != url for each in made):
        made.append(Candidate(url=url, rule="as_written", score=_written_score(made), evidence=()))
    return tuple(sorted(made, key=lambda each: -each.score))


def _written_score(made: Sequence[Candidate]) -> float:
    return 1.0 - made[0].score if made else 0.5


def _candidate(form: Form) -> Candidate:
    rule = "+".join(dict.fromkeys(edit.rule for edit in form.edits)) or "as_written"
    score = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, form.odds))))
    return Candidate(
        url=form.url, rule=rule, score=score, evidence=tuple(edit.evidence for edit in form.edits)
    )


def _decide(url: str, forms: Sequence[Form], candidates: Sequence[Candidate]) -> Decision:
    """Return what may be done with the best form: only mechanical edits, and clear readings, are certain."""
    best = next((form for form in forms if form.url == candidates[0].url), None)
    if is_cut_short(url):
        return Decision.ABSTAIN
    if best is None or not best.edits:
        return Decision.KEEP if is_fetchable(url) else Decision.ABSTAIN
    weakest = min(edit.warrant for edit in best.edits)
    if weakest is Warrant.CERTAIN:
        return Decision.AUTO
    if weakest is Warrant.VISIBLE:
        second = max((form.odds for form in forms if form is not best), default=-math.inf)
        return Decision.AUTO if best.odds - second >= LEAD else Decision.NEEDS_LIVE
    if weakest is Warrant.WITNESSED:
        return Decision.NEEDS_LIVE
    return Decision.KEEP if is_fetchable(url) else Decision.SUGGEST
