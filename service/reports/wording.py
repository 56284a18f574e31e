"""How a finding is said to a person in one line, the same in every report."""

from workers.model import Decision, FoundLink, FoundOn, Outcome, Recovery, RecoveryReason
from workers.report import CitationReport, is_recovered

NOT_FOUND = {
    RecoveryReason.NO_PAGE: "its article's own page is not known or shows it no more",
    RecoveryReason.NO_PLACE: "its sentence is not on the article's page",
    RecoveryReason.NO_LINK: "the article's page has no link there",
    RecoveryReason.AMBIGUOUS: "several places fit",
    RecoveryReason.UNKNOWN: "the article's page or an archive could not be asked",
}
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
    is_mended = citation.repaired or is_recovered(citation)
    return "✎" if is_mended else MARKS.get(citation.outcome, "✗")


def subject(citation: CitationReport) -> str:
    """Return the link as its reader knows it: its anchor and its target as written, on one line."""
    found = citation.found
    target = one_line(found.target) or "(empty)"
    anchor = one_line(found.anchor)
    return f"“{anchor}” {target}" if anchor and anchor != target else target


def advice(citation: CitationReport) -> str | None:
    """Return what may stand in place of the written form, or None."""
    repair = citation.repair
    if citation.recovery is not None:
        return found_again(citation.recovery)
    if citation.aliases:
        return f"now at: {citation.aliases[0].url} ({citation.aliases[0].evidence[-1]})"
    if citation.repaired:
        return f"repaired: {citation.original}"
    if repair is not None and repair.decision in {"auto", "needs_live", "suggest"}:
        other = next((each.url for each in repair.candidates if each.url != citation.found.target), None)
        return None if other is None else f"perhaps: {other}"
    return None


def found_again(recovery: Recovery) -> str:
    """Return what came of looking for a stripped link: its target, how sure, and where it was found."""
    if recovery.best is None:
        return f"not found again: {NOT_FOUND.get(recovery.reason, recovery.reason)}"
    said = "found again" if recovery.decision is Decision.AUTO else "perhaps"
    sure = next((f" ({each.score:.2f})" for each in recovery.candidates if each.url == recovery.best), "")
    return f"{said}{sure}: {recovery.best}{_source(recovery.found_on)}"


def _source(page: FoundOn | None) -> str:
    if page is None:
        return ""
    day = f" of {page.memento_datetime:%Y-%m-%d}" if page.memento_datetime else ""
    return f" — on the {'capture' if page.kind == 'memento' else 'live page'}{day} {page.url}"


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
