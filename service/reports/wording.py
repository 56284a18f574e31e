"""How a finding is said to a person in one line, the same in every report."""

from workers.model import FoundLink, Outcome
from workers.report import CitationReport

MARKS = {
    Outcome.OK: "✓",
    Outcome.MOVED: "→",
    Outcome.BLOCKED: "?",
    Outcome.REFUSED: "!",
    Outcome.UNSUPPORTED: "·",
}


def place(found: FoundLink) -> str:
    """Return where a citation stands: `line:column`, or the locator of a format without lines."""
    return f"{found.line}:{found.column}" if found.line is not None else found.locator or ""


def mark(citation: CitationReport) -> str:
    """Return one sign for the outcome; everything an editor must mend has the same one."""
    return "✎" if citation.repaired else MARKS.get(citation.outcome, "✗")


def subject(citation: CitationReport) -> str:
    """Return the link as its reader knows it: its anchor and its target as written, on one line."""
    found = citation.found
    target = one_line(found.target) or "(empty)"
    anchor = one_line(found.anchor)
    return f"“{anchor}” {target}" if anchor and anchor != target else target


def advice(citation: CitationReport) -> str | None:
    """Return what may stand in place of the written form, or None."""
    recovery, repair = citation.recovery, citation.repair
    if recovery is not None and recovery.best is not None:
        page = f" (found on {recovery.found_on.url})" if recovery.found_on else ""
        return f"{recovery.decision}: {recovery.best}{page}"
    if citation.aliases:
        return f"now at: {citation.aliases[0].url} ({citation.aliases[0].evidence[-1]})"
    if citation.repaired:
        return f"repaired: {citation.original}"
    if repair is not None and repair.decision in {"auto", "needs_live", "suggest"}:
        other = next((each.url for each in repair.candidates if each.url != citation.found.target), None)
        return None if other is None else f"perhaps: {other}"
    return None


def message(citation: CitationReport) -> str:
    """Return outcome, subject, evidence and advice as one sentence-like line."""
    parts = [f"{citation.outcome}: {subject(citation)}", *(one_line(each) for each in citation.evidence[:2])]
    if citation.is_known:
        parts.append("known from the baseline")
    if (said := advice(citation)) is not None:
        parts.append(said)
    return " — ".join(parts)


def one_line(text: str) -> str:
    """Return text with white space folded and control characters dropped, for terminals and annotations."""
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())
