"""Headline, date and language of a PDF: its metadata where that says something, else its first page."""

import ctypes
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # the package ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # the package ships no types

from workers.extract.dates import read_date
from workers.extract.pdf_page import PdfPage

MAX_HEADLINE = 300
HEADLINE_LINES = 80  # lines of the first page that are looked at
DATE_LINES = 12
DATE_LINE_LENGTH = 160
LARGER = 1.15  # a headline is set at least this much larger than the page's usual line
SAME = 0.97  # lines of one headline differ in height by less
MAX_LANGUAGE_BYTES = 200
# What writers put in for want of a title: file names, and the names of templates and programs.
NO_TITLE = re.compile(
    r"(?:untitled|microsoft (?:word|powerpoint)\b.*|powerpoint presentation|document\d*|title|slide 1|"
    r".*\.(?:docx?|pdf|indd|tex|dvi|qxd|pptx?|rtf|odt|pages|html?))\Z",
    re.IGNORECASE,
)
PDF_DATE = re.compile(r"D?:?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-])(\d{2})'?(\d{2})?)?")
SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """What a PDF says of itself; None where it is silent. `published_source` names the place read."""

    headline: str | None
    published: datetime | None
    published_source: str | None
    language: str | None


def read_pdf_facts(document: pdfium.PdfDocument, first_page: PdfPage) -> PdfFacts:
    """Return the facts of a document with its first readable page."""
    metadata = document.get_metadata_dict()
    title = SPACES.sub(" ", metadata.get("Title", "")).strip()
    if not title or NO_TITLE.match(title):
        title = _largest_lines(first_page)
    published, published_source = _dateline(first_page.text), "text"
    if published is None:
        published, published_source = read_pdf_date(metadata.get("CreationDate", "")), "pdf:CreationDate"
    return PdfFacts(
        headline=title[:MAX_HEADLINE] or None,
        published=published,
        published_source=published_source if published else None,
        language=_language(document),
    )


def read_pdf_date(written: str) -> datetime | None:
    """Return a date such as `D:20241022101112+02'00'` in UTC (ISO 32000-1, 7.9.4), None where it is none."""
    match = PDF_DATE.match(written.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, _, sign, offset_hours, offset_minutes = match.groups()
    offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        found = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            int(second or 0),
            tzinfo=zone,
        )
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _largest_lines(page: PdfPage) -> str:
    """Return the lines of a page that are set largest, '' where none stands out."""
    lines = []
    offset = 0
    for line in page.text.split("\n")[:HEADLINE_LINES]:
        if written := line.strip():
            lines.append((page.line_height(offset + line.index(written[0])), written))
        offset += len(line) + 1
    heights = sorted(height for height, _ in lines)
    if not heights or heights[-1] < LARGER * heights[len(heights) // 2]:
        return ""
    first = next(index for index, (height, _) in enumerate(lines) if height >= SAME * heights[-1])
    title: list[str] = []
    for height, written in lines[first:]:
        if height < SAME * heights[-1] or len(" ".join(title)) > MAX_HEADLINE:
            break
        title.append(written)
    return " ".join(title)


def _dateline(text: str) -> datetime | None:
    """Return the date in one of the first short lines of a page."""
    for line in text.split("\n", DATE_LINES)[:DATE_LINES]:
        if len(line) <= DATE_LINE_LENGTH and (found := read_date(line)) is not None:
            return found
    return None


def _language(document: pdfium.PdfDocument) -> str | None:
    size = pdfium_c.FPDFCatalog_GetLanguage(document.raw, None, 0)
    if size > MAX_LANGUAGE_BYTES:
        return None
    units = (ctypes.c_ushort * (size // 2))()
    pdfium_c.FPDFCatalog_GetLanguage(document.raw, units, size)
    return bytes(units).decode("utf-16-le", "replace").rstrip("\0").strip() or None
