"""Articles, the citations in them, and the links these cite."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer, String, UniqueConstraint
from sqlmodel import Field

from service.columns import BigId, Bytes
from service.records.base import (
    HOST,
    Json,
    Record,
    count_column,
    hash_column,
    id_column,
    json_column,
    ref_column,
    text_column,
    time_column,
    word_column,
)
from workers.ledger import ArticleState
from workers.model import Format, Kind, Outcome, Standing


class Article(Record, table=True):
    """One document given to us. `submit_hash` is that of its source and content: one row each."""

    __tablename__ = "article"
    __table_args__ = (
        UniqueConstraint("submit_hash"),
        Index("ix_article_state_id", "state", "id"),
        Index("ix_article_url_hash", "url_hash"),
    )

    id: int | None = Field(sa_column=id_column())
    submit_hash: str = Field(sa_column=hash_column())
    source: str = Field(sa_column=text_column(nullable=False))
    url: str | None = Field(sa_column=text_column())
    url_hash: str | None = Field(sa_column=hash_column(nullable=True))
    format: Format | None = Field(sa_column=word_column(Format, nullable=True))
    media_type: str | None = Field(sa_column=text_column())
    content: bytes | None = Field(sa_column=Column(Bytes, nullable=True))
    size_bytes: int = Field(default=0, sa_column=Column(BigId, nullable=False, server_default="0"))
    digest: str | None = Field(sa_column=hash_column(nullable=True))
    headline: str | None = Field(sa_column=text_column())
    published: datetime | None = Field(sa_column=time_column())
    published_source: str | None = Field(sa_column=text_column())
    language: str | None = Field(sa_column=Column(String(35), nullable=True))
    own_url: str | None = Field(sa_column=text_column())
    skipped: Json | None = Field(sa_column=json_column())
    state: ArticleState = Field(sa_column=word_column(ArticleState))
    reason: str | None = Field(sa_column=text_column())
    attempt: int = Field(sa_column=Column(Integer, nullable=False, server_default="1"))
    citation_count: int = Field(sa_column=count_column())
    created_at: datetime = Field(sa_column=time_column(nullable=False))
    updated_at: datetime = Field(sa_column=time_column(nullable=False))
    charset: str | None = Field(sa_column=Column(String(64), nullable=True))


class Citation(Record, table=True):
    """One place in an article where a link stands: what was found there, and what came of it.

    `outcome` is set only where nothing can be fetched; else the link's counts. `repair` and `accepted`
    keep the proposal and what was accepted with its evidence, `decision` a person's own.
    """

    __tablename__ = "citation"
    __table_args__ = (
        UniqueConstraint("article_id", "position"),
        Index("ix_citation_link_id", "link_id"),
    )

    id: int | None = Field(sa_column=id_column())
    article_id: int = Field(sa_column=ref_column("article"))
    position: int = Field(sa_column=Column(Integer, nullable=False))
    link_id: int | None = Field(sa_column=ref_column("link", nullable=True))
    kind: Kind = Field(sa_column=word_column(Kind))
    raw: str = Field(sa_column=text_column(nullable=False))
    target: str = Field(sa_column=text_column(nullable=False))
    resolved: str | None = Field(sa_column=text_column())
    base: str | None = Field(sa_column=text_column())
    base_source: str | None = Field(sa_column=text_column())
    anchor: str = Field(sa_column=text_column(nullable=False))
    context: str = Field(sa_column=text_column(nullable=False))
    start: int | None = Field(sa_column=Column(BigId, nullable=True))
    end: int | None = Field(sa_column=Column(BigId, nullable=True))
    line: int | None = Field(sa_column=Column(Integer, nullable=True))
    column: int | None = Field(sa_column=Column(Integer, nullable=True))
    locator: str | None = Field(sa_column=text_column())
    rel: list[str] | None = Field(sa_column=json_column())
    defects: list[str] | None = Field(sa_column=json_column())
    identifier: Json | None = Field(sa_column=json_column())
    readings: list[str] | None = Field(sa_column=json_column())
    hard_defect: bool = Field(default=False, nullable=False)
    outcome: Outcome | None = Field(sa_column=word_column(Outcome, nullable=True))
    repair: Json | None = Field(sa_column=json_column())
    accepted: Json | None = Field(sa_column=json_column())
    recovery: Json | None = Field(sa_column=json_column())
    decision: Json | None = Field(sa_column=json_column())


class CitationDecision(Record, table=True):
    """One decision of a person about a citation; rows are only ever added, the last one counts.

    `made_by` is the name that was given, for there are no accounts.
    """

    __tablename__ = "citation_decision"
    __table_args__ = (Index("ix_citation_decision_citation_id_id", "citation_id", "id"),)

    id: int | None = Field(sa_column=id_column())
    citation_id: int = Field(sa_column=ref_column("citation"))
    choice: str = Field(sa_column=Column(String(32), nullable=False))
    url: str | None = Field(sa_column=text_column())
    note: str | None = Field(sa_column=text_column())
    made_by: str | None = Field(sa_column=text_column())
    at: datetime = Field(sa_column=time_column(nullable=False))


class Link(Record, table=True):
    """One distinct original, however often it is cited, with what is known of it now."""

    __tablename__ = "link"
    __table_args__ = (
        UniqueConstraint("original_hash"),
        Index("ix_link_key_hash", "key_hash"),
        Index("ix_link_host_id", "host", "id"),
        Index("ix_link_next_check_at", "next_check_at"),
        Index("ix_link_standing_id", "standing", "id"),
    )

    id: int | None = Field(sa_column=id_column())
    original: str = Field(sa_column=text_column(nullable=False))
    original_hash: str = Field(sa_column=hash_column())
    key_hash: str = Field(sa_column=hash_column())
    host: str = Field(sa_column=Column(HOST, nullable=False))
    domain: str = Field(sa_column=Column(HOST, nullable=False))
    shard: int = Field(sa_column=Column(Integer, nullable=False))
    first_seen_at: datetime = Field(sa_column=time_column(nullable=False))
    standing: Standing = Field(sa_column=word_column(Standing))
    standing_rule: str | None = Field(sa_column=Column(String(32), nullable=True))
    standing_since: datetime | None = Field(sa_column=time_column())
    standing_reasons: list[str] | None = Field(sa_column=json_column())
    hold: Standing | None = Field(sa_column=word_column(Standing, nullable=True))
    hold_reason: str | None = Field(sa_column=text_column())
    next_check_at: datetime | None = Field(sa_column=time_column())
    last_checked_at: datetime | None = Field(sa_column=time_column())
    last_outcome: Outcome | None = Field(sa_column=word_column(Outcome, nullable=True))
    last_status: int | None = Field(sa_column=Column(Integer, nullable=True))
