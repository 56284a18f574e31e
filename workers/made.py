"""Sequences whose items are made when they are asked for."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Made(Sequence[T]):
    """A sequence whose items are made from numbers each time they are asked for."""

    def __init__(self, numbers: Sequence[int], make: Callable[[int], T]) -> None:
        self._numbers = numbers
        self._make = make

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> T: ...

    @overload
    def __getitem__(self, place: slice) -> "Made[T]": ...

    def __getitem__(self, place: int | slice) -> "T | Made[T]":
        """Return the item at a place, counted from 0."""
        if isinstance(place, slice):
            return Made(self._numbers[place], self._make)
        return self._make(self._numbers[place])

    def __iter__(self) -> Iterator[T]:
        """Yield all in order."""
        return map(self._make, self._numbers)
