"""The pages of articles: the list of them, and one with its citations."""

from aiohttp import web

from service.api.context import DATABASE
from service.api.problem import not_found
from service.pages.site import cursor_of, id_of, page, told_as_page
from service.store.articles import get_article, list_articles
from service.store.citations import list_citations
from service.store.decisions import list_proposals

CITATIONS_A_PAGE = 200


@told_as_page
async def show_articles(request: web.Request) -> web.StreamResponse:
    """Show the articles, newest first."""
    found = await list_articles(request.app[DATABASE], cursor=cursor_of(request))
    return page(request, "articles.html", {"page": found})


@told_as_page
async def show_article_page(request: web.Request) -> web.StreamResponse:
    """Show one article with its citations."""
    database, article_id = request.app[DATABASE], id_of(request)
    article = await get_article(database, article_id)
    if article is None:
        raise not_found("article", article_id)
    found = await list_citations(database, article_id, cursor=cursor_of(request), limit=CITATIONS_A_PAGE)
    values = {
        "article": article,
        "page": found,
        "proposals": await list_proposals(database, found.items),
        "cursor": cursor_of(request),
    }
    return page(request, "article.html", values)
