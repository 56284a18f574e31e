"""What worker processes leave for each other: hosts and leases."""

from datetime import datetime

from sqlalchemy import Column, Index, String
from sqlmodel import Field

from service.records.base import HOST, Record, count_column, text_column, time_column


class Host(Record, table=True):
    """What politeness must remember of one host when another worker goes on."""

    __tablename__ = "host"

    host: str = Field(sa_column=Column(HOST, primary_key=True))
    next_at: datetime | None = Field(sa_column=time_column())
    backoff_until: datetime | None = Field(sa_column=time_column())
    failures: int = Field(sa_column=count_column())
    reason: str | None = Field(sa_column=text_column())


class Lease(Record, table=True):
    """One worker process: alive until `expires_at`, then another may claim its jobs."""

    __tablename__ = "lease"
    __table_args__ = (Index("ix_lease_expires_at", "expires_at"),)

    worker: str = Field(sa_column=Column(String(100), primary_key=True))
    started_at: datetime = Field(sa_column=time_column(nullable=False))
    expires_at: datetime = Field(sa_column=time_column(nullable=False))
    claimed_by: str | None = Field(sa_column=Column(String(100), nullable=True))
    claimed_until: datetime | None = Field(sa_column=time_column())
