"""Where the words around a citation stand on a page, however they were edited.

Runs of two words that both texts have vote for a distance between them; the texts are then aligned word
for word around the distances with most votes. No order of paragraphs is taken for granted.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from workers.align.cited import Cited
from workers.align.local import align_locally
from workers.align.page_text import PageText
from workers.align.wording import Weights

MAX_PLACES: Final = 6
_BUCKET = 12
_MARGIN, _REACH = 12, 24
_SLACK, _A_SIDE = 6, 2
_COMMON = 80
_RARE = 4
_LITTLE = 2.0
_OF_BLOCK, _SHORTER = 0.9, 0.75


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
    that of other sentences by half. `is_short` says that the sentence has little besides its anchor,
    `is_one_sided` that all words of it before the anchor, or all behind it, are others.
    """

    start: int
    end: int
    is_exact: bool
    near: float
    wide: float
    told: float
    is_short: bool = False
    is_one_sided: bool = False

    @property
    def agreement(self) -> float:
        """The share that counts: the sentence's own, that of all words around where it says little itself."""
        return max(self.near, self.wide) if self.is_short else self.near

    @property
    def likeness(self) -> float:
        """How much the place reads like the citation's, to compare places by."""
        return self.near + self.wide


@dataclass(frozen=True, slots=True)
class _Mapped:
    """The page's words (first, behind the last) where an anchor is, and whether they are its own."""

    start: int
    end: int
    is_exact: bool


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
    places = [_place(cited, index, distance) for distance in _distances(cited, index)]
    distinct: dict[tuple[int, int], Place] = {}
    for place in places:
        if place is not None:
            held = distinct.get((place.start, place.end))
            if held is None or held.likeness < place.likeness:
                distinct[place.start, place.end] = place
    return sorted(distinct.values(), key=lambda place: (-place.likeness, place.start))


def _distances(cited: Cited, index: Index) -> Iterable[int]:
    """Return the distances from citation to page that most words vote for: of the sentence, then of all."""
    sentence = _votes(cited, index, range(cited.low, cited.high))
    every = _votes(cited, index, range(len(cited.words)))
    best = [*_most(sentence, MAX_PLACES), *_most(every, MAX_PLACES // 2)]
    return [bucket * _BUCKET for bucket in dict.fromkeys(best)]


def _votes(cited: Cited, index: Index, numbers: range) -> Mapping[int, float]:
    votes: defaultdict[int, float] = defaultdict(float)
    words = cited.words
    for at in numbers:
        word = words[at]
        weight = index.weights.of(word)
        following = words[at + 1] if at + 1 < len(words) else ""
        places = index.pairs.get((word, following), [])
        if len(places) <= _COMMON:
            for place in places:
                votes[(place - at) // _BUCKET] += 1 + weight
        if len(index.singles.get(word, ())) <= _RARE:
            for place in index.singles.get(word, ()):
                votes[(place - at) // _BUCKET] += weight
    return votes


def _most(votes: Mapping[int, float], most: int) -> list[int]:
    joined = {bucket: count + 0.5 * votes.get(bucket + 1, 0.0) for bucket, count in votes.items()}
    return sorted(joined, key=lambda bucket: (-joined[bucket], bucket))[:most]


def _place(cited: Cited, index: Index, distance: int) -> Place | None:
    """Return the place around a distance, None where the anchor's neighbours are not there."""
    weights = index.weights
    sentence = range(cited.low, cited.high)
    is_short = _share(cited, {}, weights, sentence).all < _LITTLE
    at = _aligned(cited, index, distance, is_whole=is_short)
    mapped = _mapped(cited, index.page.words, at)
    if mapped is None:
        return None
    near, wide = _share(cited, at, weights, sentence), _share(cited, at, weights, range(len(cited.words)))
    return Place(
        start=mapped.start,
        end=mapped.end,
        is_exact=mapped.is_exact,
        near=max(near.found / near.all if near.all else 0.0, _share_of_block(cited, index, mapped, at)),
        wide=wide.found / wide.all if wide.all else 0.0,
        told=(near.found + wide.found) / 2,
        is_short=is_short,
        is_one_sided=_is_one_sided(cited, at),
    )


def _share_of_block(cited: Cited, index: Index, mapped: _Mapped, at: Mapping[int, int]) -> float:
    """Return which share of the page's own words around a place the citation has, by weight.

    A page may say in a few words what the copy says in many. Little that is shared proves nothing.
    """
    first, last = index.page.block_around(mapped.start)
    if last - first > _SHORTER * (cited.high - cited.low):
        return 0.0
    there = {at[number] for number in range(cited.low, cited.high) if number in at}
    every = found = 0.0
    for number in range(first, last):
        if not mapped.start <= number < mapped.end:
            weight = index.weights.of(index.page.words[number])
            every += weight
            found += weight if number in there else 0.0
    return _OF_BLOCK * found / every if found >= _LITTLE else 0.0


def _aligned(cited: Cited, index: Index, distance: int, *, is_whole: bool) -> Mapping[int, int]:
    """Return which word of the page each word of the citation is, around a distance.

    The sentence is aligned first, as its paragraph may have moved; then what stands before and behind it.
    A sentence that says little is aligned together with its surroundings.
    """
    length = len(cited.words)
    at: dict[int, int] = {}
    if is_whole:
        _match(cited, index, range(length), range(distance - _MARGIN, distance + length + _REACH), at)
        return at
    low = max(0, distance + cited.low - _MARGIN)
    window = index.page.words[low : max(low, distance + cited.high + _REACH)]
    said = cited.words[cited.low : cited.high]
    for here, there in align_locally(said, window, index.weights.of):
        at[cited.low + here] = low + there
    if not at:
        return at
    first, last = min(at.values()), max(at.values()) + 1
    _match(cited, index, range(cited.low), range(first - cited.low - _MARGIN, first), at)
    _match(cited, index, range(cited.high, length), range(last, last + length - cited.high + _MARGIN), at)
    return at


def _match(cited: Cited, index: Index, numbers: range, window: range, at: dict[int, int]) -> None:
    """Add the words of the citation with these numbers that stand in a window of the page."""
    low = max(0, window.start)
    words = index.page.words[low : max(low, window.stop)]
    said = cited.words[numbers.start : numbers.stop]
    for block in SequenceMatcher(None, said, words, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            at[numbers.start + block.a + offset] = low + block.b + offset


def _mapped(cited: Cited, words: Sequence[str], at: Mapping[int, int]) -> _Mapped | None:
    """Return where the anchor is on the page, by its own words or else by its neighbours'."""
    start = cited.start or 0
    own = [at[number] for number in range(start, cited.end) if number in at]
    length = cited.end - start
    if own and 2 * len(own) >= length and own[-1] - own[0] < 2 * length + 2:
        return _Mapped(own[0], own[-1] + 1, is_exact=True)
    before = next((n for n in range(start - 1, -1, -1) if n in at), None)
    after = next((n for n in range(cited.end, len(cited.words)) if n in at), None)
    if before is None and after is None:
        return None
    low = at[before] + 1 if before is not None else max(0, at[after or 0] - length - _SLACK)
    high = at[after] if after is not None else at[before or 0] + 1 + length + _SLACK
    if before is not None and after is not None:
        # The nearer of the two neighbours says where the anchor stood; between them may lie a paragraph.
        if start - before <= after - cited.end:
            high = min(high, low + start - before + length + _SLACK)
        else:
            low = max(low, high - (after - cited.end) - length - _SLACK)
    said = cited.words[start : cited.end]
    for place in range(max(0, low - 1), high - length + 2):
        if tuple(words[place : place + length]) == said:
            return _Mapped(place, place + length, is_exact=True)
    return _Mapped(low, max(low, high), is_exact=False)


def _is_one_sided(cited: Cited, at: Mapping[int, int]) -> bool:
    """Whether nothing of the sentence's words before the anchor, or nothing of those behind it, is there."""
    sides = (range(cited.low, cited.start or 0), range(cited.end, cited.high))
    return any(len(side) >= _A_SIDE and not any(number in at for number in side) for side in sides)


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
