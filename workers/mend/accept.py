"""Which citations of an article get another address, by what is known of each.

People's decisions come first. Then: a repair that is certain, or that a live page or an archive
confirmed; a stripped target that was found again with certainty; for a dead link its verified capture.
Nothing is taken for dead that could only not be told.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from workers.mend.change import Change, Ground
from workers.model import Decision, FoundLink, Kind, Memento, Recovery, Repair
from workers.written import is_damaged

# What a reader follows. A capture has no place in a canonical link, a form or a style sheet.
FOLLOWED = frozenset({Kind.LINK, Kind.BARE, Kind.AUTOLINK, Kind.REFERENCE, Kind.FOOTNOTE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What somebody decided of one citation: its address, or None where the written form stands."""

    address: str | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of one citation; `position` counts those of the document from 0.

    `original` is the address that stands for it, None where there is none; `is_confirmed` says that a
    live page or an archive confirmed the repair that led there. `is_dead` is the verdict on `original`,
    `seen_dead` holds other forms that were asked for and are. `capture` is the verified capture of
    `original`, `moved_to` the address it answers under now.
    """

    position: int
    found: FoundLink
    original: str | None = None
    repair: Repair | None = None
    is_confirmed: bool = False
    recovery: Recovery | None = None
    person: Person | None = None
    is_dead: bool = False
    seen_dead: frozenset[str] = frozenset()
    capture: Memento | None = None
    moved_to: str | None = None
    evidence: tuple[str, ...] = ()


def accepted_changes(cases: Iterable[Case]) -> list[Change]:
    """Return the changes that are to be made, in the order of the cases."""
    return [change for case in cases if (change := accepted_change(case)) is not None]


def accepted_change(case: Case) -> Change | None:
    """Return the change of one citation, None where what is written stands."""
    if case.person is not None:
        change = _decided(case, case.person)
    else:
        change = _unconfirmed(case) or _captured(case) or _mended(case) or _moved(case)
    return None if change is None or _stands(case.found, change.address) else change


def _stands(found: FoundLink, address: str) -> bool:
    """Whether a citation says an address already: as it is written, or as a reader of sound text resolves it.

    Software reads many a damaged form (`http:/host`, a line break inside) as the right address; people
    and other software do not, so it is mended all the same.
    """
    return address == found.target or (address == found.resolved and not is_damaged(found))


def _decided(case: Case, person: Person) -> Change | None:
    if person.address is None:
        return None
    told = (person.note,) if person.note else ()
    return _change(case, person.address, Ground.PERSON, "decision", told)


def _unconfirmed(case: Case) -> Change | None:
    """Return the repair that is certain by itself, unless its address was asked for and is dead."""
    repair = case.repair
    if case.is_confirmed or repair is None or repair.decision is not Decision.AUTO:
        return None
    if repair.best.url in case.seen_dead:
        return None
    return _change(case, repair.best.url, Ground.REPAIR, repair.best.rule, repair.best.evidence)


def _captured(case: Case) -> Change | None:
    memento = case.capture
    if not case.is_dead or memento is None or case.found.kind not in FOLLOWED:
        return None
    told = f"{memento.quality} capture of {memento.memento_datetime:%Y-%m-%d} in {memento.archive}"
    return _change(case, memento.uri_m, Ground.CAPTURE, "pick/1", (told, *memento.reasons, *case.evidence))


def _mended(case: Case) -> Change | None:
    """Return the confirmed repair, or the stripped target that was found again."""
    recovery, repair = case.recovery, case.repair
    if recovery is not None and recovery.decision is Decision.AUTO and recovery.best is not None:
        best = next((each for each in recovery.candidates if each.url == recovery.best), None)
        page = (f"found on {recovery.found_on.url}",) if recovery.found_on else ()
        rule = best.rule if best else "recovery"
        return _change(case, recovery.best, Ground.RECOVERY, rule, (*(best.evidence if best else ()), *page))
    if case.is_confirmed and case.original is not None:
        taken = (
            next((each for each in repair.candidates if each.url == case.original), None) if repair else None
        )
        rule, told = (taken.rule, taken.evidence) if taken else ("repair", case.evidence)
        return _change(case, case.original, Ground.REPAIR, rule, told)
    return None


def _moved(case: Case) -> Change | None:
    if case.moved_to is None:
        return None
    return _change(case, case.moved_to, Ground.MOVED, "moved", case.evidence)


def _change(case: Case, address: str, ground: Ground, rule: str, evidence: tuple[str, ...]) -> Change:
    return Change(position=case.position, address=address, ground=ground, rule=rule, evidence=evidence)
