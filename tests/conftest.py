"""Fixtures that more than one test file uses."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's shared data; tests that need it are skipped where it isn't."""
    if not SHARED.is_dir():
        pytest.skip("the shared data isn't on this machine")
    return SHARED
