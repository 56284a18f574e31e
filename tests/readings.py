"""Small readings for tests of the store and of the jobs."""

from collections.abc import Iterable
from datetime import UTC, datetime

from workers.ledger import CitationPlan, Reading
from workers.model import Document, Format, FoundLink, Kind, Outcome

PUBLISHED = datetime(2024, 10, 22, tzinfo=UTC)


def citing(url: str, *, anchor: str = "", **plan: object) -> CitationPlan:
    """Return the plan of a citation that writes `url`."""
    found = FoundLink(raw=url, target=url, kind=Kind.LINK, resolved=url, anchor=anchor)
    return CitationPlan(found=found, original=url, **plan)  # type: ignore[arg-type]


def placeholder(anchor: str) -> CitationPlan:
    """Return the plan of a stripped link."""
    found = FoundLink(raw="#", target="#", kind=Kind.LINK, anchor=anchor)
    return CitationPlan(found=found, original=None, outcome=Outcome.PLACEHOLDER)


def reading_of(plans: Iterable[CitationPlan], *, headline: str | None = "A headline") -> Reading:
    """Return the reading of a Markdown article with these citations."""
    plans = tuple(plans)
    return Reading(
        document=Document(
            source="a.md",
            format=Format.MARKDOWN,
            text="",
            links=tuple(plan.found for plan in plans),
            headline=headline,
            published=PUBLISHED,
        ),
        citations=plans,
    )
