# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Undeclared texts in charsets older than Unicode, short ones above all, are read as they were written."""

import json
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import UnreadableDocument
from workers.extract.charsets import detect_charset
from workers.extract.source import Source, decode

LANGUAGES = json.loads((Path(__file__).parents[2] / "fixtures/pages/languages.json").read_text("utf-8"))
TRADITIONAL = (
    "政府計畫明年開始改善東部港口的設施,漁民希望工程能夠提前完成。",
    "颱風過後學校停課三天,數千戶家庭仍然沒有電力供應。",
    "圖書館舉辦歷史展覽,吸引許多學生與老師前來參觀。",
    "選舉結果公布後,兩黨領袖都發表了談話。",
    "氣候變遷與我們的未來",
)
CHARSETS = {
    **dict.fromkeys(("fr", "de", "es", "pt", "sv", "da", "fi"), ("windows-1252",)),
    **dict.fromkeys(("pl", "cs", "hu", "ro"), ("windows-1250", "iso-8859-2")),
    "ru": ("windows-1251", "koi8-r", "cp866"),
    "uk": ("windows-1251", "koi8-u"),
    "bg": ("windows-1251",),
    "el": ("windows-1253",),
    "tr": ("windows-1254",),
    "he": ("windows-1255",),
    "ar": ("windows-1256",),
    "fa": ("windows-1256",),
    "ja": ("shift_jis", "euc_jp"),
    "ko": ("euc_kr",),
    "zh": ("gbk",),
    "zh-Hant": ("big5",),
}
OLD_LETTERS = {"ro": str.maketrans("șțȘȚ", "şţŞŢ"), "fa": str.maketrans("یک", "يك", "\u200c")}
LENGTHS = (8, 15, 25, 40, 60, 90, 140, 200)
TEXTS_A_CHARSET = 24


def sentences(language: str) -> list[str]:
    if language == "zh-Hant":
        return list(TRADITIONAL)
    written = [*LANGUAGES[language]["teasers"], *LANGUAGES[language]["text"]]
    return [each.translate(OLD_LETTERS.get(language, {})) for each in written]


def cut(text: str, length: int, rng: random.Random) -> str:
    """Return some words of a text, or where it has no spaces some of its characters."""
    if len(text) <= length:
        return text
    if " " not in text:
        start = rng.randrange(len(text) - length)
        return text[start : start + length]
    words = text.split(" ")
    start = rng.randrange(len(words))
    taken = words[start]
    for word in words[start + 1 :]:
        if len(taken) + len(word) >= length:
            break
        taken += " " + word
    return taken


def encoded(text: str, charset: str) -> bytes | None:
    """Return the text in a charset, without what that lacks; None where the bytes are UTF-8 as well."""
    data = text.encode(charset, "ignore")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    return None


def short_texts() -> Iterator[tuple[str, str, bytes]]:
    rng = random.Random(7)  # noqa: S311
    for language, charsets in CHARSETS.items():
        for charset in charsets:
            count = 0
            while count < TEXTS_A_CHARSET:
                text = cut(rng.choice(sentences(language)), rng.choice(LENGTHS), rng)
                if len(text) >= 5 and (data := encoded(text, charset)) is not None:
                    count += 1
                    yield f"{language} in {charset}", data.decode(charset), data


def test_short_texts_in_their_usual_charsets_are_read() -> None:
    cases: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for name, text, data in short_texts():
        cases[name] += 1
        right[name] += decode(Source(name="a", data=data)).text == text
    assert (cases.total(), len(CHARSETS)) == (744, 23)
    assert right.total() / cases.total() >= 0.99
    assert {name for name in cases if right[name] / cases[name] < 0.9} == set()


@pytest.mark.parametrize("size", [400, 4_000, 90_000])
def test_long_texts_in_their_usual_charsets_are_read(size: int) -> None:
    rng = random.Random(size)  # noqa: S311
    wrong = []
    for language, charsets in CHARSETS.items():
        for charset in charsets:
            pieces = ["See [it](https://example.com/a-b?c=1&d=2) and more."]
            while sum(map(len, pieces)) < size:
                pieces.append(rng.choice(sentences(language)))
            text = "\n\n".join(pieces).encode(charset, "ignore").decode(charset)
            decoded = decode(Source(name="a", data=text.encode(charset)))
            if decoded.text != text:
                wrong.append((language, charset, decoded.charset))
    assert wrong == []


@pytest.mark.parametrize(
    "text",
    [
        "“Hello,” she said — again",
        "It’s the council’s plan",
        "Price: £5 for the café",
        "€20 a head, 50 °C",
        "© 2024 The Paper",
        "® brand, trademark™",
        "1ª edição, nº 5",
        "¿Qué pasó? ¡Olé!",
        "http://example.com/straße",
        "ÜBERSICHT",
        "[lien](http://a.example/é)",
        "• one",
        "groß",
    ],
)
def test_mostly_ascii_text_is_read_as_browsers_do(text: str) -> None:
    assert decode(Source(name="a", data=text.encode("windows-1252"))).text == text


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("windows-1251", "https://пример.рф/путь"),
        ("windows-1251", "«Да», — сказал он"),
        ("windows-1251", "ВЫБОРЫ 2024"),
        ("koi8-r", "ВЫБОРЫ 2024"),
        ("windows-1250", "Žluťoučký kůň"),
        ("windows-1250", "Wałęsa"),
        ("iso-8859-2", "Łódź"),
        ("windows-1253", "Η κυβέρνηση"),
        ("windows-1254", "İstanbul"),
        ("shift_jis", "東京"),
        ("euc_jp", "東京"),
        ("gbk", "中国"),
        ("big5", "新聞"),
        ("euc_kr", "한국"),
        ("utf-16-le", "See http://example.com/a for more"),
        ("utf-16-be", "# Title\r\n\r\nwith a [link](http://example.com/a)"),
        ("iso2022_jp", "日本語の見出し http://example.com/a"),
    ],
)
def test_single_lines_are_read(charset: str, text: str) -> None:
    assert decode(Source(name="a", data=text.encode(charset))).text == text


@given(st.binary(min_size=1, max_size=300))
def test_whatever_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        decoded = decode(Source(name="a", data=data))
    except UnreadableDocument:
        return
    assert decoded.text


@given(st.text(alphabet=st.characters(codec="windows-1251"), min_size=1, max_size=60))
def test_a_charset_that_is_told_reads_the_bytes(text: str) -> None:
    data = text.encode("windows-1251")
    charset = detect_charset(data) if not data.isascii() else None
    assert charset is None or data.decode(charset)
