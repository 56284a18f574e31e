# ruff: noqa: RUF001 - letters that look alike are meant
"""`linkwright fix` as a person runs it: the article comes back mended, and nothing else changed."""

import asyncio
import io
import os
import signal
import zipfile
from pathlib import Path

import pytest

from tests.archive_stand_in import Fault, archive_stand_in
from tests.e2e.command import COMMAND, COMMAND_S, linkwright
from tests.loopback import Asked, LoopbackWeb, Page, redirect
from tests.seed_world import (
    HEADLINE,
    ORIGINAL,
    PUBLISHER,
    REPAIRED,
    TARGETS,
    WRITTEN,
    SeedWorld,
    seed_world,
)

SEED = (Path(__file__).parents[1] / "fixtures" / "000_533c888864824563.txt").read_bytes()
GENTLE = ("--gap", "0", "--retries", "0")
DEAD = f"https://{PUBLISHER}/2020/01/01/no-such-piece-a1"
STORY = (
    "The commission published its report on the harbour after two years of hearings, and the minister said"
    " that the dredging would begin before the winter. Fishermen had asked for a later date, because the"
    " herring comes close to the shore in autumn and leaves again when the ice goes. "
)


def reached(world: SeedWorld) -> tuple[str, ...]:
    return (*GENTLE, "--resolve", world.resolve, "--ca-bundle", world.ca_bundle)


def capture_page(title: str) -> bytes:
    return f"<title>{title}</title><h1>{title}</h1><p>{STORY * 3}</p>".encode()


async def test_the_seed_is_mended_and_nothing_else_of_it_changes(seed_path: Path, tmp_path: Path) -> None:
    async with seed_world(tmp_path) as world:
        status, out, err = await linkwright(
            "fix", str(seed_path), "--no-archive", "--no-recover", *reached(world)
        )
    before = SEED
    assert before.count(WRITTEN.encode()) == 1
    assert out.encode() == before.replace(WRITTEN.encode(), REPAIRED.encode())
    assert status == 1
    told = err.splitlines()
    assert told[0].startswith(f"linkwright: 39:1 repair: {WRITTEN} -> {REPAIRED} (")
    assert "amid" in told[0].casefold().partition("(")[2]
    assert [line.split(" left: ")[1].split(":")[0] for line in told[1:6]] == ["placeholder"] * 5
    assert told[6] == f"linkwright: {seed_path}: 1 changed, 0 refused, 5 left to mend"


async def test_the_seeds_stripped_links_come_back_from_its_own_page(seed_path: Path, tmp_path: Path) -> None:
    async with seed_world(tmp_path, article=ORIGINAL) as world, archive_stand_in() as archive:
        elsewhere = [url.split("/")[2] for url in TARGETS if PUBLISHER not in url] + ["nis.example"]
        away = [part for host in elsewhere for part in ("--resolve", f"{host}:443:127.0.0.1:1")]
        status, out, err = await linkwright(
            "fix", str(seed_path), "--timeout", "5", *away, *reached(world),
            LINKWRIGHT_WAYBACK_URL=archive.base, LINKWRIGHT_ARCHIVE_TIMEOUT_S="5",
        )  # fmt: skip
    expected = SEED.decode().replace(WRITTEN, REPAIRED)
    for target in TARGETS:
        expected = expected.replace("](#)", f"]({target})", 1)
    assert out == expected, err
    told = [line.split(": ")[1].rpartition(" ")[2] for line in err.splitlines()]
    assert told[:6] == ["recovery"] * 5 + ["repair"]
    # Found again, yet gone or down where they lead: the editor is told, too.
    assert (status, {line.split(": ")[2] for line in err.splitlines() if " left: " in line}) == (
        1,
        {"gone", "down"},
    )


FIRST = "The plan for the square moved on, the mayor {} on Friday, and the traders were not amused by it."
SECOND = "Their chairman {} that a lawyer will look into the matter next week or later."


@pytest.mark.parametrize(
    ("name", "form", "written", "expected"),
    [
        (
            "shared.md",
            "# Market Square Plan Moves On\n\n{}\n\n{}\n\n[x]: {}\n\nOriginal url: <{}>\n",
            ("[said][x]", "[said][x]", "#"),
            ("[said][x]", "[said]({second})", "{first}"),
        ),
        (
            "valueless.html",
            "<title>Market Square Plan Moves On</title><p>{}<p>{}{}<p>Original url: <a href='{}'>x</a>",
            ("<a href=>said</a>", "<a href>said</a>", ""),
            ('<a href="{first}">said</a>', '<a href="{second}">said</a>', ""),
        ),
    ],
)
async def test_stripped_links_get_targets_of_their_own(
    tmp_path: Path, name: str, form: str, written: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    own, first, second = (
        f"https://{PUBLISHER}/2022/06/{step}" for step in ("square-plan", "mayor", "chairman")
    )

    def text(said: tuple[str, ...]) -> str:
        one, two, rest = (each.format(first=first, second=second) for each in said)
        return form.format(FIRST.format(one), SECOND.format(two), rest, own)

    article = tmp_path / name
    article.write_text(text(written))
    links = (FIRST.format(f"<a href='{first}'>said</a>"), SECOND.format(f"<a href='{second}'>said</a>"))
    title = "Market Square Plan Moves On"
    page = f"<title>{title}</title><article><h1>{title}</h1><p>{links[0]}</p><p>{links[1]}</p></article>"
    async with seed_world(tmp_path) as world:
        world.web.page("/2022/06/square-plan", Page(page.encode()))
        for step in ("mayor", "chairman"):
            world.web.page(f"/2022/06/{step}", Page(capture_page(f"What the {step} said of the square")))
        _, out, err = await linkwright("fix", str(article), "--no-archive", *reached(world))
    assert out == text(expected), err


async def test_the_patch_is_one_that_git_and_patch_take(tmp_path: Path) -> None:
    article = tmp_path / "an article.txt"
    article.write_bytes(SEED)
    async with seed_world(tmp_path) as world:
        _, out, _ = await linkwright(
            "fix", str(article), "--diff", "--no-archive", "--no-recover", *reached(world)
        )
    # The command ran elsewhere, so the patch names the whole path below the root.
    patch = out.encode().replace(str(article).lstrip("/").encode(), b"an article.txt")
    (tmp_path / "mend.patch").write_bytes(patch)
    assert patch.count(b"\n-") == patch.count(b"\n+") - 1 == 1
    expected = SEED.replace(WRITTEN.encode(), REPAIRED.encode())
    for tool in (("git", "apply", "-p1", "mend.patch"), ("patch", "-p1", "-i", "mend.patch")):
        article.write_bytes(SEED)
        process = await asyncio.create_subprocess_exec(*tool, cwd=tmp_path, stdout=asyncio.subprocess.PIPE)
        told, _ = await process.communicate()
        assert process.returncode == 0, told
        assert article.read_bytes() == expected


async def test_charset_and_line_ends_of_a_file_are_kept(tmp_path: Path) -> None:
    text = (
        f"# {HEADLINE}\n\nРоссия может отправить войска на Украину, сообщило агентство.\n\n"
        f"Original url:\n<{WRITTEN}>\n"
    ).replace("\N{EN DASH}", "-")
    before = text.replace("\n", "\r\n").encode("cp1251")
    article, output = tmp_path / "article.md", tmp_path / "mended.md"
    article.write_bytes(before)
    async with seed_world(tmp_path) as world:
        status, out, err = await linkwright(
            "fix", str(article), "--no-archive", "--output", str(output), *reached(world)
        )
    assert (status, out) == (0, ""), err
    assert output.read_bytes() == before.replace(WRITTEN.encode(), REPAIRED.encode())
    assert article.read_bytes() == before
    assert sorted(os.listdir(tmp_path)) == ["article.md", "authority.pem", "mended.md"]  # noqa: PTH208


async def test_a_word_document_is_mended(tmp_path: Path) -> None:
    article, output = tmp_path / "article.docx", tmp_path / "mended.docx"
    article.write_bytes(word_document(WRITTEN))
    async with seed_world(tmp_path) as world:
        arguments = ("fix", str(article), "--no-archive", *reached(world))
        status, _, err = await linkwright(*arguments, "--output", str(output))
        _, listed, _ = await linkwright(*arguments, "--diff")
    assert status == 0, err
    with zipfile.ZipFile(article) as old, zipfile.ZipFile(output) as new:
        assert old.namelist() == new.namelist()
        for name in old.namelist():
            assert new.read(name) == old.read(name).replace(WRITTEN.encode(), REPAIRED.encode()), name
    assert f"repair: {WRITTEN} -> {REPAIRED}" in listed


async def test_a_dead_link_gives_way_to_its_verified_capture(tmp_path: Path) -> None:
    article = tmp_path / "dead.md"
    article.write_text(f"October 22, 2024\n\nThe [report on the harbour]({DEAD} 'title') said so.\n")
    async with seed_world(tmp_path) as world, archive_stand_in() as archive:
        archive.add(DEAD, "20241020030405", body=capture_page("Report on the harbour"))
        archive.add(DEAD, "20241023030405", body=capture_page("Page not found"))
        status, out, err = await linkwright(
            "fix", str(article), *reached(world), LINKWRIGHT_WAYBACK_URL=archive.base
        )
        _, kept, said = await linkwright(
            "fix", str(article), "--no-archive", *reached(world), LINKWRIGHT_WAYBACK_URL=archive.base
        )
    capture = f"{archive.base}/web/20241020030405/{DEAD}"
    assert out == f"October 22, 2024\n\nThe [report on the harbour]({capture} 'title') said so.\n", err
    assert status == 0
    assert f"3:5 capture: {DEAD} -> {capture} (pick/1: " in err
    assert kept == article.read_text()
    assert "3:5 left: gone" in said


async def test_an_archive_that_cannot_tell_changes_nothing_and_is_named(tmp_path: Path) -> None:
    article = tmp_path / "dead.md"
    article.write_text(f"The [report on the harbour]({DEAD}) said so.\n")
    async with seed_world(tmp_path) as world, archive_stand_in() as archive:
        archive.fault("*", Fault.THROTTLED)
        status, out, err = await linkwright(
            "fix", str(article), *reached(world),
            LINKWRIGHT_WAYBACK_URL=archive.base, LINKWRIGHT_ARCHIVE_TIMEOUT_S="2",
        )  # fmt: skip
    assert (status, out) == (1, article.read_text())
    assert "wayback: unknown" in err


async def test_a_link_that_is_only_down_is_never_replaced(tmp_path: Path) -> None:
    article = tmp_path / "down.md"
    article.write_text(f"The [report on the harbour]({DEAD}) said so.\n")
    async with archive_stand_in() as archive:
        archive.add(DEAD, "20241020030405", body=capture_page("Report on the harbour"))
        status, out, err = await linkwright(
            "fix", str(article), *GENTLE, "--timeout", "5", "--resolve", f"{PUBLISHER}:443:127.0.0.1:1",
            LINKWRIGHT_WAYBACK_URL=archive.base,
        )  # fmt: skip
    assert (status, out) == (1, article.read_text())
    assert "left: down" in err


async def test_offline_makes_only_repairs_that_are_certain(tmp_path: Path) -> None:
    article = tmp_path / "article.md"
    article.write_text("[a](https\\://example.org/a) <hhttps://example.org/b> [c](#)\n")
    status, out, err = await linkwright("fix", str(article), "--offline")
    assert "https://example.org/b" in out
    assert "hhttps" not in out
    assert status == 1
    assert "left: placeholder: #" in err


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("missing.md", None, "missing.md: does not exist"),
        ("folder", "", "folder: is a folder"),
        ("empty.md", b"", "empty.md: is empty"),
        ("binary.md", b"\x00\x01\x02" * 99, "binary.md: is binary data, not text"),
        ("a.pdf", b"%PDF-1.4\n", "a.pdf: a document of format pdf cannot be written, only read"),
        ("broken.docx", b"PK\x03\x04broken", "broken.docx"),
        ("articles.zip", "zip", "articles.zip: is an archive; unpack it and name one article"),
    ],
)
async def test_what_cannot_be_read_or_written_ends_with_a_reason(
    tmp_path: Path, name: str, content: bytes | str | None, told: str
) -> None:
    if content == "":
        (tmp_path / name).mkdir()
    elif content == "zip":
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a.md", "[a](#)")
    elif isinstance(content, bytes):
        (tmp_path / name).write_bytes(content)
    status, out, err = await linkwright("fix", str(tmp_path / name), "--offline")
    assert (status, out) == (2, "")
    assert told in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("article.md", "is the article itself"),
        ("link.md", "is the article itself"),
        ("folder", "is a folder"),
        ("nowhere/out.md", "there is no folder"),
    ],
)
async def test_an_output_that_cannot_be_is_refused_first(tmp_path: Path, output: str, told: str) -> None:
    article = tmp_path / "article.md"
    article.write_text("[a](#)\n")
    (tmp_path / "link.md").symlink_to(article)
    (tmp_path / "folder").mkdir()
    status, out, err = await linkwright("fix", str(article), "--offline", "--output", str(tmp_path / output))
    assert (status, out) == (2, "")
    assert told in err
    assert article.read_text() == "[a](#)\n"


async def test_output_and_diff_together_are_refused(tmp_path: Path) -> None:
    status, _, err = await linkwright("fix", "a.md", "--diff", "--output", str(tmp_path / "b.md"))
    assert status == 2
    assert "either --output or --diff" in err


async def test_a_moved_page_is_followed_only_on_request(tmp_path: Path) -> None:
    article = tmp_path / "moved.md"
    article.write_text(f"The [report on the harbour](https://{PUBLISHER}/news/harbour-report) said so.\n")
    async with seed_world(tmp_path) as world:
        world.web.page("/news/harbour-report", redirect("/2024/harbour-report", 301))
        world.web.page("/2024/harbour-report", Page(capture_page("Report on the harbour")))
        stays = await linkwright("fix", str(article), "--no-archive", *reached(world))
        status, out, err = await linkwright("fix", str(article), "--no-archive", "--moved", *reached(world))
    assert stays[:2] == (0, article.read_text()), stays[2]
    assert (status, out) == (0, article.read_text().replace("/news/", "/2024/")), err
    assert "1:5 moved: " in err


async def test_standard_input_is_an_article_too(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        str(COMMAND), "fix", "-", "--offline", "--diff",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(COMMAND_S):
        out, _ = await process.communicate(b"<p><a href='hhttps://example.org/a'>x</a>\n")
    assert process.returncode == 0
    assert out.decode() == (
        "--- a/article\n+++ b/article\n@@ -1,1 +1,1 @@\n"
        "-<p><a href='hhttps://example.org/a'>x</a>\n+<p><a href='https://example.org/a'>x</a>\n"
    )


async def test_an_interrupted_run_writes_nothing(tmp_path: Path) -> None:
    article, output = tmp_path / "a.md", tmp_path / "mended.md"
    asked = asyncio.Event()

    async def never(_asked: Asked) -> Page:
        asked.set()
        await asyncio.Event().wait()
        return Page()

    async with LoopbackWeb() as web:
        web.page("/never", never)
        article.write_text(f"[a]({web.url('/never')}) <hhttps://example.org/>\n")
        process = await asyncio.create_subprocess_exec(
            str(COMMAND), "fix", str(article), "--no-archive", "--allow-network", "127.0.0.0/8",
            "--output", str(output), "--exclude", "example", *GENTLE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        async with asyncio.timeout(COMMAND_S):
            await asked.wait()
            process.send_signal(signal.SIGINT)
            out, err = await process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert err.decode() == "linkwright: interrupted; nothing was written\n"
    assert sorted(os.listdir(tmp_path)) == ["a.md"]  # noqa: PTH208


def word_document(target: str) -> bytes:
    """Return a Word document with a headline and one hyperlink under a label."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    r = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    relationship = '<Relationship Id="r1" Type="{}" Target="{}"{}/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        main = relationship.format(f"{office}/officeDocument", "word/document.xml", "")
        archive.writestr("_rels/.rels", f"<Relationships {package}>{main}</Relationships>")
        archive.writestr(
            "word/document.xml",
            f"<w:document {w} {r}><w:body><w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>{HEADLINE}"
            "</w:t></w:r></w:p><w:p><w:hyperlink r:id='r1'><w:r><w:t>the piece</w:t></w:r></w:hyperlink>"
            "</w:p></w:body></w:document>",
        )
        link = relationship.format(f"{office}/hyperlink", target, ' TargetMode="External"')
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships {package}>{link}</Relationships>")
    return out.getvalue()


async def test_damage_that_a_browser_would_forgive_is_mended_all_the_same(tmp_path: Path) -> None:
    article = tmp_path / "forgiven.md"
    article.write_bytes(
        b"# Talks stall amid new strikes\n\nA [shy](https://example.com/b\xc2\xad) and a [ref][r] link, and"
        b" one\nbroken: https://example.com/talks-stall-\namid-new-strikes there. [Sound](/path) stays.\n\n"
        b'[r]: http:/example.com/d  "Title"\n'
    )
    status, out, _ = await linkwright("fix", "--offline", str(article))
    assert status == 0
    assert out == (
        "# Talks stall amid new strikes\n\nA [shy](https://example.com/b) and a [ref][r] link, and one\n"
        "broken: https://example.com/talks-stall-amid-new-strikes there. [Sound](/path) stays.\n\n"
        '[r]: http://example.com/d  "Title"\n'
    )
