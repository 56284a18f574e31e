"""How links are audited: which parts of the pipeline take part, and what is good enough."""

from dataclasses import dataclass, field

from workers.verdict.acceptance import Acceptance


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPolicy:
    """How links are audited.

    `lookups`, `repairs` and `aliases` switch these parts; `verify` has captures of failed links read and one
    chosen. `acceptance` says which statuses count as ok.
    `max_follow_ups` bounds the links whose repair, look-up or capture goes on at the same time.
    """

    lookups: bool = True
    repairs: bool = True
    aliases: bool = True
    verify: bool = False
    acceptance: Acceptance = field(default_factory=Acceptance)
    max_follow_ups: int = 64
