"""Bytes stay: charsets, byte order marks, line ends, broken sequences, and the ends of files."""

import gzip

import pytest
from mending import mended

from workers.errors import CannotMend
from workers.extract.source import Source
from workers.mend.mend import mend
from workers.mend.source_bytes import SourceBytes
from workers.model import Document, Format

NEW = "https://new.org/a"
RUSSIAN = "Россия может отправить войска, сообщило агентство.\r\n[ссылка](http://old.org/) и ещё текст\r\n"


@pytest.mark.parametrize(
    ("charset", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("cp1251", b""),
        ("koi8-r", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-32-le", b"\xff\xfe\x00\x00"),
    ],
)
def test_charset_mark_and_line_ends_are_kept(charset: str, mark: bytes):
    data = mark + RUSSIAN.encode(charset)
    result = mended(data, Format.MARKDOWN, [NEW])
    assert result.refused == ()
    assert result.data == mark + RUSSIAN.replace("http://old.org/", NEW).encode(charset)


def test_an_address_outside_the_charset_is_percent_encoded():
    data = ("Россия может отправить войска, сообщило агентство. " * 3 + "[x](http://old.org/)").encode(
        "cp1251"
    )
    result = mended(data, Format.MARKDOWN, ["https://new.org/日"])
    assert result.data == data.replace(b"http://old.org/", b"https://new.org/%E6%97%A5")
    assert [applied.address for applied in result.applied] == ["https://new.org/%E6%97%A5"]


def test_broken_sequences_survive():
    data = b"caf\xe9 \xc3\xa9\xc3\xa9 \xe2\x82 \xc3\xa9 [x](#)\xff\xc3\xa9 no final line end"
    result = mended(data, Format.MARKDOWN, [NEW])
    assert result.data == data.replace(b"(#)", b"(https://new.org/a)")


def test_a_charset_with_shifts_is_refused():
    text = "日本語の記事 [x](http://old.org/) 日本語"
    source = Source(name="a.md", data=text.encode("utf-7"), charset="utf-7")
    document = Document(source="a.md", format=Format.MARKDOWN, text=text, links=())
    with pytest.raises(CannotMend, match=r"a\.md: its charset \(utf-7\) cannot be written back"):
        SourceBytes(source, document.text or "")


def test_a_packed_sitemap_is_refused():
    packed = gzip.compress(b"<urlset><url><loc>http://old.org/</loc></url></urlset>")
    with pytest.raises(CannotMend, match="packed or converted"):
        mended(packed, Format.SITEMAP, [NEW])


@pytest.mark.parametrize("fmt", [Format.PDF, Format.EPUB, Format.ODT])
def test_a_format_that_is_not_written_is_named(fmt: Format):
    document = Document(source="a.bin", format=fmt, text=None, links=())
    change = mended("[x](#)", Format.MARKDOWN, [NEW]).applied[0].change
    with pytest.raises(CannotMend, match=rf"a\.bin: a document of format {fmt} cannot be written"):
        mend(Source(name="a.bin"), document, [change], read=lambda _source, _format: document)


def test_a_text_that_was_given_as_text_is_mended_as_utf_8():
    source = Source(name="article", text="é [x](#)")
    from mending import change, read  # noqa: PLC0415

    result = mend(source, read(source, Format.MARKDOWN), [change(0, NEW)], read=read)
    assert result.data == f"é [x]({NEW})".encode()
