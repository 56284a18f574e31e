"""The paragraphs of a piece, read from the tree without a walk: those that every rule counts as content."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import turbohtml
from turbohtml import Element, Node, Text

from workers.verdict.blocks import (
    BLOCK_TAGS,
    HEADER,
    HIDDEN,
    LINK,
    OUTSIDE,
    SILENT_TAGS,
    count_words,
    flags_of,
)

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_RUN_TAGS = [*sorted(_HEADINGS), "p", "a"]
_INLINE_TAGS = frozenset(
    "abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd mark q s samp small span strike "  # noqa: SIM905
    "strong sub sup time tt u var".split()
)
_EMPTY_TAGS = frozenset({"br", "img", "wbr"})
_PARAGRAPH_WORDS, _TITLE_WORDS = 18, 3
_LEADING_BLOCKS = 6
# What is deeper, or has more links and short lines before its text, goes through all the rules.
_MOST_PARTS, _MOST_DEPTH = 200, 60
FEWEST_WORDS, MOST_WORDS = 150, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraphs:
    """The paragraphs under a heading: their words, up to 500, and where the beginning of the piece ends.

    `lead_end` is the paragraph with which 150 words and six blocks of content are there, None where they
    never are.
    """

    words: int
    lead_end: Element | None


def find_paragraphs(document: turbohtml.Document) -> Paragraphs | None:
    """Return the paragraphs between the only main heading and the next heading; None for doubt.

    Counting ends where a line of links might begin a list of teasers.
    """
    headings = document.find_all("h1")
    links = _links_in_line(headings[0]) if len(headings) == 1 else None
    if links is None or not _is_shown(headings[0]):
        return None
    words, blocks = 0, 1
    end: Element | None = None
    for paragraph, count in _counted(document, own_links=len(links)):
        blocks += 1
        if count >= _PARAGRAPH_WORDS:
            words += count
        if end is None and words >= FEWEST_WORDS and blocks >= _LEADING_BLOCKS:
            end = paragraph
        if words >= MOST_WORDS:
            break
    return Paragraphs(words=words, lead_end=end)


def _is_shown(heading: Element) -> bool:
    """Whether a heading stands in the content and has a text."""
    return bool(heading.text.strip()) and _stands_free(heading)


def _counted(document: turbohtml.Document, own_links: int) -> Iterator[tuple[Element, int]]:
    """Yield each paragraph of the piece that is no link text, with its words.

    `own_links` are those of the heading, and then of the paragraph at hand: they come behind it.
    """
    inside: Node | None = None
    for element in islice(_below_heading(document), _MOST_PARTS):
        if element.tag == "a":
            if not own_links and _may_be_teaser(element):
                return
            own_links = max(0, own_links - 1)
        elif (element.parent == inside and not element.attrs) or _stands_free(element):
            inside = element.parent
            links = _links_in_line(element)
            if links is None:
                continue
            own_links = len(links)
            words = count_words(element.text)
            linked = _linked_words(links, words) if links else 0
            if linked >= words >= _TITLE_WORDS:
                return
            if linked * 2 <= words != 0:
                yield element, words


def _below_heading(document: turbohtml.Document) -> Iterator[Element]:
    """Yield the paragraphs and links between the main heading and the next heading."""
    is_below = False
    for element in document.iter_elements(_RUN_TAGS):
        tag = element.tag
        if tag not in _HEADINGS:
            if is_below:
                yield element
        elif is_below:
            return
        else:
            is_below = tag == "h1"


def _stands_free(element: Element) -> bool:
    """Whether neither the element nor a part around it says of itself anything but content."""
    node: Node | None = element
    for _ in range(_MOST_DEPTH):
        if not isinstance(node, Element):
            return True
        tag = node.tag
        if tag in SILENT_TAGS or flags_of(node, tag) or (tag in _HEADINGS and node != element):
            return False
        node = node.parent
    return False


def _links_in_line(element: Element) -> list[Element] | None:
    """Return the links of an element whose text is one block that all is shown; None for others."""
    links = []
    for part in element.iter_elements():
        tag = part.tag
        if tag == "a":
            links.append(part)
        elif tag not in _EMPTY_TAGS and (tag not in _INLINE_TAGS or flags_of(part, tag)):
            return None
    return links


def _linked_words(links: list[Element], words: int) -> int:
    """Return the words of the links among so many; that they are few is told by their letters."""
    if sum(len(link.text) + 1 for link in links) * 2 <= words:
        return 0
    return sum(count_words(" ".join(link.strings)) for link in links if flags_of(link, "a") & LINK)


def _may_be_teaser(link: Element) -> bool:
    """Whether a link may be all that its block of content says, alone or with others."""
    if not flags_of(link, "a") & LINK:
        return False
    is_inline = not any(part.tag in BLOCK_TAGS for part in link.iter_elements())
    if is_inline and (_is_word_before(link.previous_sibling) or _is_word_behind(link.next_sibling)):
        return False
    return not _stands_beside(link)


def _stands_beside(element: Element) -> bool:
    """Whether an element is known to stand in a menu, a banner or anything else that is no content."""
    node: Node | None = element
    for _ in range(_MOST_DEPTH):
        if not isinstance(node, Element):
            return False
        if node.tag in SILENT_TAGS or flags_of(node, node.tag) & (OUTSIDE | HIDDEN | HEADER):
            return True
        node = node.parent
    return False


def _is_word_before(node: Node | None) -> bool:
    return isinstance(node, Text) and not node.data.isspace() and node.data[-1:].isspace()


def _is_word_behind(node: Node | None) -> bool:
    return isinstance(node, Text) and not node.data.isspace() and node.data[:1].isspace()
