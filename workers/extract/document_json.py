"""Documents as plain JSON values and back, for crossing from one process to another.

JSON and not pickle: what a process that reads hostile files sends must not be able to run code.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from workers.model import Defect, Document, Entry, Format, FoundLink, Identifier, Kind

ENTRY_FIELDS = tuple(field.name for field in fields(Entry))
LINK_FIELDS = tuple(field.name for field in fields(FoundLink))


def document_to_json(document: Document) -> dict[str, Any]:
    """Return `document` as values that `json` can write."""
    return {
        "source": document.source,
        "format": document.format.value,
        "text": document.text,
        "links": [_link_to_json(link) for link in document.links],
        "headline": document.headline,
        "published": document.published.isoformat() if document.published else None,
        "published_source": document.published_source,
        "language": document.language,
        "own_url": document.own_url,
        "skipped": dict(document.skipped),
        "entries": [_entry_to_json(entry) for entry in document.entries],
    }


def document_from_json(value: Mapping[str, Any]) -> Document:
    """Return the document that `document_to_json` wrote.

    Raises:
        KeyError, TypeError, ValueError: it is not such a value.
    """
    published = value["published"]
    return Document(
        source=value["source"],
        format=Format(value["format"]),
        text=value["text"],
        links=tuple(_link_from_json(link) for link in value["links"]),
        headline=value["headline"],
        published=datetime.fromisoformat(published) if published else None,
        published_source=value["published_source"],
        language=value["language"],
        own_url=value["own_url"],
        skipped=value["skipped"],
        entries=tuple(_entry_from_json(entry) for entry in value["entries"]),
    )


def _entry_to_json(entry: Entry) -> dict[str, Any]:
    value = {name: getattr(entry, name) for name in ENTRY_FIELDS}
    return value | {"published": entry.published.isoformat() if entry.published else None}


def _entry_from_json(value: Mapping[str, Any]) -> Entry:
    published = value["published"]
    known = {
        **value,
        "links": tuple(value["links"]),
        "published": datetime.fromisoformat(published) if published else None,
    }
    return Entry(**known)


def _link_to_json(link: FoundLink) -> dict[str, Any]:
    value = {name: written for name in LINK_FIELDS if (written := getattr(link, name)) not in (None, "", ())}
    if link.identifier:
        identifier = link.identifier
        value["identifier"] = [identifier.scheme, identifier.value, identifier.normal, identifier.resolver]
    return value


def _link_from_json(value: Mapping[str, Any]) -> FoundLink:
    known = {"raw": "", "target": "", **value}
    known["kind"] = Kind(value["kind"])
    known["defects"] = tuple(Defect(defect) for defect in value.get("defects", ()))
    for name in ("rel", "readings"):
        known[name] = tuple(value.get(name, ()))
    if "identifier" in value:
        scheme, written, normal, resolver = value["identifier"]
        known["identifier"] = Identifier(scheme=scheme, value=written, normal=normal, resolver=resolver)
    return FoundLink(**known)
