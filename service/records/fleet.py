"""What worker processes leave for each other: hosts and leases."""

from datetime import datetime

from sqlalchemy import Column, Float, Index, String
from sqlmodel import Field

from service.records.base import Record, count_column, time_column


class Host(Record, table=True):
    """A host, as the fetcher names it, that asked to be left alone: for any worker that goes on there."""

    __tablename__ = "host"
    __table_args__ = (Index("ix_host_held_until", "held_until"),)

    key: str = Field(sa_column=Column(String(300), primary_key=True))
    held_until: datetime = Field(sa_column=time_column(nullable=False))
    mean_s: float = Field(sa_column=Column(Float, nullable=False))
    backoffs: int = Field(sa_column=count_column())


class Lease(Record, table=True):
    """One worker process: alive until `expires_at`, then another may claim its jobs."""

    __tablename__ = "lease"
    __table_args__ = (Index("ix_lease_expires_at", "expires_at"),)

    worker: str = Field(sa_column=Column(String(100), primary_key=True))
    started_at: datetime = Field(sa_column=time_column(nullable=False))
    expires_at: datetime = Field(sa_column=time_column(nullable=False))
    claimed_by: str | None = Field(sa_column=Column(String(100), nullable=True))
    claimed_until: datetime | None = Field(sa_column=time_column())
