"""A run as one JSON object a line: articles' citations, then links, then the summary."""

from collections.abc import Iterator

from service.reports import shapes
from service.reports.json_lines import encode_each
from workers.model import Outcome
from workers.report import RunReport


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield a line a citation, a line a failed article, a line a link and one line of summary."""
    return (f"{line}\n" for line in encode_each(_shapes(run)))


def _shapes(run: RunReport) -> Iterator[shapes.Shape]:
    for article in run.articles:
        if article.error is not None:
            yield {"type": "article", "source": article.source, "error": article.error}
        for each in article.citations:
            yield {"type": "citation"} | shapes.citation(each, article.source)
    for link, count in zip(run.links, run.cited_by, strict=True):
        yield {"type": "link"} | shapes.link(link, count)
    summary = {"type": "summary", "complete": run.complete, "summary": dict(run.summary)}
    yield summary | {"started": shapes.rfc3339(run.started), "finished": shapes.rfc3339(run.finished)}
