"""Mechanical repair: what it undoes, and what it must never touch."""

import ada_url
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from workers.repair.normalise import is_clean, mended, normalise

PAGE = "https://www.example.org/2024/10/a-small-step"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        # hidden characters
        ("https://www.exa\u00admple.org/2024/10/a-small-step", PAGE),
        ("https://www.example.org/2024\u200b/10/a-small-step", PAGE),
        ("https://www.example.org/2024/10/a-small\u2060-step\ufeff", PAGE),
        ("\u202ahttps://www.example.org/2024/10/a-small-step\u202c", PAGE),
        # dashes, ligatures, styled letters
        ("https://www.example.org/2024/10/a\u2011small\u2013step", PAGE),
        ("https://www.example.org/2024/10/a\u2212small\uff0dstep", PAGE),
        ("https://www.example.org/o\ufb03ce-\ufb01re", "https://www.example.org/office-fire"),
        ("https://www.ex\uff41mple.org/2024/10/a-small-step", PAGE),
        ("https://a.example/水\uff0d城\uff0d橋", "https://a.example/水-城-橋"),
        ("https://a.example/one\u2014two\u2014three_4567.html", "https://a.example/one-two-three_4567.html"),
        # edges
        ("[url]https://www.example.org/2024/10/a-small-step[/url]", PAGE),
        ("[url=https://www.example.org/2024/10/a-small-step]step[/url]", PAGE),
        ('<a href="https://www.example.org/2024/10/a-small-step">', PAGE),
        ("\u275dhttps://www.example.org/2024/10/a-small-step\u275e", PAGE),
        ("\u201chttps://www.example.org/2024/10/a-small-step\u201d", PAGE),
        ("«https://www.example.org/2024/10/a-small-step».", PAGE),
        ("<https://www.example.org/2024/10/a-small-step>", PAGE),
        ("'https://www.example.org/2024/10/a-small-step'", PAGE),
        ("(https://www.example.org/2024/10/a-small-step).", PAGE),
        ("https://www.example.org/2024/10/a-small-step),", PAGE),
        ("https://www.example.org/2024/10/a-small-step\u3002", PAGE),
        ("**https://www.example.org/2024/10/a-small-step**", PAGE),
        ("https://www.example.org/2024/10/a-small-step</a>", PAGE),
        ("&quot;https://www.example.org/2024/10/a-small-step&quot;", PAGE),
        # entities, escapes, percent layers
        ("https://a.example/?x=1&amp;y=2", "https://a.example/?x=1&y=2"),
        ("https://a.example/?x=1&#38;y=2&amp;amp;z=3", "https://a.example/?x=1&y=2&z=3"),
        ("https://a.example/one\\_two\\-three", "https://a.example/one_two-three"),
        ("https:\\/\\/a.example\\/one", "https://a.example/one"),
        ("http:\\\\a.example\\one\\-two", "http://a.example/one/-two"),
        ("https%3A%2F%2Fa.example%2Fone%3Fx%3D1", "https://a.example/one?x=1"),
        ("https%253A%252F%252Fa.example%252Fone", "https://a.example/one"),
        ("https%3A//a.example/one%2Ctwo", "https://a.example/one,two"),
        ("https:%2F%2Fa.example%2Fone", "https://a.example/one"),
        ("https%3A%2F%2Fa.example%2F%25C3%25A9t%25C3%25A9", "https://a.example/%C3%A9t%C3%A9"),
        # schemes
        ("hxxps://www[.]example[.]org/2024/10/a-small-step", PAGE),
        ("hxxps[:]//www(dot)example [.] org/2024/10/a-small-step", PAGE),
        ("hxxps://www . example . org/2024/10/a-small-step", PAGE),
        ("hhttps://www.example.org/2024/10/a-small-step", PAGE),
        ("htpps://www.example.org/2024/10/a-small-step", PAGE),
        ("ttps://www.example.org/2024/10/a-small-step", PAGE),
        ("://www.example.org/2024/10/a-small-step", PAGE),
        ("https;//www.example.org/2024/10/a-small-step", PAGE),
        ("https//www.example.org/2024/10/a-small-step", PAGE),
        ("https:/www.example.org/2024/10/a-small-step", PAGE),
        ("https:///www.example.org/2024/10/a-small-step", PAGE),
        ("https: //www.example.org/2024/10/a-small-step", PAGE),
        ("http:www.example.org/one", "http://www.example.org/one"),
        ("httpswww.example.org/2024/10/a-small-step", PAGE),
        ("http://https://www.example.org/2024/10/a-small-step", PAGE),
        ("URL:https://www.example.org/2024/10/a-small-step", PAGE),
        ("www.example.org/2024/10/a-small-step", PAGE),
        ("//www.example.org/2024/10/a-small-step", PAGE),
        ("HTTPS://WWW.Example.ORG/2024/10/a-small-step", PAGE),
        # two at once
        ("\u201chxxps://www.exam\u00adple[.]org/2024/10/a\u2011small-step\u201d,", PAGE),
    ],
)
def test_mechanical_damage_is_undone(written, meant):
    assert normalise(written) == meant


@pytest.mark.parametrize(
    "url",
    [
        "https://en.wikipedia.org/wiki/Amid_(disambiguation)",
        "https://en.wikipedia.org/wiki/Michelson\u2013Morley_experiment",
        "https://fa.wikipedia.org/wiki/\u0645\u06cc\u200c\u0634\u0648\u062f",
        "https://ja.wikipedia.org/wiki/\uff21\u306e\u6587",
        "https://a.example/%25C3%25A9",
        "https://a.example/search?q=%22a+b%22",
        "https://a.example/a?url=https%3A%2F%2Fb.example%2F",
        "https://web.archive.org/web/20200101000000/http://b.example/",
        "https://user:Secret@a.example/One",
        "https://[2001:db8::1]:8080/x",
        "http://localhost:8080/x",
        "https://a.example/~home/index.cgi;v=1?x[]=1&y=(2)#a,b",
        "ftp://a.example/one",
        "mailto:a@b.example",
        "docs/readme.md",
        "readme.md",
        "#note",
        "",
    ],
)
def test_what_may_be_meant_is_left_alone(url):
    assert normalise(url) == url


def test_each_edit_says_its_rule_and_its_evidence():
    edits = mended("\u201chttps://a.exam\u200bple/one\u201d").edits
    assert [(edit.rule, edit.evidence) for edit in edits] == [
        ("hidden_character", "invisible characters removed: U+200B"),
        ("edge", "not part of the address: '“' before it and '”' after it"),
    ]


def test_white_space_inside_waits_for_a_reading():
    assert normalise("https://a.example/one-\ntwo") == "https://a.example/one-\ntwo"


labels = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
segments = st.text(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~!$'()*+,=:@", max_size=12
)


@st.composite
def clean_urls(draw):
    """Valid http(s) URLs, serialised by the WHATWG rules, that end in a letter, a digit or a slash."""
    host = ".".join([*draw(st.lists(labels, min_size=1, max_size=3)), "example"])
    path = "/".join(draw(st.lists(segments, max_size=4)))
    query = draw(st.sampled_from(["", "?a=1", "?a=1&b=x%20y", "?q=%22x%22&page=2"]))
    url = f"{draw(st.sampled_from(['http', 'https']))}://{host}/{path}"
    try:
        url = str(ada_url.URL(url + ("" if url.endswith(("/", "x")) else "x") + query).href)
    except ValueError:
        assume(False)
    assume(url[-1].isalnum() or url.endswith("/"))
    return url


@given(clean_urls())
@example("https://a.example/(.)x")
def test_a_clean_url_is_never_changed(url):
    assume("(.)" not in url and "(:)" not in url)
    assert normalise(url) == url


PIECES = (
    r"http https :// : / // www. a.example example.org %3A%2F%2F %253A %25 %2F &amp; amp; &#38; quot; "
    r"&quot; [.] ( ) [ ] \\ \\- \u0026 . , ; ? - _ * ** ~ < > hxxp ... # @ | ` ' a-b"
)
fragments = st.lists(
    st.sampled_from([*PIECES.split(), *' \n\t"\u201c\u201d\u200b\u00ad\u2011\ufb01\u2026']), max_size=14
).map("".join)


@given(fragments | st.text(max_size=40))
@example("&amp;amp;quot;")
@example("\\\\\\-\\u0026amp;")
def test_normalising_twice_is_normalising_once(text):
    once = normalise(text)
    assert normalise(once) == once


@given(fragments | st.text(max_size=40))
def test_what_looks_clean_is_clean(text):
    if is_clean(text):
        assert mended(text + "\u200b").url == text
