"""One small world, written once for all tests of the demo merchant."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dagster_project.demo import generate

ORDERS, DAYS, SEED = 900, 24, 5


@pytest.fixture(scope="session")
def small_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small demo merchant: landing/ and truth/."""
    folder = tmp_path_factory.mktemp("small_demo")
    generate(folder, ORDERS, DAYS, SEED, date(2026, 2, 2))
    return folder
