"""The cases of an article from what checking it, or only reading it, showed."""

from collections.abc import Iterator, Mapping, Sequence

from workers.ledger import CitationPlan
from workers.mend.accept import FOLLOWED, Case
from workers.model import DEAD, Document, FoundLink, LinkReport, Memento, Outcome
from workers.report import CitationReport
from workers.written import address_to_ask


def cases_of_run(
    document: Document,
    citations: Sequence[CitationReport],
    links: Mapping[str, LinkReport],
    *,
    captures: Mapping[str, Memento],
    moved: bool,
) -> list[Case]:
    """Return the cases of the citations of one checked article.

    `links` are keyed by original and by written form, `captures` are the verified ones by original.
    `moved` says that an address which redirects for good gives way to where it leads.
    """
    cases = []
    for position, citation in _placed(document.links, citations):
        link = links.get(address_to_ask(citation.found)) or links.get(citation.original or "")
        cases.append(
            Case(
                position=position,
                found=citation.found,
                original=citation.original,
                repair=citation.repair,
                is_confirmed=citation.repaired,
                recovery=citation.recovery,
                is_dead=citation.outcome in DEAD,
                seen_dead=_seen_dead(link),
                capture=captures.get(citation.original or ""),
                moved_to=_moved_to(citation, link) if moved else None,
                evidence=citation.evidence[:2],
            )
        )
    return cases


def wants_capture(citation: CitationReport) -> bool:
    """Whether a capture may take the place of a citation's address."""
    return citation.outcome in DEAD and citation.original is not None and citation.found.kind in FOLLOWED


def cases_as_read(document: Document, plans: Sequence[CitationPlan]) -> list[Case]:
    """Return the cases of an article that was only read: repairs that are certain, nothing else."""
    return [
        Case(position=position, found=found, original=plan.original, repair=plan.repair)
        for position, (found, plan) in enumerate(zip(document.links, plans, strict=True))
    ]


def _placed(
    links: Sequence[FoundLink], citations: Sequence[CitationReport]
) -> Iterator[tuple[int, CitationReport]]:
    """Yield each citation with its position; a run may have left some out, but keeps their order."""
    position = 0
    for citation in citations:
        while links[position] != citation.found:
            position += 1
        yield position, citation
        position += 1


def _seen_dead(link: LinkReport | None) -> frozenset[str]:
    asked = link.asked if link is not None else ()
    return frozenset(observation.url for observation, verdict in asked if verdict.outcome in DEAD)


def _moved_to(citation: CitationReport, link: LinkReport | None) -> str | None:
    if citation.outcome is not Outcome.MOVED or link is None or link.observation is None:
        return None
    return link.observation.final_url
