"""The verdict on one observation: a total function from what came back to one outcome with evidence."""

from functools import lru_cache
from http import HTTPStatus
from types import MappingProxyType

from workers.model import Failure, Observation, Outcome, Verdict
from workers.verdict.address import Address, read_address
from workers.verdict.context import Context
from workers.verdict.one_page import find_one_page
from workers.verdict.outage import find_outage
from workers.verdict.page import Page
from workers.verdict.parked import find_parked
from workers.verdict.soft404 import find_soft404
from workers.verdict.topic import shown_topic
from workers.verdict.walls import (
    find_challenge,
    find_consent_for_any,
    find_held_back,
    find_login,
    find_region,
    paywall_note,
)

BLOCKED_STATUSES = frozenset({401, 402, 403, 405, 406, 407, 429, 451, 999})
GONE_STATUSES = frozenset({404, 410})
PERMANENT_REDIRECTS = frozenset({301, 308})
_REDIRECTS = frozenset({300, 301, 302, 303, 305, 307, 308})
# The statuses at which walls and landers show their own page instead of the resource.
_MOST = 0.6
_PARTLY = "judged by its beginning"

_FAILURES = MappingProxyType(
    {
        Failure.NXDOMAIN: (Outcome.GONE, "the name does not exist"),
        Failure.NO_ADDRESS: (Outcome.DOWN, "the name has no address"),
        Failure.SERVFAIL: (Outcome.DOWN, "the name servers do not answer"),
        Failure.REFUSED: (Outcome.DOWN, "the connection was refused"),
        Failure.RESET: (Outcome.DOWN, "the connection was reset"),
        Failure.UNREACHABLE: (Outcome.DOWN, "the host cannot be reached"),
        Failure.TIMEOUT: (Outcome.DOWN, "no answer in time"),
        Failure.TLS: (Outcome.DOWN, "the certificate or its handshake failed"),
        Failure.PROTOCOL: (Outcome.DOWN, "the answer is not HTTP"),
        Failure.REDIRECT_LOOP: (Outcome.DOWN, "the redirects go round in a circle"),
        Failure.TOO_MANY_REDIRECTS: (Outcome.DOWN, "too many redirects"),
        Failure.BAD_REDIRECT: (Outcome.DOWN, "a redirect that cannot be followed"),
        Failure.POLICY: (Outcome.REFUSED, "our own policy forbids fetching it"),
        Failure.INVALID_URL: (Outcome.MALFORMED, "not an address that can be fetched"),
        Failure.CANCELLED: (Outcome.BLOCKED, "it was not asked in this run"),
    }
)


def decide(observation: Observation, *, page: Page | None, context: Context) -> Verdict:
    """Return what `observation` says of its link, with the named rule and readable evidence.

    `page` is `read_page` of the body, None where there is none. Never raises, whatever came back.
    """
    status = observation.status
    if status is None:
        return _failed(observation)
    if status in context.accepted_statuses:
        return Verdict(outcome=Outcome.OK, rule="policy/accepted", evidence=(_told(observation),))
    challenge = find_challenge(observation, page, context)
    if challenge:
        return challenge
    if context.is_unchanged:
        return Verdict(outcome=Outcome.OK, rule="status/304", evidence=("unchanged since the last check",))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _answered(observation, page, context)
    return _by_status(observation, status)


def decide_plain(observation: Observation) -> Verdict:
    """Return the verdict on a page that `glance` found to be plainly the piece that was asked for."""
    return _plain(observation.status, (_told(observation), *_received(observation)))


@lru_cache(maxsize=256)
def _plain(status: int | None, evidence: tuple[str, ...]) -> Verdict:
    """Return the verdict that most links get: one value for all of them."""
    return Verdict(outcome=Outcome.OK, rule=f"status/{status}", evidence=evidence)


def _received(observation: Observation) -> tuple[str, ...]:
    """Tell where only the beginning came, and what was odd about how it came."""
    reason = observation.failure_reason
    if observation.failure is None and observation.body_complete:
        return (reason,) if reason else ()
    return (f"{_PARTLY}: {reason}" if reason else _PARTLY,)


def _failed(observation: Observation) -> Verdict:
    failure = observation.failure
    if failure is None:
        return Verdict(outcome=Outcome.DOWN, rule="failure/unknown", evidence=("nothing came back",))
    outcome, words = _FAILURES[failure]
    evidence = f"{words}: {observation.failure_reason}" if observation.failure_reason else words
    return Verdict(outcome=outcome, rule=f"failure/{failure}", evidence=(evidence, *_way(observation)))


def _by_status(observation: Observation, status: int) -> Verdict:
    if observation.failure is not None:  # a redirect that was not followed
        return _failed(observation)
    if status in BLOCKED_STATUSES:
        outcome = Outcome.BLOCKED
    elif status in GONE_STATUSES:
        outcome = Outcome.GONE
    else:
        outcome = Outcome.DOWN
    return Verdict(
        outcome=outcome, rule=f"status/{status}", evidence=(_told(observation), *_way(observation))
    )


def _answered(observation: Observation, page: Page | None, context: Context) -> Verdict:
    """Judge an answer with a good status by what it shows."""
    found = _not_the_resource(observation, page, context)
    if found:
        return found
    evidence = [_told(observation), *_way(observation)]
    note = paywall_note(page) if page is not None else None
    if note:
        evidence.append(note)
    if page is not None and page.is_shell:
        evidence.append("shell: the page shows nothing before its scripts run")
    kind = read_address(observation.url).file_type
    if kind and page is not None and page.is_html:
        evidence.append(f"a .{kind} was asked for, a page came")
    evidence.extend(_received(observation))
    moved = _moved_to(observation, page, context)
    if moved:
        return Verdict(
            outcome=Outcome.MOVED, rule="redirect/permanent", evidence=(f"moved to {moved}", *evidence)
        )
    return Verdict(outcome=Outcome.OK, rule=f"status/{observation.status}", evidence=tuple(evidence))


def _not_the_resource(observation: Observation, page: Page | None, context: Context) -> Verdict | None:
    if page is None:
        return _blank(observation)
    return (
        find_parked(observation, page, context)
        or find_login(observation, page)
        or find_region(observation, page, context)
        or find_outage(observation, page, context)
        or find_consent_for_any(observation, page, context)
        or find_one_page(observation, page, context)
        or find_soft404(observation, page, context)
        or find_held_back(observation, page, context)
    )


def _blank(observation: Observation) -> Verdict | None:
    """Return `soft_404` for a whole answer of 200 with nothing in it; a part or a HEAD proves nothing."""
    said_bytes = observation.headers.get("content-length", "0").strip()
    is_whole = observation.body_complete and observation.failure is None
    if observation.status == HTTPStatus.OK and is_whole and not observation.body and said_bytes == "0":
        return Verdict(outcome=Outcome.SOFT_404, rule="soft404/blank", evidence=("the answer is empty",))
    return None


def _moved_to(observation: Observation, page: Page | None, context: Context) -> str | None:
    """Return the new address where all redirects were permanent and led to the piece or one of its kind."""
    redirects = [hop for hop in observation.hops if hop.status in _REDIRECTS]
    if not redirects or not all(hop.status in PERMANENT_REDIRECTS for hop in redirects):
        return None
    asked, landed = read_address(observation.url), read_address(observation.final_url)
    is_of_its_kind = asked.depth == landed.depth or asked.shape is landed.shape
    if is_of_its_kind or _carries_on(asked, landed) or (page and shown_topic(page, asked, context)):
        return observation.final_url
    return None


def _carries_on(asked: Address, landed: Address) -> bool:
    """Whether the last part of the new address names what that of the old one named."""
    if not asked.segments or not landed.segments:
        return False
    if asked.segments[-1] == landed.segments[-1] or asked.ids & landed.ids:
        return True
    shared = asked.words & landed.words
    return bool(shared) and len(shared) >= _MOST * len(asked.words)


def _told(observation: Observation) -> str:
    reason = observation.hops[-1].reason if observation.hops else ""
    return f"{observation.status} {reason}".rstrip()


def _way(observation: Observation) -> tuple[str, ...]:
    steps = [hop for hop in observation.hops if hop.status in _REDIRECTS]
    if not steps or observation.final_url == observation.url:
        return ()
    return (f"by {', '.join(str(hop.status) for hop in steps)} to {observation.final_url}",)
