"""A run as text for a terminal."""

from collections.abc import Iterator

from service.reports import wording
from workers.model import Outcome
from workers.report import ArticleReport, RunReport, is_finding


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield the findings of each article, then counts by outcome."""
    for article in run.articles:
        yield from _article(article, fail_on)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in run.summary.items())
    total = sum(len(article.citations) for article in run.articles)
    ended = "" if run.complete else " (interrupted: what was found so far)"
    yield f"{total} citations, {len(run.links)} links: {counts or 'nothing to check'}{ended}\n"


def _article(article: ArticleReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield one article: its name, its error or a line for each citation that is not plainly well."""
    if article.error is not None:
        yield f"{article.source}\n  error: {article.error}\n"
        return
    told = [c for c in article.citations if is_finding(c, fail_on) or c.outcome is not Outcome.OK]
    if not told:
        return
    yield f"{article.source}" + (f" — {article.headline}\n" if article.headline else "\n")
    for citation in told:
        yield f"  {wording.mark(citation)} {wording.place(citation.found):>8}  {wording.message(citation)}\n"
