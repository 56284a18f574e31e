"""Good results of earlier runs, so that a link that was fine an hour ago is not asked again.

One JSON file, replaced as a whole. Only what was good as written is kept: a failure, a repair and a status
that a person accepted are asked every time. A file of another release, or one that cannot be read, is begun
anew.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from service.cli.whole_file import write_whole
from service.reports.shapes import rfc3339
from workers.model import ALIVE, Hop, LinkReport, LinkTask, Observation, Outcome, Verdict

FORMAT = "linkwright-cache/1"
MAX_RESULTS = 50_000
MAX_FILE_BYTES = 64_000_000
ACCEPTED_RULE = "policy/accepted"

log = logging.getLogger(__name__)
Shape = dict[str, Any]


class ResultCache:
    """The kept results of one file, by written address; `now` and the age decide which still count."""

    def __init__(self, path: Path, *, age: timedelta, version: str, now: datetime) -> None:
        self._path = path
        self._version = version
        self._oldest, self._now = now - age, now
        self._results = self._load()
        self._is_changed = False

    def recall(self, task: LinkTask) -> LinkReport | None:
        """Return the kept report of a link, None where it is to be asked; one to be captured always is."""
        shape = None if task.capture else self._results.get(task.written)
        return None if shape is None else _report(task.written, shape)

    def keep(self, task: LinkTask, report: LinkReport) -> None:
        """Keep a report if it is good; one that is not drops what was kept."""
        shape = _shape(report)
        if shape is not None:
            self._results.pop(task.written, None)
            self._results[task.written] = shape
            self._is_changed = True
        elif self._results.pop(task.written, None) is not None:
            self._is_changed = True

    def save(self) -> None:
        """Write the file, the newest results at most; a file that cannot be written is only warned of."""
        if not self._is_changed:
            return
        newest = sorted(self._results.items(), key=lambda item: str(item[1]["seen_at"]))[-MAX_RESULTS:]
        document = {"format": FORMAT, "version": self._version, "results": dict(newest)}
        text = json.dumps(document, ensure_ascii=False)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self._path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            log.warning("the cache %s cannot be written: %s", self._path, error.strerror or error)

    def _load(self) -> dict[str, Shape]:
        try:
            with self._path.open("rb") as file:
                # One byte more than may be: then it ends in the middle and is no JSON.
                text = file.read(MAX_FILE_BYTES + 1)[:MAX_FILE_BYTES]
            return self._still_good(json.loads(text))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            log.warning("the cache %s cannot be read and is begun anew: %s", self._path, error)
            return {}

    def _still_good(self, document: object) -> dict[str, Shape]:
        """Return the results of this release that are young enough and whole.

        Raises:
            ValueError: the document is no cache.
        """
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise ValueError(f"it is no {FORMAT}")
        results = document.get("results")
        if document.get("version") != self._version or not isinstance(results, dict):
            return {}
        return {url: shape for url, shape in results.items() if self._counts(url, shape)}

    def _counts(self, url: str, shape: object) -> bool:
        if not isinstance(shape, dict):
            return False
        try:
            report = _report(url, shape)
        except (KeyError, TypeError, ValueError):
            return False
        seen_at = report.observation.observed_at if report.observation else self._oldest
        return report.verdict.outcome in ALIVE and self._oldest < seen_at <= self._now


def _shape(report: LinkReport) -> Shape | None:
    """Return what is kept of a report, None where nothing is."""
    seen, verdict = report.observation, report.verdict
    is_good = verdict.outcome in ALIVE and verdict.rule != ACCEPTED_RULE
    if seen is None or not is_good or report.accepted is not None or report.written != report.original:
        return None
    return {
        "seen_at": rfc3339(seen.observed_at),
        "outcome": str(verdict.outcome),
        "rule": verdict.rule,
        "evidence": list(verdict.evidence),
        "status": seen.status,
        "final_url": seen.final_url,
        "hops": [[hop.url, hop.status] for hop in seen.hops],
        "elapsed_ms": seen.elapsed_ms,
        "attempts": seen.attempts,
    }


def _report(url: str, shape: Mapping[str, Any]) -> LinkReport:
    """Return the report that was kept, and says so.

    Raises:
        KeyError, TypeError, ValueError: the shape is none that was kept.
    """
    evidence = tuple(str(each) for each in shape["evidence"])
    seen = Observation(
        url=url,
        observed_at=datetime.fromisoformat(shape["seen_at"]),
        final_url=str(shape["final_url"]),
        status=int(shape["status"]),
        hops=tuple(Hop(url=str(address), status=int(status)) for address, status in shape["hops"]),
        elapsed_ms=int(shape["elapsed_ms"]),
        attempts=int(shape["attempts"]),
    )
    verdict = Verdict(outcome=Outcome(shape["outcome"]), rule=str(shape["rule"]), evidence=evidence)
    told = (*evidence, f"kept from {shape['seen_at']}, not asked again in this run")
    return LinkReport(written=url, original=url, verdict=replace(verdict, evidence=told), observation=seen)
