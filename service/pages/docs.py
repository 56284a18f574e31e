"""The page that shows the API: Swagger UI, vendored, so nothing outside is asked."""

from aiohttp import web

from service.pages.site import page


async def show_docs(request: web.Request) -> web.StreamResponse:
    """Show the OpenAPI document with Swagger UI."""
    return page(request, "docs.html")
