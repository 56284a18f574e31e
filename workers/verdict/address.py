"""The shape of an address: how deep it is, whether it names an item, and the words and ids it holds."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from workers.regex import regex
from workers.url import host_of, parse, registrable_domain
from workers.verdict.lexicon import marks
from workers.verdict.similarity import fold

_INDEX = regex(
    r"^(?:index|default|home|main|start|startseite|accueil|inicio|welcome|homepage|portal)(?:\.\w{2,5})?$"
)
_LANGUAGE = regex(r"^[a-z]{2}(?:[-_][a-z]{2,4})?$")
_EXTENSION = regex(r"\.(?:s?html?|php\d?|aspx?|jsp|jspx|cgi|do|cfm|pl|xhtml|htm5|amp|action)$")
_FILE = regex(r"\.(pdf|jpe?g|png|gif|webp|mp[34]|zip|docx?|xlsx?|pptx?|csv|epub|gz|exe|dmg)$")
_WORD = regex(r"[^\W\d_]+")
_ID = regex(r"\d{4,}")
_YEAR = regex(r"^(?:19|20)\d\d$")
_OPAQUE = regex(r"^(?=.*\d)[0-9a-z_-]*[0-9a-z]{6,}$|^[0-9a-f-]{16,}$")
_ERROR_WORDS = frozenset(
    {"404", "notfound", "pagenotfound", "error404", "404error", "errorpage", "httperror404"}
)
_ERROR_PATH = regex(
    r"(?:^|[/_.-])(?:404|410|not[-_]?found|page[-_]?not[-_]?found|error[-_]?404|404[-_]?error|error[-_]?page|"
    r"file[-_]?not[-_]?found|missing|errors?|oops|sorry|unavailable|removed|deleted|pagina[-_]no[-_]encontrada|nicht[-_]gefunden|introuvable|gone|expired)"
    r"(?=$|[/_.-])"
)
_ERROR_QUERY = regex(r"(?:^|[&;?])(?:error|err|status|code|e|msg)=(?:404|410|not_?found|page_?not_?found)\b")
_ITEM_FIELD = regex(
    r"(?i)^(?:p|t|id|nr|no|pid|tid|nid|aid|item|post|page_?id|post_?id|item_?id|art(?:icle)?(?:_?id)?|view|topic|"
    r"news(?:_?id)?|story(?:_?id)?|thread(?:_?id)?|doc(?:_?id)?|show(?:topic|thread)|product(?:_?id)?)$"
)
_DESCRIPTIVE_WORDS = 3
_MAX_FIELDS = 50
_MIN_WORD_CHARS = 3
_DATED_SEGMENTS = 3


class Shape(StrEnum):
    """What an address looks like: the front page, a section, or one item."""

    ROOT = "root"
    SECTION = "section"
    ITEM = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """One address taken apart.

    `segments` are folded and percent-decoded, index names and a leading language left out; `words` are
    the words of its most descriptive segment, `subject` those of all of them, `ids` all runs of four
    digits or more that are no year.
    """

    host: str
    domain: str
    segments: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    words: frozenset[str]
    subject: frozenset[str]
    ids: frozenset[str]
    shape: Shape
    names_error: bool
    file_type: str | None

    @property
    def picked(self) -> frozenset[str]:
        """The numbers by which the query of a front page or index picks an item, as `?p=311` does."""
        if self.segments:
            return frozenset()
        return frozenset(value for name, value in self.query if _ITEM_FIELD.match(name) and value.isdigit())

    @property
    def spelled(self) -> frozenset[str]:
        """All words that stand in it, query included, as a page may repeat them."""
        return frozenset(_WORD.findall(fold(" ".join((*self.segments, *(value for _, value in self.query))))))

    @property
    def asks_a_search(self) -> bool:
        """Whether it asks a site to look something up."""
        named = {word for segment in self.segments for word in _WORD.findall(segment)}
        return not named.isdisjoint(marks("search_words")) or any(
            name.lower() in marks("search_fields") for name, _ in self.query
        )

    @property
    def depth(self) -> int:
        """How many segments lie below the front page, a query that picks the item counted as one."""
        return len(self.segments) + bool((self.ids or self.picked) and not self.segments)


@lru_cache(maxsize=2048)
def read_address(url: str) -> Address:
    """Return the parts of `url`; of a string that is no URL, an address of the root shape."""
    parsed = parse(url)
    host = host_of(url)
    path = fold(unquote(parsed.pathname)) if parsed else ""
    search = parsed.search[1:] if parsed else ""
    segments = _segments(path)
    query = tuple(parse_qsl(search[:2000])) if search.count("&") < _MAX_FIELDS else ()
    file_type = _FILE.search(path)
    ids = _ids([*segments, *(value for _, value in query)])
    return Address(
        host=host,
        domain=registrable_domain(host) if host else "",
        segments=segments,
        query=query,
        words=_descriptive_words(segments),
        subject=frozenset().union(*(_subject_words(segment) for segment in segments)),
        ids=ids,
        shape=_shape(segments, ids, query),
        names_error=says_error(path) or bool(_ERROR_QUERY.search(search.lower())),
        file_type=file_type[1] if file_type else None,
    )


def is_opaque(segment: str) -> bool:
    """Whether a segment is a token made by a machine: digits among letters, a long hex number, a UUID."""
    return bool(_OPAQUE.match(segment)) and not _YEAR.match(segment)


def says_error(path: str) -> bool:
    """Whether a path, folded and decoded, has the name of an error page in it."""
    return _ERROR_PATH.search(path) is not None


def without_extension(segment: str) -> str:
    """Return a folded segment without the ending of a page: `.html`, `.php` and the like."""
    return _EXTENSION.sub("", segment)


def _segments(path: str) -> tuple[str, ...]:
    parts = [part for part in path.split("/") if part and not _INDEX.match(part)]
    if parts and _LANGUAGE.match(parts[0]):
        parts = parts[1:]
    return tuple(without_extension(part) for part in parts)


def _ids(parts: list[str]) -> frozenset[str]:
    return frozenset(run for part in parts for run in _ID.findall(part) if not _YEAR.match(part))


def _descriptive_words(segments: tuple[str, ...]) -> frozenset[str]:
    best: frozenset[str] = frozenset()
    for segment in reversed(segments):
        words = _subject_words(segment)
        if len(words) > len(best):
            best = words
        if len(best) >= _DESCRIPTIVE_WORDS:
            break
    return best


def _subject_words(segment: str) -> frozenset[str]:
    return frozenset(
        word for word in _WORD.findall(segment) if len(word) >= _MIN_WORD_CHARS or not word.isascii()
    ) - set(marks("generic_path_words"))


def _shape(segments: tuple[str, ...], ids: frozenset[str], query: tuple[tuple[str, str], ...]) -> Shape:
    if not segments:
        is_picked = any(_ITEM_FIELD.match(name) and value.isdigit() for name, value in query)
        return Shape.ITEM if ids or is_picked else Shape.ROOT
    last = segments[-1]
    if ids or len(_WORD.findall(last)) >= _DESCRIPTIVE_WORDS:
        return Shape.ITEM
    if sum(bool(_YEAR.match(part)) for part in segments) and len(segments) >= _DATED_SEGMENTS:
        return Shape.ITEM
    return Shape.SECTION
