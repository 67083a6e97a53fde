"""The refused rows of a batch, read again from the vault where the file itself is gone.

The accepted rows stay as they are; refused ones that the mended contract accepts join them. A contract whose
derivations look at neighbouring rows (an ordinal within an order, say) cannot read rows without their
neighbours: then the file is needed.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import polars as pl

from dagster_project.lib.ingest.batch import Batch, Origin, build_batch
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.personal.private import vault_rows
from dagster_project.lib.ingest.rules.checks import QUARANTINE_SCHEMA
from dagster_project.settings import Settings
from identity import vault

Entry = dict[str, Any]
NEIGHBOURLY = ("fill_down", "on_newest", "ordinals")
"""Rules of a contract that look at other rows of the file."""
_TEXT = "text"


def raw_rows(settings: Settings, batch_id: str, key: vault.VaultKey) -> dict[int, str]:
    """Raw text of the refused rows of a batch by line: a JSON object of cells, or the line as it stood."""
    path = settings.vault / "_quarantine" / f"batch={batch_id}.parquet"
    if not path.is_file():
        return {}
    kept = [json.loads(value) for value in vault.read([path], key)["value"]]
    return {int(row["line"]): str(row["raw"]) for row in kept}


def cells_of(raw: str) -> dict[str, str] | None:
    """The cells of a row by header; None where the line never became cells."""
    try:
        cells = json.loads(raw)
    except ValueError:
        return None
    return cells if isinstance(cells, dict) else None


def batch_of_rows(
    settings: Settings, entry: Entry, origin: Origin, key: vault.VaultKey
) -> tuple[Batch | None, str]:
    """The batch with those refused rows added that the contract accepts now; None and why not."""
    gone = f"{entry['source_file']} is no longer in landing/ or archive/"
    why_not = _needs_the_file(entry, origin.contract)
    if why_not:
        return None, f"{gone}, and {why_not}: put it back"
    told = pl.read_parquet(settings.lake / "_quarantine" / f"{entry['batch_id']}.parquet")
    if told["source_line"].n_unique() < told.height:
        return None, f"{gone}, and several of its refused rows stand on one line: put it back"
    raw = raw_rows(settings, entry["batch_id"], key)
    rows = {line: cells for line, text in sorted(raw.items()) if (cells := cells_of(text))}
    again = _read_again(rows, entry, origin, key) if rows else None
    if again is None or again.lake is None:
        return None, f"{gone}, and its refused lines alone are no table: put it back"
    return _joined(settings, entry, again, raw, told, key), ""


def _needs_the_file(entry: Entry, contract: Contract) -> str:
    """Why rows alone are not enough; empty where they are."""
    if entry["state"] == "refused":
        return "a file refused whole keeps no rows"
    if not entry["rows_refused"]:
        return "none of its rows was refused"
    if contract.feed.name != entry["feed"]:
        return f"its source fills {contract.feed.name} now"
    if neighbourly := [rule for rule in NEIGHBOURLY if contract.get(rule)]:
        return f"{', '.join(neighbourly)} of its contract need whole files"
    return ""


def _read_again(rows: dict[int, dict[str, str]], entry: Entry, origin: Origin, key: vault.VaultKey) -> Batch:
    """The batch of the refused rows alone, written as JSON lines; lines are those of the file."""
    blank = dict.fromkeys(_carried_headers(origin.contract, entry["carried_columns"] or ""), "")
    data = "\n".join(json.dumps(blank | cells, ensure_ascii=False) for cells in rows.values()).encode()
    flat = replace(origin.contract, body={k: v for k, v in origin.contract.body.items() if k != "records"})
    batch = build_batch(data, replace(origin, contract=flat), key)
    batch.origin = origin
    numbers, lines = range(1, len(rows) + 1), list(rows)
    place = pl.col("source_line").replace_strict(numbers, lines, default=None, return_dtype=pl.Int64)
    if batch.lake is not None:
        batch.lake = batch.lake.with_columns(place)
    if batch.quarantine is not None:
        batch.quarantine = batch.quarantine.with_columns(place)
    return batch


def _carried_headers(contract: Contract, carried: str) -> list[str]:
    """One header for each column that the file carried: an empty cell stands in no raw row."""
    return [contract.headers[name][0] for name in carried.split(",") if contract.headers.get(name)]


def _joined(
    settings: Settings,
    entry: Entry,
    again: Batch,
    raw: dict[int, str],
    told: pl.DataFrame,
    key: vault.VaultKey,
) -> Batch:
    """The batch before and the rows now accepted, as one batch."""
    batch_id, feed, source = entry["batch_id"], entry["feed"], entry["source"]
    assert again.lake is not None
    accepted = set(again.lake["source_line"].to_list())
    old = pl.read_parquet(settings.lake / feed / f"source={source}" / f"batch={batch_id}.parquet")
    lake = pl.concat([old, again.lake], how="diagonal_relaxed").select(again.lake.columns)
    new_id = pl.lit(again.origin.batch_id).alias("batch_id")
    batch = Batch(again.origin, entry["rows_read"])
    batch.lake = lake.with_columns(new_id).sort("source_line", maintain_order=True)
    batch.rows_accepted, batch.rows_totals = batch.lake.height, entry["rows_totals"]
    batch.rows_refused = entry["rows_refused"] - len(accepted)
    carried = [name for name in (entry["carried_columns"] or "").split(",") if name]
    batch.carried = tuple(dict.fromkeys([*carried, *again.carried]))
    batch.notices = [*json.loads(entry["notices"] or "[]"), *again.notices]
    path = settings.vault / feed / f"batch={batch_id}.parquet"
    kept = [vault.read([path], key)] if path.is_file() else []
    rows = [*kept, *([again.vault] if again.vault is not None else [])]
    batch.vault = pl.concat(rows).unique("token", keep="first", maintain_order=True) if rows else None
    read_again = set() if again.quarantine is None else set(again.quarantine["source_line"].to_list())
    left = told.filter(~pl.col("source_line").is_in(list(accepted | read_again)))
    frames = [left, *([again.quarantine] if again.quarantine is not None else [])]
    still = pl.concat(frames).with_columns(new_id).sort("source_line", maintain_order=True)
    batch.quarantine = still.select(QUARANTINE_SCHEMA) if still.height else None
    batch.quarantine_vault = _kept_raw(
        {line: text for line, text in raw.items() if line not in accepted}, key
    )
    batch.check_accounting()
    return batch


def _kept_raw(raw: dict[int, str], key: vault.VaultKey) -> pl.DataFrame | None:
    if not raw:
        return None
    values = pl.Series(
        [json.dumps({"line": line, "raw": text}, ensure_ascii=False) for line, text in raw.items()]
    )
    rows = vault_rows(vault.tokens(values, _TEXT, key), _TEXT, values)
    return rows.unique("token", keep="first", maintain_order=True)
