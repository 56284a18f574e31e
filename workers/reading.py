"""From a document to the citations that are kept of it: what to check, and what can be told at once.

Pure: no address is asked for here.
"""

from workers.ledger import CitationPlan, Reading
from workers.model import Decision, Document, FoundLink
from workers.written import address_to_ask, is_damaged, proposal_for, verdict_as_written


def plan_reading(document: Document) -> Reading:
    """Return the document with a plan for each of its citations, in the order of the source."""
    return Reading(
        document=document,
        citations=tuple(plan_citation(found, document) for found in document.links),
    )


def plan_citation(found: FoundLink, document: Document) -> CitationPlan:
    """Return what is to be done with one citation of `document`.

    Repairs are proposed where the written form shows damage; one that is certain takes its place.
    """
    verdict = verdict_as_written(found)
    if verdict is not None:
        return CitationPlan(found=found, original=None, outcome=verdict.outcome)
    repair = proposal_for(found, document)
    damaged = is_damaged(found)
    certain = damaged and repair is not None and repair.decision is Decision.AUTO
    return CitationPlan(
        found=found,
        original=repair.best.url if repair is not None and certain else address_to_ask(found),
        repair=repair,
        hard_defect=damaged and not certain,
    )
