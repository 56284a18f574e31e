"""The tables: what is kept, in which columns, under which indexes; no query and no rule.

Addresses have no length limit, and a PostgreSQL index does: uniqueness and look-up go over SHA-256
digests (`*_hash`, 64 hex digits) instead.
"""

from service.records.archives import Breaker, Bucket, Capture, Lookup, Memento
from service.records.base import NAMING, Json, Record, metadata
from service.records.checks import Audit, Event, Observation, Outage, Schedule
from service.records.documents import Article, Citation, CitationDecision, Link
from service.records.errands import Drift, Errand, Pick, Save
from service.records.fleet import Host, Lease
from service.records.guards import guard_statements

__all__ = [
    "NAMING",
    "Article",
    "Audit",
    "Breaker",
    "Bucket",
    "Capture",
    "Citation",
    "CitationDecision",
    "Drift",
    "Errand",
    "Event",
    "Host",
    "Json",
    "Lease",
    "Link",
    "Lookup",
    "Memento",
    "Observation",
    "Outage",
    "Pick",
    "Record",
    "Save",
    "Schedule",
    "guard_statements",
    "metadata",
]
