"""Hosts that another host speaks for: 'www-paper-com.translate.goog', 'www.paper.com.ezproxy.lib.edu'.

Translators write the name in one label, dots as hyphens and hyphens doubled; library proxies put their
own name behind it. Told by the translator's parameters and by the word 'proxy' in the host.
"""

import re
from collections.abc import Iterator

from workers.regex import regex
from workers.repair.slug import joined_url
from workers.url import is_public_name

_HOST = regex(r"https?://([\w-]+(?:\.[\w-]+)+)(?=$|:)", re.IGNORECASE)
_TRANSLATED = regex(r"_x_tr_\w+=[^&]*")
_BEHIND = regex(r"(.+?\.[a-z]{2,24})\.(?:\w*-)?(?:ez)?proxy[\w-]*(?:\.[\w-]+)+$", re.IGNORECASE)
_HYPHENED = regex(r"([\w-]+-[\w-]+)\.(?:\w*-)?(?:ez)?proxy[\w-]*(?:\.[\w-]+)+$", re.IGNORECASE)


def proxied(origin: str, path: str, query: str, fragment: str) -> Iterator[tuple[str, bool]]:
    """Yield the address that a translator or a proxy speaks for, and whether its parameters say so."""
    translated = "_x_tr_" in query
    found = _HOST.match(origin) if translated or "proxy" in origin else None
    if found is None:
        return
    host = found[1].lower()
    if translated:
        name = _from_label(host.partition(".")[0])
    else:
        behind, hyphened = _BEHIND.match(host), _HYPHENED.match(host)
        name = behind[1] if behind else _from_label(hyphened[1]) if hyphened else ""
    if is_public_name(name) and name != host:
        kept = "&".join(one for one in query.split("&") if not _TRANSLATED.fullmatch(one))
        scheme = "http" if "_x_tr_sch=http" in query.split("&") else "https"
        yield joined_url(f"{scheme}://{name}", path, kept, fragment), translated


def _from_label(label: str) -> str:
    return label.replace("--", "\0").replace("-", ".").replace("\0", "-")
