"""Savers of other packages: found by their entry point, tried in the order that is set."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.archive_stand_in import archive_stand_in
from workers.archive.archives import open_archives
from workers.archive.captures import MemoryCaptureIndex
from workers.archive.savers import SaverParts
from workers.archive.saves import Saver, SaveRecord, SaveState
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import MemoryThrottle
from workers.errors import InvalidSetting
from workers.model import Memento

URL = "http://example.org/story"
AT = datetime(2026, 3, 1, tzinfo=UTC)


class TownArchive:
    """An archive that saves at once, with the log that it was given."""

    def __init__(self, parts: SaverParts) -> None:
        self._log = parts.log

    async def save(self, url: str) -> SaveRecord:
        memento = Memento(
            original=url, archive="town", memento_datetime=AT, uri_m=f"https://town.example/1/{url}"
        )
        record = SaveRecord(key=url, url=url, submitted_at=AT, state=SaveState.SAVED, memento=memento)
        held = await self._log.claim(record, since=AT)
        return held or record


@asynccontextmanager
async def open_town(parts: SaverParts) -> AsyncIterator[Saver]:
    """Open the archive; named by the entry point of the test's package."""
    yield TownArchive(parts)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a package that brings a saver called `town`."""
    module = tmp_path / "town_archive.py"
    module.write_text(f"import sys\nopen_town = sys.modules[{__name__!r}].open_town\n")
    facts = tmp_path / "town_archive-1.0.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: town-archive\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text("[linkwright.savers]\ntown = town_archive:open_town\n")
    monkeypatch.syspath_prepend(str(tmp_path))


async def saved(**settings: object) -> SaveRecord | None:
    """Return what came of saving one page."""
    async with archive_stand_in() as stand_in:
        given = {"wayback_url": stand_in.base, "spn_url": stand_in.base, "save_poll_s": 0.01} | settings
        async with open_archives(
            ArchiveSettings(**given),  # type: ignore[arg-type]
            throttle=MemoryThrottle(),
            index=MemoryCaptureIndex(),
        ) as archives:
            return await archives.save(URL)


@pytest.mark.usefixtures("installed")
async def test_a_saver_of_another_package_saves() -> None:
    record = await saved(savers=("town",))
    assert record is not None
    assert record.memento is not None
    assert (record.state, record.memento.uri_m) == (SaveState.SAVED, f"https://town.example/1/{URL}")


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(("key", "archive"), [("access:secret", "wayback"), ("access:wrong", "town")])
async def test_a_page_goes_to_the_first_saver_that_takes_it(key: str, archive: str) -> None:
    record = await saved(savers=("spn", "town"), spn_key=key)
    assert record is not None
    assert record.memento is not None
    assert record.memento.archive == archive


async def test_no_saver_saves_nothing() -> None:
    assert await saved(savers=(), spn_key="access:secret") is None


async def test_a_name_that_nobody_brings_is_told() -> None:
    with pytest.raises(InvalidSetting, match="no saver is called 'town'; there are spn"):
        await saved(savers=("town",))
