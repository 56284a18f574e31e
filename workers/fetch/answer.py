"""The answer of one hop: what came back, how far it got, and its headers in a form to look things up in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from http import HTTPStatus
from typing import Final

from workers.model import Exchange, Failure, TlsFacts

_GOOD_BELOW: Final = int(HTTPStatus.BAD_REQUEST)
REDIRECTS: Final = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)
_SHORT_BYTES: Final = 64
_OF_THE_PAST: Final = frozenset({Failure.RESET, Failure.PROTOCOL})


class Phase(StrEnum):
    """How far an exchange got."""

    CONNECT = "connect"
    HEAD = "head"
    BODY = "body"


@dataclass(slots=True, kw_only=True)
class Answer:
    """What one hop brought: an answer (`status`), or a `failure` with its reason.

    `phase` is how far it got; `was_broken_off` that we or the server left before the end. `raw_headers` keep
    order, repetition and spelling; `joined` has names in lower case and repeated ones joined by ', '. `body`
    is decoded, `cut` says in words why it is not whole, `cut_off` that the server broke off, `has_surplus`
    that more came than the answer. `was_kept` tells a connection that had served before.
    """

    status: int | None = None
    reason: str = ""
    raw_headers: Sequence[tuple[bytes, bytes]] = ()
    joined: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    is_complete: bool = False
    cut: str | None = None
    cut_off: bool = False
    has_surplus: bool = False
    received_bytes: int = 0
    failure: Failure | None = None
    failure_reason: str | None = None
    phase: Phase = Phase.CONNECT
    was_kept: bool = False
    was_broken_off: bool = False
    tls: TlsFacts | None = None
    record: Exchange | None = None

    def header(self, name: str) -> str:
        """Return the value of a header, repeated ones joined by ', ', '' when there is none."""
        return self.joined.get(name, "")

    def headers(self, name: str) -> list[str]:
        """Return the values of each header of that name (in lower case), in order."""
        if name not in self.joined:
            return []
        return [_text(value) for raw, value in self.raw_headers if _name(raw) == name]

    @property
    def is_redirect(self) -> bool:
        """Whether it says no more than where to go."""
        return self.status in REDIRECTS and "location" in self.joined

    @property
    def is_of_another(self) -> bool:
        """Whether it may come from the connection's past: that ended, or an earlier answer had more to it."""
        is_spoilt = self.phase is Phase.HEAD and self.failure in _OF_THE_PAST
        return self.was_kept and (is_spoilt or self.has_surplus)

    @property
    def is_good(self) -> bool:
        """Whether it answers with what was asked for, or where that is, and the server did not break off."""
        return self.status is not None and self.status < _GOOD_BELOW and not self.cut_off


@lru_cache(maxsize=512)
def _short_name(raw: bytes) -> str:
    return _decoded(raw).lower()


def _name(raw: bytes) -> str:
    return _short_name(raw) if len(raw) <= _SHORT_BYTES else _decoded(raw).lower()


def join_headers(raw_headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by their names in lower case, repeated ones joined by ', '."""
    joined: dict[str, str] = {}
    for raw_name, raw in raw_headers:
        name, value = _name(raw_name), _text(raw)
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _text(raw: bytes) -> str:
    return _short_text(raw) if len(raw) <= _SHORT_BYTES else _decoded(raw)


# Servers say the same things all the time, and observations are kept by the thousand.
@lru_cache(maxsize=2048)
def _short_text(raw: bytes) -> str:
    return _decoded(raw)


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")
