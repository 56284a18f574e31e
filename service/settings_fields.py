"""How settings are declared and read: each field says what it is for and reads what was written for it.

What was written comes from a flag (typed already), a variable (text) or a file (the types of TOML). A reader
takes any of these and raises ValueError in words that follow the setting's name: "should be a number".
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

Reader = Callable[[object], Any]
Table = TypeVar("Table")

_ON = frozenset({"1", "true", "t", "yes", "y", "on"})
_OFF = frozenset({"0", "false", "f", "no", "n", "off"})


def setting(
    read: Reader,
    description: str,
    *,
    default: object = MISSING,
    default_factory: object = MISSING,
    is_secret: bool = False,
    is_table: bool = False,
) -> Any:  # noqa: ANN401 - a field of any type, as dataclasses.field itself
    """Declare one setting; without a default it has to be given.

    The value of a secret is never shown. A table is JSON in a variable, and its entries come from all
    sources together.
    """
    about = {"read": read, "description": description, "is_secret": is_secret, "is_table": is_table}
    given = {"default": default, "default_factory": default_factory}
    return field(repr=not is_secret, metadata=about, **given)  # type: ignore[call-overload]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing wrong with what was written: where in the table, in words, and what stood there.

    `is_unknown` says that there is no setting of that name; `written` is None where nothing was.
    """

    place: tuple[str, ...]
    words: str
    written: object = None
    is_unknown: bool = False


class Flaws(ValueError):
    """All that is wrong with one table."""

    def __init__(self, flaws: Sequence[Flaw]) -> None:
        super().__init__("; ".join(f"{'.'.join(flaw.place)}: {flaw.words}" for flaw in flaws))
        self.flaws = tuple(flaws)


def read_table(table: type[Table], written: object) -> Table:
    """Return a table of settings, each read by its field; what is not written has its default.

    Raises:
        Flaws: names that are no settings, values that cannot be used, or settings that have to be given.
    """
    if not isinstance(written, Mapping):
        raise ValueError("should be a table")  # noqa: TRY004 - read as a flaw like all others
    known = {each.name: each for each in fields(table)}  # type: ignore[arg-type]
    flaws = [
        Flaw(place=(str(name),), words="no such setting", is_unknown=True)
        for name in written
        if name not in known
    ]
    values: dict[str, object] = {}
    for name, each in known.items():
        if name in written:
            try:
                values[name] = each.metadata["read"](written[name])
            except ValueError as error:
                flaws.extend(flaws_at(name, error, written[name]))
        elif is_required(each):
            flaws.append(Flaw(place=(name,), words="has to be given"))
    if flaws:
        raise Flaws(flaws)
    return table(**values)


def is_required(each: "Field[object]") -> bool:
    """Whether a setting has no default."""
    return each.default is MISSING and each.default_factory is MISSING


def flaws_at(name: str, error: ValueError, written: object) -> Iterator[Flaw]:
    """Yield what is wrong with the value under `name`, each flaw with its place in the whole."""
    if isinstance(error, Flaws):
        for flaw in error.flaws:
            yield replace(flaw, place=(name, *flaw.place))
    else:
        yield Flaw(place=(name,), words=str(error), written=written)


def text(written: object) -> str:
    """Read text as it stands."""
    if not isinstance(written, str):
        raise ValueError("should be text")  # noqa: TRY004 - read as a flaw like all others
    return written


def header_text(written: object) -> str:
    """Read text that is sent as a header: one line of printable ASCII."""
    line = text(written)
    if not (line.isascii() and (line.isprintable() or not line)):
        raise ValueError("should be one line of ASCII")
    return line


def base_url(written: object) -> str:
    """Read the base of addresses, '' for none; a final slash is dropped."""
    base = text(written)
    if base and not base.startswith(("http://", "https://")):
        raise ValueError("should start with http:// or https://")
    return base.rstrip("/")


def secret(written: object) -> str | None:
    """Read a secret; empty is None."""
    return text(written) or None


def switch(written: object) -> bool:
    """Read what is on or off."""
    if isinstance(written, bool):
        return written
    word = str(written).strip().lower()
    if word not in _ON | _OFF:
        raise ValueError("should be on or off")
    return word in _ON


def whole(*, least: int, most: int | None = None) -> Reader:
    """Return the reader of a whole number within bounds."""

    def read(written: object) -> int:
        value = None if isinstance(written, bool | float) else _number(int, written)
        if value is None:
            raise ValueError("should be a whole number")
        return int(_bounded(value, least, most))

    return read


def number(*, most: float | None = None, is_zero_meant: bool = False) -> Reader:
    """Return the reader of a span or a rate up to `most`, above 0 or from 0 on."""

    def read(written: object) -> float:
        value = None if isinstance(written, bool) else _number(float, written)
        if value is None or not math.isfinite(value):
            raise ValueError("should be a number")
        if not value and not is_zero_meant:
            raise ValueError("should be more than 0")
        return _bounded(value, 0, most)

    return read


def _number(kind: Callable[[Any], float], written: object) -> float | None:
    try:
        return kind(written)
    except (TypeError, ValueError, OverflowError):
        return None


def _bounded(value: float, least: float, most: float | None) -> float:
    if value < least:
        raise ValueError(f"should be at least {least}")
    if most is not None and value > most:
        raise ValueError(f"should be at most {most}")
    return value


def folder(written: object) -> Path:
    """Read the path of a folder."""
    return written if isinstance(written, Path) else Path(text(written))


def file(written: object) -> Path | None:
    """Read the path of a file; empty is None."""
    return folder(written) if written else None


def readable_file(written: object) -> Path | None:
    """Read the path of a file that is there; empty is None."""
    path = file(written)
    if path is not None and not path.is_file():
        raise ValueError("should name a readable file")
    return path


def comma_list(written: object) -> tuple[str, ...]:
    """Read a list, in text separated by commas."""
    return _listed(written, ",")


def space_list(written: object) -> tuple[str, ...]:
    """Read a list, in text separated by spaces: a comma may stand in a regular expression."""
    return _listed(written, None)


def _listed(written: object, separator: str | None) -> tuple[str, ...]:
    if isinstance(written, str):
        return tuple(part.strip() for part in written.split(separator) if part.strip())
    if not isinstance(written, list | tuple) or not all(isinstance(part, str) for part in written):
        raise ValueError("should be a list of texts")
    return tuple(written)
