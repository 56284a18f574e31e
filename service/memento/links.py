"""Link headers (RFC 7089, 5; RFC 8288) about the captures of one original."""

import string
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from aiohttp import web

from service.api.answers import public_url
from service.api.context import SETTINGS
from service.memento.known import uri_of
from service.store.timeline import Entry, Neighbours
from workers.archive.timestamps import http_date

LINK_FORMAT = "application/link-format"
JSON = "application/json"
_AS_THEY_ARE = "".join(sorted(set(string.punctuation) - set('<>"')))


def service_uri(request: web.Request, place: str, original: str) -> str:
    """Return the absolute address of `timegate`, `timemap/link` or `timemap/json` for an original."""
    return public_url(request, request.app[SETTINGS].public_url, f"/{place}/{original}")


def header_uri(uri: str) -> str:
    """Return an address fit for a header or between `<` and `>`: what would end it is percent-encoded."""
    return quote(uri, safe=_AS_THEY_ARE)


def link(uri: str, rel: str, attributes: Mapping[str, str] | None = None) -> str:
    """Return one link as RFC 8288 writes it."""
    rest = "".join(f'; {name}="{value}"' for name, value in (attributes or {}).items())
    return f'<{header_uri(uri)}>; rel="{rel}"{rest}'


def timemap_links(request: web.Request, original: str, first: Entry, last: Entry) -> list[str]:
    """Return the links to both TimeMaps of `original`, with the time they span."""
    return [
        link(
            service_uri(request, f"timemap/{form}", original),
            "timemap",
            {"type": kind, **span_of(first, last)},
        )
        for form, kind in (("link", LINK_FORMAT), ("json", JSON))
    ]


def neighbour_links(request: web.Request, found: Neighbours) -> list[str]:
    """Return the links to the first, previous, chosen, next and last capture, each of them once."""
    places = {"first": found.first, "prev": found.before, "": found.chosen, "next": found.after}
    places["last"] = found.last
    words: dict[Entry, list[str]] = {}
    for word, entry in places.items():
        if entry is not None:
            words.setdefault(entry, []).extend([word] if word else [])
    # The words stand in the order of time but for one: what is last may be next too.
    return [memento_link(request, entry, told) for entry, told in words.items()]


def memento_link(request: web.Request, entry: Entry, words: Sequence[str]) -> str:
    """Return the link to one capture, with words such as `first`."""
    return link(uri_of(request, entry), " ".join([*words, "memento"]), {"datetime": http_date(entry.at)})


def span_of(first: Entry, last: Entry) -> dict[str, str]:
    """Return the attributes that say what time a TimeMap spans."""
    return {"from": http_date(first.at), "until": http_date(last.at)}
