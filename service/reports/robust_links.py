"""Robust Links: links that carry their capture along, for a reader of today and one of ten years on.

Source: robustlinks.mementoweb.org/spec. The script beside them is our own, for the published one calls
a service that is closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from workers.url import is_fetchable

SCRIPT: Final = "robustlinks.js"
MAX_TEXT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class RobustLink:
    """One link of an article: its address, what it stands under, and the capture that goes with it.

    `version_url` and `version_at` are None together, where no capture is known.
    """

    original: str
    text: str
    is_dead: bool
    version_url: str | None = None
    version_at: datetime | None = None

    @property
    def href(self) -> str:
        """Where a reader is led: the live address, the capture where it is dead and there is one."""
        return self.version_url if self.is_dead and self.version_url else self.original

    @property
    def version_date(self) -> str | None:
        """The day of the capture, None where there is none."""
        return None if self.version_at is None else f"{self.version_at.year:04d}-{self.version_at:%m-%d}"


def anchor(link: RobustLink) -> str:
    """Return the link as HTML, every attribute escaped.

    Raises:
        ValueError: an address is no http or https one.
    """
    if not is_fetchable(link.original) or not is_fetchable(link.href):
        raise ValueError(f"not a web address: {link.original[:100]!r}")
    attributes = {"href": link.href, "data-originalurl": link.original}
    if link.version_url is not None and link.version_date is not None:
        attributes |= {"data-versionurl": link.version_url, "data-versiondate": link.version_date}
    told = " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items())
    return f"<a {told}>{escape(link.text[:MAX_TEXT] or link.original)}</a>"


def document(links: Iterable[RobustLink], *, title: str, script: str) -> str:
    """Return the links as one HTML page; `script` is the address of the script that shows the captures."""
    items = "\n".join(f"<li>{anchor(link)}</li>" for link in links)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(title)}</title>\n"
        f'<script src="{escape(script)}" defer></script>\n'
        f"</head>\n<body>\n<h1>{escape(title)}</h1>\n<ul>\n{items}\n</ul>\n</body>\n</html>\n"
    )
