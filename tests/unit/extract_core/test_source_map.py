"""One map converts byte, code point and UTF-16 offsets, lines and columns."""

from hypothesis import given
from hypothesis import strategies as st

from workers.extract.source_map import SourceMap

TEXT = "aé😀\r\nb\rc\n\n" + "щ" * 600 + "😀x"


def test_a_line_ends_with_each_of_the_three_line_ends() -> None:
    places = SourceMap("a\r\nb\rc\nd")
    assert [places.position(offset) for offset in (0, 3, 5, 7)] == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_columns_count_code_points() -> None:
    assert SourceMap("é😀x").position(2) == (1, 3)


def test_bytes_and_utf_16_units_are_told_apart() -> None:
    places = SourceMap("é😀x")
    assert (places.to_byte(2), places.to_utf16(2)) == (6, 3)
    assert (places.from_byte(6), places.from_utf16(3)) == (2, 2)


def test_an_offset_inside_a_sequence_goes_to_its_start() -> None:
    places = SourceMap("é😀x")
    assert (places.from_byte(4), places.from_utf16(2)) == (1, 1)


def test_the_end_of_the_text_has_a_place() -> None:
    places = SourceMap(TEXT)
    assert places.from_byte(len(TEXT.encode())) == len(TEXT)
    assert places.from_utf16(len(TEXT.encode("utf-16-le")) // 2) == len(TEXT)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=1500), st.data())
def test_every_offset_survives_each_conversion(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    places = SourceMap(text)
    assert places.to_byte(offset) == len(text[:offset].encode())
    assert places.from_byte(places.to_byte(offset)) == offset
    assert places.from_utf16(places.to_utf16(offset)) == offset
    assert places.offset(*places.position(offset)) == offset
