"""One file → one batch: read, map, derive, type, check, split. Writes nothing and knows no folder of the
data.

Its promise is the accounting: rows read = accepted + refused + totals, on every file.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from dagster_project.lib.ingest.cells import canonical_cells, too_large, widths
from dagster_project.lib.ingest.checks import Refusals, check_rows
from dagster_project.lib.ingest.contract import Contract
from dagster_project.lib.ingest.damaged_ids import refuse_damaged_ids
from dagster_project.lib.ingest.derive import derive_text, derive_typed, with_derived
from dagster_project.lib.ingest.drift import drift
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.extras import build_extras
from dagster_project.lib.ingest.mapping import Mapped, map_columns
from dagster_project.lib.ingest.neighbour_rules import Memory
from dagster_project.lib.ingest.private import split_private, vault_rows
from dagster_project.lib.ingest.reading import read
from dagster_project.lib.ingest.table import RawTable
from dagster_project.lib.ingest.totals import compare_totals, totals_rows
from dagster_project.lib.ingest.typing_rules import type_columns
from dagster_project.lib.ingest.windows import Completeness, completeness, widen_window
from dagster_project.lib.ingest.word_rules import unknown_words
from identity.vault import VaultKey


@dataclass(frozen=True)
class Origin:
    """Where a file came from: what every row of its batch says about itself."""

    contract: Contract
    batch_id: str
    source_file: str
    """Relative to the landing folder."""
    exported_at: datetime
    name: str


@dataclass
class Batch:
    """What became of one file. `lake`, `vault` and `quarantine` are ready to be written; refused files have
    no lake."""

    origin: Origin
    rows_read: int = 0
    rows_accepted: int = 0
    rows_refused: int = 0
    rows_totals: int = 0
    lake: pl.DataFrame | None = None
    vault: pl.DataFrame | None = None
    quarantine: pl.DataFrame | None = None
    quarantine_vault: pl.DataFrame | None = None
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


def build_batch(data: bytes, origin: Origin, key: VaultKey) -> Batch:
    """The batch of one file's bytes. A file that cannot be taken comes back with `refusal` set, never
    raised."""
    batch = Batch(origin)
    refusals = Refusals(origin.contract.feed, key)
    try:
        _fill(batch, refusals, data, key)
    except FileRefusedError as refusal:
        refusals = Refusals(origin.contract.feed, key)
        refusals.file(refusal)
        batch = Batch(
            origin,
            refusal.rows,
            0,
            refusal.rows,
            headers=batch.headers,
            refusal=refusal,
            notices=batch.notices,
        )
    batch.quarantine = refusals.frame(origin.batch_id, origin.contract.source, origin.source_file)
    batch.quarantine_vault = refusals.vault()
    batch.check_accounting()
    return batch


def _fill(batch: Batch, refusals: Refusals, data: bytes, key: VaultKey) -> None:
    contract = batch.origin.contract
    table = read(data, contract)
    batch.notices, batch.rows_read, batch.headers = table.notices, table.rows_read, tuple(table.headers)
    longest = widths(table.frame)
    large = too_large(table.frame, longest)
    cells = canonical_cells(table.frame, longest, contract.get("null_words", ()))
    mapped = map_columns(table, cells, contract, batch.notices)
    batch.notices += drift(table.headers, contract).notices(contract.source)
    totals = totals_rows(cells)
    batch.rows_totals = int(totals.sum())
    control = mapped.cells.filter(totals)
    table, mapped = _without(table, mapped, totals)
    large = {name: flags.filter(~totals) for name, flags in large.items()}
    ids = [name for name in mapped.carried if name.endswith(("_id", "_no"))]
    refuse_damaged_ids(mapped.cells, ids, batch.rows_read)
    memory: Memory = {}
    rows = derive_text(mapped.cells, contract, batch.origin.name, batch.origin.exported_at, memory)
    batch.notices += unknown_words(memory)
    typed, unread = type_columns(rows, {name: contract.type_of(name) for name in rows.columns})
    batch.notices += compare_totals(control, typed)
    typed = derive_typed(typed, contract, memory)
    refusals.begin(table)
    refusals.large_cells(large)
    check_rows(refusals, rows, typed, unread, contract)
    refusals.keep_raw()
    keep = ~refusals.flags()
    accepted, rest = typed.filter(keep), with_derived(mapped.rest, typed, contract)
    widen_window(accepted, contract, memory)
    _accept(batch, accepted, _kept(rest, keep), table.lines.filter(keep), key)
    batch.rows_refused = refusals.count
    batch.complete_for = completeness(contract, batch.origin.name, batch.rows_refused, memory)


def _without(table: RawTable, mapped: Mapped, totals: pl.Series) -> tuple[RawTable, Mapped]:
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
    return left, Mapped(mapped.cells.filter(~totals), _kept(mapped.rest, ~totals), mapped.carried)


def _kept(frame: pl.DataFrame, flags: pl.Series) -> pl.DataFrame:
    """The flagged rows; a frame without columns has none to lose."""
    return frame.filter(flags) if frame.width else frame


def _accept(batch: Batch, typed: pl.DataFrame, rest: pl.DataFrame, lines: pl.Series, key: VaultKey) -> None:
    origin, feed = batch.origin, batch.origin.contract.feed
    batch.rows_accepted = typed.height
    batch.carried = tuple(name for name in feed.columns if name in typed.columns)
    extras, whole = build_extras(rest, origin.contract.get("private_headers", {}), key)
    frame, rows = split_private(typed, feed, key)
    if whole is not None:
        rows.append(vault_rows(whole["token"], "text", whole["value"]))
    common: dict[str, pl.Expr | pl.Series] = {
        "source": pl.lit(origin.contract.source),
        "batch_id": pl.lit(origin.batch_id),
        "source_file": pl.lit(origin.source_file),
        "source_line": lines,
        "exported_at": pl.lit(origin.exported_at),
        "extras": pl.lit(None, pl.String) if extras is None else extras,
    }
    frame = frame.with_columns(**common)
    batch.lake = frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in feed.lake_schema().items()
    )
    if rows:
        batch.vault = pl.concat(rows).unique("token", keep="first", maintain_order=True)
