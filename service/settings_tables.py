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
from dataclasses import dataclass
from fnmatch import fnmatchcase

from service.settings_fields import (
    Flaws,
    Table,
    flaws_at,
    number,
    read_table,
    setting,
    space_list,
    text,
    whole,
)
from workers.errors import InvalidSetting
from workers.url import host_of
from workers.verdict.acceptance import read_statuses

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)\}?")
# What the exchange itself decides; set by hand it would break or lie.
_OWN_HEADERS = frozenset({"host", "connection", "content-length", "transfer-encoding", "cookie", "te"})


def statuses(written: object) -> str:
    """Read statuses and ranges of them, as text or as a list."""
    said = ",".join(map(str, written)) if isinstance(written, list | tuple) else str(written)
    try:
        read_statuses(said)
    except InvalidSetting as error:
        raise ValueError(str(error)) from None
    return said


def header_lines(written: object) -> dict[str, str]:
    """Read headers by name: those that can be set, in one line each."""
    if not isinstance(written, Mapping):
        raise ValueError("should be a table")  # noqa: TRY004 - read as a flaw like all others
    for name, value in written.items():
        if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN_HEADERS:
            raise ValueError(f"{name!r} is no header that can be set")
        if any(ord(letter) < ord(" ") for letter in text(value)):
            raise ValueError(f"the value of {name} breaks its line")
    return dict(written)


def variable_name(written: object) -> str:
    """Read `$NAME`, '' for none."""
    name = text(written)
    if name and not _VARIABLE.fullmatch(name):
        raise ValueError("should name the variable that holds it, as $NAME: secrets stay out of files")
    return name


def pattern(written: object) -> str:
    """Read the pattern of a path."""
    if not text(written):
        raise ValueError("should not be empty")
    return text(written)


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTable:
    """What is set for one host, in place of the general settings."""

    per_host: int | None = setting(whole(least=1, most=1024), "Requests in flight there.", default=None)
    gap_ms: int | None = setting(whole(least=0, most=600_000), "Gap between two starts there.", default=None)
    timeout_s: float | None = setting(number(most=600), "Deadline of one exchange there.", default=None)
    accept: str = setting(statuses, "Statuses that count as ok there.", default="")
    headers: dict[str, str] = setting(
        header_lines, "Headers sent there and nowhere else; `$NAME` reads a variable.", default_factory=dict
    )
    auth: str = setting(
        variable_name, "`$NAME` of the variable that holds USER:PASSWORD (Basic).", default=""
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTable:
    """What is set for the files whose path matches a pattern."""

    path: str = setting(pattern, "Pattern of the path as given: `*`, `?`, `[…]`, `**`.")
    include: tuple[str, ...] = setting(space_list, "Of these files, check only what matches.", default=())
    exclude: tuple[str, ...] = setting(space_list, "Of these files, leave out what matches.", default=())

    def covers(self, source: str) -> bool:
        """Whether the file of that path is meant; a pattern also fits at the end of a path."""
        path = source.replace(os.sep, "/").removeprefix("./")
        return fnmatchcase(path, self.path) or fnmatchcase(path, f"*/{self.path}")


def host_tables(written: object) -> dict[str, HostTable]:
    """Read the tables of hosts by `HOST` or `HOST:PORT`, as hosts are written inside."""
    if not isinstance(written, Mapping):
        raise ValueError("should be a table")  # noqa: TRY004 - read as a flaw like all others
    return {canonical_host(name): _at(name, HostTable, table) for name, table in written.items()}


def file_tables(written: object) -> tuple[FileTable, ...]:
    """Read the tables of files, in order."""
    if not isinstance(written, list | tuple):
        raise ValueError("should be a list of tables")  # noqa: TRY004 - read as a flaw like all others
    return tuple(_at(str(place), FileTable, table) for place, table in enumerate(written))


def _at(name: str, kind: type[Table], written: object) -> Table:
    """Read one table of several; what is wrong with it is said with its name."""
    try:
        return read_table(kind, written)
    except ValueError as error:
        raise Flaws(list(flaws_at(name, error, written))) from None


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


def read_logins(pairs: str) -> dict[str, tuple[str, str]]:
    """Read `HOST=USER:PASSWORD` pairs separated by white space; returns (user, password) by host.

    Raises:
        InvalidSetting: a pair has another form; the message gives its number, never its text.
    """
    logins: dict[str, tuple[str, str]] = {}
    for place, pair in enumerate(pairs.split(), start=1):
        host, sign, login = pair.partition("=")
        user, colon, password = login.partition(":")
        try:
            key = canonical_host(host)
        except ValueError:
            key = ""
        if not (sign and colon and user and key):
            raise InvalidSetting(f"LINKWRIGHT_BASIC_AUTH: pair {place} is not HOST=USER:PASSWORD")
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
