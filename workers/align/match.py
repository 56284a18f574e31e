"""The stripped links of an article matched with the links of its page: who stands for what, how surely.

Each link of the page may stand for one citation only, those with known targets included. Where the same
words stand in several places the order decides, if it can: the heaviest way that goes back in neither text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from workers.align.cited import Cited, read_cited
from workers.align.fit import Fit, Fits, Fitter, target_key
from workers.align.order import Step, heaviest_way
from workers.align.page_text import PageText
from workers.align.places import Place, index_page
from workers.align.titles import TitleFit, find_title
from workers.model import Candidate, Decision, Document, FoundOn, Recovery, RecoveryReason

THRESHOLD: Final = 0.8
MAX_CITED: Final = 2000
MAX_CANDIDATES: Final = 5
_WORTH_A_STEP, _STEPS_EACH = 0.55, 6
_ON_THE_WAY = 0.4
_TIE = 0.3
_BY_ORDER = 0.86
_WORTH_TELLING = 0.56
_READ, _READ_TOLD = 0.45, 1.5
_BETTER_PLACE = 0.08
_ELSEWHERE = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class _Assigned:
    """Which link stands for which citation, and what each citation could have been instead."""

    by_cited: Mapping[int, Fit]
    by_link: Mapping[int, Fit]
    fits: Mapping[int, Fits]


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
    fitter = Fitter(index_page(page))
    fits = {each.number: fitter.fits(each) for each in cited}
    assigned = _assign(fits)
    return {each.number: _recovery(each, page, assigned, found_on) for each in lost}


def _assign(fits: Mapping[int, Fits]) -> _Assigned:
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
    return _Assigned(by_cited=by_cited, by_link=by_link, fits=fits)


def _recovery(cited: Cited, page: PageText, assigned: _Assigned, found_on: FoundOn) -> Recovery:
    fits = assigned.fits[cited.number]
    candidates: dict[str, Candidate] = {}
    rivals = _add_fits(candidates, cited, fits, assigned)
    if all(each.score < THRESHOLD for each in candidates.values()):
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


def _add_fits(candidates: dict[str, Candidate], cited: Cited, fits: Fits, assigned: _Assigned) -> bool:
    """Add the links that stand at the citation's places; returns whether several are as likely."""
    own = assigned.by_cited.get(cited.number)
    if own is not None:
        own, is_tied = _weighed(own, fits, assigned)
        _add(candidates, own)
    else:
        is_tied = False
    for fit in fits.fits:
        holder = assigned.by_link.get(fit.link.number)
        if holder is None or holder.cited == cited.number:
            _add(candidates, fit if own is None or fit.link is own.link else _below(fit, own))
    return is_tied


def _weighed(own: Fit, fits: Fits, assigned: _Assigned) -> tuple[Fit, bool]:
    """Return the assigned fit with what speaks against it, and whether another is as likely."""
    others = [
        fit
        for fit in fits.fits
        if target_key(fit.link.url) != target_key(own.link.url) and fit.score > own.score - _TIE
    ]
    free = [fit for fit in others if not _is_better_used(fit, assigned)]
    is_tied = bool(free) or _is_contested(own, assigned)
    if others and not is_tied:
        said = "the same words stand elsewhere too, and the order tells them apart"
        own = replace(own, confidence=min(own.confidence, _BY_ORDER), evidence=(*own.evidence, said))
    if any(_is_better_place(place, own, fits, assigned) for place in fits.places):
        said = "another place of the page reads more like its sentence"
        own = replace(own, confidence=own.confidence * _ELSEWHERE, evidence=(*own.evidence, said))
    return own, is_tied


def _is_better_used(fit: Fit, assigned: _Assigned) -> bool:
    """Whether another citation has this link, and fits it as well."""
    holder = assigned.by_link.get(fit.link.number)
    return holder is not None and holder.cited != fit.cited and holder.score >= fit.score - _TIE


def _is_contested(own: Fit, assigned: _Assigned) -> bool:
    """Whether another citation that got no link fits this one as well."""
    for number, fits in assigned.fits.items():
        if number == own.cited or number in assigned.by_cited:
            continue
        if any(fit.link is own.link and fit.score > own.score - _TIE for fit in fits.fits):
            return True
    return False


def _is_better_place(other: Place, own: Fit, fits: Fits, assigned: _Assigned) -> bool:
    """Whether a place reads more like the citation's than the link's own, and is no other citation's."""
    place = own.place
    if place is None or other.likeness <= place.likeness or other.near < place.near + _BETTER_PLACE:
        return False
    return not any(fit.place == other and _is_better_used(fit, assigned) for fit in fits.fits)


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
