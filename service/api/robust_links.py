"""Robust Links of an article, as JSON and as HTML."""

from collections.abc import Sequence
from datetime import UTC, datetime
from enum import StrEnum

from aiohttp import hdrs, web
from pydantic import BaseModel, ConfigDict, Field

from service.api.answers import answer, public_url, with_etag
from service.api.context import DATABASE, SETTINGS
from service.api.fields import IdPath, View
from service.api.operation import Answer, Resource
from service.api.problem import not_found
from service.reports.robust_links import SCRIPT, RobustLink, anchor, document
from service.store.articles import get_article
from service.store.citations import list_citations
from service.store.paging import MAX_LIMIT
from service.store.values import StoredCitation
from service.store.versions import Version, list_versions
from workers.archive.timestamps import timestamp_14
from workers.url import is_fetchable

robust_links = Resource("robust-links", "Links that carry their captures along.")

HTML = "text/html"
PAGE_POLICY = "default-src 'none'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'"


class Form(StrEnum):
    """How the links are written."""

    JSON = "json"
    HTML = "html"


class RobustQuery(BaseModel):
    """The form of the answer."""

    model_config = ConfigDict(frozen=True)

    format: Form | None = Field(default=None, description="Left out, the Accept header says.")


class RobustLinkView(View):
    """One link with its capture."""

    href: str = Field(description="The live address; the capture where that is dead.")
    text: str
    original: str
    version_url: str | None
    version_date: str | None = Field(description="The day of the capture.")
    dead: bool
    html: str = Field(description="The link to be put into a page.")


class RobustLinksView(View):
    """The links of one article."""

    article_id: int
    script: str = Field(description="The script that shows the captures beside the links.")
    links: tuple[RobustLinkView, ...]


@robust_links.get(
    "/v1/articles/{id}/robust-links",
    answers={
        200: Answer(description="The links; as HTML on request.", model=RobustLinksView, media_types=(HTML,))
    },
)
async def show_robust_links(request: web.Request, *, path: IdPath, query: RobustQuery) -> web.StreamResponse:
    """Give the links of an article with the captures that stand for them, in the order of its source.

    Only http and https addresses; a link whose page is gone leads to its capture.
    """
    stored = await get_article(request.app[DATABASE], path.id)
    if stored is None:
        raise not_found("article", path.id)
    links = await _links(request, stored.id, near=stored.published)
    script = _address(request, f"/assets/{SCRIPT}")
    if query.format is Form.HTML or (query.format is None and HTML in request.headers.get(hdrs.ACCEPT, "")):
        body = document(links, title=stored.headline or stored.source, script=script).encode()
        headers = {"Content-Security-Policy": PAGE_POLICY, "Vary": hdrs.ACCEPT}
        response = web.Response(body=body, content_type=HTML, charset="utf-8", headers=headers)
        return with_etag(request, response, body)
    view = RobustLinksView(article_id=stored.id, script=script, links=tuple(map(_view, links)))
    return answer(request, view, headers={"Vary": hdrs.ACCEPT})


async def _links(request: web.Request, article_id: int, *, near: datetime | None) -> list[RobustLink]:
    citations = [each for each in await _citations(request, article_id) if is_fetchable(each.original or "")]
    originals = list(dict.fromkeys(each.original or "" for each in citations))
    at = near or datetime.now(UTC)
    versions = await list_versions(request.app[DATABASE], originals, at=at)
    return [_robust(request, each, versions.get(each.original or "")) for each in citations]


async def _citations(request: web.Request, article_id: int) -> Sequence[StoredCitation]:
    found: list[StoredCitation] = []
    cursor = None
    while True:
        page = await list_citations(request.app[DATABASE], article_id, cursor=cursor, limit=MAX_LIMIT)
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def _robust(request: web.Request, citation: StoredCitation, version: Version | None) -> RobustLink:
    original = citation.original or ""
    url = None
    if version is not None:
        place = f"/memento/{timestamp_14(version.at)}/{version.original}"
        url = version.uri_m or _address(request, place)
    return RobustLink(
        original=original,
        text=citation.found.anchor,
        is_dead=citation.is_dead,
        version_url=url,
        version_at=None if version is None else version.at,
    )


def _view(link: RobustLink) -> RobustLinkView:
    return RobustLinkView(
        href=link.href,
        text=link.text,
        original=link.original,
        version_url=link.version_url,
        version_date=link.version_date,
        dead=link.is_dead,
        html=anchor(link),
    )


def _address(request: web.Request, path: str) -> str:
    return public_url(request, request.app[SETTINGS].public_url, path)
