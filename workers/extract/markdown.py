"""Reads Markdown (CommonMark with tables, footnotes and front matter) and the HTML inside it.

The parser gives byte ranges of whole links; the span of the target inside them is read again here.
`raw` is a link's target as written: for a reference link that stands in the definition, while line
and column say where the reference is used.
"""

import importlib
from collections.abc import Mapping, Sequence

from workers.extract.bare_titles import with_bare_titles
from workers.extract.context import plain_sentence
from workers.extract.finding import Found, given_base, placed
from workers.extract.inline import target_span, unescape
from workers.extract.markdown_events import Collected, LinkEvent, collect, without_front_matter
from workers.extract.markdown_references import Definition, find_definitions, normal_label
from workers.extract.metadata import front_matter_addresses, read_facts
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.extract.text import find_bare, merged, own_address, own_url_of, with_mentions
from workers.model import Defect, Document, Format, Kind


def read(source: Source) -> Document:
    """Return the findings and facts of a Markdown document."""
    text = decode(source).text
    facts = read_facts(text)
    base = given_base(source.base)
    source_map = SourceMap(text)
    body = without_front_matter(text, facts.front_matter_end)
    collected = collect(body, source_map)
    definitions = find_definitions(body, text, source_map)
    holes = [*collected.holes, *((item.start, item.end) for item in definitions.values())]
    if facts.front_matter_end:
        holes.append((0, facts.front_matter_end))
    found = _links(text, collected, definitions)
    found.extend(_bare(text, collected, merged(holes)))
    found.extend(_html(text, collected, source_map))
    found.extend(front_matter_addresses(text, facts.front_matter_end))
    found.sort(key=lambda item: (item.start if item.seen_at is None else item.seen_at, item.start))
    found = with_bare_titles(text, found, holes)
    links = tuple(placed(item, source_map, base) for item in own_address(text, found))
    return Document(
        source=source.name,
        format=Format.MARKDOWN,
        text=text,
        links=links,
        headline=facts.headline,
        published=facts.published,
        published_source=facts.published_source,
        language=facts.language,
        own_url=own_url_of(links),
        skipped=collected.skipped,
    )


def _links(text: str, collected: Collected, definitions: Mapping[str, Definition]) -> list[Found]:
    """Return the links, images, unused definitions and undefined references."""
    found = [_link(text, link, definitions) for link in collected.links]
    used = {normal_label(link.label) for link in collected.links if link.label}
    found.extend(
        Found(
            start=definition.target_start,
            end=definition.target_end,
            kind=Kind.REFERENCE,
            target=definition.target,
            seen_at=definition.start,
        )
        for label, definition in definitions.items()
        if label not in used
    )
    found.extend(_undefined(text, *place) for place in collected.undefined)
    return found


def _link(text: str, link: LinkEvent, definitions: Mapping[str, Definition]) -> Found:
    start, end = _target_place(text, link, definitions)
    kind = Kind.IMAGE if link.is_image else Kind.LINK
    if link.style in {"Autolink", "Email"}:
        kind = Kind.AUTOLINK
    elif link.in_footnote and not link.is_image:
        kind = Kind.FOOTNOTE
    target = f"mailto:{link.target}" if link.style == "Email" else link.target
    return Found(
        start=start,
        end=end,
        kind=kind,
        target=target,
        anchor="" if kind is Kind.AUTOLINK else " ".join("".join(link.words).split()),
        context=plain_sentence(text, link.start, link.end),
        seen_at=link.start,
    )


def _target_place(text: str, link: LinkEvent, definitions: Mapping[str, Definition]) -> tuple[int, int]:
    """Return the span of a link's target: between the brackets, or in its definition."""
    if link.style in {"Autolink", "Email"}:
        return link.start + 1, link.end - 1
    definition = definitions.get(normal_label(link.label)) if link.label else None
    if definition is not None:
        return definition.target_start, definition.target_end
    bracket = text.find("](", link.text_end, link.end)
    span = target_span(text, bracket + 1, link.end) if bracket >= 0 else None
    return (link.start, link.end) if span is None else (span[0], span[1])


def _undefined(text: str, start: int, end: int, style: str, label: str) -> Found:
    """Return the finding of `[text][label]` whose label is defined nowhere; `raw` is the label."""
    raw = text[start:end]
    low = start + raw.rfind("[") + 1 if style == "Reference" else start + 1
    high = end - 1
    return Found(
        start=low,
        end=high,
        kind=Kind.REFERENCE,
        target=unescape(label),
        anchor=raw[1 : max(1, raw.find("]"))],
        context=plain_sentence(text, start, end),
        defects=(Defect.UNDEFINED_REFERENCE,),
        seen_at=start,
    )


def _bare(text: str, collected: Collected, holes: Sequence[tuple[int, int]]) -> list[Found]:
    """Return the bare addresses and identifiers of the prose, those of footnotes under their own kind."""
    found = with_mentions(text, holes, find_bare(text, barriers=holes))
    return [_as_footnote(item, collected) for item in found]


def _as_footnote(item: Found, collected: Collected) -> Found:
    if item.kind is not Kind.BARE or not any(low <= item.start < high for low, high in collected.footnotes):
        return item
    return item.of_kind(Kind.FOOTNOTE)


def _html(text: str, collected: Collected, source_map: SourceMap) -> list[Found]:
    """Return what blocks of HTML and inline tags cite."""
    if not collected.html and not collected.tags:
        return []
    # Most articles have none, and the reader of pages takes a third of the start-up of reading one.
    find_in_fragment = importlib.import_module("workers.extract.html").find_in_fragment
    found: list[Found] = []
    for start, end in collected.html:
        found.extend(find_in_fragment(text, source_map, start, end))
    if collected.tags:
        inside = find_in_fragment(text, source_map, collected.tags[0][0], collected.tags[-1][1])
        found.extend(item for item in inside if any(low < item.start < high for low, high in collected.tags))
    return found
