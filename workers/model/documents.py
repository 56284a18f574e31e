"""What is found in an article: the article as read, its citations and their identifiers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Format(StrEnum):
    """A document format that can be read."""

    MARKDOWN = "markdown"
    HTML = "html"
    TEXT = "text"
    PDF = "pdf"
    DOCX = "docx"
    ODT = "odt"
    EPUB = "epub"
    FEED = "feed"
    SITEMAP = "sitemap"
    OPML = "opml"
    JSON = "json"
    BIBTEX = "bibtex"
    LATEX = "latex"
    RST = "rst"
    NOTEBOOK = "notebook"
    CSV = "csv"


class Kind(StrEnum):
    """What a citation is in its article."""

    LINK = "link"  # a hyperlink with an anchor: [a](b), <a href>
    IMAGE = "image"
    MEDIA = "media"  # audio, video, iframe, object
    BARE = "bare"  # an address standing in running text
    AUTOLINK = "autolink"  # <https://…>
    REFERENCE = "reference"  # a link reference definition that nothing uses
    ORIGINAL_URL = "original-url"  # the article's own address
    CANONICAL = "canonical"
    ALTERNATE = "alternate"
    METADATA = "metadata"  # og:*, JSON-LD, head links, meta refresh
    RESOURCE = "resource"  # script, stylesheet, url() in CSS
    FORM = "form"
    FOOTNOTE = "footnote"
    FEED_ITEM = "feed-item"
    IDENTIFIER = "identifier"  # a scholarly identifier in text


class Defect(StrEnum):
    """What is wrong with a written form."""

    FRAGMENT_ONLY = "fragment_only"
    EMPTY = "empty"
    SCRIPT = "script"  # javascript: in place of a target
    NO_SCHEME = "no_scheme"
    BAD_SCHEME = "bad_scheme"
    UNSUPPORTED_SCHEME = "unsupported_scheme"  # mailto, tel, data …: nothing to fetch
    LINE_BREAK = "line_break"
    HYPHEN_AT_BREAK = "hyphen_at_break"
    SOFT_HYPHEN = "soft_hyphen"
    ZERO_WIDTH = "zero_width"
    INNER_SPACE = "inner_space"
    TRAILING_PUNCTUATION = "trailing_punctuation"
    QUOTED = "quoted"
    ENTITY_LEFT = "entity_left"
    ESCAPED = "escaped"  # Markdown backslashes left on
    PERCENT_ENCODED = "percent_encoded"  # the whole address, or percent signs themselves, encoded
    DOUBLE_SCHEME = "double_scheme"
    DEFANGED = "defanged"
    ELLIPSIS = "ellipsis"
    UNICODE_DASH = "unicode_dash"
    LIGATURE = "ligature"
    GLUED_WORD = "glued_word"
    CREDENTIALS = "credentials"
    IDN_INVALID = "idn_invalid"
    UNDEFINED_REFERENCE = "undefined_reference"
    BARE_TITLE = "bare_title"  # a title behind a label of a link, and no link: nothing is written as target
    NOT_A_URL = "not_a_url"
    BAD_CHECK_DIGIT = "bad_check_digit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identifier:
    """A scholarly identifier: `scheme` such as `doi`, its written and normal value, its resolver address.

    `resolver` is None where no public resolver exists (ISBN, ISSN without a portal).
    """

    scheme: str
    value: str
    normal: str
    resolver: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLink:
    """One citation: a place in an article where a link, address or identifier stands.

    `raw` is the exact slice of the source and never changes; `target` is it as the format decodes it
    (entities, escapes), nothing repaired; `resolved` is the absolute address as written, or None where
    there is nothing to fetch. `start`, `end`, `line`, `column` are None for formats without a text
    source, where `locator` says the place (page and rectangle, part and offset, JSON Pointer).
    `readings` are further readings of the same span (an address broken over lines: joined with and
    without its hyphen), best first; `resolved` is the first of them.
    """

    raw: str
    target: str
    kind: Kind
    resolved: str | None = None
    base: str | None = None
    base_source: str | None = None
    anchor: str = ""
    context: str = ""
    start: int | None = None
    end: int | None = None
    line: int | None = None
    column: int | None = None
    locator: str | None = None
    rel: tuple[str, ...] = ()
    defects: tuple[Defect, ...] = ()
    identifier: Identifier | None = None
    readings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a feed, and what it says of itself.

    `number` counts the feed's entries from 1; `name` is the entry's id, its page or its number, and no other
    entry's. `links` are the positions, in the document's links, of what stands in the entry, its listing
    (`feed-item`) aside. `page` is the address of the entry's page, None where it gives none that can be
    fetched. `has_content` says that the text itself stands in the feed, rather than a teaser.
    """

    number: int
    name: str
    links: tuple[int, ...] = ()
    has_content: bool = False
    page: str | None = None
    headline: str | None = None
    published: datetime | None = None
    published_source: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article as read: where it came from, what it says of itself, and its citations in source order.

    `text` is the decoded source that offsets point into, or None for formats without one.
    `skipped` counts what was passed over, by reason. `entries` are those of a feed; `part_of` names the
    document in which an article stands that is one of its entries.
    """

    source: str
    format: Format
    text: str | None
    links: Sequence[FoundLink]
    headline: str | None = None
    published: datetime | None = None
    published_source: str | None = None
    language: str | None = None
    own_url: str | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    part_of: str | None = None
