"""The archives over what all processes share in the database: limits, breakers, captures and saves."""

from contextlib import AbstractAsyncContextManager

from service.store.captures import StoreCaptureIndex
from service.store.database import Database
from service.store.saves import StoreSaveLog
from service.store.throttle import StoreThrottle
from workers.archive.archives import Archives, open_archives
from workers.archive.settings import ArchiveSettings
from workers.protocols import Fetcher


def open_shared_archives(
    settings: ArchiveSettings, fetcher: Fetcher, database: Database
) -> AbstractAsyncContextManager[Archives]:
    """Open every configured archive over the records in `database`."""
    return open_archives(
        settings,
        throttle=StoreThrottle(database),
        index=StoreCaptureIndex(database),
        fetcher=fetcher,
        saves=lambda saver: StoreSaveLog(database, saver),
    )
