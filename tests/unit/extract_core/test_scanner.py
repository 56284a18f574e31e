# ruff: noqa: RUF001 - characters that look alike are the subject here
"""Bare addresses in running text: what is one, where it ends, and what only looks like one."""

import json
import os
from pathlib import Path

import pytest

from workers.extract.scanner import scan

DATA = Path(os.environ.get("LINKWRIGHT_TEST_DATA", Path(__file__).parents[3] / "../shared/data"))
CONFORMANCE = DATA / "conformance" / "autolink-linkify-it.jsonl"
EXCEPTIONS = Path(__file__).parents[2] / "fixtures/extract/core/linkify-exceptions.json"


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in scan(text)]


@pytest.mark.skipif(not CONFORMANCE.exists(), reason="the shared conformance data is not here")
def test_linkify_conformance_holds_but_for_the_listed_exceptions() -> None:
    failed, positives, negatives = [], 0, 0
    for line in CONFORMANCE.read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        first = next(iter(found(case["text"])), None)
        if case["kind"] == "none":
            holds = first is None
            negatives += holds
        else:
            holds = first == case["first_link"]
            positives += holds
        if not holds:
            failed.append(case["id"])
    assert failed == sorted(json.loads(EXCEPTIONS.read_text()))
    assert (positives, negatives) == (112, 37)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See http://example.com/a.", ["http://example.com/a"]),
        ("(see http://example.com/a_(b))", ["http://example.com/a_(b)"]),
        ("[http://example.com/x], {www.example.org/y}", ["http://example.com/x", "www.example.org/y"]),
        ("“http://example.com/a,” he said", ["http://example.com/a"]),
        ("»http://example.com/a« und ‘http://example.org’", ["http://example.com/a", "http://example.org"]),
        ("访问http://example.com/路径。然后", ["http://example.com/路径"]),
        ("「http://example.com/a」と", ["http://example.com/a"]),
        ("*http://example.com/a* **http://b.com/a** _http://c.com/a_ ~~http://d.com/a~~", None),
        ("http://example.com/a,http://example.org/b", ["http://example.com/a", "http://example.org/b"]),
        ("http://example.com/0,,9065,00.html", ["http://example.com/0,,9065,00.html"]),
        ("http://[2001:db8::1]:80/x", ["http://[2001:db8::1]:80/x"]),
        ("http://localhost:8000/x http://10.0.0.1/a", ["http://localhost:8000/x", "http://10.0.0.1/a"]),
        ("президент.рф и пример.рф/путь", ["президент.рф", "пример.рф/путь"]),
        ("mail a.b@example.com, mailto:c@example.org", ["a.b@example.com", "mailto:c@example.org"]),
        ("&lt;http://example.com/a?b=1&amp;c=2&gt;", ["http://example.com/a?b=1&amp;c=2"]),
        ("| http://example.com/x | next/cell-a-b |", ["http://example.com/x"]),
        ("ftp://example.org/x", ["ftp://example.org/x"]),
    ],
)
def test_trap_6_the_sentence_keeps_its_punctuation(text: str, expected: list[str] | None) -> None:
    assert found(text) == (
        expected or ["http://example.com/a", "http://b.com/a", "http://c.com/a", "http://d.com/a"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "src/main.py, a.sh, node.js and docs/index.md",
        "This ends.The next. Done.Now go.",
        "and/or, he/she, 1/2, km/h, TCP/IP, w/o",
        "file.txt/foo C:/Users/me ../a/b ./x.sh /etc/passwd ~/foo.pl",
        "She said: // comment, foo:// and http:// or https://",
        "10:/30 a:/b x:// y //",
        "e.g. and i.e. U.S. 3.14 v1.2.3 D.O.Ca 1.2.3.4.5",
        "in Nature (doi:10.1000/182) and 10.1038/nature12373.",
        "foo@bar and @example and user@localhost",
    ],
)
def test_trap_7_what_only_looks_like_a_host_is_no_link(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("main.py/x and a.sh", ["main.py/x"]),
        ("example.de/x", ["example.de/x"]),
        ("www.example.rs", ["www.example.rs"]),
        ("example.com", ["example.com"]),
        ("LeanIn.Org said", ["LeanIn.Org"]),
    ],
)
def test_a_host_without_scheme_needs_evidence(text: str, expected: list[str]) -> None:
    assert found(text) == expected


def test_a_barrier_is_never_entered() -> None:
    text = "http://a.com/x http://b.com/y http://c.com/z"
    spans = [text[span.start : span.end] for span in scan(text, barriers=[(14, 30)])]
    assert spans == ["http://a.com/x", "http://c.com/z"]


def test_only_the_asked_range_is_read() -> None:
    text = "http://a.com/x http://b.com/y http://c.com/z"
    assert [text[span.start : span.end] for span in scan(text, 10, 25)] == ["http://b.c"]
