"""The plan of an audit: its links in batches, each within one shard."""

from collections.abc import Sequence
from dataclasses import dataclass

from workers.ledger import BATCH_LINKS, PlannedLink


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some links of one shard, numbered within it from `first`."""

    shard: int
    number: int
    link_ids: tuple[int, ...]


def make_batches(links: Sequence[PlannedLink], *, size: int = BATCH_LINKS, first: int = 0) -> list[Batch]:
    """Return batches of at most `size` links, the longest shards' first, so that the last ends soonest.

    Links keep their order within a shard; each is in exactly one batch.

    Raises:
        ValueError: `size` is below 1.
    """
    if size < 1:
        raise ValueError("a batch holds at least one link")
    shards: dict[int, list[int]] = {}
    for link in links:
        shards.setdefault(link.shard, []).append(link.link_id)
    by_length = sorted(shards.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Batch(shard=shard, number=first + at // size, link_ids=tuple(ids[at : at + size]))
        for shard, ids in by_length
        for at in range(0, len(ids), size)
    ]
