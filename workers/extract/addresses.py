"""Lists the addresses that a document cites, without places: what a checker of links needs and no more.

Findings cost several times what their addresses do. For Markdown and HTML the addresses are read apart
where that is certain to give the same list; everything else is read whole.
"""

import importlib
from collections.abc import Mapping

from workers.extract.detect import detect_format
from workers.extract.source import Source
from workers.model import Format

# Imported when first needed: start-up counts where a desk lists the addresses of one article.
QUICK: Mapping[Format, str] = {
    Format.MARKDOWN: "workers.extract.markdown_list",
    Format.HTML: "workers.extract.html_list",
}


def list_addresses(source: Source, *, format: Format | None = None) -> list[str]:  # noqa: A002 - the contract's word
    """Return every address of `source` that can be fetched, one for each citation, in no set order.

    Raises:
        UnreadableDocument: it cannot be read as that format; the message names the source.
    """
    chosen = format or detect_format(source)
    listed: list[str] | None = None
    if module := QUICK.get(chosen):
        listed = importlib.import_module(module).list_quickly(source)
    if listed is not None:
        return listed
    document = importlib.import_module("workers.extract.find").find_links(source, format=chosen)
    return [link.resolved for link in document.links if link.resolved is not None]
