"""A data folder or database that cannot be used: one line on standard error, exit status 2."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.command import linkwright

ADDRESS = "http://127.0.0.1:9/"
KEEPING = [
    ("migrate",),
    ("audit", "--all"),
    ("schedule", "list"),
    ("archive", ADDRESS),
    ("check", "--record", ADDRESS),
]
SERVING = [("serve", "--port", "0"), ("web", "--port", "0")]


async def complaint(*args: str, **environment: str) -> str:
    """Run a command that must end with 2 and no result; return its last line, the only one not of the log."""
    status, out, err = await linkwright(*args, **environment)
    told = [line for line in err.splitlines() if not line.startswith("{")]
    assert (status, out, len(told)) == (2, "", 1), err
    return told[0]


@pytest.fixture
def no_folder(tmp_path: Path) -> Path:
    """Return a file where a folder should be."""
    path = tmp_path / "taken"
    path.write_text("no database\n")
    return path


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Return a port that is bound and answers nobody."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        port: int = holder.getsockname()[1]
        yield port


@pytest.mark.parametrize("command", [*KEEPING, *SERVING], ids=" ".join)
async def test_a_data_folder_that_is_a_file_is_named(no_folder: Path, command: tuple[str, ...]) -> None:
    told = await complaint(*command, LINKWRIGHT_HOME=str(no_folder))
    assert told == f"linkwright: the folder {no_folder} cannot be used: is not a folder"


async def test_a_data_folder_that_cannot_be_made_is_named_with_the_reason(no_folder: Path) -> None:
    told = await complaint("migrate", LINKWRIGHT_HOME=str(no_folder / "below"))
    assert told == f"linkwright: the folder {no_folder / 'below'} cannot be used: not a directory"


async def test_nothing_is_backed_up_from_a_data_folder_that_is_a_file(
    no_folder: Path, tmp_path: Path
) -> None:
    told = await complaint("backup", str(tmp_path / "copy"), LINKWRIGHT_HOME=str(no_folder))
    assert told.endswith(f"there are no records at {no_folder}/records.sqlite")


@pytest.mark.parametrize("command", [*KEEPING, SERVING[0]], ids=" ".join)
async def test_records_in_a_file_that_is_no_database_are_refused(
    no_folder: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings = {
        "LINKWRIGHT_HOME": str(tmp_path / "home"),
        "LINKWRIGHT_DATABASE_URL": f"sqlite:///{no_folder}",
    }
    told = await complaint(*command, **settings)
    assert told == "linkwright: the database cannot be read: file is not a database"


async def test_records_in_a_folder_are_refused(tmp_path: Path) -> None:
    told = await complaint("migrate", LINKWRIGHT_DATABASE_URL=f"sqlite:///{tmp_path}")
    assert told == "linkwright: the database does not answer: unable to open database file"


@pytest.mark.parametrize("command", [("migrate",), ("audit", "--all"), SERVING[0]], ids=" ".join)
async def test_jobs_in_a_file_that_is_no_database_are_refused(
    no_folder: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings = {
        "LINKWRIGHT_HOME": str(tmp_path / "home"),
        "LINKWRIGHT_JOBS_DATABASE_URL": f"sqlite:///{no_folder}",
    }
    told = await complaint(*command, **settings)
    assert told == "linkwright: the jobs database cannot be read: file is not a database"


@pytest.mark.parametrize("command", KEEPING, ids=" ".join)
async def test_a_server_that_does_not_answer_is_told_without_its_password(
    silent_port: int, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings = {
        "LINKWRIGHT_HOME": str(tmp_path),
        "LINKWRIGHT_DATABASE_URL": f"postgresql://desk:hunter2@127.0.0.1:{silent_port}/records",
    }
    told = await complaint(*command, **settings)
    assert told.startswith("linkwright: the database does not answer: ")
    assert "hunter2" not in told


@pytest.mark.parametrize(
    ("command", "fault"), [(KEEPING[1], "does not answer"), (SERVING[0], "could not be prepared")]
)
async def test_a_jobs_server_that_does_not_answer_is_told_in_one_line(
    silent_port: int, tmp_path: Path, command: tuple[str, ...], fault: str
) -> None:
    settings = {
        "LINKWRIGHT_HOME": str(tmp_path),
        "LINKWRIGHT_JOBS_DATABASE_URL": f"postgresql://desk:hunter2@127.0.0.1:{silent_port}/jobs",
    }
    await linkwright("schedule", "list", **settings)  # lays the records
    status, out, err = await linkwright(*command, **settings)
    told = [line for line in err.splitlines() if line.startswith("linkwright: ")]
    assert (status, out, len(told)) == (2, "", 1), err
    assert told[0].startswith(f"linkwright: the jobs database {fault}: ")
    assert err.splitlines()[-1] == told[0]
    assert "hunter2" not in err
