"""How well a link of the page fits a citation: by its anchor, its place and the words around."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from workers.align.cited import Cited
from workers.align.page_text import PageLink
from workers.align.places import Index, Place, find_places
from workers.align.wording import alike, length_of
from workers.repair.tracking import without_tracking
from workers.url import lookup_key

_ENOUGH_TOLD = 3.5
_ENOUGH_AGREEMENT = 0.55
_NEAR_WORDS = 3
_MAX_GAP = 14
_MOST_EXACT, _MOST_TIGHT, _MOST_GAP, _MOST_NEAR = 0.49, 0.42, 0.3, 0.12
_FLOOR = 0.5
_OUTSIDE, _ONLY_ONE, _APART = 0.7, 1.35, 0.08
_SURROUNDED, _DOUBTED, _ENOUGH_AROUND = 0.6, 0.55, 0.8
_ALONE, _HALF = 0.25, 0.5
SAME_KNOWN: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """One link as a target for one citation: confidence 0…1, and a `score` to compare by.

    `is_known` says that the citation has this very target already.
    """

    cited: int
    link: PageLink
    confidence: float
    score: float
    anchor: float
    evidence: tuple[str, ...]
    place: Place | None = None
    is_known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fits:
    """What a page has for one citation: its places, best first, and the links that stand there."""

    cited: Cited
    places: tuple[Place, ...]
    fits: tuple[Fit, ...]


def clear_place(places: Sequence[Place]) -> Place | None:
    """Return the best place where no other comes near it, None where several are alike."""
    if not places or places[0].is_one_sided:
        return None
    rest = max((place.near for place in places[1:]), default=0.0)
    return places[0] if places[0].near > rest + _APART else None


def target_key(url: str) -> str:
    """Return the key under which two targets are one: fragment and parameters of tracking do not count."""
    return lookup_key(without_tracking(url))


class Fitter:
    """Compares citations with the links of one page."""

    def __init__(self, index: Index, cited: Sequence[Cited]) -> None:
        self._index = index
        self._said = Counter(each.anchor for each in cited)
        self._linked = Counter(index.page.anchor_of(link) for link in index.page.links)
        self._links = index.page.links
        self._ends = [link.end for link in self._links]

    def fits(self, cited: Cited) -> Fits:
        """Return the places and links for one citation, best links first."""
        places = find_places(cited, self._index)
        clear = clear_place(places)
        best: dict[int, Fit] = {}
        for place in places:
            for link in self._links_at(place):
                fit = self._fit(cited, place, link, clear)
                if fit is not None and (link.number not in best or fit.score > best[link.number].score):
                    best[link.number] = fit
        ordered = sorted(best.values(), key=lambda fit: (-fit.score, fit.link.number))
        return Fits(cited=cited, places=tuple(places), fits=tuple(ordered))

    def _is_only_one(self, cited: Cited, anchor: Sequence[str]) -> bool:
        """Whether no other citation and no other link of the page has this anchor."""
        return self._said[cited.anchor] == 1 and self._linked[tuple(anchor)] == 1

    def _links_at(self, place: Place) -> Iterator[PageLink]:
        """Yield the links that stand at a place or within a few words of it."""
        first = bisect_left(self._ends, place.start - _NEAR_WORDS)
        for link in self._links[first:]:
            if link.start > place.end + _NEAR_WORDS:
                return
            yield link

    def _fit(self, cited: Cited, place: Place, link: PageLink, clear: Place | None) -> Fit | None:
        if link.is_image is not cited.is_image:
            return None
        anchor = self._index.page.anchor_of(link)
        same = alike(cited.anchor, anchor)
        most, how = _standing(place, link, same)
        if how is None:
            return None
        base = _ground(cited, place, same)
        if place == clear and same == 1.0 and self._is_only_one(cited, anchor):
            base = min(1.0, base * _ONLY_ONE)
        known = cited.target is not None and target_key(cited.target) == target_key(link.url)
        confidence = SAME_KNOWN if known else _FLOOR + most * base * (1.0 if link.is_content else _OUTSIDE)
        return Fit(
            cited=cited.number,
            link=link,
            confidence=round(min(0.99, confidence), 4),
            score=place.likeness + 2 * most * (0.5 + same) + (2.0 if known else 0.0),
            anchor=same,
            evidence=(_told_anchor(same), _told_place(place), how),
            place=place,
            is_known=known,
        )


def _ground(cited: Cited, place: Place, same: float) -> float:
    """Return 0…1: how surely a place is the citation's, by how much of its words is there and how alike."""
    told = place.told + max(0.0, length_of(cited.anchor) - 1) * same
    ground = min(1.0, told / _ENOUGH_TOLD) * min(1.0, place.agreement / _ENOUGH_AGREEMENT)
    is_elsewhere = place.is_one_sided and place.wide < _SURROUNDED
    is_alone = place.wide < _ALONE and (place.near < _HALF or not place.is_exact)
    if is_elsewhere or is_alone:
        ground = min(ground, _DOUBTED)
    return ground if place.is_exact else ground * min(1.0, place.agreement / _ENOUGH_AROUND)


def _standing(place: Place, link: PageLink, same: float) -> tuple[float, str | None]:
    """Return how much a link's place is worth and how to say it; None where it stands elsewhere."""
    length = max(1, link.end - link.start)
    overlap = min(place.end, link.end) - max(place.start, link.start)
    if place.is_exact and overlap > 0:
        inside = overlap / min(length, place.end - place.start)
        return _MOST_EXACT * inside * (0.7 + 0.3 * same), "it is the link on these very words"
    if not place.is_exact and overlap > 0 and place.end - place.start <= _MAX_GAP:
        covers = overlap / (place.end - place.start)
        most = _MOST_GAP + (_MOST_TIGHT - _MOST_GAP) * covers
        return most * (0.8 + 0.2 * same), "it is the link where the words were replaced"
    distance = max(link.start - place.end, place.start - link.end)
    if distance <= _NEAR_WORDS:
        return _MOST_NEAR * (0.3 + 0.7 * same), "it stands a few words beside"
    return 0.0, None


def _told_anchor(same: float) -> str:
    if same == 1.0:
        return "the anchor is the same"
    return f"the anchors share {same:.0%} of their words" if same else "the anchor is another"


def _told_place(place: Place) -> str:
    return f"{place.near:.0%} of the words of its sentence stand around it"
