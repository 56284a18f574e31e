"""A run as GitHub workflow commands: an annotation a finding.

Source: docs.github.com, workflow commands (`::error file=,line=,col=::message`).
"""

from collections.abc import Iterator

from service.reports import wording
from workers.model import ALIVE, Outcome
from workers.report import RunReport, is_finding


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield an error a finding and a warning for what could not be told."""
    for article in run.articles:
        name = _property(article.source)
        if article.error is not None:
            yield f"::error file={name}::{_data(article.error)}\n"
        for each in article.citations:
            level = "error" if is_finding(each, fail_on) else "warning"
            if level == "warning" and each.outcome in {*ALIVE, Outcome.UNSUPPORTED}:
                continue
            found = each.found
            spot = f",line={found.line},col={found.column}" if found.line is not None else ""
            yield f"::{level} file={name}{spot},title={each.outcome}::{_data(wording.message(each))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
