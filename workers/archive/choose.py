"""Which capture stands for what an article cited: the rule `pick/1`, pure.

The order in which captures are looked at, and what the looks together say. Looking is the part of
`workers/archive/verify.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from workers.archive.settings import LOCAL
from workers.model import Choice, Memento, Quality
from workers.url import lookup_key
from workers.verdict.similarity import similarity

RULE: Final = "pick/1"
USABLE: Final = frozenset({200, 203, 206})
MAX_LOOKS: Final = 5
AGREE, DIFFER = 0.9, 0.5
DAY: Final = timedelta(days=1)
FAR_FUTURE: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One capture as it was looked at: what is wrong with it (nothing: it passes) and its main text.

    `readable` is False where the archive did not hand it out, which says nothing about the capture.
    """

    memento: Memento
    faults: tuple[str, ...] = ()
    text: str = ""
    readable: bool = True

    @property
    def passes(self) -> bool:
        """Whether it shows the resource."""
        return self.readable and not self.faults


def order(mementos: Iterable[Memento], *, original: str, near: datetime | None) -> tuple[Memento, ...]:
    """Return the captures worth a look, best first; `near` is the article's date, None takes the newest.

    Left out: captures of another resource, and those whose status (for a revisit that of the capture
    with the same digest) is not 200, 203 or 206. An archive that tells no status is believed until the
    capture is read. Within a day of distance: whole captures before revisits, https before http, ours
    before others'.
    """
    known = list(mementos)
    by_digest = {m.digest: m.status for m in known if m.digest and m.status is not None}
    kept: dict[str, Memento] = {}
    for memento in known:
        status = memento.status if memento.status is not None else by_digest.get(memento.digest or "")
        if (status is None or status in USABLE) and is_same_resource(memento.original, original):
            kept.setdefault(memento.uri_m, memento)
    target = near or FAR_FUTURE
    return tuple(sorted(kept.values(), key=lambda memento: _rank(memento, target)))


def is_same_resource(left: str, right: str) -> bool:
    """Whether two addresses name one resource; archives do not keep the letter case of paths."""
    return lookup_key(left).casefold() == lookup_key(right).casefold()


def across(mementos: Sequence[Memento], chosen: Memento, *, near: datetime | None) -> tuple[Memento, ...]:
    """Return the captures on the other side of the article's date than the chosen one, nearest first."""
    if near is None:
        return ()
    is_before = chosen.memento_datetime <= near
    return tuple(m for m in mementos if (m.memento_datetime <= near) is not is_before)


def settle(looks: Sequence[Checked], *, beside: Checked | None = None) -> Choice:
    """Return the choice that the looks, in their order, and one capture across the date come to."""
    considered = tuple(_told(look) for look in (*looks, *([beside] if beside else [])))
    chosen = next((look for look in looks if look.passes), None)
    if chosen is None:
        return Choice(rule=RULE, memento=_least_bad(looks), considered=considered)
    if beside is None or not beside.passes:
        return Choice(rule=RULE, memento=_with(chosen, Quality.GOOD), considered=considered)
    alike = _similarity(chosen, beside)
    told = f"{alike:.0%} like the capture of {beside.memento.memento_datetime:%Y-%m-%d}"
    if alike >= AGREE:
        quality, other = Quality.STABLE, None
    elif alike < DIFFER:
        quality, other = Quality.DRIFTED, _with(beside, Quality.DRIFTED)
    else:
        quality, other = Quality.GOOD, None
    memento = _with(chosen, quality, told)
    return Choice(rule=RULE, memento=memento, other=other, similarity=alike, considered=considered)


def _rank(memento: Memento, target: datetime) -> tuple[int, bool, bool, bool, timedelta, str]:
    distance = abs(memento.memento_datetime - target)
    return (
        distance // DAY,
        memento.status is None and memento.digest is not None,
        not memento.original.startswith("https:"),
        memento.archive != LOCAL,
        distance,
        memento.uri_m,
    )


def _similarity(left: Checked, right: Checked) -> float:
    if left.memento.digest and left.memento.digest == right.memento.digest:
        return 1.0
    return similarity(left.text, right.text)


def _least_bad(looks: Sequence[Checked]) -> Memento | None:
    """Return the nearest capture that was read, as poor; else the nearest one, as not verified."""
    read = next((look for look in looks if look.readable), None)
    if read is not None:
        return _with(read, Quality.POOR)
    return _told(looks[0]) if looks else None


def _with(look: Checked, quality: Quality, *reasons: str) -> Memento:
    return replace(look.memento, quality=quality, reasons=(*look.faults, *reasons))


def _told(look: Checked) -> Memento:
    quality = Quality.UNVERIFIED if not look.readable else Quality.GOOD if look.passes else Quality.POOR
    return _with(look, quality)
