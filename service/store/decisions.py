"""People's decisions about citations: kept one by one, the last one counts and outlives audits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.citations import citation_query, make_citation
from service.store.coding import to_plain
from service.store.database import Database
from service.store.observations import list_aliases
from service.store.originals import ensure_links
from service.store.paging import DEFAULT_LIMIT, Cut, fetch_page
from service.store.tables import CITATION, CITATION_DECISION, EVENT
from service.store.values import (
    CitationDecision,
    Decided,
    NewDecision,
    Page,
    StoredCitation,
    StoredDecision,
)
from workers.errors import LinkwrightError
from workers.model import Decision
from workers.verdict.standing import EventKind
from workers.written import address_to_ask, verdict_as_written


class NothingProposed(LinkwrightError):
    """There is no proposal to accept, or not the one that was named."""


async def decide_citation(db: Database, citation_id: int, new: NewDecision) -> StoredCitation | None:
    """Keep a person's decision and point the citation accordingly; None where the citation is unknown.

    `reject` goes back to what is written, `withdraw` to what was found and proved.

    Raises:
        NothingProposed: there is nothing to accept.
        ValueError: `set` came without an address.
    """
    query = citation_query().where(CITATION.c.id == citation_id)
    async with db.write() as connection:
        row = (await connection.execute(query)).first()
        if row is None:
            return None
        now = datetime.now(UTC)
        citation = make_citation(row)
        target = _decided(citation, new, (await _proposals(connection, [citation]))[citation.id])
        links = await ensure_links(connection, [target] if target else [], now=now)
        link_id = links[target] if target else None
        kept = CitationDecision(choice=new.choice, url=target, at=now, note=new.note, made_by=new.made_by)
        stands = None if new.choice is Decided.WITHDRAW else to_plain(kept)
        change = update(CITATION).where(CITATION.c.id == citation_id)
        await connection.execute(change.values(decision=stands, link_id=link_id))
        await _write(connection, row, kept, link_id)
        return make_citation((await connection.execute(query)).one())


async def list_decisions(
    db: Database, citation_id: int, *, cursor: str | None = None, limit: int = DEFAULT_LIMIT
) -> Page[StoredDecision]:
    """Return the decisions about a citation, the newest first.

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    query = select(CITATION_DECISION).where(CITATION_DECISION.c.citation_id == citation_id)
    cut = Cut(cursor=cursor, limit=limit, newest_first=True)
    async with db.read() as connection:
        return await fetch_page(connection, query, CITATION_DECISION.c.id, cut, _make)


def _make(row: Row[Any]) -> StoredDecision:
    values = dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy, by its own documentation
    return StoredDecision(**values | {"choice": Decided(row.choice)})


async def _write(
    connection: AsyncConnection, citation: Row[Any], kept: CitationDecision, link_id: int | None
) -> None:
    """Add the decision to the history, and the event that tells of it."""
    await connection.execute(
        insert(CITATION_DECISION).values(
            citation_id=citation.id,
            choice=kept.choice.value,
            url=kept.url,
            note=kept.note,
            made_by=kept.made_by,
            at=kept.at,
        )
    )
    told = [f"{kept.choice}: {kept.url or 'no address'}", *filter(None, (kept.made_by, kept.note))]
    await connection.execute(
        insert(EVENT).values(
            kind=EventKind.DECIDED,
            at=kept.at,
            link_id=link_id,
            article_id=citation.article_id,
            detail="; ".join(told),
        )
    )


def _decided(citation: StoredCitation, new: NewDecision, proposed: Sequence[str]) -> str | None:
    """Return the address that a decision points to, None where that leads nowhere."""
    match new.choice:
        case Decided.SET:
            if new.url is None:
                raise ValueError("an address is needed to set one")
            return new.url
        case Decided.ACCEPT:
            return _accepted(citation, new.url, proposed)
        case Decided.REJECT:
            return _as_written(citation)
        case Decided.WITHDRAW:
            return _by_evidence(citation)


async def list_proposals(db: Database, citations: Iterable[StoredCitation]) -> Mapping[int, tuple[str, ...]]:
    """Return the addresses that are proposed for each citation, best first, the written form left out.

    They are repairs, targets found again, and where the piece of a dead link stands now.
    """
    async with db.read() as connection:
        return await _proposals(connection, list(citations))


async def _proposals(
    connection: AsyncConnection, citations: Sequence[StoredCitation]
) -> dict[int, tuple[str, ...]]:
    links = [each.link_id for each in citations if each.link_id is not None]
    aliases = await list_aliases(connection, links)
    proposed = {}
    for citation in citations:
        urls = [*_own_proposals(citation), *(each.url for each in aliases.get(citation.link_id or 0, ()))]
        written = address_to_ask(citation.found)
        proposed[citation.id] = tuple(url for url in dict.fromkeys(urls) if url != written)
    return proposed


def _own_proposals(citation: StoredCitation) -> Iterator[str]:
    if citation.accepted is not None:
        yield citation.accepted.url
    if citation.recovery is not None:
        yield from filter(
            None, (citation.recovery.best, *(each.url for each in citation.recovery.candidates))
        )
    if citation.repair is not None:
        yield from (citation.repair.best.url, *(each.url for each in citation.repair.candidates))


def _accepted(citation: StoredCitation, url: str | None, proposed: Sequence[str]) -> str:
    if not proposed:
        raise NothingProposed(f"Nothing is proposed for citation {citation.id}")
    if url is not None and url not in proposed:
        raise NothingProposed(f"{url} is not among what is proposed for citation {citation.id}")
    return url or proposed[0]


def _as_written(citation: StoredCitation) -> str | None:
    return address_to_ask(citation.found) if verdict_as_written(citation.found) is None else None


def _by_evidence(citation: StoredCitation) -> str | None:
    """Return what stands where nobody decides: the proved repair, the sure recovery, or what is written."""
    recovery = citation.recovery
    if citation.accepted is not None:
        return citation.accepted.url
    if recovery is not None and recovery.decision is Decision.AUTO and recovery.best is not None:
        return recovery.best
    return _as_written(citation)
