# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Broken addresses are found as one span, so that repair gets all of it; nothing is joined that is two."""

import json
import os
from collections import Counter
from pathlib import Path

import pytest

from workers.extract.find import find_links
from workers.extract.scanner import scan
from workers.extract.source import Source
from workers.model import Format

DATA = Path(os.environ.get("LINKWRIGHT_TEST_DATA", Path(__file__).parents[3] / "../shared/data"))
DAMAGED = DATA / "repair" / "dev.jsonl"
AROUND = " \t\r\n\"'“”‘’«»„`.,;:!?()[]{}<>*…"


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in scan(text)]


def core(written: str) -> str:
    return written.replace("&quot;", "").strip(AROUND)


@pytest.mark.skipif(not DAMAGED.exists(), reason="the shared repair data is not here")
@pytest.mark.parametrize("form", [Format.TEXT, Format.MARKDOWN])
def test_the_whole_damaged_span_is_found(form: Format) -> None:
    whole: Counter[str] = Counter()
    cases: Counter[str] = Counter()
    for line in DAMAGED.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        document = find_links(Source(name=case["id"], text=case["text"]), format=form)
        cases[case["kind"]] += 1
        whole[case["kind"]] += core(case["damaged"]) in {core(link.raw) for link in document.links}
    assert whole.total() / cases.total() >= 0.99
    assert min(whole[kind] / count for kind, count in cases.items()) >= 0.95


@pytest.mark.parametrize(
    "damaged",
    [
        "https://www.bbc. com/news/world",
        "https://www.bbc.com /news/world-1",
        "https: //www.bbc.com/news/world-1",
        "https:// www.bbc.com/news",
        "https ://www.bbc.com/news",
        "ht tps://www.bbc.com/news",
        "hhttp://www.bbc.com/news",
        "ttps://www.bbc.com/news",
        "http:/www.bbc.com/news",
        "https:///www.bbc.com/news",
        "https;//www.bbc.com/x",
        "https.//www.bbc.com/x",
        "http//www.bbc.com/x",
        "http://http://www.bbc.com/x",
        "hxxps[:]//www[.]bbc[.]com/x",
        "https://bbc(.)com/x",
        "https:\\\\www.bbc.com\\news",
        "https:\\/\\/www.bbc.com\\/news",
        "https：//www.bbc.com/x",
        "https&#58;//www.bbc.com/x",
        "https%3a%2f%2fwww.bbc.com%2fnews",
        "https%25253A%25252F%25252Fwww.bbc.com%25252Fa",
        "//www.bbc.com/news",
        "www.bbc.\ncom/news",
        "https://www.bbc.com/news/\N{NO-BREAK SPACE}world-asia-1234",
        "https://www.bbc.com/news/\tworld-asia-1234",
        "https://www.bbc.com/news/world-\N{THIN SPACE}asia-1234",
        "https://www.bbc.com/news/world-\n\t  asia-1234",
        "https://www.bbc.com/news/wor\N{SOFT HYPHEN}ld",
        "https://www.bbc.com/news/world\N{WORD JOINER}-asia",
        "h\N{ZERO WIDTH SPACE}ttps://www.bbc.com/x",
        "https://www.bbc.com/news/world-asia.\nhtml",
        "https://www.bbc.com/ news/ world- asia- 123",
        "https://www.bbc.com/news/a-very-long - story-74344.html",
        "https:%2F%2Fwww.bbc.com%2Fnews",
        "http s://www.bbc.com/news",
        "https//:www.bbc.com/news",
        "https:/\N{THIN SPACE}/www.bbc.com/news",
        "https:/ \n /www.bbc.com/news",
        "https://\N{HAIR SPACE}\nwww.bbc.com/news",
        "ht\x01tps://www.bbc.com/news",
        "https://www.bb\x01c.com/ne\x7fws",
        "https://\N{POP DIRECTIONAL FORMATTING}www.bbc.com/ne\N{ARABIC LETTER MARK}ws",
        "hxxps[:]//bbc [.] co [.] uk/news",
        "https://bbc{.}com/news",
        "https:\\\\www.bbc.com\\news\\",
        "https://www.bbc.com/a\N{HYPHEN BULLET}b\N{FULLWIDTH HYPHEN-MINUS}c",
        "https://www.bbc.com/news/elec\N{HYPHEN}\ntion-result-in",
        "https://www.bbc.com/news/elec\N{NON-BREAKING HYPHEN} tion-result-in",
        "https://www.bbc.com/news/elec\N{SOFT HYPHEN}\ntion-result-in",
        "https://www.bbc.com/news/world-a\N{TWO DOT LEADER}",
        "https://www.bbc.com/news/a\N{NON-BREAKING HYPHEN}b\N{EN DASH}c",
        "https://www.bbc.com/news/abc…",
        "https://www.bbc.com/news/abc[…]",
        "https://www.bbc.com/news/abc&hellip;",
        "https://www.bbc.com/a\\_b\\-c",
    ],
)
@pytest.mark.parametrize(("before", "after"), [("He said ", " for updates."), ("<", ">"), ("(", ")")])
def test_a_broken_address_is_one_span(damaged: str, before: str, after: str) -> None:
    assert found(f"{before}{damaged}{after}") == [damaged]


def test_inside_brackets_even_a_plain_word_belongs_to_the_address() -> None:
    assert found("[a](https://www.bbc.com/news/heart break) said") == ["https://www.bbc.com/news/heart break"]
    assert found("<https://www.bbc.com/se\r\ncrets>") == ["https://www.bbc.com/se\r\ncrets"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.com/x\nhttps://b.com/y", ["https://a.com/x", "https://b.com/y"]),
        ("https://a.com/x-\nhttps://b.com/y", ["https://a.com/x-", "https://b.com/y"]),
        ("https://a.com/x/\nb.com/y", ["https://a.com/x/", "b.com/y"]),
        ("https://a.com/x/ www.b.com/y", ["https://a.com/x/", "www.b.com/y"]),
        ("https://t.co/Ab12 pic.twitter.com/xyz9", ["https://t.co/Ab12", "pic.twitter.com/xyz9"]),
        ("- https://a.com/x\n- second-item\n", ["https://a.com/x"]),
        ("1. https://a.com/one-two\n2. https://b.com", ["https://a.com/one-two", "https://b.com"]),
        ("https://a.com/foo/\n\nnext-part/here", ["https://a.com/foo/"]),
    ],
)
def test_trap_8_two_addresses_stay_two(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_trap_8_one_address_over_three_lines_is_one() -> None:
    text = "at https://a.com/one-\ntwo-three-\nfour.html today"
    assert found(text) == ["https://a.com/one-\ntwo-three-\nfour.html"]


@pytest.mark.parametrize(
    "text",
    [
        "at https://a.com/foo and later revised",
        "at https://a.com/foo\nThe inquiry goes on.",
        "visit https://a.com/foo well-known site",
        "visit https://a.com/foo 24/7 or 2024-10-22",
        "https://a.com/foo - the best site",
        "https://a.com/foo – the best-known site",
        "curl https://a.com/foo -o file",
        "https://a.com/foo (see b-c-d)",
        "https://a.com/foo. In this case",
        "https://a.com/foo.\nnext part",
        "https://a.com/foo, doi:10.1000/182",
    ],
)
def test_prose_after_an_address_is_not_joined(text: str) -> None:
    assert found(text) == ["https://a.com/foo"]


def test_the_readings_of_a_hyphen_at_a_break_are_both_given() -> None:
    (span,) = scan("https://a.com/see-so-\nphie-turner now")
    assert span.readings == (
        "https://a.com/see-so-phie-turner",
        "https://a.com/see-sophie-turner",
        "https://a.com/see-so-",
    )


def test_an_address_cut_short_by_dots_says_so() -> None:
    (span,) = scan("see https://a.com/set-f... and more")
    assert span.is_cut_short
