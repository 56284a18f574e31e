"""A page's tree as a flat list of text blocks, each with what its place says about it.

One walk without recursion, so that depth costs nothing. Whether a block is content is decided here by
where it stands: menus, footers, banners and hidden parts are marked, lists of teasers found afterwards.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from turbohtml import Element, Node, Text

from workers.regex import regex

BLOCK_TAGS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption "  # noqa: SIM905
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section "
    "summary table tbody td tfoot th thead tr ul".split()
)
SILENT_TAGS = frozenset(
    "applet audio canvas datalist embed head iframe map math noembed noframes noscript object option script "  # noqa: SIM905
    "select style svg template textarea video".split()
)
_OUTSIDE_TAGS = frozenset({"aside", "footer", "menu", "nav", "dialog"})
_OUTSIDE_ROLES = frozenset(
    {
        "alertdialog",
        "banner",
        "complementary",
        "contentinfo",
        "dialog",
        "menu",
        "menubar",
        "navigation",
        "search",
    }
)
_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
# Names of these say how the whole page looks, or are a heading's own.
_UNNAMED_TAGS = frozenset({"html", "body", "main", *_HEADINGS})
# Words in class and id names that web authors of every language use for what is not the content.
_OUTSIDE_NAME = regex(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|navi|menu|submenu|topbar|toolbar|footer|foot|sidebar|side-bar|breadcrumbs?|"
    r"crumbs?|cookies?|cookie\w*|gdpr|consent|newsletter|share|sharing|social|related|recommend\w*|popular|trending|"
    r"mostread|most-read|teasers?|promo\w*|advert\w*|ads?|sponsor\w*|widget-area|widget_\w+|pagination|pager|skip\w*|modal|popup|"
    r"overlay|masthead|colophon|siteinfo|site-header|siteheader|page-header-nav|global-header|copyright|"
    r"disqus|comments?|commentlist|latest\w*|see-also|readmore|more-news)(?:$|[-_\s])",
    re.IGNORECASE,
)
# `no-sidebar`, `has-ads`, `without-nav` describe a layout and name no part of it.
_LAYOUT_NAME = regex(r"(?:^|[-_\s])(?:no|has|with|without|is|not|col|grid|row)[-_]", re.IGNORECASE)
_HIDDEN_STYLE = regex(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_WIDE_SCRIPT = regex(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_MAX_BLOCKS = 4000
_TEASER_WORDS = 80
_TEASERS_IN_LIST, _TITLE_WORDS = 3, 3
_SHORTEST_NAME = 3

OUTSIDE, LINK, HIDDEN, HEADER, CODE = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One run of text between block borders.

    `level` is 1…6 for a heading and 0 for the rest; `words` and `link_words` count words, of text in
    scripts without spaces half its letters. `is_content` is False for menus, footers and teasers,
    `is_code` is True for what stands in `pre`.
    """

    text: str
    level: int
    words: int
    link_words: int
    is_content: bool
    is_code: bool = False

    @property
    def is_linked(self) -> bool:
        """Whether most of the text is link text."""
        return self.link_words * 2 > self.words


def count_words(text: str) -> int:
    """Return the number of words; in scripts without spaces (Chinese, Thai …) half the letters count."""
    words = len(text.split())
    return words if text.isascii() else words + len(_WIDE_SCRIPT.findall(text)) // 2


def find_blocks(root: Element) -> tuple[Block, ...]:
    """Return the visible text blocks below `root` in source order, at most 4,000."""
    walk = _Walk()
    stack: list[tuple[Node | None, int, int]] = [(root, 0, 0)]
    while stack and len(walk.blocks) < _MAX_BLOCKS:
        node, flags, level = stack.pop()
        if node is None:
            walk.close()
        elif isinstance(node, Text):
            walk.text(node.data, flags, level)
        elif isinstance(node, Element):
            _open(node, (flags, level), walk, stack)
    walk.close()
    return _without_teasers(walk.blocks)


def _open(
    node: Element, place: tuple[int, int], walk: "_Walk", stack: list[tuple[Node | None, int, int]]
) -> None:
    """Begin one element: put its children on the stack, and after them the end of its block."""
    tag = node.tag
    if tag in SILENT_TAGS:
        return
    flags, level = place[0] | flags_of(node, tag), place[1]
    if flags & HIDDEN:
        return
    if tag == "br":
        walk.text("\n", flags, level)
        return
    if tag in BLOCK_TAGS:
        walk.close()
        stack.append((None, 0, 0))
        level = _HEADINGS.get(tag, level)
        flags |= CODE if tag == "pre" else 0
    stack.extend([(child, flags, level) for child in reversed(node.children)])


class _Walk:
    """The block under way and those done."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._linked: list[str] = []
        self._flags = 0
        self._level = 0

    def text(self, data: str, flags: int, level: int) -> None:
        if not self._parts:
            if data.isspace():
                return
            self._flags, self._level = flags, level
        self._parts.append(data)
        if flags & LINK:
            self._linked.append(data)

    def close(self) -> None:
        if not self._parts:
            return
        text = " ".join("".join(self._parts).split())
        if text:
            self.blocks.append(
                Block(
                    text=text,
                    level=self._level,
                    words=count_words(text),
                    link_words=count_words(" ".join(self._linked)) if self._linked else 0,
                    is_content=self._is_content(),
                    is_code=bool(self._flags & CODE),
                )
            )
        self._parts.clear()
        self._linked.clear()

    def _is_content(self) -> bool:
        # A <header> holds the heading of a piece, and beside it menus and slogans.
        return not self._flags & OUTSIDE and not (self._flags & HEADER and not self._level)


def flags_of(node: Element, tag: str) -> int:
    """Return what tag, role and names say of an element's place: `OUTSIDE`, `LINK`, `HIDDEN`, `HEADER`."""
    if tag in _OUTSIDE_TAGS:
        return OUTSIDE
    if tag == "a":
        href = node.attr("href")
        return LINK if href and not href.startswith("#") else 0
    flags = HEADER if tag == "header" else 0
    attrs = node.attrs
    if attrs:
        if "hidden" in attrs or ("style" in attrs and _HIDDEN_STYLE.search(node.attr("style") or "")):
            flags = HIDDEN
        elif node.attr("role") in _OUTSIDE_ROLES or (tag not in _UNNAMED_TAGS and _is_outside_name(node)):
            flags = OUTSIDE
    return flags


def _is_outside_name(node: Element) -> bool:
    names = f"{node.attr('class') or ''} {node.attr('id') or ''}"
    return (
        len(names) >= _SHORTEST_NAME
        and _OUTSIDE_NAME.search(names[:300]) is not None
        and _LAYOUT_NAME.search(names[:300]) is None
    )


def _without_teasers(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Mark linked headings that come as a list, and the short texts under them, as no content."""
    counts: dict[int, int] = {}
    for block in blocks:
        if block.level and block.is_linked and block.is_content:
            counts[block.level] = counts.get(block.level, 0) + 1
    lists = {level for level, count in counts.items() if count > 1}
    # A menu is links in a row; teasers are links with a text of their own each.
    pairs = sum(
        _is_linked_line(line) and not (text.level or text.is_linked) for line, text in pairwise(blocks)
    )
    if pairs >= _TEASERS_IN_LIST:
        lists.add(0)
    if not lists:
        return tuple(blocks)
    out: list[Block] = []
    is_teaser = False
    for block in blocks:
        if block.level or _is_linked_line(block):
            is_teaser = block.is_linked and block.level in lists
        outside = is_teaser and block.words < _TEASER_WORDS
        out.append(replace(block, is_content=False) if outside and block.is_content else block)
    return tuple(out)


def _is_linked_line(block: Block) -> bool:
    """Whether a block of content is all link, and long enough for a title rather than a button."""
    return (
        block.is_content
        and not block.level
        and block.words >= _TITLE_WORDS
        and block.link_words == block.words
    )
