"""Field types that requests share, with the bounds that the description shows."""

import functools
import re
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema

from service.store.paging import MAX_ID, InvalidCursor, decode_cursor
from workers.url import is_fetchable

MAX_URL_CHARACTERS = 8_192
MAX_PAGE = 200

_DIGITS = re.compile(r"0|[1-9][0-9]{0,18}")
_FLAGS = {"true": True, "false": False}


def _whole_number(value: object) -> object:
    """Return the number that a parameter's digits say; int() itself takes '+1', ' 1' and '1_0' too."""
    if not isinstance(value, str):
        return value
    if not _DIGITS.fullmatch(value):
        raise ValueError("Should be a whole number in digits")
    return int(value)


def json_whole_number(value: object) -> object:
    """Return a JSON number without a fraction, 3.0 too (JSON Schema's integer); int() takes "3" and true."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError("Should be a whole number")  # noqa: TRY004 - pydantic maps ValueError only
    return value


def _flag(value: object) -> object:
    """Return the truth that a parameter's word says; pydantic itself takes 'on', 'yes' and '1' too."""
    if isinstance(value, str) and value not in _FLAGS:
        raise ValueError("Should be true or false")
    return _FLAGS[value] if isinstance(value, str) else value


def _cursor(value: str) -> str:
    try:
        decode_cursor(value)
    except InvalidCursor as error:
        raise ValueError(f"The {error}") from None
    return value


def _web_address(value: str) -> str:
    if not is_fetchable(value):
        raise ValueError("Should be an absolute http or https address")
    return value


# The bounds stand inside the validator: around it they would become unknown keys of the schema.
Id = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_whole_number)]
Limit = Annotated[
    int, Field(ge=1, le=MAX_PAGE, description="Most items on a page."), BeforeValidator(_whole_number)
]
BodyId = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(json_whole_number)]
Flag = Annotated[bool, BeforeValidator(_flag)]
BodyFlag = Annotated[bool, Field(strict=True)]
Cursor = Annotated[
    str,
    Field(
        max_length=30,
        json_schema_extra={"format": "cursor"},
        description="`next` of the page before this one.",
    ),
    AfterValidator(_cursor),
]
Address = Annotated[str, Field(min_length=1, max_length=MAX_URL_CHARACTERS)]
WebAddress = Annotated[
    str,
    Field(min_length=8, max_length=MAX_URL_CHARACTERS, json_schema_extra={"format": "uri"}),
    AfterValidator(_web_address),
]


Kept = TypeVar("Kept")


class _LeftOutOrGiven:
    """Drops the None of `X | None` from what is taken: a field is there or is not, and never null."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:  # noqa: ANN401
        # Made from the whole, so that the field's own bounds are in it.
        schema = handler(source)
        return schema["schema"] if schema["type"] == "nullable" else schema


# A field of a body that may be left out; then it is None here, and a description can say 'one of'.
Given = Annotated[Kept | None, _LeftOutOrGiven()]


def given(
    description: str,
    *,
    min_length: int | None = None,
    max_length: int | None = None,
    form: str | None = None,
) -> Any:  # noqa: ANN401 - as pydantic's own Field
    """Return the definition of a `Given` field; lengths are those of a string, `form` is its `format`."""
    return Field(
        default=None,
        description=description,
        min_length=min_length,
        max_length=max_length,
        json_schema_extra=functools.partial(_describe, form),
    )


def _describe(form: str | None, schema: dict[str, Any]) -> None:
    schema.pop("default", None)
    if form is not None:
        schema["format"] = form


class IdPath(BaseModel):
    """The path of one thing."""

    model_config = ConfigDict(frozen=True)

    id: Id


class PageQuery(BaseModel):
    """Which page of a list."""

    model_config = ConfigDict(frozen=True)

    limit: Limit = 50
    cursor: Cursor | None = None


class View(BaseModel):
    """The base of what answers hold: made from the store's values, attribute by attribute."""

    model_config = ConfigDict(frozen=True, from_attributes=True)
