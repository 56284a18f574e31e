"""What speaks against a match: links that fit as well, places that read more like the sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from workers.align.fit import Fit, Fits, target_key
from workers.align.places import Place

TIE: Final = 0.3
_BY_ORDER = 0.86
_NEARLY_AS_NEAR, _MUCH_NEAR, _AROUND = 0.06, 0.7, 0.4
_TELLING_AROUND = 0.1
_BETTER_PLACE, _MUCH_BETTER, _TELLING_WIDE, _ELSEWHERE = 0.08, 0.15, 0.15, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """Which link stands for which citation, and what each citation could have been instead.

    `is_straight` says that all sure pairs stand in the same order in both texts.
    """

    by_cited: Mapping[int, Fit]
    by_link: Mapping[int, Fit]
    fits: Mapping[int, Fits]
    is_straight: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A match after all that speaks against it; `rivals` are links as likely, empty where it stands."""

    own: Fit
    rivals: tuple[Fit, ...]


def weigh(own: Fit, assigned: Assigned) -> Weighed:
    """Return the assigned fit of a citation with its confidence after its rivals."""
    fits = assigned.fits[own.cited]
    twins = [fit for fit in fits.fits if _is_twin(fit, own)]
    rivals = tuple(fit for fit in twins if not _is_settled(fit, own, assigned))
    if twins and not rivals:
        said = "the same words stand elsewhere too; order and surroundings tell them apart"
        own = replace(own, confidence=min(own.confidence, _BY_ORDER), evidence=(*own.evidence, said))
    if any(_is_better_place(place, own, fits, assigned) for place in fits.places):
        said = "another place of the page reads as much like its sentence"
        own = replace(own, confidence=own.confidence * _ELSEWHERE, evidence=(*own.evidence, said))
    if not rivals and _is_contested(own, assigned):
        said = "another citation fits this link as well"
        own = replace(own, confidence=own.confidence * _ELSEWHERE, evidence=(*own.evidence, said))
    return Weighed(own=own, rivals=rivals)


def _is_twin(fit: Fit, own: Fit) -> bool:
    """Whether a link with another target fits as well, or stands in a sentence that reads as much alike."""
    if target_key(fit.link.url) == target_key(own.link.url):
        return False
    if fit.score > own.score - TIE:
        return True
    here, there = own.place, fit.place
    if here is None or there is None or there.near < max(_MUCH_NEAR, here.near - _NEARLY_AS_NEAR):
        return False
    is_beside = abs(here.start - there.start) <= there.end - there.start
    return not is_beside and _stands_there(fit) and there.wide > here.wide - _AROUND


def _stands_there(fit: Fit) -> bool:
    """Whether a link stands on the very place, not some words beside it."""
    place = fit.place
    return (
        place is not None and fit.link.start < max(place.end, place.start + 1) and fit.link.end > place.start
    )


def _is_settled(fit: Fit, own: Fit, assigned: Assigned) -> bool:
    """Whether a rival is another citation's, and would not be better exchanged for the own link."""
    holder = assigned.by_link.get(fit.link.number)
    if holder is None or holder.cited == own.cited or holder.score < fit.score - TIE:
        return False
    swapped = next((each for each in assigned.fits[holder.cited].fits if each.link is own.link), None)
    if swapped is None or assigned.is_straight or holder.is_known:
        return True
    gain = _around(own) + _around(holder) - _around(fit) - _around(swapped)
    return gain >= _TELLING_AROUND


def _around(fit: Fit) -> float:
    return fit.place.wide if fit.place is not None else 0.0


def _is_contested(own: Fit, assigned: Assigned) -> bool:
    """Whether another citation that got no link fits this one as well."""
    for number, fits in assigned.fits.items():
        if number == own.cited or number in assigned.by_cited:
            continue
        if any(fit.link is own.link and fit.score > own.score - TIE for fit in fits.fits):
            return True
    return False


def _is_better_place(other: Place, own: Fit, fits: Fits, assigned: Assigned) -> bool:
    """Whether the citation may rather stand at another place of the page than where its link was found.

    So it may where the place reads more like its sentence, or as much in surroundings that do not tell;
    another citation's link there explains a likeness, unless it is much greater.
    """
    place = own.place
    if place is None or other is place:
        return False
    gain = other.near - place.near
    is_better = gain >= _BETTER_PLACE and other.likeness > place.likeness
    is_twin = (
        other.near >= _MUCH_NEAR and gain >= -_NEARLY_AS_NEAR and other.wide > place.wide - _TELLING_WIDE
    )
    if not is_better and not is_twin:
        return False
    used = (assigned.by_link.get(fit.link.number) for fit in fits.fits if fit.place == other)
    is_explained = any(holder is not None and holder.cited != own.cited for holder in used)
    return not is_explained or gain > _MUCH_BETTER
