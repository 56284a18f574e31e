"""JSON and JSON Feed: every string with its pointer and its place in the source."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.errors import UnreadableDocument
from workers.extract.json_reader import read
from workers.extract.json_strings import strings
from workers.extract.source import Source
from workers.model import Defect, Document, Kind


def _read(text: str, base: str | None = None) -> Document:
    document = read(Source(name="a.json", data=text.encode(), base=base))
    for link in document.links:
        assert document.text is not None
        assert document.text[link.start : link.end] == link.raw
    return document


def test_an_address_has_a_pointer_a_place_and_the_title_beside_it():
    (link,) = _read('{"é":\n [{"title": "One", "url": "https://example.org/a"}]}').links
    assert (link.kind, link.raw, link.anchor) == (Kind.LINK, "https://example.org/a", "One")
    assert link.locator == "/é/0/url"
    assert (link.line, link.column) == (2, 28)


def test_a_pointer_escapes_slash_and_tilde():
    (link,) = _read('{"a/b~c": {"href": "https://example.org/"}}').links
    assert link.locator == "/a~1b~0c/href"


def test_an_escaped_address_is_decoded_and_raw_is_as_written():
    (link,) = _read(r'{"url": "https:\/\/example.org\/\u00e9"}').links
    assert link.raw == r"https:\/\/example.org\/\u00e9"
    assert link.target == "https://example.org/é"


@pytest.mark.parametrize("key", ["url", "sourceUrl", "source_url", "permalink", "og:link".replace(":", "-")])
def test_a_key_for_addresses_makes_a_placeholder_of_a_stripped_one(key):
    (link,) = _read(json.dumps({key: "#"})).links
    assert (link.target, link.defects) == ("#", (Defect.FRAGMENT_ONLY,))


def test_a_word_under_such_a_key_is_no_address():
    assert _read('{"link": "Read more", "curl": "x/y", "url": "yes"}').links == ()


def test_addresses_in_running_text_html_and_markdown_are_read():
    text = json.dumps(
        {
            "a": "see https://example.org/bare.",
            "b": '<p><a href="https://example.org/h?a=1&amp;b=2">html</a></p>',
            "c": "so [words](https://example.org/m) say",
            "d": ["https://example.org/list"],
            "https://example.org/key": 1,
        }
    )
    assert [(link.kind, link.target, link.locator) for link in _read(text).links] == [
        (Kind.BARE, "https://example.org/bare", "/a"),
        (Kind.LINK, "https://example.org/h?a=1&b=2", "/b"),
        (Kind.LINK, "https://example.org/m", "/c"),
        (Kind.BARE, "https://example.org/list", "/d/0"),
        (Kind.BARE, "https://example.org/key", "/https:~1~1example.org~1key"),
    ]


def test_a_json_feed_is_read_item_by_item():
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "The News",
        "home_page_url": "https://example.org/",
        "feed_url": "https://example.org/feed.json",
        "items": [
            {
                "id": "https://example.org/1",
                "url": "https://example.org/1",
                "external_url": "https://example.net/x",
                "title": "One",
                "content_html": '<a href="rel">r</a>',
                "attachments": [{"url": "https://example.org/a.mp3"}],
            },
            {"id": "2", "url": "", "content_text": "see https://example.org/t"},
        ],
    }
    document = _read(json.dumps(feed))
    assert [(link.kind, link.target, link.resolved) for link in document.links] == [
        (Kind.METADATA, "https://example.org/", "https://example.org/"),
        (Kind.ALTERNATE, "https://example.org/feed.json", "https://example.org/feed.json"),
        (Kind.FEED_ITEM, "https://example.org/1", "https://example.org/1"),
        (Kind.LINK, "https://example.net/x", "https://example.net/x"),
        (Kind.LINK, "rel", "https://example.org/rel"),
        (Kind.MEDIA, "https://example.org/a.mp3", "https://example.org/a.mp3"),
        (Kind.FEED_ITEM, "", None),
        (Kind.BARE, "https://example.org/t", "https://example.org/t"),
    ]
    assert (document.headline, document.own_url) == ("The News", "https://example.org/")
    assert document.skipped == {"identifiers that are no link": 2}


def test_an_article_in_json_says_its_facts():
    document = _read('{"headline": "H", "datePublished": "2024-10-22T10:00:00Z", "inLanguage": "fr"}')
    assert (document.headline, document.language) == ("H", "fr")
    assert document.published == datetime(2024, 10, 22, 10, tzinfo=UTC)


def test_a_long_number_is_no_error():
    assert (
        _read('{"n": ' + "9" * 5000 + ', "url": "https://example.org/"}').links[0].raw
        == "https://example.org/"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ('{"a": 1', "is not valid JSON: Expecting ',' delimiter: line 1 column 8 (char 7)"),
        ("[" * 100_000, "nests JSON too deeply to be read"),
    ],
    ids=["empty", "cut", "deep"],
)
def test_what_cannot_be_read_is_one_error_with_the_name_of_the_file(text, reason):
    with pytest.raises(UnreadableDocument) as raised:
        _read(text)
    assert str(raised.value) == f"a.json: {reason}"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just("https://example.org/é"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)


def _values(value: object, path: tuple = ()) -> list[tuple[tuple, str]]:
    if isinstance(value, str):
        return [(path, value)]
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in _values(inner, (*path, key))]
    if isinstance(value, list):
        return [found for index, inner in enumerate(value) for found in _values(inner, (*path, index))]
    return []


@given(JSON_VALUES, st.booleans())
def test_every_string_is_found_at_its_path_with_its_text(value, ascii_only):
    text = json.dumps(value, ensure_ascii=ascii_only)
    found = [(string.path, string.value.text) for string in strings(text) if not string.is_key]
    assert found == _values(value)


@given(JSON_VALUES)
def test_findings_are_slices_of_the_source_in_order(value):
    links = _read(json.dumps(value)).links
    assert [link.start for link in links] == sorted(link.start or 0 for link in links)


@pytest.mark.parametrize(
    ("key", "value", "normal"),
    [
        ("arXiv", "2101.00001", "2101.00001"),
        ("pmid", "12345", "12345"),
        ("ISSN", "2049-3630", "2049-3630"),
        ("orcid", "0000-0002-1825-0097", "0000-0002-1825-0097"),
    ],
)
def test_a_member_for_an_identifier_needs_no_label(key, value, normal):
    (link,) = _read(f'{{"{key}": " {value}"}}').links
    assert link.identifier is not None
    assert (link.raw, link.identifier.normal) == (value, normal)


def test_a_mail_address_is_never_joined_to_a_base():
    (link,) = _read('{"author": "a@example.org"}', base="https://example.org/").links
    assert (link.resolved, link.defects) == (None, (Defect.UNSUPPORTED_SCHEME,))
