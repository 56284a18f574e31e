"""Requests that wait are made again as they were, and the schedule makes jobs when their turn comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.fetch.hosts import Manners, Schedule
from workers.fetch.target import host_key
from workers.fetch.waiting import Waiting, gather
from workers.model import Validators
from workers.protocols import FetchRequest

FIELDS = {
    "url": st.text(st.characters(), max_size=40).map("https://example.com/".__add__),
    "max_body_bytes": st.none() | st.integers(0, 9),
    "record": st.booleans(),
    "headers": st.sampled_from([(), (("X-A", "b"),)]),
    "walks": st.booleans(),
    "validators": st.none() | st.builds(Validators, etag=st.just('"e"')),
    "number": st.integers(-1, 2**40),
}
URLS = st.builds("https://{}.example/{}".format, st.sampled_from("ab"), st.text(max_size=40))
REQUESTS = st.builds(
    FetchRequest,
    url=URLS,
    max_body_bytes=st.none() | st.integers(0, 9),
    record=st.booleans(),
    headers=st.sampled_from([(), (("X-A", "b"),)]),
    walks=st.booleans(),
    validators=st.none() | st.builds(Validators, etag=st.just('"e"')),
    number=st.integers(-1, 2**40),
)


@given(st.lists(REQUESTS | URLS.map(lambda url: FetchRequest(url=url)), max_size=20))
async def test_requests_come_back_equal_and_in_order(requests: list[FetchRequest]) -> None:
    waiting = await gather(iter(requests))
    hosts: dict[str, list[FetchRequest]] = {}
    for request in requests:
        hosts.setdefault(host_key(request.url), []).append(request)
    assert {key: list(lot) for key, lot in waiting.lots.items()} == hosts
    assert list(waiting) == [request for each in hosts.values() for request in each]
    assert len(waiting) == len(requests)
    for key, lot in waiting.lots.items():
        assert [lot.take() for _ in range(len(lot))] == hosts[key]
        with pytest.raises(IndexError):
            lot.take()
    assert (len(waiting), list(waiting)) == (0, [])


async def test_what_waits_already_is_not_gathered_again() -> None:
    waiting = Waiting()
    waiting.append(FetchRequest(url="https://a.example/"))
    assert await gather(waiting) is waiting


async def test_requests_are_kept_by_host() -> None:
    urls = ("https://a.example/1", "http://b.example:8080/", "https://a.example/2", "no address")
    waiting = await gather(FetchRequest(url=url) for url in urls)
    assert {key: [each.url for each in lot] for key, lot in waiting.lots.items()} == {
        "a.example": ["https://a.example/1", "https://a.example/2"],
        "b.example:8080": ["http://b.example:8080/"],
        "": ["no address"],
    }


def test_jobs_of_a_lot_are_made_when_they_are_the_next() -> None:
    made: list[str] = []

    def make(*names: str):
        for name in names:
            made.append(name)
            yield name

    plan = Schedule(lambda _: Manners(per_host=2, gap_s=0.0), lambda _: True, longest_rest_s=60.0)
    plan.put_lot("a", make("a1", "a2", "a3"), count=3)
    plan.put_lot("b", make("b1"), count=1)
    plan.put_lot("a", make("a4"), count=1)
    assert plan.host("a").waiting == 4
    first, second = plan.take(0.0), plan.take(0.0)
    assert (first[1], second[1]) == ("a1", "a2")
    plan.put("a", "again", first=True)
    assert plan.take(0.0)[1] == "b1"
    assert made == ["a1", "a2", "b1"]
    for host, _ in (first, second):
        plan.done(host, 0.1)
    rest = [plan.take(0.0)[1], plan.take(0.0)[1]]
    plan.done(plan.host("a"), 0.1)
    plan.done(plan.host("a"), 0.1)
    rest += [plan.take(0.0)[1], plan.take(0.0)]
    assert rest == ["again", "a3", "a4", None]
