"""TimeMaps (RFC 7089, 5), written piece by piece, however many mementos they list."""

import json
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from service.api.context import DATABASE
from service.memento.known import uri_of
from service.memento.links import LINK_FORMAT, link, memento_link, service_uri, span_of
from service.store.timeline import Entry, Span, list_pages


async def link_timemap(request: web.Request, original: str, span: Span) -> AsyncIterator[str]:
    """Yield the TimeMap in link-format."""
    reach = {"type": LINK_FORMAT, **span_of(span.first, span.last)}
    head = [
        link(original, "original"),
        link(service_uri(request, "timemap/link", original), "self", reach),
        link(service_uri(request, "timegate", original), "timegate"),
    ]
    yield ",\n".join(head)
    async for entries in list_pages(request.app[DATABASE], original):
        yield "".join(",\n" + memento_link(request, entry, _words(entry, span)) for entry in entries)
    yield "\n"


async def json_timemap(request: web.Request, original: str, span: Span) -> AsyncIterator[str]:
    """Yield the TimeMap as JSON."""
    head = {
        "original_uri": original,
        "timegate_uri": service_uri(request, "timegate", original),
        "timemap_uri": {
            "link_format": service_uri(request, "timemap/link", original),
            "json_format": service_uri(request, "timemap/json", original),
        },
    }
    yield json.dumps(head).removesuffix("}") + ', "mementos": {"list": ['
    comma = ""
    async for entries in list_pages(request.app[DATABASE], original):
        yield comma + ", ".join(_shown(request, entry) for entry in entries)
        comma = ", "
    yield f'], "first": {_shown(request, span.first)}, "last": {_shown(request, span.last)}}}}}'


def _words(entry: Entry, span: Span) -> Sequence[str]:
    return ["first"] * (entry == span.first) + ["last"] * (entry == span.last)


def _shown(request: web.Request, entry: Entry) -> str:
    return json.dumps({"datetime": f"{entry.at:%Y-%m-%dT%H:%M:%SZ}", "uri": uri_of(request, entry)})
