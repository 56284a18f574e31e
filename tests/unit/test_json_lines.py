"""Objects are encoded some at a time, and come out one by one, whatever they hold."""

import json

from hypothesis import given
from hypothesis import strategies as st

from service.reports.json_lines import AT_ONCE, encode_each

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=3)


@given(st.lists(OBJECTS, max_size=2 * AT_ONCE + 2))
def test_each_object_is_encoded_as_if_it_were_alone(values: list[dict[str, object]]) -> None:
    alone = [json.dumps(value, ensure_ascii=False) for value in values]
    assert list(encode_each(iter(values))) == alone


def test_nothing_is_no_line() -> None:
    assert list(encode_each([])) == []
