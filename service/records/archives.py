"""Captures in archives and in our own WARC files, and how the archives may be asked."""

from datetime import datetime

from sqlalchemy import Column, Float, Index, Integer, String, UniqueConstraint
from sqlmodel import Field

from service.columns import BigId
from service.records.base import (
    Record,
    count_column,
    hash_column,
    id_column,
    json_column,
    text_column,
    time_column,
    word_column,
)
from workers.model import LookupState, Quality


class Memento(Record, table=True):
    """A capture known in some archive, local ones too; `uri_hash` is that of archive and URI-M."""

    __tablename__ = "memento"
    __table_args__ = (
        UniqueConstraint("uri_hash"),
        Index("ix_memento_key_hash_memento_datetime_id", "key_hash", "memento_datetime", "id"),
        # For processes of the release before that still run; the next release drops it.
        Index("ix_memento_key_hash_memento_datetime", "key_hash", "memento_datetime"),
    )

    id: int | None = Field(sa_column=id_column())
    uri_hash: str = Field(sa_column=hash_column())
    key_hash: str = Field(sa_column=hash_column())
    original: str = Field(sa_column=text_column(nullable=False))
    archive: str = Field(sa_column=Column(String(64), nullable=False))
    memento_datetime: datetime = Field(sa_column=time_column(nullable=False))
    uri_m: str = Field(sa_column=text_column(nullable=False))
    status: int | None = Field(sa_column=Column(Integer, nullable=True))
    media_type: str | None = Field(sa_column=text_column())
    digest: str | None = Field(sa_column=Column(String(128), nullable=True))
    quality: Quality = Field(sa_column=word_column(Quality))
    reasons: list[str] | None = Field(sa_column=json_column())
    seen_at: datetime = Field(sa_column=time_column(nullable=False))


class Lookup(Record, table=True):
    """The last answer of one archive on one address, good until `expires_at`."""

    __tablename__ = "lookup"
    __table_args__ = (UniqueConstraint("key_hash", "archive"),)

    id: int | None = Field(sa_column=id_column())
    key_hash: str = Field(sa_column=hash_column())
    archive: str = Field(sa_column=Column(String(64), nullable=False))
    state: LookupState = Field(sa_column=word_column(LookupState))
    reason: str | None = Field(sa_column=text_column())
    asked_at: datetime = Field(sa_column=time_column(nullable=False))
    expires_at: datetime = Field(sa_column=time_column(nullable=False))


class Capture(Record, table=True):
    """One response or revisit record of our own WARC files: where its bytes stand.

    The columns are those of `workers.archive.captures.LocalCapture`.
    """

    __tablename__ = "capture"
    __table_args__ = (
        UniqueConstraint("record_id"),
        Index("ix_capture_key_hash_memento_datetime_id", "key_hash", "memento_datetime", "id"),
        # For processes of the release before that still run; the next release drops it.
        Index("ix_capture_key_hash_memento_datetime", "key_hash", "memento_datetime"),
        Index("ix_capture_payload_digest", "payload_digest"),
        Index("ix_capture_file_offset", "file", "offset"),
    )

    id: int | None = Field(sa_column=id_column())
    record_id: str = Field(sa_column=Column(String(128), nullable=False))
    key_hash: str = Field(sa_column=hash_column())
    key: str = Field(sa_column=text_column(nullable=False))
    original: str = Field(sa_column=text_column(nullable=False))
    memento_datetime: datetime = Field(sa_column=time_column(nullable=False))
    status: int = Field(sa_column=Column(Integer, nullable=False))
    media_type: str | None = Field(sa_column=text_column())
    file: str = Field(sa_column=Column(String(255), nullable=False))
    offset: int = Field(sa_column=Column(BigId, nullable=False))
    length: int = Field(sa_column=Column(BigId, nullable=False))
    payload_digest: str = Field(sa_column=Column(String(160), nullable=False))
    text_digest: str | None = Field(sa_column=Column(String(160), nullable=True))
    revisit_of: str | None = Field(sa_column=Column(String(128), nullable=True))
    leads_to: str | None = Field(sa_column=text_column())
    truncated: str | None = Field(sa_column=Column(String(32), nullable=True))


class Bucket(Record, table=True):
    """A token bucket that all workers draw from: `tokens` at `at`, none before `held_until`."""

    __tablename__ = "bucket"

    name: str = Field(sa_column=Column(String(100), primary_key=True))
    tokens: float = Field(sa_column=Column(Float, nullable=False))
    at: datetime | None = Field(sa_column=time_column())
    held_until: datetime | None = Field(sa_column=time_column())


class Breaker(Record, table=True):
    """Failures of one outside service in a row, and until when it is left alone."""

    __tablename__ = "breaker"

    name: str = Field(sa_column=Column(String(100), primary_key=True))
    failures: int = Field(sa_column=count_column())
    open_until: datetime | None = Field(sa_column=time_column())
