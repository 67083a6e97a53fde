"""Where a file came from: what every row of its batch says about itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dagster_project.lib.ingest.contracts.contract import Contract


@dataclass(frozen=True)
class Origin:
    """The source's contract, the batch's id and the file's name and time."""

    contract: Contract
    batch_id: str
    source_file: str
    """Relative to the landing folder."""
    exported_at: datetime
    name: str
