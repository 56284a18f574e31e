"""What holds of every document: nothing but changed targets differs, and each reads back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mending import assert_only_spans_changed, change, read

from workers.extract.source import Source
from workers.mend.mend import mend
from workers.model import Format

WORDS = st.sampled_from(
    [
        "The",
        "end",
        "ещё",
        "日本",
        "😀",
        "a*b*",
        "`c`",
        "\\",
        "&amp;",
        "<",
        ">",
        "|",
        "x_y",
        "10.1000/182",
        '"q"',
        "'",
    ]
)
BREAKS = st.sampled_from([" ", "\n", "\n\n", "\r\n", "\r\n\r\n", ", ", ". ", "; ", ""])
OLD = st.sampled_from(
    ["#", "", "http://old.org/", "http://old.org/a-\nb", "https://old.org/x_(y)?a=1&b=2", "../c"]
)
ADDRESSES = st.builds(
    "https://{}.org/{}{}".format,
    st.sampled_from(["new", "é", "a-b"]),
    st.text("ab-_.~()'*,;!$&=+@:%25/é", max_size=12),
    st.sampled_from(["", "?x=1&copy=2", "?q=(a)&lt;b", "#frag", "#:~:text=a,b", "."]),
)
SHAPES = {
    Format.MARKDOWN: [
        "[t]({})", "[t](<{}>)", "<{}>", "{}", "[t][{n}]\n\n[{n}]: {}\n", '<a href="{}">t</a>', "![i]({})",
        "[t][s] ![u][s] [s]\n\n[s]: {}\n"],
    Format.HTML: [
        '<a href="{}">t</a>', "<a href='{}'>t</a>", "<a href={}>t</a>", "<p>{}</p>",
        '<img src="{}">'],
    Format.TEXT: ["[t]({})", "<{}>", "{}"],
    Format.RST: [
        "`t <{}>`_", "s_ `s`_\n\n.. _s: {}\n\n", "{}", "n{n}_\n\n.. _n{n}: {}\n\n", "`t{n}`__\n\n__ {}\n\n"],
    Format.LATEX: [r"\href{{{}}}{{t}}", r"\url{{{}}}", "{}"],
    Format.CSV: ['"{}"', "{}", "a,{},b\n"],
}  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, fmt: Format) -> str:
    pieces = []
    for number in range(draw(st.integers(1, 6))):
        shape = draw(st.sampled_from(SHAPES[fmt]))
        pieces += [draw(WORDS), draw(BREAKS), shape.format(draw(OLD), n=f"d{number}"), draw(BREAKS)]
    return "".join(pieces)


@pytest.mark.parametrize("fmt", list(SHAPES))
@given(data=st.data())
def test_only_changed_targets_differ_and_each_reads_back(fmt: Format, data: st.DataObject):
    text = data.draw(documents(fmt))
    charset = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    source = Source(name="article", data=text.encode(charset))
    document = read(source, fmt)
    positions = (
        data.draw(st.sets(st.integers(0, max(0, len(document.links) - 1)))) if document.links else set()
    )
    changes = [change(position, data.draw(ADDRESSES)) for position in sorted(positions)]
    result = mend(source, document, changes, read=read)
    assert {item.change.position for item in (*result.applied, *result.refused)} == positions
    assert_only_spans_changed(source.data, document, result)


@pytest.mark.parametrize("fmt", [Format.MARKDOWN, Format.HTML, Format.RST])
@given(address=ADDRESSES)
def test_an_ordinary_link_takes_any_address(fmt: Format, address: str):
    text = {Format.MARKDOWN: "a [t](#) b", Format.HTML: "<a href='#'>t</a>", Format.RST: "a `t <#>`_ b"}[fmt]
    source = Source(name="article", data=text.encode())
    result = mend(source, read(source, fmt), [change(0, address)], read=read)
    assert len(result.applied) == 1, result.refused
