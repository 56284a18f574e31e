r"""The tables of a settings file: what is set for one host, and for the files of one pattern.

[hosts."intranet.example"]
auth = "$LINKWRIGHT_AUTH_INTRANET"
headers = { "X-Desk" = "news" }
accept = "401,403"

[[files]]
path = "drafts/**"
exclude = ['^https://preview\.']
"""

import os
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from workers.errors import InvalidSetting
from workers.url import host_of
from workers.verdict.acceptance import read_statuses

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
# What the exchange itself decides; set by hand it would break or lie.
_OWN_HEADERS = frozenset({"host", "connection", "content-length", "transfer-encoding", "cookie", "te"})


def _checked_statuses(value: object) -> object:
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    try:
        read_statuses(text)
    except InvalidSetting as error:
        raise ValueError(str(error)) from None
    return text


Statuses = Annotated[str, BeforeValidator(_checked_statuses)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class HostTable(_Table):
    """What is set for one host, in place of the general settings."""

    per_host: int | None = Field(default=None, ge=1, le=1024, description="Requests in flight there.")
    gap_ms: int | None = Field(default=None, ge=0, le=600_000, description="Gap between two starts there.")
    timeout_s: float | None = Field(default=None, gt=0, le=600, description="Deadline of one exchange there.")
    accept: Statuses = Field(default="", description="Statuses that count as ok there.")
    headers: dict[str, str] = Field(
        default_factory=dict, description="Headers sent there and nowhere else; `$NAME` reads a variable."
    )
    auth: str = Field(default="", description="`$NAME` of the variable that holds USER:PASSWORD (Basic).")

    @field_validator("headers")
    @classmethod
    def _require_headers(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
                raise ValueError(f"{name!r} is no header that can be set")
            if any(ord(letter) < ord(" ") for letter in text):
                raise ValueError(f"the value of {name} breaks its line")
        return value

    @field_validator("auth")
    @classmethod
    def _require_variable(cls, value: str) -> str:
        if value and not _VARIABLE.fullmatch(value):
            raise ValueError("should name the variable that holds it, as $NAME: secrets stay out of files")
        return value


class FileTable(_Table):
    """What is set for the files whose path matches a pattern."""

    path: str = Field(min_length=1, description="Pattern of the path as given: `*`, `?`, `[…]`, `**`.")
    include: tuple[str, ...] = Field(default=(), description="Of these files, check only what matches.")
    exclude: tuple[str, ...] = Field(default=(), description="Of these files, leave out what matches.")

    def covers(self, source: str) -> bool:
        """Whether the file of that path is meant; a pattern also fits at the end of a path."""
        path = source.replace(os.sep, "/").removeprefix("./")
        return fnmatchcase(path, self.path) or fnmatchcase(path, f"*/{self.path}")


def canonical_host(name: str) -> str:
    """Return `HOST` or `HOST:PORT` as hosts are written inside.

    Raises:
        ValueError: it is neither.
    """
    host = host_of(f"http://{name}/")
    port = name.rpartition(":")[2] if re.search(r":\d{1,5}$", name) else ""
    if not host or "/" in name or "@" in name:
        raise ValueError(f"{name!r} is no host")
    return f"{host}:{port}" if port else host


def read_logins(text: str) -> dict[str, tuple[str, str]]:
    """Read `HOST=USER:PASSWORD` pairs separated by white space; returns (user, password) by host.

    Raises:
        InvalidSetting: a pair has another form; the message gives its number, never its text.
    """
    logins: dict[str, tuple[str, str]] = {}
    for number, pair in enumerate(text.split(), start=1):
        host, sign, login = pair.partition("=")
        user, colon, password = login.partition(":")
        try:
            key = canonical_host(host)
        except ValueError:
            key = ""
        if not (sign and colon and user and key):
            raise InvalidSetting(f"LINKWRIGHT_BASIC_AUTH: pair {number} is not HOST=USER:PASSWORD")
        logins[key] = (user, password)
    return logins


def read_login(host: str, reference: str, environment: Mapping[str, str]) -> tuple[str, str]:
    """Return the (user, password) that the variable named by `$NAME` holds.

    Raises:
        InvalidSetting: it is not set, or holds no colon; the message names the variable.
    """
    user, colon, password = read_value(host, reference, environment).partition(":")
    if not colon or not user:
        raise InvalidSetting(f"hosts.{host}.auth: the variable {reference} does not hold USER:PASSWORD")
    return user, password


def read_headers(
    host: str, headers: Mapping[str, str], environment: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """Return the headers of a host, variables filled in.

    Raises:
        InvalidSetting: a variable is not set; the message names it.
    """
    return tuple((name, read_value(host, value, environment)) for name, value in headers.items())


def read_value(host: str, value: str, environment: Mapping[str, str]) -> str:
    """Return `value`, or what the variable it names as `$NAME` holds.

    Raises:
        InvalidSetting: the variable is not set or breaks a line; the message names it.
    """
    match = _VARIABLE.fullmatch(value)
    if match is None:
        return value
    held = environment.get(match[1], "")
    if not held or any(ord(letter) < ord(" ") for letter in held):
        raise InvalidSetting(f"hosts.{host}: the variable {match[1]} is not set, or breaks a line")
    return held
