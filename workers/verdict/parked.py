"""Domains for sale, suspended accounts, default server pages and hijacked names."""

from workers.model import Observation, Outcome, Verdict
from workers.verdict.context import Context
from workers.verdict.page import Page


def find_parked(observation: Observation, page: Page, context: Context) -> Verdict | None:
    """Return `parked` where the page shows nobody's content, else None."""
    if page.has_ad_block_key:
        return Verdict(outcome=Outcome.PARKED, rule="parked/lander", evidence=("a parking lander's key",))
    return None
