# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Text glued to an address by writers who put no spaces stays outside; letters of the address stay inside."""

import pytest

from workers.extract.scanner import scan


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://example.com/pathこれは", "https://example.com/path"),
        ("見てhttps://example.com/aを参照", "https://example.com/a"),
        ("https://example.com/x.htmlは", "https://example.com/x.html"),
        ("https://example.comこれは", "https://example.com"),
        ("https://example.com/a?q=bを", "https://example.com/a?q=b"),
        ("文档https://example.com/docs/intro和代码", "https://example.com/docs/intro"),
        ("见https://example.com/a和更多。", "https://example.com/a"),
        ("ดูที่https://example.com/aครับ", "https://example.com/a"),
        ("https://example.com/a에서 보기", "https://example.com/a"),
        ("https://example.com/a를 보라", "https://example.com/a"),
        ("詳細はexample.comへ", "example.com"),
        ("見てwww.example.com/xを", "www.example.com/x"),
        ("example.comです", "example.com"),
        ("https://a.example/x—and then", "https://a.example/x"),
        ("https://a.example/x-y-z—and then", "https://a.example/x-y-z"),
        ("https://a.example/x― he said", "https://a.example/x"),
        ("（https://example.com/a）と", "https://example.com/a"),
        ("「https://example.com/a」です", "https://example.com/a"),
        ("https://example.com/a（詳細）を", "https://example.com/a"),
        ("https://example.com/a、次", "https://example.com/a"),
        ("https://example.com/a؟", "https://example.com/a"),
        ("https://example.com/a।", "https://example.com/a"),
    ],
)
def test_what_is_glued_on_stays_outside(text: str, expected: str) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "address",
    [
        "https://example.com/パス",
        "https://example.com/wiki/日本を見る",
        "https://ja.wikipedia.org/wiki/東京都（日本）",
        "https://ja.wikipedia.org/wiki/Tシャツ",
        "https://zh.wikipedia.org/wiki/A股",
        "https://example.com/2024新闻/1.html",
        "https://example.com/tag/iPhoneの使い方/2",
        "https://ko.wikipedia.org/wiki/서울에서",
        "https://ko.wikipedia.org/wiki/K팝",
        "https://ru.wikipedia.org/wiki/Москва",
        "https://example.com/aпривет",
        "https://example.com/?q=東京",
        "https://example.com/カ・キ",
        "日本語.jp",
        "日本.jp/パス",
        "https://a.example/2014/will-help-read—entire-novel/",
        "https://de.wikipedia.org/wiki/Köln–Bonn",
    ],
)
@pytest.mark.parametrize("prose", ["{}", "See {} there", "{}\nNext"])
def test_letters_of_an_address_stay_inside(address: str, prose: str) -> None:
    assert found(prose.format(address)) == [address]


def test_two_addresses_with_a_particle_between_are_two() -> None:
    assert found("https://example.com/aとhttps://example.com/bを") == [
        "https://example.com/a",
        "https://example.com/b",
    ]
    assert found("https://example.com/aと、https://example.com/bを") == [
        "https://example.com/a",
        "https://example.com/b",
    ]
