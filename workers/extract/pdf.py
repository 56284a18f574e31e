"""Reads PDF files: link annotations and the addresses in the text, one finding where both show the same."""

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # the package ships no types
import pypdfium2.raw as pdfium_c  # type: ignore[import-untyped]  # the package ships no types

from workers.errors import UnreadableDocument
from workers.extract.finding import NO_BASE, Base
from workers.extract.passage import Hyperlink, Labelled, name_own, read_passage
from workers.extract.pdf_facts import PdfFacts, read_pdf_facts
from workers.extract.pdf_page import PdfLink, PdfPage, Rectangle
from workers.extract.source import Source
from workers.model import Document, Format, Kind

MAX_PAGES = 2_000
MAX_TEXT_CODE_POINTS = 64 * 1024 * 1024
MAGIC_WITHIN_BYTES = 1024
PDFIUM = threading.Lock()  # PDFium keeps global state and may be called by one thread at a time
REASONS = {
    pdfium_c.FPDF_ERR_FORMAT: "is damaged or cut off: no PDF structure can be read",
    pdfium_c.FPDF_ERR_PASSWORD: "is encrypted and needs a password",
    pdfium_c.FPDF_ERR_SECURITY: "is encrypted in a way that cannot be read",
}


def read(source: Source) -> Document:
    """Return the findings and facts of a PDF; `locator` is `page=N` and a `rect=` a line, in points.

    Raises:
        UnreadableDocument: it is no PDF, is encrypted or damaged, or none of its pages can be read.
    """
    if not source.data:
        raise UnreadableDocument(source.name, "is empty")
    if b"%PDF-" not in source.data[:MAGIC_WITHIN_BYTES]:
        raise UnreadableDocument(source.name, "is not a PDF file")
    with PDFIUM:
        document = _open(source)
        try:
            return _read_pages(source, document)
        finally:
            document.close()


def _open(source: Source) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(source.data)
    except pdfium.PdfiumError as error:
        reason = REASONS.get(getattr(error, "err_code", None), "cannot be read as a PDF")
        raise UnreadableDocument(source.name, reason) from error


def _read_pages(source: Source, document: pdfium.PdfDocument) -> Document:
    base = Base(url=source.base, source="given") if source.base else NO_BASE
    skipped: Counter[str] = Counter()
    labelled: list[Labelled] = []
    facts: PdfFacts | None = None
    size = 0
    for number, page in _pages(document, skipped):
        if facts is None:
            facts = read_pdf_facts(document, page)
        labelled.extend(_read_page(document, page, number, base, skipped))
        size += len(page.text)
        if size > MAX_TEXT_CODE_POINTS:
            raise UnreadableDocument(source.name, "holds more text than is read")
    if facts is None:
        raise UnreadableDocument(source.name, "has no readable page: its page tree is damaged or loops")
    links = tuple(name_own(labelled))
    return Document(
        source=source.name,
        format=Format.PDF,
        text=None,
        links=links,
        headline=facts.headline,
        published=facts.published,
        published_source=facts.published_source,
        language=facts.language,
        own_url=next((link.target for link in links if link.kind == Kind.ORIGINAL_URL), None),
        skipped=dict(skipped),
    )


def _pages(document: pdfium.PdfDocument, skipped: Counter[str]) -> Iterator[tuple[int, PdfPage]]:
    """Yield the pages that can be read with their numbers, counted from 1, each closed after its use."""
    count = len(document)
    if count > MAX_PAGES:
        skipped[f"pages after page {MAX_PAGES}"] = count - MAX_PAGES
    for index in range(min(count, MAX_PAGES)):
        try:
            page = PdfPage(document[index])
        except pdfium.PdfiumError:
            skipped["damaged pages"] += 1
            continue
        try:
            yield index + 1, page
        finally:
            page.close()


def _read_page(
    document: pdfium.PdfDocument, page: PdfPage, number: int, base: Base, skipped: Counter[str]
) -> list[Labelled]:
    annotations = []
    for link in page.links(document):
        if link is None:
            skipped["links inside the file"] += 1
        else:
            annotations.append(link)
    if not page.text.strip():
        skipped["pages without text"] += 1
    hyperlinks = [_hyperlink(page, link, number) for link in _joined(page.text, annotations)]
    return read_passage(
        page.text,
        hyperlinks,
        locate=lambda start, end: _locator(number, page.rectangles(start, end)),
        base=base,
    )


def _hyperlink(page: PdfPage, link: PdfLink, number: int) -> Hyperlink:
    start = len(page.text) if link.at is None else link.at
    until = start if link.until is None else link.until + 1
    return Hyperlink(
        start=start,
        end=max(start, until),
        target=link.uri,
        locator=_locator(number, link.rectangles),
        anchor=link.anchor,
    )


def _joined(text: str, annotations: Sequence[PdfLink]) -> list[PdfLink]:
    """Return the annotations with those made one that are lines of one link, drawn one after the other."""
    joined: list[PdfLink] = []
    for link in annotations:
        if joined and _goes_on(text, joined[-1], link):
            last = joined[-1]
            joined[-1] = replace(
                last,
                rectangles=last.rectangles + link.rectangles,
                anchor=_one_line(text, last, link),
                until=link.until,
            )
        else:
            joined.append(link)
    return joined


def _goes_on(text: str, one: PdfLink, other: PdfLink) -> bool:
    """Whether only a line end stands between two links to one address that show different texts."""
    if one.uri != other.uri or one.anchor == other.anchor or one.until is None or other.at is None:
        return False
    between = text[one.until + 1 : other.at]
    return one.until < other.at and not between.strip(" \n-")


def _one_line(text: str, one: PdfLink, other: PdfLink) -> str:
    """Return what two lines of one link show; a hyphen at the line end joins them."""
    joint = "" if one.anchor.endswith("-") or text[(one.until or 0) + 1 :][:1] == "-" else " "
    return f"{one.anchor}{joint}{other.anchor}"


def _locator(number: int, rectangles: Sequence[Rectangle]) -> str:
    """Return a place as the fragment of RFC 8118 writes pages, with every rectangle in points."""
    places = [",".join(f"{edge:.1f}" for edge in rectangle) for rectangle in rectangles]
    return "&".join([f"page={number}", *(f"rect={place}" for place in places)])
