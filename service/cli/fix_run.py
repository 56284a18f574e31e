"""One run of `fix`: the pipeline of `check`, verified captures for dead links, the article written anew."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from service.cli.check_run import CheckPlan, run_check
from service.cli.inputs import STANDARD_INPUT, Read, ReadInput, read_sources
from service.cli.options import fail_on_of
from service.cli.progress import progress_for
from service.cli.wiring import Parts
from service.reports.wording import message, one_line, place
from service.settings import Settings
from workers.errors import CannotMend, UnreadableDocument
from workers.extract.detect import detect_format
from workers.extract.isolate import IsolatedReader
from workers.extract.source import Source
from workers.extract.walk import read_file, walk
from workers.mend.accept import accepted_changes
from workers.mend.cases import cases_as_read, cases_of_run, wants_capture
from workers.mend.change import Change, Ground, Mended
from workers.mend.mend import can_mend, mend, unwritable
from workers.model import FAILED, VERIFIED, Document, LinkReport, LookupState, Memento
from workers.reading import plan_reading
from workers.report import FINDINGS, CitationReport, RunReport, is_finding
from workers.url import is_fetchable, lookup_key


@dataclass(frozen=True, slots=True, kw_only=True)
class FixPlan:
    """What one run was asked to do."""

    path: str
    lookups: bool = True
    recover: bool = True
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """An article written anew; `left` says in lines what an editor still has to mend."""

    source: Source
    document: Document
    mended: Mended
    left: tuple[str, ...] = ()


async def run_fix(asked: FixPlan, settings: Settings) -> Fixed | None:
    """Check an article as `check` does and return it written anew, or None where that was interrupted.

    Raises:
        UnreadableDocument, CannotMend: it cannot be read, or not written in its format.
    """
    articles: list[ReadInput] = []

    async def keep(_parts: Parts, read: Sequence[Read], run: RunReport) -> None:
        if run.complete:
            articles.append(only_article(asked.path, read))

    refuse_unwritable(asked.path)
    plan = CheckPlan(
        inputs=(asked.path,),
        apart=False,
        lookups=asked.lookups,
        recover=asked.recover,
        verify=asked.lookups,
    )
    run = await run_check(plan, settings, then=keep, progress=progress_for(quiet=False))
    if not articles:
        return None
    (article,), (report,) = articles, run.articles
    links = {link.original: link for link in run.links} | {link.written: link for link in run.links}
    cases = cases_of_run(
        article.document, report.citations, links, captures=verified_captures(run), moved=asked.moved
    )
    mended = await asyncio.to_thread(write_anew, article, accepted_changes(cases))
    findings = [each for each in report.citations if is_finding(each, fail_on_of(settings))]
    left = tuple(left_lines(article.document, findings, mended, links))
    return Fixed(source=article.source, document=article.document, mended=mended, left=left)


def fix_as_read(asked: FixPlan) -> Fixed:
    """Return an article with the repairs that are certain by themselves; nobody is asked.

    Raises:
        UnreadableDocument, CannotMend: it cannot be read, or not written in its format.
    """
    refuse_unwritable(asked.path)
    with closing(IsolatedReader()) as reader:
        article = only_article(asked.path, list(read_sources([asked.path], reader)))
    reading = plan_reading(article.document)
    mended = write_anew(article, accepted_changes(cases_as_read(article.document, reading.citations)))
    done = {applied.change.position for applied in mended.applied}
    left = tuple(
        f"{place(each.found)} left: {each.outcome or 'not asked'}: {one_line(each.found.target) or '(empty)'}"
        for position, each in enumerate(reading.citations)
        if position not in done and (each.outcome in FINDINGS or each.hard_defect)
    )
    return Fixed(source=article.source, document=article.document, mended=mended, left=left)


def refuse_unwritable(path: str) -> None:
    """Refuse what cannot be written anew before anybody is asked about its links.

    Raises:
        UnreadableDocument, CannotMend: it cannot be read, or not written in its format.
    """
    if path == STANDARD_INPUT or is_fetchable(path):
        return
    source = read_file(path)
    if isinstance(source, UnreadableDocument):
        raise source
    first = next(walk([path]), source)
    if isinstance(first, Source) and first.name != path:
        raise CannotMend(f"{path}: is an archive; unpack it and name one article")
    if not can_mend(written_as := detect_format(source)):
        raise unwritable(path, written_as)


def only_article(path: str, read: Sequence[Read]) -> ReadInput:
    """Return the one article that `path` is.

    Raises:
        UnreadableDocument, CannotMend: it cannot be read, or is an archive of several.
    """
    if len(read) != 1:
        raise CannotMend(f"{path}: holds {len(read)} articles; one at a time is written anew")
    if isinstance(read[0], UnreadableDocument):
        raise read[0]
    return read[0]


def verified_captures(run: RunReport) -> dict[str, Memento]:
    """Return the captures that were chosen for failed links and show the page, by original."""
    chosen = {link.original: link.choice.memento for link in run.links if link.choice is not None}
    return {original: each for original, each in chosen.items() if each and each.quality in VERIFIED}


def write_anew(article: ReadInput, changes: Sequence[Change]) -> Mended:
    """Return the article with `changes` made, each read back.

    Raises:
        CannotMend: its format, or these very bytes, cannot be written.
    """
    with closing(IsolatedReader()) as reader:
        return mend(
            article.source,
            article.document,
            changes,
            read=lambda source, written_as: reader.find_links(source, format=written_as),
        )


def left_lines(
    document: Document,
    findings: Sequence[CitationReport],
    mended: Mended,
    links: Mapping[str, LinkReport],
) -> Iterator[str]:
    """Yield a line for each of `findings` that is not settled by the changes, nor told as refused.

    A target that was found again, or a repair that is certain by itself, may be dead: it is still to mend.
    """
    settled = [document.links[refused.change.position] for refused in mended.refused]
    changed = {document.links[each.change.position]: each.change.ground for each in mended.applied}
    for citation in findings:
        ground = changed.get(citation.found)
        fails = citation.outcome in FAILED and ground in {Ground.REPAIR, Ground.RECOVERY}
        if citation.found not in settled and (ground is None or fails):
            yield f"{place(citation.found)} left: {message(citation)}{_why_no_capture(citation, links)}"


def _why_no_capture(citation: CitationReport, links: Mapping[str, LinkReport]) -> str:
    """Return what the archives said of a dead link that has no capture to take its place."""
    link = links.get(citation.original or "")
    if not wants_capture(citation) or link is None or not link.lookups:
        return ""
    said = [
        f"{each.archive}: no verified capture"
        if each.state is LookupState.FOUND
        else f"{each.archive}: {each.state}{f' ({one_line(each.reason)})' if each.reason else ''}"
        for each in link.lookups
        if lookup_key(each.original) == lookup_key(link.original)
    ]
    return f" — {'; '.join(said)}"
