"""A run that is watched, interrupted, repeated, compared: progress, Ctrl-C, cache, baseline, public saves."""

import asyncio
import fcntl
import json
import os
import pty
import signal
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.archive_stand_in import archive_stand_in
from tests.e2e.command import COMMAND, linkwright
from tests.fakes import page
from tests.loopback import Asked, LoopbackWeb, Page

GENTLE = ("--no-archive", "--no-recover", "--gap", "0", "--retries", "0", "--allow-network", "127.0.0.0/8")
LIVE = Page(page("A pier reopens"))
WAIT_S = 60
CTRL_C = b"\x03"


def article(folder: Path, text: str, name: str = "a.md") -> str:
    path = folder / name
    path.write_text(text)
    return str(path)


def citing(web: LoopbackWeb, *paths: str) -> str:
    return "".join(f"[a link]({web.url(path)})\n\n" for path in paths)


@dataclass
class Terminal:
    """The command at a terminal of its own: what it drew, what it printed to a pipe."""

    process: asyncio.subprocess.Process
    keyboard: int
    drawn: bytearray

    async def press(self, keys: bytes) -> None:
        os.write(self.keyboard, keys)

    async def until_drawn(self, text: bytes) -> None:
        async with asyncio.timeout(WAIT_S):
            while text not in self.drawn:  # noqa: ASYNC110 - what another process draws
                await asyncio.sleep(0.02)

    async def end(self) -> tuple[int, bytes]:
        """Wait for the end; returns the exit status and what went to the pipe."""
        assert self.process.stdout is not None
        async with asyncio.timeout(WAIT_S):
            printed = await self.process.stdout.read()
            return await self.process.wait(), printed


@asynccontextmanager
async def terminal(*args: str) -> AsyncIterator[Terminal]:
    """Run the command with a terminal as standard input and error, and a pipe as standard output."""
    keyboard, screen = pty.openpty()
    fcntl.ioctl(screen, termios.TIOCSWINSZ, b"\x18\x00\x64\x00\x00\x00\x00\x00")
    process = await asyncio.create_subprocess_exec(
        str(COMMAND), *args,
        stdin=screen, stderr=screen, stdout=asyncio.subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": "/", "TERM": "xterm"},
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(screen)
    shown = Terminal(process, keyboard, bytearray())
    loop = asyncio.get_running_loop()

    def draw() -> None:
        try:
            data = os.read(keyboard, 65_536)
        except OSError:  # EIO: the other end is closed
            data = b""
        shown.drawn += data
        if not data:
            loop.remove_reader(keyboard)

    loop.add_reader(keyboard, draw)
    try:
        yield shown
    finally:
        loop.remove_reader(keyboard)
        if process.returncode is None:
            process.kill()
        await process.communicate()
        os.close(keyboard)


async def test_a_terminal_shows_counts_and_the_slowest_host_and_leaves_nothing_behind(tmp_path: Path) -> None:
    free = asyncio.Event()

    async def slow(_asked: Asked) -> Page:
        await free.wait()
        return LIVE

    async with LoopbackWeb(pages={"/live": LIVE, "/slow": slow}) as web:
        path = article(tmp_path, citing(web, "/live", "/gone", "/slow"))
        async with terminal("check", path, "--format", "json", *GENTLE) as shown:
            await shown.until_drawn(b"2/3")
            await shown.until_drawn(b"127.0.0.1: 1 left")
            free.set()
            status, printed = await shown.end()
    assert status == 1
    assert json.loads(printed)["summary"] == {"ok": 2, "gone": 1}
    assert b"1 ok" in shown.drawn
    assert b"1 gone" in shown.drawn
    assert shown.drawn.rstrip().endswith(b"\x1b[2K") or b"\x1b[?25h" in shown.drawn


async def test_quiet_shows_nothing(tmp_path: Path) -> None:
    async with LoopbackWeb(pages={"/live": LIVE}) as web:
        path = article(tmp_path, citing(web, "/live"))
        async with terminal("check", path, "--quiet", *GENTLE) as shown:
            assert (await shown.end())[0] == 0
    assert shown.drawn == b""


async def test_ctrl_c_tells_what_was_found_so_far(tmp_path: Path) -> None:
    async with LoopbackWeb(pages={"/live": LIVE, "/hang": Page(raw=b"", end="hang")}) as web:
        path = article(tmp_path, citing(web, "/live", "/gone", "/hang") + "[stripped](#)\n")
        async with terminal("check", path, "--format", "json", *GENTLE) as shown:
            await shown.until_drawn(b"2/3")
            await shown.press(CTRL_C)
            status, printed = await shown.end()
    run = json.loads(printed)
    assert (status, run["complete"]) == (2, False)
    assert sorted(link["outcome"] for link in run["links"]) == ["gone", "ok"]
    assert [each["outcome"] for each in run["articles"][0]["citations"]] == ["ok", "gone", "placeholder"]
    assert b"interrupted; this is what was found so far" in shown.drawn
    assert b"Traceback" not in shown.drawn


async def test_ctrl_c_while_articles_are_read_tells_those_that_were(tmp_path: Path) -> None:
    path = article(tmp_path, "[stripped](#)\n")
    async with terminal("check", path, "-", "--format", "json", *GENTLE) as shown:
        await shown.until_drawn(b"Reading articles")
        # Standard input is the keyboard, on which nobody writes an article.
        await shown.press(CTRL_C)
        status, printed = await shown.end()
    run = json.loads(printed)
    assert (status, run["complete"]) == (2, False)
    assert b"Traceback" not in shown.drawn


async def test_a_second_ctrl_c_ends_at_once(tmp_path: Path) -> None:
    many = "[stripped](#)\n\n" * 2000
    async with LoopbackWeb(pages={"/hang": Page(raw=b"", end="hang")}) as web:
        path = article(tmp_path, citing(web, "/hang") + many)
        async with terminal("check", path, "--format", "json", *GENTLE) as shown:
            async with asyncio.timeout(WAIT_S):
                while not web.asked:  # noqa: ASYNC110 - what another process asks
                    await asyncio.sleep(0.02)
                await shown.press(CTRL_C)
                while web.in_flight:  # noqa: ASYNC110 - the client goes at the first Ctrl-C
                    await asyncio.sleep(0.02)
                # Nobody reads the pipe, so the report cannot be written to its end.
                await shown.press(CTRL_C)
                while shown.process.returncode is None:  # noqa: ASYNC110 - wait() waits for the pipe too
                    await asyncio.sleep(0.02)
    assert shown.process.returncode == 130
    assert b"Traceback" not in shown.drawn


async def test_a_termination_tells_what_was_found_so_far_too(tmp_path: Path) -> None:
    async with LoopbackWeb(pages={"/live": LIVE, "/hang": Page(raw=b"", end="hang")}) as web:
        path = article(tmp_path, citing(web, "/live", "/hang"))
        async with terminal("check", path, "--format", "json", *GENTLE) as shown:
            await shown.until_drawn(b"1/2")
            shown.process.send_signal(signal.SIGTERM)
            status, printed = await shown.end()
    assert status == 2
    assert json.loads(printed)["summary"] == {"ok": 1}


async def test_a_signal_that_is_ignored_from_the_start_stays_ignored(tmp_path: Path) -> None:
    free = asyncio.Event()

    async def slow(_asked: Asked) -> Page:
        await free.wait()
        return LIVE

    async with LoopbackWeb(pages={"/slow": slow}) as web:
        path = article(tmp_path, citing(web, "/slow"))
        process = await asyncio.create_subprocess_exec(
            str(COMMAND), "check", path, *GENTLE,
            stdout=asyncio.subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "HOME": "/"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
        )  # fmt: skip
        async with asyncio.timeout(WAIT_S):
            while not web.asked:  # noqa: ASYNC110 - what another process asks
                await asyncio.sleep(0.02)
            process.send_signal(signal.SIGINT)
            free.set()
            printed, _ = await process.communicate()
    assert (process.returncode, b"interrupted" in printed) == (0, False)


async def test_good_results_are_kept_and_failures_asked_again(tmp_path: Path) -> None:
    kept = ("--cache", str(tmp_path / "cache.json"), "--format", "json")
    async with LoopbackWeb(pages={"/live": LIVE}) as web:
        path = article(tmp_path, citing(web, "/live", "/gone"))
        for _ in range(2):
            status, out, err = await linkwright("check", path, *kept, *GENTLE)
            assert (status, err) == (1, "")
        assert json.loads(out)["summary"] == {"gone": 1, "ok": 1}
        twice = web.paths()
        await linkwright("check", path, *kept, *GENTLE, "--cache-age", "0.000001")
        again = web.paths()[len(twice) :]
    assert sorted(twice) == ["/gone", "/gone", "/live"]
    assert sorted(again) == ["/gone", "/live"]
    told = next(link for link in json.loads(out)["links"] if link["outcome"] == "ok")["evidence"]
    assert any("not asked again in this run" in each for each in told)


async def test_against_a_baseline_only_new_findings_fail(tmp_path: Path) -> None:
    baseline = tmp_path / "last.json"
    async with LoopbackWeb(pages={"/live": LIVE}) as web:
        path = article(tmp_path, citing(web, "/live", "/gone"))
        status, out, _ = await linkwright("check", path, "--format", "json", *GENTLE)
        baseline.write_text(out)
        same, _, _ = await linkwright("check", path, "--baseline", str(baseline), *GENTLE)
        article(tmp_path, citing(web, "/live", "/gone", "/new"))
        more, told, _ = await linkwright(
            "check", path, "--baseline", str(baseline), "--format", "json", *GENTLE
        )
    assert (status, same, more) == (1, 0, 1)
    known = [(each["outcome"], each["known"]) for each in json.loads(told)["articles"][0]["citations"]]
    assert known == [("ok", False), ("gone", True), ("gone", False)]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("--save",), "LINKWRIGHT_SPN_KEY"),
        (("--baseline", "/no/such/file.json"), "no such file"),
        (("--cache-age", "0"), "LINKWRIGHT_CACHE_AGE_H"),
    ],
)
async def test_what_cannot_be_done_is_said_before_anything_is_asked(
    tmp_path: Path, args: tuple[str, ...], told: str
) -> None:
    async with LoopbackWeb() as web:
        path = article(tmp_path, citing(web, "/live"))
        status, out, err = await linkwright("check", path, *args, *GENTLE)
    assert (status, out, web.asked) == (2, "", [])
    assert told in err
    assert "Traceback" not in err


async def test_live_links_are_saved_by_a_public_archive_and_failed_ones_are_not(tmp_path: Path) -> None:
    async with LoopbackWeb(pages={"/live": LIVE}) as web, archive_stand_in() as archive:
        path = article(tmp_path, citing(web, "/live", "/gone"))
        status, out, err = await linkwright(
            "check", path, "--save", "--format", "json", *GENTLE,
            LINKWRIGHT_SPN_KEY="access:secret", LINKWRIGHT_SPN_URL=archive.base,
            LINKWRIGHT_WAYBACK_URL=archive.base, LINKWRIGHT_SPN_PER_MINUTE="0",
        )  # fmt: skip
    assert status == 1, err
    links = {link["outcome"]: link for link in json.loads(out)["links"]}
    assert any(each.startswith("public save: ") for each in links["ok"]["evidence"])
    assert [each["archive"] for each in links["ok"]["mementos"]] == ["wayback"]
    assert links["gone"]["mementos"] == []
    assert "secret" not in out + err


async def test_a_long_run_goes_on_in_memory_where_the_disk_takes_nothing_more(tmp_path: Path) -> None:
    path = article(
        tmp_path, "".join(f"See [the {number}th part](#part-{number}).\n\n" for number in range(5000))
    )
    process = await asyncio.create_subprocess_exec(
        "sh", "-c", 'ulimit -f 0; exec "$@"', "sh", str(COMMAND), "check", path, *GENTLE,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(WAIT_S):
        out, err = await process.communicate()
    assert process.returncode == 0
    assert b"5000 citations" in out
    assert b"no usable temporary directory" in err
    assert b"what the run finds is kept in memory" in err
    assert b"Traceback" not in err


async def test_a_long_run_tells_all_it_has_kept_on_disk(tmp_path: Path) -> None:
    text = "".join(f"See [the {number}th part](#part-{number}).\n\n" for number in range(5000))
    status, out, err = await linkwright("check", article(tmp_path, text), "--format", "json", *GENTLE)
    assert status == 0, err
    citations = json.loads(out)["articles"][0]["citations"]
    assert [each["target"] for each in citations] == [f"#part-{number}" for number in range(5000)]
    assert {each["anchor"] for each in citations[7:8]} == {"the 7th part"}
    assert json.loads(out)["summary"] == {"unsupported": 5000}
    assert {each["outcome"] for each in citations} == {"unsupported"}
