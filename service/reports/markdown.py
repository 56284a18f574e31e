"""A run as Markdown, for a pull request, a wiki or a ticket."""

from collections.abc import Iterator

from service.reports import wording
from workers.model import Outcome
from workers.report import ArticleReport, RunReport, is_finding

_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>()#|~"})


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield counts by outcome as a table, then a list of findings for each article."""
    yield "# Links\n\n| outcome | citations |\n|---|---:|\n"
    for outcome, count in run.summary.items():
        yield f"| {outcome} | {count} |\n".replace("_", "\\_")
    for article in run.articles:
        yield from _article(article, fail_on)


def _article(article: ArticleReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield a section for an article with findings or an error."""
    findings = [each for each in article.citations if is_finding(each, fail_on)]
    if article.error is None and not findings:
        return
    yield f"\n## {_plain(article.headline or article.source)}\n\n`{article.source.replace('`', '')}`\n\n"
    if article.error is not None:
        yield f"- error: {_plain(article.error)}\n"
    for each in findings:
        yield f"- {wording.place(each.found)} **{_plain(each.outcome)}** {_plain(wording.message(each))}\n"


def _plain(text: str) -> str:
    """Return text in which nothing is markup."""
    return text.translate(_SPECIAL)
