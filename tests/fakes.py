"""In-memory twins of the web and the archives, for tests of what goes on between them."""

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from workers.errors import CaptureFailed
from workers.model import Exchange, Failure, Hop, Lookup, LookupState, Memento, Observation
from workers.protocols import FetchRequest

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def page(
    title: str, text: str = "A plain sentence about what happened in town. ", *, times: int = 30
) -> bytes:
    """Return a small HTML page with a heading and some text."""
    head, body = f"<head><title>{title}</title></head>", f"<h1>{title}</h1><p>{text * times}</p>"
    return f"<html>{head}<body><main>{body}</main></body></html>".encode()


@dataclass(frozen=True)
class Answer:
    """What one address is answered with; `to` is the last address of a redirect."""

    status: int | None = 200
    body: bytes = b""
    to: str | None = None
    failure: Failure | None = None
    redirect: int = 302


@dataclass
class FakeWeb:
    """A web of fixed answers; what is not there is 404.

    `asked` holds every address asked for, in order, and `conditional` those that came with validators.
    """

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    conditional: list[str] = field(default_factory=list)

    async def observe(self, request: FetchRequest) -> Observation:
        """Answer one request."""
        self.asked.append(request.url)
        if request.validators is not None:
            self.conditional.append(request.url)
        answer = self.answers.get(request.url, Answer(404, page("Not found", times=1)))
        final = answer.to or request.url
        hops = [Hop(url=request.url, status=answer.redirect)] if answer.to else []
        if answer.status is not None:
            hops.append(Hop(url=final, status=answer.status))
        exchange = Exchange(
            url=final,
            remote_address="192.0.2.1",
            started_at=NOW,
            request_head=b"",
            response_head=b"",
            body=b"",
        )
        return Observation(
            url=request.url,
            observed_at=NOW,
            final_url=final,
            status=answer.status,
            failure=answer.failure,
            failure_reason=None if answer.failure is None else str(answer.failure),
            hops=tuple(hops),
            media_type="text/html",
            charset="utf-8",
            body=answer.body,
            body_complete=True,
            exchanges=(exchange,) if request.record else (),
        )

    async def observe_many(
        self, requests: Iterable[FetchRequest]
    ) -> AsyncIterator[tuple[FetchRequest, Observation]]:
        """Answer requests in the order given."""
        for request in requests:
            yield request, await self.observe(request)


@dataclass
class FakeArchive:
    """An archive that holds what it is told to; `full` makes every capture fail, `failing` every look-up.

    `pages` are captures as captured, `replayed` as shown to readers, both by their `uri_m`.
    """

    held: dict[str, Memento] = field(default_factory=dict)
    looked_up: list[str] = field(default_factory=list)
    captured: list[str] = field(default_factory=list)
    searched: list[str] = field(default_factory=list)
    pages: dict[str, bytes] = field(default_factory=dict)
    replayed: dict[str, bytes] = field(default_factory=dict)
    full: bool = False
    failing: bool = False

    async def lookup(self, url: str, *, near: datetime | None) -> Sequence[Lookup]:
        """Return what is held of `url`."""
        self.looked_up.append(url)
        if self.failing:
            unknown = LookupState.UNKNOWN
            return [Lookup(archive="fake", original=url, state=unknown, asked_at=NOW, reason="throttled")]
        memento = self.held.get(url)
        state = LookupState.NONE if memento is None else LookupState.FOUND
        mementos = () if memento is None else (memento,)
        return [Lookup(archive="fake", original=url, state=state, asked_at=NOW, mementos=mementos)]

    async def read(self, memento: Memento, *, raw: bool = True) -> Observation:
        """Return the page kept for a capture, 404 where there is none."""
        body = (self.pages if raw else self.replayed).get(memento.uri_m)
        return Observation(
            url=memento.uri_m,
            observed_at=NOW,
            final_url=memento.uri_m,
            status=404 if body is None else 200,
            headers={} if body is None else {"memento-datetime": "Thu, 01 Jan 2026 00:00:00 GMT"},
            media_type="text/html",
            charset="utf-8",
            body=body or b"",
            body_complete=True,
        )

    async def search(self, prefix: str, *, containing: Sequence[str]) -> Sequence[Lookup]:
        """Return what is held under a prefix."""
        self.searched.append(prefix)
        found = tuple(memento for url, memento in self.held.items() if url.startswith(prefix))
        state = LookupState.FOUND if found else LookupState.NONE
        return [Lookup(archive="fake", original=prefix, state=state, asked_at=NOW, mementos=found)]

    async def capture(self, exchanges: Sequence[Exchange]) -> Memento | None:
        """Keep one page."""
        if self.full:
            raise CaptureFailed("the disk is full")
        self.captured.append(exchanges[-1].url)
        return Memento(original=exchanges[-1].url, archive="local", memento_datetime=NOW, uri_m="/memento/x")
