"""Which citations get another address: people first, then what is certain or proved, never a guess."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workers.mend.accept import Case, Person, accepted_change, accepted_changes
from workers.mend.change import Ground
from workers.model import (
    Candidate,
    Decision,
    FoundLink,
    FoundOn,
    Kind,
    Memento,
    Quality,
    Recovery,
    RecoveryReason,
    Repair,
)

WRITTEN, OTHER = "https://a.example/written", "https://a.example/other"
CAPTURE = "https://archive.example/web/20240102000000/https://a.example/written"
FOUND = FoundLink(raw=WRITTEN, target=WRITTEN, kind=Kind.LINK, resolved=WRITTEN, start=0, end=25)
LOST = FoundLink(raw="#", target="#", kind=Kind.LINK, start=0, end=1)
CASE = Case(position=3, found=FOUND, original=WRITTEN)
MEMENTO = Memento(
    original=WRITTEN,
    archive="wayback",
    memento_datetime=datetime(2024, 1, 2, tzinfo=UTC),
    uri_m=CAPTURE,
    quality=Quality.STABLE,
    reasons=("the page as cited",),
)
DEAD = replace(CASE, is_dead=True, capture=MEMENTO, evidence=("answers 404",))


def repair(decision: Decision, url: str = OTHER) -> Repair:
    best = Candidate(url=url, rule="hyphen", score=0.9, evidence=("the headline has it",))
    return Repair(
        decision=decision, best=best, candidates=(best, Candidate(url=WRITTEN, rule="w", score=0.1))
    )


def recovery(decision: Decision) -> Recovery:
    best = Candidate(url=OTHER, rule="anchor", score=0.9, evidence=("the anchor is the same",))
    page = FoundOn(kind="live", url="https://a.example/page")
    return Recovery(
        decision=decision, best=OTHER, candidates=(best,), found_on=page, reason=RecoveryReason.MATCHED
    )


def told(case: Case) -> tuple[Ground, str, str] | None:
    change = accepted_change(case)
    return None if change is None else (change.ground, change.address, change.rule)


def test_a_sound_link_stands():
    assert told(CASE) is None


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision.AUTO, (Ground.REPAIR, OTHER, "hyphen")),
        (Decision.NEEDS_LIVE, None),
        (Decision.SUGGEST, None),
        (Decision.ABSTAIN, None),
        (Decision.KEEP, None),
    ],
)
def test_only_a_certain_repair_is_made_without_a_witness(decision, expected):
    assert told(replace(CASE, repair=repair(decision))) == expected


def test_a_certain_repair_that_was_asked_for_and_is_dead_is_not_made():
    assert told(replace(CASE, repair=repair(Decision.AUTO), seen_dead=frozenset({OTHER}))) is None


def test_a_confirmed_repair_is_made_with_its_evidence():
    case = replace(CASE, original=OTHER, repair=repair(Decision.AUTO), is_confirmed=True)
    change = accepted_change(case)
    assert change is not None
    assert (change.position, change.ground, change.address) == (3, Ground.REPAIR, OTHER)
    assert (change.rule, change.evidence) == ("hyphen", ("the headline has it",))


def test_a_stripped_target_is_written_only_when_it_is_certain():
    case = replace(CASE, found=LOST, original=None)
    for decision in (Decision.SUGGEST, Decision.ABSTAIN):
        assert told(replace(case, recovery=recovery(decision))) is None
    change = accepted_change(replace(case, recovery=recovery(Decision.AUTO)))
    assert change is not None
    assert (change.ground, change.address) == (Ground.RECOVERY, OTHER)
    assert change.evidence == ("the anchor is the same", "found on https://a.example/page")


def test_a_dead_link_gets_its_capture_with_date_and_reasons():
    change = accepted_change(DEAD)
    assert change is not None
    assert (change.ground, change.address, change.rule) == (Ground.CAPTURE, CAPTURE, "pick/1")
    assert change.evidence == (
        "stable capture of 2024-01-02 in wayback",
        "the page as cited",
        "answers 404",
    )


def test_no_capture_takes_the_place_of_what_is_not_dead():
    assert told(replace(DEAD, is_dead=False)) is None
    assert told(replace(DEAD, capture=None)) is None


@pytest.mark.parametrize(
    "kind", [Kind.IMAGE, Kind.CANONICAL, Kind.METADATA, Kind.RESOURCE, Kind.FORM, Kind.ORIGINAL_URL]
)
def test_a_capture_takes_the_place_only_of_what_a_reader_follows(kind: Kind):
    assert told(replace(DEAD, found=replace(FOUND, kind=kind))) is None


def test_a_dead_link_that_a_certain_repair_mends_needs_no_capture():
    assert told(replace(DEAD, repair=repair(Decision.AUTO))) == (Ground.REPAIR, OTHER, "hyphen")


def test_a_recovered_link_that_is_dead_gets_the_capture_of_the_target():
    case = replace(DEAD, found=LOST, original=OTHER, recovery=recovery(Decision.AUTO))
    assert told(case) == (Ground.CAPTURE, CAPTURE, "pick/1")


def test_people_win_over_everything():
    case = replace(DEAD, repair=repair(Decision.AUTO), moved_to=OTHER)
    assert told(replace(case, person=Person(address=None))) is None
    decided = accepted_change(replace(case, person=Person(address="https://c.example/", note="Ada: so")))
    assert decided is not None
    assert (decided.ground, decided.address) == (Ground.PERSON, "https://c.example/")
    assert decided.evidence == ("Ada: so",)


def test_a_decision_for_what_is_written_changes_nothing():
    assert told(replace(DEAD, person=Person(address=WRITTEN))) is None


def test_a_page_that_moved_is_followed_where_that_is_given():
    assert told(replace(CASE, moved_to=OTHER)) == (Ground.MOVED, OTHER, "moved")


def test_changes_come_in_the_order_of_the_cases():
    cases = [replace(CASE, position=2, moved_to=OTHER), CASE, replace(CASE, position=1, moved_to=OTHER)]
    assert [change.position for change in accepted_changes(cases)] == [2, 1]
