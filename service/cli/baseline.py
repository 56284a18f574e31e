"""Findings that the last run had already: a run against a baseline fails for new ones only."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from workers.errors import InvalidSetting
from workers.made import Made
from workers.model import Outcome
from workers.report import ArticleReport, CitationReport, RunReport, is_finding

MAX_FILE_BYTES = 512_000_000

_Key = tuple[str, str]  # source and target as written: line numbers move with every edit


def read_baseline(path: Path, fail_on: frozenset[Outcome]) -> Counter[_Key]:
    """Return how many findings the JSON report of an earlier run has by source and target.

    A link that failed is known however it failed: gone today and down yesterday is nothing new.

    Raises:
        InvalidSetting: the file cannot be read, or is no report of `check --format json`.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InvalidSetting(f"--baseline: {path} is larger than {MAX_FILE_BYTES} bytes")
        document = json.loads(path.read_text(encoding="utf-8"))
        return Counter(_findings(document, fail_on))
    except OSError as error:
        raise InvalidSetting(f"--baseline: {path}: {(error.strerror or str(error)).lower()}") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise InvalidSetting(f"--baseline: {path} is no report of `check --format json`") from None


def _findings(document: dict[str, list[dict[str, object]]], fail_on: frozenset[Outcome]) -> Iterator[_Key]:
    for article in document["articles"]:
        citations = article["citations"]
        if not isinstance(citations, list):
            raise TypeError("citations are a list")
        for each in citations:
            if Outcome(each["outcome"]) in fail_on or each.get("repaired") or each.get("recovery"):
                yield str(article["source"]), str(each["target"])


def mark_known(run: RunReport, baseline: Counter[_Key], fail_on: frozenset[Outcome]) -> RunReport:
    """Return the run with the findings marked that the baseline has, as often as it has them."""
    left = Counter(baseline)
    return replace(run, articles=[_mark(article, left, fail_on) for article in run.articles])


def _mark(article: ArticleReport, left: Counter[_Key], fail_on: frozenset[Outcome]) -> ArticleReport:
    known = set()
    for place, citation in enumerate(article.citations):
        key = (article.source, citation.found.target)
        if is_finding(citation, fail_on) and left[key] > 0:
            left[key] -= 1
            known.add(place)

    def citation_at(place: int) -> CitationReport:
        citation = article.citations[place]
        return replace(citation, is_known=True) if place in known else citation

    return replace(article, citations=Made(range(len(article.citations)), citation_at)) if known else article
