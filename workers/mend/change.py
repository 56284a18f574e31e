"""What is to change in a document, and what came of it."""

from dataclasses import dataclass
from enum import StrEnum


class Ground(StrEnum):
    """Why an address takes the place of the one that is written."""

    PERSON = "person"  # somebody decided it
    REPAIR = "repair"  # the written form was damaged
    RECOVERY = "recovery"  # the target had been stripped and was found again
    CAPTURE = "capture"  # the link is dead; an archive shows what it showed
    MOVED = "moved"  # the page answers under a new address


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One citation's new address; `position` counts the citations of the document from 0.

    `rule` names what decided it, `evidence` is for a person, strongest first.
    """

    position: int
    address: str
    ground: Ground
    rule: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A change that was made; `address` is what a reader of the new document takes for the target.

    It differs from the change's own where that cannot be written there (a letter that the charset lacks
    becomes percent-encoded).
    """

    change: Change
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A change that was not made, and why, in words for a person."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteEdit:
    """Bytes `start` to `end` of the old document give way to `data`."""

    start: int
    end: int
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """A document written anew: its bytes, the changes made, and those refused.

    `edits` are in the order of the document, none overlapping another; None for formats that are no
    text (a Word document is packed anew).
    """

    data: bytes
    applied: tuple[Applied, ...] = ()
    refused: tuple[Refused, ...] = ()
    edits: tuple[ByteEdit, ...] | None = ()
