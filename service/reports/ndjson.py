"""A run as one JSON object a line: articles' citations, then links, then the summary."""

import json
from collections.abc import Iterator

from service.reports import shapes
from workers.model import Outcome
from workers.report import RunReport

_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield a line a citation, a line a failed article, a line a link and one line of summary."""
    for article in run.articles:
        if article.error is not None:
            yield _line({"type": "article", "source": article.source, "error": article.error})
        for each in article.citations:
            yield _line({"type": "citation"} | shapes.citation(each, article.source))
    for link, count in zip(run.links, run.cited_by, strict=True):
        yield _line({"type": "link"} | shapes.link(link, count))
    summary = {"type": "summary", "complete": run.complete, "summary": dict(run.summary)}
    yield _line(summary | {"started": shapes.rfc3339(run.started), "finished": shapes.rfc3339(run.finished)})


def _line(shape: shapes.Shape) -> str:
    return _encode(shape) + "\n"
