"""Foreign exceptions of one exchange mapped to the failures of the model: the one door for them."""

import asyncio
import errno
import ssl
from dataclasses import dataclass
from typing import Final

import aiohttp
from aiohttp.http import HttpProcessingError

from workers.fetch.resolver import NameFailed
from workers.fetch.tls import certificate_failure
from workers.model import Failure

_BY_NUMBER: Final = {
    errno.ECONNREFUSED: (Failure.REFUSED, "the connection was refused"),
    errno.ECONNRESET: (Failure.RESET, "the connection was reset"),
    errno.EPIPE: (Failure.RESET, "the connection was closed"),
    errno.ECONNABORTED: (Failure.RESET, "the connection was closed"),
    errno.ETIMEDOUT: (Failure.TIMEOUT, "no answer to the connection"),
    errno.EHOSTUNREACH: (Failure.UNREACHABLE, "no way to the host"),
    errno.ENETUNREACH: (Failure.UNREACHABLE, "no way to the network"),
    errno.EADDRNOTAVAIL: (Failure.UNREACHABLE, "no way to the address"),
    errno.EACCES: (Failure.UNREACHABLE, "this machine forbids the connection"),
    errno.EPERM: (Failure.UNREACHABLE, "this machine forbids the connection"),
}


@dataclass(frozen=True, slots=True)
class FailureFacts:
    """A failure with its reason in words."""

    failure: Failure
    reason: str


def read_failure(error: BaseException, *, refused: list[str]) -> FailureFacts:
    """Return what `error` means; what the guard wrote down in `refused` comes before what it says itself."""
    if refused:
        return FailureFacts(Failure.POLICY, refused[0])
    causes = _causes(error)
    for cause in causes:
        if (facts := _by_type(cause)) is not None:
            return facts
    for cause in causes:
        number = getattr(cause, "errno", None)
        if number in _BY_NUMBER:
            return FailureFacts(*_BY_NUMBER[number])
    return FailureFacts(Failure.RESET, _one_line(str(error)) or type(error).__name__)


def _by_type(cause: BaseException) -> FailureFacts | None:
    match cause:
        case NameFailed():
            return FailureFacts(cause.failure, cause.reason)
        case TimeoutError():
            return FailureFacts(Failure.TIMEOUT, "no answer in time")
        case ssl.SSLError() if not isinstance(cause, aiohttp.ClientError):  # that is aiohttp's wrapping of it
            return FailureFacts(Failure.TLS, certificate_failure(cause))
        case HttpProcessingError():
            return FailureFacts(Failure.PROTOCOL, f"not HTTP: {_one_line(cause.message)}")
        case aiohttp.ServerDisconnectedError() | aiohttp.ClientPayloadError() | asyncio.IncompleteReadError():
            return FailureFacts(Failure.RESET, "the connection was closed before the end")
        case _:
            return None


def _causes(error: BaseException) -> list[BaseException]:
    """Return `error` and what it was made from, outermost first."""
    found: list[BaseException] = []
    todo: list[BaseException | None] = [error]
    while todo:
        each = todo.pop()
        if each is not None and each not in found:
            found.append(each)
            todo += [each.__context__, each.__cause__, getattr(each, "os_error", None)]
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
