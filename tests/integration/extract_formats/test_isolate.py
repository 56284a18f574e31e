"""The child process for risky formats: real documents, hangs, crashes, bombs, and nothing left behind."""

import os
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from build_office import build_docx, build_epub, build_odt, build_zip, paragraphs
from build_pdf import Page, PdfFile, build_pdf, paragraph

from workers.errors import UnreadableDocument
from workers.extract import pdf
from workers.extract.document_json import document_from_json, document_to_json
from workers.extract.find import find_links
from workers.extract.isolate import IsolatedReader, ReadLimits
from workers.extract.source import Source
from workers.model import Format

GOOD_PDF = build_pdf(
    Page(lines=paragraph("22 October 2024", "See https://example.org/a-", "b and doi:10.1000/182"))
)


@pytest.fixture
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader(limits=ReadLimits(timeout_s=20, memory_bytes=700 * 1024 * 1024)) as isolated:
        yield isolated


def _children() -> set[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=,args=", "--ppid", str(os.getpid())], capture_output=True, text=True, check=True
    )
    return {int(line.split()[0]) for line in listed.stdout.splitlines() if "isolated_child" in line}


def _heavy_pdf() -> bytes:
    """Return a small file whose one page unpacks to 140 MB of text operators."""
    content = zlib.compress(b"BT /F1 12 Tf 72 700 Td (aaaaaaaaaaaaaaaa) Tj ET\n" * 3_000_000, 9)
    file = PdfFile()
    file.add("<< /Type /Catalog /Pages 2 0 R >>")
    file.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    font = "<< /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
    file.add(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        f"/Resources << /Font {font} >> >>"
    )
    file.add(b"<< /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return file.serialise()


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.pdf", GOOD_PDF, Format.PDF),
        ("a.docx", build_docx(paragraphs("https://example.org/")), Format.DOCX),
        ("a.odt", build_odt("<text:p>https://example.org/</text:p>"), Format.ODT),
        ("a.epub", build_epub({"a.xhtml": "<p>https://example.org/</p>"}), Format.EPUB),
        ("a.md", "[é](https://example.org/)".encode(), Format.MARKDOWN),
    ],
)
def test_every_format_reads_the_same_apart_and_here(reader, name, data, format):  # noqa: A002
    source = Source(name=name, data=data)
    apart = reader.find_links(source)
    assert apart == find_links(source)
    assert apart.format is format


def test_a_document_survives_the_way_through_json():
    document = pdf.read(Source(name="a.pdf", data=GOOD_PDF))
    assert document.published is not None
    assert document_from_json(document_to_json(document)) == document


def test_one_child_serves_many_files_and_ends_with_the_reader(reader):
    reader.find_links(Source(name="a.pdf", data=GOOD_PDF))
    first = _children()
    for _ in range(5):
        reader.find_links(Source(name="a.pdf", data=GOOD_PDF))
    assert _children() == first
    assert len(first) == 1
    reader.close()
    assert not _children() & first


def test_text_formats_start_no_child(reader):
    before = _children()
    reader.find_links(Source(name="a.md", data=b"[a](https://example.org/)"))
    assert _children() == before


def test_an_error_in_the_child_has_the_name_of_the_file_and_the_next_file_is_read(reader):
    for data, reason in (
        (b"%PDF-1.7 junk", "is damaged or cut off"),
        (build_zip({"a": "b"}), "is not a PDF file"),
    ):
        with pytest.raises(UnreadableDocument, match=rf"\Abad\.pdf: {reason}"):
            reader.find_links(Source(name="bad.pdf", data=data), format=None)
    assert reader.find_links(Source(name="a.pdf", data=GOOD_PDF)).links


def test_a_page_that_needs_too_much_memory_is_one_error_and_the_next_file_is_read(reader):
    with pytest.raises(
        UnreadableDocument, match=r"\Aheavy\.pdf: cannot be read: its reader ended|needs more"
    ):
        reader.find_links(Source(name="heavy.pdf", data=_heavy_pdf()))
    assert reader.find_links(Source(name="a.pdf", data=GOOD_PDF)).links


def test_a_file_that_takes_too_long_is_one_error_within_its_time():
    with IsolatedReader(limits=ReadLimits(timeout_s=2, memory_bytes=8 * 1024**3)) as hurried:
        hurried.find_links(Source(name="a.pdf", data=GOOD_PDF))
        begun = time.monotonic()
        with pytest.raises(UnreadableDocument, match=r"\Aheavy\.pdf: took longer than 2 s to read\Z"):
            hurried.find_links(Source(name="heavy.pdf", data=_heavy_pdf()))
        assert time.monotonic() - begun < 60
        assert hurried.find_links(Source(name="a.pdf", data=GOOD_PDF)).links


def test_a_zip_bomb_is_one_error_within_its_memory(reader):
    bomb = build_zip({"word/document.xml": b"<w>" + b" " * 200_000_000 + b"</w>"})
    assert len(bomb) < 400_000
    with pytest.raises(UnreadableDocument, match=r"\Abomb\.docx: unpacks (?:like a bomb|to more)"):
        reader.find_links(Source(name="bomb.docx", data=bomb))


def test_a_file_beyond_the_bound_is_not_sent():
    with (
        IsolatedReader(limits=ReadLimits(max_document_bytes=1024 * 1024)) as small,
        pytest.raises(UnreadableDocument, match=r"is larger than 1 MB"),
    ):
        small.find_links(Source(name="a.pdf", data=b"%PDF-" + b"x" * 2_000_000))


def test_a_large_text_is_read_apart_and_reads_the_same(reader):
    text = "\ufeffé [a](https://example.org/)" + " word" * 1_000_000
    source = Source(name="a.md", text=text)
    assert reader.find_links(source, format=Format.MARKDOWN) == find_links(source, format=Format.MARKDOWN)
    assert len(_children()) == 1


def test_a_text_of_nothing_but_addresses_is_bounded():
    with (
        IsolatedReader(limits=ReadLimits(timeout_s=20, memory_bytes=150 * 1024 * 1024)) as small,
        pytest.raises(
            UnreadableDocument, match=r"\Aa\.csv: (?:needs more memory|cannot be read|took longer)"
        ),
    ):
        small.find_links(Source(name="a.csv", data=b"https://a.example/\n" * 250_000))


def test_threads_share_the_children():
    with IsolatedReader(children=2) as shared:
        found: list[int] = []

        def read() -> None:
            source = Source(name="a.pdf", data=GOOD_PDF)
            found.extend(len(shared.find_links(source).links) for _ in range(4))

        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 16
        assert len(set(found)) == 1
        assert len(_children()) <= 2


def test_the_child_can_write_no_file_and_sees_no_keys(tmp_path: Path):
    script = (
        "import os, sys\n"
        "from workers.extract.isolated_child import confine\n"
        "confine(10**9)\n"
        f"f = open({str(tmp_path / 'x')!r}, 'wb')\n"
        "try:\n    f.write(b'x' * 10); f.flush()\n"
        "except OSError as e:\n    print('refused', e.errno); os._exit(0)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.startswith("refused")


def test_a_child_whose_parent_is_gone_ends(tmp_path: Path):
    script = (
        "import os, sys\n"
        "from workers.extract.isolate import IsolatedReader\n"
        "from workers.extract.source import Source\n"
        "reader = IsolatedReader()\n"
        "reader.find_links(Source(name='a.pdf', data=open(sys.argv[1], 'rb').read()))\n"
        "print(reader._children[0]._process.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(GOOD_PDF)
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)], capture_output=True, text=True, timeout=60, check=True
    )
    child = int(done.stdout)
    deadline = time.monotonic() + 60
    while Path(f"/proc/{child}").exists() and time.monotonic() < deadline:
        status = Path(f"/proc/{child}/status")
        if "State:\tZ" in status.read_text():
            break
    assert time.monotonic() < deadline


def test_text_handed_in_as_a_pdf_is_refused_as_what_it_is(reader):
    with pytest.raises(UnreadableDocument, match="a: is not a PDF file"):
        reader.find_links(Source(name="a", text="https://example.org/a"), format=Format.PDF)
