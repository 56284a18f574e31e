"""The patch turns the old document into the new one, whatever its line ends."""

import re

from hypothesis import given
from hypothesis import strategies as st

from workers.mend.change import ByteEdit
from workers.mend.patch import unified_patch
from workers.mend.source_bytes import spliced

DATA = st.lists(
    st.sampled_from([b"a", b"bc", b"\n", b"\r\n", b"\n\n\n\n\n\n\n\n", "é".encode()]), max_size=60
).map(b"".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[bytes, list[ByteEdit]]:
    data = draw(DATA.filter(bool))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), min_size=2, max_size=10, unique=True)))
    new = st.sampled_from([b"", b"x", b"y\n", b"\nz", b"long enough"])
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return data, [ByteEdit(start=low, end=high, data=draw(new)) for low, high in pairs]


def apply(patch: bytes, data: bytes) -> bytes:
    """Apply a unified patch as its format says, with every context line checked."""
    lines = data.splitlines(keepends=True) if b"\r" not in data else re.findall(rb"[^\n]*\n|[^\n]+\Z", data)
    out, at = [], 0
    body = re.findall(rb"[^\n]*\n|[^\n]+\Z", patch)[2:]
    for index, line in enumerate(body):
        ends = index + 1 < len(body) and body[index + 1].startswith(b"\\ No newline")
        content = line[1:-1] if ends else line[1:]
        if line.startswith(b"@@"):
            begin = int(line.split(b" ")[1][1:].split(b",")[0]) - 1
            out += lines[at:begin]
            at = begin
        elif line[:1] in {b" ", b"-"}:
            assert lines[at] == content
            out += [content] if line[:1] == b" " else []
            at += 1
        elif line[:1] == b"+":
            out.append(content)
    return b"".join([*out, *lines[at:]])


@given(case=edited())
def test_a_patch_gives_the_new_document(case: tuple[bytes, list[ByteEdit]]):
    data, edits = case
    assert apply(unified_patch("a.md", data, edits), data) == spliced(data, edits)


def test_a_patch_names_lines_and_keeps_three_around():
    data = b"1\n2\n3\n4\n[x](#)\n6\n7\n8\n9"
    patch = unified_patch("docs/a b.md", data, [ByteEdit(start=12, end=13, data=b"https://new.org/")])
    assert patch.decode() == (
        "--- a/docs/a b.md\t\n+++ b/docs/a b.md\t\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n"
        "-[x](#)\n+[x](https://new.org/)\n 6\n 7\n 8\n"
    )


def test_a_name_outside_ascii_is_quoted_as_git_does():
    patch = unified_patch("é.md", b"a", [ByteEdit(start=0, end=1, data=b"b")])
    assert patch.decode() == (
        '--- "a/\\303\\251.md"\n+++ "b/\\303\\251.md"\n@@ -1,1 +1,1 @@\n'
        "-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"
    )


def test_without_edits_there_is_no_patch():
    assert unified_patch("a.md", b"a", []) == b""
