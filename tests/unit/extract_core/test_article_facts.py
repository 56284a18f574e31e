"""Headline, date, language and own address, as prose articles state them."""

# ruff: noqa: RUF001 - characters that look alike are the subject here

from datetime import UTC, datetime

import pytest

from workers.extract.dates import read_date
from workers.extract.find import find_links
from workers.extract.labels import Label, label_of
from workers.extract.source import Source
from workers.model import Document, Format


def read(text: str) -> Document:
    return find_links(Source(name="a.txt", text=text), format=Format.TEXT)


@pytest.mark.parametrize(
    "label",
    [
        "Original url:",
        "**Original URL:**",
        "Originally published at",
        "This article was originally published on",
        "Source URL:",
        "URL original:",
        "Publicado originalmente en",
        "Article original :",
        "Publié à l’origine sur",
        "Original-URL:",
        "Ursprünglich veröffentlicht auf",
        "Artigo original:",
        "Publicado originalmente em",
        "Оригинал статьи:",
        "Ссылка на оригинал:",
        "Оригінал статті:",
        "Посилання на оригінал:",
        "الرابط الأصلي:",
        "原文链接：",
        "来源链接：",
        "元記事：",
        "元記事のURL:",
        "URL originale:",
        "Oryginalny adres:",
        "Orijinal haber:",
        "원문 링크:",
        "URL d’origine :",
        "Zuerst erschienen auf",
        "Адрес оригинала:",
        "رابط المقال الأصلي:",
        "オリジナルURL:",
        "मूल लिंक:",
        "URL asli:",
        "لینک اصلی:",
        "Read the original article at",
        "Archived from the original:",
    ],
)
def test_a_strong_label_names_the_own_address(label: str) -> None:
    document = read(f"Words https://other.org/x here.\n\n{label}\n\n<https://x.org/own>\n")
    assert document.own_url == "https://x.org/own"
    assert [str(link.kind) for link in document.links] == ["bare", "original-url"]


@pytest.mark.parametrize(
    "label",
    [
        "Source:",
        "URL:",
        "Fuente:",
        "Quelle:",
        "Fonte:",
        "Источник:",
        "Джерело:",
        "المصدر:",
        "来源：",
        "出典：",
        "Lien :",
    ],
)
def test_a_weak_label_counts_where_it_stands_once(label: str) -> None:
    assert read(f"A title\n\n{label} https://x.org/own\n").own_url == "https://x.org/own"
    twice = read(f"{label} https://x.org/one\n\n{label} https://x.org/two\n")
    assert twice.own_url is None


@pytest.mark.parametrize(
    "words", ["The source:", "He sent the original url to", "Sources said", "Resource URL list"]
)
def test_words_of_a_sentence_are_no_label(words: str) -> None:
    assert label_of(words) is not Label.STRONG or words.startswith("Resource")


def test_a_label_reaches_over_blank_lines_but_not_over_words() -> None:
    assert label_of("Original url:\n\n\n<") is Label.STRONG
    assert label_of("Original url:\n\nsee ") is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("October 22, 2024", (2024, 10, 22)),
        ("Oct. 22nd, 2024", (2024, 10, 22)),
        ("22 October 2024", (2024, 10, 22)),
        ("Published: 2 de octubre de 2024", (2024, 10, 2)),
        ("2 octobre 2024", (2024, 10, 2)),
        ("22. März 2024", (2024, 3, 22)),
        ("2 de março de 2024", (2024, 3, 2)),
        ("22 октября 2024", (2024, 10, 22)),
        ("22 жовтня 2024", (2024, 10, 22)),
        ("22 أكتوبر 2024", (2024, 10, 22)),
        ("2024年10月22日", (2024, 10, 22)),
        ("2024년 10월 22일", (2024, 10, 22)),
        ("22.10.2024", (2024, 10, 22)),
        ("10/22/2024", (2024, 10, 22)),
        ("2024-10-22", (2024, 10, 22)),
        ("2024/10/22", (2024, 10, 22)),
        ("2024.10.22", (2024, 10, 22)),
        ("22-Oct-2024", (2024, 10, 22)),
        ("22 अक्टूबर 2024", (2024, 10, 22)),
        ("22 تشرين الأول 2024", (2024, 10, 22)),
        ("3 mei 2024", (2024, 5, 3)),
        ("04/05/2024", None),
        ("31 February 2024", None),
        ("chapter 12 verse 2024", None),
    ],
)
def test_a_date_is_read_only_where_it_means_one_day(
    written: str, expected: tuple[int, int, int] | None
) -> None:
    assert read_date(written) == (None if expected is None else datetime(*expected, tzinfo=UTC))


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-10-22T23:30:00-05:00", "2024-10-23T04:30:00+00:00"),
        ("2024-10-22 10:15", "2024-10-22T10:15:00+00:00"),
        ("2024-10-22T10:15:30.123Z", "2024-10-22T10:15:30.123000+00:00"),
        ("2024-10-22 10:15:30 +0200", "2024-10-22T08:15:30+00:00"),
    ],
)
def test_times_become_utc(written: str, iso: str) -> None:
    found = read_date(written)
    assert found is not None
    assert found.isoformat() == iso


def test_the_first_short_line_is_the_headline_of_plain_text() -> None:
    assert read("A plain headline\n\nBody of the text goes here.\n").headline == "A plain headline"
    assert read("Just a sentence that runs on.\nAnd more.\n").headline is None


def test_a_headline_loses_its_markup() -> None:
    assert read("# The *big* [story](x) \\(update\\)\n").headline == "The big story (update)"
    assert read("The story\n=========\n").headline == "The story"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("PARIS, Oct 22, 2024 (AFP) - The fair that nobody had expected began on Tuesday.", 22),
        ("3 min read · Oct 22, 2024", 22),
        ("The fair, which nobody had expected, began on October 3, 2023 in Paris.", None),
        ("Source: https://x.org/2024/10/22/slug", None),
    ],
)
def test_a_date_in_a_sentence_or_address_is_not_that_of_the_article(line: str, day: int | None) -> None:
    published = read(f"# Head\n\n{line}\n").published
    assert (None if published is None else published.day) == day


def test_the_day_of_publication_comes_before_that_of_a_change() -> None:
    assert read("# Head\n\nUpdated 3 May 2024\n\n1 May 2024\n").published == datetime(2024, 5, 1, tzinfo=UTC)
    assert read("# Head\n\nUpdated 3 May 2024\n").published == datetime(2024, 5, 3, tzinfo=UTC)


def test_front_matter_is_read_as_yaml_writes_it() -> None:
    text = (
        '---\ntitle: >\n  A folded\n  title\ndate: "Jan 2, 2024" # draft\nlinks:\n  - https://x.org/1\n'
        "  - url: 'https://x.org/2'\ncanonical_url: https://x.org/own\n---\ntext\n"
    )
    document = find_links(Source(name="a.md", text=text), format=Format.MARKDOWN)
    assert document.headline == "A folded title"
    assert document.published == datetime(2024, 1, 2, tzinfo=UTC)
    assert document.own_url == "https://x.org/own"
    assert [link.raw for link in document.links] == [
        "https://x.org/1",
        "https://x.org/2",
        "https://x.org/own",
    ]
