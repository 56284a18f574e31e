"""The small cookie jar of one exchange, thrown away after it.

Consent and session bounces set a cookie and send the reader back to the same address; without the
cookie they would look like a loop. Nothing is ever shared between links. Source: RFC 6265, simplified.
"""

from typing import Final

from workers.fetch.target import Target
from workers.url import registrable_domain

MOST_COOKIES: Final = 50
LONGEST_COOKIE: Final = 4096
LONGEST_HEADER: Final = 8192


class CookieJar:
    """Cookies by the domain they are for; `version` grows with each change."""

    __slots__ = ("_cookies", "version")

    def __init__(self) -> None:
        self._cookies: dict[tuple[str, bool, str], tuple[str, bool]] = {}
        self.version = 0

    def take(self, header: str, target: Target) -> None:
        """Keep one Set-Cookie header that `target` answered with; odd and oversized ones are passed over."""
        pair, *attributes = header.split(";")
        name, found, value = pair.strip().partition("=")
        if not found or not name or len(header) > LONGEST_COOKIE:
            return
        settings = dict(_setting(attribute) for attribute in attributes)
        domain, is_wide = _domain(settings.get("domain", ""), target.host)
        if domain is None:
            return
        key = (domain, is_wide, name)
        if settings.get("max-age", "1").startswith(("-", "0")):
            changed = self._cookies.pop(key, None) is not None
        else:
            kept = (value, "secure" in settings)
            changed = self._cookies.get(key) != kept and (key in self._cookies or len(self) < MOST_COOKIES)
            if changed:
                self._cookies[key] = kept
        self.version += changed

    def header(self, target: Target) -> str:
        """Return the Cookie header for `target`, '' for none."""
        fitting = [
            f"{name}={value}"
            for (domain, is_wide, name), (value, is_secure) in self._cookies.items()
            if (target.host == domain or (is_wide and target.host.endswith(f".{domain}")))
            and (target.is_tls or not is_secure)
        ]
        return "; ".join(fitting)[:LONGEST_HEADER]

    def __len__(self) -> int:
        return len(self._cookies)


def _setting(attribute: str) -> tuple[str, str]:
    name, _, value = attribute.strip().partition("=")
    return name.strip().lower(), value.strip()


def _domain(written: str, host: str) -> tuple[str | None, bool]:
    """Return the domain a cookie is for and whether sub-domains get it; None when it is another's."""
    domain = written.lower().lstrip(".")
    if not domain or domain == host:
        return host, bool(domain)
    own = registrable_domain(host)
    is_own = host.endswith(f".{domain}") and (domain == own or domain.endswith(f".{own}"))
    return (domain if is_own else None), True
