"""The HTTP side of Save Page Now 2: one request, one answer told apart from what only looks like one.

Source: the public description of the SPN2 API (V. Banos, 2022) and its answers as met with: errors
also come with status 200, and a capture made shortly before is named with its job.
"""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import aiohttp

from workers.archive.faults import ArchiveFault
from workers.archive.settings import ArchiveSettings
from workers.archive.throttle import UNTOLD_PAUSE_S, utc_now
from workers.fetch.retry_after import retry_after_s

MAX_ANSWER_BYTES: Final = 1_000_000
UNAUTHORISED, THROTTLED, SERVER_ERROR = 401, 429, 500


class NotSubmitted(ArchiveFault):
    """The service said that it did not take the save, or was never reached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpnAnswer:
    """An answer of the service: `status` is its word (`pending success error`), '' where it says none."""

    status: str
    job_id: str | None
    timestamp: str | None
    original_url: str | None
    message: str


class SpnClient:
    """The two requests of Save Page Now: submit, and look at a job."""

    def __init__(self, session: aiohttp.ClientSession, settings: ArchiveSettings) -> None:
        self._session = session
        self._base = settings.spn_url.rstrip("/")
        self._timeout_s = settings.timeout_s
        self._headers = {
            "Accept": "application/json",
            "Authorization": f"LOW {settings.spn_key}",
            "User-Agent": settings.user_agent,
        }

    async def submit(self, url: str) -> SpnAnswer:
        """Ask for one save.

        Raises:
            NotSubmitted: it was not taken.
            ArchiveFault: no readable answer came; it may have been taken.
        """
        return await self._ask("POST", "/save", {"url": url, "skip_first_archive": "1"})

    async def look(self, job_id: str) -> SpnAnswer:
        """Ask how far a job is.

        Raises:
            ArchiveFault: no readable answer came; the job may be at any stage.
        """
        return await self._ask("GET", f"/save/status/{job_id}", None)

    async def _ask(self, method: str, path: str, form: Mapping[str, str] | None) -> SpnAnswer:
        try:
            async with (
                asyncio.timeout(self._timeout_s),
                self._session.request(
                    method, self._base + path, data=form, headers=self._headers, allow_redirects=False
                ) as answer,
            ):
                body = await answer.content.read(MAX_ANSWER_BYTES)
                while not answer.content.at_eof() and len(body) < MAX_ANSWER_BYTES:
                    body += await answer.content.read(MAX_ANSWER_BYTES - len(body))
                return read_answer(answer.status, answer.headers, body)
        except aiohttp.ClientConnectorError as error:
            raise NotSubmitted(f"no connection: {error}", retryable=True) from error
        except TimeoutError as error:
            raise ArchiveFault(f"no answer within {self._timeout_s:g} s") from error
        except (aiohttp.ClientError, OSError) as error:
            raise ArchiveFault(f"no whole answer: {error or type(error).__name__}") from error


def read_answer(status: int, headers: Mapping[str, str], body: bytes) -> SpnAnswer:
    """Return what an answer says.

    Raises:
        NotSubmitted: the service did not take the request (key refused, throttled).
        ArchiveFault: it cannot be told.
    """
    if status == UNAUTHORISED:
        raise NotSubmitted("the key is refused (status 401)", counts=False)
    if status == THROTTLED:
        pause_s = retry_after_s(headers.get("Retry-After", ""), now=utc_now())
        pause_s = UNTOLD_PAUSE_S if pause_s is None else pause_s
        raise NotSubmitted("throttled (status 429)", retryable=True, retry_after_s=pause_s)
    if status >= SERVER_ERROR:
        raise ArchiveFault(f"status {status}")
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ArchiveFault(f"status {status} without readable JSON", counts=False) from error
    if not isinstance(said, dict):
        raise ArchiveFault(f"status {status} without a JSON object", counts=False)
    message = _text(said, "status_ext") or _text(said, "message") or _text(said, "error") or ""
    if _text(said, "status_ext") and _text(said, "message"):
        message = f"{_text(said, 'status_ext')}: {_text(said, 'message')}"
    return SpnAnswer(
        status=_text(said, "status") or "",
        job_id=_text(said, "job_id"),
        timestamp=_text(said, "timestamp"),
        original_url=_text(said, "original_url"),
        message=message,
    )


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    return value if isinstance(value, str) and value else None


@asynccontextmanager
async def open_spn_client(settings: ArchiveSettings, tls: ssl.SSLContext) -> AsyncIterator[SpnClient]:
    """Open a client that asks exactly the configured base, past proxies of the environment."""
    connector = aiohttp.TCPConnector(ssl=tls, limit=4)
    timeout = aiohttp.ClientTimeout(total=settings.timeout_s)
    async with aiohttp.ClientSession(
        connector=connector, timeout=timeout, trust_env=False, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        yield SpnClient(session, settings)
