"""A table's columns under their canonical names, as text, and everything else as `extras`.

Mapping is by header name; of several headers of one column the first filled cell counts. Deriving and
typing come after.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from dagster_project.lib.ingest.contracts.contract import Contract
from dagster_project.lib.ingest.errors import FileRefusedError
from dagster_project.lib.ingest.personal.quoting import quoted
from dagster_project.lib.ingest.readers.headers import canonical_header, check_required
from dagster_project.lib.ingest.readers.table import RawTable


@dataclass(frozen=True)
class Mapped:
    """`cells`: one text column per mapped column that the file carries. `rest`: unmapped columns, by
    header."""

    cells: pl.DataFrame
    rest: pl.DataFrame
    carried: tuple[str, ...]


def map_columns(table: RawTable, cells: pl.DataFrame, contract: Contract, notices: list[str]) -> Mapped:
    """Names the canonical cells of a table. Refuses a missing required column and differing twins."""
    known = contract.known_headers()
    positions: dict[str, list[int]] = {}
    for position, header in enumerate(table.headers):
        positions.setdefault(canonical_header(header), []).append(position)
    if not positions.keys() & known.keys():
        raise FileRefusedError(
            "no_header", f"no known column name among {quoted(table.headers[:12])}", table.rows_read
        )
    check_required(table.headers, contract, table.rows_read)
    for header in known.keys() & positions.keys():
        _check_twins(header, positions[header], cells, table.rows_read, notices)
    columns = {}
    for column, headers in contract.headers.items():
        present = [pl.col(f"c{positions[header][0]}") for header in headers if header in positions]
        if present:
            columns[column] = pl.coalesce(present) if len(present) > 1 else present[0]
    filling = {
        header
        for column, headers in contract.headers.items()
        if column not in contract.kept_helpers
        for header in headers
    }
    mapped = {position for header in filling for position in positions.get(header, ())}
    rest = _rest(table, cells, mapped)
    return Mapped(cells.select(**columns), rest, tuple(columns))


def _check_twins(
    header: str, positions: list[int], cells: pl.DataFrame, rows: int, notices: list[str]
) -> None:
    first = cells[f"c{positions[0]}"]
    for position in positions[1:]:
        if not first.equals(cells[f"c{position}"]):
            raise FileRefusedError(
                "duplicate_header", f"the column {header} occurs twice and the two differ; remove one", rows
            )
        notices.append(f"the column {header} occurs twice; the two agree")


def _rest(table: RawTable, cells: pl.DataFrame, mapped: set[int]) -> pl.DataFrame:
    filled = cells.select(pl.all().count())
    names: dict[str, str] = {}
    for position, header in enumerate(table.headers):
        if position in mapped or not cells.height or not filled[f"c{position}"][0]:
            continue
        name = header.strip("\ufeff\u200b \t\r\n'") or f"column_{position + 1}"
        while name in names.values():
            name = f"{name}_{position + 1}"
        names[f"c{position}"] = name
    return cells.select(pl.col(position).alias(name) for position, name in names.items())
