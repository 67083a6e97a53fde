"""One chunk of a file → its accepted rows, tokens, masks and vault rows, and its refused rows.

What must be known of the chunks before and after it is kept by building.py; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dagster_project.lib.ingest.compiled import is_loaded
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.origin import Origin
from dagster_project.lib.ingest.personal.extras import build_extras
from dagster_project.lib.ingest.personal.private import split_private, vault_rows
from dagster_project.lib.ingest.readers.table import RawTable
from dagster_project.lib.ingest.rules.mapping import Mapped
from identity.vault import VaultKey


@dataclass(frozen=True)
class Part:
    """What a chunk came to, ready to be written; null for nothing."""

    lake: pl.DataFrame | None = None
    vault: pl.DataFrame | None = None
    quarantine: pl.DataFrame | None = None
    quarantine_vault: pl.DataFrame | None = None


def without_totals(table: RawTable, mapped: Mapped, totals: pl.Series) -> tuple[RawTable, Mapped]:
    """The table and its mapped cells less the flagged rows."""
    if not totals.any():
        return table, mapped
    left = RawTable(
        table.headers,
        table.frame.filter(~totals),
        table.lines.filter(~totals),
        table.bad,
        table.notices,
        table.damaged,
    )
    return left, Mapped(mapped.cells.filter(~totals), kept(mapped.rest, ~totals), mapped.carried)


def kept(frame: pl.DataFrame, flags: pl.Series) -> pl.DataFrame:
    """The flagged rows; a frame without columns has none to lose."""
    return frame.filter(flags) if frame.width and not flags.all() else frame


def carried_columns(typed: pl.DataFrame, contract: Contract) -> tuple[str, ...]:
    """The feed's columns that a file carries."""
    return tuple(name for name in contract.feed.columns if name in typed.columns)


def accepted(
    typed: pl.DataFrame, rest: pl.DataFrame, lines: pl.Series, origin: Origin, key: VaultKey
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """The lake's rows, and the vault's (one per token) or null."""
    feed = origin.contract.feed
    extras, whole = build_extras(rest, origin.contract.get("private_headers", {}), key)
    frame, rows = split_private(typed, feed, key)
    if whole is not None:
        rows.append(vault_rows(whole["token"], "text", whole["value"]))
    rows_of_file = {
        "source": origin.contract.source,
        "batch_id": origin.batch_id,
        "source_file": origin.source_file,
        "exported_at": origin.exported_at,
    }
    made: dict[str, pl.Series | None] = {"source_line": lines, "extras": extras}
    columns = []
    for name, dtype in feed.lake_schema().items():
        column = made[name] if name in made else frame[name] if name in frame.columns else None
        if column is None:
            one = pl.Series([rows_of_file.get(name)], dtype=dtype)
            column = one.new_from_index(0, lines.len())
        columns.append((column if column.dtype == dtype else column.cast(dtype)).alias(name))
    lake = pl.DataFrame(columns)
    return lake, _each_token_once(pl.concat(rows)) if rows else None


def _each_token_once(rows: pl.DataFrame) -> pl.DataFrame:
    """The vault's rows, of each token the first."""
    if is_loaded():
        from dagster_project.lib.ingest.compiled.distinct import numbered

        firsts, _ = numbered(rows["token"])
        return rows if len(firsts) == rows.height else rows[pl.Series(firsts)]
    return rows.unique("token", keep="first", maintain_order=True)
