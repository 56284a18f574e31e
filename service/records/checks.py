"""Audits, what they observed, and when they start; events tell what changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, Integer, String, UniqueConstraint
from sqlmodel import Field

from service.records.base import (
    HOST,
    Json,
    Record,
    id_column,
    json_column,
    ref_column,
    text_column,
    time_column,
    word_column,
)
from workers.ledger import AuditState, Cause
from workers.model import Outcome
from workers.verdict.standing import EventKind


class Schedule(Record, table=True):
    """When audits start by themselves: a cron line in UTC, and what they cover."""

    __tablename__ = "schedule"
    __table_args__ = (UniqueConstraint("name"), Index("ix_schedule_enabled_next_at", "enabled", "next_at"))

    id: int | None = Field(sa_column=id_column())
    name: str = Field(sa_column=Column(String(200), nullable=False))
    cron: str = Field(sa_column=Column(String(200), nullable=False))
    scope: Json = Field(sa_column=json_column(nullable=False))
    enabled: bool = Field(default=True, nullable=False)
    created_at: datetime = Field(sa_column=time_column(nullable=False))
    next_at: datetime | None = Field(sa_column=time_column())
    last_at: datetime | None = Field(sa_column=time_column())


class Audit(Record, table=True):
    """One run over articles or links. `key` keeps one cause from opening two."""

    __tablename__ = "audit"
    __table_args__ = (UniqueConstraint("key"), Index("ix_audit_state_id", "state", "id"))

    id: int | None = Field(sa_column=id_column())
    key: str = Field(sa_column=Column(String(200), nullable=False))
    cause: Cause = Field(sa_column=word_column(Cause))
    scope: Json = Field(sa_column=json_column(nullable=False))
    schedule_id: int | None = Field(sa_column=ref_column("schedule", nullable=True))
    state: AuditState = Field(sa_column=word_column(AuditState))
    reason: str | None = Field(sa_column=text_column())
    planned: int | None = Field(sa_column=Column(Integer, nullable=True))
    created_at: datetime = Field(sa_column=time_column(nullable=False))
    started_at: datetime | None = Field(sa_column=time_column())
    finished_at: datetime | None = Field(sa_column=time_column())


class Observation(Record, table=True):
    """What one check of a link showed, whole but for the body; rows are only ever added.

    An audit holds a link once. Where a repair was accepted there are two rows: the written link's, with
    what it answered itself, `accepted` and all that was `asked`; and the accepted original's, with
    `via_link_id` naming the written link.
    """

    __tablename__ = "observation"
    __table_args__ = (
        UniqueConstraint("audit_id", "link_id"),
        Index("ix_observation_link_id_id", "link_id", "id"),
        Index("ix_observation_audit_id_outcome", "audit_id", "outcome"),
    )

    id: int | None = Field(sa_column=id_column())
    link_id: int = Field(sa_column=ref_column("link"))
    audit_id: int | None = Field(sa_column=ref_column("audit", nullable=True))
    stored_at: datetime = Field(sa_column=time_column(nullable=False))
    observed_at: datetime | None = Field(sa_column=time_column())
    written: str = Field(sa_column=text_column(nullable=False))
    original: str = Field(sa_column=text_column(nullable=False))
    outcome: Outcome = Field(sa_column=word_column(Outcome))
    rule: str = Field(sa_column=Column(String(64), nullable=False))
    evidence: list[str] | None = Field(sa_column=json_column())
    status: int | None = Field(sa_column=Column(Integer, nullable=True))
    failure: str | None = Field(sa_column=Column(String(32), nullable=True))
    final_url: str | None = Field(sa_column=text_column())
    digest: str | None = Field(sa_column=Column(String(160), nullable=True))
    observation: Json | None = Field(sa_column=json_column())
    accepted: Json | None = Field(sa_column=json_column())
    asked: list[Any] | None = Field(sa_column=json_column())
    lookups: list[Any] | None = Field(sa_column=json_column())
    via_link_id: int | None = Field(sa_column=ref_column("link", nullable=True))
    aliases: list[Any] | None = Field(sa_column=json_column())


class Outage(Record, table=True):
    """A host that went down during an audit: what was seen of its links then counts for nothing."""

    __tablename__ = "outage"
    __table_args__ = (UniqueConstraint("audit_id", "host"),)

    id: int | None = Field(sa_column=id_column())
    audit_id: int = Field(sa_column=ref_column("audit"))
    host: str = Field(sa_column=Column(HOST, nullable=False))
    at: datetime = Field(sa_column=time_column(nullable=False))


class Event(Record, table=True):
    """A change worth telling, in the order it was seen."""

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("link_id", "kind", "at"),
        Index("ix_event_link_id_id", "link_id", "id"),
        Index("ix_event_audit_id", "audit_id"),
    )

    id: int | None = Field(sa_column=id_column())
    kind: EventKind = Field(sa_column=word_column(EventKind))
    at: datetime = Field(sa_column=time_column(nullable=False))
    link_id: int | None = Field(sa_column=ref_column("link", nullable=True))
    article_id: int | None = Field(sa_column=ref_column("article", nullable=True))
    audit_id: int | None = Field(sa_column=ref_column("audit", nullable=True))
    detail: str = Field(sa_column=text_column(nullable=False))
