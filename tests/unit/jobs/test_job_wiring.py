"""How a process takes part in the jobs follows from where its jobs database is."""

from pathlib import Path

from service.cli.job_wiring import is_fleet, job_settings
from service.settings import Settings

ALONE = Settings(home=Path("/nowhere"), database_url="", jobs_database_url="")
FLEET = Settings(home=Path("/nowhere"), database_url="postgresql://u@db/linkwright", jobs_database_url="")


def test_a_process_on_sqlite_is_alone_under_a_fixed_name() -> None:
    assert not is_fleet(ALONE)
    assert job_settings(ALONE) == job_settings(ALONE)
    assert (job_settings(ALONE).worker, job_settings(ALONE).in_fleet) == ("serve", False)


def test_processes_on_postgresql_are_a_fleet_under_names_of_their_own() -> None:
    assert is_fleet(FLEET)
    names = {job_settings(FLEET).worker for _ in range(100)}
    assert len(names) == 100
    assert all(len(name) <= 100 for name in names)
    assert job_settings(FLEET).in_fleet
