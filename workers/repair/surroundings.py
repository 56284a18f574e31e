"""What is known of a link beside its address, for repairs to lean on."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What an article says of a link; every part may be missing.

    `headline` is that of the page the address leads to, `anchor` the link's own text, `text` the words
    around it; `base` resolves a relative address; `language` is a code such as `de` or `de-AT`; `readings`
    are further readings of a broken span; `is_cut_short` says that dots stood after the address, for a
    part left out.
    """

    headline: str | None = None
    anchor: str | None = None
    text: str | None = None
    base: str | None = None
    language: str | None = None
    readings: Sequence[str] = ()
    is_cut_short: bool = False


NOTHING_KNOWN = Surroundings()
