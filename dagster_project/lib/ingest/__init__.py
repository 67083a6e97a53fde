"""Ingestion: files of the landing folder → lake, vault, quarantine and ledger, under one contract per
source.

`scan` says what is new and imports nothing heavy; `ingest` takes it; `list_quarantine` shows what was
refused. What a source's files look like stands in channels/<source>/; business rules stand in dbt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dagster_project.lib.ingest.scanning import FoundFile, Scan, scan

if TYPE_CHECKING:
    from dagster_project.lib.ingest.quarantine import list_quarantine
    from dagster_project.lib.ingest.running import IngestResult, ingest

__all__ = ["FoundFile", "IngestResult", "Scan", "ingest", "list_quarantine", "scan"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 — one of the names above
    """Imports the heavy half when it is first asked for."""
    if name == "list_quarantine":
        from dagster_project.lib.ingest import quarantine

        return quarantine.list_quarantine
    if name in ("IngestResult", "ingest"):
        from dagster_project.lib.ingest import running

        return getattr(running, name)
    raise AttributeError(f"module {__name__} has no attribute {name}")
