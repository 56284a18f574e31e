"""What an article says of itself in prose formats: headline, publication date, language.

Front matter first, then the first heading and the lines under it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from workers.extract.dates import read_date
from workers.extract.finding import Found
from workers.model import Kind

FRONT_MATTER = re.compile(
    r"\A(---|\+\+\+)[ \t]*\r?\n(.{0,20000}?)\r?\n(?:\1|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
PAIR = re.compile(r"^([A-Za-z][\w-]{0,40})[ \t]*[:=][ \t]*(.+?)[ \t]*$", re.MULTILINE)
HEADING = re.compile(
    r"^[ ]{0,3}#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$|^(?!\s)(.+)\r?\n(?:={3,}|-{3,})[ \t]*$", re.MULTILINE
)
EMPHASIS = re.compile(r"(?<![^\W_])([*_]{1,3})(?=\S)(.+?)(?<=\S)\1(?![^\W_])")
INLINE = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
HEAD_CODE_POINTS = 20_000
TITLE_LENGTH = 300
DATE_LINES = 8
DATE_LINE_LENGTH = 160
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
WEB_ADDRESS = re.compile(r"(?:https?:)?//\S+\Z|www\.\S+\Z", re.IGNORECASE)


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
    pairs = {pair[1].lower(): pair[2].strip().strip("\"'") for pair in PAIR.finditer(match[2])}
    return pairs, match.end()


def front_matter_addresses(text: str, end: int) -> list[Found]:
    """Return the addresses in front matter, the article's own one marked by its key."""
    found = []
    for pair in PAIR.finditer(text, 0, end):
        value = pair[2].strip("\"'")
        if not WEB_ADDRESS.match(value):
            continue
        start = pair.start(2) + pair[2].index(value)
        kind = KIND_OF_KEY.get(pair[1].lower().replace("-", "_"), Kind.METADATA)
        found.append(Found(start=start, end=start + len(value), kind=kind, target=value))
    return found


def _first(pairs: Mapping[str, str], keys: tuple[str, ...]) -> str | None:
    return next((pairs[key] for key in keys if pairs.get(key)), None)


def _headline(body: str) -> tuple[str | None, int]:
    """Return the headline and where the lines under it begin."""
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
    plain = INLINE.sub(r"\1", line)
    plain = EMPHASIS.sub(r"\2", plain)
    return ESCAPE.sub(r"\1", plain).strip()


def _dateline(body: str, under: int) -> datetime | None:
    """Return the date in one of the first short lines under the headline."""
    lines = [line.strip() for line in body[under : under + 4_000].splitlines() if line.strip()]
    for line in lines[:DATE_LINES]:
        if len(line) <= DATE_LINE_LENGTH and (found := read_date(line)) is not None:
            return found
    return None
