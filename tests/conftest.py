"""What all tests share: no network but loopback, and where fixtures are."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

FIXTURES = Path(__file__).parent / "fixtures"
SEED = FIXTURES / "000_533c888864824563.txt"

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


@pytest.fixture
def seed_path() -> Path:
    """The first real input: five stripped links and one hyphen-split original URL."""
    return SEED
