"""Which links of which files are to be checked: patterns of the command, of settings, of single files."""

from collections.abc import Callable
from dataclasses import replace

from service.settings import Settings
from workers.model import Document, FoundLink
from workers.verdict.acceptance import compile_patterns
from workers.written import address_to_ask, verdict_as_written

IsWanted = Callable[[str], bool]


def address_filter(include: tuple[str, ...], exclude: tuple[str, ...]) -> IsWanted:
    """Return whether an address is to be checked: it matches an include (if any) and no exclude.

    Raises:
        InvalidSetting: a pattern is no regular expression.
    """
    wanted, unwanted = compile_patterns("include", include), compile_patterns("exclude", exclude)

    def is_wanted(address: str) -> bool:
        if any(pattern.search(address) for pattern in unwanted):
            return False
        return not wanted or any(pattern.search(address) for pattern in wanted)

    return is_wanted


class Selection:
    """Leaves out of documents what settings leave out: for every file, and for those of a path pattern."""

    def __init__(self, settings: Settings) -> None:
        """Read every pattern.

        Raises:
            InvalidSetting: a pattern is no regular expression.
        """
        is_set = settings.include or settings.exclude
        self._everywhere = [address_filter(settings.include, settings.exclude)] if is_set else []
        self._tables = [(table, address_filter(table.include, table.exclude)) for table in settings.files]

    def wants(self, source: str, address: str) -> bool:
        """Whether an address may be asked for on behalf of a document of that name."""
        return all(is_wanted(address) for is_wanted in self._filters(source))

    def _filters(self, source: str) -> list[IsWanted]:
        return [*self._everywhere, *(wanted for table, wanted in self._tables if table.covers(source))]

    def select(self, document: Document) -> Document:
        """Return the document without the links that are left out; what is not asked anyway stays."""
        filters = self._filters(document.part_of or document.source)
        if not filters:
            return document
        links = tuple(link for link in document.links if _stays(link, filters))
        return document if len(links) == len(document.links) else replace(document, links=links)


def _stays(link: FoundLink, filters: list[IsWanted]) -> bool:
    if verdict_as_written(link) is not None:
        return True
    address = address_to_ask(link)
    return all(is_wanted(address) for is_wanted in filters)
