"""Lay the first tables."""

import sqlalchemy as sa
from alembic import op

from service.records.guards import drop_statements, guard_statements

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _article() -> None:
    op.create_table(
        "article",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("submit_hash", sa.String(length=64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("url_hash", sa.String(length=64), nullable=True),
        sa.Column("format", sa.String(length=32), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("size_bytes", BIG_ID, server_default="0", nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("headline", sa.Text(), nullable=True),
        sa.Column("published", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_source", sa.Text(), nullable=True),
        sa.Column("language", sa.String(length=35), nullable=True),
        sa.Column("own_url", sa.Text(), nullable=True),
        sa.Column("skipped", sa.JSON(), nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("citation_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("submit_hash", name=op.f("uq_article_submit_hash")),
    )
    op.create_index("ix_article_state_id", "article", ["state", "id"])
    op.create_index("ix_article_url_hash", "article", ["url_hash"])


def _breaker() -> None:
    op.create_table(
        "breaker",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_breaker")),
    )


def _bucket() -> None:
    op.create_table(
        "bucket",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_bucket")),
    )


def _capture() -> None:
    op.create_table(
        "capture",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("record_id", sa.String(length=128), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("memento_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("file", sa.String(length=255), nullable=False),
        sa.Column("offset", BIG_ID, nullable=False),
        sa.Column("length", BIG_ID, nullable=False),
        sa.Column("payload_digest", sa.String(length=160), nullable=False),
        sa.Column("text_digest", sa.String(length=160), nullable=True),
        sa.Column("revisit_of", sa.String(length=128), nullable=True),
        sa.Column("leads_to", sa.Text(), nullable=True),
        sa.Column("truncated", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capture")),
        sa.UniqueConstraint("record_id", name=op.f("uq_capture_record_id")),
    )
    op.create_index("ix_capture_file_offset", "capture", ["file", "offset"])
    op.create_index("ix_capture_key_hash_memento_datetime", "capture", ["key_hash", "memento_datetime"])
    op.create_index("ix_capture_payload_digest", "capture", ["payload_digest"])


def _host() -> None:
    op.create_table(
        "host",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mean_s", sa.Float(), nullable=False),
        sa.Column("backoffs", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_host")),
    )
    op.create_index("ix_host_held_until", "host", ["held_until"])


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("worker", sa.String(length=100), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=100), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("worker", name=op.f("pk_lease")),
    )
    op.create_index("ix_lease_expires_at", "lease", ["expires_at"])


def _link() -> None:
    op.create_table(
        "link",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("original_hash", sa.String(length=64), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("domain", sa.String(length=255), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standing", sa.String(length=32), nullable=False),
        sa.Column("standing_rule", sa.String(length=32), nullable=True),
        sa.Column("standing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("standing_reasons", sa.JSON(), nullable=True),
        sa.Column("hold", sa.String(length=32), nullable=True),
        sa.Column("hold_reason", sa.Text(), nullable=True),
        sa.Column("next_check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_outcome", sa.String(length=32), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("original_hash", name=op.f("uq_link_original_hash")),
    )
    op.create_index("ix_link_host_id", "link", ["host", "id"])
    op.create_index("ix_link_key_hash", "link", ["key_hash"])
    op.create_index("ix_link_next_check_at", "link", ["next_check_at"])
    op.create_index("ix_link_standing_id", "link", ["standing", "id"])


def _lookup() -> None:
    op.create_table(
        "lookup",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("archive", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup")),
        sa.UniqueConstraint("key_hash", "archive", name=op.f("uq_lookup_key_hash_archive")),
    )


def _memento() -> None:
    op.create_table(
        "memento",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("uri_hash", sa.String(length=64), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("archive", sa.String(length=64), nullable=False),
        sa.Column("memento_datetime", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uri_m", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("media_type", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=128), nullable=True),
        sa.Column("quality", sa.String(length=32), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memento")),
        sa.UniqueConstraint("uri_hash", name=op.f("uq_memento_uri_hash")),
    )
    op.create_index("ix_memento_key_hash_memento_datetime", "memento", ["key_hash", "memento_datetime"])


def _schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("cron", sa.String(length=200), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule")),
        sa.UniqueConstraint("name", name=op.f("uq_schedule_name")),
    )
    op.create_index("ix_schedule_enabled_next_at", "schedule", ["enabled", "next_at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("schedule_id", BIG_ID, nullable=True),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("planned", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["schedule_id"], ["schedule.id"], name=op.f("fk_audit_schedule_id_schedule")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sa.UniqueConstraint("key", name=op.f("uq_audit_key")),
    )
    op.create_index("ix_audit_state_id", "audit", ["state", "id"])


def _citation() -> None:
    op.create_table(
        "citation",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("article_id", BIG_ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("link_id", BIG_ID, nullable=True),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("resolved", sa.Text(), nullable=True),
        sa.Column("base", sa.Text(), nullable=True),
        sa.Column("base_source", sa.Text(), nullable=True),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("start", BIG_ID, nullable=True),
        sa.Column("end", BIG_ID, nullable=True),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("column", sa.Integer(), nullable=True),
        sa.Column("locator", sa.Text(), nullable=True),
        sa.Column("rel", sa.JSON(), nullable=True),
        sa.Column("defects", sa.JSON(), nullable=True),
        sa.Column("identifier", sa.JSON(), nullable=True),
        sa.Column("readings", sa.JSON(), nullable=True),
        sa.Column("hard_defect", sa.Boolean(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("repair", sa.JSON(), nullable=True),
        sa.Column("accepted", sa.JSON(), nullable=True),
        sa.Column("recovery", sa.JSON(), nullable=True),
        sa.Column("decision", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_citation_article_id_article")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_citation_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint("article_id", "position", name=op.f("uq_citation_article_id_position")),
    )
    op.create_index("ix_citation_link_id", "citation", ["link_id"])


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link_id", BIG_ID, nullable=True),
        sa.Column("article_id", BIG_ID, nullable=True),
        sa.Column("audit_id", BIG_ID, nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_event_article_id_article")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_event_audit_id_audit")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_event_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("link_id", "kind", "at", name=op.f("uq_event_link_id_kind_at")),
    )
    op.create_index("ix_event_audit_id", "event", ["audit_id"])
    op.create_index("ix_event_link_id_id", "event", ["link_id", "id"])


def _observation() -> None:
    op.create_table(
        "observation",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("link_id", BIG_ID, nullable=False),
        sa.Column("audit_id", BIG_ID, nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("observed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written", sa.Text(), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=True),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("failure", sa.String(length=32), nullable=True),
        sa.Column("final_url", sa.Text(), nullable=True),
        sa.Column("digest", sa.String(length=160), nullable=True),
        sa.Column("observation", sa.JSON(), nullable=True),
        sa.Column("accepted", sa.JSON(), nullable=True),
        sa.Column("asked", sa.JSON(), nullable=True),
        sa.Column("lookups", sa.JSON(), nullable=True),
        sa.Column("via_link_id", BIG_ID, nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_observation_audit_id_audit")),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_observation_link_id_link")),
        sa.ForeignKeyConstraint(["via_link_id"], ["link.id"], name=op.f("fk_observation_via_link_id_link")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_observation")),
        sa.UniqueConstraint("audit_id", "link_id", name=op.f("uq_observation_audit_id_link_id")),
    )
    op.create_index("ix_observation_audit_id_outcome", "observation", ["audit_id", "outcome"])
    op.create_index("ix_observation_link_id_id", "observation", ["link_id", "id"])


def _outage() -> None:
    op.create_table(
        "outage",
        sa.Column("id", BIG_ID, autoincrement=True, nullable=False),
        sa.Column("audit_id", BIG_ID, nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("fk_outage_audit_id_audit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
        sa.UniqueConstraint("audit_id", "host", name=op.f("uq_outage_audit_id_host")),
    )


def upgrade() -> None:
    for lay in (
        _article,
        _breaker,
        _bucket,
        _capture,
        _host,
        _lease,
        _link,
        _lookup,
        _memento,
        _schedule,
        _audit,
        _citation,
        _event,
        _observation,
        _outage,
    ):
        lay()
    for statement in guard_statements(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "outage",
        "observation",
        "event",
        "citation",
        "audit",
        "schedule",
        "memento",
        "lookup",
        "link",
        "lease",
        "host",
        "capture",
        "bucket",
        "breaker",
        "article",
    ):
        op.drop_table(table)
    for statement in drop_statements(op.get_bind().dialect.name):
        op.execute(statement)
