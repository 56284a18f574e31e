"""Make the rebuilt pages and small observations at hand."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from workers.model import Failure, Hop, Observation
from workers.verdict.context import Context
from workers.verdict.outcome import decide
from workers.verdict.page import Page, read_page

sys.path.insert(0, str(Path(__file__).parents[2] / "fixtures" / "pages"))

URL = "https://daily.example/2019/03/04/eastern-pier-closed"


def make_observation(
    body: bytes = b"",
    *,
    url: str = URL,
    final: str | None = None,
    status: int | None = 200,
    via: tuple[int, ...] = (),
    failure: Failure | None = None,
    complete: bool = True,
    headers: dict | None = None,
) -> Observation:
    hops = tuple(Hop(url=url, status=code) for code in via)
    if status is not None:
        hops += (Hop(url=final or url, status=status),)
    return Observation(
        url=url,
        observed_at=datetime(2026, 1, 5, tzinfo=UTC),
        final_url=final or url,
        status=status,
        hops=hops,
        failure=failure,
        body=body,
        body_complete=complete,
        media_type="text/html",
        charset="utf-8",
        received_bytes=200 + len(body),  # the head counts too
        headers=headers or {},
    )


def make_page(html: str, *, url: str = URL) -> Page:
    return read_page(html.encode(), media_type="text/html", charset="utf-8", url=url)


@pytest.fixture
def judge() -> Callable:
    """Return a function that judges one answer given as HTML and what came with it."""

    def judged(html: str = "", *, context: Context | None = None, **facts: object):
        observation = make_observation(html.encode(), **facts)
        page = make_page(html, url=observation.final_url) if html else None
        return decide(observation, page=page, context=context or Context())

    return judged


@pytest.fixture
def observation() -> Callable:
    return make_observation


@pytest.fixture
def page() -> Callable:
    return make_page
