"""The live decision by the real command, on a loopback web of made-up publishers."""

import asyncio
from collections import Counter

from bench.live import play
from bench.made_cases import made_cases
from bench.repair_world import Manner, Played, RepairWorld

COMMAND_S = 100


async def played(count: int, seed: int) -> Counter[str]:
    async with asyncio.timeout(COMMAND_S):
        table = await play(made_cases(count, seed=seed), seed=seed, misses=False)
    total = sum(table.values(), Counter())
    return total + Counter({f"clean {word}": number for word, number in table["clean"].items()})


async def test_of_three_hundred_links_nearly_all_come_out_right_and_no_sound_one_is_changed() -> None:
    total = await played(300, seed=7)
    assert (total["cases"], total["clean cases"], total["clean right"]) == (300, 75, 75)
    assert total["right"] >= 291
    assert total["wrong"] == 0


def test_the_world_has_hosts_of_every_manner_and_half_of_them_answer_anything() -> None:
    cases = made_cases(300, seed=7)
    world = RepairWorld(cases, seed=7)
    manners = Counter(world.manner_of(host) for host in world.hosts())
    assert set(manners) == set(Manner)
    lenient = sum(manners[each] for each in (Manner.TEASERS, Manner.ANOTHER, Manner.BY_ID))
    assert 0.4 < lenient / manners.total() < 0.6


def test_the_world_fails_what_is_written_and_shows_the_article_at_the_right_address() -> None:
    right, written = (
        "https://a.example.com/x/storm-over-harbour",
        "https://a.example.com/x/storm-over-har-bour",
    )
    case = Played(name="a", kind="k", damaged=written, right=(right,), title="Storm over harbour", text="")
    world = RepairWorld([case], manners={"example.com": Manner.MISSING})
    assert world.answer("https", "a.example.com", "/x/storm-over-harbour").status == 200
    assert world.answer("https", "a.example.com", "/x/storm-over-har-bour").status == 404
    assert world.answer("http", "a.example.com", "/x/storm-over-harbour").status == 404
