"""Values come back from their bytes equal, whatever they hold."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model import FoundLink, Hop, LinkReport, LinkTask, Observation, Outcome, Verdict
from workers.packed import Packed
from workers.told import Told

FOUND, TASK, REPORT = Packed(FoundLink), Packed(LinkTask), Packed(LinkReport)
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
st.register_type_strategy(float, st.floats(0, 1))  # scores
st.register_type_strategy(
    datetime, st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(fold=0))
)


@given(st.from_type(FoundLink))
def test_a_citation_comes_back_equal(found: FoundLink) -> None:
    assert FOUND.unpack(FOUND.pack(found)) == found


@given(st.from_type(LinkTask))
def test_a_task_comes_back_equal(task: LinkTask) -> None:
    assert TASK.unpack(TASK.pack(task)) == task


@given(st.from_type(LinkReport))
def test_a_report_comes_back_equal(report: LinkReport) -> None:
    assert REPORT.unpack(REPORT.pack(report)) == report


def test_what_stands_twice_is_one_value_again() -> None:
    url = "https://example.com/\udc80"
    verdict = Verdict(outcome=Outcome.OK, rule="ok/answer", evidence=("status 200",))
    seen = Observation(
        url=url,
        observed_at=AT,
        final_url=url,
        status=200,
        hops=(Hop(url=url, status=200),),
        headers=MappingProxyType({}),
    )
    report = LinkReport(
        written=url, original=url, verdict=verdict, observation=seen, asked=((seen, verdict), (seen, verdict))
    )
    again = REPORT.unpack(REPORT.pack(report))
    assert again == report
    assert again.asked[1][0] is again.observation
    assert again.asked[1][1] is again.verdict


@given(st.from_type(LinkReport))
def test_an_excerpt_has_the_fields_of_the_whole(report: LinkReport) -> None:
    told = REPORT.excerpt(Told)(REPORT.pack(report))
    assert told == Told(
        original=report.original,
        verdict=report.verdict,
        repair=report.repair,
        accepted=report.accepted,
        aliases=report.aliases,
    )


def test_an_excerpt_of_what_is_not_there_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="written"):
        FOUND.excerpt(LinkReport)


def test_a_type_that_cannot_be_packed_is_refused_at_once() -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Odd:
        names: AbstractSet[str]

    with pytest.raises(TypeError, match="cannot be packed"):
        Packed(Odd)
