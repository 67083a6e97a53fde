"""Which rows are refused and why: unreadable lines and cells, empty keys, negative prices and quantities.

A row is refused once, for the first reason found; its raw cells go to the vault, a mask of the wrong cell
and the reason to the quarantine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from dagster_project.lib.feeds import Feed
from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.errors import ROW_CODES, FileRefusedError
from dagster_project.lib.ingest.personal import masks
from dagster_project.lib.ingest.personal.free_text import mask_free_text
from dagster_project.lib.ingest.personal.private import vault_rows
from dagster_project.lib.ingest.readers.table import BadRow, RawTable
from identity.vault import VaultKey, tokens

PRICES = ("unit_price_cny", "line_amount_cny", "order_amount_cny", "paid_amount_cny", "paid_share_cny")
SHOWN_CHARACTERS = 60
QUARANTINE_SCHEMA: dict[str, type[pl.DataType]] = {
    "batch_id": pl.String, "source": pl.String, "source_file": pl.String, "source_line": pl.Int64,
    "column_name": pl.String, "reason_code": pl.String, "reason": pl.String, "value_mask": pl.String,
}  # fmt: skip


class Refusals:
    """The refused rows of one file, by row position; the first reason stands."""

    def __init__(self, feed: Feed, key: VaultKey) -> None:
        self._feed, self._key = feed, key
        self._rows: dict[int, BadRow] = {}
        self._lines: list[BadRow] = []
        self._file: FileRefusedError | None = None
        self._table: RawTable | None = None

    @property
    def count(self) -> int:
        return len(self._rows) + len(self._lines)

    def file(self, refusal: FileRefusedError) -> None:
        """The whole file is refused: one entry without a line."""
        self._file = refusal

    def begin(self, table: RawTable) -> None:
        """The table whose rows are judged; its lines that never became rows are refused at once."""
        self._table = table
        self._lines.extend(table.bad)

    def large_cells(self, large: Mapping[str, pl.Series]) -> None:
        """Rows with a cell over 1 MB; the value is not shown."""
        assert self._table is not None
        for name, flags in large.items():
            self.add(flags, self._table.headers[int(name[1:])], "cell_too_large", None)

    def damaged_cells(self, cells: pl.DataFrame) -> None:
        """Rows with U+FFFD in one of their cells."""
        assert self._table is not None
        if not self._table.damaged:
            return
        damaged = cells.select(pl.all().str.contains("\ufffd", literal=True).any())
        for name in damaged.columns:
            if damaged[name][0]:
                flags = cells[name].str.contains("\ufffd", literal=True)
                self.add(flags, name, "bad_encoding", cells[name])

    def add(self, flags: pl.Series, column: str | None, code: str, values: pl.Series | None) -> None:
        """Refuses the flagged rows that are not refused yet."""
        assert self._table is not None
        lines = self._table.lines
        for position in flags.fill_null(False).arg_true().to_list():
            value = None if values is None else values[position]
            reason = ROW_CODES[code] if column is None else f"{column}: {ROW_CODES[code]}"
            self._rows.setdefault(position, BadRow(lines[position], code, reason, column, value))

    def flags(self) -> pl.Series:
        """True for each refused row of the table."""
        assert self._table is not None
        refused = pl.Series([False], dtype=pl.Boolean).new_from_index(0, self._table.height)
        return refused.scatter(list(self._rows), True) if self._rows else refused

    def keep_raw(self) -> None:
        """Remembers the raw cells of the refused rows, for the vault."""
        assert self._table is not None
        if not self._rows:
            return
        table, positions = self._table, self.flags().arg_true().to_list()
        raw = table.frame.filter(self.flags())
        for position, cells in zip(positions, raw.iter_rows(), strict=True):
            named = {header: cell for header, cell in zip(table.headers, cells, strict=True) if cell}
            row = self._rows[position]
            text = json.dumps(named, ensure_ascii=False)
            self._rows[position] = BadRow(row.line, row.code, row.reason, row.column, row.value, text)

    def frame(self, batch_id: str, source: str, source_file: str) -> pl.DataFrame | None:
        """The quarantine's rows, in the order of their lines; null if there is none."""
        common = (batch_id, source, source_file)
        if self._file is not None:
            refused = [(*common, None, None, self._file.code, self._file.reason, None)]
            return pl.DataFrame(refused, schema=QUARANTINE_SCHEMA, orient="row")
        found = self._sorted()
        if not found:
            return None
        rows = [(*common, row.line, row.column, row.code, row.reason, row.value) for row in found]
        frame = pl.DataFrame(rows, schema=QUARANTINE_SCHEMA, orient="row")
        return frame.with_columns(self._masked(frame))

    def vault(self) -> pl.DataFrame | None:
        """Raw text of the refused rows as vault rows, one per distinct text and line."""
        raw = [
            json.dumps({"line": row.line, "raw": row.raw}, ensure_ascii=False)
            for row in self._sorted()
            if row.raw
        ]
        if not raw:
            return None
        values = pl.Series(raw)
        rows = vault_rows(tokens(values, "text", self._key), "text", values)
        return rows.unique("token", keep="first", maintain_order=True)

    def _sorted(self) -> list[BadRow]:
        return sorted([*self._rows.values(), *self._lines], key=lambda row: row.line)

    def _masked(self, frame: pl.DataFrame) -> pl.Series:
        value = pl.col("value_mask")
        shown = mask_free_text(frame["value_mask"].str.slice(0, SHOWN_CHARACTERS)).alias("shown")
        kinds = {column.name: column.pii for column in self._feed.columns.values() if column.pii}
        masked: pl.Expr = pl.col("shown")
        for kind in set(kinds.values()):
            names = [name for name, of in kinds.items() if of == kind]
            private = masks.mask(kind, value)
            masked = pl.when(pl.col("column_name").is_in(names)).then(private).otherwise(masked)
        return frame.with_columns(shown).select(masked.alias("value_mask")).to_series()


def check_rows(
    refusals: Refusals,
    cells: pl.DataFrame,
    typed: pl.DataFrame,
    unread: Mapping[str, tuple[pl.Series, str]],
    contract: Contract,
) -> None:
    """Refuses rows with unreadable cells, empty keys, and in orders negative prices and quantities.

    `cells` (text) and `typed` have the rows of the table that `refusals` is about, in its order.
    """
    for name, (wrong, code) in unread.items():
        refusals.add(wrong, name, code, cells[name])
    refusals.damaged_cells(cells)
    for name in contract.key:
        if name == "source":
            continue
        if name not in typed.columns:
            refusals.add(pl.Series([True]).new_from_index(0, typed.height), name, "missing_key", None)
        elif typed[name].null_count():
            refusals.add(typed[name].is_null(), name, "missing_key", None)
    if contract.feed.name == "orders":
        _negatives(refusals, cells, typed)


def _negatives(refusals: Refusals, cells: pl.DataFrame, typed: pl.DataFrame) -> None:
    present = [name for name in ("quantity", *PRICES) if name in typed.columns]
    least = typed.select(pl.col(present).min())
    for name in present:
        if least[name][0] is not None and least[name][0] < 0:
            code = "negative_quantity" if name == "quantity" else "negative_price"
            values = cells[name] if name in cells.columns else typed[name].cast(pl.String)
            refusals.add(typed[name] < 0, name, code, values)
