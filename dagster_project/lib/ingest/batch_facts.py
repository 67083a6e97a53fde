"""What became of one file: its counts and what is told of it. Rows are no part of it; they went to a sink."""

from __future__ import annotations

from dataclasses import dataclass, field

from dagster_project.lib.ingest.contracts.windows import Completeness
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.origin import Origin


@dataclass
class Batch:
    """The counts of one file; `refusal` where it was refused whole."""

    origin: Origin
    rows_read: int = 0
    rows_accepted: int = 0
    rows_refused: int = 0
    rows_totals: int = 0
    carried: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    """As the file writes them; empty where none were found."""
    complete_for: Completeness = field(default_factory=Completeness)
    refusal: FileRefusedError | None = None
    notices: list[str] = field(default_factory=list)

    def check_accounting(self) -> None:
        """Raises AssertionError where a row is lost or counted twice."""
        told = self.rows_accepted + self.rows_refused + self.rows_totals
        if told != self.rows_read:
            raise AssertionError(
                f"{self.origin.source_file}: {self.rows_read} rows read, but {self.rows_accepted} accepted + "
                f"{self.rows_refused} refused + {self.rows_totals} totals = {told}"
            )
