"""The best local alignment of two short runs of words (Smith and Waterman, 1981).

A word that only one side has costs a little, so that the alignment prefers words that stand together
over the same words scattered.
"""

from collections.abc import Callable, Sequence
from typing import Final

_SKIP: Final = 0.12
_LEFT, _UP, _BOTH = 1, 2, 3


def align_locally(
    said: Sequence[str], page: Sequence[str], weight: Callable[[str], float]
) -> list[tuple[int, int]]:
    """Return the pairs (place in `said`, place in `page`) of equal words in the heaviest alignment.

    Both places rise. `weight` says what an equal word is worth. Costs the product of both lengths.
    """
    width = len(page)
    above = [0.0] * (width + 1)
    steps: list[bytearray] = []
    best, end = 0.0, (0, 0)
    for row, word in enumerate(said, 1):
        worth = weight(word)
        here = [0.0] * (width + 1)
        taken = bytearray(width + 1)
        left = 0.0
        for column in range(1, width + 1):
            score, step = above[column] - _SKIP, _UP
            if left - _SKIP > score:
                score, step = left - _SKIP, _LEFT
            if page[column - 1] == word and above[column - 1] + worth >= score:
                score, step = above[column - 1] + worth, _BOTH
                if score > best:
                    best, end = score, (row, column)
            if score > 0:
                here[column] = left = score
                taken[column] = step
            else:
                left = 0.0
        steps.append(taken)
        above = here
    return _pairs(steps, end)


def _pairs(steps: Sequence[bytearray], end: tuple[int, int]) -> list[tuple[int, int]]:
    """Return the equal words on the way back from the end of the best alignment."""
    pairs = []
    row, column = end
    while row > 0 and column > 0 and (step := steps[row - 1][column]):
        if step == _BOTH:
            pairs.append((row - 1, column - 1))
            row, column = row - 1, column - 1
        elif step == _UP:
            row -= 1
        else:
            column -= 1
    return pairs[::-1]
