"""The alignment in order: the heaviest way through links and citations that goes back in neither."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One pair that may be part of the way: places among citations and links, and its weight above 0."""

    cited: int
    link: int
    weight: float


def heaviest_way(steps: Sequence[Step]) -> list[Step]:
    """Return the pairs of greatest total weight in which both places rise strictly.

    Dynamic programming over the pairs with a Fenwick tree of best ways, O(n log n).
    """
    ordered = sorted(steps, key=lambda step: (step.cited, -step.link))
    links = sorted({step.link for step in steps})
    tree: list[tuple[float, int]] = [(0.0, -1)] * (len(links) + 1)
    before = [-1] * len(ordered)
    best = (0.0, -1)
    for number, step in enumerate(ordered):
        rank = bisect_right(links, step.link)
        weight, before[number] = _best_up_to(tree, rank - 1)
        way = (weight + step.weight, number)
        _raise_from(tree, rank, way)
        best = max(best, way, key=lambda item: item[0])
    taken = []
    number = best[1]
    while number >= 0:
        taken.append(ordered[number])
        number = before[number]
    return taken[::-1]


def _best_up_to(tree: Sequence[tuple[float, int]], rank: int) -> tuple[float, int]:
    best = (0.0, -1)
    while rank > 0:
        best = max(best, tree[rank], key=lambda item: item[0])
        rank -= rank & -rank
    return best


def _raise_from(tree: list[tuple[float, int]], rank: int, way: tuple[float, int]) -> None:
    while rank < len(tree):
        if way[0] > tree[rank][0]:
            tree[rank] = way
        rank += rank & -rank
