"""The bytes of a request: what we say of ourselves, and what a host's rules or a caller add."""

import base64
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from workers.errors import InvalidSetting
from workers.fetch.addresses import read_address
from workers.fetch.policy import FetchPolicy, HostRules
from workers.fetch.target import Target

ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
ACCEPT_ENCODING: Final = "gzip, deflate, br, zstd"
_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_BREAK: Final = re.compile(r"[\r\n\0]")
_NO_RULES: Final = HostRules()


class RequestHeads:
    """The maker of request heads for one policy."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._rules = policy.hosts
        self._common = {
            "User-Agent": policy.user_agent,
            "Accept": ACCEPT,
            "Accept-Language": policy.accept_language,
            "Accept-Encoding": ACCEPT_ENCODING,
        }
        self._usual = _lines(self._common.items())

    def rules(self, target: Target) -> HostRules:
        """Return the settings of one host; those for a port come before those for the name.

        Those for the name reach every port, and give away headers and login only where nobody on the way
        reads them: encrypted, or on this machine. An article decides what is asked for, so that a stranger's
        `http://NAME:8081/` would else be told the login in clear.
        """
        exact = self._rules.get(f"{target.host}:{target.port}")
        if exact is not None:
            return exact
        rules = self._rules.get(target.host)
        if rules is None:
            return _NO_RULES
        is_kept = target.is_tls or _is_loopback(target.host)
        return rules if is_kept else replace(rules, headers=(), basic_auth=None)

    def head(
        self,
        target: Target,
        *,
        extra: Iterable[tuple[str, str]] = (),
        cookie: str = "",
        is_trusted: bool = True,
    ) -> bytes:
        """Return the head of a GET for `target`; `extra` replaces headers of the same name.

        Without `is_trusted` the host's own headers and login are left out.

        Raises:
            InvalidSetting: a header of the rules or of `extra` is not one.
        """
        rules = self.rules(target) if self._rules and is_trusted else _NO_RULES
        more = [*rules.headers, *extra]
        if rules.basic_auth:
            token = base64.b64encode(":".join(rules.basic_auth).encode()).decode("ascii")
            more.append(("Authorization", f"Basic {token}"))
        if cookie:
            more.append(("Cookie", cookie))
        lines = self._merged(more) if more else self._usual
        text = f"GET {target.path} HTTP/1.1\r\nHost: {target.authority}\r\n{lines}\r\n"
        return text.encode("utf-8")

    def _merged(self, more: Iterable[tuple[str, str]]) -> str:
        headers = dict(self._common)
        known = {name.lower(): name for name in headers}
        for name, value in more:
            if not _NAME.fullmatch(name) or _BREAK.search(value):
                message = f"{name!r} is not a header, or its value breaks the line"
                raise InvalidSetting(message)
            headers[known.setdefault(name.lower(), name)] = value
        return _lines(headers.items())


def _is_loopback(host: str) -> bool:
    """Whether a canonical host names this machine; `localhost` does (RFC 6761, 6.3)."""
    address = read_address(host)
    return address.is_loopback if address else host == "localhost" or host.endswith(".localhost")


def _lines(headers: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers)
