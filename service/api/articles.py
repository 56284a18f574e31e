"""Articles: submitted as a body, as JSON or by address, and read back with their citations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.api.answers import accepted, answer
from service.api.audits import enqueue_audit
from service.api.context import DATABASE, JOBS
from service.api.fields import Given, IdPath, PageQuery, View, WebAddress, given
from service.api.idempotency import SEEN_KEYS, IdempotencyHeader
from service.api.lists import Listing, listing
from service.api.operation import Answer, Resource, Upload
from service.api.problem import not_found
from service.api.reading import read_submission
from service.api.views import CitationView, citation_view
from service.store.articles import get_article, list_articles, submit_article
from service.store.audits import create_audit
from service.store.citations import list_citations
from service.store.ledger import StoreLedger
from service.store.values import NewArticle, StoredArticle
from workers.extract.detect import BY_MEDIA_TYPE
from workers.extract.source import Source
from workers.ledger import ArticleState, Cause, Reading, Scope
from workers.model import Format

articles = Resource("articles", "Documents whose links are kept whole.")

# Told from their content, for their names say too little.
GENERIC = ("text/plain", "application/xml", "text/xml")
COMMONEST = ("text/markdown", "text/html", "text/plain")
UPLOADS = (*COMMONEST, *sorted({*BY_MEDIA_TYPE, *GENERIC} - {*COMMONEST, "application/json"}))
MAX_NAME = 1_000
DEFAULT_SOURCE = "article"


class ArticleView(View):
    """One article, without its content."""

    id: int
    source: str = Field(description="The name people know it by.")
    url: str | None
    format: Format | None
    media_type: str | None
    digest: str | None = Field(description="SHA-256 of the content; null until it is fetched.")
    size_bytes: int
    headline: str | None
    published: datetime | None
    published_source: str | None
    language: str | None
    own_url: str | None = Field(description="The article's own address, as it says itself.")
    state: ArticleState
    reason: str | None = Field(description="Why it could not be read.")
    citation_count: int
    created_at: datetime
    updated_at: datetime


class ArticleQuery(PageQuery):
    """Which articles, and which page of them."""

    state: ArticleState | None = None


class UploadQuery(BaseModel):
    """What a body does not say of itself."""

    model_config = ConfigDict(frozen=True)

    source: str = Field(
        default=DEFAULT_SOURCE, min_length=1, max_length=MAX_NAME, description="Name of an uploaded article."
    )
    url: WebAddress | None = Field(default=None, description="Its address; relative links are joined to it.")
    format: Format | None = Field(default=None, description="Read it as this, whatever its media type says.")


class ArticleSubmission(BaseModel):
    """An article as JSON: its content, or the address to fetch it from."""

    model_config = ConfigDict(
        frozen=True, json_schema_extra={"anyOf": [{"required": ["content"]}, {"required": ["url"]}]}
    )

    content: Given[str] = given("The article itself.", min_length=1)
    url: Given[WebAddress] = given("Its address; without `content` it is fetched from there, by a job.")
    format: Given[Format] = given("How to read `content`; left out, it is told from it.")
    source: Given[str] = given("The name people know it by.", min_length=1, max_length=MAX_NAME)
    headline: Given[str] = given("Its headline, where the content does not show it.", max_length=MAX_NAME)

    @model_validator(mode="after")
    def _something_to_read(self) -> Self:
        if self.content is None and self.url is None:
            raise ValueError("One of content, url is needed")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """An article to be kept: as the store takes it, as it is read, and where the request held it.

    `document` is None where the article is to be fetched first.
    """

    new: NewArticle
    document: Source | None
    headline: str | None = None
    pointer: str = "#"


def article_view(stored: StoredArticle) -> ArticleView:
    """Return what is shown of an article."""
    return ArticleView.model_validate(stored)


@articles.get(
    "/v1/articles", answers={200: Answer(description="A page of articles.", model=Listing[ArticleView])}
)
async def list_all_articles(request: web.Request, *, query: ArticleQuery) -> web.StreamResponse:
    """List articles, the newest first."""
    page = await list_articles(
        request.app[DATABASE], cursor=query.cursor, limit=query.limit, state=query.state
    )
    return listing(request, page, shape=article_view, model=Listing[ArticleView])


@articles.get("/v1/articles/{id}", answers={200: Answer(description="The article.", model=ArticleView)})
async def show_article(request: web.Request, *, path: IdPath) -> web.StreamResponse:
    """Show one article."""
    return answer(request, article_view(await _article(request, path.id)))


@articles.get(
    "/v1/articles/{id}/citations",
    answers={200: Answer(description="A page of citations.", model=Listing[CitationView])},
)
async def list_article_citations(
    request: web.Request, *, path: IdPath, query: PageQuery
) -> web.StreamResponse:
    """List the citations of an article, in the order of its source."""
    stored = await _article(request, path.id)
    page = await list_citations(request.app[DATABASE], stored.id, cursor=query.cursor, limit=query.limit)
    return listing(
        request, page, shape=lambda each: citation_view(each, stored.source), model=Listing[CitationView]
    )


@articles.post(
    "/v1/articles",
    uploads=UPLOADS,
    answers={
        202: Answer(
            description="The article is kept, and its links are queued to be checked.",
            model=ArticleView,
            headers={"Location": "The article."},
            links={
                "article": ("show_article", {"id": "$response.body#/id"}),
                "citations": ("list_article_citations", {"id": "$response.body#/id"}),
            },
        ),
        409: Answer(description="The Idempotency-Key stands for another request.", problem=True),
        503: Answer(description="Too many articles are being read.", problem=True),
    },
)
async def submit(
    request: web.Request,
    *,
    query: UploadQuery,
    headers: IdempotencyHeader,
    body: ArticleSubmission | Upload,
) -> web.StreamResponse:
    """Submit an article: its content as the body or as JSON, or the address to fetch it from.

    Content is read at once, so that what cannot be read is refused here; an address is fetched by a
    job. The same article submitted again is the same article.
    """
    request.app[SEEN_KEYS].check(headers.key, str(request.rel_url).encode() + await request.read())
    submission = _from_upload(body, query) if isinstance(body, Upload) else _from_json(body)
    reading = None
    if submission.document is not None:
        reading = await read_submission(
            request.app,
            submission.document,
            format=submission.new.format,
            headline=submission.headline,
            pointer=submission.pointer,
        )
    stored = await _keep(request, submission.new, reading)
    return accepted(request, article_view(stored), path=f"/v1/articles/{stored.id}")


def _from_upload(body: Upload, query: UploadQuery) -> Submission:
    declared = None if body.media_type in GENERIC else BY_MEDIA_TYPE[body.media_type]
    return Submission(
        new=NewArticle(
            source=query.source,
            url=query.url,
            format=query.format or declared,
            media_type=body.media_type,
            charset=body.charset,
            content=body.content,
        ),
        document=Source(
            name=query.source,
            data=body.content,
            media_type=body.media_type,
            charset=body.charset,
            base=query.url,
        ),
    )


def _from_json(body: ArticleSubmission) -> Submission:
    source = body.source or body.url or DEFAULT_SOURCE
    if body.content is None:
        return Submission(new=NewArticle(source=source, url=body.url, format=body.format), document=None)
    return Submission(
        new=NewArticle(source=source, url=body.url, format=body.format, content=body.content.encode()),
        document=Source(name=source, text=body.content, base=body.url),
        headline=body.headline,
        pointer="#/content",
    )


async def _keep(request: web.Request, new: NewArticle, reading: Reading | None) -> StoredArticle:
    """Keep an article with what was read of it, and ask for what is still to be done."""
    database, jobs = request.app[DATABASE], request.app[JOBS]
    stored, _ = await submit_article(database, new)
    if reading is None:
        if stored.state is ArticleState.QUEUED:
            await jobs.enqueue_article(stored.id)
        return stored
    if stored.state is ArticleState.QUEUED:
        await StoreLedger(database).store_reading(stored.id, reading)
    audit, _ = await create_audit(
        database, Scope(article_ids=(stored.id,)), cause=Cause.ARTICLE, key=f"article:{stored.id}"
    )
    await enqueue_audit(request, audit)
    return await get_article(database, stored.id) or stored


async def _article(request: web.Request, article_id: int) -> StoredArticle:
    stored = await get_article(request.app[DATABASE], article_id)
    if stored is None:
        raise not_found("article", article_id)
    return stored
