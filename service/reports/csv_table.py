"""A run as a CSV table, a row a citation, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator

from workers.model import Outcome
from workers.report import RunReport

COLUMNS = (
    "source", "line", "column", "locator", "kind", "outcome", "original", "raw", "anchor",
    "repair_decision", "repair_best", "recovery_decision", "recovery_best", "recovery_reason",
    "evidence",
)  # fmt: skip

# A spreadsheet takes a cell that starts with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def render(run: RunReport, fail_on: frozenset[Outcome]) -> Iterator[str]:
    """Yield the header, then a row a citation; a failed article has a row with its error as evidence."""
    yield _row(COLUMNS)
    for article in run.articles:
        if article.error is not None:
            yield _row((article.source, *[""] * (len(COLUMNS) - 2), article.error))
        for each in article.citations:
            found = each.found
            yield _row(
                (
                    article.source,
                    found.line or "",
                    found.column or "",
                    found.locator or "",
                    found.kind,
                    each.outcome,
                    each.original or "",
                    found.raw,
                    found.anchor,
                    each.repair.decision if each.repair else "",
                    each.repair.best.url if each.repair else "",
                    each.recovery.decision if each.recovery else "",
                    (each.recovery.best or "") if each.recovery else "",
                    each.recovery.reason if each.recovery else "",
                    "; ".join(each.evidence),
                )
            )


def _row(cells: tuple[object, ...]) -> str:
    """Return one line of CSV with cells that would be formulas made plain text by a leading quote."""
    plain = [f"'{text}" if (text := str(cell)).startswith(_FORMULA_STARTS) else text for cell in cells]
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(plain)
    return line.getvalue()
