"""What an article says of itself in prose formats: headline, publication date, language.

Front matter first, then the first heading and the lines under it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workers.extract.dates import read_date
from workers.extract.finding import Found
from workers.model import Kind
from workers.regex import regex

FRONT_MATTER = regex(r"\A(---|\+\+\+)[ \t]*\r?\n(.{0,20000}?)\r?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
PAIR = regex(r"^([A-Za-z][\w-]{0,40})[ \t]*[:=][ \t]*(.*?)[ \t]*$", re.MULTILINE)
QUOTED = regex(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'")
FOLDED = regex(r"[>|][+-]?\d?\Z")
INDENTED = regex(r"(?:[ \t]+\S.*(?:\r?\n|\Z)|[ \t]*\r?\n)+")
COMMENT = regex(r"\s#.*\Z")
VALUE = regex(r"[^\s\"',\[\]{}]+")  # of front matter: what stands between its quotes, commas and brackets
LIST_KEY = regex(r"[\w-]{1,40}[ \t]*[:=][ \t]*[\"']?\Z")
HEADING = regex(
    r"^[ ]{0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$|^(?!\s)(.+)\r?\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE
)
EMPHASIS = regex(r"(?<![^\W_])([*_]{1,3})(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
INLINE = regex(r"!?\[([^\[\]]*)\]\([^()]*\)")
ESCAPE = regex(r"\\([!-/:-@\[-`{-~])")
HEAD_CODE_POINTS = 20_000
TITLE_LENGTH = 300
DATE_LINES = 8
DATE_LINE_LENGTH = 160
DATE_LENGTH = 24
DATELINE_LENGTH = 45
AGENCY = regex(r"\W*[A-ZÀ-ÞА-Я]{3,}")  # `PARIS, Oct 22, 2024 (AFP)`
TITLE_KEYS = ("title", "headline")
DATE_KEYS = (
    "date",
    "published",
    "date_published",
    "datepublished",
    "pubdate",
    "publishdate",
    "published_at",
    "created",
)
LANGUAGE_KEYS = ("lang", "language", "locale")
KIND_OF_KEY = {
    "original_url": Kind.ORIGINAL_URL,
    "source_url": Kind.ORIGINAL_URL,
    "original": Kind.ORIGINAL_URL,
    "canonical_url": Kind.CANONICAL,
    "canonicalurl": Kind.CANONICAL,
    "canonical": Kind.CANONICAL,
}
WEB_ADDRESS = regex(r"(?:https?:)?//\S+\Z|www\.\S+\Z", re.IGNORECASE)
TITLE_LINE = regex(r"(?:title|headline)[ \t]*:[ \t]*(\S.*)", re.IGNORECASE)
REFERENCE = regex(r"\[([^\[\]]+)\](?:\[[^\[\]]*\])")
TAG = regex(r"</?[A-Za-z][^<>]{0,300}>")
ADDRESS_IN_LINE = regex(r"\]\([^()]*\)|\S*[:/]//?\S*")
SENTENCE = regex(r".{45,}[.!?…。][\"\u201d\u2019\xbb)]*\Z", re.DOTALL)
SAYS_PUBLISHED = regex(
    r"\W*(?:publi|post|written|date|veröffentl|опубл|дата|نشر|发布|發佈|公開|掲載)", re.IGNORECASE
)
SAYS_CHANGED = regex(
    r"\W*(?:(?:last\s+)?(?:updated|modified|revised|edited)|aktualisiert|mis\s+à\s+jour|actualizad|atualizad|обновлено|"
    r"оновлено|تحديث|更新)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What an article says of itself; None where it is silent. `published_source` names the place read."""

    headline: str | None = None
    published: datetime | None = None
    published_source: str | None = None
    language: str | None = None
    front_matter: Mapping[str, str] = field(default_factory=dict)
    front_matter_end: int = 0


def read_facts(text: str) -> Facts:
    """Return the facts of a Markdown or plain text article."""
    pairs, body_start = front_matter(text)
    body = text[body_start : body_start + HEAD_CODE_POINTS]
    headline, under = _headline(body)
    published, published_source = _first(pairs, DATE_KEYS), "front-matter"
    date = read_date(published) if published else None
    if date is None:
        date, published_source = _dateline(body, under), "dateline"
    return Facts(
        headline=_first(pairs, TITLE_KEYS) or headline,
        published=date,
        published_source=published_source if date else None,
        language=_first(pairs, LANGUAGE_KEYS),
        front_matter=pairs,
        front_matter_end=body_start,
    )


def front_matter(text: str) -> tuple[Mapping[str, str], int]:
    """Return the flat pairs of YAML or TOML front matter, keys in lower case, and where the body starts."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return {}, 0
    pairs = {pair[1].lower(): _scalar(match[2], pair) for pair in PAIR.finditer(match[2])}
    return pairs, match.end()


def _scalar(block: str, pair: re.Match[str]) -> str:
    """Return the value of a pair as YAML and TOML read it: quotes, folded lines, comments aside."""
    written = pair[2]
    if quoted := QUOTED.match(written):
        if quoted[1] is not None:
            return re.sub(r"\\(.)", r"\1", quoted[1])
        return quoted[2].replace("''", "'")
    if FOLDED.match(written) and (lines := INDENTED.match(block, min(pair.end() + 1, len(block)))):
        return " ".join(lines[0].split())
    return COMMENT.sub("", written).strip()


def front_matter_addresses(text: str, end: int) -> list[Found]:
    """Return the addresses in front matter, in lists and nested keys too; a key marks the article's own."""
    found = []
    for value in VALUE.finditer(text, 0, end):
        if not WEB_ADDRESS.match(value[0]):
            continue
        line = text[text.rfind("\n", 0, value.start()) + 1 : value.start()]
        key = PAIR.match(line) if LIST_KEY.match(line) else None
        kind = KIND_OF_KEY.get(key[1].lower().replace("-", "_"), Kind.METADATA) if key else Kind.METADATA
        found.append(Found(start=value.start(), end=value.end(), kind=kind, target=value[0]))
    return found


def _first(pairs: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((pairs[key] for key in keys if pairs.get(key)), None)


def _headline(body: str) -> tuple[str | None, int]:
    """Return the headline and where the lines under it begin."""
    titled = TITLE_LINE.match(body)
    if titled is not None:
        return plain_markup(titled[1]), titled.end()
    heading = HEADING.search(body)
    if heading is not None:
        return plain_markup(heading[1] or heading[2]), heading.end()
    first = re.search(r"\S.*", body)
    if first is None or len(first[0]) > TITLE_LENGTH:
        return None, 0
    line = first[0].strip()
    follows = body[first.end() :].lstrip("\r")
    is_title = re.match(r"\n[^\S\n]*(?:\r?\n|\Z)", follows) is not None or not follows.strip()
    if not is_title or line[-1] in ".:;," or "://" in line or not follows.strip():
        return None, 0
    return plain_markup(line), first.end()


def plain_markup(line: str) -> str:
    """Return a line of Markdown as plain text: link texts kept, emphasis and escapes removed."""
    plain = REFERENCE.sub(r"\1", INLINE.sub(r"\1", line))
    plain = TAG.sub("", plain) if "<" in plain else plain
    plain = EMPHASIS.sub(r"\2", plain)
    return ESCAPE.sub(r"\1", plain).strip()


def _dateline(body: str, under: int) -> datetime | None:
    """Return the date in one of the first short lines under the headline."""
    return date_in_lines(body[under : under + 4_000].splitlines())


def date_in_lines(every: Iterable[str]) -> datetime | None:
    """Return the publication date that the first short lines under a headline state.

    A date in the middle of a sentence, or in an address, is none; one of a change counts where no other
    stands.
    """
    changed = None
    lines = [line for written in every if (line := ADDRESS_IN_LINE.sub(" ", written).strip())]
    for line in lines[:DATE_LINES]:
        if len(line) > DATE_LINE_LENGTH or (found := read_date(line)) is None:
            continue
        if SENTENCE.match(line) and not _opens_with_date(line):
            continue
        if not SAYS_CHANGED.match(line):
            return found
        changed = changed or found
    return changed


def _opens_with_date(sentence: str) -> bool:
    """Whether the date in a sentence is that of the report: at its front, behind a label or a place."""
    if SAYS_PUBLISHED.match(sentence) or read_date(sentence[:DATE_LENGTH]) is not None:
        return True
    return AGENCY.match(sentence) is not None and read_date(sentence[:DATELINE_LENGTH]) is not None
