"""Errands on single addresses, public saves, and the captures that were chosen and compared."""

from datetime import datetime

from sqlalchemy import Column, Float, Index, String, UniqueConstraint
from sqlmodel import Field

from service.records.base import (
    Json,
    Record,
    hash_column,
    id_column,
    json_column,
    ref_column,
    text_column,
    time_column,
    word_column,
)
from workers.archive.saves import SaveState
from workers.errands import ErrandKind, ErrandState
from workers.model import Quality


class Errand(Record, table=True):
    """One address to be captured or looked up by a job."""

    __tablename__ = "errand"
    __table_args__ = (
        Index("ix_errand_state_id", "state", "id"),
        Index("ix_errand_url_hash_state", "url_hash", "state"),
    )

    id: int | None = Field(sa_column=id_column())
    kind: ErrandKind = Field(sa_column=word_column(ErrandKind))
    url: str = Field(sa_column=text_column(nullable=False))
    url_hash: str = Field(sa_column=hash_column())
    at: datetime | None = Field(sa_column=time_column())
    public: bool = Field(default=False, nullable=False)
    state: ErrandState = Field(sa_column=word_column(ErrandState))
    reason: str | None = Field(sa_column=text_column())
    created_at: datetime = Field(sa_column=time_column(nullable=False))
    started_at: datetime | None = Field(sa_column=time_column())
    finished_at: datetime | None = Field(sa_column=time_column())


class Save(Record, table=True):
    """The last submission of a resource to a public archive: what keeps one loss from two saves."""

    __tablename__ = "save"
    __table_args__ = (UniqueConstraint("saver", "key_hash"),)

    id: int | None = Field(sa_column=id_column())
    saver: str = Field(sa_column=Column(String(64), nullable=False))
    key_hash: str = Field(sa_column=hash_column())
    url: str = Field(sa_column=text_column(nullable=False))
    submitted_at: datetime = Field(sa_column=time_column(nullable=False))
    state: SaveState = Field(sa_column=word_column(SaveState))
    job_id: str | None = Field(sa_column=text_column())
    memento: Json | None = Field(sa_column=json_column())
    reason: str | None = Field(sa_column=text_column())


class Pick(Record, table=True):
    """The capture chosen for an original; `near` is the date it was chosen for.

    `asked_at` is when archives were last asked for it to be chosen anew, None since it was chosen.
    """

    __tablename__ = "pick"
    __table_args__ = (UniqueConstraint("original_hash"), Index("ix_pick_picked_at", "picked_at"))

    id: int | None = Field(sa_column=id_column())
    original_hash: str = Field(sa_column=hash_column())
    original: str = Field(sa_column=text_column(nullable=False))
    near: datetime | None = Field(sa_column=time_column())
    rule: str = Field(sa_column=Column(String(32), nullable=False))
    quality: Quality = Field(sa_column=word_column(Quality))
    memento: Json = Field(sa_column=json_column(nullable=False))
    other: Json | None = Field(sa_column=json_column())
    similarity: float | None = Field(sa_column=Column(Float, nullable=True))
    picked_at: datetime = Field(sa_column=time_column(nullable=False))
    asked_at: datetime | None = Field(sa_column=time_column())


class Drift(Record, table=True):
    """How alike a page was, when an audit saw it, to the capture nearest to its article's date."""

    __tablename__ = "drift"
    __table_args__ = (UniqueConstraint("link_id", "audit_id"), Index("ix_drift_link_id_id", "link_id", "id"))

    id: int | None = Field(sa_column=id_column())
    link_id: int = Field(sa_column=ref_column("link"))
    audit_id: int | None = Field(sa_column=ref_column("audit", nullable=True))
    at: datetime = Field(sa_column=time_column(nullable=False))
    rule: str = Field(sa_column=Column(String(32), nullable=False))
    similarity: float = Field(sa_column=Column(Float, nullable=False))
    archive: str = Field(sa_column=Column(String(64), nullable=False))
    memento_datetime: datetime = Field(sa_column=time_column(nullable=False))
    uri_m: str = Field(sa_column=text_column(nullable=False))
