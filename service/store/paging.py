"""Pages of rows by id: a cursor names the last id seen, so that new rows shift nothing."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Column, Row, Select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.values import Page
from workers.errors import LinkwrightError

DEFAULT_LIMIT = 50
MAX_LIMIT = 1_000
MAX_ID = 2**63 - 1

Item = TypeVar("Item")


class InvalidCursor(LinkwrightError):
    """A cursor that no page of ours gave out."""


def encode_cursor(last_id: int) -> str:
    """Return the cursor that goes on after `last_id`."""
    return base64.urlsafe_b64encode(str(last_id).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> int:
    """Return the id that a cursor goes on after.

    Raises:
        InvalidCursor: it was not made by `encode_cursor`.
    """
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        last_id = int(text) if text.isdigit() else -1
    except (ValueError, binascii.Error):
        last_id = -1
    if not 0 <= last_id <= MAX_ID or encode_cursor(last_id) != cursor:
        raise InvalidCursor(f"cursor {cursor[:40]!r} was not given out by this service")
    return last_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Which part of a list is wanted: `limit` rows (brought into 1…1000) after `cursor`."""

    cursor: str | None = None
    limit: int = DEFAULT_LIMIT
    newest_first: bool = False


async def fetch_page(
    connection: AsyncConnection,
    query: Select[Any],
    order: Column[Any],
    cut: Cut,
    make: Callable[[Row[Any]], Item],
) -> Page[Item]:
    """Return one page of `query`, in the order of the selected column `order` (ids or positions).

    Raises:
        InvalidCursor: the cursor is not one of ours.
    """
    if cut.cursor is not None:
        last = decode_cursor(cut.cursor)
        query = query.where(order < last if cut.newest_first else order > last)
    count = max(1, min(cut.limit, MAX_LIMIT))
    query = query.order_by(order.desc() if cut.newest_first else order).limit(count + 1)
    rows = (await connection.execute(query)).all()
    next_cursor = encode_cursor(getattr(rows[count - 1], order.name)) if len(rows) > count else None
    return Page(items=tuple(make(row) for row in rows[:count]), next_cursor=next_cursor)
