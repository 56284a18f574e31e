"""The plan of an audit is a partition of its links into small batches within shards."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.jobs.batches import Batch, make_batches
from workers.ledger import PlannedLink, shard_of

LINKS = st.lists(st.tuples(st.integers(1, 10_000), st.integers(0, 63)), unique_by=lambda link: link[0])


def _links(*pairs: tuple[int, int]) -> list[PlannedLink]:
    return [PlannedLink(link_id=link_id, shard=shard) for link_id, shard in pairs]


def test_the_longest_shard_starts_first() -> None:
    assert make_batches(_links((1, 7), (2, 3), (3, 3), (4, 3)), size=2) == [
        Batch(shard=3, number=0, link_ids=(2, 3)),
        Batch(shard=3, number=1, link_ids=(4,)),
        Batch(shard=7, number=0, link_ids=(1,)),
    ]


def test_no_links_make_no_batches() -> None:
    assert make_batches([]) == []


def test_numbers_begin_where_told() -> None:
    assert [batch.number for batch in make_batches(_links((1, 0), (2, 0)), size=1, first=5)] == [5, 6]


def test_an_empty_batch_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one link"):
        make_batches([], size=0)


@given(LINKS, st.integers(1, 60))
def test_every_link_is_in_one_batch_of_its_shard(pairs: list[tuple[int, int]], size: int) -> None:
    batches = make_batches(_links(*pairs), size=size)
    assert sorted((link_id, b.shard) for b in batches for link_id in b.link_ids) == sorted(pairs)
    assert all(1 <= len(batch.link_ids) <= size for batch in batches)
    assert len({(batch.shard, batch.number) for batch in batches}) == len(batches)


@given(LINKS)
def test_batches_of_a_shard_stand_together(pairs: list[tuple[int, int]]) -> None:
    shards = [shard for shard, _ in groupby(make_batches(_links(*pairs), size=3), lambda b: b.shard)]
    assert len(shards) == len(set(shards))


@pytest.mark.parametrize(("domain", "shard"), [("example.org", 31), ("themoscowtimes.com", 60), ("", 0)])
def test_the_shard_of_a_domain_never_changes(domain: str, shard: int) -> None:
    assert shard_of(domain) == shard


@given(st.text(), st.integers(1, 200))
def test_any_text_has_a_shard(domain: str, shards: int) -> None:
    assert 0 <= shard_of(domain, shards) < shards
