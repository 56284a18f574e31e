"""What is done to an address, step by step: an edit, and the form that a chain of edits leaves."""

from dataclasses import dataclass
from enum import IntEnum


class Warrant(IntEnum):
    """How far an edit may be trusted; a form is worth its weakest edit."""

    GUESSED = 0  # no visible sign of damage, and no word outside the address bears it out
    WITNESSED = 1  # no visible sign of damage, but the headline or anchor bears it out
    VISIBLE = 2  # damage can be seen; which of its readings is meant may be in doubt
    CERTAIN = 3  # mechanical: nothing else can have been meant


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One named change, with evidence a person can read.

    `odds` is the natural logarithm of the odds that the change is right, against leaving it undone.
    """

    rule: str
    evidence: str
    warrant: Warrant
    odds: float


@dataclass(frozen=True, slots=True)
class Form:
    """An address and the edits that led to it from the written one, in order."""

    url: str
    edits: tuple[Edit, ...] = ()

    @property
    def odds(self) -> float:
        """The log-odds of all edits together."""
        return sum(edit.odds for edit in self.edits)

    def then(self, url: str, *edits: Edit) -> "Form":
        """Return the form that further edits leave."""
        return Form(url, self.edits + edits)


CERTAIN_ODDS = 7.0


def certain(rule: str, evidence: str) -> Edit:
    """Return an edit that is mechanical and in no doubt."""
    return Edit(rule=rule, evidence=evidence, warrant=Warrant.CERTAIN, odds=CERTAIN_ODDS)


Proposal = tuple[str, Edit]
"""A changed address and the edit that made it."""
