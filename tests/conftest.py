"""Fixtures that more than one test file uses."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("kg", deadline=None)  # how long an example takes hangs on what else the machine does
settings.load_profile("kg")

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's shared data; tests that need it are skipped where it isn't."""
    if not SHARED.is_dir():
        pytest.skip("the shared data isn't on this machine")
    return SHARED
