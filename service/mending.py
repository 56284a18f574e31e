"""A stored article written anew: what was read and seen of it, and what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.store.articles import get_article_content
from service.store.citations import load_citations
from service.store.database import Database
from service.store.observations import list_asked_dead
from service.store.picks import list_picks
from service.store.values import Decided, StoredArticle, StoredCitation
from workers.archive.settings import LOCAL
from workers.errors import CannotMend
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.mend.accept import Case, Person, accepted_change, accepted_changes
from workers.mend.change import Mended
from workers.mend.mend import mend
from workers.model import DEAD, Document, Memento
from workers.read_again import kept_sources, read_again


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredState:
    """An article's content and all that is known of its citations."""

    article: StoredArticle
    content: bytes
    citations: tuple[StoredCitation, ...]
    captures: Mapping[str, Memento]
    seen_dead: Mapping[int, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedArticle:
    """A stored article written anew.

    `citations` are those of the document's links by position; `lost` would change, but this release
    reads the article otherwise than it was read when it was kept.
    """

    source: Source
    document: Document
    mended: Mended
    citations: Mapping[int, StoredCitation]
    lost: tuple[StoredCitation, ...] = ()


async def load_state(db: Database, article: StoredArticle, *, has_public_url: bool) -> StoredState | None:
    """Return what is known of an article, None where it has no content yet.

    Local captures count only where the service has an address that readers of the article can reach.
    """
    content = await get_article_content(db, article.id)
    if content is None:
        return None
    citations = await load_citations(db, article.id)
    dead = {each.original for each in citations if each.original is not None and each.is_dead}
    picks = await list_picks(db, sorted(dead))
    captures = {
        original: pick.memento
        for original, pick in picks.items()
        if pick.is_verified and (has_public_url or pick.memento.archive != LOCAL)
    }
    links = [each.link_id for each in citations if each.link_id is not None and each.repair is not None]
    seen_dead = await list_asked_dead(db, links, dead=DEAD)
    return StoredState(
        article=article, content=content, citations=citations, captures=captures, seen_dead=seen_dead
    )


def fix_stored(state: StoredState, reader: IsolatedReader) -> FixedArticle:
    """Return the article with all changes that are accepted; blocking, for a thread.

    Raises:
        UnreadableDocument, CannotMend: it cannot be read, or not written in its format.
    """
    source, document, placed = _as_it_was_read(state, reader)
    changes = accepted_changes(_case(state, position, citation) for position, citation in placed.items())
    mended = mend(
        source, document, changes, read=lambda anew, written_as: reader.find_links(anew, format=written_as)
    )
    known = {citation.id for citation in placed.values()}
    lost = [each for each in state.citations if each.id not in known]
    return FixedArticle(
        source=source,
        document=document,
        mended=mended,
        citations=placed,
        lost=tuple(each for each in lost if accepted_change(_case(state, 0, each)) is not None),
    )


Placed = dict[int, StoredCitation]


def _as_it_was_read(state: StoredState, reader: IsolatedReader) -> tuple[Source, Document, Placed]:
    """Return the article read again, with the stored citations by the position they are found at."""
    article = state.article
    sources = kept_sources(
        name=article.source,
        content=state.content,
        media_type=article.media_type,
        charset=article.charset,
        base=article.url,
    )
    cited = [each.found for each in state.citations]
    again = read_again(sources, cited, lambda source: reader.find_links(source, format=article.format))
    if again is None:
        raise CannotMend(f"{article.source}: there is nothing to read")
    placed = {position: state.citations[number] for number, position in again.positions.items()}
    return again.source, again.document, placed


def _case(state: StoredState, position: int, citation: StoredCitation) -> Case:
    decision = citation.decision
    person = None
    if decision is not None:
        address = None if decision.choice is Decided.REJECT else decision.url
        told = " ".join(filter(None, (decision.made_by and f"{decision.made_by}:", decision.note)))
        person = Person(address=address, note=told)
    return Case(
        position=position,
        found=citation.found,
        original=citation.original,
        repair=citation.repair,
        is_confirmed=citation.accepted is not None,
        recovery=citation.recovery,
        person=person,
        is_dead=citation.is_dead,
        seen_dead=state.seen_dead.get(citation.link_id or 0, frozenset()),
        capture=state.captures.get(citation.original or ""),
        evidence=() if citation.outcome is None else (f"its last check showed {citation.outcome}",),
    )
