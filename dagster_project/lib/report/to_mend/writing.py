"""The pages and their tables as files: HTML, CSV and XLSX of all findings, and of each owner's."""

from __future__ import annotations

from datetime import datetime

from dagster_project import safe_tables
from dagster_project.lib.report.to_mend.document import document
from dagster_project.lib.report.to_mend.listing import Listing


def contents(listings: tuple[Listing, ...], as_of: str | None, now: datetime) -> dict[str, bytes]:
    """The files by name."""
    made: dict[str, bytes] = {}
    for listing in listings:
        made[f"{listing.name}.html"] = document(listing, listings, as_of, now).encode()
        made[f"{listing.name}.csv"] = safe_tables.csv_bytes(listing.findings)
        made[f"{listing.name}.xlsx"] = safe_tables.xlsx_bytes(
            {"findings": listing.findings, "rules": listing.rules}
        )
    return made
