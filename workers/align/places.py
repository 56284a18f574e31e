"""Where the words around a citation stand on a page, however they were edited.

Runs of two words that both texts have vote for a distance between them; the texts are then aligned word
for word around the distances with most votes. No order of paragraphs is taken for granted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from workers.align.cited import Cited
from workers.align.page_text import PageText
from workers.align.wording import Weights

MAX_PLACES: Final = 6
_BUCKET = 12
_MARGIN = 16
_COMMON = 80
_RARE = 4
_LITTLE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A page's words and pairs of words with their places, made once a page."""

    page: PageText
    weights: Weights
    pairs: Mapping[tuple[str, str], list[int]]
    singles: Mapping[str, list[int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One stretch of a page that reads like the surroundings of a citation.

    `start…end` are the page's words that stand where the anchor does; `is_exact` says that they are its
    own words, else they are what stands between its neighbours. `near` is the share of the sentence that
    is there (by weight, the anchor left out), `wide` that of all words around; `told` is the weight found,
    that of other sentences by half. `is_short` says that the sentence has little besides its anchor.
    """

    start: int
    end: int
    is_exact: bool
    near: float
    wide: float
    told: float
    is_short: bool = False

    @property
    def agreement(self) -> float:
        """The share that counts: the sentence's own, that of all words around where it says little itself."""
        return max(self.near, self.wide) if self.is_short else self.near

    @property
    def likeness(self) -> float:
        """How much the place reads like the citation's, to compare places by."""
        return self.near + self.wide


def index_page(page: PageText) -> Index:
    """Return the index of a page's words."""
    pairs: dict[tuple[str, str], list[int]] = defaultdict(list)
    singles: dict[str, list[int]] = defaultdict(list)
    words = page.words
    for at, word in enumerate(words):
        singles[word].append(at)
        if at + 1 < len(words):
            pairs[word, words[at + 1]].append(at)
    return Index(page=page, weights=Weights(Counter(words)), pairs=pairs, singles=singles)


def find_places(cited: Cited, index: Index) -> list[Place]:
    """Return the places of a page that read like the citation's, best first, at most six."""
    if cited.start is None:
        return []
    places = [_align(cited, index, distance) for distance in _distances(cited, index)]
    distinct = {(place.start, place.end): place for place in places if place is not None}
    return sorted(distinct.values(), key=lambda place: (-place.likeness, place.start))


def _distances(cited: Cited, index: Index) -> Iterable[int]:
    """Return the distances from citation to page that most words vote for, best first."""
    votes: defaultdict[int, float] = defaultdict(float)
    words = cited.words
    for at, word in enumerate(words):
        weight = index.weights.of(word)
        following = words[at + 1] if at + 1 < len(words) else ""
        places = index.pairs.get((word, following), [])
        if len(places) <= _COMMON:
            for place in places:
                votes[(place - at) // _BUCKET] += 1 + weight
        if len(index.singles.get(word, ())) <= _RARE:
            for place in index.singles.get(word, ()):
                votes[(place - at) // _BUCKET] += weight
    joined = {bucket: votes[bucket] + 0.5 * votes.get(bucket + 1, 0.0) for bucket in votes}
    best = sorted(joined, key=lambda bucket: (-joined[bucket], bucket))
    return [bucket * _BUCKET for bucket in best[:MAX_PLACES]]


def _align(cited: Cited, index: Index, distance: int) -> Place | None:
    """Return the place around a distance, None where the anchor's neighbours are not there."""
    words = index.page.words
    low = max(0, distance - _MARGIN)
    high = min(len(words), distance + len(cited.words) + _MARGIN + _BUCKET)
    matcher = SequenceMatcher(None, cited.words, words[low:high], autojunk=False)
    at: dict[int, int] = {}
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            at[block.a + offset] = low + block.b + offset
    mapped = _mapped(cited, at)
    if mapped is None:
        return None
    start, end, is_exact = mapped
    near = _share(cited, at, index.weights, range(cited.low, cited.high))
    wide = _share(cited, at, index.weights, range(len(cited.words)))
    return Place(
        start=start,
        end=end,
        is_exact=is_exact,
        near=near.found / near.all if near.all else 0.0,
        wide=wide.found / wide.all if wide.all else 0.0,
        told=(near.found + wide.found) / 2,
        is_short=near.all < _LITTLE,
    )


def _mapped(cited: Cited, at: Mapping[int, int]) -> tuple[int, int, bool] | None:
    """Return the page's words (first, behind the last) where the anchor is, and whether they are its own."""
    start = cited.start or 0
    own = [at[number] for number in range(start, cited.end) if number in at]
    length = cited.end - start
    if own and 2 * len(own) >= length and own[-1] - own[0] < 2 * length + 2:
        return own[0], own[-1] + 1, True
    before = next((at[n] for n in range(start - 1, -1, -1) if n in at), None)
    after = next((at[n] for n in range(cited.end, len(cited.words)) if n in at), None)
    if before is None and after is None:
        return None
    if before is None:
        return max(0, (after or 0) - length - _BUCKET), after or 0, False
    if after is None:
        return before + 1, before + 1 + length + _BUCKET, False
    return before + 1, after, False


@dataclass(frozen=True, slots=True)
class _Share:
    """The weight of some words, and of those among them that the page has."""

    all: float
    found: float


def _share(cited: Cited, at: Mapping[int, int], weights: Weights, numbers: range) -> _Share:
    """Return how many of these words, the anchor's left out, are there, by weight."""
    all_of_them = found = 0.0
    for number in numbers:
        if (cited.start or 0) <= number < cited.end:
            continue
        weight = weights.of(cited.words[number])
        all_of_them += weight
        if number in at:
            found += weight
    return _Share(all_of_them, found)
