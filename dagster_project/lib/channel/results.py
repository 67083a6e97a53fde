"""The result of a check as JSON; values are masked."""

from __future__ import annotations

from typing import Any

import polars as pl

from dagster_project.lib.channel.checking import FileCheck
from dagster_project.lib.ingest.contracts.folders import CONTRACT_FILE


def as_json(result: FileCheck) -> dict[str, Any]:
    """The result for --json; values are masked."""
    told: dict[str, Any] = {
        "file": str(result.file),
        "source": result.source,
        "chosen_by": result.chosen_by,
        "contract": str(result.contract.folder / CONTRACT_FILE) if result.contract else None,
        "ok": not result.is_bad,
        "error": result.error or None,
    }
    seen, found = result.preview, result.drift
    if seen is None or found is None:
        return told
    quarantine = pl.DataFrame() if seen.quarantine is None else seen.quarantine
    return told | {
        "refusal": None if seen.refusal is None else {"code": seen.refusal.code, "reason": str(seen.refusal)},
        "rows_read": seen.rows_read,
        "rows_accepted": seen.rows_accepted,
        "rows_refused": seen.rows_refused,
        "rows_totals": seen.rows_totals,
        "headers": list(seen.headers),
        "mapped": seen.mapped,
        "unmapped": list(seen.unmapped),
        "missing": list(seen.missing),
        "missing_required": list(seen.missing_required),
        "new": list(found.new),
        "suggestions": [vars(suggestion) for suggestion in found.suggestions],
        "refused": quarantine.drop("batch_id", "source", "source_file", strict=False).to_dicts(),
        "notices": list(seen.notices),
        "sample": [
            {name: value for name, value in row.items() if value is not None}
            for row in seen.sample.to_dicts()
        ],
        "add": result.add,
    }
