"""Link-format as archives write it (RFC 6690, RFC 7089), read with tolerance."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from workers.archive.timestamps import from_http_date, from_timestamp_14
from workers.url import join

# A value may be quoted, or bare up to the next attribute or link: some archives leave dates unquoted.
_VALUE: Final = r"""(?:"[^"]*"|'[^']*'|[^;<]*)"""
_LINK: Final = re.compile(rf"<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*{_VALUE})?)*)")
_ATTRIBUTE: Final = re.compile(rf";\s*([\w*-]+)\s*(?:=\s*({_VALUE}))?")
_DIGITS_14: Final = re.compile(r"/(\d{14})(?:[a-z]{2}_)?/")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link of a TimeMap: absolute address, relation types, time of a memento, other attributes."""

    url: str
    rel: frozenset[str]
    at: datetime | None
    attributes: dict[str, str]

    @property
    def is_memento(self) -> bool:
        """Whether it is a memento; `first memento` and the like are."""
        return "memento" in self.rel


def read_links(text: str, *, base: str) -> Iterator[Link]:
    """Give the links of a link-format document in its order; what cannot be read is passed over.

    Relative addresses are joined to `base`. A memento without a readable `datetime` takes its time from
    the 14 digits of its address, None where it has none.
    """
    for target, rest in _LINK.findall(text):
        url = join(target.strip(), base)
        if url is None:
            continue
        attributes = {
            name.lower(): value.strip().rstrip(",").strip().strip("\"'")
            for name, value in _ATTRIBUTE.findall(rest)
        }
        yield Link(
            url=url,
            rel=frozenset(attributes.get("rel", "").lower().split()),
            at=from_http_date(attributes.get("datetime", "")) or time_in(url),
            attributes=attributes,
        )


def time_in(uri_m: str) -> datetime | None:
    """Return the time that the 14 digits in a memento's address say, None where there are none."""
    found = _DIGITS_14.search(uri_m)
    return from_timestamp_14(found.group(1)) if found else None


def original_in(uri: str) -> str | None:
    """Return the original in an archive's address (`…/{14 digits}id_/{original}`), None where it is none."""
    found = _DIGITS_14.search(uri)
    if found is None:
        return None
    original = uri[found.end() :]
    # Some servers fold the two slashes of the inner address into one.
    return re.sub(r"^(https?):/+", r"\1://", original) if original else None


def raw_form(uri_m: str) -> str:
    """Return the address of a memento as it was captured, without an archive's banner and rewriting."""
    return _DIGITS_14.sub(r"/\1id_/", uri_m, count=1)
