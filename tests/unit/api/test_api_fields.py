"""Field types, pointers and keys, without a server."""

import base64

import pytest
from hypothesis import given, strategies
from pydantic import BaseModel, TypeAdapter, ValidationError

from service.api.fields import BodyId, Cursor, Flag, Given, Id, WebAddress
from service.api.fields import given as given_field
from service.api.idempotency import MAX_KEYS, SeenKeys
from service.api.intake import pointer
from service.api.problem import RequestProblem
from service.store.paging import encode_cursor


@pytest.mark.parametrize("text", ["+1", " 1", "1_0", "1.0", "01", "-1", "", "\u0661", "9" * 19, "1e3", "0"])
def test_a_parameter_is_a_number_only_in_plain_digits(text: str):
    with pytest.raises(ValidationError):
        TypeAdapter(Id).validate_python(text)


@given(strategies.integers(min_value=1, max_value=2**63 - 1))
def test_every_id_comes_back_from_its_digits(number: int):
    assert TypeAdapter(Id).validate_python(str(number)) == number


def test_a_json_number_may_have_a_fraction_of_zero_and_nothing_else():
    assert TypeAdapter(BodyId).validate_python(3.0) == 3
    for value in ("3", True, 3.5, None, float("inf")):
        with pytest.raises(ValidationError):
            TypeAdapter(BodyId).validate_python(value)


@pytest.mark.parametrize("text", ["on", "yes", "1", "True", ""])
def test_a_flag_is_true_or_false_in_these_words(text: str):
    with pytest.raises(ValidationError):
        TypeAdapter(Flag).validate_python(text)


@given(strategies.integers(min_value=0, max_value=2**63 - 1))
def test_every_cursor_that_is_given_out_is_taken(last: int):
    assert TypeAdapter(Cursor).validate_python(encode_cursor(last)) == encode_cursor(last)


@given(strategies.text(max_size=20))
def test_a_made_up_cursor_is_refused_or_was_ours(text: str):
    try:
        TypeAdapter(Cursor).validate_python(text)
    except ValidationError:
        return
    assert text == encode_cursor(int(base64.urlsafe_b64decode(text + "==")))


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "/relative", "http://", "http://[", "ftp://a.example/"]
)
def test_only_web_addresses_are_fetched(text: str):
    with pytest.raises(ValidationError):
        TypeAdapter(WebAddress).validate_python(text)


class Body(BaseModel):
    """A body with one field that may be left out."""

    note: Given[str] = given_field("Why.", min_length=2, max_length=4)


@pytest.mark.parametrize("text", ["", "a", "abcde", None, 1])
def test_a_field_that_may_be_left_out_keeps_its_bounds(text: object):
    with pytest.raises(ValidationError):
        Body.model_validate({"note": text})
    assert (Body.model_validate({}).note, Body.model_validate({"note": "abc"}).note) == (None, "abc")
    shown = Body.model_json_schema()["properties"]["note"]
    assert (shown["minLength"], shown["maxLength"]) == (2, 4)


def test_a_pointer_escapes_tilde_and_slash():
    assert pointer(["a/b", "m~n", 0]) == "#/a~1b/m~0n/0"
    assert pointer([]) == "#"


def test_seen_keys_forget_the_oldest_and_stay_bounded():
    seen = SeenKeys()
    for number in range(MAX_KEYS + 1):
        seen.check(str(number), b"a")
    seen.check("0", b"another: forgotten, so taken")
    with pytest.raises(RequestProblem):
        seen.check(str(MAX_KEYS), b"b")
