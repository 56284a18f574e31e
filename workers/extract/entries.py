"""The entries of a feed as articles of their own: gathered while the feed is read, and told apart after.

A feed stays one document with all its findings, since it is one file to mend; who checks it takes its
entries one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from workers.model import Document, Entry, FoundLink, Kind

MAX_NAME = 300
SITEMAP_RELATION = "sitemap"  # of an address that an index of sitemaps names: there stands a list again


@dataclass(slots=True, kw_only=True)
class EntryFacts:
    """What a reader knows of one entry; `ids` are its names in the feed, the best first."""

    ids: Sequence[str | None] = ()
    page: str | None = None
    headline: str | None = None
    published: datetime | None = None
    published_source: str | None = None
    language: str | None = None
    has_content: bool = False
    links: list[FoundLink] = field(default_factory=list)


def entries_of(facts: Iterable[EntryFacts], links: Sequence[FoundLink]) -> tuple[Entry, ...]:
    """Return the entries of a feed whose findings are `links`, in the order of `facts`."""
    positions = {id(link): position for position, link in enumerate(links)}
    taken: set[str] = set()
    entries = []
    for number, each in enumerate(facts, start=1):
        name = _name(each.ids, number, taken)
        taken.add(name)
        entries.append(
            Entry(
                number=number,
                name=name,
                links=tuple(sorted(positions[id(link)] for link in each.links if not _lists(link))),
                has_content=each.has_content,
                page=each.page,
                headline=each.headline,
                published=each.published,
                published_source=each.published_source,
                language=each.language,
            )
        )
    return tuple(entries)


def _lists(link: FoundLink) -> bool:
    """Whether a finding is how the feed lists a page; it stays the feed's own."""
    return link.kind is Kind.FEED_ITEM


def _name(ids: Iterable[str | None], number: int, taken: set[str]) -> str:
    """Return the first usable name that no entry before has, else the entry's number."""
    for written in ids:
        name = "".join((written or "").split())
        if 0 < len(name) <= MAX_NAME and name.isprintable() and name not in taken:
            return name
    return f"entry={number}"


def articles_of(document: Document) -> tuple[Document, ...]:
    """Return a document and, apart from it, each of its entries that carries its text.

    An entry's name is that of the feed, `#` and its own; offsets stay those of the feed's source.
    """
    carried = [entry for entry in document.entries if entry.has_content]
    if not carried:
        return (document,)
    away = {position for entry in carried for position in entry.links}
    own = tuple(link for position, link in enumerate(document.links) if position not in away)
    rest = replace(document, links=own, entries=tuple(_emptied(entry) for entry in document.entries))
    return (rest, *(_article(document, entry) for entry in carried))


def _emptied(entry: Entry) -> Entry:
    """Return an entry as it stands in a document whose positions have moved."""
    return replace(entry, links=())


def _article(document: Document, entry: Entry) -> Document:
    return Document(
        source=f"{document.source}#{entry.name}",
        format=document.format,
        text=document.text,
        links=tuple(_located(document.links[position], entry) for position in entry.links),
        headline=entry.headline,
        published=entry.published,
        published_source=entry.published_source,
        language=entry.language or document.language,
        own_url=entry.page,
        part_of=document.source,
    )


def _located(link: FoundLink, entry: Entry) -> FoundLink:
    return link if link.locator is not None else replace(link, locator=f"entry={entry.number}")


def named_links(document: Document) -> Iterator[tuple[str | None, FoundLink]]:
    """Yield the findings of a document in its own order, each with the name of the entry it stands in.

    None where it stands in no entry that is an article of its own.
    """
    within = {position: entry for entry in document.entries if entry.has_content for position in entry.links}
    for position, link in enumerate(document.links):
        if (entry := within.get(position)) is None:
            yield None, link
        else:
            yield f"{document.source}#{entry.name}", _located(link, entry)


def article_named(document: Document, name: str) -> Document:
    """Return the entry of a feed that `name` ends in, the document itself where it names none.

    For an entry that is kept as an article under its own name, with the feed as its content.
    """
    named = [each for each in document.entries if each.has_content and name.endswith(f"#{each.name}")]
    if not named:
        return document
    return replace(_article(document, max(named, key=lambda each: len(each.name))), source=name)
