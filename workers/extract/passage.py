"""Findings in a passage of a format without a text source: hyperlinks and the addresses in their text.

A passage is a page of a PDF or a paragraph of an office document: plain text, and hyperlinks that cover
spans of it. An address that a hyperlink shows is that hyperlink's anchor, one finding, not two.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from workers.extract.context import sentence_around
from workers.extract.finding import NO_BASE, Base, resolve
from workers.extract.identifiers import identifier_of
from workers.extract.labels import Label, label_before, named_as_own
from workers.extract.text import links_in_text
from workers.model import FoundLink, Kind
from workers.url import lookup_key

MAX_ANCHOR = 500
SCHEME_AND_WWW = re.compile(r"\A\s*(?:https?:/*)?(?:www\.)?", re.IGNORECASE)
CUT = re.compile(r"(?:-|…|\.\.\.|\s)+\Z")
SPACES = re.compile(r"\s+")
Labelled = tuple[FoundLink, Label | None]
SLACK = 1  # a closing bracket or full stop that a hyperlink was drawn without


@dataclass(frozen=True, slots=True, kw_only=True)
class Hyperlink:
    """A link that covers `text[start:end]` of its passage; `start == end` where it shows no text.

    `anchor` replaces the covered text where that is not what is shown (an image's description).
    """

    start: int
    end: int
    target: str
    locator: str
    kind: Kind = Kind.LINK
    anchor: str | None = None


def read_passage(
    text: str,
    hyperlinks: Sequence[Hyperlink],
    *,
    locate: Callable[[int, int], str],
    base: Base = NO_BASE,
    before: str = "",
) -> list[Labelled]:
    """Return the findings of one passage in the order of its text, each with the label of an own address.

    `locate` gives the locator of a span of the text. `before` is the passage before this one, which may
    hold the label. Which of them are the article's own only all its passages tell: see `name_own`.
    """
    found = [(link.start, 0, linked(text, link, base=base)) for link in hyperlinks]
    covers = _Covers(hyperlinks)
    for bare in links_in_text(text, base=base):
        start, end = bare.start or 0, bare.end or 0
        if not any(_shows(bare, link) for link in covers.around(start, end)):
            found.append((start, 1, unplaced(bare, locate(start, end))))
    found.sort(key=lambda item: item[:2])
    led = f"{before[-MAX_ANCHOR:]}\n{text}"
    return [(link, _label(link, led, start + len(led) - len(text))) for start, _, link in found]


def name_own(labelled: Sequence[Labelled]) -> list[FoundLink]:
    """Return the findings of all passages of an article, those labelled as its own address named so."""
    labels = {index: label for index, (_, label) in enumerate(labelled) if label is not None}
    own = named_as_own(labels, {index: labelled[index][0].target for index in labels})
    return [
        replace(link, kind=Kind.ORIGINAL_URL) if index in own else link
        for index, (link, _) in enumerate(labelled)
    ]


def _label(link: FoundLink, text: str, at: int) -> Label | None:
    """Return the label of the article's own address that stands right before `at`, if it can mean `link`."""
    if link.resolved is None or link.kind not in {Kind.LINK, Kind.BARE, Kind.AUTOLINK}:
        return None
    return label_before(text, at)


def linked(text: str, link: Hyperlink, *, base: Base = NO_BASE) -> FoundLink:
    """Return the finding of one hyperlink."""
    resolved, defects = resolve(link.target, base)
    shown = text[link.start : link.end] if link.anchor is None else link.anchor
    return FoundLink(
        raw=link.target,
        target=link.target,
        kind=link.kind,
        resolved=resolved,
        base=base.url,
        base_source=base.source,
        anchor=SPACES.sub(" ", shown).strip()[:MAX_ANCHOR],
        context=sentence_around(text, link.start, link.end),
        locator=link.locator,
        defects=defects,
        identifier=identifier_of(resolved) if resolved else None,
    )


def unplaced(link: FoundLink, locator: str) -> FoundLink:
    """Return `link` with `locator` in the place of offsets that mean nothing outside its passage."""
    return replace(link, start=None, end=None, line=None, column=None, locator=locator)


def within_part(links: Iterable[FoundLink], part: str) -> list[FoundLink]:
    """Return `links`, found in the text of a part, with the part's name and offset as their locator."""
    return [unplaced(link, part if link.start is None else f"{part}#char={link.start}") for link in links]


class _Covers:
    """Which hyperlinks cover a span; they are taken in the order they begin."""

    def __init__(self, hyperlinks: Iterable[Hyperlink]) -> None:
        self._links = sorted((link for link in hyperlinks if link.end > link.start), key=_beginning)
        self._starts = [link.start for link in self._links]

    def around(self, start: int, end: int) -> Sequence[Hyperlink]:
        """Return the hyperlinks, at most a few, that begin before `end` and reach over `start`."""
        index = bisect_right(self._starts, end)
        return [link for link in self._links[max(0, index - 4) : index] if link.end >= start]


def _beginning(link: Hyperlink) -> int:
    return link.start


def _shows(bare: FoundLink, link: Hyperlink) -> bool:
    """Whether the address in the text is the hyperlink's own, or no more than its label."""
    written = [reading or "" for reading in (bare.resolved, bare.target, *bare.readings)]
    if lookup_key(link.target) in {lookup_key(reading) for reading in written}:
        return True
    inside = link.start <= (bare.start or 0) and (bare.end or 0) <= link.end + SLACK
    if not inside:
        return False
    if "://" not in bare.target:
        return True
    target = _bare_form(link.target)
    return any(_is_beginning(_bare_form(reading), target) for reading in written)


def _bare_form(address: str) -> str:
    return CUT.sub("", SCHEME_AND_WWW.sub("", address)).rstrip("/").lower()


def _is_beginning(one: str, other: str) -> bool:
    return bool(one) and bool(other) and (one.startswith(other) or other.startswith(one))
