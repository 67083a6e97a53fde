"""What the shared fixture `demo_run` gives to an end-to-end test; tests/e2e/conftest.py makes it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DemoRun:
    """A demo merchant's exports, its truth, and the data folder after one run. Copy before you write."""

    data: Path
    truth: Path
    facts: dict[str, Any]
    """What `luyue run --json` printed."""
    printed: str
    """What `luyue demo` and `luyue run` said on the way."""

    def copy(self, to: Path) -> Path:
        """A copy of the data folder that a test may write to, in the folder `to`."""
        return Path(shutil.copytree(self.data, to / "data", symlinks=True))
