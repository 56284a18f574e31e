"""Lists the addresses of a page from the parser's tree, None where the findings would hold others.

The tree knows which attribute stands on which element; what it does not know are addresses in running
text. Where there may be one, the page is read whole.
"""

import re
from collections.abc import Iterator

import turbohtml

from workers.extract.finding import base_of, given_base, resolve_all
from workers.extract.html_table import INLINE, LISTS, SETS, is_data_address, kind_of
from workers.extract.html_values import (
    ADDRESS_VALUE,
    META_ADDRESSES,
    css_addresses,
    json_ld_addresses,
    refresh_span,
    srcset_spans,
)
from workers.extract.identifiers import find_identifiers
from workers.extract.scanner import scan
from workers.extract.signs import may_hold_address, may_hold_any
from workers.extract.source import Source, decode

# Elements whose text is no prose. Rarer ones are left in: at worst their page is read whole for nothing.
NO_PROSE = "script, style, title, a[href], code"
DATA_ATTRIBUTE = re.compile(r"(data-[\w-]+)\s*=\s*(?:\"([^\"]*)|'([^']*)|([^\s>]*))", re.IGNORECASE)
FACTS = 'base[href], [srcdoc], meta[content], style, script[type="application/ld+json"]'
# The other attributes that carry addresses; most pages have few of them or none.
RARE = (
    "[srcset], [imagesrcset], [poster], [background], [lowsrc], [dynsrc], [cite], [longdesc], [ping], "
    "[action], [formaction], [codebase], [style], [xlink\\:href], object[data], html[manifest], head[profile]"
)
DIVIDERS = ", ".join(["wbr", *sorted(INLINE)])


def list_quickly(source: Source) -> list[str] | None:
    """Return the addresses of a page that can be fetched, None where it must be read whole."""
    page = decode(source, meta=True).text
    if "data-" in page and _has_data_address(page):
        return None
    document = turbohtml.parse(page, positions=False)
    base = given_base(source.base)
    targets: list[str] = []
    for element in document.select(FACTS):
        if element.tag == "base":
            base = base_of(element.attr("href"), source.base) if base.source != "base element" else base
        elif element.attr("srcdoc") is not None:
            return None
        else:
            targets.extend(_said(element))
    targets += _cited(document)
    return resolve_all(targets, base) if not _has_prose_address(document) else None


def list_rendered(page: str, given: str | None) -> list[str] | None:
    """Return the addresses of Markdown from the page that it makes, None where it must be read whole."""
    # Percent signs of brackets: the page spells them in another form than the article. Cells of a table
    # beyond its columns are not in the page.
    if ("%" in page and "%5" in page) or "<table>" in page or ("data-" in page and _has_data_address(page)):
        return None
    document = turbohtml.parse(page, positions=False)
    targets: list[str] = []
    for element in document.select(FACTS):
        if element.attr("srcdoc") is not None:
            return None
        targets.extend(_said(element))
    targets += _cited(document)
    document.remove(NO_PROSE)
    return None if _is_found("\n\n".join(document.strings)) else resolve_all(targets, given_base(given))


def _has_data_address(page: str) -> bool:
    """Whether an attribute whose name begins with `data-` carries an address."""
    return any(
        is_data_address(match[1].lower(), match[2] or match[3] or match[4] or "")
        for match in DATA_ATTRIBUTE.finditer(page)
    )


def _cited(document: turbohtml.Document) -> list[str]:
    """Return what the attributes of a page cite."""
    targets = [str(element.attr("href")) for element in document.select("[href]:not(base)")]
    targets += [str(element.attr("src")) for element in document.select("[src]")]
    for element in document.select(RARE):
        for name, written in element.attrs.items():
            if name not in {"href", "src"} and kind_of(element.tag, name) is not None:
                targets += _split(name, written if isinstance(written, str) else " ".join(written or ()))
    return targets


def _split(name: str, written: str) -> Iterator[str]:
    """Yield the addresses in one attribute value."""
    if name in SETS:
        yield from (written[start:end] for start, end in srcset_spans(written))
    elif name in LISTS:
        yield from written.split()
    elif name == "style":
        yield from (target for _, _, target in css_addresses(written) if target.strip())
    else:
        yield written


def _said(element: turbohtml.Element) -> Iterator[str]:
    """Yield the addresses in a meta element, a style sheet or JSON-LD."""
    if element.tag == "script":
        yield from (target for _, _, target in json_ld_addresses(element.text))
    elif element.tag == "style":
        yield from (target for _, _, target in css_addresses(element.text) if target.strip())
    elif element.tag == "meta":
        content = str(element.attr("content") or "")
        name = element.attr("property") or element.attr("name") or element.attr("itemprop") or ""
        if str(element.attr("http-equiv") or "").lower() == "refresh":
            span = refresh_span(content)
            yield from [content[span[0] : span[1]]] if span else []
        elif content.strip() and (ADDRESS_VALUE.match(content) or str(name).lower() in META_ADDRESSES):
            yield content


def _has_prose_address(document: turbohtml.Document) -> bool:
    """Whether the running text may hold an address or identifier, also one that inline tags divide."""
    document.remove(NO_PROSE)
    if _is_found("\n\n".join(document.strings)):  # an address never runs from one block into the next
        return True
    divider = document.select_one(DIVIDERS)
    if divider is None:
        return False
    if document.select_one("wbr") is not None:
        return may_hold_any(document.text)
    return _is_found(document.text)


def _is_found(prose: str) -> bool:
    return (may_hold_address(prose) and next(scan(prose), None) is not None) or bool(find_identifiers(prose))
