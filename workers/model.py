"""The words of Linkwright as frozen values: what is found, repaired, observed and decided.

Nothing here does anything. Offsets are code points into the decoded source, `line` and `column` start
at 1, every datetime is aware and in UTC.
"""

from collections.abc import Mapping
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
class Document:
    """One article as read: where it came from, what it says of itself, and its citations in source order.

    `text` is the decoded source that offsets point into, or None for formats without one.
    `skipped` counts what was passed over, by reason.
    """

    source: str
    format: Format
    text: str | None
    links: tuple[FoundLink, ...]
    headline: str | None = None
    published: datetime | None = None
    published_source: str | None = None
    language: str | None = None
    own_url: str | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)


class Decision(StrEnum):
    """What may be done with the best candidate of a repair."""

    KEEP = "keep"  # the written form stands
    AUTO = "auto"  # certain enough to apply
    NEEDS_LIVE = "needs_live"  # apply once the live web or an archive confirms it
    SUGGEST = "suggest"  # for a person to decide
    ABSTAIN = "abstain"  # broken, and nothing better is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A form that the written link may have had, with the rule that made it, a score in 0…1 and evidence."""

    url: str
    rule: str
    score: float
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """The candidates of one link, best first (the written form always among them), and what may be done."""

    decision: Decision
    best: Candidate
    candidates: tuple[Candidate, ...]


class Failure(StrEnum):
    """Why an exchange with the web gave no answer."""

    NXDOMAIN = "nxdomain"  # the name does not exist
    NO_ADDRESS = "no_address"  # the name exists and has no address record
    SERVFAIL = "servfail"  # the name servers do not answer, or answer with an error
    REFUSED = "refused"  # the connection was refused
    RESET = "reset"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    TLS = "tls"
    PROTOCOL = "protocol"  # what came back is not HTTP
    REDIRECT_LOOP = "redirect_loop"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    BAD_REDIRECT = "bad_redirect"  # a Location that cannot be followed
    POLICY = "policy"  # our own guard forbids it; `failure_reason` says why
    INVALID_URL = "invalid_url"
    CANCELLED = "cancelled"  # the run ended before it was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One answer on the way of a redirect chain: the address asked, its status and the reason phrase."""

    url: str
    status: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFacts:
    """What the certificate of the last host said; `failure` names what did not verify."""

    issuer: str | None = None
    expires_at: datetime | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its raw answer, as an archive keeps it.

    `request_head` and `response_head` are the header blocks as bytes with CRLF line ends, status or
    request line first and a blank line last; `body` is what came over the wire, transfer coding
    removed, content coding kept. `truncated` names why the body is not whole (`length`, `time`,
    `disconnect`), None when it is.
    """

    url: str
    remote_address: str
    started_at: datetime
    request_head: bytes
    response_head: bytes
    body: bytes
    truncated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What one exchange with the web brought, failures included.

    `url` is the address asked, `final_url` the last one answered. `status` is None when nothing
    answered, and then `failure` says why. `headers` are the last answer's, names lower-case, repeated
    ones joined by ', '. `body` is the decoded beginning of the last answer (at most what was asked
    for) and `body_complete` says whether it is all of it; observations kept for long carry an empty one.
    `hops` holds every answer, the last included. `exchanges` is filled only when recording was asked.
    """

    url: str
    observed_at: datetime
    final_url: str
    status: int | None = None
    hops: tuple[Hop, ...] = ()
    failure: Failure | None = None
    failure_reason: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str | None = None
    charset: str | None = None
    body: bytes = b""
    body_complete: bool = False
    received_bytes: int = 0
    digest: str | None = None
    tls: TlsFacts | None = None
    attempts: int = 1
    elapsed_ms: int = 0
    exchanges: tuple[Exchange, ...] = ()


class Outcome(StrEnum):
    """What one observation says of a link."""

    OK = "ok"
    MOVED = "moved"
    SOFT_404 = "soft_404"
    PARKED = "parked"
    GONE = "gone"
    DOWN = "down"
    BLOCKED = "blocked"
    REFUSED = "refused"
    PLACEHOLDER = "placeholder"
    MALFORMED = "malformed"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """An outcome, the named rule that gave it, and evidence a person can read, strongest first."""

    outcome: Outcome
    rule: str
    evidence: tuple[str, ...] = ()


class Standing(StrEnum):
    """What all observations of a link together say, by the rule `standing/1`."""

    UNCHECKED = "unchecked"
    ALIVE = "alive"
    SUSPECT = "suspect"
    DEAD = "dead"
    RESTRICTED = "restricted"
    HELD_ALIVE = "held_alive"
    HELD_DEAD = "held_dead"


class Quality(StrEnum):
    """How well a capture shows what the article cited."""

    GOOD = "good"
    STABLE = "stable"
    DRIFTED = "drifted"
    POOR = "poor"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True, kw_only=True)
class Memento:
    """A capture of an original resource. `archive` is an archive id, `local` for our own WARC files."""

    original: str
    archive: str
    memento_datetime: datetime
    uri_m: str
    status: int | None = None
    media_type: str | None = None
    digest: str | None = None
    quality: Quality = Quality.UNVERIFIED
    reasons: tuple[str, ...] = ()


class LookupState(StrEnum):
    """Whether an archive holds captures: `unknown` is never `none`."""

    FOUND = "found"
    NONE = "none"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """The answer of one archive on one address; `mementos` oldest first, `reason` for `unknown`."""

    archive: str
    original: str
    state: LookupState
    asked_at: datetime
    mementos: tuple[Memento, ...] = ()
    reason: str | None = None


class RecoveryReason(StrEnum):
    """Why a stripped link was, or was not, found again."""

    MATCHED = "matched"
    NO_PAGE = "no_page"
    NO_PLACE = "no_place"
    NO_LINK = "no_link"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"  # the page or an archive could not be asked


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOn:
    """The page a stripped link was found on: `kind` is `live` or `memento`."""

    kind: str
    url: str
    memento_datetime: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """The targets proposed for one placeholder, best first; `decision` is auto, suggest or abstain."""

    decision: Decision
    best: str | None
    candidates: tuple[Candidate, ...]
    found_on: FoundOn | None
    reason: RecoveryReason


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTask:
    """One link to check: the address as written and what its article knows about it.

    `repair` holds the forms to try when the written one fails; None means that none were proposed yet
    and that the pipeline may propose them itself when it needs them. `readings` are further readings of
    a written form that was broken over lines. `anchors` are the distinct anchor texts it is cited under.
    """

    written: str
    headline: str | None = None
    published: datetime | None = None
    anchors: tuple[str, ...] = ()
    readings: tuple[str, ...] = ()
    repair: Repair | None = None
    hard_defect: bool = False
    capture: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkReport:
    """What checking one link showed.

    `original` is the address that stands for the link from now on: `written`, or the accepted
    candidate. `asked` holds every observation made, in order, with its verdict; the one that counts is
    `observation` with `verdict`. Bodies are dropped, reasons kept.
    """

    written: str
    original: str
    verdict: Verdict
    observation: Observation | None
    repair: Repair | None = None
    accepted: Candidate | None = None
    asked: tuple[tuple[Observation, Verdict], ...] = ()
    mementos: tuple[Memento, ...] = ()
    lookups: tuple[Lookup, ...] = ()
