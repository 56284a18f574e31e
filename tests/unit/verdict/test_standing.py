"""The rule standing/1, told as tables of days on a virtual clock."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.model import Outcome, Standing
from workers.verdict.ladder import next_check_at
from workers.verdict.similarity import sketch
from workers.verdict.standing import EventKind, Seen, host_is_out, standing

DAY_0 = datetime(2026, 1, 1, 12, tzinfo=UTC)
RULES = {"gone": "status/404", "ok": "status/200", "down": "failure/timeout", "blocked": "status/403"}


def seen(day: float, outcome: str, **facts: object) -> Seen:
    facts.setdefault("rule", RULES.get(outcome, "soft404/heading"))
    return Seen(observed_at=DAY_0 + timedelta(days=day), outcome=Outcome(outcome), **facts)


def story(text: str) -> list[Seen]:
    """Read `0 gone, 3 410, 6 nx, 6.1 down` as observations: a day, then an outcome or a final answer."""
    finals = {"410": "status/410", "nx": "failure/nxdomain"}
    read = [part.split() for part in text.split(",") if part.strip()]
    return [
        seen(float(day), "gone", rule=finals[word]) if word in finals else seen(float(day), word)
        for day, word in read
    ]


def stand(observations: list[Seen], **facts: object):
    last = observations[-1].observed_at if observations else DAY_0
    return standing(observations, now=last, **facts)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("", "unchecked"),
        ("0 ok", "alive"),
        ("0 moved", "alive"),
        ("0 gone", "suspect"),
        # three failures, three days apart, over six days, and a second look
        ("0 gone, 3 gone, 6 gone", "suspect"),
        ("0 gone, 3 gone, 6 gone, 6.02 gone", "suspect"),
        ("0 gone, 3 gone, 6 gone, 6.05 gone", "dead"),
        ("0 gone, 3 gone, 6 gone, 9 gone", "dead"),
        ("0 soft_404, 3 parked, 6 gone, 6.05 soft_404", "dead"),
        # spacing: looks on one day count once
        ("0 gone, 0.1 gone, 0.2 gone, 0.3 gone", "suspect"),
        ("0 gone, 2 gone, 4 gone, 6 gone", "suspect"),
        ("0 gone, 2 gone, 4 gone, 6 gone, 8 gone, 8.1 gone", "dead"),
        # one ok clears the streak, a wall in between begins it anew
        ("0 gone, 3 gone, 4 ok, 6 gone, 6.1 gone", "suspect"),
        ("0 gone, 3 gone, 4 blocked, 6 gone, 6.1 gone", "suspect"),
        ("0 gone, 3 gone, 6 gone, 6.05 ok", "alive"),
        # 410 and names that do not exist may finish after three days
        ("0 410, 3 410", "suspect"),
        ("0 410, 3 410, 3.05 410", "dead"),
        ("0 nx, 3 nx, 3.05 nx", "dead"),
        ("0 nx, 2 nx, 2.05 nx", "suspect"),
        ("0 410, 3 gone, 3.05 410", "suspect"),
        # down may pass: five over fourteen days
        ("0 down, 3 down, 6 down, 6.1 down", "suspect"),
        ("0 down, 3 down, 6 down, 9 down, 12 down, 12.1 down", "suspect"),
        ("0 down, 3 down, 6 down, 9 down, 14 down, 14.1 down", "dead"),
        ("0 down, 3 gone, 6 gone, 6.1 gone", "suspect"),
        ("0 down, 3 gone, 6 gone, 9 gone, 9.1 gone", "dead"),
        # blocked never counts
        ("0 blocked", "restricted"),
        ("0 blocked, 3 blocked, 6 blocked, 9 blocked", "restricted"),
        ("0 ok, 3 blocked", "restricted"),
        ("0 blocked, 3 ok", "alive"),
        # what tells nothing changes nothing
        ("0 ok, 3 refused", "alive"),
        ("0 gone, 3 malformed", "suspect"),
        # revival: twice ok
        ("0 gone, 3 gone, 6 gone, 7 gone, 30 ok", "dead"),
        ("0 gone, 3 gone, 6 gone, 7 gone, 30 ok, 31 ok", "alive"),
        ("0 gone, 3 gone, 6 gone, 7 gone, 30 ok, 31 gone, 32 ok", "dead"),
        ("0 gone, 3 gone, 6 gone, 7 gone, 30 blocked", "dead"),
    ],
)
def test_the_table_of_standings(told, expected):
    assert stand(story(told)).standing == expected


def test_a_void_round_moves_no_streak():
    looks = [seen(0, "gone"), seen(3, "gone"), seen(6, "gone", is_void=True), seen(6.1, "gone", is_void=True)]
    assert stand(looks).standing is Standing.SUSPECT
    assert stand([seen(0, "ok"), seen(3, "down", is_void=True)]).standing is Standing.ALIVE


def test_another_vantage_confirms_at_once():
    looks = story("0 gone, 3 gone, 6 gone")
    assert stand([*looks, seen(6.001, "gone", vantage="north")]).standing is Standing.DEAD


def test_a_ripe_streak_asks_for_a_second_look_an_hour_later():
    verdict = stand(story("0 gone, 3 gone, 6 gone"))
    assert verdict.needs_second_look
    wait = verdict.next_check_at - (DAY_0 + timedelta(days=6))
    assert timedelta(hours=1) <= wait <= timedelta(minutes=66)


@pytest.mark.parametrize(
    ("told", "events"),
    [
        ("0 ok", []),
        ("0 ok, 3 gone", ["suspected"]),
        ("0 ok, 3 gone, 6 gone", []),
        ("0 gone, 3 gone, 6 gone, 6.1 gone", ["died"]),
        ("0 gone, 3 gone, 6 gone, 6.1 gone, 30 gone", []),
        ("0 gone, 3 ok", ["recovered"]),
        ("0 gone, 3 gone, 6 gone, 6.1 gone, 30 ok", []),
        ("0 gone, 3 gone, 6 gone, 6.1 gone, 30 ok, 31 ok", ["revived"]),
        ("0 ok, 3 blocked", ["restricted"]),
        ("0 ok, 3 blocked, 6 blocked", []),
    ],
)
def test_events_tell_the_last_change_once(told, events):
    assert [event.kind for event in stand(story(told)).events] == events


def test_a_new_address_is_told_once():
    looks = [seen(0, "ok"), seen(3, "moved", final_url="https://new.example/a")]
    assert [event.kind for event in stand(looks).events] == ["moved"]
    again = [*looks, seen(6, "moved", final_url="https://new.example/a")]
    assert stand(again).events == ()


def test_another_text_is_drift():
    first = sketch("The eastern pier will close for two months while engineers replace the timber piles.")
    other = sketch("Buy cheap holidays now, winter sale, sunshine guaranteed, book a hotel for less today.")
    looks = [seen(0, "ok", digest="a", sketch=first), seen(3, "ok", digest="b", sketch=other)]
    assert [event.kind for event in stand(looks).events] == ["drifted"]
    same = [seen(0, "ok", digest="a", sketch=first), seen(3, "ok", digest="b", sketch=first)]
    assert stand(same).events == ()


@pytest.mark.parametrize("override", ["held_alive", "held_dead"])
def test_an_override_stands_until_lifted(override):
    looks = story("0 ok, 3 gone, 6 gone, 9 gone, 9.1 gone")
    verdict = stand(looks, override=Standing(override))
    assert verdict.standing == override
    assert verdict.events == ()
    assert verdict.reasons[0] == f"a person holds it as {override}"
    assert stand(looks).standing is Standing.DEAD


def test_a_standing_of_the_rule_is_no_override():
    with pytest.raises(ValueError, match="not an override: dead"):
        stand(story("0 ok"), override=Standing.DEAD)


@pytest.mark.parametrize(
    ("down", "others", "expected"),
    [(5, 0, True), (5, 1, True), (5, 2, False), (4, 0, False), (80, 20, True), (79, 21, False)],
)
def test_a_host_that_goes_down_in_one_sweep_is_out(down, others, expected):
    assert host_is_out([Outcome.DOWN] * down + [Outcome.OK] * others) is expected


@pytest.mark.parametrize(
    ("kind", "age_days", "step_days"),
    [
        ("alive", 0, 1),
        ("alive", 1, 2),
        ("alive", 3, 4),
        ("alive", 7, 7),
        ("alive", 14, 30),
        ("alive", 400, 30),
        ("restricted", 0, 1),
        ("suspect", 0, 3),
        ("suspect", 400, 3),
        ("dead", 0, 30),
        ("held_dead", 0, 30),
    ],
)
def test_the_ladder_of_next_checks(kind, age_days, step_days):
    last = DAY_0 + timedelta(days=age_days)
    due = next_check_at(Standing(kind), now=last, last=last, published=DAY_0, link_key="org,example)/a")
    step = timedelta(days=step_days)
    assert step <= due - last <= step * 1.1


def test_a_link_never_looked_at_is_due_now():
    assert stand([]).next_check_at == DAY_0


def test_next_checks_of_many_links_are_spread():
    looks = story("0 ok")
    due = {standing(looks, now=DAY_0, link_key=f"org,example)/{n}").next_check_at for n in range(200)}
    assert len(due) == 200
    assert max(due) - min(due) > timedelta(days=2)


def test_a_void_look_of_the_same_moment_hides_no_event():
    looks = [seen(0, "ok"), seen(3, "parked"), seen(3, "parked", is_void=True)]
    told = {tuple(each.kind for each in stand(list(order)).events) for order in permutations(looks)}
    assert told == {(EventKind.SUSPECTED,)}


looks = st.lists(
    st.builds(
        seen, st.floats(0, 60), st.sampled_from([outcome.value for outcome in Outcome]), is_void=st.booleans()
    ),
    max_size=12,
)


NOW = DAY_0 + timedelta(days=61)
FAILING = frozenset({Outcome.GONE, Outcome.DOWN, Outcome.SOFT_404, Outcome.PARKED})
GOOD = frozenset({Outcome.OK, Outcome.MOVED})


@given(observations=looks, shift=st.randoms(use_true_random=False))
def test_neither_the_order_of_storing_nor_a_second_storing_matters(observations, shift):
    mixed = [*observations, *shift.choices(observations, k=len(observations))] if observations else []
    shift.shuffle(mixed)
    assert standing(mixed, now=NOW) == standing(observations, now=NOW)


@given(observations=looks, walls=st.lists(st.floats(0, 60), max_size=6))
def test_walls_never_bring_a_link_nearer_to_death(observations, walls):
    with_walls = [*observations, *(seen(day, "blocked") for day in walls)]
    if standing(with_walls, now=NOW).standing is Standing.DEAD:
        assert standing(observations, now=NOW).standing is Standing.DEAD


@given(observations=looks)
def test_an_ok_clears_the_streak_and_two_revive(observations):
    once = standing([*observations, seen(60.5, "ok")], now=NOW)
    twice = standing([*observations, seen(60.5, "ok"), seen(60.6, "ok")], now=NOW)
    before = standing(observations, now=NOW).standing
    assert once.standing in ({Standing.DEAD, Standing.ALIVE} if before is Standing.DEAD else {Standing.ALIVE})
    assert not once.needs_second_look
    assert twice.standing is Standing.ALIVE


@given(observations=looks, voided=st.lists(st.tuples(st.floats(0, 60), st.sampled_from(["down", "gone"]))))
def test_a_void_round_changes_nothing(observations, voided):
    rounds = [seen(day, outcome, is_void=True) for day, outcome in voided]
    told, without = (standing(each, now=NOW) for each in ([*observations, *rounds], observations))
    assert (told.standing, told.needs_second_look) == (without.standing, without.needs_second_look)


@given(observations=looks)
def test_what_was_only_ever_down_is_not_dead_before_fourteen_days(observations):
    counted = [
        one for one in observations if one.outcome in {*GOOD, *FAILING, Outcome.BLOCKED} and not one.is_void
    ]
    if standing(observations, now=NOW).standing is Standing.DEAD and not any(
        one.outcome in FAILING - {Outcome.DOWN} for one in counted
    ):
        days = [one.observed_at for one in counted if one.outcome is Outcome.DOWN]
        assert len(days) >= 5
        assert max(days) - min(days) >= timedelta(days=14)


@given(observations=looks, override=st.sampled_from([Standing.HELD_ALIVE, Standing.HELD_DEAD]))
def test_what_a_person_holds_stands_whatever_is_seen(observations, override):
    held = standing(observations, now=NOW, override=override)
    assert (held.standing, held.needs_second_look, held.events) == (override, False, ())


@given(observations=looks)
def test_no_link_dies_without_three_failures_over_three_days(observations):
    verdict = standing(observations, now=DAY_0 + timedelta(days=61))
    failed = [
        one
        for one in observations
        if one.outcome in {"gone", "down", "soft_404", "parked"} and not one.is_void
    ]
    if verdict.standing is Standing.DEAD:
        assert len(failed) >= 3
        assert max(f.observed_at for f in failed) - min(f.observed_at for f in failed) >= timedelta(days=3)
    assert verdict.next_check_at >= DAY_0 + timedelta(days=61)
