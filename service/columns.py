"""Column types that keep exactly what was given, on SQLite and on PostgreSQL."""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import BigInteger, DateTime, Dialect, Enum, Integer, LargeBinary, Text, TypeDecorator

# PostgreSQL refuses NUL in text and both refuse lone surrogates, yet broken articles hold them and a
# written form must come back as it was. U+FDD0 is a noncharacter, so it hardly ever stands in a text.
_ESCAPE = "\ufdd0"
_NEEDS_ESCAPE = re.compile("[\x00\ud800-\udfff\ufdd0]")
_ESCAPED = re.compile(_ESCAPE + "([0-9a-f]{4})")

Word = TypeVar("Word", bound=StrEnum)

BigId = BigInteger().with_variant(Integer(), "sqlite")
Bytes = LargeBinary


def escape(text: str) -> str:
    """Return `text` in a form that both databases keep; `unescape` gives it back."""
    return _NEEDS_ESCAPE.sub(lambda found: f"{_ESCAPE}{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """Return what `escape` was given."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if _ESCAPE in text else text


class AnyText(TypeDecorator[str]):
    """Text of any characters, NUL and lone surrogates included, as long as one likes."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the form that is stored."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text as it was given."""
        return None if value is None else unescape(value)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, in UTC both ways; a naive one is refused.

    Raises:
        ValueError: a naive datetime is to be stored.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return `value` in UTC, without a zone for SQLite, which keeps none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime: {value!r}")
        in_utc = value.astimezone(UTC)
        return in_utc.replace(tzinfo=None) if dialect.name == "sqlite" else in_utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware datetime in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def words(kind: type[Word]) -> Enum:
    """Return the column type of a closed set of words: stored by value, checked by the program only.

    A new word needs no migration, for there is no database type and no constraint.
    """
    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )
