"""Error pages that answer 200: strong signs alone, weak signs in pairs, and the signs against."""

from workers.model import Observation, Outcome, Verdict
from workers.verdict.address import read_address
from workers.verdict.context import Context
from workers.verdict.page import Page
from workers.verdict.phrases import find_missing


def find_soft404(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `soft_404` where the evidence suffices, else None."""
    heading = find_missing(page.main_heading)
    if heading and find_missing(page.title):
        return _soft("soft404/heading", f"the heading says: {heading.sentence}")
    asked, landed = read_address(observation.url), read_address(observation.final_url)
    if asked.depth > 1 and not landed.segments and not landed.query:
        return _soft("soft404/redirect", "a deep link was sent to the front page")
    return None


def _soft(rule: str, *evidence: str) -> Verdict:
    return Verdict(outcome=Outcome.SOFT_404, rule=rule, evidence=evidence)
