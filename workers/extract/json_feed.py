"""What the items of a JSON Feed say of themselves (jsonfeed.org/version/1.1)."""

from collections.abc import Mapping, Sequence
from typing import Any

from workers.extract.dates import read_date
from workers.extract.entries import EntryFacts
from workers.model import FoundLink, Kind

FEED_VERSION = "https://jsonfeed.org/version/"
CONTENTS = ("content_html", "content_text")
DATES = ("date_published", "date_modified")


def is_json_feed(loaded: Any) -> bool:  # noqa: ANN401 - any JSON value
    """Whether a decoded JSON value is a JSON Feed."""
    version = loaded.get("version") if isinstance(loaded, dict) else None
    return isinstance(version, str) and version.startswith(FEED_VERSION)


def item_facts(loaded: Any, found: Mapping[int, Sequence[FoundLink]]) -> list[EntryFacts]:  # noqa: ANN401
    """Return what each item of a feed says of itself; `found` are the findings by the item's index.

    What is no JSON Feed has no items.
    """
    items = loaded.get("items") if is_json_feed(loaded) else None
    if not isinstance(items, list):
        return []
    return [
        _facts(item if isinstance(item, dict) else {}, found.get(index, ()))
        for index, item in enumerate(items)
    ]


def _facts(item: Mapping[str, Any], links: Sequence[FoundLink]) -> EntryFacts:
    dates = ((key, read_date(written)) for key in DATES if (written := _text(item, key)))
    published_source, published = next(((key, date) for key, date in dates if date), (None, None))
    listed = (link.resolved for link in links if link.kind is Kind.FEED_ITEM)
    page = next((resolved for resolved in listed if resolved is not None), None)
    return EntryFacts(
        ids=(_text(item, "id"), page),
        page=page,
        headline=_text(item, "title"),
        published=published,
        published_source=published_source,
        language=_text(item, "language"),
        has_content=any(_text(item, key) for key in CONTENTS),
        links=list(links),
    )


def _text(item: Mapping[str, Any], key: str) -> str | None:
    """Return the text of a member on one line, None where it is empty or no text."""
    value = item.get(key)
    return (" ".join(value.split()) or None) if isinstance(value, str) else None
