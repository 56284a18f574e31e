"""Lists the addresses that a document cites, without places: what a checker of links needs and no more.

Where the parser's own list is enough (no bare address or identifier in the prose, no frame or data
attribute) nothing else is built, which is several times as fast; otherwise all findings are made.
Either way the list is that of the findings which can be fetched.
"""

import re
from collections.abc import Iterator

import pyromark
import turbohtml

from workers.extract.detect import detect_format
from workers.extract.find import find_links
from workers.extract.finding import PLAIN_URL, resolve
from workers.extract.html import base_of
from workers.extract.html_values import ADDRESS_VALUE, META_ADDRESSES, json_ld_addresses, refresh_span
from workers.extract.identifiers import find_identifiers
from workers.extract.markdown_events import OPTIONS
from workers.extract.scanner import scan
from workers.extract.source import Source, decode
from workers.model import Format

# Elements whose text is no prose: their addresses are anchors, code or nothing that is read.
NO_PROSE = "script, style, a, code, samp, kbd, textarea, title, iframe, noframes, noembed, xmp"
# What the parser's list leaves out: the addresses of frames' documents and of data attributes.
DATA_ADDRESS = re.compile(r"data-[\w-]+\s*=\s*[\"']?\s*(?:https?:)?//")
DATA = 'meta[content], script[type="application/ld+json"]'


def list_addresses(source: Source, *, format: Format | None = None) -> list[str]:  # noqa: A002 - the contract's word
    """Return every address of `source` that can be fetched, one for each citation, in no set order.

    Raises:
        UnreadableDocument: it cannot be read as that format; the message names the source.
    """
    chosen = format or detect_format(source)
    listed = None
    if chosen is Format.HTML:
        listed = _listed(decode(source, meta=True).text, source.base)
    elif chosen is Format.MARKDOWN:
        listed = _listed_markdown(decode(source).text, source.base)
    if listed is not None:
        return listed
    document = find_links(source, format=chosen)
    return [link.resolved for link in document.links if link.resolved is not None]


def _listed_markdown(text: str, base: str | None) -> list[str] | None:
    """Return the addresses of Markdown as its page lists them, None where the page does not show all."""
    if "]:" in text or text.startswith(("---", "+++")):
        return None
    return _listed(pyromark.html(text, options=OPTIONS), base)


def _listed(page: str, given: str | None) -> list[str] | None:
    """Return the addresses that the parser lists, None where there are others."""
    if ("%" in page and "%5" in page) or ("data-" in page and DATA_ADDRESS.search(page)):
        return None  # percent signs of brackets: the page spells them in another form than the article
    document = turbohtml.parse(page, positions=False)
    if document.select_one("[srcdoc]") is not None:
        return None
    base = base_of(_written_base(document), given)
    targets = [url for element, _, url in document.links() if element.tag not in {"base", "meta"}]
    targets.extend(_data(document))
    document.remove(NO_PROSE)
    prose = "\n\n".join(document.strings)  # an address never runs from one piece of text into the next
    if next(scan(prose), None) is not None or find_identifiers(prose):
        return None
    plain = PLAIN_URL.fullmatch
    resolved = [target if plain(target) else resolve(target, base)[0] for target in targets]
    return [address for address in resolved if address is not None]


def _written_base(document: turbohtml.Document) -> str | None:
    element = document.select_one("base[href]")
    return None if element is None else element.attr("href")


def _data(document: turbohtml.Document) -> Iterator[str]:
    """Yield the addresses in meta elements and JSON-LD."""
    for element in document.select(DATA):
        if element.tag == "script":
            yield from (target for _, _, target in json_ld_addresses(element.text))
            continue
        content = element.attr("content") or ""
        if (element.attr("http-equiv") or "").lower() == "refresh":
            span = refresh_span(content)
            content = content[span[0] : span[1]] if span else ""
        elif not ADDRESS_VALUE.match(content) and element.attr("property") not in META_ADDRESSES:
            continue
        yield content.strip()
