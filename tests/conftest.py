"""What the tests share."""

from __future__ import annotations

import pytest
from hypothesis import settings

# The test command's time is the clerk's patience, not a place to measure in.
settings.register_profile("default", deadline=None)
settings.load_profile("default")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--renew-goldens", action="store_true", help="write the golden texts anew")
