"""The addresses under which captures that are known here are read."""

from datetime import datetime

from aiohttp import web

from service.api.answers import public_url
from service.api.context import SETTINGS
from service.store.timeline import Entry
from workers.archive.timestamps import timestamp_14


def memento_uri(request: web.Request, at: datetime, original: str) -> str:
    """Return the absolute address under which this service answers for a capture."""
    return public_url(request, request.app[SETTINGS].public_url, f"/memento/{timestamp_14(at)}/{original}")


def uri_of(request: web.Request, entry: Entry) -> str:
    """Return the absolute URI-M of a capture: here for a local one, else in its archive."""
    return entry.uri_m or public_url(request, request.app[SETTINGS].public_url, entry.path)
