"""The base of all tables: one metadata, and the columns that they are made of."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, ForeignKey, Integer, MetaData, String
from sqlmodel import SQLModel

from service.columns import AnyText, BigId, UtcDateTime, words

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
HASH = String(64)
HOST = String(255)
metadata = MetaData(naming_convention=NAMING)

Json = dict[str, Any]


class Record(SQLModel):
    """The base of all tables, with names of keys and indexes that are the same on every database."""

    metadata: ClassVar[MetaData] = metadata


def id_column() -> Column[int]:
    """Return a 64-bit primary key that grows, so that a cursor can follow it."""
    return Column(BigId, primary_key=True, autoincrement=True)


def ref_column(table: str, *, nullable: bool = False) -> Column[int]:
    """Return a foreign key to the id of `table`."""
    return Column(BigId, ForeignKey(f"{table}.id"), nullable=nullable)


def text_column(*, nullable: bool = True) -> Column[str]:
    """Return a column of any text, as it was given."""
    return Column(AnyText, nullable=nullable)


def time_column(*, nullable: bool = True) -> Column[datetime]:
    """Return a column of aware times in UTC."""
    return Column(UtcDateTime, nullable=nullable)


def json_column(*, nullable: bool = True) -> Column[Any]:
    """Return a column of plain JSON; None is stored as NULL."""
    return Column(JSON(none_as_null=True), nullable=nullable)


def word_column(kind: type[StrEnum], *, nullable: bool = False) -> Column[Any]:
    """Return a column of a closed set of words, stored by value."""
    return Column(words(kind), nullable=nullable)


def hash_column(*, nullable: bool = False) -> Column[str]:
    """Return a column of SHA-256 digests in hex."""
    return Column(HASH, nullable=nullable)


def count_column() -> Column[int]:
    """Return a column of counts, 0 where nothing is said."""
    return Column(Integer, nullable=False, server_default="0")
