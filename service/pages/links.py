"""The pages of links: found by address, and one with what its checks showed."""

from aiohttp import web

from service.api.context import DATABASE
from service.api.fields import MAX_URL_CHARACTERS
from service.api.problem import not_found
from service.pages.site import cursor_of, id_of, page, told_as_page
from service.store.citations import list_citing
from service.store.links import get_link, list_links
from service.store.observations import list_observations
from workers.url import is_fetchable


@told_as_page
async def show_links(request: web.Request) -> web.StreamResponse:
    """Show the links that name one resource."""
    url = request.query.get("url", "")[:MAX_URL_CHARACTERS]
    # People leave the scheme out; it does not count in the look-up anyway.
    found = await list_links(request.app[DATABASE], url=url if is_fetchable(url) else f"https://{url}")
    return page(request, "links.html", {"page": found, "url": url})


@told_as_page
async def show_link_page(request: web.Request) -> web.StreamResponse:
    """Show one link, the articles that cite it and what its checks showed."""
    database, link_id = request.app[DATABASE], id_of(request)
    link = await get_link(database, link_id)
    if link is None:
        raise not_found("link", link_id)
    values = {
        "link": link,
        "citing": await list_citing(database, link_id),
        "page": await list_observations(database, link_id=link_id, cursor=cursor_of(request)),
    }
    return page(request, "link.html", values)
