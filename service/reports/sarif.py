"""A run as SARIF 2.1.0, for code scanning. Source: OASIS SARIF 2.1.0."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote

from service.reports import wording
from workers.model import Outcome
from workers.report import ArticleReport, CitationReport, RunReport, is_finding

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# Halves of surrogate pairs that do not stand for a byte of a file's name.
_STRAY_HALF = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_MEANINGS = {
    Outcome.OK: "The written form had to be repaired.",
    Outcome.MOVED: "The page moved for good.",
    Outcome.SOFT_404: "The server answers 200 with an error page.",
    Outcome.PARKED: "The domain is for sale or hijacked.",
    Outcome.GONE: "The page or its host does not exist.",
    Outcome.DOWN: "The server did not answer as it should; this may pass.",
    Outcome.BLOCKED: "It cannot be told from here.",
    Outcome.REFUSED: "Policy forbids fetching it.",
    Outcome.PLACEHOLDER: "The target was stripped.",
    Outcome.MALFORMED: "It is no address, even after repair.",
    Outcome.UNSUPPORTED: "There is nothing to fetch.",
}


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield the whole document: a result a finding, a notification for each article that failed."""
    results = [
        _result(each, article.source)
        for article in run.articles
        for each in article.citations
        if is_finding(each, fail_on)
    ]
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "linkwright",
                        "version": run.version,
                        "rules": [
                            {"id": str(outcome), "shortDescription": {"text": text}}
                            for outcome, text in _MEANINGS.items()
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": results,
                "invocations": [
                    {
                        "executionSuccessful": all(article.error is None for article in run.articles),
                        "toolExecutionNotifications": [
                            _notification(article) for article in run.articles if article.error is not None
                        ],
                    }
                ],
            }
        ],
    }
    yield json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _result(citation: CitationReport, source: str) -> dict[str, object]:
    """Return one finding with its place."""
    location: dict[str, object] = {"artifactLocation": {"uri": _uri(source)}}
    if citation.found.line is not None:
        location["region"] = {"startLine": citation.found.line, "startColumn": citation.found.column}
    return {
        "ruleId": str(citation.outcome),
        "level": "error",
        "message": {"text": wording.message(citation)},
        "locations": [{"physicalLocation": location}],
    }


def _uri(source: str) -> str:
    """Return the name of an article as a URI reference: the bytes of a file's name, in percent codes."""
    return quote(_STRAY_HALF.sub("\N{REPLACEMENT CHARACTER}", source), safe="/:", errors="surrogateescape")


def _notification(article: ArticleReport) -> dict[str, object]:
    """Return the error of one article."""
    return {
        "level": "error",
        "message": {"text": article.error},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": _uri(article.source)}}}],
    }
