"""From citations to the distinct links that have to be asked for.

Pure but for what is kept on disk: of each link its task, as the articles are read one after the other.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Final

from workers.made import Made
from workers.model import Document, Format, FoundLink, LinkTask
from workers.packed import Packed
from workers.spill import Spilled
from workers.written import address_to_ask, is_damaged, proposal_for, verdict_as_written

_LISTS = frozenset({Format.SITEMAP, Format.FEED})
_FOLDER_TITLE = "Index of /"  # as Apache, nginx and most others head the list of a folder

# The first few places say what a link is about; a link of a footer may stand in hundreds.
MAX_CONTEXTS: Final = 3
MAX_ANCHORS: Final = 16
_PACKED_TASK: Final = Packed(LinkTask)


class Planner:
    """Gathers one task for each distinct link of articles, numbered from 0 in the order first cited.

    `capture` asks for every link to be captured too.
    """

    def __init__(self, *, capture: bool = False) -> None:
        self._capture = capture
        self._kept = Spilled(_PACKED_TASK)
        # By the hash of their address, which takes less than it; two addresses hardly ever share one.
        self._numbers: dict[int, int] = {}
        self._clashing: dict[str, int] = {}

    def __len__(self) -> int:
        """Return how many links there are."""
        return len(self._kept)

    def add(self, found: FoundLink, document: Document, *, is_listed: bool) -> int:
        """Return the number of the link that a citation of `document` stands for; see `lists_a_site`."""
        address = address_to_ask(found)
        number = self._number_of(address)
        if number == len(self._kept):
            task = LinkTask(
                written=address,
                headline=document.headline,
                published=document.published,
                repair=proposal_for(found, document),
                capture=self._capture,
                walks=is_listed,
                number=number,
            )
            self._keep(_cited(task, found, walks=task.walks))
        else:
            self._cite(number, found, walks=is_listed)
        return number

    def add_recovered(
        self, found: FoundLink, document: Document, address: str, *, is_wanted: Callable[[str], bool]
    ) -> int | None:
        """Return the number of the link that was found again for a citation of `document`.

        None where no article has it yet and it is not wanted.
        """
        number = self._number_of(address)
        if number < len(self._kept):
            return number
        if not is_wanted(address):
            return None
        task = LinkTask(
            written=address,
            headline=document.headline,
            published=document.published,
            capture=self._capture,
            number=number,
        )
        self._keep(_cited(task, found, walks=False))
        return number

    def tasks(self, numbers: Sequence[int] | None = None) -> Sequence[LinkTask]:
        """Return the tasks of these links, of all without `numbers`, each made when it is asked for."""
        return Made(range(len(self._kept)) if numbers is None else numbers, self._kept.__getitem__)

    def _number_of(self, address: str) -> int:
        """Return the number of an address that is planned already, else the next one."""
        if len(self._numbers) + len(self._clashing) < len(self._kept):
            self._find_again()
        number = self._numbers.get(hash(address))
        if number is None:
            return len(self._kept)
        if self._kept[number].written == address:
            return number
        return self._clashing.get(address, len(self._kept))

    def _keep(self, task: LinkTask) -> None:
        self._kept.append(task)
        self._note_address(task)

    def _note_address(self, task: LinkTask) -> None:
        if self._numbers.setdefault(hash(task.written), task.number) != task.number:
            self._clashing[task.written] = task.number

    def _find_again(self) -> None:
        """Make anew what finds a link by its address."""
        self.forget_addresses()
        for task in self.tasks():
            self._note_address(task)

    def _cite(self, number: int, found: FoundLink, *, walks: bool) -> None:
        task = self._kept[number]
        more = _cited(task, found, walks=task.walks and walks)
        if more != task:
            self._kept[number] = more

    def forget_addresses(self) -> None:
        """Drop what finds a link by its address; it is made again when one more is added."""
        self._numbers, self._clashing = {}, {}


def plan(documents: Iterable[Document], *, capture: bool = False) -> Sequence[LinkTask]:
    """Return one task for each distinct link of the documents, in the order first cited."""
    planner = Planner(capture=capture)
    for document in documents:
        is_listed = lists_a_site(document)
        for found in document.links:
            if verdict_as_written(found) is None:
                planner.add(found, document, is_listed=is_listed)
    return planner.tasks()


def lists_a_site(document: Document) -> bool:
    """Whether a document lists pages rather than citing them: a sitemap, a feed, a server's folder page.

    What an entry of a feed cites is cited as in any article.
    """
    if document.part_of is not None:
        return False
    is_list = document.format in _LISTS or bool(document.entries)
    return is_list or (document.headline or "").startswith(_FOLDER_TITLE)


def _cited(task: LinkTask, found: FoundLink, *, walks: bool) -> LinkTask:
    """Return a task with what one more citation says of its link."""
    anchor = found.anchor if found.anchor != found.raw else ""
    context = found.context if found.context != found.raw else ""
    is_plain = not (anchor or context or found.readings or found.defects) and found.resolved is not None
    if is_plain and walks == task.walks:
        return task
    return replace(
        task,
        anchors=_with(task.anchors, (anchor,), most=MAX_ANCHORS),
        contexts=_with(task.contexts, (context,), most=MAX_CONTEXTS),
        readings=_with(task.readings, found.readings, most=None),
        hard_defect=task.hard_defect or is_damaged(found),
        walks=walks,
    )


def _with(known: tuple[str, ...], more: tuple[str, ...], *, most: int | None) -> tuple[str, ...]:
    """Return the distinct texts of both, the empty one left out, at most so many of them."""
    return tuple(dict.fromkeys(each for each in (*known, *more) if each))[:most]
