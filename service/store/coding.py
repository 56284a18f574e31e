"""Values of `workers/model/` as plain JSON and back, for columns that keep them whole.

Strings pass untouched, lone surrogates too, which validating libraries refuse. Fields that hold None,
an empty tuple or an empty string may be missing in what is read: older rows lack newer fields.
"""

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

Value = TypeVar("Value")
Read = Callable[[Any], Any]


def to_plain(value: object) -> Any:  # noqa: ANN401 - JSON has no one type
    """Return `value` (a dataclass, or made of them) as dicts, lists, strings, numbers and None.

    Datetimes become RFC 3339 in UTC; bytes are left out, for they live in WARC files.
    """
    kind = type(value)
    if kind in _AS_IT_IS:
        return value
    if write := _WRITERS.get(kind):
        return write(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    if not dataclasses.is_dataclass(value):
        raise TypeError(f"no JSON form for {kind.__name__}")
    return {name: to_plain(getattr(value, name)) for name in _field_names(kind)}  # type: ignore[arg-type]  # types are hashable


_AS_IT_IS = frozenset({type(None), bool, int, float, str})
_WRITERS: dict[type, Read] = {
    tuple: lambda items: [to_plain(item) for item in items],
    list: lambda items: [to_plain(item) for item in items],
    datetime: lambda moment: moment.astimezone(UTC).isoformat(),
    bytes: lambda _bytes: None,
}


def from_plain(kind: type[Value], plain: Any) -> Value:  # noqa: ANN401 - JSON has no one type
    """Return the dataclass `kind` that `plain` was made from; unknown names in it are ignored."""
    made: Value = _reader(kind)(plain)  # type: ignore[arg-type]  # types are hashable
    return made


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


@cache
def _reader(kind: Any) -> Read:  # noqa: ANN401 - a type, or a form such as `str | None`
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        (inner,) = (part for part in get_args(kind) if part is not types.NoneType)
        return _optional(_reader(inner))
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if dataclasses.is_dataclass(kind):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind
    return _PLAIN_READERS.get(kind, lambda plain: plain)


_PLAIN_READERS: dict[type, Read] = {datetime: datetime.fromisoformat, bytes: lambda _plain: b""}


def _optional(read: Read) -> Read:
    return lambda plain: None if plain is None else read(plain)


def _tuple_reader(parts: tuple[Any, ...]) -> Read:
    if parts[-1] is Ellipsis:
        read = _reader(parts[0])
        return lambda plain: tuple(read(item) for item in plain or ())
    readers = tuple(_reader(part) for part in parts)
    return lambda plain: tuple(read(item) for read, item in zip(readers, plain, strict=True))


def _dataclass_reader(kind: Any) -> Read:  # noqa: ANN401 - mypy has no name for 'a dataclass type'
    hints = get_type_hints(kind)
    readers = {name: _reader(hints[name]) for name in _field_names(kind)}

    def read(plain: Mapping[str, Any]) -> Any:  # noqa: ANN401 - an instance of `kind`
        return kind(**{name: part(plain[name]) for name, part in readers.items() if name in plain})

    return read
