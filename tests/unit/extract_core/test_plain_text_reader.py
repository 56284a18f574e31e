"""Plain text: bare addresses, and the Markdown that hides in .txt files."""

import pytest

from workers.extract.find import find_links
from workers.extract.source import Source
from workers.extract.text import links_in_text
from workers.model import Defect, Document, Format


def read(text: str) -> Document:
    document = find_links(Source(name="a.txt", text=text), format=Format.TEXT)
    assert document.text is not None
    assert [document.text[link.start : link.end] for link in document.links] == [
        link.raw for link in document.links
    ]
    return document


@pytest.mark.parametrize(
    ("text", "raw", "target", "anchor"),
    [
        ("[a](http://x.org/b)", "http://x.org/b", "http://x.org/b", "a"),
        ("[a \\(b\\)](#)", "#", "#", "a (b)"),
        ("[a [b] c](<d e> 'title')", "d e", "d e", "a [b] c"),
        ("[a](b\\_c)", "b\\_c", "b_c", "a"),
        ("[a](d(e)f)", "d(e)f", "d(e)f", "a"),
        ("![alt](i.png)", "i.png", "i.png", "alt"),
    ],
)
def test_trap_3_inline_links_are_read_in_plain_text(text: str, raw: str, target: str, anchor: str) -> None:
    (link,) = read(text).links
    assert (link.raw, link.target, link.anchor, link.column) == (raw, target, anchor, 1)


def test_trap_4_an_image_inside_a_link_is_two_in_plain_text() -> None:
    assert [(link.kind, link.raw) for link in read("[![a](i.png)](http://x.org/)").links] == [
        ("link", "http://x.org/"),
        ("image", "i.png"),
    ]


def test_an_address_inside_an_anchor_is_the_anchor() -> None:
    (link,) = read("[https://shown.org/a](#)").links
    assert (link.raw, link.anchor) == ("#", "https://shown.org/a")


def test_brackets_without_a_target_are_prose() -> None:
    assert read("a [b] (c) d](e) [f]\n\n](g)").links == ()


def test_angle_brackets_make_an_autolink() -> None:
    (link,) = read("at <http://x.org/a>.").links
    assert (link.kind, link.raw, link.start, link.column) == ("autolink", "http://x.org/a", 4, 4)


def test_mail_addresses_are_unsupported_not_dropped() -> None:
    (link,) = read("write to a.b@example.com, please").links
    assert (link.raw, link.resolved, link.defects) == (
        "a.b@example.com",
        None,
        (Defect.UNSUPPORTED_SCHEME,),
    )


@pytest.mark.parametrize(
    ("written", "defect"),
    [
        ("http://x.org/a b-c-d/e", Defect.INNER_SPACE),
        ("http://x.org/a-\nb-c", Defect.HYPHEN_AT_BREAK),
        ("http://x.org/a/\nb-c", Defect.LINE_BREAK),
        ("http://x.org/a\N{SOFT HYPHEN}b", Defect.SOFT_HYPHEN),
        ("http://x.org/a\N{ZERO WIDTH SPACE}b", Defect.ZERO_WIDTH),
        ("http://x.org/?a&amp;b", Defect.ENTITY_LEFT),
        ("http://x.org/a\\_b", Defect.ESCAPED),
        ("http%3A%2F%2Fx.org%2Fa", Defect.PERCENT_ENCODED),
        ("http://http://x.org/a", Defect.DOUBLE_SCHEME),
        ("hxxp://x[.]org/a", Defect.DEFANGED),
        ("http://x.org/a…", Defect.ELLIPSIS),
        ("http://x.org/a...", Defect.ELLIPSIS),
        ("http://x.org/a\N{EN DASH}b", Defect.UNICODE_DASH),
        ("http://x.org/\N{LATIN SMALL LIGATURE FI}sh", Defect.LIGATURE),
        ("hhttp://x.org/a", Defect.BAD_SCHEME),
        ("http:/x.org/a", Defect.BAD_SCHEME),
        ("www.example.org/a", Defect.NO_SCHEME),
        ("http://user:secret@x.org/a", Defect.CREDENTIALS),
    ],
)
def test_every_defect_of_the_written_form_is_named(written: str, defect: Defect) -> None:
    (link,) = read(f"see {written}").links
    assert defect in link.defects


def test_a_clean_address_has_no_defect() -> None:
    (link,) = read("see https://example.com/a/b-c_d.html?e=f%20g#h.").links
    assert (link.defects, link.resolved) == ((), "https://example.com/a/b-c_d.html?e=f%20g#h")


def test_other_readers_get_findings_with_offsets_into_their_text() -> None:
    links = links_in_text("see http://x.org/a and doi:10.1000/182 and [b](c)")
    assert [(link.start, link.raw) for link in links] == [(4, "http://x.org/a"), (23, "doi:10.1000/182")]
    assert [link.raw for link in links_in_text("[b](c)", markup=True)] == ["c"]


def test_the_sentence_around_an_address_stops_at_its_ends() -> None:
    (link,) = read("One U.S. thing. Two is at http://x.org/a today! Three.").links
    assert link.context == "Two is at http://x.org/a today!"


@pytest.mark.parametrize(
    ("written", "resolved"),
    [
        ("bbc.co.uk/news", "http://bbc.co.uk/news"),
        ("t.me/x", "http://t.me/x"),
        ("b\xfccher.de/x", "http://xn--bcher-kva.de/x"),
        ("192.168.0.1/x", "http://192.168.0.1/x"),
        ("example.com:8080/x", "http://example.com:8080/x"),
    ],
)
def test_a_host_without_a_scheme_can_be_fetched(written: str, resolved: str) -> None:
    (link,) = read(f"see {written} now").links
    assert (link.raw, link.resolved, link.defects) == (written, resolved, (Defect.NO_SCHEME,))


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("foo.berlin example.com example.de/x", ["foo.berlin", "example.com", "example.de/x"]),
        ("asp.net vb.net", ["asp.net", "vb.net"]),
        ("ftp://f.org s3://bucket/x", ["ftp://f.org", "s3://bucket/x"]),
        ("amazon.com's page", ["amazon.com"]),
        ("https://x.org/so\xadft https\u200b://y.org/z", ["https://x.org/so\xadft", "https\u200b://y.org/z"]),
        ('Link=https://x.org/z href="https://y.org/h"', ["https://x.org/z", "https://y.org/h"]),
        ("# see https://x.org/c\nx='https://x.org/d'", ["https://x.org/c", "https://x.org/d"]),
        ("[a]: https://x.org/a_b\n[c-d]: https://y.org/c", ["https://x.org/a_b", "https://y.org/c"]),
        ("Home: https://x.org/a-b\nProject-URL: https://y.org/c", ["https://x.org/a-b", "https://y.org/c"]),
        ("get https://x.org/a --recv-keys now", ["https://x.org/a"]),
        ("https://x.org/src-1.tgz\nmake-it", ["https://x.org/src-1.tgz"]),
        ("x.com\ny-z-w.js", ["x.com"]),
        ("session.post(data) and item.name()", []),
        ("1. https://x.org/x-\n2. https://y.org/y-\n3. end", ["https://x.org/x-", "https://y.org/y-"]),
        ("http:/x.org/2 http//y.org/3", ["http:/x.org/2", "http//y.org/3"]),
        ("see https://x.org/docs/ today-only offer", ["https://x.org/docs/"]),
        ("https://x.org/news/\n2021 was a good year", ["https://x.org/news/"]),
        ("https://x.org/a.html\n12-month-plan", ["https://x.org/a.html"]),
    ],
)
def test_two_addresses_stay_two(text: str, raws: list[str]) -> None:
    assert [link.raw for link in read(text).links] == raws


def test_an_address_goes_on_behind_the_marks_of_a_quoted_line() -> None:
    (link,) = read("He wrote:\n>> see https://x.org/very/long-\n>> path/goes/on.html now").links
    assert link.raw == "https://x.org/very/long-\n>> path/goes/on.html"
    assert link.readings == (
        "https://x.org/very/long-path/goes/on.html",
        "https://x.org/very/longpath/goes/on.html",
        "https://x.org/very/long-",
    )


def test_marks_of_quotation_are_not_stepped_over_where_the_line_has_none() -> None:
    (link,) = read("see https://x.org/very/long-\n> path/goes/on.html now").links
    assert link.raw == "https://x.org/very/long-"


def test_a_soft_line_end_of_mail_has_a_reading_of_its_own() -> None:
    (link,) = read("https://x.org/long=\npath/more").links
    assert link.readings == (
        "https://x.org/longpath/more",
        "https://x.org/long=path/more",
        "https://x.org/long=",
    )
    (link,) = read("https://x.org/a?q=\npath/more").links
    assert link.readings[:2] == ("https://x.org/a?q=path/more", "https://x.org/a?qpath/more")


def test_an_identifier_wins_over_a_host_that_is_part_of_it() -> None:
    (link,) = read("math.GT/0309136").links
    assert link.identifier is not None
    assert link.identifier.scheme == "arxiv"


def test_a_quoted_address_ends_before_the_next_word_alone_on_a_line() -> None:
    (link,) = read("> https://x.org/2021/04/flood-\n> plan-agreed\n> bye").links
    assert link.raw == "https://x.org/2021/04/flood-\n> plan-agreed"


@pytest.mark.parametrize(
    "mark", ["\u060c", "\u061b", "\u061f", "\u0964", "\u0589", "\u1362", "\u3002", "\uff1f"]
)
def test_punctuation_of_every_script_ends_an_address(mark: str) -> None:
    for behind in ("", " and", "\u0648\u0627\u0644"):
        (link,) = read(f"https://x.org/a{mark}{behind}").links
        assert link.raw == "https://x.org/a"


@pytest.mark.parametrize(
    "address",
    [
        "https://ca.wikipedia.org/wiki/Col\xb7lecci\xf3",
        "https://ja.wikipedia.org/wiki/\u30a2\u30fb\u30a4",
        "https://x.org/#!",
    ],
)
def test_marks_within_a_word_and_of_a_fragment_belong_to_the_address(address: str) -> None:
    assert [link.raw for link in read(f"see {address} now").links] == [address]


def test_a_space_before_the_last_label_of_a_host_is_a_break() -> None:
    (link,) = read("see https://exa .com/x now").links
    assert (link.raw, link.resolved) == ("https://exa .com/x", "https://exa.com/x")


def test_lines_that_end_in_a_carriage_return_hold_labels() -> None:
    assert read("Words.\r\rOriginal url:\r\r<https://x.org/own>\r").own_url == "https://x.org/own"
