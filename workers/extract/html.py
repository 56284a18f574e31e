"""Reads HTML: every link-bearing attribute, addresses in text, styles, scripts of data and frames.

The tokenizer of the HTML Standard says what is a tag and what only looks like one; the spans of values
are read again in the source. `<base>` counts wherever it stands, for all links.
"""

from workers.extract.finding import Found, base_of, placed
from workers.extract.html_facts import facts_of
from workers.extract.html_walk import Walk
from workers.extract.source import Source, decode
from workers.extract.source_map import SourceMap
from workers.model import Document, Format


def read(source: Source) -> Document:
    """Return the findings and facts of an HTML document."""
    text = decode(source, meta=True).text
    source_map = SourceMap(text)
    walk = Walk(text, source_map)
    walk.read(0, len(text))
    found = walk.finish()
    base = base_of(walk.base, source.base)
    facts = facts_of(walk.facts, base)
    return Document(
        source=source.name,
        format=Format.HTML,
        text=text,
        links=tuple(placed(item, source_map, base) for item in found),
        headline=facts.headline,
        published=facts.published,
        published_source=facts.published_source,
        language=facts.language,
        own_url=facts.own_url or next((item.target for item in found if item.kind == "original-url"), None),
        skipped=walk.skipped,
    )


def find_in_fragment(text: str, source_map: SourceMap, start: int, end: int) -> list[Found]:
    """Return the findings in `text[start:end]`, HTML that stands inside a document of another format."""
    walk = Walk(text, source_map)
    walk.read(start, end)
    return walk.finish()
