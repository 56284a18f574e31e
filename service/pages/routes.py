"""Where the pages for people stand."""

from aiohttp import web

from service.pages.articles import show_article_page, show_articles
from service.pages.decisions import decide_on_page, hold_on_page
from service.pages.docs import show_docs
from service.pages.links import show_link_page, show_links
from service.pages.site import set_up_site

ID = r"{id:[0-9]{1,20}}"


def add_pages(app: web.Application) -> None:
    """Add the pages, their templates and their assets to `app`."""
    set_up_site(app)
    app.router.add_get("/", show_articles)
    app.router.add_get(f"/articles/{ID}", show_article_page, name="article")
    app.router.add_post(f"/citations/{ID}/decision", decide_on_page)
    app.router.add_get("/links", show_links)
    app.router.add_get(f"/links/{ID}", show_link_page, name="link")
    app.router.add_post(f"/links/{ID}/hold", hold_on_page)
    app.router.add_get("/docs", show_docs)
