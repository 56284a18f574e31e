"""The rebuilt pages of many kinds of sites and languages are judged as a reader would."""

import pytest
from page_cases import CASES, SETS
from page_judge import judge, judge_all

DEAD = {"soft_404", "parked"}


def test_the_set_is_large_and_speaks_many_languages():
    assert len(CASES) >= 120
    assert len({case.language for case in CASES}) >= 20
    assert {"ar", "he", "fa"} <= {case.language for case in CASES}


@pytest.mark.parametrize("name", SETS)
def test_precision_and_recall_for_soft_404_and_parked_reach_the_mark(name):
    judged = [(case.expected in DEAD, verdict.outcome in DEAD) for case, verdict in judge_all(SETS[name])]
    true = judged.count((True, True))
    assert true / (true + judged.count((False, True))) >= 0.98
    assert true / (true + judged.count((True, False))) >= 0.92


def test_no_live_page_of_the_set_is_called_dead():
    alive = [case for case in CASES if case.expected in {"ok", "moved"}]
    assert [case.url for case in alive if judge(case).outcome not in {"ok", "moved"}] == []


def test_every_wall_of_the_set_is_blocked():
    walls = [case for case in CASES if case.expected == "blocked"]
    assert [case.url for case in walls if judge(case).outcome != "blocked"] == []


def test_most_live_pages_need_no_sibling_question():
    alive = [case for case in CASES if case.expected == "ok" and case.final is None and case.probe is None]
    assert sum(judge(case).outcome == "ok" for case in alive) == len(alive)


def test_every_page_written_beside_the_later_rules_has_its_very_outcome():
    wrong = [
        (case.url, verdict.rule)
        for case, verdict in judge_all(SETS["sixth"])
        if case.expected != verdict.outcome
    ]
    assert wrong == []
