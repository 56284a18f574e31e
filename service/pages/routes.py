"""Where the pages for people stand."""

from aiohttp import web

from service.pages.docs import show_docs
from service.pages.site import set_up_site


def add_pages(app: web.Application) -> None:
    """Add the pages, their templates and their assets to `app`."""
    set_up_site(app)
    app.router.add_get("/docs", show_docs)
