"""Whose turn it is: limits, gaps, rests and the longest expected rest first."""

from hypothesis import given
from hypothesis import strategies as st

from workers.fetch.hosts import HostState, Manners, Schedule


def schedule(per_host: int = 2, gap_s: float = 0.0, is_open=lambda _: True) -> Schedule[str]:
    """Return an empty schedule of jobs that are words."""
    return Schedule(lambda _: Manners(per_host=per_host, gap_s=gap_s), is_open, longest_rest_s=60.0)


def test_the_host_with_the_most_left_goes_first():
    plan = schedule()
    plan.put("short", "s1")
    for number in range(3):
        plan.put("long", f"l{number}")
    assert [plan.take(0.0)[1] for _ in range(3)] == ["l0", "l1", "s1"]


def test_a_slow_host_counts_for_more_than_a_full_one():
    plan = schedule(per_host=1)
    plan.restore([HostState(key="slow", rest_s=0, mean_s=5.0)], 0.0)
    plan.put("slow", "s")
    for number in range(9):
        plan.put("quick", f"q{number}")
    assert plan.take(0.0)[1] == "s"


def test_hosts_with_about_as_much_left_are_served_in_turn():
    plan = schedule(per_host=100)
    for host in "abc":
        for number in range(20):
            plan.put(host, f"{host}{number}")
    assert [plan.take(0.0)[1] for _ in range(6)] == ["a0", "b0", "c0", "a1", "b1", "c1"]


def test_a_host_that_just_answered_is_served_before_its_equals():
    plan = schedule(per_host=100)
    for host in "abc":
        for number in range(20):
            plan.put(host, f"{host}{number}")
    taken = [plan.take(0.0) for _ in range(6)]
    plan.done(taken[2][0], 0.2)
    assert plan.take(0.0)[1] == "c2"


def test_a_host_that_just_answered_is_not_served_before_one_with_more_left():
    plan = schedule(per_host=2)
    for number in range(3):
        plan.put("short", f"s{number}")
    for number in range(9):
        plan.put("long", f"l{number}")
    first = plan.take(0.0)
    plan.take(0.0)
    short = plan.take(0.0)
    plan.done(first[0], 0.2)
    plan.done(short[0], 0.2)
    assert (first[1], short[1], plan.take(0.0)[1]) == ("l0", "s0", "l2")


def test_a_host_has_no_more_than_its_limit_under_way():
    plan = schedule(per_host=2)
    for number in range(5):
        plan.put("a", str(number))
    first, second, third = plan.take(0.0), plan.take(0.0), plan.take(0.0)
    assert (first[1], second[1], third) == ("0", "1", None)
    plan.done(first[0], 0.1)
    assert plan.take(0.0)[1] == "2"


def test_starts_keep_their_gap_and_the_schedule_says_when_to_wake():
    plan = schedule(gap_s=0.25)
    plan.put("a", "1")
    plan.put("a", "2")
    assert plan.take(10.0)[1] == "1"
    assert plan.take(10.2) is None
    assert plan.wake_at() == 10.25
    assert plan.take(10.25)[1] == "2"


def test_a_turn_that_asked_nothing_leaves_no_gap():
    plan = schedule(gap_s=0.25)
    plan.put("a", "refused")
    plan.put("a", "asked")
    plan.put("a", "next")
    plan.done(plan.take(10.0)[0], None)
    assert plan.take(10.0)[1] == "asked"
    assert plan.take(10.2) is None


def test_a_gap_beyond_the_longest_rest_is_kept():
    plan = schedule(gap_s=90.0)
    plan.put("a", "1")
    plan.put("a", "2")
    assert plan.take(10.0)[1] == "1"
    assert plan.take(99.9) is None
    assert plan.take(100.0)[1] == "2"


def test_a_rest_is_never_shortened():
    plan = schedule()
    host = plan.host("a")
    host.hold(9.0)
    host.hold(4.0)
    plan.put("a", "1")
    assert plan.take(8.9) is None
    assert plan.take(9.0)[1] == "1"


def test_a_rest_beyond_the_longest_hands_out_its_jobs_at_once():
    plan = schedule()
    plan.host("a").hold(1000.0)
    plan.put("a", "1")
    assert plan.take(0.0)[1] == "1"


def test_a_later_job_comes_before_what_waits():
    plan = schedule(per_host=1)
    plan.put("a", "waiting")
    plan.put_later("a", "again", when=5.0)
    taken = plan.take(1.0)
    plan.done(taken[0], 0.1)
    plan.put("a", "new")
    assert plan.wake_at() == 5.0
    assert [taken[1], plan.take(5.0)[1]] == ["waiting", "again"]


def test_a_shut_job_waits_until_it_is_opened():
    shut = {"1"}
    plan = schedule(is_open=lambda job: job not in shut)
    plan.put("a", "1")
    assert plan.take(0.0) is None
    shut.clear()
    assert plan.take(0.0) is None
    plan.reopen()
    assert plan.take(0.0)[1] == "1"


def test_a_host_never_reached_is_dead_after_three_tries():
    plan = schedule()
    host = plan.host("a")
    for _ in range(3):
        assert not host.is_dead
        host.note_unreached("timeout", "no answer")
    assert host.is_dead
    host.note_reached()
    assert not host.is_dead


def test_states_tell_only_of_hosts_that_asked_for_rest():
    plan = schedule()
    plan.host("quiet")
    plan.host("busy").hold(30.0)
    assert list(plan.states(10.0)) == [HostState(key="busy", rest_s=20.0, mean_s=0.2, backoffs=0)]


@given(
    jobs=st.lists(st.sampled_from("abcdef"), max_size=60),
    per_host=st.integers(1, 3),
    gap_s=st.sampled_from((0.0, 0.25)),
    takes=st.lists(st.floats(0.01, 3.0), min_size=1, max_size=10),
)
def test_every_job_comes_once_and_limits_and_gaps_hold(jobs, per_host, gap_s, takes):
    plan = schedule(per_host=per_host, gap_s=gap_s)
    for number, key in enumerate(jobs):
        plan.put(key, f"{key}{number}")
    now, came, running, started = 0.0, [], [], {}
    while len(came) < len(jobs) or running:
        while taken := plan.take(now):
            host, job = taken
            assert sum(1 for _, each, _ in running if each is host) < per_host
            assert now >= started.get(host.key, -9.0) + gap_s
            started[host.key] = now
            came.append(job)
            running.append((now + takes[len(came) % len(takes)], host, now))
        ends = [end for end, _, _ in running]
        wake = plan.wake_at()
        now = min([*ends, *([wake] if wake is not None and wake > now else [])])
        for entry in [each for each in running if each[0] <= now]:
            running.remove(entry)
            plan.done(entry[1], entry[0] - entry[2])
    assert sorted(came) == sorted(f"{key}{number}" for number, key in enumerate(jobs))
