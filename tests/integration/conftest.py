"""Fresh databases for all integration tests: one PostgreSQL server a session, however many folders use it."""

from tests.postgres import (
    database_url,
    postgres,
    postgres_url,
    sqlite_template,
    sqlite_url,
)

__all__ = ["database_url", "postgres", "postgres_url", "sqlite_template", "sqlite_url"]
