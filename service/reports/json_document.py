"""A run as one JSON document, as the command's contract writes it."""

from collections.abc import Iterable, Iterator

from service.reports import shapes
from service.reports.json_lines import encode, encode_each
from workers.model import Outcome
from workers.report import ArticleReport, RunReport


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield the document piece by piece, one citation or link a line.

    One that is indented would take the slow encoder, and one made whole the memory of all its parts.
    """
    yield from _members(shapes.run_head(run))
    yield '"articles": ['
    yield from _listed(_article(article) for article in run.articles)
    yield '],\n"links": ['
    cited = zip(run.links, run.cited_by, strict=True)
    yield from _listed((line,) for line in encode_each(shapes.link(each, count) for each, count in cited))
    yield "]}\n"


def _article(article: ArticleReport) -> Iterator[str]:
    yield from _members(shapes.article_head(article))
    yield '"citations": ['
    lines = encode_each(shapes.citation(each, article.source) for each in article.citations)
    yield from _listed((line,) for line in lines)
    yield "]}"


def _members(head: shapes.Shape) -> Iterator[str]:
    """Yield an object's opening and its first members; others follow."""
    yield "{"
    for name, value in head.items():
        yield f"{encode(name)}: {encode(value)},\n"


def _listed(items: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the items of an array, each given in pieces."""
    is_first = True
    for pieces in items:
        yield "\n" if is_first else ",\n"
        is_first = False
        yield from pieces
