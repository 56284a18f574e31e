"""What a page tells, so that two pages of a host can be compared whatever the order of their parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workers.verdict.blocks import Block, count_words
from workers.verdict.page import Page
from workers.verdict.similarity import without_words

_TELLING_WORDS = 5  # fewer words are alike by chance
_AS_MUCH = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The parts of a page without numbers and without the words that it repeats of its address.

    `heads` are title and heading, `lead` is the first text under them, `lines` are the texts of the content
    in no order, each with the text as it is shown.
    """

    heads: tuple[str, str]
    lead: str
    lines: Mapping[str, str]

    def lines_besides(self, other: "Story") -> list[str]:
        """Return the texts that the other story has not, as they are shown."""
        return [text for line, text in self.lines.items() if line not in other.lines]


def read_story(page: Page, repeated: frozenset[str]) -> Story:
    """Return the story of `page`; `repeated` are words of addresses that it may repeat."""
    return Story(
        heads=(without_words(page.title, repeated), without_words(page.main_heading, repeated)),
        lead=next(
            (line for block in _below_heading(page) if (line := without_words(block.text, repeated))), ""
        ),
        lines={without_words(block.text, repeated): block.text for block in told_blocks(page)},
    )


def is_retold(story: Story, other: Story) -> bool:
    """Whether two pages say the same first, and as much as stands on one besides stands on the other."""
    if story.heads != other.heads or story.lead != other.lead or len(story.lead.split()) < _TELLING_WORDS:
        return False
    return _count(story.lines_besides(other)) <= _AS_MUCH * _count(other.lines_besides(story))


def told_blocks(page: Page) -> list[Block]:
    """Return the texts of the content; of a layout that names all of it as menus, all that are no links."""
    texts = [block for block in page.blocks if not (block.level or block.is_linked)]
    return [block for block in texts if block.is_content] or texts


def _below_heading(page: Page) -> list[Block]:
    """Return the texts that stand after the main heading; all of them on a page without one."""
    texts = {id(block) for block in told_blocks(page)}
    headed = [at for at, block in enumerate(page.blocks) if block.level and block.text == page.main_heading]
    return [block for block in page.blocks[headed[0] if headed else 0 :] if id(block) in texts]


def _count(lines: Iterable[str]) -> int:
    return sum(count_words(line) for line in lines)
