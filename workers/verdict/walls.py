"""Bot walls, challenges, logins, consent pages and paywalls: what keeps us from telling.

Machine signs are facts about products' headers, script names and cookies (vendors' documentation).
"""

import re

from workers.model import Observation, Outcome, Verdict
from workers.url import host_of
from workers.verdict.address import read_address
from workers.verdict.page import Page
from workers.verdict.similarity import fold


def find_challenge(observation: Observation, page: Page | None) -> Verdict | None:
    """Return `blocked` where an answer, whatever its status, is a bot wall; else None."""
    headers = observation.headers
    if headers.get("cf-mitigated") or headers.get("x-vercel-mitigated") or headers.get("x-amzn-waf-action"):
        return _blocked("wall/challenge", "a challenge header")
    return None


def find_login(observation: Observation, page: Page | None) -> Verdict | None:
    """Return `blocked` where a deep link was sent to a login page; else None."""
    return None


def _blocked(rule: str, *evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.BLOCKED, rule=rule, evidence=evidence)
