"""The standing of a link by all its observations: the rule `standing/1`, a pure function of stored facts.

Sources: InternetArchiveBot (three failures, three days apart), the Wayback link fixer for WordPress,
datagouv/hydra (ladder of checks); Klein 2014, Pew 2024, Zittrain 2021 on how links die and come back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from workers.model import ALIVE, Failure, Outcome, Standing
from workers.verdict.ladder import next_check_at
from workers.verdict.similarity import sketch_similarity

RULE = "standing/1"
SPACING = timedelta(days=3)
SECOND_LOOK_AFTER = timedelta(hours=1)
DRIFT_BELOW = 0.75  # of the bits of two sketches; unrelated texts share half
# Nothing is fetched for these, or nothing is told: they neither grow nor end a streak.
_SILENT = frozenset({Outcome.REFUSED, Outcome.PLACEHOLDER, Outcome.MALFORMED, Outcome.UNSUPPORTED})
_FINAL_RULES = frozenset({"status/410", f"failure/{Failure.NXDOMAIN}"})
_CANCELLED = f"failure/{Failure.CANCELLED}"
_OVERRIDES = frozenset({Standing.HELD_ALIVE, Standing.HELD_DEAD})
_REVIVAL_OKS = 2
_OUTAGE_LINKS, _OUTAGE_SHARE = 5, 0.8


class EventKind(StrEnum):
    """A change worth telling: of a link's standing, or by a person's decision."""

    SUSPECTED = "suspected"
    DIED = "died"
    RECOVERED = "recovered"
    REVIVED = "revived"
    RESTRICTED = "restricted"
    MOVED = "moved"
    DRIFTED = "drifted"
    DECIDED = "decided"  # somebody accepted, rejected or set a citation's address
    HELD = "held"  # somebody overrode the standing
    RELEASED = "released"  # an override was lifted


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One change: what happened, when it was seen, and the words for a person."""

    kind: EventKind
    at: datetime
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One stored observation as the rule reads it.

    `rule` names the verdict's rule (`status/410` …). `is_void` says that the host was out as a whole in
    that sweep, so the round does not count. `vantage` names where it was seen from, '' for here;
    `digest` and `sketch` are those of the main text, None where none was read.
    """

    observed_at: datetime
    outcome: Outcome
    rule: str = ""
    final_url: str | None = None
    digest: str | None = None
    sketch: str | None = None
    is_void: bool = False
    vantage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingVerdict:
    """What a link stands at, by which rule and why, when to look again, and what changed last.

    `needs_second_look` says that only a confirmation is missing, an hour or more after the last check or
    from another vantage. `events` are those of the last observation, to be told once.
    """

    standing: Standing
    rule: str
    reasons: tuple[str, ...]
    next_check_at: datetime
    needs_second_look: bool = False
    events: tuple[Event, ...] = ()


@dataclass(slots=True, kw_only=True)
class _State:
    """What the observations read so far amount to."""

    standing: Standing = Standing.UNCHECKED
    streak: list[Seen] = field(default_factory=list)
    oks: int = 0
    last_good: Seen | None = None
    pending: bool = False
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """How many spaced failures a death takes, and over how long; a second look comes on top."""

    count: int
    span: timedelta


# Two spaced failures and the second look are the three observations over three days of a final answer.
_FINAL_NEED = _Need(count=2, span=timedelta(days=3))
_GONE_NEED = _Need(count=3, span=timedelta(days=6))
_DOWN_NEED = _Need(count=5, span=timedelta(days=14))


def standing(
    observations: Sequence[Seen],
    *,
    now: datetime,
    override: Standing | None = None,
    link_key: str = "",
    published: datetime | None = None,
) -> StandingVerdict:
    """Return the standing that `observations` give at `now`, by `standing/1`.

    Their order does not matter, nor that one is given twice, as after a job that was run again.
    `override` is a person's `held_alive` or `held_dead`, None without one; `link_key` spreads the next
    checks; `published` is the date of the youngest citing article, None where unknown.

    Raises:
        ValueError: `override` is a standing that only the rule may give.
    """
    if override is not None and override not in _OVERRIDES:
        raise ValueError(f"not an override: {override}")
    state = _State()
    ordered = sorted(set(observations), key=_place)
    for seen in ordered:
        _take(state, seen)
    kind = override or state.standing
    last = ordered[-1].observed_at if ordered else None
    pending = state.pending and override is None
    return StandingVerdict(
        standing=kind,
        rule=RULE,
        reasons=_reasons(state, override),
        next_check_at=next_check_at(
            kind, now=now, last=last, published=published, link_key=link_key, second_look=pending
        ),
        needs_second_look=pending,
        events=() if override else state.events,
    )


def host_is_out(outcomes: Sequence[Outcome]) -> bool:
    """Whether a host went down in one sweep: five or more of its links, 80 % or more."""
    return is_outage(down=sum(outcome is Outcome.DOWN for outcome in outcomes), links=len(outcomes))


def is_outage(*, down: int, links: int) -> bool:
    """Whether so many links of a host that are down, of all that were asked, make an outage."""
    return down >= _OUTAGE_LINKS and down >= _OUTAGE_SHARE * links


def _place(seen: Seen) -> tuple[datetime, bool, tuple[str, ...]]:
    """Return what observations are ordered by: time, and for those of one moment what they say.

    Void ones come first, so that they hide no event.
    """
    told = (seen.outcome, seen.rule, seen.vantage, seen.final_url, seen.digest, seen.sketch)
    return seen.observed_at, not seen.is_void, tuple(each or "" for each in told)


def _take(state: _State, seen: Seen) -> None:
    """Move the state on by one observation."""
    state.events = ()
    if seen.is_void or seen.outcome in _SILENT or seen.rule == _CANCELLED:
        return
    before = state.standing
    if seen.outcome in ALIVE:
        _take_good(state, seen)
    elif seen.outcome is Outcome.BLOCKED:
        _take_blocked(state)
    else:
        _take_failure(state, seen)
    state.events += tuple(_change(before, state.standing, seen))


def _take_good(state: _State, seen: Seen) -> None:
    state.oks += 1
    if state.standing is not Standing.DEAD or state.oks >= _REVIVAL_OKS:
        state.standing = Standing.ALIVE
        state.events = tuple(_differences(state.last_good, seen))
    state.streak = []
    state.pending = False
    state.last_good = seen


def _take_blocked(state: _State) -> None:
    # Only consecutive failures make a death, so a wall between them begins the count anew.
    if state.standing is not Standing.DEAD:
        state.standing = Standing.RESTRICTED
        state.streak = []
        state.pending = False


def _take_failure(state: _State, seen: Seen) -> None:
    state.oks = 0
    state.streak.append(seen)
    if state.standing is Standing.DEAD:
        return
    state.standing = Standing.SUSPECT
    ripe = _ripe(state.streak)
    if ripe is not None and _is_confirmed(state.streak, ripe):
        state.standing = Standing.DEAD
        ripe = None
    state.pending = ripe is not None


def _ripe(streak: Sequence[Seen]) -> Seen | None:
    """Return the failure with which the streak is long enough, None where it is not yet."""
    told = [seen for seen in streak if seen.outcome is not Outcome.DOWN]
    final = told if told and all(seen.rule in _FINAL_RULES for seen in told) else []
    reached = (_reached(final, _FINAL_NEED), _reached(told, _GONE_NEED), _reached(streak, _DOWN_NEED))
    return min((seen for seen in reached if seen), key=lambda seen: seen.observed_at, default=None)


def _reached(failures: Sequence[Seen], need: _Need) -> Seen | None:
    counted = _spaced(failures)
    return next(
        (
            seen
            for index, seen in enumerate(counted)
            if index + 1 >= need.count and seen.observed_at - counted[0].observed_at >= need.span
        ),
        None,
    )


def _spaced(failures: Sequence[Seen]) -> list[Seen]:
    """Return the failures that count: each at least three days after the one counted before."""
    counted: list[Seen] = []
    for seen in failures:
        if not counted or seen.observed_at - counted[-1].observed_at >= SPACING:
            counted.append(seen)
    return counted


def _is_confirmed(streak: Sequence[Seen], ripe: Seen) -> bool:
    """Whether a later failure confirms the one the streak ripened with: an hour later, or from elsewhere."""
    later = (seen for seen in streak if seen is not ripe and seen.observed_at >= ripe.observed_at)
    return any(
        seen.observed_at - ripe.observed_at >= SECOND_LOOK_AFTER or seen.vantage != ripe.vantage
        for seen in later
    )


def _change(before: Standing, after: Standing, seen: Seen) -> Iterator[Event]:
    if before is after:
        return
    kind = {
        Standing.SUSPECT: EventKind.SUSPECTED,
        Standing.DEAD: EventKind.DIED,
        Standing.RESTRICTED: EventKind.RESTRICTED,
    }.get(after)
    if after is Standing.ALIVE and before is Standing.DEAD:
        kind = EventKind.REVIVED
    elif after is Standing.ALIVE and before in {Standing.SUSPECT, Standing.RESTRICTED}:
        kind = EventKind.RECOVERED
    if kind is not None:
        yield Event(
            kind=kind, at=seen.observed_at, detail=f"{before} to {after}: {seen.outcome} ({seen.rule})"
        )


def _differences(earlier: Seen | None, seen: Seen) -> Iterator[Event]:
    """Tell a new address or another text, against the last good observation."""
    if seen.outcome is Outcome.MOVED and (earlier is None or earlier.final_url != seen.final_url):
        yield Event(kind=EventKind.MOVED, at=seen.observed_at, detail=f"moved to {seen.final_url}")
    if earlier is None or earlier.digest == seen.digest:
        return
    alike = sketch_similarity(earlier.sketch or "", seen.sketch or "")
    if alike is not None and alike < DRIFT_BELOW:
        yield Event(kind=EventKind.DRIFTED, at=seen.observed_at, detail=f"its text is {alike:.0%} alike")


def _reasons(state: _State, override: Standing | None) -> tuple[str, ...]:
    held = (f"a person holds it as {override}",) if override else ()
    if state.streak:
        counted = _spaced(state.streak)
        days = (counted[-1].observed_at - counted[0].observed_at).days
        told = (
            f"{len(counted)} failures in a row that count, over {days} days",
            *(f"{seen.observed_at:%Y-%m-%d}: {seen.outcome} ({seen.rule})" for seen in counted),
        )
        return (*held, *told, *(("a second look is needed",) if state.pending else ()))
    if state.standing is Standing.DEAD:
        return (*held, "ok once since it died; twice makes it alive")
    if state.standing is Standing.RESTRICTED:
        return (*held, "blocked from here, which says nothing of the page")
    return (*held, f"last seen {state.last_good.outcome}" if state.last_good else "never observed")
