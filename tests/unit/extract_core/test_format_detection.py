"""A format is told by content, then media type, then name."""

import io
import zipfile

import pytest

from workers.extract.detect import detect_format
from workers.extract.source import Source
from workers.model import Format


def zipped(**members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7 rest", Format.PDF),
        (b"<?xml version='1.0'?><!-- c --><rss version='2.0'>", Format.FEED),
        (b'<feed xmlns="http://www.w3.org/2005/Atom">', Format.FEED),
        (b'<rdf:RDF xmlns:rdf="x">', Format.FEED),
        (b"<?xml version='1.0'?>\n<urlset>", Format.SITEMAP),
        (b"<sitemapindex>", Format.SITEMAP),
        (b"\x1f\x8b\x08rest", Format.SITEMAP),
        (b"<opml version='2.0'>", Format.OPML),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", Format.HTML),
        ("<html><p>x".encode("utf-16"), Format.HTML),
        (b"<!-- saved --> <html>", Format.HTML),
        (b'{"a": "https://x.org"}', Format.JSON),
        (b'{"nbformat": 4, "cells": []}', Format.NOTEBOOK),
        (b"@article{key, title={x}}", Format.BIBTEX),
        (b"\\documentclass{article}", Format.LATEX),
        (b"# A heading\n\n[a](b)", Format.TEXT),
        (b"{not json", Format.TEXT),
        (zipped(word__document_dot_xml="x"), Format.DOCX),
        (zipped(mimetype="application/epub+zip"), Format.EPUB),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), Format.ODT),
    ],
)
def test_content_tells_the_format(data: bytes, expected: Format) -> None:
    assert detect_format(Source(name="unnamed", data=data)) is expected


@pytest.mark.parametrize(
    ("name", "media_type", "expected"),
    [
        ("a.md", None, Format.MARKDOWN),
        ("a.rst", None, Format.RST),
        ("a.txt", None, Format.TEXT),
        ("a.csv", None, Format.CSV),
        ("https://x.org/a.html?b=c.md", None, Format.HTML),
        ("a", "text/markdown; charset=utf-8", Format.MARKDOWN),
        ("a.txt", "text/markdown", Format.MARKDOWN),
        ("a.md", "text/plain", Format.MARKDOWN),
        ("a", "application/octet-stream", Format.TEXT),
    ],
)
def test_media_type_then_name_tell_prose_apart(name: str, media_type: str | None, expected: Format) -> None:
    assert detect_format(Source(name=name, data=b"plain words", media_type=media_type)) is expected


def test_content_beats_a_wrong_name() -> None:
    assert detect_format(Source(name="paper.txt", data=b"%PDF-1.4")) is Format.PDF


def test_a_text_file_that_holds_a_page_is_html() -> None:
    assert detect_format(Source(name="page.txt", data=b"<!doctype html><p>x")) is Format.HTML


def test_known_text_is_detected_as_bytes_are() -> None:
    assert detect_format(Source(name="a", text="<!doctype html><p>x")) is Format.HTML


def test_a_declared_entity_does_not_hide_the_root() -> None:
    data = b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "https://x.org">]><rss><channel/></rss>'
    assert detect_format(Source(name="a.xml", data=data)) is Format.FEED
