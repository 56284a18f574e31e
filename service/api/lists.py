"""Lists in pages: some items, the cursor of the next page, and a Link to it (RFC 8288)."""

from collections.abc import Callable
from typing import Generic, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url
from service.api.context import SETTINGS
from service.store.values import Page

Item = TypeVar("Item")
Shown = TypeVar("Shown", bound=BaseModel)


class Listing(BaseModel, Generic[Shown]):
    """One page of a list."""

    model_config = ConfigDict(frozen=True)

    items: tuple[Shown, ...]
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


def listing(
    request: web.Request, page: Page[Item], *, shape: Callable[[Item], Shown], model: type[Listing[Shown]]
) -> web.StreamResponse:
    """Return one page as an answer; `shape` makes what is shown of each item."""
    shown = model(items=tuple(map(shape, page.items)), next=page.next_cursor)
    headers = {}
    if page.next_cursor is not None:
        following = request.rel_url.update_query(cursor=page.next_cursor)
        address = public_url(request, request.app[SETTINGS].public_url, str(following))
        headers["Link"] = f'<{address}>; rel="next"'
    return answer(request, shown, headers=headers)
