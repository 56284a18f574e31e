"""Word documents: every way an address is written in one, and all other bytes as they were."""

import io
import zipfile

import pytest
from build_office import build_docx, paragraphs, relationships, story
from hypothesis import given
from hypothesis import strategies as st
from mending import change, mended, read

from workers.errors import CannotMend
from workers.extract.source import Source
from workers.mend.mend import mend
from workers.mend.zip_copy import with_members
from workers.model import Format

NEW = "https://new.org/a_(b)?x=1&copy=2"
XML_NEW = "https://new.org/a_(b)?x=1&amp;copy=2"
RELS = "word/_rels/document.xml.rels"
MAIN = "word/document.xml"


def members(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}


def link(key: str, text: str, more: str = "") -> str:
    return f'<w:hyperlink r:id="{key}"{more}><w:r><w:t>{text}</w:t></w:r></w:hyperlink>'


def code(*pieces: str, shown: str = "x") -> str:
    runs = "".join(f'<w:r><w:instrText xml:space="preserve">{piece}</w:instrText></w:r>' for piece in pieces)
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return (
        mark.format("begin")
        + runs
        + mark.format("separate")
        + f"<w:r><w:t>{shown}</w:t></w:r>"
        + mark.format("end")
    )


def test_a_relationship_takes_the_new_address_and_no_other_member_changes():
    data = build_docx(f"<w:p>{link('r1', 'x')}</w:p>", outside={"r1": "#", "r2": "http://other.org/"})
    result = mended(data, Format.DOCX, [NEW])
    assert result.refused == ()
    before, after = members(data), members(result.data)
    assert list(before) == list(after)
    assert {name for name in before if before[name] != after[name]} == {RELS}
    assert after[RELS] == before[RELS].replace('Target="#"', f'Target="{XML_NEW}"')


def test_a_relationship_that_others_use_is_left_to_them():
    body = f"<w:p>{link('r1', 'x')}</w:p><w:p>{link('r1', 'y')}</w:p>"
    data = build_docx(body, outside={"r1": "#"})
    after = members(mended(data, Format.DOCX, {1: NEW}).data)
    assert 'Id="r1"' in after[RELS]
    assert f'Target="{XML_NEW}"' in after[RELS]
    assert after[MAIN] == members(data)[MAIN].replace('r:id="r1"><w:r><w:t>y', 'r:id="rIdNew1"><w:r><w:t>y')
    both = members(mended(data, Format.DOCX, ["https://one.org/", "https://two.org/"]).data)
    assert both[RELS].count("<Relationship ") == 3
    alike = members(mended(data, Format.DOCX, [NEW, NEW]).data)
    assert alike[RELS] == members(data)[RELS].replace('Target="#"', f'Target="{XML_NEW}"')


def test_a_place_in_the_page_goes_with_the_old_address():
    body = f"<w:p>{link('r1', 'x', more=' w:anchor=&quot;p&quot;'.replace('&quot;', chr(34)))}</w:p>"
    data = build_docx(body, outside={"r1": "http://old.org/"})
    assert [found.target for found in read(Source(name="a", data=data), Format.DOCX).links] == [
        "http://old.org/#p"
    ]
    gone = members(mended(data, Format.DOCX, ["https://new.org/"]).data)
    assert '<w:hyperlink r:id="r1"><w:r>' in gone[MAIN]
    kept = members(mended(data, Format.DOCX, ["https://new.org/#p"]).data)
    assert (kept[MAIN], 'Target="https://new.org/"' in kept[RELS]) == (members(data)[MAIN], True)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ((' HYPERLINK "http://old.org/" ',), (f' HYPERLINK "{XML_NEW}" ',)),
        ((' HYPER', 'LINK "http:', '//old.org/"', ' '), (' HYPER', f'LINK "{XML_NEW}', '"', ' ')),
        ((' HYPERLINK http://old.org/ ',), (f' HYPERLINK &quot;{XML_NEW}&quot; ',)),
        ((' HYPERLINK "http://old.org/" \\l "p" \\o "tip" ',), (f' HYPERLINK "{XML_NEW}"  \\o "tip" ',)),
        ((' HYPERLINK "" ',), (f' HYPERLINK "{XML_NEW}" ',)),
        ((' HYPERLINK &quot;http://old.org/&quot; ',), (f' HYPERLINK &quot;{XML_NEW}&quot; ',)),
    ],
)  # fmt: skip
def test_a_field_code_takes_the_new_address_over_its_runs(pieces: tuple[str, ...], expected: tuple[str, ...]):
    data = build_docx(f"<w:p>{code(*pieces)}</w:p>")
    result = mended(data, Format.DOCX, [NEW])
    assert result.refused == ()
    assert members(result.data)[MAIN] == members(data)[MAIN].replace(code(*pieces), code(*expected))


def test_a_simple_field_takes_the_new_address():
    field = '<w:fldSimple w:instr=" HYPERLINK &quot;{}&quot; "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    data = build_docx(f"<w:p>{field.format('http://old.org/')}</w:p>")
    after = members(mended(data, Format.DOCX, [NEW]).data)
    assert field.format(XML_NEW) in after[MAIN]


def test_an_address_in_the_text_changes_over_its_runs():
    body = (
        "<w:p><w:r><w:t>See https://old.org/a</w:t></w:r><w:r><w:b/><w:t>-mid</w:t></w:r>"
        "<w:r><w:noBreakHyphen/><w:t>suspected?a=1&amp;b=2 there</w:t></w:r></w:p>"
    )
    after = members(mended(build_docx(body), Format.DOCX, [NEW]).data)
    assert (
        f"<w:p><w:r><w:t>See {XML_NEW}</w:t></w:r><w:r><w:b/><w:t></w:t></w:r>"
        "<w:r><w:t> there</w:t></w:r></w:p>"
    ) in after[MAIN]


def test_a_hyperlink_that_shows_its_address_shows_the_new_one():
    data = build_docx(
        f"<w:p>{link('r1', 'http://old.org/a-mid')}</w:p>", outside={"r1": "http://old.org/a-mid"}
    )
    result = mended(data, Format.DOCX, ["https://old.org/amid"])
    assert result.refused == ()
    assert "<w:t>https://old.org/amid</w:t>" in members(result.data)[MAIN]


def test_links_of_footnotes_are_changed_in_their_own_part():
    note = story("footnotes", f"<w:footnote>{paragraphs('x')}<w:p>{link('n1', 'y')}</w:p></w:footnote>")
    data = build_docx(
        paragraphs("text"),
        inside={"footnotes": "footnotes.xml"},
        more={
            "word/footnotes.xml": note,
            "word/_rels/footnotes.xml.rels": relationships({"n1": "http://old.org/"}),
        },
    )
    before, after = members(data), members(mended(data, Format.DOCX, [NEW]).data)
    assert {name for name in before if before[name] != after[name]} == {"word/_rels/footnotes.xml.rels"}


def test_a_shown_address_that_is_another_one_stands_in_the_way_and_is_told():
    data = build_docx(f"<w:p>{link('r1', 'http://old.org/a…')}</w:p>", outside={"r1": "http://old.org/a-mid"})
    result = mended(data, Format.DOCX, ["https://new.org/"])
    assert result.data == data
    assert [refused.reason for refused in result.refused] == [
        "written there, it would not be read as the new address"
    ]


def test_members_keep_order_method_time_and_comment():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = b"kept"
        for name, method in (
            ("a", zipfile.ZIP_STORED),
            ("b", zipfile.ZIP_DEFLATED),
            ("c", zipfile.ZIP_BZIP2),
        ):
            info = zipfile.ZipInfo(name, (2001, 2, 3, 4, 5, 6))
            info.compress_type, info.external_attr, info.comment = method, 0o644 << 16, b"note"
            archive.writestr(info, b"content " * 50)
    data = with_members("a.zip", out.getvalue(), {"a": b"new a", "b": b"new b"})
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert [(i.filename, i.compress_type, i.date_time, i.comment) for i in archive.infolist()] == [
            ("a", zipfile.ZIP_STORED, (2001, 2, 3, 4, 5, 6), b"note"),
            ("b", zipfile.ZIP_DEFLATED, (2001, 2, 3, 4, 5, 6), b"note"),
            ("c", zipfile.ZIP_BZIP2, (2001, 2, 3, 4, 5, 6), b"note"),
        ]
        assert archive.comment == b"kept"
        assert [archive.read(name) for name in "abc"] == [b"new a", b"new b", b"content " * 50]
    with pytest.raises(CannotMend, match="packed in a way that is not written"):
        with_members("a.zip", data, {"c": b"new"})


def test_a_container_without_changes_is_the_same_bytes():
    data = build_docx(paragraphs("http://old.org/"))
    source = Source(name="a.docx", data=data)
    assert with_members("a.docx", data, {}) == data
    assert mend(source, read(source, Format.DOCX), [], read=read).data == data


def test_streamed_members_lose_only_their_descriptor():
    out = io.BytesIO()
    with zipfile.ZipFile(Unseekable(out), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", b"old" * 100)
        archive.writestr("b", b"kept" * 100)
    data = with_members("a.zip", out.getvalue(), {"a": b"new"})
    assert members(data) == {"a": "new", "b": "kept" * 100}


class Unseekable(io.RawIOBase):
    """A stream that cannot be sought, so that sizes are written behind each member."""

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        return self._out.write(data)


def test_a_change_of_a_citation_without_place_is_refused():
    data = build_docx(f"<w:p>{link('r1', 'x')}</w:p>", outside={"r1": "#"})
    source = Source(name="a.docx", data=data)
    result = mend(source, read(source, Format.DOCX), [change(0, "ftp://new.org/")], read=read)
    assert (result.data, [each.reason for each in result.refused]) == (
        data,
        ["the new address is no absolute http or https address"],
    )


PIECES = st.sampled_from(
    [
        link("r1", "one"),
        link("r2", "two"),
        link("r1", "http://old.org/1"),
        code(' HYPERLINK "http://old.org/3" '),
        code(" HYPER", 'LINK "http://old', '.org/4" '),
        "<w:r><w:t>see http://old.org/5 there</w:t></w:r>",
        "<w:r><w:t>http://old.o</w:t></w:r><w:r><w:t>rg/6?a=1&amp;b=2</w:t></w:r>",
        "<w:r><w:t>no link, ещё &lt;b&gt;</w:t></w:r>",
    ]
)
ADDRESSES = st.builds("https://new.org/{}".format, st.text("ab-_~()'&=;%2/é", max_size=10))


@given(paragraphs=st.lists(st.lists(PIECES, max_size=3), min_size=1, max_size=5), data=st.data())
def test_whatever_changes_every_other_link_and_member_stays(paragraphs: list[list[str]], data: st.DataObject):
    body = "".join(f"<w:p>{'<w:r><w:t> </w:t></w:r>'.join(pieces)}</w:p>" for pieces in paragraphs)
    before = build_docx(body, outside={"r1": "http://old.org/1", "r2": "#"})
    links = read(Source(name="a", data=before), Format.DOCX).links
    chosen = data.draw(st.sets(st.integers(0, len(links) - 1))) if links else set()
    result = mended(before, Format.DOCX, {position: data.draw(ADDRESSES) for position in sorted(chosen)})
    assert {item.change.position for item in (*result.applied, *result.refused)} == chosen
    changed = {applied.change.position: applied.address for applied in result.applied}
    after = read(Source(name="a", data=result.data), Format.DOCX).links
    assert [each.target for each in after] == [changed.get(i, each.target) for i, each in enumerate(links)]
    old, new = members(before), members(result.data)
    assert list(old) == list(new)
    assert {name for name in old if old[name] != new[name]} <= {MAIN, RELS}
