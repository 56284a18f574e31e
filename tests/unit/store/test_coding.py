"""Values go to plain JSON and back unchanged, whatever text they hold."""

import contextlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.columns import escape, unescape
from service.store.coding import from_plain, to_plain
from service.store.paging import InvalidCursor, decode_cursor, encode_cursor
from workers.ledger import Scope
from workers.model import Candidate, Decision, Hop, Identifier, Observation, Repair, TlsFacts

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()))
CANDIDATES = st.builds(
    Candidate,
    url=ANY_TEXT,
    rule=ANY_TEXT,
    score=st.floats(0, 1),
    evidence=st.lists(ANY_TEXT).map(tuple),
)
REPAIRS = st.builds(
    Repair,
    decision=st.sampled_from(Decision),
    best=CANDIDATES,
    candidates=st.lists(CANDIDATES, max_size=3).map(tuple),
)
TIMES = st.datetimes(timezones=st.just(UTC))
OBSERVATIONS = st.builds(
    Observation,
    url=ANY_TEXT,
    final_url=ANY_TEXT,
    observed_at=TIMES,
    status=st.none() | st.integers(100, 599),
    hops=st.lists(st.builds(Hop, url=ANY_TEXT, status=st.integers(100, 599)), max_size=3).map(tuple),
    headers=st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=3),
    tls=st.none() | st.builds(TlsFacts, issuer=st.none() | ANY_TEXT, expires_at=st.none() | TIMES),
    body=st.just(b""),
    exchanges=st.just(()),
)


@given(REPAIRS)
def test_a_repair_comes_back(repair: Repair) -> None:
    assert from_plain(Repair, json.loads(json.dumps(to_plain(repair)))) == repair


@given(OBSERVATIONS)
def test_an_observation_comes_back(observation: Observation) -> None:
    assert from_plain(Observation, json.loads(json.dumps(to_plain(observation)))) == observation


def test_times_are_written_in_utc() -> None:
    east = datetime(2026, 3, 1, 21, tzinfo=timezone(timedelta(hours=9)))
    assert to_plain(east) == "2026-03-01T12:00:00+00:00"


def test_an_older_row_without_newer_fields_is_read() -> None:
    assert from_plain(Scope, {"article_ids": [1, 2]}) == Scope(article_ids=(1, 2))


def test_a_newer_row_with_unknown_fields_is_read() -> None:
    plain = {"scheme": "doi", "value": "V", "normal": "v", "resolver": None, "later": 1}
    assert from_plain(Identifier, plain) == Identifier(scheme="doi", value="V", normal="v")


def test_what_has_no_json_form_is_refused() -> None:
    with pytest.raises(TypeError, match="no JSON form for object"):
        to_plain(object())


@given(ANY_TEXT)
def test_escaped_text_comes_back_and_can_be_stored(text: str) -> None:
    escaped = escape(text)
    assert unescape(escaped) == text
    assert "\x00" not in escaped
    escaped.encode("utf-8")


@given(st.text(alphabet=st.characters(min_codepoint=1, max_codepoint=0xD7FF)))
def test_usual_text_is_stored_as_it_is(text: str) -> None:
    assert escape(text) == text


@given(st.integers(0, 2**63 - 1))
def test_a_cursor_comes_back(last_id: int) -> None:
    assert decode_cursor(encode_cursor(last_id)) == last_id


@given(ANY_TEXT)
def test_any_other_text_is_no_cursor(text: str) -> None:
    with contextlib.suppress(InvalidCursor):
        assert encode_cursor(decode_cursor(text)) == text
