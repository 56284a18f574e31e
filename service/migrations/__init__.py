"""The way from one schema to the next: Alembic's revisions, one set for SQLite and PostgreSQL."""
