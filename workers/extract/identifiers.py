"""Scholarly identifiers in text and in links.

DOI, arXiv, PMID, PMCID, Handle, ARK, ISBN, ISSN, URN:NBN and ORCID. Each has its value as written, a
normal form in which equal things are equal, and a resolver's address where a public one exists.
Sources: the DOI Handbook (2.2), arXiv's identifier scheme, ISO 2108, ISO 3297, ISO 7064 (mod 11-2),
RFC 8458 for URN:NBN.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, unquote

from workers.extract.check_digits import is_mod_11_2, isbn_13, issn
from workers.extract.tails import trimmed_end
from workers.model import Defect, Identifier
from workers.regex import regex

_DOI = r"10\.\d{4,9}(?:\.\d{1,9})*/[^\s\"“”«»]{1,500}"
_ARXIV = r"\d{4}\.\d{4,5}(?:v\d+)?|[a-z]{2,8}(?:-[a-z]{2,4})?(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?"
# What may stand between a label and its value: `ISBN-13 (print): 978…`, `PMID=…`.
_AFTER_LABEL = r"(?:\s?\([\w -]{1,20}\))?\s?[:=\uff1a#]?\s{0,2}"
_DASH = r"[ \u2010-\u2013\u2212-]"
_OLD_ARCHIVES = (
    "astro-ph|cond-mat|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|nucl-ex|nucl-th|quant-ph|physics|math|nlin|"
    "cs|q-bio|q-fin|stat|alg-geom|cmp-lg|solv-int|chao-dyn|patt-sol"
)
DIGITS_ONLY = bytes(48 if 48 <= code <= 57 else 32 for code in range(256))  # noqa: PLR2004 - "0" to "9"
REACH = 64  # bytes before a digit in which the label of every identifier stands
MAX_NUMBERS = 128
SICI = regex(r"<[^<>/\s]*\d[^<>\s]*>")  # a digit tells it from a tag of HTML
CLOSERS = {")": "(", "]": "[", "}": "{", ">": "<"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How one scheme is written and resolved.

    `pattern` has a group `value`; `gate` is in lower case and stands shortly before a digit of every match;
    where that is common `sign`, quick to search for, stands in the text too.
    `normal` returns None for a value that is none; `checked` says whether a wrong check digit shows.
    """

    name: str
    gate: bytes
    pattern: re.Pattern[str]
    normal: Callable[[str], str | None]
    resolver: str | None
    sign: re.Pattern[str] | None = None
    checked: bool = False
    open_ended: bool = False


def _lower(value: str) -> str | None:
    return value.lower()


def _same(value: str) -> str | None:
    return value


def _isbn(value: str) -> str | None:
    return isbn_13(value)


def _issn(value: str) -> str | None:
    return issn(value)


def _orcid(value: str) -> str | None:
    return value.upper() if is_mod_11_2(value) else None


def _ark(value: str) -> str | None:
    return "ark:/" + re.sub(r"(?i)\Aark:/?", "", value).replace("-", "")


SCHEMES: Sequence[Scheme] = (
    Scheme(
        name="doi",
        gate=b"10.",
        sign=regex(r"10\.\d{4}"),
        pattern=regex(rf"(?:\bdoi:?\s?)?(?<![\w./])(?P<value>{_DOI})", re.IGNORECASE),
        normal=_lower,
        resolver="https://doi.org/",
        open_ended=True,
    ),
    Scheme(
        name="arxiv",
        gate=b"arxiv",
        pattern=regex(rf"\barXiv(?:\s?[:.]\s?|\s)(?P<value>{_ARXIV})(?!\w)", re.IGNORECASE),
        normal=_same,
        resolver="https://arxiv.org/abs/",
    ),
    Scheme(
        name="arxiv",
        gate=b"/",
        sign=regex(r"/\d{7}(?!\d)"),
        pattern=regex(
            rf"(?<![\w/.:-])(?P<value>(?:{_OLD_ARCHIVES})(?:\.[A-Z]{{2}})?/\d{{7}}(?:v\d+)?)(?!\w)"
        ),
        normal=_same,
        resolver="https://arxiv.org/abs/",
    ),
    Scheme(
        name="pmid",
        gate=b"pmid",
        pattern=regex(rf"\bPMIDs?{_AFTER_LABEL}(?P<value>\d{{1,8}})(?!\w)", re.IGNORECASE),
        normal=_same,
        resolver="https://pubmed.ncbi.nlm.nih.gov/",
    ),
    Scheme(
        name="pmid",
        gate=b"pubmed",
        pattern=regex(rf"\bPubMed\s?IDs?{_AFTER_LABEL}(?P<value>\d{{1,8}})(?!\w)", re.IGNORECASE),
        normal=_same,
        resolver="https://pubmed.ncbi.nlm.nih.gov/",
    ),
    Scheme(
        name="pmcid",
        gate=b"pmc",
        pattern=regex(rf"(?:\bPMCID{_AFTER_LABEL})?(?<![\w/])(?P<value>PMC\d{{4,9}})(?!\w)", re.IGNORECASE),
        normal=lambda value: value.upper(),
        resolver="https://pmc.ncbi.nlm.nih.gov/articles/",
    ),
    Scheme(
        name="handle",
        gate=b"hdl:",
        pattern=regex(r"\bhdl:\s?(?P<value>\d{1,9}(?:\.\d{1,9}){0,4}/[^\s\"“”«»<>]{1,300})", re.IGNORECASE),
        normal=_same,
        resolver="https://hdl.handle.net/",
        open_ended=True,
    ),
    Scheme(
        name="ark",
        gate=b"ark:",
        pattern=regex(r"(?<![\w/])(?P<value>ark:/?\d{5,9}/[^\s\"“”«»<>]{1,300})", re.IGNORECASE),
        normal=_ark,
        resolver="https://n2t.net/",
        open_ended=True,
    ),
    Scheme(
        name="isbn",
        gate=b"isbn",
        pattern=regex(
            rf"\b(?:urn:)?[ep]?-?ISBNs?(?:-?1[03])?{_AFTER_LABEL}"
            rf"(?P<value>(?:97[89]{_DASH}?)?\d(?:{_DASH}?\d){{8}}{_DASH}?[\dX])(?!\w)",
            re.IGNORECASE,
        ),
        normal=_isbn,
        resolver=None,
        checked=True,
    ),
    Scheme(  # without its label only in the hyphenated form of thirteen digits, check digit right
        name="isbn",
        gate=b"97",
        sign=regex(r"97[89]-\d"),
        pattern=regex(r"(?<![\w-])(?P<value>97[89](?:-\d{1,7}){3}-\d)(?![\w-])"),
        normal=_isbn,
        resolver=None,
    ),
    Scheme(
        name="issn",
        gate=b"issn",
        pattern=regex(
            rf"\b(?:urn:)?[ep]?-?ISSN(?:-L)?{_AFTER_LABEL}(?P<value>\d{{4}}{_DASH}?\d{{3}}[\dX])(?!\w)",
            re.IGNORECASE,
        ),
        normal=_issn,
        resolver="https://portal.issn.org/resource/ISSN/",
        checked=True,
    ),
    Scheme(
        name="urn:nbn",
        gate=b"urn:nbn:",
        pattern=regex(r"(?<![\w/])(?P<value>urn:nbn:[a-z]{2}[a-z0-9:._-]{3,200})", re.IGNORECASE),
        normal=_lower,
        resolver="https://nbn-resolving.org/",
        open_ended=True,
    ),
    Scheme(
        name="orcid",
        gate=b"-000",  # every block of iDs assigned so far has it
        pattern=regex(r"(?<![\w-])(?P<value>\d{4}-\d{4}-\d{4}-\d{3}[\dX])(?![\w-])"),
        normal=_orcid,
        resolver="https://orcid.org/",
    ),
    Scheme(  # with its label a wrong check digit shows
        name="orcid",
        gate=b"orcid",
        pattern=regex(
            rf"\bORCID(?:\s?iD)?{_AFTER_LABEL}(?P<value>\d{{4}}-\d{{4}}-\d{{4}}-\d{{3}}[\dX])(?![\w-])",
            re.IGNORECASE,
        ),
        normal=_orcid,
        resolver="https://orcid.org/",
        checked=True,
    ),
)
# Where the resolvers and publishers put an identifier into an address; the rest of the path follows.
IN_LINKS: Sequence[tuple[str, re.Pattern[str]]] = (
    (
        "doi",
        regex(
            rf"//(?:dx\.|www\.)?doi\.org/(?:doi:)?(?P<value>{_DOI})|/doi/(?:\w+/)?(?P<other>{_DOI})",
            re.IGNORECASE,
        ),
    ),
    ("arxiv", regex(rf"//(?:\w+\.)?arxiv\.org/(?:abs|pdf|html)/(?P<value>{_ARXIV})", re.IGNORECASE)),
    (
        "pmid",
        regex(
            r"//(?:pubmed\.ncbi\.nlm\.nih\.gov/|www\.ncbi\.nlm\.nih\.gov/pubmed(?:/|\?term=)"
            r"|(?:www\.)?europepmc\.org/(?:article|abstract)/MED/)(?P<value>\d{1,8})\b",
            re.IGNORECASE,
        ),
    ),
    (
        "pmcid",
        regex(
            r"//(?:www\.|pmc\.)?(?:ncbi\.nlm\.nih\.gov|europepmc\.org)/(?:pmc/)?(?:articles?|abstract)/"
            r"(?:PMC/)?(?P<value>PMC\d{4,9})",
            re.IGNORECASE,
        ),
    ),
    (
        "handle",
        regex(r"//hdl\.handle\.net/(?P<value>\d{1,9}(?:\.\d{1,9}){0,4}/[^\s?#]+)", re.IGNORECASE),
    ),
    ("ark", regex(r"/(?P<value>ark:/?\d{5,9}/[^\s?#]+)", re.IGNORECASE)),
    ("issn", regex(r"//portal\.issn\.org/resource/issn/(?P<value>\d{4}-\d{3}[\dX])", re.IGNORECASE)),
    ("urn:nbn", regex(r"[/=](?P<value>urn:nbn:[a-z]{2}[^\s?#&]+)", re.IGNORECASE)),
    ("orcid", regex(r"//(?:www\.)?orcid\.org/(?P<value>\d{4}-\d{4}-\d{4}-\d{3}[\dX])", re.IGNORECASE)),
    ("isbn", regex(r"\burn:isbn:(?P<value>[\dX -]{10,17})", re.IGNORECASE)),
    (
        "isbn",
        regex(r"/(?:isbn|Special:BookSources)/(?P<value>(?:97[89]-?)?\d[\d-]{8,12}[\dX])\b", re.IGNORECASE),
    ),
)
LINK_GATES = ("doi", "arxiv", "pubmed", "pmc", "hdl.", "ark:", "issn", "urn:", "orcid", "isbn", "booksources")
# The fields that hold one identifier, and the label under which it would be recognised in running text.
FIELD_LABELS: Mapping[str, str] = {
    "doi": "doi:",
    "pmid": "PMID: ",
    "pmcid": "PMCID: ",
    "isbn": "ISBN ",
    "issn": "ISSN ",
    "eprint": "arXiv:",
    "arxiv": "arXiv:",
    "arxivid": "arXiv:",
    "arxiv_id": "arXiv:",
    "orcid": "ORCID: ",
    "hdl": "hdl:",
    "handle": "hdl:",
    "urn": "",
    "ark": "",
}
BY_NAME: Mapping[str, Scheme] = {scheme.name: scheme for scheme in reversed(SCHEMES)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One identifier in text, `text[start:end]` with its label; `defects` says what is wrong with it."""

    start: int
    end: int
    identifier: Identifier
    defects: tuple[Defect, ...] = ()


def find_identifiers(text: str) -> list[Mention]:
    """Return the identifiers that `text` mentions, in order, none overlapping another."""
    near = _before_numbers(text)
    if not near:
        return []  # without a digit there is none
    mentions = [
        mention
        for scheme in SCHEMES
        if scheme.gate in near and (scheme.sign is None or scheme.sign.search(text))
        for mention in _mentions(scheme, text)
    ]
    mentions.sort(key=lambda mention: (mention.start, -mention.end))
    kept: list[Mention] = []
    for mention in mentions:
        if not kept or mention.start >= kept[-1].end:
            kept.append(mention)
    return kept


def identifier_in_field(name: str, written: str) -> Mention | None:
    """Return the identifier that a field or member `name` holds, where it needs no label as in text."""
    label = FIELD_LABELS.get(name.lower())
    if label is None or not written or "://" in written:
        return None
    labelled = written if written.lower().startswith(label.lower()) else f"{label}{written}"
    return next(iter(find_identifiers(labelled)), None)


def _before_numbers(text: str) -> bytes:
    """Return, in lower case, what stands shortly before each number of `text`, or all of it."""
    data = text.encode("utf-8", "replace")
    mask = data.translate(DIGITS_ONLY)
    pieces: list[bytes] = []
    at = mask.find(b"0")
    while at >= 0:
        if len(pieces) == MAX_NUMBERS:
            return data.lower()
        pieces.append(data[max(0, at - REACH) : at])
        end = mask.find(b" ", at)
        at = mask.find(b"0", end) if end >= 0 else -1
    return b"\n".join(pieces).lower()


def _mentions(scheme: Scheme, text: str) -> Iterator[Mention]:
    for match in scheme.pattern.finditer(text):
        start, end = match.span("value")
        if scheme.open_ended:
            end = value_end(text, start, end)
        value = text[start:end]
        normal = scheme.normal(value)
        if normal is None and not scheme.checked:
            continue
        identifier = _identifier(scheme, value, normal)
        defects = () if normal is not None else (Defect.BAD_CHECK_DIGIT,)
        yield Mention(start=match.start(), end=end, identifier=identifier, defects=defects)


def value_end(text: str, start: int, end: int) -> int:
    """Return where an open-ended value ends: brackets in balance, the sentence's punctuation left out.

    Angle brackets belong to a DOI only in pairs, as in its SICI form.
    """
    value = text[start:end]
    paired = SICI.sub(lambda match: "_" * len(match[0]), value)
    for sign in "<>":
        if (at := paired.find(sign)) >= 0:
            value, paired = value[:at], paired[:at]
    while value:
        trimmed = trimmed_end(value, 0, len(value))
        opening = CLOSERS.get(value[trimmed - 1 : trimmed])
        unpaired = opening is not None and value[:trimmed].count(value[trimmed - 1]) > value.count(opening)
        if trimmed == len(value) and not unpaired:
            break
        value = value[: trimmed - 1] if unpaired else value[:trimmed]
    return start + len(value)


def _identifier(scheme: Scheme, value: str, normal: str | None) -> Identifier:
    resolver = None
    if scheme.resolver is not None and normal is not None:
        resolver = scheme.resolver + quote(normal, safe="/:;().,_-+~*!'@=&$")
    return Identifier(scheme=scheme.name, value=value, normal=normal or value, resolver=resolver)


def identifier_of(address: str) -> Identifier | None:
    """Return the identifier that an address resolves, None where it is an ordinary address."""
    lowered = address.lower()
    for gate in LINK_GATES:
        if gate in lowered:
            break
    else:
        return None
    decoded = unquote(address) if "%" in address else address
    for name, pattern in IN_LINKS:
        if (match := pattern.search(decoded)) is None:
            continue
        value = next(group for group in match.groups() if group is not None)
        value = re.split(r"[?#]", value)[0] if name == "doi" else value
        value = value[: value_end(value, 0, len(value))]
        normal = BY_NAME[name].normal(value)
        if normal is not None:
            return _identifier(BY_NAME[name], value, normal)
    return None
