"""Link headers and TimeMaps (RFC 7089, 5; RFC 8288) about the captures of one original."""

import string
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from aiohttp import web

from service.api.answers import public_url
from service.api.context import SETTINGS
from service.memento.known import KnownCapture
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


def timemap_links(request: web.Request, original: str, captures: Sequence[KnownCapture]) -> list[str]:
    """Return the links to both TimeMaps of `original`, with the time they span."""
    return [
        link(service_uri(request, f"timemap/{form}", original), "timemap", {"type": kind, **_span(captures)})
        for form, kind in (("link", LINK_FORMAT), ("json", JSON))
    ]


def neighbour_links(captures: Sequence[KnownCapture], chosen: int) -> list[str]:
    """Return the links to the first, previous, chosen, next and last capture, each of them once."""
    places = {"first": 0, "last": len(captures) - 1, "prev": chosen - 1, "next": chosen + 1}
    shown = sorted({place for place in (*places.values(), chosen) if 0 <= place < len(captures)})
    return [
        _memento_link(captures[at], [word for word, place in places.items() if place == at]) for at in shown
    ]


def link_timemap(request: web.Request, original: str, captures: Sequence[KnownCapture]) -> str:
    """Return the TimeMap in link-format; `captures` oldest first, at least one."""
    last = len(captures) - 1
    lines = [
        link(original, "original"),
        link(
            service_uri(request, "timemap/link", original), "self", {"type": LINK_FORMAT, **_span(captures)}
        ),
        link(service_uri(request, "timegate", original), "timegate"),
    ]
    for at, capture in enumerate(captures):
        lines.append(_memento_link(capture, ["first"] * (at == 0) + ["last"] * (at == last)))
    return ",\n".join(lines) + "\n"


def json_timemap(request: web.Request, original: str, captures: Sequence[KnownCapture]) -> dict[str, object]:
    """Return the TimeMap as a JSON document; `captures` oldest first, at least one."""
    mementos = [{"datetime": f"{each.at:%Y-%m-%dT%H:%M:%SZ}", "uri": each.uri} for each in captures]
    return {
        "original_uri": original,
        "timegate_uri": service_uri(request, "timegate", original),
        "timemap_uri": {
            "link_format": service_uri(request, "timemap/link", original),
            "json_format": service_uri(request, "timemap/json", original),
        },
        "mementos": {"list": mementos, "first": mementos[0], "last": mementos[-1]},
    }


def _memento_link(capture: KnownCapture, words: Sequence[str]) -> str:
    return link(capture.uri, " ".join([*words, "memento"]), {"datetime": http_date(capture.at)})


def _span(captures: Sequence[KnownCapture]) -> dict[str, str]:
    return {"from": http_date(captures[0].at), "until": http_date(captures[-1].at)}
