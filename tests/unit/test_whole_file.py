"""Files are replaced whole; links stay links, and devices stay devices."""

import os
import threading
from pathlib import Path

from service.cli.whole_file import write_whole


def test_a_link_stays_a_link_and_its_file_is_replaced(tmp_path: Path) -> None:
    real = tmp_path / "real.md"
    real.write_text("before")
    real.chmod(0o640)
    link = tmp_path / "link.md"
    link.symlink_to(real)
    write_whole(link, b"after")
    assert link.is_symlink()
    assert real.read_bytes() == b"after"
    assert real.stat().st_mode & 0o777 == 0o640
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.md", "real.md"]


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"article")
    reader.join(timeout=60)
    assert read == [b"article"]
    assert pipe.is_fifo()


def test_a_device_is_not_replaced() -> None:
    write_whole(Path(os.devnull), b"article")
    assert Path(os.devnull).is_char_device()
