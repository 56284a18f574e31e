"""All that a run has gathered so far: on disk what was found, in memory a few bytes for each of it.

Articles, citations and links are numbered from 0 as they come. An interruption leaves it as it is, and what
it holds can still be told.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workers.made import Made
from workers.model import Document, FoundLink, LinkReport, LinkTask, Outcome, Recovery
from workers.packed import Packed
from workers.plan import Planner, lists_a_site
from workers.report import ArticleReport, CitationReport
from workers.spill import Spilled
from workers.told import Told, report_asked, report_recovered, report_written
from workers.written import verdict_as_written

_OUTCOMES: Final = tuple(Outcome)
_CODES: Final = {outcome: code for code, outcome in enumerate(_OUTCOMES)}
_NOT_TOLD: Final = len(_OUTCOMES)
_PACKED_FOUND, _PACKED_REPORT = Packed(FoundLink), Packed(LinkReport)
_READ_TOLD: Final = _PACKED_REPORT.excerpt(Told)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Article:
    """One article without its citations, which are those from `first` on, up to `end`."""

    source: str
    headline: str | None = None
    published: datetime | None = None
    error: str | None = None
    is_walked: bool = False
    first: int = 0
    end: int = 0


class Gathered:
    """What one run has read, asked and found again."""

    def __init__(self, *, capture: bool = False) -> None:
        self._planner = Planner(capture=capture)
        self._articles: list[_Article] = []
        self._found = Spilled(_PACKED_FOUND)
        # Of each citation the number of its link, or, below 0, the outcome that its written form tells.
        self._links = array("q")
        self._reports = Spilled(_PACKED_REPORT)
        self._outcomes = bytearray()
        self._originals = array("q")  # hashes: few links lead to the original of another
        self._repaired: set[int] = set()
        self._recovered: dict[int, tuple[Recovery, int | None]] = {}

    # ------------------------------------------------------------ as it comes

    def add(self, document: Document) -> int:
        """Take an article as it was read; returns its number."""
        first, is_listed = len(self._links), lists_a_site(document)
        for found in document.links:
            verdict = verdict_as_written(found)
            if verdict is not None:
                self._links.append(~_CODES[verdict.outcome])
            else:
                self._links.append(self._planner.add(found, document, is_listed=is_listed))
            self._found.append(found)
        article = _Article(
            source=document.source,
            headline=document.headline,
            published=document.published,
            first=first,
            end=len(self._links),
        )
        self._articles.append(article)
        return len(self._articles) - 1

    def add_unreadable(self, source: str, error: str, *, is_walked: bool) -> None:
        """Take an article that could not be read."""
        self._articles.append(_Article(source=source, error=error, is_walked=is_walked))

    def add_recovered(
        self,
        article: int,
        document: Document,
        recoveries: Mapping[int, Recovery],
        *,
        is_wanted: Callable[[str], bool],
    ) -> None:
        """Take what was found again for an article as it was added, by the citation's number in it.

        `is_wanted` says which addresses may be asked for.
        """
        first = self._articles[article].first
        for number, recovery in recoveries.items():
            found, link = document.links[number], None
            if recovery.is_sure and recovery.best is not None:
                link = self._planner.add_recovered(found, document, recovery.best, is_wanted=is_wanted)
            self._recovered[first + number] = recovery, link

    def note(self, link: int, report: LinkReport) -> None:
        """Take the report of a link, in place of one that there was."""
        self._reports[link] = report
        if (missing := link + 1 - len(self._outcomes)) > 0:
            self._outcomes.extend([_NOT_TOLD] * missing)
            self._originals.extend([0] * missing)
        self._originals[link] = hash(report.original)
        self._outcomes[link] = _CODES[report.verdict.outcome]
        if report.written != report.original:
            self._repaired.add(link)

    # ------------------------------------------------------------ links

    def tasks(self) -> Sequence[LinkTask]:
        """Return what is still to be asked for, one task a link without a report, with the link's number."""
        unreported = (link for link in range(len(self._planner)) if link not in self._reports)
        return self._planner.tasks(array("q", unreported))

    def forget_addresses(self) -> None:
        """Drop what only further articles would need."""
        self._planner.forget_addresses()

    def reported(self) -> Iterator[tuple[int, LinkReport]]:
        """Yield every link that has a report, in the order first cited, with its number."""
        return ((link, self._reports[link]) for link in range(len(self._reports)) if link in self._reports)

    def by_address(self) -> dict[str, LinkReport]:
        """Return all reports by the address as written: for what cannot do without them in memory."""
        return {report.written: report for _, report in self.reported()}

    def originals(self) -> dict[str, str]:
        """Return what stands for each link now, by its address as written."""
        return {report.written: report.original for _, report in self.reported()}

    # ------------------------------------------------------------ told at the end

    def articles(self) -> list[ArticleReport]:
        """Return every article with what its citations turned out to be, in the order added.

        A citation whose link has no report (the run was interrupted) is left out.
        """
        return [
            ArticleReport(
                source=each.source,
                headline=each.headline,
                published=each.published,
                citations=Made(self._told_citations(each), self._citation),
                error=each.error,
                is_walked=each.is_walked,
            )
            for each in self._articles
        ]

    def summary(self) -> Mapping[str, int]:
        """Return how many citations have each outcome, commonest first."""
        counts = Counter(map(self._outcome_of, range(len(self._links))))
        named = {str(outcome): count for outcome, count in counts.items() if outcome is not None}
        return dict(sorted(named.items(), key=lambda item: (-item[1], item[0])))

    def has_mended(self) -> bool:
        """Whether a citation stands for another address than is written: repaired, or found again."""
        return bool(self._repaired) or any(recovery.is_sure for recovery, _ in self._recovered.values())

    def links(self) -> tuple[Sequence[LinkReport], Sequence[int]]:
        """Return one report an original, and how many citations stand for each.

        Where a repair led to a link cited elsewhere, that link's own report stands for both.
        """
        shown, stands_for = self._distinct()
        counts = array("Q", bytes(8 * len(stands_for)))
        for citation, link in enumerate(self._links):
            recovered = self._recovered.get(citation)
            counted = link if recovered is None else recovered[1]
            if counted is not None and self._has_original(counted):
                counts[stands_for[counted]] += 1
        return Made(shown, self._reports.__getitem__), array("Q", (counts[link] for link in shown))

    def _told_citations(self, article: _Article) -> Sequence[int]:
        numbers = range(article.first, article.end)
        if all(self._outcome_of(number) is not None for number in numbers):
            return numbers
        return array("q", (number for number in numbers if self._outcome_of(number) is not None))

    def _outcome_of(self, citation: int) -> Outcome | None:
        """Return the outcome of a citation, None where it is not known."""
        link = self._links[citation]
        recovered = self._recovered.get(citation)
        if recovered is not None and recovered[1] is not None and recovered[1] in self._reports:
            return _OUTCOMES[self._outcomes[recovered[1]]]
        if link < 0:
            return _OUTCOMES[~link]
        return _OUTCOMES[self._outcomes[link]] if link in self._reports else None

    def _has_original(self, link: int) -> bool:
        return link in self._reports and self._outcomes[link] != _CODES[Outcome.MALFORMED]

    def _citation(self, number: int) -> CitationReport:
        found, link = self._found[number], self._links[number]
        if link >= 0:
            return report_asked(found, self._told(link))
        recovery, recovered = self._recovered.get(number, (None, None))
        if recovery is not None and recovered is not None and recovered in self._reports:
            return report_recovered(found, self._told(recovered), recovery)
        verdict = verdict_as_written(found)
        if verdict is None:
            raise AssertionError("a citation without a link is told as written")
        return report_written(found, verdict, recovery)

    def _told(self, link: int) -> Told | LinkReport:
        return self._reports.read(link, _READ_TOLD)

    def _distinct(self) -> tuple[Sequence[int], Sequence[int]]:
        """Return the links whose reports are shown, and of every link the one that is shown for it."""
        every = range(len(self._reports))
        reported = array("q", (link for link in every if link in self._reports))
        if not self._repaired:
            return reported, every
        led_to = {self._originals[link] for link in self._repaired}
        shown = {link: link for link in reported}
        first: dict[str, int] = {}
        places = {}
        for link in reported:
            if self._originals[link] in led_to:
                report = self._reports[link]
                place = places[link] = first.setdefault(report.original, link)
                if place != link:
                    del shown[link]
                if report.written == report.original:
                    shown[place] = link
        stands_for = array(
            "q", (shown[places.get(link, link)] if link in self._reports else link for link in every)
        )
        return array("q", shown.values()), stands_for
