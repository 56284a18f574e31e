"""Database rules that hold even where the program errs: observations are only ever added."""

from sqlalchemy import DDL, event

from service.records.checks import Observation

SQLITE_GUARDS = tuple(
    f"CREATE TRIGGER observation_no_{verb} BEFORE {verb.upper()} ON observation "
    "BEGIN SELECT RAISE(ABORT, 'observations are only ever added'); END"
    for verb in ("update", "delete")
)
POSTGRESQL_GUARDS = (
    (
        "CREATE OR REPLACE FUNCTION observation_is_kept() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'observations are only ever added'; END $$"
    ),
    (
        "CREATE TRIGGER observation_no_change BEFORE UPDATE OR DELETE ON observation "
        "FOR EACH ROW EXECUTE FUNCTION observation_is_kept()"
    ),
)


def guard_statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that set the guards up on one kind of database."""
    return SQLITE_GUARDS if dialect == "sqlite" else POSTGRESQL_GUARDS


def drop_statements(dialect: str) -> tuple[str, ...]:
    """Return the statements that remove what is left of the guards once their table is gone."""
    return () if dialect == "sqlite" else ("DROP FUNCTION IF EXISTS observation_is_kept()",)


def _install() -> None:
    for dialect in ("sqlite", "postgresql"):
        for statement in guard_statements(dialect):
            event.listen(
                Observation.metadata.tables["observation"],
                "after_create",
                DDL(statement).execute_if(dialect=dialect),  # type: ignore[no-untyped-call]
            )


_install()
