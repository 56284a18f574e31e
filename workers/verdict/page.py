"""One fetched body as a page: its text without menus and teasers, and what it says of itself.

Pure and linear: the walk has no recursion and every part is bounded, so hostile markup costs no more
than its bytes.
"""

from dataclasses import dataclass
from typing import TypedDict

import turbohtml

from workers.url import join
from workers.verdict.blocks import Block, count_words, find_blocks
from workers.verdict.charset import decode_page
from workers.verdict.signs import Signs, read_signs
from workers.verdict.substance import count_substance

_HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})
_TEXT_TYPES = frozenset({"text/plain", "application/json", "text/markdown", "application/problem+json"})
_READ_TYPES = _HTML_TYPES | _TEXT_TYPES
_BINARY_STARTS = (
    b"%PDF-",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"RIFF",
    b"\x00\x00\x00",
)
_MAX_PAGE_BYTES = 1_048_576
_MAX_TITLE_CHARS = 500
_SHELL_WORDS = 25
_PLAIN_LINES = 200
_SECTIONS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one body shows.

    `blocks` are all visible text blocks in source order; `main_text` joins those that are content, by
    newlines, and `main_words` counts its words (half the letters in scripts without spaces), while
    `text_words` counts everything visible and `substance` the words of paragraphs that say something.
    `main_heading` is the first content heading, '' without one. Addresses (`canonical`, `og_url`,
    `refresh_url`, `script_target`) are absolute, None where absent. `status_hint` is a 404 or 410 the
    page's own data names. `is_shell` means that scripts would have to run before there is anything to
    judge; `is_blank` that there is nothing at all to see. `is_html` is False for files and for plain
    text, whose lines are the blocks. `controls` counts buttons and fields.
    """

    url: str
    is_html: bool
    charset: str = ""
    title: str = ""
    main_heading: str = ""
    headings: tuple[str, ...] = ()
    blocks: tuple[Block, ...] = ()
    main_text: str = ""
    main_words: int = 0
    text_words: int = 0
    substance: int = 0
    canonical: str | None = None
    og_url: str | None = None
    og_title: str = ""
    og_type: str = ""
    site_name: str = ""
    description: str = ""
    generator: str = ""
    language: str | None = None
    refresh_url: str | None = None
    refresh_delay_s: int | None = None
    script_target: str | None = None
    password_fields: int = 0
    controls: int = 0
    hosts: frozenset[str] = frozenset()
    scripts: int = 0
    script_text: str = ""
    noscript_text: str = ""
    embeds: int = 0
    is_noindex: bool = False
    is_dated: bool = False
    names_error: bool = False
    holds_back: bool = False
    has_ad_block_key: bool = False
    status_hint: int | None = None
    is_shell: bool = False
    is_blank: bool = False

    @property
    def is_divided(self) -> bool:
        """Whether the content stands under several headings of its own, as that of no error page does."""
        own = (block for block in self.blocks if block.level and block.is_content and not block.is_linked)
        return sum(1 for _ in own) >= _SECTIONS


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPage:
    """A body decoded and parsed, and nothing looked at yet.

    `document` is None for what is no HTML; `text` is its text then, '' for a body that is no text at all.
    """

    url: str
    codec: str = ""
    text: str = ""
    document: turbohtml.Document | None = None
    is_text: bool = True

    def read(self) -> Page:
        """Return what the page shows."""
        if not self.is_text:
            return Page(url=self.url, is_html=False)
        if self.document is None:
            return _plain_page(self.text, self.codec, self.url)
        return _html_page(self.document, self.codec, self.url)


def open_page(body: bytes, *, media_type: str | None, charset: str | None, url: str) -> OpenPage:
    """Return `body` decoded and parsed; at most its first megabyte is looked at.

    `media_type` and `charset` are what the header said, None where it was silent.
    """
    body = body[:_MAX_PAGE_BYTES]
    if _is_binary(body, media_type):
        return OpenPage(url=url, is_text=False)
    text, codec = decode_page(body, charset=charset)
    if not _is_html(text, media_type):
        return OpenPage(url=url, codec=codec, text=text)
    return OpenPage(url=url, codec=codec, document=turbohtml.parse(text))


def read_page(body: bytes, *, media_type: str | None, charset: str | None, url: str) -> Page:
    """Return what `body`, answered by `url`, shows; a body that is no text gives a page without any.

    The arguments are those of `open_page`.
    """
    return open_page(body, media_type=media_type, charset=charset, url=url).read()


def _is_binary(body: bytes, media_type: str | None) -> bool:
    if body.startswith(_BINARY_STARTS):
        return True
    if media_type is None:
        return b"\x00" in body[:512] and not body.startswith((b"\xff\xfe", b"\xfe\xff"))
    return media_type not in _READ_TYPES


def _is_html(text: str, media_type: str | None) -> bool:
    if media_type in _HTML_TYPES:
        return True
    return media_type is None and "<" in text[:1000]


def _plain_page(text: str, codec: str, url: str) -> Page:
    lines = [line.strip() for line in text[:65_536].splitlines()[:_PLAIN_LINES]]
    blocks = tuple(
        Block(text=line, level=0, words=count_words(line), link_words=0, is_content=True)
        for line in lines
        if line
    )
    words = sum(block.words for block in blocks)
    return Page(
        url=url,
        is_html=False,
        charset=codec,
        blocks=blocks,
        main_text="\n".join(block.text for block in blocks),
        main_words=words,
        text_words=words,
        substance=count_substance(blocks),
        is_blank=not blocks,
    )


def _html_page(document: turbohtml.Document, codec: str, url: str) -> Page:
    """Return a page with its text, and with what its elements say besides."""
    signs = read_signs(document, url)
    shown = _shown_by(document)
    return Page(
        **shown,
        url=url,
        is_html=True,
        charset=codec,
        canonical=signs.canonical,
        og_url=join(signs.og.get("og:url", ""), url) if signs.og.get("og:url") else None,
        og_title=signs.og.get("og:title", ""),
        og_type=signs.og.get("og:type", ""),
        site_name=signs.og.get("og:site_name", ""),
        description=signs.description or signs.og.get("og:description", ""),
        generator=signs.generator,
        language=signs.language,
        refresh_url=signs.refresh_url,
        refresh_delay_s=signs.refresh_delay_s,
        script_target=signs.script_target,
        password_fields=signs.password_fields,
        controls=signs.controls,
        hosts=frozenset(signs.hosts),
        scripts=signs.scripts,
        script_text=signs.script_text,
        noscript_text=signs.noscript_text,
        embeds=signs.embeds,
        is_noindex=signs.is_noindex,
        is_dated=signs.is_dated or "article:published_time" in signs.og,
        names_error=signs.names_error,
        holds_back=signs.holds_back,
        has_ad_block_key=signs.has_ad_block_key,
        status_hint=signs.status_hint,
        is_shell=shown["text_words"] < _SHELL_WORDS and signs.scripts > 0,
        is_blank=_is_blank(signs, shown["text_words"]),
    )


class _Shown(TypedDict):
    """The fields of a page that its text gives."""

    title: str
    main_heading: str
    headings: tuple[str, ...]
    blocks: tuple[Block, ...]
    main_text: str
    main_words: int
    text_words: int
    substance: int


def _shown_by(document: turbohtml.Document) -> _Shown:
    blocks = find_blocks(document.root) if document.root else ()
    content = _content_of(blocks)
    headings = [block for block in blocks if block.level]
    return _Shown(
        title=title_of(document),
        main_heading=_main_heading(headings),
        headings=tuple(block.text for block in headings),
        blocks=blocks,
        main_text="\n".join(block.text for block in content),
        main_words=sum(block.words for block in content),
        text_words=sum(block.words for block in blocks),
        substance=count_substance(blocks),
    )


def _content_of(blocks: tuple[Block, ...]) -> list[Block]:
    """Return the blocks that are the page's own text: no menus, no teasers, no lists of links."""
    content = [block for block in blocks if block.is_content and (block.level or not block.is_linked)]
    if any(not block.level for block in content):
        return content
    # Some layouts put everything into parts named as menus: what is no link text is then all there is.
    return [block for block in blocks if not block.is_linked] or content


def _main_heading(headings: list[Block]) -> str:
    """Return the heading of the piece: the first of the highest level that is content, unlinked first."""
    inside = [block for block in headings if block.is_content] or headings
    plain = [block for block in inside if not block.is_linked] or inside
    return min(plain, key=lambda block: block.level).text if plain else ""


def title_of(document: turbohtml.Document) -> str:
    """Return the title of a document on one line, at most 500 characters, '' without one."""
    title = document.find("title")
    return " ".join(title.text.split())[:_MAX_TITLE_CHARS] if title else ""


def _is_blank(signs: Signs, text_words: int) -> bool:
    return not (text_words or signs.scripts or signs.embeds or signs.refresh_url or signs.noscript_text)
