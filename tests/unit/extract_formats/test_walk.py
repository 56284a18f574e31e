"""Walking folders, globs and archives: what is read, in which order, and what stands for a bad file."""

import os
import zipfile
from pathlib import Path

import pytest
from build_office import build_docx, build_zip, paragraphs

from workers.errors import UnreadableDocument
from workers.extract import zip_parts
from workers.extract.source import Source
from workers.extract.walk import walk


def _names(*paths: str | Path, under: Path | None = None) -> list[str]:
    found = []
    for item in walk([str(path) for path in paths]):
        name = item.name if isinstance(item, Source) else f"! {item}"
        found.append(name.replace(f"{under}/", "") if under else name)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.md", "a.html", "sub/c.txt", ".hidden/d.md", ".e.md", "photo.png", "node_modules/x.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


def test_a_folder_is_read_in_order_without_hidden_files_and_pictures(folder):
    assert _names(folder, under=folder) == ["a.html", "b.md", "sub/c.txt"]


def test_a_file_that_is_named_is_always_read(folder):
    (source,) = walk([str(folder / "photo.png")])
    assert isinstance(source, Source)
    assert source.data == b"photo.png"


def test_a_glob_finds_files_in_order(folder):
    assert _names(folder / "**" / "*.*", under=folder) == [
        "a.html",
        "b.md",
        "node_modules/x.md",
        "photo.png",
        "sub/c.txt",
    ]


def test_a_file_with_the_letters_of_a_glob_in_its_name_is_read_as_it_is(tmp_path):
    (tmp_path / "a[1].md").write_text("x")
    assert _names(tmp_path / "a[1].md", under=tmp_path) == ["a[1].md"]


def test_a_loop_of_links_ends(folder):
    (folder / "sub" / "loop").symlink_to(folder, target_is_directory=True)
    assert _names(folder, under=folder) == ["a.html", "b.md", "sub/c.txt"]


def test_a_link_that_leads_nowhere_is_an_error_in_its_place(folder):
    (folder / "aa.md").symlink_to(folder / "gone.md")
    assert _names(folder, under=folder) == ["a.html", "! aa.md: does not exist", "b.md", "sub/c.txt"]


def test_what_is_not_there_is_an_error_and_the_walk_goes_on(folder):
    (folder / "empty").mkdir()
    assert _names(folder / "none.md", folder / "*.pdf", folder / "empty", folder / "b.md", under=folder) == [
        "! none.md: does not exist",
        "! *.pdf: matches no file",
        "! empty: holds no article that can be read",
        "b.md",
    ]


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.md")
    assert _names(tmp_path, under=tmp_path) == ["! pipe.md: is not a regular file"]


def test_a_file_beyond_the_bound_is_not_read(tmp_path):
    path = tmp_path / "big.txt"
    with path.open("wb") as file:
        file.truncate(128 * 1024 * 1024 + 1)
    assert _names(path, under=tmp_path) == ["! big.txt: is larger than 128 MB, the most that is read"]


def test_an_archive_of_articles_is_read_article_by_article(tmp_path):
    archive = tmp_path / "articles.zip"
    inner = build_zip({"x.md": "x"})
    archive.write_bytes(
        build_zip(
            {"b/1.md": "one", "a.html": "two", "__MACOSX/1.md": "", ".x.md": "", "p.png": "", "in.zip": inner}
        )
    )
    assert _names(tmp_path, under=tmp_path) == [
        "articles.zip/b/1.md",
        "articles.zip/a.html",
        "! articles.zip/in.zip: is an archive within an archive, which is not opened",
    ]


def test_an_office_document_is_no_archive_of_articles_whatever_its_name(tmp_path):
    path = tmp_path / "report.zip"
    path.write_bytes(build_docx(paragraphs("x")))
    assert _names(path, under=tmp_path) == ["report.zip"]


def test_a_damaged_member_is_an_error_in_its_place(tmp_path):
    data = bytearray(build_zip({"a.md": b"aaaaaaaaaaaaaaaaaaaa" * 50, "b.md": "fine"}))
    data[40] ^= 0xFF
    (tmp_path / "x.zip").write_bytes(data)
    assert _names(tmp_path, under=tmp_path) == ["! x.zip/a.md: has a damaged part a.md", "x.zip/b.md"]


def test_an_archive_that_unpacks_beyond_the_total_ends_with_one_error(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_parts, "MAX_TOTAL_BYTES", 1000)
    (tmp_path / "x.zip").write_bytes(build_zip({f"{number}.md": "a" * 600 for number in range(9)}))
    assert _names(tmp_path, under=tmp_path) == [
        "x.zip/0.md",
        "! x.zip/1.md: unpacks to more than is read (part 1.md)",
    ]


def test_the_walk_is_lazy(tmp_path):
    for number in range(3):
        (tmp_path / f"{number}.md").write_text("x")
    walked = walk([str(tmp_path)])
    next(walked)
    (tmp_path / "1.md").unlink()
    rest = list(walked)
    assert isinstance(rest[0], UnreadableDocument)
    assert isinstance(rest[1], Source)


def test_a_container_with_too_many_members_is_refused_before_they_are_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_parts, "MAX_MEMBERS", 5)
    (tmp_path / "x.zip").write_bytes(build_zip({f"{number}.md": "" for number in range(6)}))
    assert _names(tmp_path, under=tmp_path) == ["! x.zip: holds more than 5 members"]


def test_a_part_that_unpacks_like_a_bomb_is_refused(tmp_path):
    (tmp_path / "x.zip").write_bytes(build_zip({"a.md": b"\0" * 20_000_000}))
    (found,) = _names(tmp_path, under=tmp_path)
    assert found == "! x.zip/a.md: unpacks like a bomb, more than 300 to 1 (part a.md)"


def test_a_declared_size_is_not_believed():
    data = bytearray(build_zip({"word/document.xml": b"<a>" + b" " * 5000 + b"</a>"}))
    central = data.index(b"PK\x01\x02")
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    parts = zip_parts.ZipParts("a.docx", bytes(data))
    with pytest.raises(UnreadableDocument, match="has a damaged part"):
        parts.read("word/document.xml")


def test_an_encrypted_member_is_said_to_be_encrypted():
    data = bytearray(build_zip({"a.md": "x"}))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    data[6] |= 1
    parts = zip_parts.ZipParts("a.zip", bytes(data))
    with pytest.raises(UnreadableDocument, match=r"a\.zip: is encrypted \(part a\.md\)"):
        parts.read("a.md")


def test_an_unknown_compression_is_a_damaged_part():
    data = bytearray(build_zip({"a.md": "x"}))
    central = data.index(b"PK\x01\x02")
    data[central + 10] = 99
    data[8] = 99
    with pytest.raises(UnreadableDocument, match="has a damaged part"):
        zip_parts.ZipParts("a.zip", bytes(data)).read("a.md")


def test_a_zip_that_lists_one_member_twice_reads_the_last(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.md", "one")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.md", "two")
    (source,) = walk([str(path)])
    assert isinstance(source, Source)
    assert source.data == b"two"
