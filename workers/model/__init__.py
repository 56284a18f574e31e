"""The words of Linkwright as frozen values: what is found, repaired, observed and decided.

Nothing here does anything. Offsets are code points into the decoded source, `line` and `column` start
at 1, every datetime is aware and in UTC.
"""

from workers.model.captures import VERIFIED, Choice, Drift, Kept, Lookup, LookupState, Memento, Quality
from workers.model.documents import Defect, Document, Entry, Format, FoundLink, Identifier, Kind
from workers.model.exchanges import Exchange, Failure, Hop, Observation, TlsFacts, Validators
from workers.model.outcomes import ALIVE, DEAD, FAILED, LOST, Outcome, Standing, Verdict
from workers.model.repairs import Candidate, Decision, FoundOn, Recovery, RecoveryReason, Repair
from workers.model.reports import LinkReport, LinkTask

__all__ = [
    "ALIVE",
    "DEAD",
    "FAILED",
    "LOST",
    "VERIFIED",
    "Candidate",
    "Choice",
    "Decision",
    "Defect",
    "Document",
    "Drift",
    "Entry",
    "Exchange",
    "Failure",
    "Format",
    "FoundLink",
    "FoundOn",
    "Hop",
    "Identifier",
    "Kept",
    "Kind",
    "LinkReport",
    "LinkTask",
    "Lookup",
    "LookupState",
    "Memento",
    "Observation",
    "Outcome",
    "Quality",
    "Recovery",
    "RecoveryReason",
    "Repair",
    "Standing",
    "TlsFacts",
    "Validators",
    "Verdict",
]
