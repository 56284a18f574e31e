"""From citations to the distinct links that have to be asked for, and back again.

Pure: which citations stand for one link, which can be told without asking, and what each turned out to be.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from workers.model import (
    Decision,
    Defect,
    Document,
    Format,
    FoundLink,
    LinkReport,
    LinkTask,
    Outcome,
    Recovery,
    Repair,
    Verdict,
)
from workers.on_demand import on_demand
from workers.regex import regex
from workers.repair.surroundings import Surroundings
from workers.report import ArticleReport, CitationReport
from workers.url import is_fetchable

if TYPE_CHECKING:
    from workers.repair import normalise as mending
    from workers.repair import propose as proposing
else:
    mending = on_demand("workers.repair.normalise")
    proposing = on_demand("workers.repair.propose")

_LISTS = frozenset({Format.SITEMAP, Format.FEED})
_FOLDER_TITLE = "Index of /"  # as Apache, nginx and most others head the list of a folder

# A script that does nothing stands where a link was stripped.
_EMPTY_SCRIPTS = frozenset({"", "void(0)", "void0", "void(null)", "returnfalse", "//"})

# A whole address as people write it, damaged or not; anything else may lean on a base.
_ABSOLUTE = regex(r"\s*(?:[a-z]{2,8}(?::|%3A)|www\.)", re.IGNORECASE)
_LEAST_SLASHES = 2  # one may stand in a name of a file and its folder: 'setup.py/x'
# The first few places say what a link is about; a link of a footer may stand in hundreds.
MAX_CONTEXTS = 3

HARD_DEFECTS = frozenset(
    {
        Defect.NO_SCHEME,
        Defect.BAD_SCHEME,
        Defect.LINE_BREAK,
        Defect.HYPHEN_AT_BREAK,
        Defect.SOFT_HYPHEN,
        Defect.ZERO_WIDTH,
        Defect.INNER_SPACE,
        Defect.QUOTED,
        Defect.ENTITY_LEFT,
        Defect.ESCAPED,
        Defect.PERCENT_ENCODED,
        Defect.DOUBLE_SCHEME,
        Defect.DEFANGED,
        Defect.ELLIPSIS,
        Defect.LIGATURE,
        Defect.UNICODE_DASH,
        Defect.GLUED_WORD,
    }
)


def verdict_as_written(found: FoundLink) -> Verdict | None:
    """Return what can be told of a citation without asking anybody, or None where its link must be asked."""
    target = found.target.strip()
    if target in {"", "#"} or _is_empty_script(target):
        return Verdict(outcome=Outcome.PLACEHOLDER, rule="written/placeholder", evidence=("no target",))
    has_other_scheme = Defect.UNSUPPORTED_SCHEME in found.defects and not _is_mangled_address(target)
    if has_other_scheme or Defect.SCRIPT in found.defects:
        return _unsupported("scheme", f"{target.partition(':')[0].lower()}: is not fetched")
    if found.resolved is not None:
        return None
    return _unresolved(found, target)


def _unresolved(found: FoundLink, target: str) -> Verdict | None:
    """Return what can be told of a target that is no address as it stands."""
    if found.identifier is not None:
        return _unsupported("identifier", "no public resolver")
    if target.startswith("#"):
        return _unsupported("fragment", "a place in the article itself")
    if found.defects or _is_mangled_address(target):
        return None
    return _unsupported("relative", "relative, and no base is known")


def _is_mangled_address(target: str) -> bool:
    """Whether what reads as a relative path is an address: `http//host`, `host.tld/folder/page`."""
    form = mending.mended(target)
    rules = {edit.rule for edit in form.edits}
    is_host_and_path = target.count("/") >= _LEAST_SLASHES and not target.startswith(("/", "."))
    return is_fetchable(form.url) and ("bad_scheme" in rules or ("no_scheme" in rules and is_host_and_path))


def has_placeholder(document: Document) -> bool:
    """Whether a document holds a link whose target was stripped."""
    verdicts = (verdict_as_written(found) for found in document.links)
    return any(verdict is not None and verdict.outcome is Outcome.PLACEHOLDER for verdict in verdicts)


def _is_empty_script(target: str) -> bool:
    """Whether a target is a script that does nothing, such as `javascript:void(0);`."""
    scheme, _, script = target.partition(":")
    return scheme.lower() == "javascript" and "".join(script.lower().split()).rstrip(";") in _EMPTY_SCRIPTS


def _unsupported(rule: str, evidence: str) -> Verdict:
    """Return the verdict on a target that there is no way to ask for."""
    return Verdict(outcome=Outcome.UNSUPPORTED, rule=f"written/{rule}", evidence=(evidence,))


def address_to_ask(found: FoundLink) -> str:
    """Return the address that stands for a citation in a run: resolved, or else what is written."""
    return found.resolved if found.resolved is not None else found.target


def is_damaged(found: FoundLink) -> bool:
    """Whether the written form of a citation cannot stand, even where it answers."""
    mangled = found.resolved is None and set(found.defects) <= {Defect.UNSUPPORTED_SCHEME}
    return mangled or not HARD_DEFECTS.isdisjoint(found.defects)


def proposal_for(found: FoundLink, document: Document) -> Repair | None:
    """Return the repairs of a damaged address, with what its article says of it as evidence.

    None where nothing is wrong to see. They are made of what is written: to read it as an address may
    have covered the damage (escapes, look-alikes, stray marks).
    """
    is_absolute = found.resolved is None or _ABSOLUTE.match(found.target) is not None
    damaged = is_damaged(found)
    if not damaged and (not is_absolute or found.target == found.resolved):
        return None
    repair = proposing.propose(
        found.target if is_absolute else address_to_ask(found),
        Surroundings(
            headline=document.headline,
            anchor=found.anchor if found.anchor != found.raw else None,
            text=found.context or None,
            language=document.language,
            readings=found.readings,
            is_cut_short=Defect.ELLIPSIS in found.defects,
        ),
    )
    return repair if damaged or repair.decision is not Decision.KEEP else None


@dataclass(slots=True)
class _Cited:
    """What gathers of one link while documents are read."""

    headline: str | None
    document: Document
    repair: Repair | None
    anchors: dict[str, None] = field(default_factory=dict)
    contexts: dict[str, None] = field(default_factory=dict)
    readings: dict[str, None] = field(default_factory=dict)
    hard_defect: bool = False
    walks: bool = True


def plan(documents: Iterable[Document], *, capture: bool = False) -> list[LinkTask]:
    """Return one task for each distinct link of the documents, in the order first cited."""
    cited: dict[str, _Cited] = {}
    for document in documents:
        for found in document.links:
            if verdict_as_written(found) is None:
                key = address_to_ask(found)
                if (known := cited.get(key)) is None:
                    repair = proposal_for(found, document)
                    known = cited[key] = _Cited(headline=document.headline, document=document, repair=repair)
                _gather(known, found)
                known.walks = known.walks and lists_a_site(document)
    return _tasks(cited, capture=capture)


def _tasks(cited: Mapping[str, _Cited], *, capture: bool) -> list[LinkTask]:
    return [
        LinkTask(
            written=address,
            headline=known.headline,
            published=known.document.published,
            anchors=tuple(known.anchors),
            contexts=tuple(known.contexts),
            readings=tuple(known.readings),
            repair=known.repair,
            hard_defect=known.hard_defect,
            capture=capture,
            walks=known.walks,
        )
        for address, known in cited.items()
    ]


def lists_a_site(document: Document) -> bool:
    """Whether a document lists pages rather than citing them: a sitemap, a feed, a server's folder page.

    What an entry of a feed cites is cited as in any article.
    """
    if document.part_of is not None:
        return False
    is_list = document.format in _LISTS or bool(document.entries)
    return is_list or (document.headline or "").startswith(_FOLDER_TITLE)


def _gather(known: _Cited, found: FoundLink) -> None:
    """Add what one more citation says of a link."""
    if found.anchor and found.anchor != found.raw:
        known.anchors.setdefault(found.anchor)
    if found.context and found.context != found.raw and len(known.contexts) < MAX_CONTEXTS:
        known.contexts.setdefault(found.context)
    known.readings.update(dict.fromkeys(found.readings))
    known.hard_defect |= is_damaged(found)


def plan_recovered(
    document: Document, recoveries: Mapping[int, Recovery], *, capture: bool = False
) -> list[LinkTask]:
    """Return one task for each distinct target that is sure among the recoveries of an article.

    `recoveries` are keyed by the citation's number in the document.
    """
    cited: dict[str, _Cited] = {}
    for number, recovery in recoveries.items():
        if recovery.decision is Decision.AUTO and recovery.best is not None:
            new = _Cited(headline=document.headline, document=document, repair=None, walks=False)
            known = cited.setdefault(recovery.best, new)
            _gather(known, document.links[number])
    return _tasks(cited, capture=capture)


def report_article(
    document: Document,
    reports: Mapping[str, LinkReport],
    recoveries: Mapping[int, Recovery] | None = None,
) -> ArticleReport:
    """Return the article with what each citation turned out to be; `reports` are keyed by written address.

    A link without a report (the run was interrupted) is left out of the citations. `recoveries` are keyed
    by the citation's number in the document.
    """
    citations = []
    for number, found in enumerate(document.links):
        verdict = verdict_as_written(found)
        if verdict is not None:
            recovery = (recoveries or {}).get(number)
            citations.append(_told_as_written(found, verdict, recovery, reports))
        elif (report := reports.get(address_to_ask(found))) is not None:
            citations.append(_citation(found, report))
    return ArticleReport(
        source=document.source,
        headline=document.headline,
        published=document.published,
        citations=tuple(citations),
    )


def _told_as_written(
    found: FoundLink, verdict: Verdict, recovery: Recovery | None, reports: Mapping[str, LinkReport]
) -> CitationReport:
    """Return a citation without a target; one that was found again has its link's outcome."""
    if recovery is None or recovery.decision is not Decision.AUTO or recovery.best is None:
        return CitationReport(
            found=found, outcome=verdict.outcome, original=None, recovery=recovery, evidence=verdict.evidence
        )
    report = reports.get(recovery.best)
    if report is None:
        return CitationReport(
            found=found,
            outcome=verdict.outcome,
            original=recovery.best,
            recovery=recovery,
            evidence=(*verdict.evidence, "found again, and not checked in this run"),
        )
    return CitationReport(
        found=found,
        outcome=report.verdict.outcome,
        original=report.original,
        recovery=recovery,
        evidence=report.verdict.evidence,
        aliases=report.aliases,
    )


def _citation(found: FoundLink, report: LinkReport) -> CitationReport:
    """Return one asked citation with its link's report."""
    return CitationReport(
        found=found,
        outcome=report.verdict.outcome,
        original=None if report.verdict.outcome is Outcome.MALFORMED else report.original,
        repair=report.repair,
        repaired=report.accepted is not None,
        evidence=report.verdict.evidence,
        aliases=report.aliases,
    )


def distinct_links(reports: Sequence[LinkReport]) -> tuple[LinkReport, ...]:
    """Return one report an original: where a repair led to a link cited elsewhere, that link's own report."""
    by_original: dict[str, LinkReport] = {}
    for report in reports:
        held = by_original.get(report.original)
        if held is None or (held.written != held.original and report.written == report.original):
            by_original[report.original] = report
    return tuple(by_original.values())
