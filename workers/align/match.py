"""The stripped links of an article matched with the links of its page: who stands for what, how surely.

Each link of the page may stand for one citation only, those with known targets included. Where the same
words stand in several places the order decides, if it can: the heaviest way that goes back in neither text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from workers.align.cited import Cited, read_cited
from workers.align.fit import Fit, Fits, Fitter, target_key
from workers.align.order import Step, heaviest_way
from workers.align.page_text import PageText
from workers.align.places import Place, index_page
from workers.align.rivals import Assigned, weigh
from workers.align.titles import TitleFit, find_title, is_bare_title
from workers.model import Candidate, Decision, Document, FoundOn, Recovery, RecoveryReason

THRESHOLD: Final = 0.8
MAX_CITED: Final = 2000
MAX_CANDIDATES: Final = 5
_WORTH_A_STEP, _STEPS_EACH = 0.55, 6
_ON_THE_WAY = 0.4
_ENOUGH_IN_ORDER = 4
_WORTH_TELLING = 0.56
_READ, _READ_TOLD = 0.45, 1.5


def recover_links(
    document: Document, page: PageText, *, found_on: FoundOn, known: Mapping[str, str] | None = None
) -> dict[int, Recovery]:
    """Return what the page says of each stripped link, by its number among the article's citations.

    `known` maps addresses as written to what stands for them now.
    """
    cited = read_cited(document, known or {})[:MAX_CITED]
    lost = [each for each in cited if each.target is None]
    if not lost:
        return {}
    fitter = Fitter(index_page(page), cited)
    fits = {each.number: fitter.fits(each) for each in cited}
    assigned = _assign(fits)
    return {each.number: _recovery(each, page, assigned, found_on) for each in lost}


def _assign(fits: Mapping[int, Fits]) -> Assigned:
    """Give every link to the citation that it fits best, those on the way in order first."""
    steps = [
        Step(number, fit.link.number, fit.score)
        for number, each in fits.items()
        for fit in each.fits[:_STEPS_EACH]
        if fit.confidence >= _WORTH_A_STEP
    ]
    way = {(step.cited, step.link) for step in heaviest_way(steps)}
    every = [fit for each in fits.values() for fit in each.fits if fit.confidence >= _WORTH_A_STEP]

    def rank(fit: Fit) -> tuple[float, int, int]:
        bonus = _ON_THE_WAY if (fit.cited, fit.link.number) in way else 0.0
        return (-fit.score - bonus, fit.cited, fit.link.number)

    by_cited: dict[int, Fit] = {}
    by_link: dict[int, Fit] = {}
    for fit in sorted(every, key=rank):
        if fit.cited not in by_cited and fit.link.number not in by_link:
            by_cited[fit.cited] = by_link[fit.link.number] = fit
    sure = [fit for fit in by_cited.values() if fit.confidence >= THRESHOLD]
    is_straight = len(sure) >= _ENOUGH_IN_ORDER and all((fit.cited, fit.link.number) in way for fit in sure)
    return Assigned(by_cited=by_cited, by_link=by_link, fits=fits, is_straight=is_straight)


def _recovery(cited: Cited, page: PageText, assigned: Assigned, found_on: FoundOn) -> Recovery:
    fits = assigned.fits[cited.number]
    candidates: dict[str, Candidate] = {}
    rivals = _add_fits(candidates, cited, assigned)
    if is_bare_title(cited) and all(each.score < THRESHOLD for each in candidates.values()):
        used = {number for number, fit in assigned.by_link.items() if fit.cited != cited.number}
        titles = [fit for fit in find_title(cited, page) if fit.link.number not in used]
        rivals = _add_titles(candidates, titles) if titles else rivals
    ordered = sorted(candidates.values(), key=lambda each: -each.score)[:MAX_CANDIDATES]
    told = tuple(each for each in ordered if each.score >= _WORTH_TELLING)
    if not told:
        return nothing_found(_reason(fits.places), found_on)
    is_sure = told[0].score >= THRESHOLD and not rivals
    return Recovery(
        decision=Decision.AUTO if is_sure else Decision.SUGGEST,
        best=told[0].url,
        candidates=told,
        found_on=found_on,
        reason=RecoveryReason.MATCHED if is_sure else RecoveryReason.AMBIGUOUS,
    )


def nothing_found(reason: RecoveryReason, found_on: FoundOn | None = None) -> Recovery:
    """Return that nothing was found again, and why."""
    return Recovery(decision=Decision.ABSTAIN, best=None, candidates=(), found_on=found_on, reason=reason)


def _add_fits(candidates: dict[str, Candidate], cited: Cited, assigned: Assigned) -> bool:
    """Add the links that stand at the citation's places; returns whether several are as likely."""
    own = assigned.by_cited.get(cited.number)
    fits = assigned.fits[cited.number].fits
    if own is None:
        for fit in fits:
            if fit.link.number not in assigned.by_link:
                _add(candidates, fit)
        return False
    weighed = weigh(own, assigned)
    _add(candidates, weighed.own)
    for fit in fits:
        if fit.link.number not in assigned.by_link or fit in weighed.rivals:
            _add(candidates, _below(fit, weighed.own))
    return bool(weighed.rivals)


def _below(fit: Fit, own: Fit) -> Fit:
    """Return a fit that was not chosen, no surer than the chosen one."""
    return replace(fit, confidence=min(fit.confidence, own.confidence - 0.01))


def _add(candidates: dict[str, Candidate], fit: Fit) -> None:
    held = candidates.get(fit.link.url)
    if held is None or held.score < fit.confidence:
        candidates[fit.link.url] = Candidate(
            url=fit.link.url, rule="place", score=fit.confidence, evidence=fit.evidence
        )


def _add_titles(candidates: dict[str, Candidate], titles: Sequence[TitleFit]) -> bool:
    """Add the links that carry the citation's title; returns whether several do."""
    best = [fit for fit in titles if fit.confidence > titles[0].confidence - 0.01]
    for fit in titles[:MAX_CANDIDATES]:
        held = candidates.get(fit.link.url)
        evidence = (fit.evidence, *(held.evidence if held else ()))
        if held is None or held.score < fit.confidence:
            candidates[fit.link.url] = Candidate(
                url=fit.link.url, rule=fit.rule, score=fit.confidence, evidence=evidence
            )
    keys = {target_key(fit.link.url) for fit in best}
    sure = {target_key(each.url) for each in candidates.values() if each.score >= THRESHOLD}
    return len(keys) > 1 or not keys & sure or (len(sure) > 1 and titles[0].confidence >= THRESHOLD)


def _reason(places: Sequence[Place]) -> RecoveryReason:
    """Return whether the citation's sentence was found (without a link) or not at all."""
    is_read = any(place.agreement >= _READ and place.told >= _READ_TOLD for place in places)
    return RecoveryReason.NO_LINK if is_read else RecoveryReason.NO_PLACE
