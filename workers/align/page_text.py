"""A page as one run of words, with the place of every link in it.

One walk without recursion over the parsed tree; every part is bounded, so that hostile markup costs no
more than its bytes.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import turbohtml
from turbohtml import Element, Node, Text

from workers.align.unwrap import Rewriting, find_rewriting
from workers.align.wording import Words, fold, words_in, words_of
from workers.url import is_fetchable, join
from workers.verdict.blocks import BLOCK_TAGS, HIDDEN, OUTSIDE, SILENT_TAGS, flags_of
from workers.verdict.charset import decode_page

MAX_PAGE_BYTES: Final = 4_000_000
MAX_LINKS: Final = 3000
MAX_WORDS: Final = 60_000
MAX_BLOCKS: Final = 20_000
_MAX_HREF_CHARS = 8192
_WORD_CHARS = 4
_LABELS = ("title", "aria-label", "alt")
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """One link of a page: its absolute target, and the words `start…end` of the page that are its anchor.

    `label` are the words of its title or of the image inside it. `is_content` is False in menus, footers
    and boxes beside the piece.
    """

    number: int
    url: str
    start: int
    end: int
    label: tuple[str, ...] = ()
    is_content: bool = True
    is_image: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageText:
    """The words of a page in order, its links in order, its content, and where blocks begin."""

    url: str
    words: tuple[str, ...]
    links: tuple[PageLink, ...]
    content_words: tuple[str, ...] = ()
    borders: tuple[int, ...] = ()

    def block_around(self, word: int) -> tuple[int, int]:
        """Return the words (first, behind the last) of the block that holds a word."""
        after = bisect_right(self.borders, word)
        return (
            self.borders[after - 1] if after else 0,
            self.borders[after] if after < len(self.borders) else len(self.words),
        )

    def anchor_of(self, link: PageLink) -> tuple[str, ...]:
        """Return the words of a link, those of its label where it shows none."""
        return self.words[link.start : link.end] or link.label


@dataclass(slots=True, kw_only=True)
class _Open:
    """A link as it is walked through: offsets into the folded text of its block."""

    href: str
    start: int
    end: int
    label: str
    is_content: bool
    is_image: bool = False


@dataclass(slots=True)
class _Written:
    """A link of the page as it is written, its words placed."""

    opened: _Open
    start: int
    end: int


@dataclass(slots=True)
class _Walk:
    """The block under way, and the words and links of those done."""

    words: list[str] = field(default_factory=list)
    content: list[str] = field(default_factory=list)
    links: list[_Written] = field(default_factory=list)
    borders: list[int] = field(default_factory=list)
    blocks: int = 0
    link: _Open | None = None
    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _flags: int = 0
    _open: list[_Open] = field(default_factory=list)

    def is_full(self) -> bool:
        links, words = len(self.links) + len(self._open), len(self.words) + self._length // _WORD_CHARS
        return words >= MAX_WORDS or links >= MAX_LINKS or self.blocks >= MAX_BLOCKS

    def say(self, data: str, flags: int) -> None:
        if not self._parts:
            self._flags = flags
        folded = fold(data)
        self._parts.append(folded)
        self._length += len(folded)

    def open(self, href: str, label: str, flags: int, *, is_image: bool = False) -> None:
        at = self._length
        opened = _Open(
            href=href, start=at, end=at, label=label, is_content=not flags & OUTSIDE, is_image=is_image
        )
        self._open.append(opened)
        if not is_image:
            self.link = opened

    def shut(self) -> None:
        if self.link is not None:
            self.link.end = self._length
            self.link = None

    def end_block(self) -> None:
        """Place the words and links of the block; a link that goes on begins anew in the next one."""
        going_on = self.link
        self.shut()
        if self._parts or self._open:
            read = words_in("".join(self._parts))
            self._place(read)
            self._parts.clear()
            self._open.clear()
            self._length = 0
            self.blocks += 1
        if going_on is not None:
            self.open(going_on.href, going_on.label, 0 if going_on.is_content else OUTSIDE)

    def _place(self, read: Words) -> None:
        base = len(self.words)
        self.borders.append(base)
        for opened in self._open:
            first, last = read.between(opened.start, opened.end)
            if first < last or opened.label or opened.is_image:
                self.links.append(_Written(opened, base + first, base + last))
        self.words.extend(read.words)
        if not self._flags & OUTSIDE:
            self.content.extend(read.words)


def read_page_text(
    body: bytes, *, url: str, charset: str | None = None, stamp: str | None = None
) -> PageText:
    """Return the words and links of an HTML page; `stamp` is the time of its capture as 14 digits.

    Links are absolute and free of an archive's rewriting; those that lead nowhere are left out.
    """
    text, _ = decode_page(body[:MAX_PAGE_BYTES], charset=charset)
    document = turbohtml.parse(text)
    walk = _Walk()
    if document.root is not None:
        _walk(document.root, walk)
    rewriting = find_rewriting([link.opened.href for link in walk.links], stamp=stamp)
    base = _base_of(document, url, rewriting)
    return PageText(
        url=url,
        words=tuple(walk.words),
        links=tuple(_links(walk.links, base, rewriting)),
        content_words=tuple(walk.content),
        borders=tuple(walk.borders),
    )


def _walk(root: Element, walk: _Walk) -> None:
    stack: list[tuple[Node | None, int, bool]] = [(root, 0, False)]
    while stack and not walk.is_full():
        node, flags, is_link = stack.pop()
        if node is None:
            if is_link:
                walk.shut()
            else:
                walk.end_block()
        elif isinstance(node, Text):
            walk.say(node.data, flags)
        elif isinstance(node, Element):
            _enter(node, flags, walk, stack)
    walk.end_block()


def _enter(node: Element, flags: int, walk: _Walk, stack: list[tuple[Node | None, int, bool]]) -> None:
    """Begin one element: put its children on the stack, and behind them the end of its block or link."""
    tag = node.tag
    if tag in SILENT_TAGS:
        return
    flags |= flags_of(node, tag)
    if flags & HIDDEN:
        return
    if tag == "br":
        walk.say("\n", flags)
    elif tag == "img":
        _image(node, flags, walk)
    elif tag in BLOCK_TAGS:
        walk.end_block()
        stack.append((None, 0, False))
    elif tag == "a" and (href := (node.attr("href") or "").strip()) and len(href) <= _MAX_HREF_CHARS:
        walk.shut()
        walk.open(href, _label(node), flags)
        stack.append((None, 0, True))
    stack.extend([(child, flags, False) for child in reversed(node.children)])


def _image(node: Element, flags: int, walk: _Walk) -> None:
    """Take an image: its words are the label of the link around it, and it has an address of its own."""
    label = _label(node)
    if walk.link is not None and not walk.link.label:
        walk.link.label = label
    sources = (node.attr(name) or "" for name in _SOURCES)
    source = next((each.strip() for each in sources if each.strip() and not each.startswith("data:")), "")
    if source and label and len(source) <= _MAX_HREF_CHARS:
        walk.open(source, label, flags, is_image=True)


def _label(node: Element) -> str:
    return next((value for name in _LABELS if (value := node.attr(name))), "")


def _base_of(document: turbohtml.Document, url: str, rewriting: Rewriting) -> str:
    element = document.find("base")
    written = (element.attr("href") or "").strip() if element is not None else ""
    return (join(rewriting.unwrap(written), url) if written else None) or url


def _links(written: Sequence[_Written], base: str, rewriting: Rewriting) -> Iterator[PageLink]:
    number = 0
    for link in written:
        href = "".join(c for c in link.opened.href if c not in "\t\n\r")
        if href.startswith("#"):
            continue
        url = join(rewriting.unwrap(href), base)
        if url is None or not is_fetchable(url):
            continue
        yield PageLink(
            number=number,
            url=url,
            start=link.start,
            end=link.end,
            label=words_of(link.opened.label),
            is_content=link.opened.is_content,
            is_image=link.opened.is_image,
        )
        number += 1
