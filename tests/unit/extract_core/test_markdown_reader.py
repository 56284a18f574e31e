"""Markdown: every construct that cites something, and the place of its target."""

import json
import os
from pathlib import Path
from urllib.parse import quote

import pytest
import turbohtml

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.model import Defect, Document, Format, FoundLink

DATA = Path(os.environ.get("LINKWRIGHT_TEST_DATA", Path(__file__).parents[3] / "../shared/data"))
COMMONMARK = DATA / "conformance" / "commonmark-links.jsonl"
RENDERED = {"link", "image", "autolink"}


def read(text: str, base: str | None = None) -> Document:
    document = find_links(Source(name="a.md", text=text, base=base), format=Format.MARKDOWN)
    assert document.text is not None
    assert [document.text[link.start : link.end] for link in document.links] == [
        link.raw for link in document.links
    ]
    return document


def one(text: str) -> FoundLink:
    (link,) = read(text).links
    return link


def encoded(target: str) -> str:
    """What the reference renderer writes into an attribute."""
    return quote(target, safe="%/:?#@!$&'()*+,;=~-._")


@pytest.mark.skipif(not COMMONMARK.exists(), reason="the shared conformance data is not here")
def test_every_commonmark_link_case_holds() -> None:
    failed = []
    for line in COMMONMARK.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        tags = [token for token in turbohtml.tokenize(case["html"]) if token.attrs]
        expected = [value for tag in tags for name, value in tag.attrs or () if name in {"href", "src"}]
        links = [link.target for link in read(case["markdown"]).links if link.kind in RENDERED]
        if [encoded(target) for target in links] != [encoded(target) for target in expected]:
            failed.append(case["id"])
    assert failed == []


@pytest.mark.parametrize(
    ("text", "raw", "target"),
    [
        ("[a](http://x.org/b)", "http://x.org/b", "http://x.org/b"),
        ('[a]( <b c>  "t (u)" )', "b c", "b c"),
        ("[a](b\\)c&amp;d)", "b\\)c&amp;d", "b)c&d"),
        ("[a [b] \\] `]` c](d(e)f)", "d(e)f", "d(e)f"),
        ("[a](\n  b\n  'title')", "b", "b"),
        ("![alt *text*](i.png)", "i.png", "i.png"),
        ("[a]()", "", ""),
    ],
)
def test_trap_3_the_raw_of_an_inline_link_is_its_target_as_written(text: str, raw: str, target: str) -> None:
    link = one(text)
    assert (link.raw, link.target) == (raw, target)


def test_a_reference_link_points_into_its_definition_and_stands_where_it_is_used() -> None:
    link = one('é [a b][Ref] c\n\n[ref]: <http://x.org/é> "t"')
    assert (link.raw, link.anchor, link.line, link.column) == ("http://x.org/é", "a b", 1, 3)


def test_a_definition_used_twice_is_two_citations() -> None:
    assert [link.target for link in read("[a][r] [b][r]\n\n[r]: /x").links] == ["/x", "/x"]


def test_a_definition_that_nothing_uses_is_a_finding_of_its_own() -> None:
    link = one("> text\n>\n> [unused]: http://x.org/u")
    assert (link.kind, link.raw, link.line) == ("reference", "http://x.org/u", 3)


@pytest.mark.parametrize(("text", "raw"), [("[a][nope]", "nope"), ("[nope][]", "nope")])
def test_trap_3_a_reference_that_is_never_defined_is_reported(text: str, raw: str) -> None:
    link = one(text)
    assert (link.kind, link.raw, link.resolved) == ("reference", raw, None)
    assert link.defects == (Defect.UNDEFINED_REFERENCE,)


def test_brackets_in_prose_are_no_reference() -> None:
    assert read("He [Smith] said [sic] so.").links == ()


def test_trap_3_links_in_footnotes_are_footnotes() -> None:
    document = read("text[^1]\n\n[^1]: See http://x.org/f and [a](http://x.org/g).")
    assert [(link.kind, link.raw) for link in document.links] == [
        ("footnote", "http://x.org/f"),
        ("footnote", "http://x.org/g"),
    ]


def test_trap_4_the_same_address_twice_is_two_citations() -> None:
    links = read("[a](http://x.org/) and [b](http://x.org/)").links
    assert [(link.column, link.raw) for link in links] == [(1, "http://x.org/"), (24, "http://x.org/")]


def test_trap_4_an_image_inside_a_link_is_two() -> None:
    links = read("[![alt](i.png)](http://x.org/)").links
    assert [(link.kind, link.raw, link.anchor) for link in links] == [
        ("link", "http://x.org/", "alt"),
        ("image", "i.png", "alt"),
    ]


def test_autolinks_keep_their_address_without_brackets() -> None:
    links = read("<http://x.org/a> <b@x.org>").links
    assert [(link.kind, link.raw, link.target, link.column) for link in links] == [
        ("autolink", "http://x.org/a", "http://x.org/a", 1),
        ("autolink", "b@x.org", "mailto:b@x.org", 18),
    ]
    assert links[1].defects == (Defect.UNSUPPORTED_SCHEME,)


def test_bare_addresses_are_found_in_every_kind_of_prose() -> None:
    text = (
        "# http://h.org/\n\n> http://q.org/\n\n| a |\n|---|\n| http://t.org/ |\n\n"
        "- *http://i.org/* www.w.org\n"
    )
    assert [link.raw for link in read(text).links] == [
        "http://h.org/",
        "http://q.org/",
        "http://t.org/",
        "http://i.org/",
        "www.w.org",
    ]


def test_addresses_in_code_are_counted_as_skipped() -> None:
    document = read("`http://a.org` and\n\n```\nhttp://b.org\n```\n\n    http://c.org\n")
    assert document.links == ()
    assert document.skipped == {"code": 3}


def test_inline_html_is_read_where_it_stands() -> None:
    document = read(
        'Text <a href="/x?a=1&amp;b" rel=nofollow>an *anchor*</a> and `<a href="/no">`\n\n<img src=i.png>\n'
    )
    assert [(link.kind, link.raw, link.target) for link in document.links] == [
        ("link", "/x?a=1&amp;b", "/x?a=1&b"),
        ("image", "i.png", "i.png"),
    ]
    assert document.links[0].rel == ("nofollow",)


def test_a_broken_target_is_still_a_link_with_its_anchor() -> None:
    link = one("See [www.bbc.com](https://www.bbc. com/news/a-b) now")
    assert (link.kind, link.raw, link.anchor, link.column) == (
        "link",
        "https://www.bbc. com/news/a-b",
        "www.bbc.com",
        5,
    )
    assert link.resolved == "https://www.bbc.com/news/a-b"
    assert Defect.INNER_SPACE in link.defects


def test_front_matter_gives_facts_and_addresses() -> None:
    document = read(
        "---\ntitle: 'A headline'\ndate: 2024-05-06\nlang: de\nsource_url: https://x.org/own\n"
        "image: https://x.org/i.png\n---\n\n# Other\n\n[a](https://x.org/b)\n"
    )
    assert (document.headline, document.language) == ("A headline", "de")
    assert document.published is not None
    assert document.published.isoformat() == "2024-05-06T00:00:00+00:00"
    assert document.published_source == "front-matter"
    assert [(link.kind, link.raw) for link in document.links] == [
        ("original-url", "https://x.org/own"),
        ("metadata", "https://x.org/i.png"),
        ("link", "https://x.org/b"),
    ]
    assert document.own_url == "https://x.org/own"


def test_relative_targets_are_joined_to_the_given_base() -> None:
    (link,) = read("[a](../b)", base="https://x.org/c/d/e").links
    assert (link.resolved, link.base, link.base_source) == (
        "https://x.org/c/b",
        "https://x.org/c/d/e",
        "given",
    )


def test_offsets_are_code_points_whatever_the_bytes_are() -> None:
    text = "😀é [a](http://x.org/é)\r\n\r\nщ http://y.org/щ [b][r]\r\n\r\n[r]: /ß\r\n"
    assert [(link.raw, link.line, link.column) for link in read(text).links] == [
        ("http://x.org/é", 1, 4),
        ("http://y.org/щ", 3, 3),
        ("/ß", 3, 18),
    ]
