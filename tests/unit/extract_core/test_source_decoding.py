# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Charsets: what decides, in which order, and that no document is lost to a broken byte."""

import pytest

from workers.errors import UnreadableDocument
from workers.extract.source import MAX_TEXT_BYTES, Source, decode


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_no_text(charset: str) -> None:
    decoded = decode(Source(name="a", data="приве́т 😀".encode(charset), charset="latin-1"))
    assert decoded.text == "приве́т 😀"
    assert decoded.charset_source == "bom"


def test_the_http_header_comes_before_meta() -> None:
    data = '<meta charset="utf-8">привет'.encode("cp1251")
    decoded = decode(Source(name="a", data=data, charset="windows-1251"), meta=True)
    assert decoded.text.endswith("привет")
    assert decoded.charset_source == "header"


def test_meta_decides_in_html() -> None:
    data = "<meta http-equiv=Content-Type content='text/html; charset=windows-1251'>привет".encode("cp1251")
    assert decode(Source(name="a", data=data), meta=True).text.endswith("привет")


def test_a_header_that_is_wrong_does_not_lose_utf_8() -> None:
    decoded = decode(Source(name="a", data="naïve — привет".encode(), charset="ascii-nonsense"))
    assert decoded.text == "naïve — привет"


def test_an_undeclared_cyrillic_page_is_detected() -> None:
    said = "Министерство обороны сообщило о новых поставках, говорится в заявлении ведомства. " * 4
    decoded = decode(Source(name="a", data=said.encode("cp1251")))
    assert decoded.text == said
    assert decoded.charset_source == "detected"


def test_a_broken_sequence_becomes_a_replacement_character() -> None:
    decoded = decode(Source(name="a", data="é ok ".encode() * 9 + b"\xff end"))
    assert decoded.text.endswith("ok \N{REPLACEMENT CHARACTER} end")
    assert decoded.replaced == 1


def test_a_lone_surrogate_of_json_keeps_every_offset() -> None:
    assert decode(Source(name="a", text="a\ud800b")).text == "a\N{REPLACEMENT CHARACTER}b"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\x00\x01\x02" * 40, "is binary data, not text"),
        (b"\x7fELF" + bytes(range(256)) * 8, "is binary data, not text"),
        (b"a" * (MAX_TEXT_BYTES + 1), "is larger than 16 MB, the most that is read as text"),
    ],
)
def test_what_is_no_text_is_one_error_with_its_name(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument, match=r"bad\.md: ") as caught:
        decode(Source(name="bad.md", data=data))
    assert caught.value.reason == reason
