"""All that a batch says and holds, to compare two ways of reading one file."""

from __future__ import annotations

from dagster_project.lib.ingest.batch import Batch


def facts(batch: Batch) -> dict[str, object]:
    """All that must not depend on how a file was cut, nor on who read it."""
    refusal = batch.refusal and (batch.refusal.code, batch.refusal.reason)
    frames = {
        name: None if frame is None else frame.rows()
        for name in ("lake", "quarantine", "quarantine_vault")
        for frame in [getattr(batch, name)]
    }
    vault = set() if batch.vault is None else set(batch.vault.rows())
    counts = (batch.rows_read, batch.rows_accepted, batch.rows_refused, batch.rows_totals)
    told = (sorted(batch.notices), batch.carried, batch.headers, batch.complete_for)
    return {"counts": counts, "told": told, "refusal": refusal, "vault": vault, **frames}
