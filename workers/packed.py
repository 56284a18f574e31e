"""Values of `workers/model` as bytes and back, for a run that keeps them on disk.

The bytes are for this process alone: `marshal` takes a tenth of the time of `pickle`, and its form may change
with Python. How a class is packed is read from its annotations once.
"""

import marshal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from operator import attrgetter, itemgetter
from types import NoneType, UnionType
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
U = TypeVar("U")
Memo = dict[int, Any]
Step = Callable[[Any, Memo], Any]


class _Way(NamedTuple):
    """How one type goes in and comes back; None is not asked about, nor what is empty on its way back."""

    there: Step
    back: Step


class Packed(Generic[T]):
    """How values of one frozen dataclass are packed; one object serves a whole process.

    A value that stands in several fields is packed once, and comes back as one.
    """

    def __init__(self, of: type[T]) -> None:
        """Read the annotations of `of`.

        Raises:
            TypeError: one of them names a type that cannot be packed.
        """
        self._rows = _Rows(of)

    def pack(self, value: T) -> bytes:
        """Return a value as bytes."""
        rows = self._rows.there(value, {})
        try:
            return marshal.dumps(rows)
        except ValueError:
            return marshal.dumps(_plain(rows))

    def excerpt(self, of: type[U]) -> Callable[[bytes], U]:
        """Return what makes a value of another dataclass, which has some of the fields, from packed bytes.

        Raises:
            ValueError: it has a field that the packed class has not.
        """
        rows = _Rows(of)
        read_places = itemgetter(*map(self._rows.names.index, rows.names))

        def unpack(packed: bytes) -> U:
            value: U = rows.back(list(read_places(marshal.loads(packed))), {})  # noqa: S302 - as below
            return value

        return unpack

    def unpack(self, packed: bytes) -> T:
        """Return the value that `pack` took, equal to it, made without its constructor."""
        value: T = self._rows.back(marshal.loads(packed), {})  # noqa: S302 - bytes of this very process
        return value


class _Rows:
    """How values of one dataclass are packed: each as the list of its fields."""

    def __init__(self, of: type[Any]) -> None:
        hints = get_type_hints(of)
        self.names = names = [field.name for field in fields(of)]
        ways = ((place, _way_of(hints[name])) for place, name in enumerate(names))
        self._ways = [(place, way) for place, way in ways if way is not None]
        self._read = attrgetter(*names)
        self._writes = [getattr(of, name).__set__ for name in names]
        self._of = of

    def there(self, value: Any, memo: Memo) -> Any:  # noqa: ANN401 - values of any class
        """Return the fields of a value, the same list for the same value."""
        row = memo.get(id(value))
        if row is None:
            row = memo[id(value)] = list(self._read(value))
            for place, way in self._ways:
                if row[place] is not None:
                    row[place] = way.there(row[place], memo)
        return row

    def back(self, row: Any, memo: Memo) -> Any:  # noqa: ANN401 - values of any class
        """Return the value that has these fields, the same one for the same list."""
        value = memo.get(id(row))
        if value is None:
            value = memo[id(row)] = object.__new__(self._of)
            for place, way in self._ways:
                if row[place]:
                    row[place] = way.back(row[place], memo)
            for write, item in zip(self._writes, row, strict=True):
                write(value, item)
        return value


def _plain(item: Any) -> Any:  # noqa: ANN401 - whatever stands in a field
    """Return an item with members of enumerations as the text or number that they are."""
    if isinstance(item, list | tuple):
        return type(item)(map(_plain, item))
    if isinstance(item, dict):
        return {_plain(key): _plain(value) for key, value in item.items()}
    if isinstance(item, str) and type(item) is not str:
        return str.__str__(item)
    if isinstance(item, int) and type(item) not in {int, bool}:
        return int(item)
    return item


def _way_of(hint: Any) -> _Way | None:  # noqa: ANN401 - annotations have no type of their own
    """Return how values of an annotation are packed, None where `marshal` takes them as they are.

    Raises:
        TypeError: they cannot be packed.
    """
    origin, given = get_origin(hint), get_args(hint)
    if origin is UnionType or NoneType in given:
        (hint,) = (each for each in given if each is not NoneType)
        return _way_of(hint)
    if origin is tuple:
        return _items_way(given)
    if origin is Mapping:
        return _Way(lambda value, _: dict(value), lambda value, _: value)
    return _class_way(hint)


def _class_way(of: type) -> _Way | None:
    if of in {str, int, float, bool, bytes}:
        return None
    if is_dataclass(of):
        rows = _Rows(of)
        return _Way(rows.there, rows.back)
    if issubclass(of, datetime):
        return _Way(lambda value, _: value.isoformat(), lambda value, _: datetime.fromisoformat(value))
    if issubclass(of, StrEnum):
        members = {str(member): member for member in of}
        return _Way(lambda value, _: str(value), lambda value, _: members[value])
    raise TypeError(f"values of {of} cannot be packed")


def _items_way(given: Sequence[Any]) -> _Way | None:
    """Return how tuples are packed: of one type in any number, or of a fixed one each."""
    if given[-1] is Ellipsis:
        way = _way_of(given[0])
        if way is None:
            return None
        there, back = way
        return _Way(
            lambda value, memo: [there(each, memo) for each in value] if value else (),
            lambda value, memo: tuple([back(each, memo) for each in value]),
        )
    ways = [_way_of(each) or _AS_IS for each in given]
    return _Way(
        lambda value, memo: [way.there(each, memo) for way, each in zip(ways, value, strict=True)],
        lambda value, memo: tuple([way.back(each, memo) for way, each in zip(ways, value, strict=True)]),
    )


_AS_IS = _Way(lambda value, _: value, lambda value, _: value)
