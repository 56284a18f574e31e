"""Which format a source is in: by its content, then its media type, then its name.

Content decides wherever it is unmistakable (magic numbers, XML roots, a doctype); prose is told apart
by media type and name, since Markdown, LaTeX and a list of addresses all begin as text does.
"""

import importlib
import io
import json
import re
from collections.abc import Mapping

from workers.extract.source import MARK_BYTES, MARKS, Source
from workers.model import Format
from workers.regex import regex

HEAD_BYTES = 4096
MAX_MEMBERS = 10_000

BY_EXTENSION: Mapping[str, Format] = {
    ".md": Format.MARKDOWN,
    ".markdown": Format.MARKDOWN,
    ".mdown": Format.MARKDOWN,
    ".mkd": Format.MARKDOWN,
    ".mdx": Format.MARKDOWN,
    ".qmd": Format.MARKDOWN,
    ".html": Format.HTML,
    ".htm": Format.HTML,
    ".xhtml": Format.HTML,
    ".shtml": Format.HTML,
    ".txt": Format.TEXT,
    ".text": Format.TEXT,
    ".pdf": Format.PDF,
    ".docx": Format.DOCX,
    ".odt": Format.ODT,
    ".epub": Format.EPUB,
    ".rss": Format.FEED,
    ".atom": Format.FEED,
    ".opml": Format.OPML,
    ".json": Format.JSON,
    ".bib": Format.BIBTEX,
    ".tex": Format.LATEX,
    ".latex": Format.LATEX,
    ".rst": Format.RST,
    ".rest": Format.RST,
    ".ipynb": Format.NOTEBOOK,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
}
BY_MEDIA_TYPE: Mapping[str, Format] = {
    "text/markdown": Format.MARKDOWN,
    "text/x-markdown": Format.MARKDOWN,
    "text/html": Format.HTML,
    "application/xhtml+xml": Format.HTML,
    "application/pdf": Format.PDF,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Format.DOCX,
    "application/vnd.oasis.opendocument.text": Format.ODT,
    "application/epub+zip": Format.EPUB,
    "application/rss+xml": Format.FEED,
    "application/atom+xml": Format.FEED,
    "application/rdf+xml": Format.FEED,
    "text/x-opml": Format.OPML,
    "application/json": Format.JSON,
    "application/feed+json": Format.JSON,
    "application/ld+json": Format.JSON,
    "application/x-bibtex": Format.BIBTEX,
    "text/x-bibtex": Format.BIBTEX,
    "application/x-latex": Format.LATEX,
    "application/x-tex": Format.LATEX,
    "text/x-tex": Format.LATEX,
    "text/x-rst": Format.RST,
    "text/prs.fallenstein.rst": Format.RST,
    "application/x-ipynb+json": Format.NOTEBOOK,
    "text/csv": Format.CSV,
    "text/tab-separated-values": Format.CSV,
}
XML_ROOTS: Mapping[bytes, Format] = {
    b"rss": Format.FEED,
    b"feed": Format.FEED,
    b"rdf": Format.FEED,
    b"urlset": Format.SITEMAP,
    b"sitemapindex": Format.SITEMAP,
    b"opml": Format.OPML,
    b"html": Format.HTML,
}
FIRST_BYTES = (b"<", b"P", b"\x1f", b" ", b"\t", b"\n", b"\r")
XML_HEAD = (
    rb"\s*(?:<\?[^>]{0,400}>\s*|<!--[^>]{0,2000}-->\s*"
    rb"|<!DOCTYPE[^>\[]{0,400}(?:\[[^\]]{0,3000}\]\s*)?>\s*){0,8}"
)
XML_ROOT = regex(XML_HEAD + rb"<(?:[\w.-]{1,40}:)?([A-Za-z]{1,20})[\s>/]", re.IGNORECASE)
HTML_START = regex(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article|meta|title|link|script)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
ZIP_MEMBERS = (("word/document.xml", Format.DOCX), ("META-INF/container.xml", Format.EPUB))
ZIP_MIMETYPES: Mapping[bytes, Format] = {
    b"application/epub+zip": Format.EPUB,
    b"application/vnd.oasis.opendocument.text": Format.ODT,
}
BIBTEX_START = regex(rb"\s*(?:%[^\n]*\n\s*)*@[A-Za-z]{3,20}\s*[{(]\s*[^\s,{}\"]{0,200},")
LATEX_START = regex(rb"\\documentclass\b|\\begin\{document\}")


def detect_format(source: Source) -> Format:
    """Return the format of `source`; what nothing speaks for is plain text."""
    data = source.data if source.text is None else source.text[:HEAD_BYTES].encode("utf-8", "replace")
    head = _without_mark(data[:HEAD_BYTES])
    if (seen := _by_magic(data, head)) is not None:
        return seen
    named = BY_EXTENSION.get(_suffix(source.name))
    if source.media_type:
        named = BY_MEDIA_TYPE.get(source.media_type.partition(";")[0].strip().lower()) or named
    return _refined(named, source, head) if named else _by_shape(source, head)


def _suffix(name: str) -> str:
    """Return the suffix of a path or address with its dot, in lower case, '' without one."""
    stem, dot, suffix = name.partition("?")[0].rpartition("/")[2].rpartition(".")
    return dot + suffix.lower() if stem else ""


def _without_mark(head: bytes) -> bytes:
    if head[:1] not in MARK_BYTES:
        return head
    for mark, charset in MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(charset, "ignore").encode("utf-8", "ignore")
    return head


def _by_magic(data: bytes, head: bytes) -> Format | None:
    """Return the format that the first bytes leave no doubt about."""
    if head[:1] not in FIRST_BYTES and b"%PDF-" not in head:
        return None
    if b"%PDF-" in head[:1024]:
        return Format.PDF
    if head.startswith(b"PK\x03\x04"):
        return _by_zip_members(data)
    if head.startswith(b"\x1f\x8b"):
        return Format.SITEMAP
    if root := XML_ROOT.match(head):
        return XML_ROOTS.get(root[1].lower())
    return None


def _by_zip_members(data: bytes) -> Format | None:
    """Return the office or book format of a ZIP container, None for other archives."""
    zipfile = importlib.import_module("zipfile")  # few sources are archives, and its own imports take a while
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:MAX_MEMBERS]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < HEAD_BYTES:
                return ZIP_MIMETYPES.get(archive.read("mimetype").strip())
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError):
        return None
    return next((found for member, found in ZIP_MEMBERS if member in names), None)


def _refined(said: Format, source: Source, head: bytes) -> Format:
    """Return the narrower format that a general name or media type may stand for."""
    if said is Format.JSON and _is_notebook(source, head):
        return Format.NOTEBOOK
    if said is Format.TEXT and HTML_START.match(head):
        return Format.HTML
    return said


def _by_shape(source: Source, head: bytes) -> Format:
    if HTML_START.match(head):
        return Format.HTML
    if head.lstrip()[:1] in (b"{", b"[") and (loaded := _json(source)) is not None:
        return Format.NOTEBOOK if isinstance(loaded, dict) and "nbformat" in loaded else Format.JSON
    if BIBTEX_START.match(head):
        return Format.BIBTEX
    if LATEX_START.search(head):
        return Format.LATEX
    return Format.TEXT


def _is_notebook(source: Source, head: bytes) -> bool:
    if b'"nbformat"' not in head and b'"cells"' not in head:
        return False
    loaded = _json(source)
    return isinstance(loaded, dict) and "nbformat" in loaded and "cells" in loaded


def _json(source: Source) -> object:
    """Return the decoded JSON of `source`, None where it is none."""
    try:
        return json.loads(source.data if source.text is None else source.text)
    except (ValueError, RecursionError):
        return None
